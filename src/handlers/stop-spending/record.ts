import { newestTime, Wish } from './wish';
import { DeletedThroughput, StopRecord } from '../stop-spending.contract';

/** The largest value of a standard parameter, in bytes. */
export const MAX_BYTES = 4096;
/** What a record may grow by while nothing is added to `deleted`: counts, and times for an alarm's name by hand. */
const RESERVE = 256;

const NEVER: StopRecord = { state: 'running' };

/** @param value undefined if the parameter does not exist */
export function parseRecord(value: string | undefined): StopRecord {
  if (value === undefined) return NEVER;
  const record = JSON.parse(value);
  if (record?.state !== 'running' && record?.state !== 'stopped') throw new Error(`its state is neither "running" nor "stopped": ${value.slice(0, 100)}`);
  return record;
}

/** Before anything is done. What was not undone yet stays to be undone. */
export function begun(record: StopRecord, wish: Wish): StopRecord {
  const state = wish.do === 'stop' ? 'stopped' : 'running';
  const before = newestTime(record, wish);
  const asOf = before !== undefined && before > wish.time ? before : wish.time;
  return record.state === state ? { ...record, since: record.since ?? wish.time, asOf, by: record.by ?? wish.by } : {
    state,
    since: wish.time,
    asOf,
    by: wish.by,
    denied: record.denied,
    stoppedJobs: state === 'running' ? record.stoppedJobs : undefined,
    deleted: record.deleted,
    restored: record.restored,
  };
}

export function stopped(record: StopRecord, result: { readonly denied: number; readonly jobs: number; readonly failed: number }): StopRecord {
  return {
    ...record,
    denied: Math.max(record.denied ?? 0, result.denied) || undefined,
    stoppedJobs: (record.stoppedJobs ?? 0) + result.jobs || undefined,
    failed: result.failed || undefined,
  };
}

/** @param stillDenied the roles that the policy could not be detached from */
export function undone(record: StopRecord, result: { readonly stillDenied: number; readonly failed: number }): StopRecord {
  return { ...record, denied: result.stillDenied || undefined, stoppedJobs: undefined, failed: result.failed || undefined };
}

/** The record that has what is about to be deleted, or undefined if it does not fit: then nothing may be deleted. */
export function withDeleted(record: StopRecord, throughput: DeletedThroughput): StopRecord | undefined {
  const next = { ...record, deleted: [...others(record, throughput.arn), throughput] };
  return Buffer.byteLength(textOf(next)) <= MAX_BYTES - RESERVE ? next : undefined;
}

/** @param now the ARN of what was bought in its place, or undefined if it had not gone after all */
export function withoutDeleted(record: StopRecord, arn: string, now: string | undefined): StopRecord {
  return { ...record, deleted: others(record, arn), restored: now === undefined ? record.restored : { ...record.restored, [arn]: now } };
}

/** Forgets what was bought again once no target has the ARN from before: the stack has taken it up, or is gone. */
export function withRestoredOf(record: StopRecord, arns: readonly string[]): StopRecord {
  return { ...record, restored: Object.fromEntries(Object.entries(record.restored ?? {}).filter(([arn]) => arns.includes(arn))) };
}

export function textOf({ deleted = [], restored = {}, ...rest }: StopRecord): string {
  return JSON.stringify({
    ...rest,
    ...(deleted.length > 0 ? { deleted } : {}),
    ...(Object.keys(restored).length > 0 ? { restored } : {}),
  });
}

function others({ deleted = [] }: StopRecord, arn: string): readonly DeletedThroughput[] {
  return deleted.filter((other) => other.arn !== arn);
}
