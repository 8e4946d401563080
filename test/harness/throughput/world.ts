import { Aws, Trouble } from './aws';
import { Clock, DAY, MINUTE } from './clock';
import { LOGICAL_ID, PARAMETER_PATH, Plan, Stack, TemplateProperties } from './cloudformation';
import { Framework, ResourceHandler } from './framework';
import { FORGED, Judge } from './judge';
import { Lambda } from './lambda';
import { FunctionConfiguration } from '../../../src/lambda/provisioned-model-throughput/allowance';
import { ThroughputEvent, ThroughputProperties } from '../../../src/lambda/provisioned-model-throughput/contract';
import { Services } from '../../../src/lambda/provisioned-model-throughput/services';

export type Step =
  | { readonly do: 'deploy'; readonly requested: TemplateProperties; readonly plan: Plan }
  | { readonly do: 'delete'; readonly retain: boolean; readonly plan: Plan }
  | { readonly do: 'wait'; readonly ms: number }
  | { readonly do: 'wait-for-term-end'; readonly ms: number }
  | { readonly do: 'delete-by-hand' }
  | { readonly do: 'forge'; readonly type: 'Create' | 'Update'; readonly change: Forgery; readonly requested: TemplateProperties };

/** Fields in which a forged event differs from the events that CloudFormation sends. */
export type Forgery = Partial<Pick<ThroughputEvent, 'StackId' | 'LogicalResourceId'>> & { readonly properties?: Partial<ThroughputProperties> };

const START = Date.parse('2026-11-02T08:00:00Z');

/** One account, one stack, one handler. */
export class World {
  public readonly clock = new Clock(START);
  public readonly judge = new Judge();
  public readonly aws: Aws;
  public readonly stack: Stack;
  private readonly lambda: Lambda<ResourceHandler>;
  private readonly framework: Framework;
  private forged = 0;

  constructor(handlerOf: (services: Services, configuration: FunctionConfiguration) => ResourceHandler, trouble: Trouble) {
    this.aws = new Aws(this.clock, trouble, this.judge);
    this.lambda = new Lambda(this.aws, (services) => handlerOf(services, this.configuration));
    this.framework = new Framework(this.aws, this.lambda);
    this.stack = new Stack(this.aws, this.clock, this.framework);
    this.judge.watch(this.stack, this.aws);
  }

  public async take(step: Step): Promise<void> {
    switch (step.do) {
      case 'deploy': return this.stack.known ? this.stack.update(step.requested, step.plan) : this.stack.create(step.requested, step.plan);
      case 'delete': return this.stack.known && this.stack.delete({ retain: step.retain, ...step.plan });
      case 'wait': return this.clock.pass(step.ms);
      case 'wait-for-term-end': return this.passTermEnd(step.ms);
      case 'delete-by-hand': return this.deleteByHand();
      case 'forge': return this.forge(step.type, step.change, step.requested);
    }
  }

  public async rest(): Promise<void> {
    await this.clock.until(() => this.framework.isIdle);
    // Creations and updates have ended by then.
    await this.clock.pass(60 * MINUTE);
    this.judge.atRest();
  }

  public close(): void {
    this.lambda.close();
  }

  /** The configuration of the functions of the current stack. */
  private get configuration(): FunctionConfiguration {
    const { stack } = this;
    return { get stackId() { return stack.stackId; }, parameterPath: PARAMETER_PATH };
  }

  /** The findings and the trace, for the message of a failed test. */
  public get story(): string {
    return [...this.judge.findings, ...this.aws.trace.map((entry) => entry())].join('\n');
  }

  private async passTermEnd(ms: number): Promise<void> {
    const end = this.stack.known && this.aws.bedrock.find(this.stack.known.id)?.commitmentExpirationTime;
    await this.clock.pass(end ? Math.max(0, Date.parse(end) - this.clock.now) + ms : DAY);
  }

  /** Anyone who can invoke the function sends it an event of their own. */
  private async forge(RequestType: 'Create' | 'Update', { properties, ...ids }: Forgery, requested: TemplateProperties): Promise<void> {
    const { stackId: StackId, record, known } = this.stack;
    const event: ThroughputEvent = {
      RequestType,
      RequestId: `forged-${++this.forged}`,
      StackId,
      LogicalResourceId: LOGICAL_ID,
      PhysicalResourceId: known?.id ?? 'not-bought-yet/0123456789abcdef',
      ResourceProperties: { ...known?.properties ?? { ...requested, record }, ...properties },
      OldResourceProperties: known?.properties,
      ...ids,
    };
    let hasEnded = false;
    await this.lambda.invoke({ request: event.RequestId, type: FORGED }, async (handler) => handler.isComplete(event), () => { hasEnded = true; });
    await this.clock.until(() => hasEnded);
  }

  private deleteByHand(): void {
    const known = this.stack.known && this.aws.bedrock.find(this.stack.known.id);
    if (!known || known.status !== 'InService' || (known.commitmentDuration && this.clock.now < Date.parse(known.commitmentExpirationTime!))) return;
    this.aws.bedrock.delete(known.provisionedModelArn);
  }
}

/** Runs a sequence of steps, then deletes the stack. Waits before and after the deletion until no run is left. */
export async function play(world: World, steps: readonly Step[]): Promise<void> {
  for (const step of steps) await world.take(step);
  await world.rest();
  if (world.stack.known) await world.stack.delete();
  await world.rest();
  world.close();
}
