import { ThroughputEvent } from './contract';
import { PhysicalId } from './identity';
import { isTransient, SUPERSEDED } from './problems';
import { idIn, merged, parseRecord, RequestAnswer, requestOf, RequestRecord, ThroughputRecord, withMore, withRequest } from './record';
import { abandoned, currentId, followsFailure, isOverdue, isTooLate, RequestOrder, requestOrder } from './request-order';
import { Services } from './services';
import { Refusal } from '../shared/errors';
import { readVersioned, StoredRecord, writeParameter } from '../shared/versioned-parameter';

/** The part of the record that one request of CloudFormation reads and writes. */
export class RequestLog {
  /**
   * Enters the request into the record.
   *
   * @param names the names of its possible purchases
   * @throws when the record does not exist: then the stack has deleted the resource, and nothing may be bought
   */
  public static async open(services: Services, event: ThroughputEvent, names: readonly string[]): Promise<RequestLog> {
    const { ResourceProperties: { record: parameter }, RequestType } = event;
    const stored = await readThroughputRecord(services, parameter).catch((e) => {
      // A purchase can be deleted by its ARN without the record.
      if (RequestType === 'Delete' && PhysicalId.isPurchase(event.PhysicalResourceId) && !isTransient(e)) return undefined;
      throw e;
    });
    if (stored === undefined && RequestType !== 'Delete') throw recordIsGone(parameter);
    const log = new RequestLog(services, event, stored?.record ?? {}, stored !== undefined);
    if (isTooLate(log.record, event)) throw new Refusal(SUPERSEDED);
    await log.change((record) => withRequest(record, event, names, services.now()), stored);
    return log;
  }

  private constructor(
    private readonly services: Services, private readonly event: ThroughputEvent, private record: ThroughputRecord, public readonly exists: boolean,
  ) {}

  public get order(): RequestOrder {
    // The stack deletes the record after the functions that could buy.
    if (!this.exists) return 'act';
    return requestOrder(this.record, this.event, this.services.now());
  }

  /** The ARN of the recorded purchase of this request. */
  public get bought(): string | undefined {
    return this.mine?.bought;
  }

  public get answer(): RequestAnswer | undefined {
    return this.mine?.answer;
  }

  public get isOverdue(): boolean {
    return isOverdue(this.record, this.event, this.services.now());
  }

  public get currentId(): string | undefined {
    return currentId(this.record, this.event);
  }

  public get abandoned(): readonly RequestRecord[] {
    return abandoned(this.record, this.event);
  }

  public get requests(): readonly RequestRecord[] {
    return this.record.requests ?? [];
  }

  /** Whether an ARN is a recorded purchase for this resource, or was reported to CloudFormation as one. */
  public knows(arn: string): boolean {
    return this.requests.some((request) => request.bought === arn || idIn(request) === arn);
  }

  public get followsFailure(): boolean {
    return followsFailure(this.record, this.event);
  }

  public async noteBought(arn: string): Promise<void> {
    await this.note({ bought: arn });
  }

  public async noteAnswer(answer: RequestAnswer): Promise<void> {
    await this.note({ answer });
  }

  private get mine(): RequestRecord | undefined {
    return requestOf(this.record, this.event.RequestId);
  }

  /** Changes the entry of this request. The record is read again first: another request may have been entered. */
  private async note(more: Pick<RequestRecord, 'bought' | 'answer'>): Promise<void> {
    const stored = this.exists ? await readThroughputRecord(this.services, this.event.ResourceProperties.record) : undefined;
    await this.change((record) => withMore(record, this.event.RequestId, more), stored);
  }

  private async change(next: (record: ThroughputRecord) => ThroughputRecord, stored: StoredRecord<ThroughputRecord> | undefined): Promise<void> {
    this.record = next(stored?.record ?? this.record);
    if (!stored || this.record === stored.record) return;
    const { record: parameter } = this.event.ResourceProperties;
    const wanted = stored.version + 1;
    const version = await writeParameter(this.services, parameter, JSON.stringify({ ...this.record, version: wanted }));
    // The stack has deleted the parameter in between, and this write has created it again.
    if (version < wanted) throw recordIsGone(parameter);
    // Another run has written in between, so both versions are merged.
    if (version > wanted) this.record = (await readThroughputRecord(this.services, parameter))?.record ?? this.record;
  }
}

/** The record, merged with versions that a concurrent run has overwritten; undefined if the parameter does not exist. */
export async function readThroughputRecord(services: Services, parameter: string): Promise<StoredRecord<ThroughputRecord> | undefined> {
  return readVersioned(services, parameter, { parse: parseRecord, merge: (records) => merged(records, services.now()) });
}

function recordIsGone(parameter: string): Refusal {
  return new Refusal(`The parameter ${parameter}, which records the purchases, does not exist. Deploy the stack again. Nothing was bought.`);
}
