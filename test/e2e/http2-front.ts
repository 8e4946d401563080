import { createServer, Http2Server, Http2ServerRequest, Http2ServerResponse, ServerHttp2Session } from 'node:http2';
import { AddressInfo } from 'node:net';
import { bytes, send } from '../fakes/http';

/** Headers that are not passed on: connection headers do not exist in HTTP/2, and pseudo-headers such as `:method` not in HTTP/1. */
const OF_ONE_VERSION = /^(:.*|connection|host|keep-alive|transfer-encoding)$/;

/** Passes each HTTP/2 request on as HTTP/1: only the SDK of the Bedrock runtime uses HTTP/2. */
export class Http2Front {
  public static async start(baseUrl: string): Promise<Http2Front> {
    const server = createServer((incoming, outgoing) => {
      passOn(baseUrl, incoming, outgoing).catch((error: Error) => outgoing.writeHead(502).end(`${error.stack}`));
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    return new Http2Front(server);
  }

  private readonly sessions = new Set<ServerHttp2Session>();

  private constructor(private readonly server: Http2Server) {
    server.on('session', (session) => this.sessions.add(session.once('close', () => this.sessions.delete(session))));
  }

  public get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  public stop(): void {
    this.server.close();
    this.sessions.forEach((session) => session.destroy());
  }
}

async function passOn(baseUrl: string, incoming: Http2ServerRequest, outgoing: Http2ServerResponse): Promise<void> {
  const { method, url: path, headers } = incoming;
  const answer = await send(baseUrl, { method, path, headers: ofBothVersions(headers), body: await bytes(incoming) });
  outgoing.writeHead(answer.status, ofBothVersions(answer.headers)).end(answer.body);
}

function ofBothVersions<T extends object>(headers: T): T {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !OF_ONE_VERSION.test(name))) as T;
}
