/**
 * The events of the functions of a `BatchInference`, which its state machine sends, and their answers.
 *
 * A run of the state machine cuts the input into slices (some bytes of some files), each slice into parts (files of records
 * that a job can take), and packs parts into jobs. The functions exchange their state in the run's folder of the
 * output bucket (`batch-inference/folder.ts`); states carry names only, for Step Functions carries 256 KB at most.
 */

/** The settings that are known at synth. They are part of the definition: a run that has begun keeps them through a deployment. */
export interface BatchSettings {
  /** The construct's path: the value of the dimension `Resource` of its metrics. */
  readonly resource: string;
  readonly input: InputLocation;
  readonly output: { readonly bucket: string; /** A folder with its slash at the end, or nothing. */ readonly prefix: string };
  /** The model as it is called. */
  readonly modelId: string;
  readonly invocationType: 'InvokeModel' | 'Converse';
  /** The id that tells how the model's own records look. */
  readonly formatModelId: string;
  /** Present where the input is prompts, not records. */
  readonly prompts?: PromptSettings;
  readonly quotas: JobQuotas;
  /** The first characters of the names of jobs. */
  readonly jobNamePrefix: string;
  /** The number of attempts at a record: 1 is once. */
  readonly maxAttempts: number;
  /** Behavior when a run has fewer records than a batch job accepts. */
  readonly smallRuns: 'refuse' | 'on-demand';
  /** Left out where the price is not known. Decimal texts. */
  readonly prices?: TokenPrices;
  readonly onDemandPrices?: TokenPrices;
  readonly estimate: TokenEstimateSettings;
  /** Nothing is submitted that is estimated to cost more. */
  readonly maxCostPerRunUsd?: number;
  /** The percentage of records that may end as dead letters in a run that succeeds. */
  readonly toleratedFailurePercentage: number;
}

export interface InputLocation {
  readonly bucket: string;
  readonly kind: 'file' | 'folder' | 'manifest';
  /** A key, or a folder with its slash at the end, or nothing for the whole bucket. */
  readonly path: string;
}

/** The form of prompts, and the settings of the records that are made of them. */
export interface PromptSettings {
  readonly format: 'jsonl' | 'csv';
  /** Output tokens that a record may have at most. */
  readonly maxTokens: number;
  readonly system?: string;
  readonly temperature?: number;
  /** The column or the field of the prompt. */
  readonly promptField: string;
  /** The column or the field of the record's id, if there is one. */
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

/** The assumptions by which the cost of a record is estimated before it is run. */
export interface TokenEstimateSettings {
  /** Bytes of text that are taken for one input token. */
  readonly bytesPerToken: number;
  /** Output tokens of a record, as declared; a record that allows fewer has fewer. Left out: as many as it allows. */
  readonly outputTokensPerRecord?: number;
}

/** A run, as the states carry it. */
export interface Run {
  /** The time at which it began, and the hash of its request: `2026-11-25T020000Z-1a2b3c4d5e6f`. */
  readonly id: string;
  /** The run's folder in the output bucket, with its slash at the end. */
  readonly folder: string;
}

/** The input of an execution; all of it is optional. */
export interface RunRequest {
  /** A text that is this request's own. Of two executions with the same one, only the first runs anything. */
  readonly requestId?: string;
  /** A file of the input in place of what the construct names. */
  readonly inputKey?: string;
  /** A folder of the input in place of what the construct names. */
  readonly inputPrefix?: string;
  /** Of an object that has arrived: S3's mark of this one writing of it. With the key, it is the id of the request. */
  readonly sequencer?: string;
  /** It comes of an event, which AWS may deliver twice: an execution for one that is run already ends quietly. */
  readonly isEvent?: boolean;
}

/** Every call of a function has its step's name and the settings. */
export interface PlanCall {
  readonly step: 'plan';
  readonly settings: BatchSettings;
  readonly execution: { readonly id: string; /** ISO 8601 */ readonly startTime: string };
  readonly request: RunRequest;
}
export interface PlanAnswer extends Run {
  /**
   * `empty`: there is no file, or none with a byte in it. `done`: another execution has run this request, or runs the same
   * event. `refuse`: another execution has begun this request, and has not come to a good end.
   */
  readonly decision: 'split' | 'empty' | 'done' | 'refuse';
  /** Of a refusal. */
  readonly cause: string;
}

export interface SplitCall {
  readonly step: 'split';
  readonly settings: BatchSettings;
  readonly run: Run;
  readonly slice: Slice;
}

/** Some bytes of some files, in the order of the input. */
export interface Slice {
  readonly index: number;
  readonly pieces: readonly Piece[];
}

/** The lines of a file that begin in some of its bytes. */
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
  /** Of a refusal. */
  readonly error?: string;
  readonly cause?: string;
}

/** A job of a round, as jobs.json of the round lists it. */
export interface Job {
  /** Counted from 0 in each round. */
  readonly index: number;
  /** `again`: in batch, and it may be there already, since nobody has collected what it left. */
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
  /** There is no use in waiting for more: what is not there now is lost. */
  readonly isLast?: boolean;
}
/** Of an answer of Amazon Bedrock, or of an error of Step Functions: then there is no job. */
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
/** A file of the output, and the keys of what it is made of: all from the first to the last. */
export interface JoinedFile {
  readonly kind: 'results' | 'dead-letters';
  /** In the run's folder. */
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
/** The error of an execution whose input cannot be read as what it is said to be. */
export const INVALID_INPUT = 'InvalidBatchInput';
/** The error of an execution with too few records for a job. */
export const TOO_FEW_RECORDS = 'TooFewRecords';
/** The error of an execution for a request that another one has begun. */
export const DUPLICATE_REQUEST = 'DuplicateRequest';
/** The error of an execution with jobs that have ended, or may have, and whose output nobody could read. */
export const JOBS_NOT_COLLECTED = 'JobsNotCollected';
/** The error of a step that finds less output than the job says it has written: it may still come. */
export const OUTPUT_INCOMPLETE = 'OutputIncomplete';
/** The error of an execution that left more dead letters than it may. */
export const RECORDS_NOT_PROCESSED = 'RecordsNotProcessed';

/** The metrics of a run, in the namespace of all of this library's metrics, with the dimension `Resource`. */
export const BatchMetricName = {
  /** The cost of the tokens of the run, in US dollars. */
  COST: 'BatchRunCostUsd',
  /** The estimated cost of the run before it was submitted, in US dollars. */
  ESTIMATED_COST: 'BatchRunEstimatedCostUsd',
  /** The ratio of the larger of both to the smaller: 1 is as estimated. */
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
  /** The number of records that ended as dead letters, by the reason. */
  readonly errors: { readonly [kind: string]: number };
  readonly jobs: number;
  readonly tokens: TokenCounts;
  /** Before: decimal texts; left out where a price is not known. */
  readonly estimatedUsd?: string;
  readonly atMostUsd?: string;
  /** After. */
  readonly costUsd?: string;
  /** The assumptions of the estimate. */
  readonly assumptions: readonly string[];
  /** Keys of the output bucket, in the order of the input. */
  readonly results: readonly string[];
  readonly deadLetterFiles: readonly string[];
  /** `failed` where there are more dead letters than are tolerated. */
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

/** A part is held in memory while it is written, and with its results while they are sorted. */
const MOST_BYTES = 8 * 1024 * 1024;

/** Jobs are packed of whole parts: with ten to a job, few have much room left. */
const PARTS_OF_A_JOB = 10;

/** The largest numbers of records and bytes of a part. A record that is larger than the bytes is a part by itself. */
export function partLimits({ recordsPerJob, recordsPerFile, bytesPerJob, bytesPerFile }: JobQuotas): PartLimits {
  return {
    records: Math.max(1, Math.min(recordsPerFile, Math.floor(recordsPerJob / PARTS_OF_A_JOB))),
    bytes: Math.max(1, Math.min(MOST_BYTES, bytesPerFile, Math.floor(bytesPerJob / PARTS_OF_A_JOB))),
  };
}

/** A record that is larger fits in no job at all. */
export function largestRecord({ bytesPerJob, bytesPerFile }: JobQuotas): number {
  return Math.min(bytesPerJob, bytesPerFile);
}

/** The bytes of input that one call of the splitting function reads: a minute's work, far from the 15 that it has. */
export const SLICE_BYTES = 256 * 1024 * 1024;
