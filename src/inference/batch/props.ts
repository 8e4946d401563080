import { Duration } from 'aws-cdk-lib';
import { ISecurityGroup, IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import { IBucket } from 'aws-cdk-lib/aws-s3';
import { ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import { ITopic } from 'aws-cdk-lib/aws-sns';
import { BatchPrompts } from './prompts';
import { BatchUsage } from '../../pricing/billing-modes/batch';
import { BedrockModel } from '../bedrock-model';

/** How the records of a batch job are written. */
export enum ModelInvocationType {
  /** In the model's own request format. */
  INVOKE_MODEL = 'InvokeModel',
  /** In the format of the Converse API, alike for all models. */
  CONVERSE = 'Converse',
}

/** What becomes of records that are fewer than Amazon Bedrock takes in a job. */
export enum SmallRuns {
  /** A run of so few fails, says so, and costs nothing. So few that failed at first go to the dead letters. */
  REFUSE = 'refuse',
  /** They are run on demand, at the on-demand price: most often twice that of batch. */
  ON_DEMAND = 'on-demand',
}

/**
 * How much Amazon Bedrock takes in a batch job. Models differ, and AWS raises most of these on request.
 *
 * @see https://docs.aws.amazon.com/bedrock/latest/userguide/quotas.html
 */
export interface BatchQuotas {
  /**
   * Records of a job: a whole number of 1 or more.
   * @default 50000
   */
  readonly recordsPerJob?: number;
  /**
   * Records of a file: a whole number of 1 or more.
   * @default 50000
   */
  readonly recordsPerFile?: number;
  /**
   * Bytes of a job: a whole number of 1 or more.
   * @default 5000000000
   */
  readonly bytesPerJob?: number;
  /**
   * Bytes of a file: a whole number of 1 or more.
   * @default 1000000000
   */
  readonly bytesPerFile?: number;
  /**
   * Jobs that have not ended at a time, of one run: a whole number of 1 or more. What others run counts against the same
   * quota: a job that finds it used up waits, for a day at most.
   * @default 20
   */
  readonly jobsAtATime?: number;
}

/** The properties of a `BatchInference`. */
export interface BatchInferenceProps {
  /** The model. Batch inference is not possible on provisioned throughput. */
  readonly model: BedrockModel;
  /** The bucket of the records: JSONL files with lines `{"recordId": ..., "modelInput": {...}}`, or what `prompts` says. */
  readonly inputBucket: IBucket;
  /**
   * The bucket of the results. Each run has a folder `<outputPrefix><run>/` with `results-00000.jsonl` and so on, in the order
   * of the input, `dead-letters-00000.jsonl` and so on, and `summary.json`; what it worked with stays below its `steps/`, which
   * a lifecycle rule may delete after the end of the month: a budget reads there what jobs have counted.
   */
  readonly outputBucket: IBucket;
  /**
   * The runs in an average month, from which the cost is estimated. A run of any size is a job here. With a `schedule`,
   * `jobsPerMonth` can be left out. `Lazy` values are resolved at synthesis; a value that only the deployment knows makes the
   * cost unknown.
   */
  readonly usage: BatchUsage;
  /**
   * What runs in a slow month.
   * @default - no lower end of a range is estimated
   */
  readonly lowUsage?: BatchUsage;
  /**
   * What runs in a busy month.
   * @default - no upper end of a range is estimated
   */
  readonly highUsage?: BatchUsage;
  /**
   * The folder of the records; every run processes all of it, in the order of the keys. One that is known only at deployment
   * has to end with a slash.
   * @default - the whole bucket, `inputKey`, or `inputManifestKey`
   */
  readonly inputPrefix?: string;
  /**
   * The one file of the records, instead of `inputPrefix`.
   * @default - all files of `inputPrefix`
   */
  readonly inputKey?: string;
  /**
   * A file that names the files of the records, instead of `inputPrefix`: a JSON array of keys, or of `s3://` URIs, of the
   * input bucket. They are run in its order.
   * @default - all files of `inputPrefix`
   */
  readonly inputManifestKey?: string;
  /**
   * The input holds prompts, of which records are to be made.
   * @default - it holds records
   */
  readonly prompts?: BatchPrompts;
  /**
   * The folder of the results. Within one bucket, keep it outside of the folder of the records. One that is known only at
   * deployment has to end with a slash.
   * @default - the root of the bucket
   */
  readonly outputPrefix?: string;
  /**
   * When a run is started.
   * @default - only when somebody starts the state machine (`grantStart`), or when an object arrives (`startOnArrival`)
   */
  readonly schedule?: ScheduleExpression;
  /**
   * Whether each object that arrives in `inputPrefix` starts a run of that object alone. An event that AWS delivers twice
   * starts one. Switches on that the input bucket tells EventBridge of its objects.
   * @default false
   */
  readonly startOnArrival?: boolean;
  /**
   * What a run may cost at most, in US dollars: a number above 0. A run that is estimated to cost more is refused before
   * anything is submitted, and says the sum. Needs `usage.outputTokensPerRecord`. It holds for each run, however many are started: a
   * `CostBudget` holds for all of them.
   * @default - no limit
   */
  readonly maxCostPerRunUsd?: number;
  /**
   * What becomes of records that are fewer than `minimumRecordsPerJob`.
   * @default SmallRuns.REFUSE
   */
  readonly smallRuns?: SmallRuns;
  /**
   * How often a record is tried at most, where another try may help: a whole number from 1 to 9. Only what failed is run again.
   * @default 3
   */
  readonly maxAttempts?: number;
  /**
   * How many of 100 records may be left without a result in an execution that succeeds: 0 to 100. They are dead letters in
   * any case.
   * @default 0
   */
  readonly toleratedFailurePercentage?: number;
  /**
   * How many bytes of text are taken for an input token before a run: a number of 1 or more. English has about 4, code
   * and other scripts have fewer.
   * @default 4
   */
  readonly bytesPerToken?: number;
  /**
   * The alarm goes off when a run cost this many times what it was estimated to cost before, or that was this many times what
   * it cost: a number above 1.
   * @default 2
   */
  readonly costAlarmFactor?: number;
  /**
   * Who is told by the alarm.
   * @default - nobody: the alarm shows in the console
   */
  readonly notificationTopic?: ITopic;
  /**
   * What Amazon Bedrock takes in a job.
   * @default - what AWS gives an account at first
   */
  readonly quotas?: BatchQuotas;
  /**
   * How many records Amazon Bedrock wants in a job; fewer in `usage` draw a warning.
   * @default 100
   * @see https://docs.aws.amazon.com/bedrock/latest/userguide/quotas.html
   */
  readonly minimumRecordsPerJob?: number;
  /**
   * After how long AWS ends a job that is not done: whole hours, 24 to 168. What was processed by then is billed; the rest is
   * run again.
   * @default - AWS's own, 24 hours
   */
  readonly timeout?: Duration;
  /**
   * How often the state machine looks whether a job has ended: whole seconds, 60 or more with a `timeout` of 24 hours,
   * 254 or more with one of 168, since Step Functions ends an execution that has 25,000 events. Each look is 3 state
   * transitions; the estimate of other services counts them for jobs that take their whole `timeout`.
   * @default Duration.minutes(5)
   */
  readonly pollInterval?: Duration;
  /**
   * How the records are written.
   * @default - AWS's own, ModelInvocationType.INVOKE_MODEL
   */
  readonly modelInvocationType?: ModelInvocationType;
  /**
   * The network that jobs and functions reach their data through. It needs endpoints for S3, for CloudWatch (`monitoring`), and
   * with `SmallRuns.ON_DEMAND` for the Amazon Bedrock runtime.
   * @default - none of the account's
   * @see https://docs.aws.amazon.com/bedrock/latest/userguide/batch-vpc.html
   */
  readonly vpc?: IVpc;
  /**
   * The subnets of the `vpc`.
   * @default - private ones
   */
  readonly vpcSubnets?: SubnetSelection;
  /**
   * The security groups in the `vpc`: 1 to 5.
   * @default - one that lets everything out and nothing in
   */
  readonly securityGroups?: ISecurityGroup[];
}

/** What a run as a step of another state machine runs. Values may be paths into its state (`JsonPath.stringAt`). */
export interface BatchTaskOptions {
  /**
   * A text that is this request's own: of two executions with the same one, only the first runs anything. The other succeeds if
   * the first one did, and fails with `DuplicateRequest` otherwise.
   * @default - each execution runs
   */
  readonly requestId?: string;
  /**
   * The one file to run, within the folder of the batch.
   * @default - all files of the folder, or what the batch names
   */
  readonly inputKey?: string;
  /**
   * The folder to run, within the folder of the batch.
   * @default - all files of the folder, or what the batch names
   */
  readonly inputPrefix?: string;
}
