import { phaseAt, windowOf } from './business-hours';
import { hash, nameOf, ownerOf, PhysicalId } from './identity';
import { dryRunText, isDryRun } from './price-check';
import { isNamed, isTransient } from './problems';
import { idIn, lastSuccess, ThroughputRecord } from './record';
import { readParameter, readRecord, writeParameter } from './record.lambda';
import { Services } from './services';
import { Term } from './term.lambda';
import { isAsWished, isSettled, Throughput, Throughputs } from './throughputs.lambda';
import { BusinessHoursTick, TICK_MINUTES } from '../provisioned-model-throughput.contract';

const MINUTE = 60_000;
/** No request of CloudFormation has bought it, and none takes it for what it has left behind. */
const BUSINESS_HOURS_MARK = 'business-hours';

/**
 * Throughput in business hours: bought in the morning, deleted in the evening.
 *
 * Called every few minutes, it compares what stands with what should stand now. An event that is lost, a throttled call or
 * a purchase that takes long are mended by the next one; a single event in the evening that is lost would cost a night.
 */
export class BusinessHoursTicks {
  constructor(private readonly services: Services, private readonly throughputs: Throughputs, private readonly term: Term) {}

  public async onTick(tick: BusinessHoursTick): Promise<void> {
    const { ResourceProperties: properties, time } = tick;
    // Lambda may have kept it for hours: what it stands for is over.
    if (this.services.now() - Date.parse(time) > 2 * TICK_MINUTES * MINUTE) return console.warn(`ignored: a tick of ${time}`);
    const stored = await readRecord(this.services, properties.record);
    const state = stateOf(stored?.record ?? {}, this.services.now());
    if (state === 'at-work') return undefined;
    const phase = phaseAt(properties.businessHours!, new Date(time));
    const found = await this.throughputs.find(nameOf(tick));
    if (found && !await this.throughputs.isOwn(tick, found)) throw new Error(`the name ${nameOf(tick)} is in use by ${found.provisionedModelArn}, which was not bought for these business hours: give another provisionedModelName`);
    if (phase === 'open' && isDryRun(properties)) return console.info(dryRunText(tick));
    if (phase === 'open') return state === 'ready' ? this.open(tick, found) : undefined;
    // Callers are sent away before what they call is deleted.
    await this.publish(tick, undefined);
    if (phase !== 'closing' && found) await this.remove(found);
  }

  private async open(tick: BusinessHoursTick, found: Throughput | undefined): Promise<void> {
    if (found && isAsWished(found, tick) && isSettled(found)) return this.publish(tick, found.provisionedModelArn);
    await this.publish(tick, undefined);
    if (!found) return this.buy(tick);
    // Of other units or another model: the next tick buys what is wished.
    if (found.status === 'Failed' || !isAsWished(found, tick)) await this.remove(found);
  }

  private async buy(tick: BusinessHoursTick): Promise<void> {
    const { businessHours, modelId, modelUnits } = tick.ResourceProperties;
    const name = nameOf(tick);
    // The same through the hours, so that they buy once; another one the next time, for AWS ignores one that it knows.
    const token = hash(ownerOf(tick), windowOf(businessHours!, new Date(tick.time)), modelId, String(modelUnits));
    try {
      await this.throughputs.buy(tick, name, token, BUSINESS_HOURS_MARK);
    } catch (e) {
      if (!isTransient(e) && isHour(tick)) {
        await this.term.tell(tick.ResourceProperties, 'Provisioned throughput could not be bought', `NOT BOUGHT: ${name} is not there in its business hours, and callers use the model on demand: ${(e as Error).message}`);
      }
      throw e;
    }
  }

  private async remove({ provisionedModelArn, commitmentDuration }: Throughput): Promise<void> {
    if (commitmentDuration) throw new Error(`${provisionedModelArn} has a commitment, and is not deleted at the end of business hours`);
    try {
      await this.throughputs.delete(provisionedModelArn!);
    } catch (e) {
      // Still being made: the next tick tries again.
      if (!isNamed(e, 'ConflictException')) throw e;
      console.warn(`tried again: ${(e as Error).message}`);
    }
  }

  /** Says what to invoke now: the throughput, or else the model on demand. */
  private async publish({ ResourceProperties: { modelIdParameter, fallbackModelId } }: BusinessHoursTick, arn: string | undefined): Promise<void> {
    const value = arn ?? fallbackModelId!;
    if ((await readParameter(this.services, modelIdParameter!))?.Value !== value) await writeParameter(this.services, modelIdParameter!, value);
  }
}

/** The first tick of an hour: nobody wants to be told every few minutes. */
function isHour({ time }: BusinessHoursTick): boolean {
  return new Date(time).getUTCMinutes() < TICK_MINUTES;
}

/**
 * Whether CloudFormation is done with the resource. While it is at work, nothing is bought or deleted beside it; where it
 * has failed, nothing is bought any more, but the evening still deletes.
 */
function stateOf(record: ThroughputRecord, now: number): 'ready' | 'at-work' | 'failed' {
  const newest = record.requests?.[record.requests.length - 1];
  if (newest && !newest.answer) return now < newest.since + 60 * MINUTE ? 'at-work' : 'failed';
  const last = lastSuccess(record.requests ?? []);
  const current = last && idIn(last);
  // The last deletion may be that of what was there before the business hours.
  const isDeleted = newest?.answer && 'deleted' in newest.answer && newest.answer.id === current;
  return newest?.answer && 'id' in newest.answer && PhysicalId.isBusinessHours(current) && !isDeleted ? 'ready' : 'failed';
}
