import type { JobEnd, TokenCounts } from './contract';
import { DeadLetter } from './outcomes';
import { figuresOf } from './records/usage-figures';

/** The verdict on a record: its result, or the reason why it has none. */
export type Verdict =
  /** Tokens are left out where the output does not tell. */
  | { readonly succeeded: true; readonly tokens?: TokenCounts }
  | { readonly succeeded: false; readonly again: boolean; readonly letter: DeadLetter };

/** The status codes after which a retry may succeed: the model was busy, or failed. */
const PASSING: ReadonlySet<number> = new Set([408, 424, 429]);

/** No answer came, and nobody knows whether the model gave one: another try might be paid twice. */
export const ANSWER_LOST = 'AnswerLost';

/** A line of a job's output; undefined for one that is none. */
export function readOutput(line: string): { readonly recordId: string; readonly verdict: Verdict } | undefined {
  const parsed = parse(line) as { recordId?: unknown; modelOutput?: unknown; error?: { errorCode?: unknown; errorMessage?: unknown } } | undefined;
  if (parsed === null || typeof parsed !== 'object' || typeof parsed.recordId !== 'string') return undefined;
  const { recordId, modelOutput, error } = parsed;
  if (error !== undefined && error !== null) return { recordId, verdict: refused(error.errorCode, error.errorMessage) };
  return modelOutput === undefined || modelOutput === null ? undefined : { recordId, verdict: { succeeded: true, tokens: figuresOf(modelOutput) } };
}

function refused(code: unknown, message: unknown): Verdict {
  const status = Number(code);
  const kind = code === ANSWER_LOST ? ANSWER_LOST : `ModelError ${String(code)}`;
  return { succeeded: false, again: status >= 500 || PASSING.has(status), letter: { kind, reason: String(message ?? 'the model gave no reason') } };
}

/** The status of a job that Amazon Bedrock has not created. */
export const NOT_SUBMITTED = 'NotSubmitted';

/** A record that the job's output does not have. */
export function withoutOutput({ Status: status = NOT_SUBMITTED, Message: message, Error: error, Cause: cause }: JobEnd): Verdict {
  const because = [error, cause, message].filter((text) => text !== undefined && text !== '').join(': ');
  const reason = `${REASONS[status] ?? `the job ended as ${status} without a line for the record`}${because === '' ? '' : ` (${because})`}`;
  return { succeeded: false, again: isPassing(status, error), letter: { kind: KINDS[status] ?? 'NoOutput', reason } };
}

/** A record of a job that has counted more than it has written: it may have been answered, and another try be paid again. */
export const OUTPUT_LOST: Verdict = {
  succeeded: false, again: false, letter: { kind: 'OutputLost', reason: 'the job says that it has processed more records than its output has lines' },
};

const KINDS: { readonly [status: string]: string } = { Failed: 'JobFailed', Expired: 'JobExpired', Stopped: 'JobStopped', [NOT_SUBMITTED]: NOT_SUBMITTED };

const REASONS: { readonly [status: string]: string } = {
  Failed: 'the job failed',
  Expired: 'the job had not begun when its timeout was over, which the time in the queue counts towards',
  Stopped: 'the job was stopped before it came to the record',
  [NOT_SUBMITTED]: 'there is no job for it, as far as is known',
};

/** After these there is no job, and there may be one the next time; after any other error there may be one, or never will be. */
const REFUSED_FOR_NOW = ['ThrottlingException', 'ServiceQuotaExceededException'];

/** Whether the records of a job may be run again. A job that was stopped, such as by a budget, is not replaced. */
function isPassing(status: string, error = ''): boolean {
  if (status === NOT_SUBMITTED) return REFUSED_FOR_NOW.some((name) => error.endsWith(name));
  return status !== 'Stopped';
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
