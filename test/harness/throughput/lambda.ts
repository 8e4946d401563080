import { BedrockClient } from '@aws-sdk/client-bedrock';
import { SchedulerClient } from '@aws-sdk/client-scheduler';
import { SNSClient } from '@aws-sdk/client-sns';
import { SSMClient } from '@aws-sdk/client-ssm';
import type { HttpRequest } from '@smithy/core/protocols';
import { Aws, Caller, Outcome } from './aws';
import { Planned, SECOND } from './clock';
import { RUN_SECONDS } from '../../../src/lambda/provisioned-model-throughput/contract';
import { Services } from '../../../src/lambda/provisioned-model-throughput/services';

/** The end of a run of the function: `killed` if AWS Lambda ended it. */
export type Ended<T> = { readonly value: T } | { readonly error: Error } | { readonly killed: true };

/** Makes three attempts without delays, since the clock is virtual. */
const RETRY = {
  mode: 'standard',
  acquireInitialRetryToken: async () => attempt(0),
  refreshRetryTokenForRetry: async (token: Attempt, { errorType }: { errorType: string }) => {
    if (errorType === 'CLIENT_ERROR' || token.getRetryCount() >= 2) throw new Error('no further try');
    return attempt(token.getRetryCount() + 1);
  },
  recordSuccess: () => undefined,
};

type Attempt = ReturnType<typeof attempt>;
function attempt(count: number) {
  return { getRetryCount: () => count, getRetryDelay: () => 0, getRetryCost: () => undefined };
}

/** The maximum real time to wait for a handler that neither makes a call nor ends. */
const STUCK_MS = 200;

/** AWS Lambda: runs of a handler with their own SDK clients. All calls are answered when the clock reaches their time. */
export class Lambda<H> {
  public active = 0;
  private readonly idle: Sandbox<H>[] = [];
  private runs = 0;

  constructor(private readonly aws: Aws, private readonly handlerOf: (services: Services) => H) {}

  /** To be called when no run is left. */
  public close(): void {
    for (const sandbox of this.idle.splice(0)) sandbox.leave();
  }

  /** Starts a run, and returns when it waits for its first reply or has ended. */
  public async invoke<T>(caller: Omit<Caller, 'run'>, use: (handler: H) => Promise<T>, ended: (result: Ended<T>) => void): Promise<void> {
    const sandbox = this.idle.pop() ?? new Sandbox(this.aws, this.handlerOf);
    const run = new Run({ ...caller, run: ++this.runs });
    this.active++;
    const end = (result: Ended<T>) => {
      if (!run.end()) return;
      this.active--;
      // The sandbox of a killed run is not reused, since the promises of that run stay open.
      if (!('killed' in result)) this.idle.push(sandbox);
      ended(result);
    };
    run.whenKilled(() => end({ killed: true }));
    // As Lambda does with a run that takes too long.
    run.limit = this.aws.clock.after(RUN_SECONDS * SECOND, () => run.kill());
    sandbox.begin(run);
    await run.move(() => {
      void use(sandbox.handler).then((value) => end({ value }), (error) => end({ error }));
    });
  }
}

class Run {
  public limit?: Planned;
  public waiting = 0;
  public hasEnded = false;
  private onKill?: () => void;
  private onMove?: () => void;

  constructor(public readonly caller: Caller) {}

  public whenKilled(happen: () => void): void {
    this.onKill = happen;
  }

  public kill(): void {
    this.onKill?.();
  }

  /** Does something that the run continues with, and waits until the run makes its next call or ends. */
  public async move(something: () => void): Promise<void> {
    const next = new Promise<void>((resolve) => { this.onMove = resolve; });
    something();
    if (this.hasEnded) return;
    // It may be waiting for the reply to another call that it has made at the same time.
    if (this.waiting > 0) return void await Promise.race([next, soon()]);
    let timer: NodeJS.Timeout;
    await Promise.race([next, new Promise((resolve) => { timer = setTimeout(resolve, STUCK_MS); })]);
    clearTimeout(timer!);
  }

  public calls(): void {
    this.waiting++;
    this.onMove?.();
  }

  /** @returns false when it had ended before */
  public end(): boolean {
    if (this.hasEnded) return false;
    this.hasEnded = true;
    if (this.limit) this.limit.cancelled = true;
    this.onMove?.();
    return true;
  }
}

async function soon(): Promise<void> {
  for (let i = 0; i < 3; i++) await new Promise((resolve) => setImmediate(resolve));
}

/** The execution environment that runs of a function reuse: the handler and its clients. One run at a time uses it. */
class Sandbox<H> {
  public readonly handler: H;
  private readonly clients = idleClients.pop() ?? new Clients();

  constructor(private readonly aws: Aws, handlerOf: (services: Services) => H) {
    this.handler = handlerOf({ ...this.clients.services, now: () => aws.clock.now });
  }

  public begin(run: Run): void {
    this.clients.handle = async (request) => this.handle(request, run);
  }

  /** Another world may use its clients. */
  public leave(): void {
    idleClients.push(this.clients);
  }

  private async handle(request: HttpRequest, run: Run): Promise<{ response: object }> {
    return new Promise((resolve, reject) => {
      this.aws.clock.after(this.aws.latency, async () => {
        if (run.hasEnded) return;
        const outcome: Outcome = this.aws.answer(request, run.caller);
        run.waiting--;
        if (outcome === 'killed') return run.kill();
        await run.move(() => (outcome === 'broken' ? reject(brokenConnection()) : resolve({ response: { statusCode: outcome.status, headers: outcome.headers, body: outcome.body } })));
      });
      run.calls();
    });
  }
}

/** The SDK's real clients without the network, and without the signature, which is not checked here and takes half of the time. */
class Clients {
  public readonly services: Omit<Services, 'now'>;
  public handle!: (request: HttpRequest) => Promise<{ response: object }>;

  constructor() {
    const config: any = {
      region: 'us-east-1',
      credentials: { accessKeyId: 'key', secretAccessKey: 'secret' },
      signer: { sign: async (request: unknown) => request },
      // With these settings, the SDK does not search the environment and files at every call.
      endpoint: 'https://aws.invalid',
      defaultsMode: 'standard',
      useDualstackEndpoint: false,
      useFipsEndpoint: false,
      userAgentAppId: 'test',
      cacheMiddleware: true,
      retryStrategy: RETRY,
      requestHandler: { metadata: { handlerProtocol: 'http/1.1' }, handle: async (request: HttpRequest) => this.handle(request) },
    };
    this.services = {
      bedrock: new BedrockClient(config),
      ssm: new SSMClient(config),
      scheduler: new SchedulerClient(config),
      sns: new SNSClient(config),
    };
    for (const { middlewareStack } of Object.values(this.services)) for (const name of UNUSED) middlewareStack.remove(name);
  }
}

/** Middleware that adds unused headers to every call. */
const UNUSED = ['getUserAgentMiddleware', 'recursionDetectionMiddleware', 'hostHeaderMiddleware', 'loggerMiddleware'];

/** Clients for reuse, since their creation takes as long as several calls. */
const idleClients: Clients[] = [];
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

function brokenConnection(): Error {
  return Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
}
