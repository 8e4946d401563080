import { RUN_SECONDS, ThroughputEvent, WAIT_MINUTES } from './contract';
import { asTaken, idIn, isSuccess, lastSuccess, RequestRecord, requestOf, ThroughputRecord } from './record';

/** The place of a request among all of its resource: it may act, must wait, is answered already, or was superseded by a newer one. */
export type RequestOrder = 'act' | 'wait' | 'answered' | 'superseded';

/** The time after which no run of another request can be under way. */
const REST = (RUN_SECONDS + 10) * 1000;
/** Before CDK's provider framework times out without a reason. */
const OVERDUE = (WAIT_MINUTES - 2) * 60_000;

export function requestOrder(record: ThroughputRecord, event: ThroughputEvent, now: number): RequestOrder {
  const { requests = [] } = record;
  const mine = requestOf(record, event.RequestId)!;
  if (mine.answer) return 'answered';
  if (requests[requests.length - 1] !== mine) return 'superseded';
  return mustRest(record, event) && now < mine.since + REST ? 'wait' : 'act';
}

/** Whether another run may be at work: of a request without an answer, of one that was never seen, or of business hours. */
function mustRest({ requests = [] }: ThroughputRecord, { RequestType, ResourceProperties, OldResourceProperties }: ThroughputEvent): boolean {
  const [mine, before] = [...requests].reverse();
  if (mine.unseen || mine.back || (before !== undefined && before.answer === undefined)) return true;
  if (RequestType === 'Delete') return ResourceProperties.businessHours !== undefined;
  return OldResourceProperties?.businessHours !== undefined && !ResourceProperties.businessHours;
}

/** True for a creation that comes after its own deletion. */
export function isTooLate({ requests = [] }: ThroughputRecord, { RequestType, RequestId }: ThroughputEvent): boolean {
  return RequestType === 'Create' && requests.some(({ unseen }) => unseen) && !requests.some(({ id }) => id === RequestId);
}

/** True when it will not come to an end by waiting. */
export function isOverdue(record: ThroughputRecord, { RequestId }: ThroughputEvent, now: number): boolean {
  const mine = requestOf(record, RequestId);
  return mine !== undefined && now > mine.since + OVERDUE;
}

/** The physical id by which CloudFormation knows the resource now, by the record and the event. */
export function currentId({ requests = [] }: ThroughputRecord, event: ThroughputEvent): string | undefined {
  const last = lastSuccess(asTaken(requests, event));
  return last && idIn(last);
}

/** The requests that came to nothing, and may have left something behind. */
export function abandoned({ requests = [] }: ThroughputRecord, event: ThroughputEvent): RequestRecord[] {
  return asTaken(requests, event).filter((request) => request.id !== event.RequestId && idIn(request) === undefined);
}

/** Whether the request before this one has failed: CloudFormation then asks for what was before. */
export function followsFailure({ requests = [] }: ThroughputRecord, event: ThroughputEvent): boolean {
  const taken = asTaken(requests, event);
  const before = taken[taken.findIndex(({ id }) => id === event.RequestId) - 1];
  return before !== undefined && !isSuccess(before) && idIn(before) === undefined;
}
