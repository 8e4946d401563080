import { IncomingHttpHeaders, IncomingMessage, request, ServerResponse } from 'node:http';
import { LoopbackServer } from './loopback-server';

/** A request that has been read to its end. */
export interface Asked {
  readonly method: string;
  /** The path with the query, as sent. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface Answer {
  readonly status: number;
  readonly headers: { readonly [name: string]: string | string[] | undefined };
  readonly body: Buffer;
}

/** A function as a server: between the AWS SDK and an emulator, or instead of a service. */
export class LocalServer extends LoopbackServer {
  public static async start(answer: (asked: Asked) => Promise<Answer>): Promise<LocalServer> {
    return new LocalServer(answer).listen();
  }

  private constructor(private readonly answer: (asked: Asked) => Promise<Answer>) {
    super();
  }

  protected handle({ method = 'GET', url: path = '/', headers }: IncomingMessage, body: Buffer, outgoing: ServerResponse): void {
    this.answer({ method, path, headers, body }).then(
      ({ status, headers: sent, body: content }) => outgoing.writeHead(status, sent).end(content),
      // The SDK handles this status like a lost connection. The text is in the log, and no answer of AWS looks like it.
      (error: Error) => outgoing.writeHead(502).end(`${error.stack}`),
    );
  }
}

/** Passes a request on as it is. */
export function send(baseUrl: string, { method, path, headers, body }: Asked): Promise<Answer> {
  const { hostname: host, port } = new URL(baseUrl);
  const { 'transfer-encoding': _, ...kept } = headers;
  return new Promise((done, fail) => {
    request({ host, port, method, path, headers: { ...kept, 'content-length': body.length } }, (response) => {
      bytes(response).then((data) => done({ status: response.statusCode ?? 502, headers: response.headers, body: data }), fail);
    }).on('error', fail).end(body);
  });
}

export async function bytes(stream: AsyncIterable<unknown>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
