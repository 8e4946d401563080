import { getFips } from 'crypto';
import { IncomingHttpHeaders } from 'http';
import { Deadline } from './deadline';
import { Answer, FetchError, get } from './http';
import { PartialFile } from './partial';
import { Network } from './retry';
import { MEGABYTE } from '../../files/text-file';

const MAX_INDEX_BYTES = 16 * MEGABYTE;
const ALTERED = 'run the command again. If the error stays, a proxy or mirror alters the files';

/** Downloads the text of a small response, in one attempt. */
export async function downloadText(url: string, network: Network, deadline: Deadline): Promise<string> {
  const answer = await get(url, {}, network.timeoutMs, deadline);
  try {
    return await bodyText(url, answer);
  } finally {
    answer.close();
  }
}

async function bodyText(url: string, { status, headers, chunks }: Answer): Promise<string> {
  if (status !== 200) throw new FetchError(url, `status ${status}, which answers another request`, false, 'check --endpoint');
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    parts.push(chunk);
    size += chunk.length;
    if (size > MAX_INDEX_BYTES) throw new FetchError(url, `more than ${MAX_INDEX_BYTES} bytes`, false, 'check --endpoint');
  }
  const length = contentLength(headers);
  if (length !== undefined && size < length) throw new FetchError(url, `an answer cut off after ${size} of ${length} bytes`, true);
  return Buffer.concat(parts).toString('utf8');
}

/** A download: its address, deadline and progress. */
export interface Download {
  readonly url: string;
  readonly network: Network;
  readonly deadline: Deadline;
  /** Receives the size so far, and the total size if it is known. */
  progress(size: number, length?: number): void;
}

/** Downloads a file, in one attempt. A partial download is continued if the server still has the same file. */
export async function downloadFile(path: string, { url, network, deadline, progress }: Download): Promise<void> {
  const partial = new PartialFile(path);
  const { etag, size: resumedAt } = partial;
  const asked = etag === undefined ? {} : { 'range': `bytes=${resumedAt}-`, 'if-range': etag };
  const answer = await get(url, asked, network.timeoutMs, deadline);
  const resumed = answer.status === 206;
  try {
    if (resumed || answer.status === 416) checkRange(url, answer, partial, etag, resumedAt);
    else partial.restart(strongTag(answer.headers));
    const length = resumed ? totalLength(answer.headers) : contentLength(answer.headers);
    await partial.append(answer.chunks, (size) => progress(size, length));
    checkLength(url, partial, length);
  } finally {
    answer.close();
  }
  await checkMd5(url, partial, answer.headers, resumed);
  partial.finish();
}

/** Refuses a response that does not continue the partial file, and discards the file: the next attempt starts from the beginning. */
function checkRange(url: string, { status, headers }: Answer, partial: PartialFile, etag: string | undefined, from: number): void {
  const range = headers['content-range'] ?? 'no Content-Range';
  const continues = status === 206 && etag !== undefined && range.startsWith(`bytes ${from}-`) && (headers.etag ?? etag) === etag;
  if (continues) return;
  partial.discard();
  throw new FetchError(url, `status ${status} (${range}), which does not continue the ${from} bytes downloaded before`, etag !== undefined, 'check --endpoint');
}

function checkLength(url: string, partial: PartialFile, length: number | undefined): void {
  const { size } = partial;
  if (length !== undefined ? size === length : partial.endsLikeJson()) return;
  if (length !== undefined && size > length) partial.discard();
  throw new FetchError(url, `an answer cut off after ${size} of ${length ?? 'an unknown number of'} bytes`, true);
}

async function checkMd5(url: string, partial: PartialFile, headers: IncomingHttpHeaders, resumed: boolean): Promise<void> {
  const expected = md5Of(headers);
  if (expected === undefined) return;
  const found = await partial.md5();
  if (found === expected) return;
  partial.discard();
  // The bytes of two transfers may be of different files, so another attempt may help. After a single transfer, it would not.
  throw new FetchError(url, `content with the MD5 ${found}, but the ETag ${expected}`, resumed, ALTERED);
}

/** MD5 of a file according to its ETag. The ETag is the MD5 if S3 stored the file in one part and did not encrypt it with a KMS key. */
function md5Of(headers: IncomingHttpHeaders): string | undefined {
  const encryption = String(headers['x-amz-server-side-encryption'] ?? '');
  if (encryption.startsWith('aws:kms') || getFips() === 1) return undefined;
  return /^"([0-9a-f]{32})"$/.exec(headers.etag ?? '')?.[1];
}

/** The ETag if it is a strong one. Files with equal weak ETags may have different bytes. */
function strongTag({ etag }: IncomingHttpHeaders): string | undefined {
  return etag !== undefined && /^"[^"]*"$/.test(etag) ? etag : undefined;
}

function contentLength(headers: IncomingHttpHeaders): number | undefined {
  const length = headers['content-length'];
  return length !== undefined && /^\d+$/.test(length) ? Number(length) : undefined;
}

/** Total length of the file, such as 200 for `Content-Range: bytes 100-199/200`. */
function totalLength(headers: IncomingHttpHeaders): number | undefined {
  const total = /\/(\d+)$/.exec(headers['content-range'] ?? '')?.[1];
  return total === undefined ? undefined : Number(total);
}
