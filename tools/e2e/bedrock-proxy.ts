import { createServer, IncomingMessage, request, Server } from 'node:http';
import { AddressInfo } from 'node:net';

/** A request that a handler made to the Bedrock control plane. */
export interface BedrockRequest {
  readonly method: string;
  readonly path: string;
  readonly body: any;
}

/**
 * Stands between the handlers' AWS SDK and the emulator, records what was asked, and supplies what AWS does and the
 * emulator does not: the tags that are given with a purchase are the purchase's tags, and a purchase is known by its name
 * as well as by its ARN.
 */
export class BedrockProxy {
  public static async start(emulatorPort: number): Promise<BedrockProxy> {
    const requests: BedrockRequest[] = [];
    const server = createServer((incoming, outgoing) => {
      relay(incoming, emulatorPort, requests).then(
        ({ status, headers, body }) => outgoing.writeHead(status, headers).end(body),
        (error: Error) => outgoing.writeHead(502).end(error.message),
      );
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    return new BedrockProxy(server, requests);
  }

  private constructor(private readonly server: Server, public readonly requests: BedrockRequest[]) {}

  public get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  public stop(): void {
    this.server.close();
    this.server.closeAllConnections();
  }
}

interface Answer {
  readonly status: number;
  readonly headers: { readonly [name: string]: string | string[] | undefined };
  readonly body: Buffer;
}

async function relay(incoming: IncomingMessage, port: number, requests: BedrockRequest[]): Promise<Answer> {
  const { method = 'GET', url: path = '/', headers } = incoming;
  const body = await bytes(incoming);
  const parsed = body.length > 0 ? JSON.parse(body.toString()) : undefined;
  requests.push({ method, path, body: parsed });
  const answer = await send(port, method, await withArn(port, path, headers), headers, body);
  if (method === 'POST' && path === PURCHASES && answer.status < 300 && parsed.tags?.length > 0) {
    const { provisionedModelArn } = JSON.parse(answer.body.toString());
    await send(port, 'POST', '/tagResource', headers, Buffer.from(JSON.stringify({ resourceARN: provisionedModelArn, tags: parsed.tags })));
  }
  return answer;
}

const PURCHASES = '/provisioned-model-throughput';

/** The path of a purchase that is asked for by its name, with its ARN. */
async function withArn(port: number, path: string, headers: IncomingMessage['headers']): Promise<string> {
  const [, id] = /^\/provisioned-model-throughput\/(.+)$/.exec(decodeURIComponent(path)) ?? [];
  if (id === undefined || id.startsWith('arn:')) return path;
  const { body } = await send(port, 'GET', `${PURCHASES}s`, headers, Buffer.alloc(0));
  const { provisionedModelSummaries = [] } = JSON.parse(body.toString());
  const named = provisionedModelSummaries.find(({ provisionedModelName }: { provisionedModelName: string }) => provisionedModelName === id);
  return named ? `${PURCHASES}/${encodeURIComponent(named.provisionedModelArn)}` : path;
}

function send(port: number, method: string, path: string, headers: IncomingMessage['headers'], body: Buffer): Promise<Answer> {
  return new Promise((done, fail) => {
    request({ host: '127.0.0.1', port, method, path, headers: { ...headers, 'content-length': body.length } }, (response) => {
      bytes(response).then((data) => done({ status: response.statusCode ?? 502, headers: response.headers, body: data }), fail);
    }).on('error', fail).end(body);
  });
}

async function bytes(stream: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
