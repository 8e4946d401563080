import { OWNER_TAG, ThroughputEvent } from './contract';
import { nameOf, namesOf, PhysicalId, requestMark } from './identity';
import { explained, isTransient, STILL_BILLED, until } from './problems';
import { RequestRecord } from './record';
import { RequestLog } from './record-store';
import { Term } from './term';
import { Throughput, Throughputs } from './throughputs';
import { isNamed, Refusal } from '../shared/errors';

/** The result of a deletion. */
type Removed = 'gone' | 'not-yet' | 'kept';

/** Deletes what was bought, as far as AWS lets it. */
export class Removal {
  constructor(private readonly throughputs: Throughputs, private readonly term: Term) {}

  /** True when all that the resource has bought is gone, or cannot go before the end of its commitment. */
  public async ofResource(event: ThroughputEvent, log: RequestLog): Promise<boolean> {
    const id = event.PhysicalResourceId!;
    const isReplaced = log.currentId !== undefined && log.currentId !== id;
    const removed: Removed[] = [];
    for (const found of await this.meantBy(id, event, log)) removed.push(await this.remove(event, found));
    // Only the last deletion clears up everything: what took the place of a replaced purchase has the same names.
    if (!isReplaced && !await this.ofAbandoned(event, log, ({ provisionedModelArn }) => provisionedModelArn === id)) removed.push('not-yet');
    if (removed.includes('not-yet')) return false;
    return !isReplaced || this.giveNameBack(event, log.currentId!);
  }

  /**
   * Deletes what requests that came to nothing have left behind; CloudFormation does not know of it.
   *
   * @param isKept what is not meant
   * @returns false when that has to be tried again
   */
  public async ofAbandoned(event: ThroughputEvent, log: RequestLog, isKept: (found: Throughput) => boolean): Promise<boolean> {
    let done = true;
    for (const found of await this.throughputs.findOwn(event, log.abandoned.flatMap(({ names }) => names), marksOf(log.abandoned, event))) {
      if (isKept(found)) continue;
      if (await this.remove(event, found) === 'not-yet') done = false;
    }
    return done;
  }

  /** Deletes one purchase, unless AWS does not let it go before the end of its commitment: a stack must not hang on that for months. */
  public async remove(event: ThroughputEvent, found: Throughput): Promise<Removed> {
    const arn = found.provisionedModelArn!;
    try {
      await this.throughputs.delete(arn);
    } catch (e) {
      if (!isNamed(e, 'ConflictException', 'ValidationException')) throw explained(e, event.ResourceProperties);
      return this.refused(event, arn, e as Error);
    }
    await this.term.forget(arn, event.ResourceProperties);
    return 'gone';
  }

  private async refused(event: ThroughputEvent, arn: string, why: Error): Promise<Removed> {
    const left = await this.throughputs.find(arn);
    if (!left) return 'gone';
    if (left.status === 'Creating' || left.status === 'Updating') return 'not-yet';
    // It was not ready when it was asked, and is now.
    if (!left.commitmentDuration && isNamed(why, 'ConflictException')) return 'not-yet';
    if (!left.commitmentDuration) throw explained(why, event.ResourceProperties);
    const release = await this.term.release(left, event.ResourceProperties);
    // Whoever reads the log, the topic or the bill has to know.
    await this.term.notify(event.ResourceProperties, 'Provisioned throughput is billed on', `${STILL_BILLED}: ${arn} has a commitment (${left.commitmentDuration}) and is billed until ${until(left)}. `
      + `${release} AWS said: ${why.message}`);
    return 'kept';
  }

  /**
   * The purchases that CloudFormation means: by an ARN that very purchase; by one of ours that names no purchase what was bought for that
   * request; by an id that it has made up all that was bought for the requests before. Without the record, which its stack
   * has deleted then, that would be somebody else's.
   */
  private async meantBy(id: string, event: ThroughputEvent, log: RequestLog): Promise<Throughput[]> {
    if (PhysicalId.isDryRun(id)) return [];
    if (PhysicalId.isProvisional(id)) return this.throughputs.findOwn(event, namesOf(event), [PhysicalId.nameIn(id)]);
    if (!PhysicalId.isPurchase(id)) return log.exists ? this.unknownBy(id, event, log) : [];
    const found = await this.throughputs.find(id);
    if (found) {
      await this.requireOwn(found, event, log);
      return [found];
    }
    const restored = await this.throughputs.restoredFrom(id, event);
    return restored ? [restored] : [];
  }

  /** Anyone who can invoke the function can name any ARN: refuses what the record does not know and what is not tagged as this resource's. */
  public async requireOwn(found: Throughput, event: ThroughputEvent, log: RequestLog): Promise<void> {
    const arn = found.provisionedModelArn!;
    if (log.knows(arn) || await this.throughputs.isOwn(event, found)) return;
    throw new Refusal(`${arn} was not bought for ${event.LogicalResourceId} of this stack, as its tag ${OWNER_TAG} and the record ${event.ResourceProperties.record} have it. It is neither changed nor deleted. Delete it manually if it is not used.`);
  }

  private async unknownBy(id: string, event: ThroughputEvent, log: RequestLog): Promise<Throughput[]> {
    if (!PhysicalId.isBusinessHours(id)) return this.throughputs.findOwn(event, namesOf(event), marksOf(log.requests, event));
    const found = await this.throughputs.findOwn(event, [PhysicalId.nameIn(id)]);
    return found.filter(({ provisionedModelArn }) => provisionedModelArn !== log.currentId);
  }

  /** Gives the purchase that took the place of a deleted one the name that the user chose, now that it is free. */
  private async giveNameBack(event: ThroughputEvent, currentArn: string): Promise<boolean> {
    const [name, spare] = namesOf(event);
    if (spare === undefined) return true;
    const [current] = await this.throughputs.findOwn(event, [spare]);
    if (current?.provisionedModelArn !== currentArn || await this.throughputs.find(name)) return true;
    if (current.status !== 'InService') return false;
    try {
      await this.throughputs.update(currentArn, { name: nameOf(event) });
    } catch (e) {
      // The deletion has come to its end, whatever the other one is called; the next deployment renames it.
      if (isTransient(e)) throw e;
      console.error(`NOT RENAMED: ${currentArn} to ${name}: ${(e as Error).message}`);
    }
    return true;
  }
}

function marksOf(requests: readonly RequestRecord[], event: ThroughputEvent): string[] {
  return requests.map(({ id }) => requestMark({ ...event, RequestId: id }));
}
