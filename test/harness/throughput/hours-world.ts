import { Aws, Trouble } from './aws';
import { Clock, MINUTE, SECOND } from './clock';
import { LOGICAL_ID, PARAMETER_PATH, Stack, TemplateProperties } from './cloudformation';
import { Framework, ResourceHandler } from './framework';
import { Lambda } from './lambda';
import { FunctionConfiguration } from '../../../src/lambda/provisioned-model-throughput/allowance';
import { BusinessHoursTick, parameterName, TICK_MINUTES } from '../../../src/lambda/provisioned-model-throughput/contract';
import { Services } from '../../../src/lambda/provisioned-model-throughput/services';
import { Purchase, ThroughputWitness } from '../../fakes/bedrock/provisioned-throughputs';

export type HoursHandler = ResourceHandler & { onTick(tick: BusinessHoursTick): Promise<void> };

export type HoursStep =
  | { readonly do: 'pass'; readonly ms: number }
  | { readonly do: 'next-morning' }
  | { readonly do: 'deploy'; readonly units: string }
  | { readonly do: 'delete-by-hand' }
  | { readonly do: 'check' };

const TICK = TICK_MINUTES * MINUTE;
/** A Monday, half an hour before the business hours. They last one hour in UTC, since most changes occur at their start and end. */
const START = Date.parse('2026-11-02T07:30:00Z');
const DAY_OF_HOURS = 24 * 60 * MINUTE;
const FALLBACK = 'amazon.nova-pro-v1:0';
const PARAMETER = 'what-to-invoke';

function propertiesWith(modelUnits: string): TemplateProperties {
  return {
    modelId: 'amazon.nova-pro-v1:0:24k',
    modelUnits,
    namePrefix: 'Stack',
    businessHours: { days: ['MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT', 'SUN'], start: '08:00', end: '09:00', timeZone: 'UTC' },
    modelIdParameter: PARAMETER,
    fallbackModelId: FALLBACK,
  };
}

/** A stack whose throughput exists only in business hours, with events of EventBridge Scheduler that are late, lost, or delivered twice. */
export class HoursWorld implements ThroughputWitness {
  public readonly findings: string[] = [];
  private readonly clock = new Clock(START);
  private readonly aws: Aws;
  private readonly stack: Stack;
  private readonly framework: Framework;
  private readonly lambda: Lambda<HoursHandler>;
  private isTicking = false;
  private ticks = 0;

  constructor(handlerOf: (services: Services, configuration: FunctionConfiguration) => HoursHandler, trouble: Trouble) {
    this.aws = new Aws(this.clock, trouble, this);
    this.lambda = new Lambda(this.aws, (services) => handlerOf(services, this.configuration));
    this.framework = new Framework(this.aws, this.lambda);
    this.stack = new Stack(this.aws, this.clock, this.framework);
    this.aws.parameters.write(PARAMETER, FALLBACK);
    this.aws.parameters.write(parameterName(PARAMETER_PATH, 'notified', LOGICAL_ID), '{}');
  }

  private get configuration(): FunctionConfiguration {
    const { stack } = this;
    return { get stackId() { return stack.stackId; }, parameterPath: PARAMETER_PATH };
  }

  public get story(): string {
    return [...this.findings, ...this.aws.trace.map((entry) => entry())].join('\n');
  }

  public bought({ caller }: Purchase): void {
    if (this.aws.bedrock.all.length > 1) this.find(`${caller?.request} has bought a second one beside the first`);
  }

  public deleted(): void {
    // Deletions are expected in the evening, and before a purchase with other units.
  }

  public async play(steps: readonly HoursStep[]): Promise<void> {
    await this.deploy('1');
    for (const step of steps) await this.take(step);
    await this.remove();
    this.lambda.close();
  }

  private async take(step: HoursStep): Promise<void> {
    switch (step.do) {
      case 'pass': return this.clock.pass(step.ms);
      case 'next-morning': return this.passNight();
      case 'deploy': return this.deploy(step.units);
      case 'check': return this.check();
      case 'delete-by-hand': for (const { provisionedModelArn: arn, status } of this.aws.bedrock.all) if (status === 'InService') this.aws.bedrock.delete(arn);
    }
  }

  private async deploy(units: string): Promise<void> {
    await (this.stack.known ? this.stack.update(propertiesWith(units)) : this.stack.create(propertiesWith(units)));
    if (this.isTicking || !this.stack.known) return;
    this.isTicking = true;
    this.planTick(this.nextTick);
  }

  /** Deletes the stack, with the schedule first or last. Events that were already sent still arrive. */
  private async remove(): Promise<void> {
    if (this.aws.random.chance(0.5)) this.isTicking = false;
    if (this.stack.known) await this.stack.delete();
    await this.clock.pass(this.aws.random.between(0, 2 * TICK));
    this.isTicking = false;
    await this.clock.pass(60 * MINUTE);
    this.findings.push(...this.stack.complaints);
    for (const { provisionedModelArn: arn, status } of this.aws.bedrock.all) this.find(`${arn} (${status}) exists after the deletion`);
  }

  /** Skips hours without events. */
  private async passNight(): Promise<void> {
    const morning = START + Math.ceil((this.clock.now - START) / DAY_OF_HOURS) * DAY_OF_HOURS;
    this.isTicking = false;
    await this.clock.pass(Math.max(0, morning - this.clock.now));
    this.isTicking = this.stack.known !== undefined;
    if (this.isTicking) this.planTick(this.nextTick);
  }

  /** Checks the state after two ticks without faults, in which the business hours neither begin nor end. */
  private async check(): Promise<void> {
    if (!this.stack.known) return;
    await this.clock.until(() => this.framework.isIdle);
    this.aws.isKind = true;
    const since = this.nextTick;
    await this.clock.pass(since + 2 * TICK - this.clock.now - SECOND);
    this.aws.isKind = false;
    const isOpen = [since, since + TICK].map((time) => this.isInHours(time));
    // Throughput that is still being created cannot be deleted yet.
    if (!isOpen[0] && !isOpen[1]) this.checkClosed();
  }

  private checkClosed(): void {
    for (const { provisionedModelArn: arn, status } of this.aws.bedrock.all) if (status === 'InService') this.find(`${arn} exists outside of the hours`);
    const value = this.aws.parameters.get(PARAMETER);
    if (value !== FALLBACK) this.find(`callers are directed to ${value} outside of the hours`);
  }

  private isInHours(time: number): boolean {
    return new Date(time).getUTCHours() === 8;
  }

  private get nextTick(): number {
    return (Math.floor(this.clock.now / TICK) + 1) * TICK;
  }

  private planTick(time: number): void {
    this.clock.at(time, () => {
      if (!this.isTicking || time !== Math.floor(this.clock.now / TICK) * TICK) return;
      const deliveries = this.aws.unlucky() ? this.aws.random.pick([0, 2]) : 1;
      for (let i = 0; i < deliveries; i++) this.deliverTick(time);
      this.planTick(time + TICK);
    });
  }

  private deliverTick(time: number): void {
    const { requests } = this.stack;
    const { StackId, ResourceProperties } = requests[requests.length - 1].event;
    const tick: BusinessHoursTick = { StackId, LogicalResourceId: LOGICAL_ID, ResourceProperties, time: new Date(time).toISOString() };
    const caller = { request: `tick-${++this.ticks}`, type: 'Tick' };
    const delay = this.aws.unlucky(2) ? this.aws.random.between(0, 4 * MINUTE) : this.aws.random.between(0, SECOND);
    this.clock.after(delay, async () => this.lambda.invoke(caller, async (handler) => handler.onTick(tick), (result) => {
      this.aws.tell(() => `${caller.request} of ${tick.time}: ${'error' in result ? result.error.message : JSON.stringify(result)}`);
    }));
  }

  private find(finding: string): void {
    this.aws.tell(() => `!!!! ${finding}`);
    this.findings.push(finding);
  }
}
