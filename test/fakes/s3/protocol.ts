import { IncomingHttpHeaders } from 'node:http';

/** An error as S3 answers it. */
export class S3Error extends Error {
  constructor(public readonly code: string, public readonly status: number, message: string) {
    super(message);
  }

  public get xml(): string {
    return element('Error', leaf('Code', this.code) + leaf('Message', this.message) + leaf('RequestId', 'TEST'));
  }
}

export function fail(code: string, status: number, message: string): never {
  throw new S3Error(code, status, message);
}

export interface S3Request {
  readonly operation: string;
  readonly bucket: string;
  readonly key: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export function requestOf(method: string, url: string, headers: IncomingHttpHeaders, content: Buffer): S3Request {
  const [path, search = ''] = url.split('?');
  const [, bucket, key] = /^\/([^/]*)\/?(.*)$/.exec(path)!;
  const query = new URLSearchParams(search);
  const operation = operationOf(method, key, query, headers);
  return { operation, bucket, key: decodeURIComponent(key), query, headers, body: unchunked(headers, content) };
}

function operationOf(method: string, key: string, query: URLSearchParams, headers: IncomingHttpHeaders): string {
  const isCopy = headers['x-amz-copy-source'] !== undefined;
  const kind = `${method} ${key === '' ? 'bucket' : 'object'}${query.has('uploadId') ? ' upload' : ''}${query.has('uploads') ? ' uploads' : ''}`;
  switch (kind) {
    case 'GET bucket': return query.get('list-type') === '2' ? 'ListObjectsV2' : kind;
    case 'POST bucket': return query.has('delete') ? 'DeleteObjects' : kind;
    case 'HEAD bucket': return 'HeadBucket';
    case 'GET object': return 'GetObject';
    case 'HEAD object': return 'HeadObject';
    case 'PUT object': return isCopy ? 'CopyObject' : 'PutObject';
    case 'DELETE object': return 'DeleteObject';
    case 'POST object uploads': return 'CreateMultipartUpload';
    case 'PUT object upload': return isCopy ? 'UploadPartCopy' : 'UploadPart';
    case 'POST object upload': return 'CompleteMultipartUpload';
    case 'DELETE object upload': return 'AbortMultipartUpload';
    default: return kind;
  }
}

/** A body as it was before the SDK cut it into chunks: a length and its bytes, again and again, and checksums after the last. */
function unchunked(headers: IncomingHttpHeaders, content: Buffer): Buffer {
  if (!`${headers['x-amz-content-sha256']}`.startsWith('STREAMING-')) return content;
  const chunks: Buffer[] = [];
  for (let at = 0; ;) {
    const end = content.indexOf('\r\n', at);
    const size = parseInt(content.toString('latin1', at, end), 16);
    if (end < 0 || !(size > 0)) break;
    chunks.push(content.subarray(end + 2, end + 2 + size));
    at = end + 2 + size + 2;
  }
  const bytes = Buffer.concat(chunks);
  const length = headers['x-amz-decoded-content-length'];
  if (length !== undefined && Number(length) !== bytes.length) fail('IncompleteBody', 400, `There are ${bytes.length} bytes of ${length}`);
  return bytes;
}

/** An element of a text. */
export function leaf(name: string, value: string | number | boolean): string {
  return element(name, escaped(`${value}`));
}

/** An element of other elements. */
export function element(name: string, xml: string): string {
  return `<${name}>${xml}</${name}>`;
}

/** The texts of all elements of a name. */
export function textsOf(xml: string, name: string): string[] {
  return [...xml.matchAll(new RegExp(`<${name}>([\\s\\S]*?)</${name}>`, 'g'))].map(([, text]) => unescaped(text));
}

const ENTITIES: { readonly [character: string]: string } = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', '\r': '&#13;', '\n': '&#10;' };

function escaped(text: string): string {
  return text.replace(/[&<>"\r\n]/g, (character) => ENTITIES[character]);
}

function unescaped(text: string): string {
  const plain = (entity: string) => Object.keys(ENTITIES).find((character) => ENTITIES[character] === entity);
  return text.replace(/&(?:\w+|#(x?)([\da-f]+));/gi, (entity, hex, code) => plain(entity) ?? String.fromCodePoint(parseInt(code, hex ? 16 : 10)));
}

/** The bytes of a range of so many, as `[from, to]` without the last; nothing if none is asked for. */
export function rangeOf(header: string | undefined, size: number): [number, number] | undefined {
  const [, first, last] = /^bytes=(\d*)-(\d*)$/.exec(header ?? '') ?? [];
  if (first === undefined || (first === '' && last === '')) return undefined;
  const from = first === '' ? Math.max(0, size - Number(last)) : Number(first);
  const to = first === '' || last === '' ? size : Math.min(size, Number(last) + 1);
  if (from >= to) fail('InvalidRange', 416, 'The requested range is not satisfiable');
  return [from, to];
}
