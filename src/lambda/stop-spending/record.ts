import { StopRecord } from './contract';
import { newestTime, StopCommand } from './stop-command';

/** The part of the record that is in the parameter of the stack. */
export interface StopState extends Omit<StopRecord, 'deleted' | 'restored'> {
  /** The hash of the roles that could not be denied. A check notifies of them once. */
  readonly undenied?: string;
  /** See `Versioned` in versioned-parameter.ts. */
  readonly version?: number;
}

const NEVER: StopState = { state: 'running' };

/** @param value undefined if the parameter does not exist */
export function parseState(value: string | undefined): StopState {
  if (value === undefined) return NEVER;
  const state = JSON.parse(value);
  if (state?.state !== 'running' && state?.state !== 'stopped') throw new Error(`state must be "running" or "stopped", got ${value.slice(0, 100)}`);
  return state;
}

/** The state of the newest event, out of the states that concurrent runs have written. */
export function mergedState(states: readonly StopState[]): StopState {
  return states.reduce((one, other) => {
    const [older, newer] = (one.asOf ?? '') > (other.asOf ?? '') ? [other, one] : [one, other];
    if (older.asOf !== newer.asOf || older.state !== newer.state) return newer;
    // The same event, delivered twice.
    return { ...newer, denied: most(older.denied, newer.denied), stoppedJobs: most(older.stoppedJobs, newer.stoppedJobs) };
  }, NEVER);
}

/** The state before any action of a command is taken. It keeps earlier actions that are not undone. */
export function begun(record: StopState, command: StopCommand): StopState {
  const state = command.do === 'stop' ? 'stopped' : 'running';
  const before = newestTime(record, command);
  const asOf = before !== undefined && before > command.time ? before : command.time;
  return record.state === state ? { ...record, since: record.since ?? command.time, asOf, by: record.by ?? command.by } : {
    state,
    since: command.time,
    asOf,
    by: command.by,
    denied: record.denied,
    stoppedJobs: state === 'running' ? record.stoppedJobs : undefined,
  };
}

export interface StopResult {
  readonly denied: number;
  readonly jobs: number;
  readonly failed: number;
  readonly undenied: string | undefined;
}

/** The state after a stop; unchanged if another event has undone the stop meanwhile. */
export function stopped(record: StopState, { denied, jobs, failed, undenied }: StopResult): StopState {
  if (record.state !== 'stopped') return record;
  return {
    ...record,
    denied: most(record.denied, denied),
    stoppedJobs: (record.stoppedJobs ?? 0) + jobs || undefined,
    failed: failed || undefined,
    undenied,
  };
}

/** @param stillDenied the roles that the policy could not be detached from */
export function undone(record: StopState, result: { readonly stillDenied: number; readonly failed: number }): StopState {
  if (record.state !== 'running') return record;
  return { ...record, denied: result.stillDenied || undefined, stoppedJobs: undefined, failed: result.failed || undefined, undenied: undefined };
}

function most(one: number | undefined, other: number | undefined): number | undefined {
  return Math.max(one ?? 0, other ?? 0) || undefined;
}
