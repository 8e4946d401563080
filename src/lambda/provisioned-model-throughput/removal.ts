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

/** Deletes purchases, as far as AWS allows it. */
export class Removal {
  constructor(private readonly throughputs: Throughputs, private readonly term: Term) {}

  /** Deletes the purchases of a resource. True when each is deleted, or has a commitment and cannot be deleted before its end. */
  public async ofResource(event: ThroughputEvent, log: RequestLog): Promise<boolean> {
    const id = event.PhysicalResourceId!;
    const isReplaced = log.currentId !== undefined && log.currentId !== id;
    const removed: Removed[] = [];
    for (const found of await this.meantBy(id, event, log)) removed.push(await this.remove(event, found));
    // Only the last deletion deletes all purchases: the replacement of a purchase has the same names.
    if (!isReplaced && !await this.ofAbandoned(event, log, ({ provisionedModelArn }) => provisionedModelArn === id)) removed.push('not-yet');
    if (removed.includes('not-yet')) return false;
    return !isReplaced || this.giveNameBack(event, log.currentId!);
  }

  /**
   * Deletes purchases of failed requests, which CloudFormation does not know.
   *
   * @param isKept whether a purchase is not deleted
   * @returns false when it must be tried again
   */
  public async ofAbandoned(event: ThroughputEvent, log: RequestLog, isKept: (found: Throughput) => boolean): Promise<boolean> {
    let done = true;
    for (const found of await this.throughputs.findOwn(event, log.abandoned.flatMap(({ names }) => names), marksOf(log.abandoned, event))) {
      if (isKept(found)) continue;
      if (await this.remove(event, found) === 'not-yet') done = false;
    }
    return done;
  }

  /** Deletes one purchase. A purchase that AWS does not delete before the end of its commitment is kept, since the stack cannot wait for months. */
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
    // It was not ready at the time of the request, and is now.
    if (!left.commitmentDuration && isNamed(why, 'ConflictException')) return 'not-yet';
    if (!left.commitmentDuration) throw explained(why, event.ResourceProperties);
    const release = await this.term.release(left, event.ResourceProperties);
    await this.term.notify(event.ResourceProperties, 'Provisioned throughput is billed on', `${STILL_BILLED}: ${arn} has a commitment (${left.commitmentDuration}) and is billed until ${until(left)}. `
      + `${release} Error of AWS: ${why.message}`);
    return 'kept';
  }

  /**
   * The purchases that a physical id refers to: an ARN to its purchase; a provisional id to the purchases of its request; an id that
   * CloudFormation has made up to the purchases of all earlier requests. Without the record, which its stack has then deleted, those
   * purchases could belong to another resource.
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

  /** Refuses a purchase that is neither in the record nor has the tag of this resource: a forged event can have any ARN. */
  public async requireOwn(found: Throughput, event: ThroughputEvent, log: RequestLog): Promise<void> {
    const arn = found.provisionedModelArn!;
    if (log.knows(arn) || await this.throughputs.isOwn(event, found)) return;
    throw new Refusal(`${arn} was not bought for ${event.LogicalResourceId} of this stack, according to its tag ${OWNER_TAG} and the record ${event.ResourceProperties.record}. It is neither changed nor deleted. Delete it manually if it is not used.`);
  }

  private async unknownBy(id: string, event: ThroughputEvent, log: RequestLog): Promise<Throughput[]> {
    if (!PhysicalId.isBusinessHours(id)) return this.throughputs.findOwn(event, namesOf(event), marksOf(log.requests, event));
    const found = await this.throughputs.findOwn(event, [PhysicalId.nameIn(id)]);
    return found.filter(({ provisionedModelArn }) => provisionedModelArn !== log.currentId);
  }

  /** Renames the replacement of a deleted purchase to the name from the user, which is now free. */
  private async giveNameBack(event: ThroughputEvent, currentArn: string): Promise<boolean> {
    const [name, spare] = namesOf(event);
    if (spare === undefined) return true;
    const [current] = await this.throughputs.findOwn(event, [spare]);
    if (current?.provisionedModelArn !== currentArn || await this.throughputs.find(name)) return true;
    if (current.status !== 'InService') return false;
    try {
      await this.throughputs.update(currentArn, { name: nameOf(event) });
    } catch (e) {
      // The deletion is complete even if the rename fails; the next deployment renames it.
      if (isTransient(e)) throw e;
      console.error(`NOT RENAMED: ${currentArn} to ${name}: ${(e as Error).message}`);
    }
    return true;
  }
}

function marksOf(requests: readonly RequestRecord[], event: ThroughputEvent): string[] {
  return requests.map(({ id }) => requestMark({ ...event, RequestId: id }));
}
