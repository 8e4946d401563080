import { IncomingHttpHeaders, IncomingMessage, get as getHttp, OutgoingHttpHeaders } from 'http';
import { get as getHttps } from 'https';
import { InputError } from '../io';
import type { Deadline } from './deadline';
import { checkProtocol } from './endpoint';

/**
 * Error of a failed request. `retry` is true if another attempt may help.
 *
 * `found` completes "cannot be downloaded, got".
 */
export class FetchError extends InputError {
  constructor(
    readonly url: string, readonly found: string, readonly retry: boolean, readonly toChange?: string, readonly waitMs = 0, readonly status?: number,
  ) {
    super(`${url}: cannot be downloaded, got ${found}.`, ...(toChange === undefined ? [] : [`${toChange.charAt(0).toUpperCase()}${toChange.slice(1)}.`]));
  }
}

/** A response with status 200 or 206, or 416 to a request for a range. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** Chunks of the body. A broken connection throws a FetchError. */
  readonly chunks: AsyncIterable<Uint8Array>;
  /** Closes the connection, which an unread body would keep open until its timeout. It has no effect after the end. */
  close(): void;
}

const MAX_REDIRECTS = 3;
/** Minimum speed of a transfer. At a lower speed, a price list of hundreds of megabytes would never be complete. */
const MIN_BYTES_PER_SECOND = 1024;
const REDIRECTS: readonly number[] = [301, 302, 303, 307, 308];
const RETRIED_STATUSES: readonly number[] = [408, 429];
const MAX_WAIT_MS = 60_000;
const CERTIFICATE = /CERT|ISSUER|SELF_SIGNED|LEAF_SIGNATURE|CRL_/;
/** Error codes of a failed TLS handshake, which another attempt does not resolve. */
const NO_TLS = /^(EPROTO|ERR_SSL_.*)$/;

/**
 * Sends a GET request and follows redirects on the same host over https. The book names the endpoint as its source, so another
 * host is refused.
 *
 * @param timeoutMs the time without a byte after which the connection is stalled
 * @param deadline the end of the whole response, redirects included; it also ends a response that is slow but never stalls
 */
export async function get(url: string, headers: OutgoingHttpHeaders, timeoutMs: number, deadline: Deadline): Promise<Answer> {
  let at = url;
  for (let redirects = 0; ; redirects++) {
    const message = await request(at, headers, timeoutMs, deadline);
    const { statusCode: status = 0 } = message;
    if (!REDIRECTS.includes(status)) return toAnswer(at, message, timeoutMs);
    message.destroy();
    if (redirects === MAX_REDIRECTS) throw new FetchError(url, `more than ${MAX_REDIRECTS} redirects, the last one from ${at}`, false, 'check --endpoint');
    at = redirectedTo(at, status, message.headers.location);
  }
}

function request(url: string, headers: OutgoingHttpHeaders, timeoutMs: number, deadline: Deadline): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const parsed = new URL(url);
    const send = parsed.protocol === 'https:' ? getHttps : getHttp;
    const all = { 'accept': 'application/json', 'accept-encoding': 'identity', 'user-agent': 'cdk-bedrock-cost', ...headers };
    // rejectUnauthorized is explicit, because NODE_TLS_REJECT_UNAUTHORIZED=0 in the environment would switch the check off.
    const sent = send(parsed, { headers: all, timeout: timeoutMs, rejectUnauthorized: true }, (message) => {
      stalled = message;
      message.on('close', () => clearTimeout(end));
      resolve(message);
    });
    let stalled: { destroy(e: Error): unknown } = sent;
    sent.on('timeout', () => stalled.destroy(new FetchError(url, `no byte for ${timeoutMs / 1000} seconds`, true)));
    const end = setTimeout(() => stalled.destroy(deadline.error(url)), deadline.remainingMs);
    sent.on('error', (e) => {
      clearTimeout(end);
      reject(connectionError(url, e));
    });
  });
}

function toAnswer(url: string, message: IncomingMessage, timeoutMs: number): Answer {
  const { statusCode: status = 0, headers } = message;
  const encoding = headers['content-encoding'] ?? 'identity';
  const isAnswer = status === 200 || status === 206 || status === 416;
  if (isAnswer && encoding === 'identity') {
    return { status, headers, chunks: bodyChunks(url, message, timeoutMs), close: () => { message.destroy(); } };
  }
  message.destroy();
  if (isAnswer) throw new FetchError(url, `an answer with content-encoding ${encoding}, which was not asked for`, false, 'name an --endpoint that serves the files as they are');
  throw statusError(url, status, message);
}

async function* bodyChunks(url: string, message: IncomingMessage, timeoutMs: number): AsyncIterable<Uint8Array> {
  // A single byte resets the timeout of the connection. So the average speed over the time of the timeout is checked, too.
  let window = { since: Date.now(), bytes: 0 };
  try {
    for await (const chunk of message) {
      yield chunk;
      window.bytes += chunk.length;
      const ms = Date.now() - window.since;
      if (ms < timeoutMs) continue;
      if (window.bytes < MIN_BYTES_PER_SECOND * ms / 1000) {
        throw new FetchError(url, `fewer than ${MIN_BYTES_PER_SECOND} bytes a second over ${Math.round(ms / 1000)} seconds`, true);
      }
      window = { since: Date.now(), bytes: 0 };
    }
  } catch (e) {
    throw connectionError(url, e as Error);
  }
}

function redirectedTo(from: string, status: number, location: string | undefined): string {
  if (location === undefined || !URL.canParse(location, from)) throw new FetchError(from, `status ${status} without a Location that is an address`, false, 'check --endpoint');
  const to = new URL(location, from);
  const refused = to.protocol === 'https:' ? checkProtocol(to) ?? checkHost(from, to) : 'only https: redirects are followed';
  if (refused !== undefined) throw new FetchError(from, `a redirect to ${to.href}, and ${refused}`, false, 'check --endpoint');
  return to.href;
}

function checkHost(from: string, { host }: URL): string | undefined {
  const asked = new URL(from).host;
  return host === asked ? undefined : `only redirects on the host ${asked} are followed`;
}

function statusError(url: string, status: number, { headers }: IncomingMessage): FetchError {
  const retried = status >= 500 || RETRIED_STATUSES.includes(status);
  const seconds = Number(headers['retry-after'] ?? 0);
  const waitMs = Number.isFinite(seconds) ? Math.min(seconds * 1000, MAX_WAIT_MS) : 0;
  return new FetchError(url, `status ${status}`, retried, retried ? 'run the command again later' : 'check --endpoint, or a proxy or mirror in between', waitMs, status);
}

function connectionError(url: string, e: Error): FetchError {
  if (e instanceof FetchError) return e;
  // If a host name has several addresses, each has its own error, and the outer message is empty.
  const { code = '', message, errors = [] } = e as NodeJS.ErrnoException & { errors?: readonly Error[] };
  const what = message || errors.map((one) => one.message).join(', ') || code;
  if (CERTIFICATE.test(code)) {
    return new FetchError(url, `a certificate that is not trusted (${code}: ${what})`, false,
      'if your network has a certificate authority of its own, name its file in NODE_EXTRA_CA_CERTS. The check cannot be switched off');
  }
  if (NO_TLS.test(code)) return new FetchError(url, `no TLS connection (${what})`, false, 'check --endpoint');
  return new FetchError(url, `a connection that failed (${what})`, true,
    'check the network, and run the command again. Without a connection, download the files on another machine, and use prices import');
}
