import { IncomingMessage, ServerResponse } from 'http';
import { answerCall } from './answer-call';
import { BedrockControlPlane } from './bedrock/control-plane';
import { BatchJob } from './bedrock/jobs/types';
import { StoredThroughput } from './bedrock/stored-throughput';
import { Fault, Faults } from './faults';
import { LoopbackServer } from './loopback-server';
import { Parameters } from './parameters';
import { Call, parseCall } from './protocol';
import { Roles } from './roles';
import { Schedules } from './schedules';
import { Topics } from './topics';

const ACCOUNT = '111111111111';
const REGION = 'us-east-1';

/**
 * Amazon Bedrock's control plane, IAM, Systems Manager, EventBridge Scheduler and SNS, as far as the functions call them, over
 * HTTP for the real SDK: a client that parses replies wrongly fails the tests.
 */
export class FakeAws extends LoopbackServer {
  public static async start(): Promise<FakeAws> {
    return new FakeAws().listen();
  }

  /** The time of the test. */
  public now: () => number = Date.now;
  public readonly bedrock = new BedrockControlPlane({ region: REGION, account: ACCOUNT, now: () => this.now() });
  public readonly parameters = new Parameters(() => this.now());
  public readonly calls: Pick<Call, 'operation' | 'input'>[] = [];
  private readonly iam = new Roles();
  private readonly scheduler = new Schedules();
  private readonly topics = new Topics();
  private readonly disturbances = new Faults();
  private turns: { running: number; readonly waiting: (() => void)[]; readonly choose: (count: number) => number } | undefined;

  public readonly throughputs = this.bedrock.throughputs.stored;
  public readonly jobs = this.bedrock.jobs.jobs;
  public readonly roles = this.iam.attached;
  public readonly schedules = this.scheduler.stored;
  public readonly published = this.topics.published;

  public reset(): void {
    for (const service of [this.bedrock, this.parameters]) service.reset();
    for (const store of [this.roles, this.schedules]) store.clear();
    for (const list of [this.calls, this.published]) list.length = 0;
    this.faults = [];
    // The status of a purchase changes when a test sets it.
    const updatingMs = (changesModel: boolean) => (changesModel ? Infinity : 0);
    Object.assign(this.bedrock.throughputs.behaviour, { creatingMs: () => Infinity, updatingMs });
    this.bedrock.jobs.behaviour.mostOnAPage = 2;
  }

  public get faults(): readonly Fault[] {
    return this.disturbances.waiting;
  }

  public set faults(faults: readonly Fault[]) {
    this.disturbances.waiting = faults;
  }

  public callsOf(operation: string): any[] {
    return this.calls.filter((call) => call.operation === operation).map(({ input }) => input);
  }

  /** The only throughput. */
  public get only(): StoredThroughput {
    if (this.throughputs.size !== 1) throw new Error(`expected one throughput, there are ${this.throughputs.size}`);
    return [...this.throughputs.values()][0];
  }

  /** The throughput that a deployment has left: 2 model units of Nova Pro. */
  public throughput(name: string, more: Partial<StoredThroughput> = {}): StoredThroughput {
    return this.bedrock.throughputs.add(name, 'amazon.nova-pro-v1:0:24k', { modelUnits: 2, desiredModelUnits: 2, ...more });
  }

  public job(jobName: string, roleArn: string, status = 'InProgress'): BatchJob {
    const s3 = { s3Uri: 's3://bucket/folder/' };
    const request = { jobName, roleArn, modelId: 'amazon.nova-lite-v1:0', inputDataConfig: { s3InputDataConfig: s3 }, outputDataConfig: { s3OutputDataConfig: s3 } };
    return this.bedrock.jobs.add(request, { status });
  }

  /**
   * Lets several runs act at once: each waits at every request until all of them wait, and `choose` names the one that is
   * answered next. So the same choices give the same interleaving.
   */
  public async atOnce(runs: readonly (() => Promise<unknown>)[], choose: (count: number) => number): Promise<void> {
    const turns = this.turns = { running: runs.length, waiting: [], choose };
    await Promise.all(runs.map(async (run) => {
      await run();
      turns.running--;
      this.answerOne();
    }));
    this.turns = undefined;
  }

  private answerOne(): void {
    const { running, waiting, choose } = this.turns!;
    if (waiting.length > 0 && waiting.length >= running) waiting.splice(choose(waiting.length), 1)[0]();
  }

  protected handle({ method = 'GET', url: path = '/', headers }: IncomingMessage, content: Buffer, response: ServerResponse): void {
    const call = parseCall({ method, path, headers, body: content.toString() });
    if (!call) return void response.writeHead(501).end(`no such operation: ${method} ${path}`);
    if (!this.turns) return void this.respond(call, response);
    this.turns.waiting.push(() => void this.respond(call, response));
    this.answerOne();
  }

  private async respond(call: Call, response: ServerResponse): Promise<void> {
    this.calls.push({ operation: call.operation, input: call.input });
    try {
      const answer = await answerCall(call, (one) => this.perform(one), this.disturbances);
      if (answer === 'broken') response.destroy();
      else response.writeHead(answer.status, answer.headers).end(answer.body);
    } catch (e) {
      // No answer of AWS looks like this one.
      response.writeHead(501).end(String(e));
    }
  }

  private perform({ operation, input }: Call): object | Promise<object> {
    for (const service of [this.bedrock, this.parameters, this.scheduler, this.topics, this.iam]) {
      const output = service.perform(operation, input);
      if (output) return output;
    }
    throw new Error(`no such operation: ${operation}`);
  }
}
