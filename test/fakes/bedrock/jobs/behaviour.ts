import { BatchJob, Fate, InputRecord, JobDurations, JobQuotas, RecordAnswer } from './types';

export type { Fate, JobDurations, JobQuotas, RecordAnswer } from './types';

/** The behavior of AWS, which tests may change at any time. */
export interface BatchBehaviour {
  /** The end of a job that is not stopped. Without a fate, a job is Completed if all of its records are, else PartiallyCompleted. */
  fateOf: (job: BatchJob) => Fate | undefined;
  /** The answer to a record. A record without an answer was not processed and has no line in the output. */
  answerOf: (record: InputRecord, job: BatchJob) => RecordAnswer | undefined;
  readonly quotas: JobQuotas;
  /** A job keeps the durations from the time when it was submitted. */
  readonly durations: JobDurations;
  /** The maximum number of jobs on a page of a list, even if the request asks for more. */
  mostOnAPage: number;
}

const GB = 1024 ** 3;
const MINUTE = 60_000;

export function usualBehaviour(): BatchBehaviour {
  return {
    fateOf: () => undefined,
    answerOf: (record) => ({ modelOutput: novaAnswer(`Answer to ${record.recordId}.`, record.text.length) }),
    quotas: { jobsAtATime: 20, minimumRecords: 100, recordsPerFile: 50_000, recordsPerJob: 50_000, bytesPerFile: GB, bytesPerJob: 5 * GB },
    durations: { submittedMs: MINUTE, validatingMs: 2 * MINUTE, scheduledMs: 5 * MINUTE, inProgressMs: 30 * MINUTE, stoppingMs: MINUTE },
    mostOnAPage: 1_000,
  };
}

function novaAnswer(text: string, inputCharacters: number): object {
  const [inputTokens, outputTokens] = [Math.ceil(inputCharacters / 4), Math.ceil(text.length / 4)];
  const message = { role: 'assistant', content: [{ text }] };
  return { output: { message }, stopReason: 'end_turn', usage: { inputTokens, outputTokens, totalTokens: inputTokens + outputTokens } };
}
