import { ThroughputEvent, ThroughputProperties, WAIT_MINUTES } from './contract';
import { PhysicalId } from './identity';
import { hash } from '../shared/hash';

/**
 * The requests of CloudFormation for a resource, newest last, and their answers.
 *
 * CloudFormation may send the next request while the last one is in progress: it deletes a resource whose creation it has cancelled,
 * under an id that it makes up. Events may also be delivered twice, or late. So only the newest request acts, after waiting until no
 * run of an earlier request can be in progress: nothing is bought after the deletion.
 */
export interface ThroughputRecord {
  readonly requests?: readonly RequestRecord[];
  /**
   * The version that this record was to become. If the actual version is a later one, other runs have written in between, since
   * parameters have no conditional writes, and their records are in those versions.
   */
  readonly version?: number;
}

export interface RequestRecord {
  readonly id: string;
  /** The time at which it was first seen, milliseconds since 1970. */
  readonly since: number;
  /** The hash of the requested properties, which distinguishes requests for different properties. */
  readonly requestedHash: string;
  /** The hash of the properties that an update was to change. */
  readonly previousHash?: string;
  /** Whether it is an update back from an update that has failed or has no answer yet. */
  readonly back?: true;
  /** Whether it is a deletion that arrived before the creation. */
  readonly unseen?: true;
  /** The names of its possible purchases. */
  readonly names: readonly string[];
  /** The ARN of its purchase. */
  readonly bought?: string;
  readonly answer?: RequestAnswer;
}

/** The answer to CloudFormation: the physical id, or the reason of the failure. */
export type RequestAnswer = { readonly id: string; readonly deleted?: true } | { readonly error: string };

/** The maximum number of requests in a record, which must fit into the 4 KB of a standard parameter. */
const KEPT_REQUESTS = 8;
const ERROR_LENGTH = 300;
/** The time after which CDK's provider framework has timed out, and no request is in progress. */
const ENDED = (WAIT_MINUTES + 10) * 60_000;

export function parseRecord(text: string | undefined): ThroughputRecord {
  return JSON.parse(text ?? '{}');
}

export function requestOf(record: ThroughputRecord, id: string): RequestRecord | undefined {
  return record.requests?.find((request) => request.id === id);
}

/** The record with the request in it, as the newest if it is new. */
export function withRequest(record: ThroughputRecord, event: ThroughputEvent, names: readonly string[], now: number): ThroughputRecord {
  if (requestOf(record, event.RequestId)) return record;
  const { requests = [] } = record;
  // The last success is kept even if many requests have failed since.
  const current = lastSuccess(asTaken(requests, event));
  const kept = requests.filter((request, i) => request.id === current?.id || i > requests.length - KEPT_REQUESTS);
  // Also if the clock was set back.
  const since = Math.max(now, ...requests.map((request) => request.since + 1));
  return { requests: inOrder([...kept.map(withoutDetails), newRequest(event, names, since, current, requests.length === 0)], now) };
}

function newRequest(
  event: ThroughputEvent, names: readonly string[], since: number, current: RequestRecord | undefined, isFirst: boolean,
): RequestRecord {
  const { RequestId: id, RequestType, PhysicalResourceId, ResourceProperties, OldResourceProperties } = event;
  const previousHash = OldResourceProperties && propertiesHash(OldResourceProperties);
  return {
    id,
    since,
    requestedHash: propertiesHash(ResourceProperties),
    ...(previousHash ? { previousHash } : {}),
    ...(RequestType === 'Update' && current !== undefined && previousHash !== current.requestedHash ? { back: true } : {}),
    ...(RequestType === 'Delete' && isFirst && !PhysicalId.isPurchase(PhysicalResourceId) ? { unseen: true } : {}),
    names,
  };
}

/** Merges the versions of concurrent writers, without losing any content. */
export function merged(records: readonly ThroughputRecord[], now: number): ThroughputRecord {
  const requests = new Map<string, RequestRecord>();
  for (const request of records.flatMap((record) => record.requests ?? [])) {
    const known = requests.get(request.id);
    requests.set(request.id, { ...request, ...known, since: Math.min(request.since, known?.since ?? Infinity) });
  }
  return { requests: inOrder([...requests.values()], now) };
}

/**
 * Requests in the order in which they first arrived. Only an update that is being rolled back is older than its rollback, even if it
 * arrived later: CloudFormation requests no new update during a rollback.
 */
function inOrder(requests: readonly RequestRecord[], now: number): readonly RequestRecord[] {
  const seen = [...requests].sort((a, b) => a.since - b.since);
  return seen.reduce((ordered: RequestRecord[], request) => {
    const last = ordered[ordered.length - 1];
    const isReversed = last?.previousHash === request.requestedHash && last?.requestedHash === request.previousHash;
    const isTakenBack = last?.back && !last.answer && now < last.since + ENDED && isReversed;
    return isTakenBack ? [...ordered.slice(0, -1), { ...request, since: last.since - 1 }, last] : [...ordered, request];
  }, []);
}

/** The record with more details of the newest request; unchanged if another request is the newest by now. */
export function withMore(record: ThroughputRecord, id: string, more: Pick<RequestRecord, 'bought' | 'answer'>): ThroughputRecord {
  const { requests = [] } = record;
  const newest = requests[requests.length - 1];
  if (newest?.id !== id || newest.answer) return record;
  const shortened = more.answer && 'error' in more.answer ? { ...more, answer: { error: storable(more.answer.error) } } : more;
  return { requests: [...requests.slice(0, -1), { ...newest, ...shortened }] };
}

/**
 * The requests with the answers that CloudFormation has accepted, as far as an event shows. An id that CloudFormation does not use for
 * the resource was returned too late, after it had cancelled the request. The purchase of that request is then unused.
 */
export function asTaken(requests: readonly RequestRecord[], event: ThroughputEvent): readonly RequestRecord[] {
  const isTooLate = lateAnswers(requests, event);
  return requests.map((request, i) => (isSuccess(request) && isTooLate(request, i) ? { ...request, answer: { error: '' } } : request));
}

function lateAnswers(requests: readonly RequestRecord[], event: ThroughputEvent): (request: RequestRecord, index: number) => boolean {
  const { RequestId, RequestType, PhysicalResourceId: known } = event;
  if (RequestType === 'Update') {
    const last = requests.map((request) => isSuccess(request) && idIn(request) === known).lastIndexOf(true);
    return ({ id }, index) => id !== RequestId && last >= 0 && index > last;
  }
  // A deletion can also be of a replaced purchase: then the later answer was accepted.
  if (RequestType !== 'Delete' || known === undefined) return () => false;
  if (PhysicalId.isProvisional(known)) return ({ id }) => PhysicalId.provisional({ ...event, RequestId: id }) === known;
  return () => !PhysicalId.isOurs(known);
}

export function isSuccess({ answer }: RequestRecord): boolean {
  return answer !== undefined && 'id' in answer && !answer.deleted;
}

export function idIn({ answer }: RequestRecord): string | undefined {
  return answer && 'id' in answer ? answer.id : undefined;
}

export function lastSuccess(requests: readonly RequestRecord[]): RequestRecord | undefined {
  return [...requests].reverse().find(isSuccess);
}

/** An older request without the details that no later step reads: the error of a failure, the purchase of an answered one. */
function withoutDetails({ bought, ...request }: RequestRecord): RequestRecord {
  if (!request.answer) return { ...request, ...(bought ? { bought } : {}) };
  return 'error' in request.answer ? { ...request, answer: { error: '' } } : request;
}

/** An error as a parameter can store it: SSM refuses two opening braces in a row. */
function storable(error: string): string {
  return error.slice(0, ERROR_LENGTH).replace(/\{\{/g, '{ {');
}

/** The hash of properties, independent of their order. */
function propertiesHash(properties: ThroughputProperties): string {
  return hash(JSON.stringify(sorted(properties))).slice(0, 8);
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, item]) => [key, sorted(item)]));
}
