/**
 * The events that the state machine of a `BatchInference` sends to its functions, and their answers.
 *
 * A run of the state machine splits the input into slices (byte ranges of files), each slice into parts (files of records that fit
 * into a job), and packs parts into jobs. The functions exchange their state in the run's folder of the output bucket
 * (`run-folder.ts`). States have names only, since Step Functions limits their data to 256 KB.
 */

/** The settings from synth. They are part of the definition of the state machine, so a deployment does not change them for a run in progress. */
export interface BatchSettings {
  /** The construct's path, which is the value of the dimension `Resource` of its metrics. */
  readonly resource: string;
  readonly input: InputLocation;
  readonly output: { readonly bucket: string; /** A folder with its slash at the end, or nothing. */ readonly prefix: string };
  /** The model id or ARN to invoke. */
  readonly modelId: string;
  readonly invocationType: 'InvokeModel' | 'Converse';
  /** The model id that determines the format of records. */
  readonly formatModelId: string;
  /** The settings of prompts; left out if the input has records. */
  readonly prompts?: PromptSettings;
  readonly quotas: JobQuotas;
  /** The first characters of the names of jobs. */
  readonly jobNamePrefix: string;
  /** The maximum number of attempts for a record; 1 means no retry. */
  readonly maxAttempts: number;
  /** Behavior when a run has fewer records than a batch job accepts. */
  readonly smallRuns: 'refuse' | 'on-demand';
  /** Decimal texts; left out if the price is not known. */
  readonly prices?: TokenPrices;
  readonly onDemandPrices?: TokenPrices;
  readonly estimate: TokenEstimateSettings;
  /** The maximum estimated cost of a run, in US dollars. A run above it is not submitted. */
  readonly maxCostPerRunUsd?: number;
  /** The percentage of records that may end as dead letters in a run that succeeds. */
  readonly toleratedFailurePercentage: number;
}

export interface InputLocation {
  readonly bucket: string;
  readonly kind: 'file' | 'folder' | 'manifest';
  /** A key, a folder with a slash at the end, or an empty text for the whole bucket. */
  readonly path: string;
}

/** The form of prompts, and the settings of the records that are created from them. */
export interface PromptSettings {
  readonly format: 'jsonl' | 'csv';
  /** The maximum output tokens of a record. */
  readonly maxTokens: number;
  readonly system?: string;
  readonly temperature?: number;
  /** The column or field of the prompt. */
  readonly promptField: string;
  /** The column or field of the record's id, which is optional in the input. */
  readonly idField: string;
}

export interface JobQuotas {
  readonly recordsPerJob: number;
  readonly recordsPerFile: number;
  readonly bytesPerJob: number;
  readonly bytesPerFile: number;
  readonly minimumRecordsPerJob: number;
}

export interface TokenPrices {
  readonly usdPerMillionInput: string;
  readonly usdPerMillionOutput: string;
}

/** The assumptions for the estimated cost of a record before the run. */
export interface TokenEstimateSettings {
  /** Bytes of text for each input token. */
  readonly bytesPerToken: number;
  /** The declared output tokens of a record, at most the record's own maximum. Defaults to that maximum. */
  readonly outputTokensPerRecord?: number;
}

/** A run, as in the data of states. */
export interface Run {
  /** The start time and the hash of the request: `2026-11-25T020000Z-1a2b3c4d5e6f`. */
  readonly id: string;
  /** The run's folder in the output bucket, with a slash at the end. */
  readonly folder: string;
}

/** The input of an execution. All fields are optional. */
export interface RunRequest {
  /** The unique id of the request. Of two executions with the same id, only the first runs records. */
  readonly requestId?: string;
  /** A file of the input, instead of the construct's input. */
  readonly inputKey?: string;
  /** A folder of the input, instead of the construct's input. */
  readonly inputPrefix?: string;
  /** The sequencer of an S3 event, which identifies one write of an object. With the key, it is the id of the request. */
  readonly sequencer?: string;
  /** Whether an event has started the execution. AWS may deliver an event twice; the second execution ends without an error. */
  readonly isEvent?: boolean;
}

/** A call of the first step. Each call has the name of its step and the settings. */
export interface PlanCall {
  readonly step: 'plan';
  readonly settings: BatchSettings;
  readonly execution: { readonly id: string; /** ISO 8601 */ readonly startTime: string };
  readonly request: RunRequest;
}
export interface PlanAnswer extends Run {
  /**
   * `empty`: there are no files, or all are empty. `done`: another execution has run this request, or is running the same event.
   * `refuse`: another execution has begun this request, and has not succeeded.
   */
  readonly decision: 'split' | 'empty' | 'done' | 'refuse';
  /** The cause of a refusal. */
  readonly cause: string;
}

export interface SplitCall {
  readonly step: 'split';
  readonly settings: BatchSettings;
  readonly run: Run;
  readonly slice: Slice;
}

/** Byte ranges of files, in the order of the input. */
export interface Slice {
  readonly index: number;
  readonly pieces: readonly Piece[];
}

/** The lines of a file that begin in a byte range. */
export interface Piece {
  readonly key: string;
  readonly from: number;
  /** The byte after the last one. */
  readonly to: number;
  readonly size: number;
  readonly eTag: string;
}

export interface GroupCall {
  readonly step: 'group';
  readonly settings: BatchSettings;
  readonly run: Run;
}
export interface ReviewCall {
  readonly step: 'review';
  readonly settings: BatchSettings;
  readonly run: Run;
  readonly round: number;
  /** The number of times that jobs of the round were run again because their output was not collected. */
  readonly repeats: number;
}
/** The next step: the jobs of a round, joining their output, the summary of a run without output, or a refusal. */
export interface NextAnswer {
  readonly decision: 'run' | 'join' | 'summarize' | 'refuse';
  readonly round: number;
  readonly repeats: number;
  /** The error of a refusal. */
  readonly error?: string;
  readonly cause?: string;
}

/** A job of a round, as in jobs.json of the round. */
export interface Job {
  /** Counted from 0 in each round. */
  readonly index: number;
  /** `again`: in batch, with a job that may already exist, since its output was not collected. */
  readonly how: 'batch' | 'on-demand' | 'again';
  readonly round: number;
  readonly name: string;
  readonly token: string;
  /** `s3://bucket/folder/` */
  readonly inputUri: string;
  readonly outputUri: string;
  readonly parts: readonly JobPart[];
}
export interface JobPart {
  readonly id: string;
  readonly records: number;
  readonly bytes: number;
}

export interface AssembleCall {
  readonly step: 'assemble';
  readonly settings: BatchSettings;
  readonly run: Run;
  readonly job: Job;
}
export interface InvokeCall {
  readonly step: 'invoke';
  readonly settings: BatchSettings;
  readonly run: Run;
  readonly job: Job;
}
export interface CollectCall {
  readonly step: 'collect';
  readonly settings: BatchSettings;
  readonly run: Run;
  readonly job: Job;
  readonly end: JobEnd;
  /** Whether this is the last wait for output: missing output is then lost. */
  readonly isLast?: boolean;
}
/** The end of a job, from a response of Amazon Bedrock or from an error of Step Functions, without a job. */
export interface JobEnd {
  readonly JobArn?: string;
  readonly Status?: string;
  readonly Message?: string;
  readonly ProcessedRecordCount?: number;
  readonly SuccessRecordCount?: number;
  readonly ErrorRecordCount?: number;
  readonly Error?: string;
  readonly Cause?: string;
}

export interface JoinCall {
  readonly step: 'join';
  readonly settings: BatchSettings;
  readonly run: Run;
  readonly file: JoinedFile;
}
/** A file of the output, and the range of keys that it is joined from, from the first to the last. */
export interface JoinedFile {
  readonly kind: 'results' | 'dead-letters';
  /** The name in the run's folder. */
  readonly name: string;
  readonly first: string;
  readonly last: string;
}

export interface SummarizeCall {
  readonly step: 'summarize';
  readonly settings: BatchSettings;
  readonly run: Run;
}
/** The result of the execution. */
export interface SummarizeAnswer extends Omit<RunSummary, 'results' | 'deadLetterFiles'> {
  readonly cause: string;
  /** The folder of the results. */
  readonly outputUri: string;
}

export type BatchCall = PlanCall | SplitCall | GroupCall | AssembleCall | InvokeCall | CollectCall | ReviewCall | JoinCall | SummarizeCall;

/** The error of an execution whose estimated cost is above the limit. */
export const COST_LIMIT_EXCEEDED = 'CostLimitExceeded';
/** The error of an execution whose input does not have the configured format. */
export const INVALID_INPUT = 'InvalidBatchInput';
/** The error of an execution with too few records for a job. */
export const TOO_FEW_RECORDS = 'TooFewRecords';
/** The error of an execution for a request that another one has begun. */
export const DUPLICATE_REQUEST = 'DuplicateRequest';
/** The error of an execution with jobs that have ended, or may have, and whose output could not be read. */
export const JOBS_NOT_COLLECTED = 'JobsNotCollected';
/** The error of a step that finds less output than the job has counted. The rest may still arrive. */
export const OUTPUT_INCOMPLETE = 'OutputIncomplete';
/** The error of an execution with more dead letters than tolerated. */
export const RECORDS_NOT_PROCESSED = 'RecordsNotProcessed';

/** The metrics of a run, in the namespace of this library's metrics, with the dimension `Resource`. */
export const BatchMetricName = {
  /** The cost of the tokens of the run, in US dollars. */
  COST: 'BatchRunCostUsd',
  /** The estimated cost of the run before it was submitted, in US dollars. */
  ESTIMATED_COST: 'BatchRunEstimatedCostUsd',
  /** The ratio of the larger to the smaller of both costs; 1 if the cost equals the estimate. */
  COST_DEVIATION: 'BatchRunCostDeviation',
  /** Records that have no result. */
  DEAD_LETTERS: 'BatchRunDeadLetters',
} as const;

/** The summary of a run: summary.json of its folder. */
export interface RunSummary {
  readonly run: string;
  readonly records: number;
  readonly succeeded: number;
  readonly deadLetters: number;
  /** The number of dead letters by reason. */
  readonly errors: { readonly [kind: string]: number };
  readonly jobs: number;
  readonly tokens: TokenCounts;
  /** The estimated cost before the run, a decimal text; left out if a price is not known. */
  readonly estimatedUsd?: string;
  readonly atMostUsd?: string;
  /** The cost after the run, a decimal text. */
  readonly costUsd?: string;
  /** The assumptions of the estimate. */
  readonly assumptions: readonly string[];
  /** Keys of the output bucket, in the order of the input. */
  readonly results: readonly string[];
  readonly deadLetterFiles: readonly string[];
  /** `failed` if there are more dead letters than tolerated. */
  readonly outcome: 'succeeded' | 'failed';
}

export interface TokenCounts {
  readonly input: number;
  readonly output: number;
}

export interface PartLimits {
  readonly records: number;
  readonly bytes: number;
}

/** The maximum bytes of a part, which is in memory while it is written, and with its results while they are sorted. */
const MOST_BYTES = 8 * 1024 * 1024;

/** The minimum number of parts of a full job. Jobs contain whole parts: with ten of them, little room is left unused. */
const PARTS_OF_A_JOB = 10;

/** The maximum numbers of records and bytes of a part. A larger record is a part by itself. */
export function partLimits({ recordsPerJob, recordsPerFile, bytesPerJob, bytesPerFile }: JobQuotas): PartLimits {
  return {
    records: Math.max(1, Math.min(recordsPerFile, Math.floor(recordsPerJob / PARTS_OF_A_JOB))),
    bytes: Math.max(1, Math.min(MOST_BYTES, bytesPerFile, Math.floor(bytesPerJob / PARTS_OF_A_JOB))),
  };
}

/** The maximum bytes of a record that fits into a job. */
export function largestRecord({ bytesPerJob, bytesPerFile }: JobQuotas): number {
  return Math.min(bytesPerJob, bytesPerFile);
}

/** The bytes of input that one call of the splitting function reads, in about one of its 15 minutes. */
export const SLICE_BYTES = 256 * 1024 * 1024;
