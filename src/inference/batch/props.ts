import { Duration, Size } from 'aws-cdk-lib';
import { ISecurityGroup, IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import { IBucket } from 'aws-cdk-lib/aws-s3';
import { ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import { ITopic } from 'aws-cdk-lib/aws-sns';
import { BatchInput } from './input';
import { BatchPrompts } from './prompts';
import { BatchUsage } from '../../pricing/billing-modes/batch';
import { BedrockModel } from '../bedrock-model';

/** Format of the records of a batch job. */
export enum ModelInvocationType {
  /** The model's own request format. */
  INVOKE_MODEL = 'InvokeModel',
  /** The format of the Converse API, which is the same for all models. */
  CONVERSE = 'Converse',
}

/** Behavior when a run has fewer records than a batch job accepts. */
export enum SmallRuns {
  /** The run fails at no cost. Records that are left for another attempt become dead letters. */
  REFUSE = 'refuse',
  /** The records run on demand, at the on-demand price, which is twice the batch price for most models. */
  ON_DEMAND = 'on-demand',
}

/**
 * Quotas of an account for batch inference. They differ between models, and AWS raises most of them on request.
 *
 * @see https://docs.aws.amazon.com/bedrock/latest/userguide/quotas.html
 */
export interface BatchQuotas {
  /**
   * Minimum number of records of a job: a whole number of 1 or more, at most `recordsPerJob`. Usage below it causes a warning.
   * @default 100
   */
  readonly minimumRecordsPerJob?: number;
  /**
   * Maximum number of records of a job: a whole number of 1 or more.
   * @default 50000
   */
  readonly recordsPerJob?: number;
  /**
   * Maximum number of records of a file of a job: a whole number of 1 or more.
   * @default 50000
   */
  readonly recordsPerFile?: number;
  /**
   * Maximum size of the files of a job: 1 byte or more, rounded down to whole bytes. Tokens are refused.
   * @default Size.bytes(5_000_000_000)
   */
  readonly jobSize?: Size;
  /**
   * Maximum size of a file of a job: 1 byte or more, rounded down to whole bytes. Tokens are refused.
   * @default Size.bytes(1_000_000_000)
   */
  readonly fileSize?: Size;
  /**
   * Maximum number of concurrent jobs of one run: a whole number of 1 or more. Other jobs of the account use the same quota: if it is
   * exhausted, a job waits for at most a day.
   * @default 20
   */
  readonly concurrentJobs?: number;
}

/** Properties of a `BatchInference`. */
export interface BatchInferenceProps {
  /** Model of the jobs. Provisioned throughput is refused, since AWS does not support it in batch inference. */
  readonly model: BedrockModel;
  /** Bucket of the records: JSONL files with lines `{"recordId": ..., "modelInput": {...}}`, or files in the format of `prompts`. */
  readonly inputBucket: IBucket;
  /**
   * Bucket of the results.
   *
   * Each run has a folder `<outputPrefix><run>/` with `results-00000.jsonl` and further files in the order of the input,
   * `dead-letters-00000.jsonl` and further files, and `summary.json`. A lifecycle rule may delete the working files in `steps/` after the
   * end of the month: until then, a budget reads the token counts of jobs there.
   */
  readonly outputBucket: IBucket;
  /**
   * Usage in an average month, from which the cost is estimated. `jobsPerMonth` is the number of runs, and `recordsPerJob` the number of
   * records of a run, which is split into jobs of Amazon Bedrock by `quotas`. With a `schedule`, `jobsPerMonth` can be left out. `Lazy` values
   * are resolved at synthesis. With a value that is known only at deployment, the cost is unknown.
   */
  readonly usage: BatchUsage;
  /**
   * Fields of `usage` that differ in a slow month.
   * @default - no lower end of a range is estimated
   */
  readonly lowUsage?: BatchUsage;
  /**
   * Fields of `usage` that differ in a busy month.
   * @default - no upper end of a range is estimated
   */
  readonly highUsage?: BatchUsage;
  /**
   * Part of the input bucket that each run processes.
   * @default - the whole bucket, in the order of the keys
   */
  readonly input?: BatchInput;
  /**
   * Format of prompts from which the run creates records.
   * @default - the input contains records
   */
  readonly prompts?: BatchPrompts;
  /**
   * Folder of the results.
   *
   * Names of letters, digits and `-!_'().` with slashes between them, at most 800 characters. In the input bucket, use a folder outside of
   * the input. The value of a token at the end must end with a slash.
   * @default - the root of the bucket
   */
  readonly outputPrefix?: string;
  /**
   * Times at which runs start: a schedule of Amazon EventBridge Scheduler.
   * @default - runs start by `grantStart`, `asTask` or `startOnArrival` only
   * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
   */
  readonly schedule?: ScheduleExpression;
  /**
   * Whether each object that arrives in the input starts a run of that object. An event that AWS delivers twice starts one run. It requires a
   * prefix or the whole bucket as the `input`, and enables the EventBridge notifications of the bucket.
   * @default false
   */
  readonly startOnArrival?: boolean;
  /**
   * Maximum estimated cost of a run, in US dollars: a number above 0. A run above it fails before a job is submitted. It requires
   * `usage.outputTokensPerRecord`, `prompts` or an embedding model, from which the cost of the output follows. It does not limit the number of runs: use a `CostBudget` to limit their total cost.
   * @default - no limit
   */
  readonly maxCostPerRunUsd?: number;
  /**
   * Behavior when a run has fewer records than `quotas.minimumRecordsPerJob`.
   * @default SmallRuns.REFUSE
   */
  readonly smallRuns?: SmallRuns;
  /**
   * Maximum number of attempts at a record whose error may be temporary: a whole number from 1 to 9. Only failed records are run
   * again.
   * @default 3
   */
  readonly maxAttempts?: number;
  /**
   * Maximum percentage of records without a result with which an execution succeeds: a number from 0 to 100. Such records are always dead
   * letters.
   * @default 0
   */
  readonly toleratedFailurePercentage?: number;
  /**
   * Bytes of text per input token in the estimate before a run: a number of 1 or more. English text has about 4; source code and
   * other scripts have fewer.
   * @default 4
   */
  readonly bytesPerToken?: number;
  /**
   * Ratio of the cost of a run to its estimate, or of the estimate to the cost, above which the alarm fires: a number above 1. The alarm of
   * `CostBudgetProps.batchCostFactor` judges all jobs of a day instead.
   * @default 2
   */
  readonly costAlarmFactor?: number;
  /**
   * Topic that the alarms notify.
   * @default - no notifications
   */
  readonly notificationTopic?: ITopic;
  /**
   * Quotas of the account that differ from the quotas of a new account.
   * @default - the quotas of a new account
   */
  readonly quotas?: BatchQuotas;
  /**
   * Time after which AWS ends a job: whole hours from 24 to 168. Processed records are billed; the others are run again.
   * @default Duration.hours(24)
   */
  readonly timeout?: Duration;
  /**
   * Interval at which the state machine polls the status of a job.
   *
   * Whole seconds: 60 or more with a `timeout` of 24 hours, 254 or more with 168 hours, since Step Functions ends an execution at 25,000
   * events. Each poll makes 3 state transitions; the estimate of other services includes them for jobs that take their whole `timeout`.
   * @default Duration.minutes(5)
   */
  readonly pollInterval?: Duration;
  /**
   * Format of the records.
   * @default ModelInvocationType.INVOKE_MODEL
   */
  readonly modelInvocationType?: ModelInvocationType;
  /**
   * VPC through which jobs and functions access their data. It needs endpoints for Amazon S3, for CloudWatch (`monitoring`), and
   * with `SmallRuns.ON_DEMAND` for the Amazon Bedrock runtime.
   * @default - jobs and functions run outside of the account's VPCs
   * @see https://docs.aws.amazon.com/bedrock/latest/userguide/batch-vpc.html
   */
  readonly vpc?: IVpc;
  /**
   * Subnets of the `vpc`.
   * @default - private subnets
   */
  readonly vpcSubnets?: SubnetSelection;
  /**
   * Security groups in the `vpc`: 1 to 5.
   * @default - a new security group that allows all outbound traffic
   */
  readonly securityGroups?: ISecurityGroup[];
}

/** Options of a run as a step of another state machine. Values may be paths into its state, such as `JsonPath.stringAt("$.key")`. */
export interface BatchTaskOptions {
  /**
   * Id of the request. Of two executions with the same id, only the first one runs records. The second one succeeds if the first one did, and
   * otherwise fails with `DuplicateRequest`.
   * @default - each execution runs
   */
  readonly requestId?: string;
  /**
   * File or prefix to run, within the prefix of the batch. A manifest is refused.
   * @default - the input of the batch
   */
  readonly input?: BatchInput;
}

/** Attributes of imported batch inference. */
export interface BatchInferenceAttributes {
  /** ARN of the state machine. */
  readonly stateMachineArn: string;
  /**
   * The `batchInferenceName` of the construct: its path, such as `Stack/Nightly`, or another name if CloudWatch does not accept the path.
   */
  readonly batchInferenceName: string;
}
