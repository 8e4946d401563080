import { FakeAws } from './fake-aws';
import { Dimension, MonthToDateRequest, TokenMeter } from '../../src/handlers/month-to-date.contract';
import type * as Handler from '../../src/handlers/month-to-date.lambda';

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

/** The handler with the real SDK, and AWS as far as it needs it. */
export class FakeMonth {
  public static async start(): Promise<FakeMonth> {
    const aws = await FakeAws.start();
    Object.assign(process.env, {
      AWS_REGION: REGION,
      AWS_ENDPOINT_URL_BEDROCK: aws.endpoint,
      AWS_ENDPOINT_URL_CLOUDWATCH: aws.endpoint,
      AWS_ENDPOINT_URL_S3: aws.endpoint,
      AWS_SECRET_ACCESS_KEY: 'secret',
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    });
    return new FakeMonth(aws);
  }

  private handler = freshHandler();

  private constructor(public readonly aws: FakeAws) {}

  /** What a new instance of the function knows: nothing. */
  public reset(): void {
    this.aws.reset();
    process.env.AWS_ACCESS_KEY_ID = this.aws.accessKey;
    this.coldStart();
    jest.spyOn(console, 'log').mockImplementation();
  }

  public coldStart(): void {
    this.handler = freshHandler();
  }

  public run(time: string, request: Partial<MonthToDateRequest> = {}): Promise<Handler.MonthToDateSummary> {
    const nothing = { onDemand: [], provisioned: [], batch: [], windowsMinutes: [] };
    return this.handler.handler({ budget: BUDGET, stack: STACK, ...nothing, publishPart: true, ...request, time });
  }

  /** AWS counts tokens of a model id in its own region. */
  public count(metricName: string, time: string, value: number, modelId = SONNET.modelId): void {
    this.aws.points.push({ region: REGION, namespace: 'AWS/Bedrock', metricName, dimensions: { ModelId: modelId }, time, value });
  }

  /** Values of our metrics by their time, with exactly these dimensions: the greatest of each time, as alarms read it. */
  public published(metricName: string, dimensions: { readonly [name: string]: string }, region = REGION): { [time: string]: number } {
    const values: { [time: string]: number } = {};
    for (const point of this.aws.points) {
      if (point.namespace !== 'CdkBedrockCost' || point.region !== region || point.metricName !== metricName) continue;
      if (JSON.stringify(sorted(point.dimensions)) !== JSON.stringify(sorted(dimensions))) continue;
      values[point.time] = Math.max(values[point.time] ?? -Infinity, point.value);
    }
    return values;
  }

  /** What the stack's part has cost, by the time that it was published for. */
  public part(metricName = 'MonthToDateUsd', stack = STACK): { [time: string]: number } {
    return this.published(metricName, { Budget: BUDGET, Stack: stack });
  }

  public ofResource(resource: string, model: string, meter: string): { [time: string]: number } {
    return this.published('MonthToDateUsd', {
      [Dimension.BUDGET]: BUDGET, [Dimension.STACK]: STACK, [Dimension.RESOURCE]: resource, [Dimension.MODEL]: model, [Dimension.METER]: meter,
    });
  }
}

function freshHandler(): typeof Handler {
  let handler: typeof Handler;
  jest.isolateModules(() => { handler = require('../../src/handlers/month-to-date.lambda'); });
  return handler!;
}

function sorted(dimensions: object): [string, string][] {
  return Object.entries(dimensions).sort(([a], [b]) => (a < b ? -1 : 1));
}
