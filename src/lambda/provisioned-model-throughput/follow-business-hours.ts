import { Allowances } from './allowance';
import { Phase, phaseAt, windowOf } from './business-hours';
import { BusinessHoursTick, TICK_MINUTES } from './contract';
import { Failure, FailureNotices } from './failure-notices';
import { nameOf, ownerOf, PhysicalId } from './identity';
import { dryRunText, isDryRun } from './price-check';
import { isTransient } from './problems';
import { idIn, lastSuccess, ThroughputRecord } from './record';
import { readThroughputRecord } from './record-store';
import { Services } from './services';
import { isAsRequested, isSettled, Throughput, Throughputs } from './throughputs';
import { isNamed } from '../shared/errors';
import { hash } from '../shared/hash';
import { MINUTE } from '../shared/time';
import { readParameter, writeParameter } from '../shared/versioned-parameter';

/** The request tag of purchases in business hours. It keeps CloudFormation requests from deleting them as remainders of their own. */
const BUSINESS_HOURS_MARK = 'business-hours';

/**
 * Buys throughput at the start of business hours, and deletes it at their end.
 *
 * Each tick compares the actual state with the desired state. The next tick makes up for a lost event, a throttled call or a slow
 * purchase; with a single event in the evening, its loss would cost a whole night.
 */
export class BusinessHoursTicks {
  constructor(
    private readonly services: Services, private readonly throughputs: Throughputs, private readonly allowances: Allowances,
    private readonly failures: FailureNotices,
  ) {}

  public async onTick(tick: BusinessHoursTick): Promise<void> {
    this.allowances.checkStack(tick);
    // Lambda may have delayed the event for hours, and no tick is planned for later: other times are ignored.
    // The time must be a string: `Date` and `Date.parse` read a number differently.
    const isNow = typeof tick.time === 'string' && Math.abs(this.services.now() - Date.parse(tick.time)) <= 2 * TICK_MINUTES * MINUTE;
    if (!isNow) return console.warn(`ignored: a tick of ${String(tick.time)}`);
    const phase = phaseAt(tick.ResourceProperties.businessHours!, new Date(tick.time));
    // The deletion in the evening does not need the parameter of the allowed purchase, which may be unreadable.
    if (phase !== 'closed') await this.allowances.check(tick);
    try {
      const unfinished = await this.compare(tick, phase);
      if (unfinished === 'at-work') return;
      await (unfinished ? this.failures.report(tick, unfinished) : this.failures.clear(tick));
    } catch (e) {
      await this.failures.report(tick, failureOf(tick, phase, e as Error));
      // The alarm on the function's errors counts it.
      throw e;
    }
  }

  /** @returns the failure to delete throughput outside of business hours; `at-work` while CloudFormation changes the resource */
  private async compare(tick: BusinessHoursTick, phase: Phase): Promise<Failure | 'at-work' | undefined> {
    const { ResourceProperties: properties } = tick;
    const stored = await readThroughputRecord(this.services, properties.record);
    const state = stateOf(stored?.record ?? {}, this.services.now());
    if (state === 'at-work') return state;
    const found = await this.throughputs.find(nameOf(tick));
    if (found && !await this.throughputs.isOwn(tick, found)) throw new Error(`the name ${nameOf(tick)} is in use by ${found.provisionedModelArn}, which was not bought for these business hours. Give another provisionedModelName.`);
    if (phase === 'open' && isDryRun(properties)) return void console.info(dryRunText(tick));
    if (phase === 'open') return void (state === 'ready' && await this.open(tick, found));
    if (phase === 'closing' || !found) return void await this.publish(tick, undefined);
    return this.close(tick, found);
  }

  /** Deletes the throughput after redirecting its callers, also if the redirection fails. */
  private async close(tick: BusinessHoursTick, found: Throughput): Promise<Failure | undefined> {
    const notPublished = await this.publish(tick, undefined).catch((e: Error) => e);
    const notReady = await this.remove(found);
    if (notPublished) throw notPublished;
    return notReady && failureOf(tick, 'closed', notReady);
  }

  private async open(tick: BusinessHoursTick, found: Throughput | undefined): Promise<void> {
    if (found && isAsRequested(found, tick) && isSettled(found)) return this.publish(tick, found.provisionedModelArn);
    await this.publish(tick, undefined);
    if (!found) return this.buy(tick);
    // It has other units or another model: the next tick buys the requested ones.
    if (found.status === 'Failed' || !isAsRequested(found, tick)) await this.remove(found);
  }

  private async buy(tick: BusinessHoursTick): Promise<void> {
    const { businessHours, modelId, modelUnits } = tick.ResourceProperties;
    await this.allowances.checkPurchase(tick);
    // One token for each window, which makes one purchase; AWS ignores a repeated token.
    const token = hash(ownerOf(tick), windowOf(businessHours!, new Date(tick.time)), modelId, String(modelUnits));
    await this.throughputs.buy(tick, nameOf(tick), token, BUSINESS_HOURS_MARK);
  }

  /** @returns the error if AWS does not delete it yet */
  private async remove({ provisionedModelArn, commitmentDuration }: Throughput): Promise<Error | undefined> {
    if (commitmentDuration) throw new Error(`${provisionedModelArn} has a commitment, and is not deleted at the end of business hours.`);
    try {
      await this.throughputs.delete(provisionedModelArn!);
      return undefined;
    } catch (e) {
      // It is still being created: the next tick tries again.
      if (!isNamed(e, 'ConflictException')) throw e;
      console.warn(`tried again: ${(e as Error).message}`);
      return e as Error;
    }
  }

  /** Publishes the model id to invoke now: the throughput, or else the model on demand. */
  private async publish(tick: BusinessHoursTick, arn: string | undefined): Promise<void> {
    const { modelIdParameter, fallbackModelId } = tick.ResourceProperties;
    await this.allowances.check(tick);
    const value = arn ?? fallbackModelId!;
    if ((await readParameter(this.services, modelIdParameter!))?.Value !== value) await writeParameter(this.services, modelIdParameter!, value);
  }
}

function failureOf(tick: BusinessHoursTick, phase: Phase, e: Error): Failure {
  const { modelUnits, modelId } = tick.ResourceProperties;
  const name = nameOf(tick);
  const why = e.name === 'Error' ? e.message : `${e.name}: ${e.message}`;
  // A retry usually succeeds at one of the next ticks.
  const isPassing = isTransient(e) || isNamed(e, 'ConflictException');
  const common = { what: isPassing ? `${phase}, for a while` : `${phase}: ${why}`, afterMinutes: isPassing ? 60 : 0 };
  if (phase === 'closed') {
    return {
      ...common,
      subject: 'Provisioned throughput may be billed outside business hours',
      message: `NOT DELETED: ${name} is outside its business hours, and its deletion could not be confirmed: ${why}. `
        + `If it exists, AWS bills ${modelUnits} model unit${Number(modelUnits) === 1 ? '' : 's'} of ${modelId} by the hour until it is deleted: aws bedrock delete-provisioned-model-throughput --provisioned-model-id ${name}`,
    };
  }
  if (phase === 'closing') {
    return { ...common, subject: 'Provisioned throughput is about to be deleted', message: `NOT PUBLISHED: ${name} is about to be deleted, and its callers could not be redirected to the model on demand: ${why}` };
  }
  return {
    ...common,
    subject: 'Provisioned throughput could not be bought',
    message: `NOT BOUGHT: ${name} does not exist in its business hours, and callers use the model on demand: ${why}`,
  };
}

/**
 * The state of the last CloudFormation request for the resource. During a request, nothing is bought or deleted; after a failed one,
 * nothing is bought, but the end of business hours still deletes.
 */
function stateOf(record: ThroughputRecord, now: number): 'ready' | 'at-work' | 'failed' {
  const newest = record.requests?.[record.requests.length - 1];
  if (newest && !newest.answer) return now < newest.since + 60 * MINUTE ? 'at-work' : 'failed';
  const last = lastSuccess(record.requests ?? []);
  const current = last && idIn(last);
  // The last deletion may be of throughput from before the business hours.
  const isDeleted = newest?.answer && 'deleted' in newest.answer && newest.answer.id === current;
  return newest?.answer && 'id' in newest.answer && PhysicalId.isBusinessHours(current) && !isDeleted ? 'ready' : 'failed';
}
