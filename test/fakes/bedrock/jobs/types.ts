import { Tag } from '../stored-throughput';

export interface InputRecord {
  readonly recordId: string;
  readonly modelInput: object;
  /** The modelInput as JSON. */
  readonly text: string;
}

export interface InputFile {
  /** The name of the file, without its folder. */
  readonly name: string;
  readonly records: readonly InputRecord[];
}

export type Fate = 'Completed' | 'PartiallyCompleted' | 'Failed' | 'Stopped' | 'Expired';

export type RecordAnswer = { readonly modelOutput: object } | { readonly error: { readonly errorCode: number; readonly errorMessage: string } };

export interface JobQuotas {
  /** The maximum number of jobs of a model that have not ended. */
  jobsAtATime: number;
  minimumRecords: number;
  recordsPerFile: number;
  recordsPerJob: number;
  bytesPerFile: number;
  bytesPerJob: number;
}

/** The durations of the phases of a job, in milliseconds. */
export interface JobDurations {
  submittedMs: number;
  validatingMs: number;
  scheduledMs: number;
  inProgressMs: number;
  stoppingMs: number;
}

/** The fields of CreateModelInvocationJob that the fake reads. */
export interface JobRequest {
  readonly jobName: string;
  readonly roleArn: string;
  readonly modelId: string;
  readonly clientRequestToken?: string;
  readonly inputDataConfig: { readonly s3InputDataConfig: { readonly s3Uri: string; readonly s3InputFormat?: string } };
  readonly outputDataConfig: { readonly s3OutputDataConfig: { readonly s3Uri: string } };
  readonly timeoutDurationInHours?: number;
  readonly modelInvocationType?: string;
  readonly vpcConfig?: object;
  readonly tags?: readonly Tag[];
}

/** The numbers of records by progress, as AWS's API reports them. */
export interface Counts {
  readonly totalRecordCount: number;
  readonly processedRecordCount: number;
  readonly successRecordCount: number;
  readonly errorRecordCount: number;
}

export interface BatchJob {
  /** Counted from 1. */
  readonly number: number;
  /** The last part of the ARN, and the name of its folder in the output. */
  readonly id: string;
  readonly arn: string;
  readonly request: JobRequest;
  /** In milliseconds, as all times here. */
  readonly submitted: number;
  /** The times at which the job becomes Validating, Scheduled and InProgress, and its end unless something ends it earlier. */
  readonly plan: { readonly validating: number; readonly scheduled: number; readonly begun: number; readonly end: number };
  /** The time at which the job times out. */
  readonly expires: number;
  status: string;
  tags: Tag[];
  changed: number;
  ended?: number;
  message?: string;
  /** The problem that the validation of the job has found. */
  problem?: string;
  /** From Validating to the end. */
  files: readonly InputFile[];
  counts: Counts;
  fate?: Fate;
  stop?: { readonly asked: number; readonly until: number };
  /** Fields that replace those of the job in List and Get. `onlyInGet` has fields that only Get returns. */
  readonly shown?: { readonly submitTime?: string; readonly [field: string]: unknown };
  readonly onlyInGet?: object;
}
