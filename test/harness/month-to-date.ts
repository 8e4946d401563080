import { BatchMeter, BudgetRequest, Dimension, PartRequest, StackRequest, ThroughputMeter, TokenMeter } from '../../src/lambda/month-to-date/contract';
import type * as Handler from '../../src/lambda/month-to-date/index.lambda';
import { MonthToDateSummary } from '../../src/lambda/month-to-date/summary';
import { RegionalAws } from '../fakes/regional-aws';

export const REGION = 'us-west-2';
export const BUDGET = 'Team/Budget';
export const STACK = 'Chat';

/** Claude Sonnet 4.6 through the profile `us.` in us-west-2: dollars per million tokens, cache writes for an hour. */
export const SONNET: TokenMeter = {
  resource: 'Chat/Assistant',
  model: 'us.anthropic.claude-sonnet-4-6',
  modelId: 'p1',
  prices: [
    { metric: 'InputTokenCount', usdPerMillion: '3.3' },
    { metric: 'OutputTokenCount', usdPerMillion: '16.5' },
    { metric: 'CacheReadInputTokenCount', usdPerMillion: '0.33' },
    { metric: 'CacheWriteInputTokenCount', usdPerMillion: '6.6' },
  ],
};

/** Every name under which CloudWatch may count the tokens of `SONNET`. */
export const METRICS = [
  'InputTokenCount', 'OutputTokenCount', 'CacheReadInputTokenCount', 'CacheReadInputTokens', 'CacheWriteInputTokenCount', 'CacheWriteInputTokens',
];

/** A stack of one budget that covers all of its meters. */
export interface OneBudget extends Pick<StackRequest, 'stack'>, Omit<BudgetRequest, 'onDemand' | 'provisioned' | 'batch'> {
  readonly onDemand: readonly TokenMeter[];
  readonly provisioned: readonly ThroughputMeter[];
  readonly batch: readonly BatchMeter[];
}

/** The handler with the real SDK, and a fake of the parts of AWS that it uses. */
export class FakeMonth {
  public static async start(): Promise<FakeMonth> {
    const aws = await RegionalAws.start();
    Object.assign(process.env, {
      AWS_REGION: REGION,
      AWS_ENDPOINT_URL_BEDROCK: aws.endpoint,
      AWS_ENDPOINT_URL_CLOUDWATCH: aws.endpoint,
      AWS_ENDPOINT_URL_S3: aws.endpoint,
      AWS_ENDPOINT_URL_SCHEDULER: aws.endpoint,
      AWS_ENDPOINT_URL_SSM: aws.endpoint,
      AWS_SECRET_ACCESS_KEY: 'secret',
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    });
    return new FakeMonth(aws);
  }

  private handler = freshHandler();

  private constructor(public readonly aws: RegionalAws) {}

  /** Removes all state, as for a new account and a new instance of the function. */
  public reset(): void {
    this.aws.reset();
    process.env.AWS_ACCESS_KEY_ID = this.aws.accessKey;
    this.coldStart();
    jest.spyOn(console, 'log').mockImplementation();
  }

  public coldStart(): void {
    this.handler = freshHandler();
  }

  /** Deploys the stack with this request, and counts at this time. */
  public run(time: string, request: Partial<OneBudget> = {}, deployed: Deployment = {}): Promise<MonthToDateSummary> {
    this.deploy(request, deployed);
    return this.invoke(time);
  }

  /** Creates the resources of a stack: the schedule with the request, the first parameter, and the function's environment. */
  public deploy(request: Partial<OneBudget>, deployed: Deployment = {}): void {
    const { stack = STACK, onDemand = [], provisioned = [], batch = [], budget = BUDGET, ...more } = request;
    const indexes = { onDemand: [...onDemand.keys()], provisioned: [...provisioned.keys()], batch: [...batch.keys()] };
    this.deployStack({
      stack, onDemand, provisioned, batch, budgets: [{ budget, publishPart: true, resourceMetrics: true, ...more, ...indexes }],
    }, ledgerOf(stack, budget), deployed);
  }

  /** The same for several budgets. */
  public deployStack(request: Omit<StackRequest, 'time'>, parameter = ledgerOf(request.stack), { region = REGION, id = 'first' }: Deployment = {}): void {
    const environment = { AWS_REGION: region, LEDGER_PARAMETER: parameter, SCHEDULE: `${region}-${request.stack}`, STACK_ID: `${region}/${request.stack}/${id}` };
    this.aws.schedule(environment.SCHEDULE, JSON.stringify({ time: '<aws.scheduler.scheduled-time>', ...request }));
    const key = `${region} ${parameter}`;
    if (!this.aws.parameters.has(key)) this.aws.parameters.set(key, '{}');
    // Another function has its own clients.
    if (process.env.AWS_REGION !== region) this.coldStart();
    Object.assign(process.env, environment);
  }

  /** Deletes the first parameter of a stack. Parameters that CloudFormation has not created stay. */
  public destroy(stack: string, region = REGION): void {
    this.aws.parameters.delete(`${region} ${ledgerOf(stack)}`);
  }

  /** Sends an event to the function that was deployed last. Its clock shows the time of the event unless `clock` specifies another one. */
  public async invoke(time: string, event: object = {}, clock = time): Promise<MonthToDateSummary> {
    const [summary] = await this.invokeStack(time, event, clock);
    return summary;
  }

  /** The same, for a stack of several budgets. */
  public invokeStack(time: string, event: object = {}, clock = time): Promise<MonthToDateSummary[]> {
    const present = Date.parse(clock);
    if (!Number.isNaN(present)) jest.spyOn(Date, 'now').mockReturnValue(present);
    return this.handler.handler({ time, ...event });
  }

  /** The newest value of the first parameter of a stack's ledger. */
  public ledger(stack = STACK, region = REGION): any {
    return JSON.parse(this.aws.parameters.get(`${region} ${ledgerOf(stack)}`)!);
  }

  /** AWS counts tokens of a model id in its own region. */
  public count(metricName: string, time: string, value: number, modelId = SONNET.modelId): void {
    this.aws.points.push({ region: REGION, namespace: 'AWS/Bedrock', metricName, dimensions: { ModelId: modelId }, time, value });
  }

  /** Values of our metrics by their time, with exactly these dimensions: the maximum of each time, as alarms read it. */
  public published(metricName: string, dimensions: { readonly [name: string]: string }, region = REGION): { [time: string]: number } {
    const values: { [time: string]: number } = {};
    for (const point of this.aws.points) {
      if (point.namespace !== 'CdkBedrockCost' || point.region !== region || point.metricName !== metricName) continue;
      if (JSON.stringify(sorted(point.dimensions)) !== JSON.stringify(sorted(dimensions))) continue;
      values[point.time] = Math.max(values[point.time] ?? -Infinity, point.value);
    }
    return values;
  }

  /** The cost of the stack's part, by the time that it was published for. */
  public part(metricName = 'MonthToDateUsd', stack = STACK): { [time: string]: number } {
    return this.published(metricName, { Budget: BUDGET, Stack: stack });
  }

  public ofResource(resource: string, model: string, meter: string): { [time: string]: number } {
    return this.published('MonthToDateUsd', {
      [Dimension.BUDGET]: BUDGET, [Dimension.STACK]: STACK, [Dimension.RESOURCE]: resource, [Dimension.MODEL]: model, [Dimension.METER]: meter,
    });
  }

  /** The total cost of the removed resources, by time. */
  public removed(): { [time: string]: number } {
    return this.ofResource('(removed)', '(removed)', '(removed)');
  }

  /** Writes a ledger directly into the parameter of another stack, as the function of that stack does. */
  public writeLedger(stack: string, region: string, ledger: object): void {
    const key = `${region} ${ledgerOf(stack)}`;
    if (!this.aws.parameters.has(key)) this.aws.parameters.set(key, '{}');
    const version = this.aws.parameters.valuesOf(key).length + 1;
    this.aws.parameters.write(key, JSON.stringify({ stack: `id of ${stack}`, ...ledger, version }));
  }
}

/** The other parts of a budget, as its request names them. */
export function partsIn(regions: { readonly [stack: string]: string }): PartRequest[] {
  return Object.entries(regions).map(([stack, region]) => ({ stack, region, ledger: ledgerOf(stack) }));
}

export interface Deployment {
  readonly region?: string;
  /** A stack that is removed and deployed again has another one. */
  readonly id?: string;
}

/** The name of the first parameter of a stack's ledger. */
export function ledgerOf(stack: string, budget = BUDGET): string {
  return `/cdk-bedrock-cost/${budget} in ${stack}/spent/1`;
}

function freshHandler(): typeof Handler {
  let handler: typeof Handler;
  jest.isolateModules(() => { handler = require('../../src/lambda/month-to-date/index.lambda'); });
  return handler!;
}

function sorted(dimensions: object): [string, string][] {
  return Object.entries(dimensions).sort(([a], [b]) => (a < b ? -1 : 1));
}
