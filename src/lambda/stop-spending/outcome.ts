import { StopActionKind } from './contract';

/** What became of one action on one target. */
export interface Outcome {
  readonly action: StopActionKind | 'targets' | 'record';
  /** Which role, job, throughput or parameter. */
  readonly target: string;
  /** `already`: nothing had to be done; `kept`: deliberately not done; `would`: a dry run would have done it. */
  readonly result: 'done' | 'already' | 'kept' | 'would' | 'failed';
  readonly text: string;
  /** Of a failure: what to do when it stays. */
  readonly byHand?: string;
  /** Of a failure: another try may mend it. */
  readonly retryable?: boolean;
}

/** Hears of every outcome as soon as it is known. */
export type Say = (outcome: Outcome) => void;

export function failure(action: Outcome['action'], target: string, e: unknown, byHand: string): Outcome {
  return { action, target, result: 'failed', text: textOf(e), byHand, retryable: isRetryable(e) };
}

export function textOf(e: unknown): string {
  const { name, message } = e as Error;
  return e instanceof Refusal ? message : `${name}: ${message}`;
}

/** An error that another try in some minutes may not meet: no reply, a fault of AWS, too much at once, not ready yet. */
export function isRetryable(e: unknown): boolean {
  if (e instanceof Refusal) return false;
  const { name, $metadata } = e as { name: string; $metadata?: { httpStatusCode?: number } };
  const status = $metadata?.httpStatusCode;
  return status === undefined || status >= 500
    || /^(Throttl|TooManyRequests|RequestLimitExceeded|TooManyUpdates|ConcurrentModification|Conflict)/.test(name);
}

/** An error that no further try mends. */
export class Refusal extends Error {}

export function isNamed(e: unknown, ...names: readonly string[]): boolean {
  return names.includes((e as Error).name);
}
