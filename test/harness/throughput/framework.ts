import { Aws } from './aws';
import { MINUTE, SECOND } from './clock';
import { Ended, Lambda } from './lambda';
import { ThroughputAnswer, ThroughputEvent } from '../../../src/lambda/provisioned-model-throughput/contract';

/** The part of the handler that CloudFormation reaches. */
export interface ResourceHandler {
  onEvent(event: ThroughputEvent): Promise<{ PhysicalResourceId: string }>;
  isComplete(event: ThroughputEvent): Promise<ThroughputAnswer>;
}

export interface Answer {
  readonly status: 'SUCCESS' | 'FAILED';
  readonly id: string;
  readonly reason?: string;
}

/** A request of CloudFormation. Only the first answer counts. */
export interface Request {
  readonly event: ThroughputEvent;
  readonly answers: Answer[];
  isCancelled?: boolean;
  readonly isRepeated: boolean;
}

/** The physical id by which the framework knows that there is nothing to delete. */
export const CREATE_FAILED = 'AWSCDK::CustomResourceProviderFramework::CREATE_FAILED';
const WAITER_LIMIT = 30 * MINUTE;

/** CDK's provider framework: calls onEvent once, then isComplete every 30 seconds for half an hour, and answers. */
export class Framework {
  /** The number of executions that have not ended. */
  public open = 0;
  private firstPoll = 0;

  constructor(private readonly aws: Aws, private readonly lambda: Lambda<ResourceHandler>) {}

  public get isIdle(): boolean {
    return this.open === 0 && this.lambda.active === 0;
  }

  /** @param times more than once when Lambda's queue delivers it again */
  public deliver(request: Request, times: number): void {
    const { event } = request;
    this.aws.tell(() => `${event.RequestType} ${event.RequestId} of ${event.PhysicalResourceId} ${JSON.stringify(event.ResourceProperties)} was ${JSON.stringify(event.OldResourceProperties)}`);
    // A deletion may overtake the creation that it follows. An update that overtakes another one is indistinguishable from a new one.
    const notBefore = event.RequestType === 'Update' ? this.firstPoll : 0;
    const { now } = this.aws.clock;
    const delays = Array.from({ length: times }, () => this.delay);
    const firstPoll = Math.max(now + Math.min(...delays) + this.delay, notBefore);
    this.firstPoll = firstPoll;
    for (const delay of delays) {
      this.open++;
      this.aws.clock.after(delay, async () => this.begin(request, times > 1, firstPoll));
    }
  }

  private get delay(): number {
    const { goesWrong, random } = this.aws;
    return goesWrong && random.chance(0.1) ? random.between(0, 4 * MINUTE) : random.between(0, 2 * SECOND);
  }

  private async begin(request: Request, isRepeated: boolean, pollAt: number): Promise<void> {
    const { event } = request;
    if (event.RequestType === 'Delete' && event.PhysicalResourceId === CREATE_FAILED) return this.answer(request, { status: 'SUCCESS', id: CREATE_FAILED });
    // Not for repeated deliveries: after the marker of one and the purchase of the other, no handler could delete the purchase.
    if (!isRepeated && this.aws.unlucky(0.3)) return this.answer(request, { status: 'FAILED', id: event.PhysicalResourceId ?? CREATE_FAILED, reason: 'onEvent failed' });
    await this.lambda.invoke(callerOf(event), async (handler) => handler.onEvent(copy(event)), (result) => {
      if (!('value' in result)) return this.answer(request, { status: 'FAILED', id: event.PhysicalResourceId ?? CREATE_FAILED, reason: reasonOf(result) });
      const waited = { ...event, ...copy(result.value) };
      this.aws.clock.at(pollAt, async () => this.poll(request, waited, this.aws.clock.now));
    });
  }

  private async poll(request: Request, event: ThroughputEvent, since: number): Promise<void> {
    const { clock } = this.aws;
    await this.lambda.invoke(callerOf(event), async (handler) => handler.isComplete(copy(event)), (result) => {
      const id = event.PhysicalResourceId!;
      if (!('value' in result)) return this.answer(request, { status: 'FAILED', id, reason: reasonOf(result) });
      const answer = copy(result.value);
      if (answer.IsComplete) return this.succeed(request, event, answer);
      if (Object.keys(answer.Data ?? {}).length > 0) return this.answer(request, { status: 'FAILED', id, reason: '"Data" is not allowed if "IsComplete" is "False"' });
      if (clock.now - since >= WAITER_LIMIT) return this.answer(request, { status: 'FAILED', id, reason: 'Operation timed out' });
      clock.after(this.interval(clock.now - since), async () => this.poll(request, event, since));
    });
  }

  private succeed(request: Request, event: ThroughputEvent, answer: ThroughputAnswer): void {
    const polledAgain = this.aws.unlucky(0.5);
    this.answer(request, { status: 'SUCCESS', id: answer.PhysicalResourceId ?? event.PhysicalResourceId! });
    if (!polledAgain) return;
    // The framework's own function failed after it had answered.
    this.open++;
    const again = async () => this.lambda.invoke(callerOf(event), async (handler) => handler.isComplete(copy(event)), () => { this.open--; });
    this.aws.clock.after(this.interval(0), again);
  }

  private answer(request: Request, answer: Answer): void {
    this.open--;
    const isIgnored = request.answers.length > 0 || request.isCancelled;
    this.aws.tell(() => `${answer.status} for ${request.event.RequestType} ${request.event.RequestId}: ${answer.id} ${answer.reason ?? ''}${isIgnored ? ' (ignored)' : ''}`);
    request.answers.push(answer);
  }

  /** 30 seconds. In the middle of the wait, one poll stands for several that would find nothing new. */
  private interval(waited: number): number {
    const least = 30 * SECOND;
    return waited < MINUTE || waited > 24 * MINUTE ? least : least * this.aws.random.pick([1, 3, 5, 10]);
  }
}

function callerOf({ RequestId, RequestType }: ThroughputEvent) {
  return { request: RequestId, type: RequestType };
}

function reasonOf(result: Ended<unknown>): string {
  return 'error' in result ? result.error.message : 'the function was killed';
}

/** A copy through JSON, as of everything that is sent over a network. */
function copy<T>(value: T): T {
  return JSON.parse(JSON.stringify(value ?? {}));
}
