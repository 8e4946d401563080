import { RUN_SECONDS, ThroughputEvent, WAIT_MINUTES } from './contract';
import { asTaken, idIn, isSuccess, lastSuccess, RequestRecord, requestOf, ThroughputRecord } from './record';

/** The position of a request among the requests of its resource: it may act, must wait, is answered, or was superseded by a newer one. */
export type RequestOrder = 'act' | 'wait' | 'answered' | 'superseded';

/** The time after which no run of another request can be in progress. */
const REST = (RUN_SECONDS + 10) * 1000;
/** The time after which a request fails with a reason, before CDK's provider framework times out without one. */
const OVERDUE = (WAIT_MINUTES - 2) * 60_000;

export function requestOrder(record: ThroughputRecord, event: ThroughputEvent, now: number): RequestOrder {
  const { requests = [] } = record;
  const mine = requestOf(record, event.RequestId)!;
  if (mine.answer) return 'answered';
  if (requests[requests.length - 1] !== mine) return 'superseded';
  return mustRest(record, event) && now < mine.since + REST ? 'wait' : 'act';
}

/** Whether another run may be in progress: of a request without an answer, of a request that never arrived, or of business hours. */
function mustRest({ requests = [] }: ThroughputRecord, { RequestType, ResourceProperties, OldResourceProperties }: ThroughputEvent): boolean {
  const [mine, before] = [...requests].reverse();
  if (mine.unseen || mine.back || (before !== undefined && before.answer === undefined)) return true;
  if (RequestType === 'Delete') return ResourceProperties.businessHours !== undefined;
  return OldResourceProperties?.businessHours !== undefined && !ResourceProperties.businessHours;
}

/** Whether a request is a creation that arrives after its own deletion. */
export function isTooLate({ requests = [] }: ThroughputRecord, { RequestType, RequestId }: ThroughputEvent): boolean {
  return RequestType === 'Create' && requests.some(({ unseen }) => unseen) && !requests.some(({ id }) => id === RequestId);
}

/** Whether more waiting will not complete a request. */
export function isOverdue(record: ThroughputRecord, { RequestId }: ThroughputEvent, now: number): boolean {
  const mine = requestOf(record, RequestId);
  return mine !== undefined && now > mine.since + OVERDUE;
}

/** The physical id that CloudFormation has for the resource now, according to the record and the event. */
export function currentId({ requests = [] }: ThroughputRecord, event: ThroughputEvent): string | undefined {
  const last = lastSuccess(asTaken(requests, event));
  return last && idIn(last);
}

/** The failed requests, whose purchases may still exist. */
export function abandoned({ requests = [] }: ThroughputRecord, event: ThroughputEvent): RequestRecord[] {
  return asTaken(requests, event).filter((request) => request.id !== event.RequestId && idIn(request) === undefined);
}

/** Whether the previous request has failed, so that this one is its rollback. */
export function followsFailure({ requests = [] }: ThroughputRecord, event: ThroughputEvent): boolean {
  const taken = asTaken(requests, event);
  const before = taken[taken.findIndex(({ id }) => id === event.RequestId) - 1];
  return before !== undefined && !isSuccess(before) && idIn(before) === undefined;
}
