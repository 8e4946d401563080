import { IncomingMessage, ServerResponse } from 'http';
import { gunzipSync } from 'zlib';
import { answerCall } from './answer-call';
import { BedrockControlPlane } from './bedrock/control-plane';
import { BatchJob } from './bedrock/jobs/types';
import { StoredThroughput } from './bedrock/stored-throughput';
import { Fault, Faults } from './faults';
import { LoopbackServer } from './loopback-server';
import { Metrics, Point } from './metrics';
import { Parameters } from './parameters';
import { answerOfRefusal, Call, parseCall } from './protocol';
import { Refusal } from './refusal';
import { Schedules } from './schedules';

const REGION = 'us-west-2';

export interface RegionalCall {
  readonly operation: string;
  readonly region: string;
  readonly body: any;
}

/**
 * Amazon CloudWatch, Systems Manager and EventBridge Scheduler in several regions, Amazon Bedrock's control plane and the objects
 * of S3, as far as the month's cost is made of them, over HTTP for the real SDK.
 */
export class RegionalAws extends LoopbackServer {
  public static async start(): Promise<RegionalAws> {
    return new RegionalAws().listen();
  }

  public readonly bedrock = new BedrockControlPlane({ region: REGION, account: '111111111111', now: Date.now });
  /** The parameters of all regions; their names begin with the region, as in `us-west-2 /a/b`. */
  public readonly parameters = new Parameters(Date.now);
  /** By bucket and key; a number is the HTTP status of a refusal. */
  public readonly objects = new Map<string, string | number>();
  public readonly calls: RegionalCall[] = [];
  private readonly metrics = new Metrics(() => Date.now());
  private readonly scheduler = new Schedules();
  private readonly disturbances = new Faults();
  private resets = 0;

  /** Changes with every reset: the late calls of a run that failed have another key, and are refused. */
  public get accessKey(): string {
    return `key${this.resets}`;
  }

  public get points(): Point[] {
    return this.metrics.points;
  }

  public set points(points: Point[]) {
    this.metrics.points = points;
  }

  public get faults(): readonly Fault[] {
    return this.disturbances.waiting;
  }

  public set faults(faults: readonly Fault[]) {
    this.disturbances.waiting = faults;
  }

  /** The most points of a series and the most jobs on a page. */
  public set pageSize(size: number) {
    this.metrics.pageSize = size;
    this.bedrock.jobs.behaviour.mostOnAPage = size;
  }

  /** The time that a datapoint takes to appear in ListMetrics. */
  public set listDelaySeconds(seconds: number) {
    this.metrics.listDelaySeconds = seconds;
  }

  public reset(): void {
    this.faults = [];
    for (const service of [this.bedrock, this.parameters, this.metrics]) service.reset();
    for (const kept of [this.objects, this.scheduler.stored]) kept.clear();
    this.calls.length = 0;
    this.pageSize = Infinity;
    // The throughputs are dated by the tests, whose clock is not this one. A throughput that is Creating is counted by its units.
    Object.assign(this.bedrock.throughputs.behaviour, { renewsAfterMs: Infinity });
    this.resets++;
  }

  public callsOf(operation: string): RegionalCall[] {
    return this.calls.filter((call) => call.operation === operation);
  }

  /** The schedule of a function, with the input of its target. */
  public schedule(name: string, input: string): void {
    this.scheduler.stored.set(name, { Target: { Input: input } });
  }

  /** A throughput in service. */
  public throughput(provisionedModelArn: string, more: Partial<StoredThroughput> = {}): StoredThroughput {
    const throughput = this.bedrock.throughputs.add('capacity', 'meta.llama3-1-70b-instruct-v1:0:128k', { provisionedModelArn, ...more });
    // Tests that do not name it look for it by its ARN alone.
    if (more.provisionedModelName === undefined) throughput.provisionedModelName = provisionedModelArn;
    return throughput;
  }

  /** A job with these fields of a ModelInvocationJobSummary, and with others that only GetModelInvocationJob has. */
  public job({ jobArn, jobName, roleArn, modelId, status, inputDataConfig, outputDataConfig, ...shown }: any, onlyInGet: object = {}): BatchJob {
    const request = { jobName, roleArn, modelId, inputDataConfig, outputDataConfig };
    return Object.assign(this.bedrock.jobs.add(request, { status, shown: { ...NO_COUNTS, ...shown }, onlyInGet }), { arn: jobArn });
  }

  protected handle(request: IncomingMessage, content: Buffer, response: ServerResponse): void {
    // The SDK would correct its clock by it, which is that of the test.
    response.sendDate = false;
    void this.respond(request, content, response);
  }

  private async respond({ method = 'GET', url = '/', headers }: IncomingMessage, content: Buffer, response: ServerResponse): Promise<void> {
    const body = (headers['content-encoding'] === 'gzip' ? gunzipSync(content) : content).toString();
    const [, key, region] = /Credential=([^/]+)\/\d+\/([^/]+)\//.exec(headers.authorization ?? '')!;
    const call = parseCall({ method, path: url, headers, body });
    if (call && key !== this.accessKey) return send(response, answerOfRefusal(call, new Refusal('InvalidClientTokenId', 'too late', 403)));
    const [operation, input] = call ? [call.operation, call.input] : ['GetObject', { key: decodeURIComponent(new URL(url, this.endpoint).pathname).slice(1) }];
    this.calls.push({ operation, region, body: input });
    if (!call) return this.sendObject(input.key, response);
    try {
      const answer = await answerCall(call, (one) => this.perform(one, region), this.disturbances);
      if (answer === 'broken') response.destroy();
      else send(response, answer);
    } catch (e) {
      // No answer of AWS looks like this one.
      response.writeHead(501).end(String(e));
    }
  }

  private perform({ operation, input }: Call, region: string): object | Promise<object> {
    const output = this.bedrock.perform(operation, input)
      ?? this.metrics.perform(operation, input, region)
      ?? this.scheduler.perform(operation, input)
      ?? this.parameters.perform(operation, { ...input, Name: `${region} ${input.Name}` });
    if (!output) throw new Error(`no such operation: ${operation}`);
    return output;
  }

  private sendObject(key: string, response: ServerResponse): void {
    const object = this.objects.get(key) ?? 404;
    if (typeof object === 'string') return void response.writeHead(200).end(object);
    const code = { 403: 'AccessDenied', 404: 'NoSuchKey' }[object] ?? 'InternalError';
    response.writeHead(object, { 'content-type': 'application/xml' }).end(`<Error><Code>${code}</Code><Message>AWS says no</Message></Error>`);
  }
}

/** A job has the counts that its test gives it. */
const NO_COUNTS = { totalRecordCount: undefined, processedRecordCount: undefined, successRecordCount: undefined, errorRecordCount: undefined };

function send(response: ServerResponse, { status, headers, body }: { status: number; headers: object; body: Buffer }): void {
  response.writeHead(status, { ...headers }).end(body);
}
