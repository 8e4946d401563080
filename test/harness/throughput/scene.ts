import { BedrockClient } from '@aws-sdk/client-bedrock';
import { SchedulerClient } from '@aws-sdk/client-scheduler';
import { SNSClient } from '@aws-sdk/client-sns';
import { SSMClient } from '@aws-sdk/client-ssm';
import { ParameterKind, parameterName, ThroughputAnswer, ThroughputEvent, ThroughputProperties } from '../../../src/lambda/provisioned-model-throughput/contract';
import { throughputHandler, ThroughputHandler } from '../../../src/lambda/provisioned-model-throughput/handler';
import { FakeAws } from '../../fakes/fake-aws';

export const NOVA_24K = 'amazon.nova-pro-v1:0:24k';
export const RECORD = '/record/Capacity';
export const TOPIC = 'arn:aws:sns:us-east-1:111111111111:Costs';
export const START = Date.parse('2026-11-24T00:00:00Z');
export const STACK_ID = 'arn:aws:cloudformation:us-east-1:111111111111:stack/Stack/1';
const PATH = '/cdk-bedrock-cost/Stack';
const MINUTE = 60_000;

/** The name of a parameter that a function finds by the logical id. */
export const parameterOf = (kind: ParameterKind, logicalId = 'Capacity') => parameterName(PATH, kind, logicalId);

/** A commitment of 2 units at $10: 2 x $10 x 730 x 1 = $14,600. */
export const ONE_MONTH = {
  commitmentDuration: 'OneMonth', confirmedUsd: '14600', price: { hourlyUsd: '10', hoursPerMonth: '730', region: 'us-east-1' },
} as const satisfies Partial<ThroughputProperties>;

type Properties = Partial<ThroughputProperties>;

/** One custom resource, the handler with the SDK's real clients, and a clock that tests set. */
export class Scene {
  public static async open(): Promise<Scene> {
    return new Scene(await FakeAws.start());
  }

  public now = START;
  /** The configuration of the functions. A test may deploy another stack, which has its own functions. */
  public readonly configuration = { stackId: STACK_ID, parameterPath: PATH };
  public readonly handler: ThroughputHandler;
  private requests = 0;

  private constructor(public readonly aws: FakeAws) {
    process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
    const settings = {
      region: 'us-east-1',
      endpoint: aws.endpoint,
      credentials: { accessKeyId: 'key', secretAccessKey: 'secret' },
      maxAttempts: 3,
      requestHandler: { connectionTimeout: 3_000, requestTimeout: 10_000, throwOnRequestTimeout: true },
    };
    this.handler = throughputHandler({
      bedrock: new BedrockClient(settings),
      ssm: new SSMClient(settings),
      scheduler: new SchedulerClient(settings),
      sns: new SNSClient(settings),
      now: () => this.now,
    }, this.configuration);
    aws.now = () => this.now;
  }

  public reset(): void {
    this.aws.reset();
    this.now = START;
    this.configuration.stackId = STACK_ID;
    this.aws.parameters.set(RECORD, '{}');
    this.aws.parameters.set(parameterOf('notified'), '{}');
  }

  /** An event of CloudFormation, which has written the allowed purchase before. */
  public event(RequestType: ThroughputEvent['RequestType'], properties: Properties, more: Partial<ThroughputEvent> = {}): ThroughputEvent {
    const event = this.forged(RequestType, properties, more);
    this.deploy(event);
    return event;
  }

  /** An event of another principal that can invoke the function. */
  public forged(RequestType: ThroughputEvent['RequestType'], properties: Properties, more: Partial<ThroughputEvent> = {}): ThroughputEvent {
    return {
      RequestType,
      StackId: STACK_ID,
      RequestId: `request-${++this.requests}`,
      LogicalResourceId: 'Capacity',
      ResourceProperties: propertiesOf(properties),
      ...more,
    };
  }

  /** Updates the stack, as CloudFormation does before an event. Numbers are numbers in the parameter, and texts in events. */
  public deploy({ RequestType, StackId, LogicalResourceId, ResourceProperties: { tags, ...allowed } }: ThroughputEvent): void {
    this.configuration.stackId = StackId;
    if (RequestType === 'Delete') return;
    const value = JSON.stringify({ ...allowed, modelUnits: Number(allowed.modelUnits) });
    const name = parameterOf('allowed', LogicalResourceId);
    if (this.aws.parameters.get(name) !== value) this.aws.parameters.write(name, value);
  }

  /** One poll of CDK's provider framework: calls onEvent, and passes its result to isComplete. */
  public async poll(event: ThroughputEvent): Promise<ThroughputAnswer> {
    return this.handler.isComplete({ ...event, ...await this.handler.onEvent(event) });
  }

  public async deployAndPoll(event: ThroughputEvent): Promise<ThroughputAnswer> {
    this.deploy(event);
    return this.poll(event);
  }

  /** The purchase of the first poll, which AWS is still creating. */
  public async create(properties: Properties = {}, more: Partial<ThroughputEvent> = {}): Promise<string> {
    const known = new Set(this.aws.throughputs.keys());
    await this.poll(this.event('Create', properties, more));
    return [...this.aws.throughputs.keys()].find((arn) => !known.has(arn))!;
  }

  /** The ARN that CloudFormation receives once the throughput is in service. */
  public async inService(properties: Properties = {}, more: Partial<ThroughputEvent> = {}): Promise<string> {
    return this.finish(this.event('Create', properties, more));
  }

  public async update(arn: string, before: Properties, after: Properties): Promise<string> {
    return this.finish(this.updateEvent(arn, before, after));
  }

  public updateEvent(PhysicalResourceId: string, before: Properties, after: Properties): ThroughputEvent {
    return this.event('Update', after, { PhysicalResourceId, OldResourceProperties: propertiesOf(before) });
  }

  /** Polls until the event is complete, while AWS provides the purchase and time passes. */
  public async finish(event: ThroughputEvent): Promise<string> {
    for (let polls = 0; polls < 12; polls++) {
      const answer = await this.poll(event);
      if (answer.IsComplete) return answer.PhysicalResourceId!;
      this.settleAll();
      this.wait(1);
    }
    throw new Error('it did not come to an end');
  }

  public async remove(PhysicalResourceId: string, properties: Properties = {}): Promise<ThroughputAnswer> {
    return this.poll(this.event('Delete', properties, { PhysicalResourceId }));
  }

  public wait(minutes: number): void {
    this.now += minutes * MINUTE;
  }

  public settle(arn: string): void {
    const throughput = this.aws.throughputs.get(arn)!;
    Object.assign(throughput, { status: 'InService', modelArn: throughput.desiredModelArn });
  }

  private settleAll(): void {
    for (const { provisionedModelArn, status } of this.aws.throughputs.values()) if (status !== 'Failed') this.settle(provisionedModelArn);
  }
}

/** The properties of an event. CloudFormation sends numbers as texts. */
function propertiesOf(properties: Properties): ThroughputProperties {
  return { modelId: NOVA_24K, modelUnits: '2', namePrefix: 'Stack-Capacity', record: RECORD, ...properties };
}
