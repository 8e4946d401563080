/** An error as Step Functions names it: the name is what Retry and Catch compare, the message is the cause. */
export class StateError extends Error {
  constructor(name: string, cause: string) {
    super(cause);
    this.name = name;
  }
}

/** An error that no Retry and no Catch takes. The library reads these two properties. */
export class TerminalError extends StateError {
  public readonly isRetryable: boolean = false;
  public readonly isCatchable: boolean = false;
}

/** The maximum size of the input and of the output of a state, in bytes. */
const DATA_LIMIT = 262_144;

export function requireSmall(what: string, value: unknown): void {
  if (Buffer.byteLength(JSON.stringify(value) ?? '') <= DATA_LIMIT) return;
  throw new TerminalError('States.DataLimitExceeded', `The ${what} has more than ${DATA_LIMIT} bytes`);
}

export interface Retrier {
  readonly ErrorEquals: readonly string[];
  readonly IntervalSeconds?: number;
  readonly MaxAttempts?: number;
  readonly BackoffRate?: number;
  readonly MaxDelaySeconds?: number;
}

/** The delay before the next attempt at a state after an error, in seconds. Undefined if no attempts are left. */
export function pauseAfter(error: Error, retriers: readonly Retrier[], tried: Map<Retrier, number>): number | undefined {
  if ('isRetryable' in error && error.isRetryable === false) return undefined;
  const retrier = retriers.find(({ ErrorEquals }) => ErrorEquals.some((name) => isNamed(error, name)));
  const before = retrier && tried.get(retrier) || 0;
  if (!retrier || before >= (retrier.MaxAttempts ?? 3)) return undefined;
  tried.set(retrier, before + 1);
  return Math.min(retrier.MaxDelaySeconds ?? Infinity, (retrier.IntervalSeconds ?? 1) * (retrier.BackoffRate ?? 2) ** before);
}

function isNamed(error: Error, name: string): boolean {
  return name === error.name || name === 'States.ALL' || (name === 'States.TaskFailed' && error.name !== 'States.Timeout');
}
