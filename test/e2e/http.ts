import { createServer, IncomingHttpHeaders, request, Server } from 'node:http';
import { AddressInfo } from 'node:net';

/** A request that has been read to its end. */
export interface Asked {
  readonly method: string;
  /** With the query, as it was sent. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface Answer {
  readonly status: number;
  readonly headers: { readonly [name: string]: string | string[] | undefined };
  readonly body: Buffer;
}

/** Something between the handlers' AWS SDK and the emulator, on loopback and a free port. */
export class LocalServer {
  public static async start(answer: (asked: Asked) => Promise<Answer>): Promise<LocalServer> {
    const server = createServer((incoming, outgoing) => {
      const { method = 'GET', url: path = '/', headers } = incoming;
      bytes(incoming).then((body) => answer({ method, path, headers, body })).then(
        ({ status, headers: sent, body }) => outgoing.writeHead(status, sent).end(body),
        // To the SDK a lost connection, and visible in the log: no answer of AWS looks like this one.
        (error: Error) => outgoing.writeHead(502).end(`${error.stack}`),
      );
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    return new LocalServer(server);
  }

  private constructor(private readonly server: Server) {}

  public get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  public stop(): void {
    this.server.close();
    this.server.closeAllConnections();
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
