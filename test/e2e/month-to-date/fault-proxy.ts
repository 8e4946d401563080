import { createServer, IncomingMessage, request, Server, ServerResponse } from 'node:http';
import { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { chance } from '../../../tools/chance';

const KINDS = ['throttled', 'internal error', 'dropped connection', 'reply lost', 'page in two', 'incomplete answer'] as const;
type Kind = (typeof KINDS)[number];

/** A proxy between the handler's AWS SDK and the emulator that lets a share of the requests fail, as on AWS. */
export class FaultProxy {
  public static async start(emulatorUrl: string, share: number): Promise<FaultProxy> {
    const proxy = new FaultProxy(new URL(emulatorUrl), share);
    await new Promise<void>((done) => proxy.server.listen(0, '127.0.0.1', done));
    return proxy;
  }

  public requests = 0;
  /** The number of faults of each kind. */
  public readonly faults = Object.fromEntries(KINDS.map((kind) => [kind, 0])) as { [kind in Kind]: number };
  private readonly random = chance(7);
  /** The second pages of split answers, by their token. */
  private readonly rests = new Map<string, string>();
  private readonly server: Server = createServer((incoming, outgoing) => {
    this.handle(incoming, outgoing).catch((error: Error) => outgoing.writeHead(502).end(error.message));
  });

  private constructor(private readonly emulator: URL, private readonly share: number) {}

  public get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  public get injected(): number {
    return Object.values(this.faults).reduce((a, b) => a + b);
  }

  public stop(): void {
    this.server.close();
    this.server.closeAllConnections();
  }

  private async handle(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const raw = await bytes(incoming);
    // The SDK compresses large requests, which the emulator does not support.
    const body = incoming.headers['content-encoding'] === 'gzip' ? gunzipSync(raw) : raw;
    this.requests++;
    const rest = this.rests.get(body.length > 0 ? JSON.parse(body.toString()).NextToken : undefined);
    if (rest) return json(outgoing, 200, rest);

    const kind = this.pick(`${incoming.headers['x-amz-target']}`);
    if (kind === 'throttled') return json(outgoing, 400, '{"__type":"ThrottlingException","message":"Rate exceeded"}');
    if (kind === 'internal error') return json(outgoing, 500, '{"__type":"InternalServiceFault","message":"try again"}');
    if (kind === 'dropped connection') return void incoming.socket.destroy();
    const answer = await this.send(incoming, body);
    if (kind === 'reply lost') return void incoming.socket.destroy();
    if (answer.status !== 200) return json(outgoing, answer.status, answer.text);
    return json(outgoing, 200, kind === 'page in two' ? this.inTwo(answer.text) : kind === 'incomplete answer' ? incomplete(answer.text) : answer.text);
  }

  private pick(target: string): Kind | undefined {
    if (this.random() >= this.share) return undefined;
    // Only answers with data have pages.
    const kinds = target.endsWith('.GetMetricData') ? KINDS : KINDS.slice(0, 4);
    const kind = kinds[Math.floor(this.random() * kinds.length)];
    this.faults[kind]++;
    return kind;
  }

  /** The first half of each series now, and the rest, with the last point of the first half once more, on the next page. */
  private inTwo(text: string): string {
    const results: any[] = JSON.parse(text).MetricDataResults;
    const cut = (from: (half: number) => number, to: (half: number) => number | undefined, StatusCode: string) => results.map((one) => {
      const half = Math.floor(one.Values.length / 2);
      const part = (list: unknown[]) => list.slice(from(half), to(half));
      return { ...one, Timestamps: part(one.Timestamps), Values: part(one.Values), StatusCode };
    });
    const token = `rest-${this.requests}`;
    this.rests.set(token, JSON.stringify({ MetricDataResults: cut((half) => Math.max(0, half - 1), () => undefined, 'Complete') }));
    return JSON.stringify({ MetricDataResults: cut(() => 0, (half) => half, 'PartialData'), NextToken: token });
  }

  private send(incoming: IncomingMessage, body: Buffer): Promise<{ status: number; text: string }> {
    const { 'content-encoding': _, ...headers } = incoming.headers;
    const { hostname: host, port } = this.emulator;
    return new Promise((done, fail) => {
      request({ host, port, method: incoming.method, path: incoming.url, headers: { ...headers, 'content-length': body.length } }, (response) => {
        bytes(response).then((data) => done({ status: response.statusCode ?? 502, text: data.toString() }), fail);
      }).on('error', fail).end(body);
    });
  }
}

/** Half of each series, without a token for the other half. */
function incomplete(text: string): string {
  const { MetricDataResults } = JSON.parse(text);
  return JSON.stringify({
    MetricDataResults: MetricDataResults.map((one: any) => {
      const half = Math.floor(one.Values.length / 2);
      return { ...one, Timestamps: one.Timestamps.slice(0, half), Values: one.Values.slice(0, half), StatusCode: 'PartialData' };
    }),
  });
}

function json(outgoing: ServerResponse, status: number, text: string): void {
  outgoing.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' }).end(text);
}

async function bytes(stream: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
