import { StopActionKind } from './contract';
import { Refusal } from '../shared/errors';

/** The result of one action on one target. */
export interface ActionResult {
  readonly action: StopActionKind | 'targets' | 'record';
  /** The role, job, throughput or parameter. */
  readonly target: string;
  /** `already`: nothing had to be done; `kept`: deliberately not done; `would`: a dry run would have done it. */
  readonly result: 'done' | 'already' | 'kept' | 'would' | 'failed';
  readonly text: string;
  /** The manual remedy of a failure that stays. */
  readonly byHand?: string;
  /** Whether a retry may resolve a failure. */
  readonly retryable?: boolean;
}

/** Receives each result as soon as it is known. */
export type ReportResult = (result: ActionResult) => void;

export function failure(action: ActionResult['action'], target: string, e: unknown, byHand: string): ActionResult {
  return { action, target, result: 'failed', text: errorText(e), byHand, retryable: isRetryable(e) };
}

export function errorText(e: unknown): string {
  const { name, message } = e as Error;
  return e instanceof Refusal ? message : `${name}: ${message}`;
}

/** Whether a retry in some minutes may succeed: no reply, a fault of AWS, throttling, not ready yet. */
export function isRetryable(e: unknown): boolean {
  if (e instanceof Refusal) return false;
  const { name, $metadata } = e as { name: string; $metadata?: { httpStatusCode?: number } };
  const status = $metadata?.httpStatusCode;
  return status === undefined || status >= 500
    || /^(Throttl|TooManyRequests|RequestLimitExceeded|TooManyUpdates|ConcurrentModification|Conflict)/.test(name);
}
