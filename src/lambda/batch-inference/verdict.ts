import type { JobEnd, TokenCounts } from './contract';
import { DeadLetter } from './outcomes';
import { figuresOf } from './records/usage-figures';

/** The verdict on a record: its result, or the reason why it has none. */
export type Verdict =
  /** Tokens are left out if the output has no token counts. */
  | { readonly succeeded: true; readonly tokens?: TokenCounts }
  | { readonly succeeded: false; readonly again: boolean; readonly letter: DeadLetter };

/** The status codes after which a retry may succeed: the model was busy, or failed. */
const PASSING: ReadonlySet<number> = new Set([408, 424, 429]);

/** The kind of a dead letter whose answer was lost. The model may have processed the record, so a retry could be billed twice. */
export const ANSWER_LOST = 'AnswerLost';

/** Reads a line of a job's output; undefined if it is invalid. */
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

/** The verdict on a record that the job's output does not contain. */
export function withoutOutput({ Status: status = NOT_SUBMITTED, Message: message, Error: error, Cause: cause }: JobEnd): Verdict {
  const because = [error, cause, message].filter((text) => text !== undefined && text !== '').join(': ');
  const reason = `${REASONS[status] ?? `the job ended as ${status} without a line for the record`}${because === '' ? '' : ` (${because})`}`;
  return { succeeded: false, again: isPassing(status, error), letter: { kind: KINDS[status] ?? 'NoOutput', reason } };
}

/** The verdict on a record of a job with fewer output lines than counted records. It may have been processed, so a retry could be billed again. */
export const OUTPUT_LOST: Verdict = {
  succeeded: false, again: false, letter: { kind: 'OutputLost', reason: 'the job has counted more processed records than its output has lines' },
};

const KINDS: { readonly [status: string]: string } = { Failed: 'JobFailed', Expired: 'JobExpired', Stopped: 'JobStopped', [NOT_SUBMITTED]: NOT_SUBMITTED };

const REASONS: { readonly [status: string]: string } = {
  Failed: 'the job failed',
  Expired: 'the job had not started before its timeout, which includes the time in the queue',
  Stopped: 'the job was stopped before it processed the record',
  [NOT_SUBMITTED]: 'no job is known to exist for the record',
};

/** Errors after which no job exists, and a retry may create one. After other errors a job may exist, or no retry helps. */
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
