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
 * The quotas of batch inference of an account. They differ between models, and AWS raises most of them on request.
 *
 * @see https://docs.aws.amazon.com/bedrock/latest/userguide/quotas.html
 */
export interface BatchQuotas {
  /**
   * Minimum number of records of a job: a whole number of 1 or more, at most `recordsPerJob`. A warning names usage below it.
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
   * Maximum number of submitted jobs of one run that have not ended: a whole number of 1 or more. Jobs of others use the same
   * quota of the account: a job that finds it exhausted waits for a day at most.
   * @default 20
   */
  readonly concurrentJobs?: number;
}

/** The properties of a `BatchInference`. */
export interface BatchInferenceProps {
  /** The model. Batch inference is not possible on provisioned throughput. */
  readonly model: BedrockModel;
  /** The bucket of the records: JSONL files with lines `{"recordId": ..., "modelInput": {...}}`, or the format of `prompts`. */
  readonly inputBucket: IBucket;
  /**
   * The bucket of the results. Each run has a folder `<outputPrefix><run>/` with `results-00000.jsonl` and so on, in the order
   * of the input, `dead-letters-00000.jsonl` and so on, and `summary.json`. A lifecycle rule may delete its working files in
   * `steps/` after the end of the month: a budget reads the token counts of jobs there.
   */
  readonly outputBucket: IBucket;
  /**
   * The runs in an average month, from which the cost is estimated. A run of any size is a job here. With a `schedule`,
   * `jobsPerMonth` can be left out. `Lazy` values are resolved at synthesis; a value that only the deployment knows makes the
   * cost unknown.
   */
  readonly usage: BatchUsage;
  /**
   * The fields of `usage` that differ in a slow month.
   * @default - no lower end of a range is estimated
   */
  readonly lowUsage?: BatchUsage;
  /**
   * The fields of `usage` that differ in a busy month.
   * @default - no upper end of a range is estimated
   */
  readonly highUsage?: BatchUsage;
  /**
   * The part of the input bucket that each run processes.
   * @default - the whole bucket, in the order of the keys
   */
  readonly input?: BatchInput;
  /**
   * Prompts of which the run makes records.
   * @default - the input holds records
   */
  readonly prompts?: BatchPrompts;
  /**
   * The folder of the results.
   *
   * Names of letters, digits and `-!_'().` with slashes between them, 800 characters at most. Within one bucket, keep it outside of the
   * input. One that ends with a token must have a value that ends with a slash.
   * @default - the root of the bucket
   */
  readonly outputPrefix?: string;
  /**
   * The times at which runs start.
   * @default - a run starts by `grantStart`, `asTask` or `startOnArrival` only
   */
  readonly schedule?: ScheduleExpression;
  /**
   * Whether each object that arrives in the input starts a run of that object alone. An event that AWS delivers twice starts one
   * run. Requires a prefix or the whole bucket as the `input`, and turns on the EventBridge notifications of the bucket.
   * @default false
   */
  readonly startOnArrival?: boolean;
  /**
   * Maximum estimated cost of a run, in US dollars: a number above 0. A run above it fails before anything is submitted.
   * Requires `usage.outputTokensPerRecord`. The number of runs is not limited: use a `CostBudget`.
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
   * Percentage of records without a result up to which an execution succeeds: a number from 0 to 100. They are dead letters in
   * any case.
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
   * Ratio of the cost of a run to its estimate, or of the estimate to the cost, above which the alarm goes off: a number above 1.
   * @default 2
   */
  readonly costAlarmFactor?: number;
  /**
   * Topic that the alarms notify.
   * @default - no notifications
   */
  readonly notificationTopic?: ITopic;
  /**
   * The quotas of the account that differ from the usual ones.
   * @default - the usual quotas of a new account
   */
  readonly quotas?: BatchQuotas;
  /**
   * Time after which AWS ends a job: whole hours from 24 to 168. Records that were processed by then are billed; the others are
   * run again.
   * @default Duration.hours(24)
   */
  readonly timeout?: Duration;
  /**
   * Interval at which the state machine polls the status of a job.
   *
   * Whole seconds, 60 or more with a `timeout` of 24 hours, 254 or more with one of 168, since Step Functions ends an execution at 25,000
   * events. Each poll is 3 state transitions; the estimate of other services includes them for jobs that take their whole `timeout`.
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

/** The options of a run as a step of another state machine. Values may be paths into its state, such as `JsonPath.stringAt("$.key")`. */
export interface BatchTaskOptions {
  /**
   * Identifier of the request. Of two executions with the same one, only the first runs anything. The other succeeds if the first
   * one did, and fails with `DuplicateRequest` otherwise.
   * @default - each execution runs
   */
  readonly requestId?: string;
  /**
   * The file or the prefix to run, within the prefix of the batch. A manifest is refused.
   * @default - the input of the batch
   */
  readonly input?: BatchInput;
}

/** The attributes of batch inference of another stack or app. */
export interface BatchInferenceAttributes {
  /** The ARN of the state machine. */
  readonly stateMachineArn: string;
  /**
   * The `batchInferenceName` of the construct: its path, such as `Stack/Nightly`, or a shorter name if CloudWatch does not accept
   * the path as a dimension.
   */
  readonly batchInferenceName: string;
}
