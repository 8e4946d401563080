import { Duration, ITaggableV2, Names, RemovalPolicy, Stack, TagManager, TagType, Token } from 'aws-cdk-lib';
import { Metric, MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import { Grant, IGrantable, IRole, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { IBucket } from 'aws-cdk-lib/aws-s3';
import { Schedule, ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import { StepFunctionsStartExecution } from 'aws-cdk-lib/aws-scheduler-targets';
import { IntegrationPattern, LogLevel, StateMachine, TaskStateBase } from 'aws-cdk-lib/aws-stepfunctions';
import { StepFunctionsStartExecution as RunBatch } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import { Construct } from 'constructs';
import { BatchLocation, folder, grantInput, grantOutput, grantSummaries } from './batch-location';
import { batchWorkflow, jobArns, TRANSITIONS_OF_JOB, TRANSITIONS_OF_POLL } from './batch-workflow';
import { BedrockModel } from './bedrock-model';
import { InputChecks } from './input-checks';
import { isAbout, runsPerMonth } from './runs-per-month';
import { addFinding } from '../estimates/findings';
import { recordGrant } from '../estimates/grants';
import { recordUsage } from '../estimates/record';
import { RunningCost } from '../estimates/running-cost';
import { hoursPerMonth } from '../estimates/settings';
import { acknowledgeWildcards } from '../functions/nag-acknowledgements';
import { MESSAGES } from '../messages';
import { decimal } from '../pricing/decimal';
import { BatchUsage } from '../pricing/usage';

/** How the records of a batch job are written. */
export enum ModelInvocationType {
  /** In the model's own request format. */
  INVOKE_MODEL = 'InvokeModel',
  /** In the format of the Converse API, alike for all models. */
  CONVERSE = 'Converse',
}

/** The properties of a `BatchInference`. */
export interface BatchInferenceProps {
  /** The model. Batch inference is not possible on provisioned throughput. */
  readonly model: BedrockModel;
  /** The bucket of the records: JSONL files with lines `{"recordId": ..., "modelInput": {...}}`. */
  readonly inputBucket: IBucket;
  /** The bucket of the results, which come as `<outputPrefix><job id>/<file>.jsonl.out`. Within one bucket, keep them outside of `inputPrefix`. */
  readonly outputBucket: IBucket;
  /** What runs in an average month: the estimate is made of it. With a `schedule`, `jobsPerMonth` can be left out. */
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
   * The folder of the records; every job processes all of it.
   * @default - the whole bucket, or `inputKey`
   */
  readonly inputPrefix?: string;
  /**
   * The one file of the records, instead of `inputPrefix`.
   * @default - all files of `inputPrefix`
   */
  readonly inputKey?: string;
  /**
   * The folder of the results.
   * @default - the root of the bucket
   */
  readonly outputPrefix?: string;
  /**
   * When a job is run.
   * @default - only when somebody starts the state machine (`grantStart`)
   */
  readonly schedule?: ScheduleExpression;
  /**
   * How many records Amazon Bedrock wants in a job; fewer in `usage` draw a warning.
   * @default 100
   * @see https://docs.aws.amazon.com/bedrock/latest/userguide/quotas.html
   */
  readonly minimumRecordsPerJob?: number;
  /**
   * After how long AWS ends a job that is not done: whole hours, 24 to 168. What was processed by then is billed.
   * @default - AWS's own, 24 hours
   */
  readonly timeout?: Duration;
  /**
   * How often the state machine looks whether the job has ended: whole seconds, 33 or more with a `timeout` of 24 hours,
   * 227 or more with one of 168, since Step Functions ends an execution that has 25,000 events. Each look is 3 state
   * transitions; the estimate of other services counts them for jobs that take their whole `timeout`.
   * @default Duration.minutes(5)
   */
  readonly pollInterval?: Duration;
  /**
   * How the records are written.
   * @default - AWS's own, ModelInvocationType.INVOKE_MODEL
   */
  readonly modelInvocationType?: ModelInvocationType;
}

const DEFAULT_MINIMUM_RECORDS = 100;
const DEFAULT_TIMEOUT = Duration.hours(24);
/** A job may wait before it is run: its own timeout counts from then on. */
const STUCK_AFTER = Duration.hours(24);
const DEFAULT_POLL_INTERVAL = Duration.minutes(5);

/** Step Functions ends an execution at 25,000 events. What is left of them is for its start, its end and retries. */
const MAX_POLL_EVENTS = 24_000;
const EVENTS_OF_POLL = 9;
const MAX_POLLS = Math.floor(MAX_POLL_EVENTS / EVENTS_OF_POLL);

/**
 * Batch inference: a state machine that runs a batch job of Amazon Bedrock and waits for its end, on a schedule or when
 * started. An execution succeeds when the job completes, and fails with the job's status and message otherwise.
 *
 * Most models cost half of their on-demand price in batch; each has a batch rate of its own. 30 jobs of 1,000 records
 * with 10,000 input and 1,000 output tokens on Nova Pro at $0.40 and $1.60 per million cost 300 x $0.40 + 30 x $1.60 =
 * $168 a month.
 *
 * @see https://docs.aws.amazon.com/bedrock/latest/userguide/batch-inference.html
 *
 * @example
 * new BatchInference(this, 'Nightly', {
 *   model: BedrockModel.of('amazon.nova-pro-v1:0'),
 *   inputBucket: records,
 *   outputBucket: results,
 *   schedule: ScheduleExpression.cron({ hour: '2', minute: '0' }),
 *   usage: { jobsPerMonth: 30, recordsPerJob: 1_000, inputTokensPerRecord: 10_000, outputTokensPerRecord: 1_000 },
 * });
 */
export class BatchInference extends Construct implements ITaggableV2 {
  /** The state machine: one execution is one job. */
  public readonly stateMachine: StateMachine;
  /** The role that Amazon Bedrock takes to read the records, invoke the model and write the results. */
  public readonly serviceRole: IRole;
  /** The tags of the jobs. */
  public readonly cdkTagManager = new TagManager(TagType.STANDARD, 'AWS::Bedrock::ModelInvocationJob');

  constructor(scope: Construct, id: string, props: BatchInferenceProps) {
    super(scope, id);
    const { model, timeout, pollInterval = DEFAULT_POLL_INTERVAL } = props;
    const input = { bucket: props.inputBucket, path: props.inputKey ?? folder(props.inputPrefix) };
    const output = { bucket: props.outputBucket, path: folder(props.outputPrefix) };
    const allowed = inputChecks(props).passed(this);
    const jobNamePrefix = Names.uniqueResourceName(this, { maxLength: 20 });

    this.serviceRole = this.createServiceRole(model, input, output);
    this.stateMachine = new StateMachine(this, 'StateMachine', {
      definitionBody: batchWorkflow(this, {
        model,
        serviceRole: this.serviceRole,
        input,
        output,
        jobNamePrefix,
        pollInterval: allowed ? pollInterval : DEFAULT_POLL_INTERVAL,
        timeout: allowed ? timeout : undefined,
        modelInvocationType: props.modelInvocationType,
        tags: this.cdkTagManager,
      }),
      logs: {
        destination: new LogGroup(this, 'Logs', { retention: RetentionDays.ONE_YEAR, removalPolicy: RemovalPolicy.DESTROY }),
        level: LogLevel.ALL,
      },
      tracingEnabled: true,
      // AWS ends a job at its timeout. One that is not over some time after it is stuck: the execution has to say so.
      timeout: allowed && !timeout?.isUnresolved() ? (timeout ?? DEFAULT_TIMEOUT).plus(STUCK_AFTER) : undefined,
    });
    acknowledgeWildcards(this.stateMachine, 'AWS chooses the id of a job and the regions behind an inference profile; log delivery and X-Ray have no resources');
    recordGrant(this.stateMachine.role, model.invokableArn, this);
    if (props.schedule) this.runOn(props.schedule);
    if (allowed) this.price(props, pollInterval, { jobNamePrefix, output });
  }

  /** Lets the grantee start a job (`states:StartExecution`). */
  public grantStart(grantee: IGrantable): Grant {
    return this.stateMachine.grantStartExecution(grantee);
  }

  /**
   * A job as a step of a state machine of your own, which goes on when the job has ended, and fails as the job does.
   *
   * Step Functions starts the step once, whatever is lost on the way. A retry that you add starts another job, which is paid
   * again: `schedule` and usage do not count it.
   *
   * @param scope of the state machine
   * @param id the name of the state
   * @see https://docs.aws.amazon.com/step-functions/latest/dg/connect-stepfunctions.html
   */
  public asTask(scope: Construct, id: string): TaskStateBase {
    return new RunBatch(scope, id, {
      stateMachine: this.stateMachine,
      integrationPattern: IntegrationPattern.RUN_JOB,
      comment: `Amazon Bedrock batch job of ${this.node.path}`,
    });
  }

  /** A metric of the state machine (namespace `AWS/States`). Amazon Bedrock's own count tokens of a model, not of a job. */
  public metric(metricName: string, props?: MetricOptions): Metric {
    return this.stateMachine.metric(metricName, props);
  }

  /** Jobs that were started. */
  public metricStarted(props?: MetricOptions): Metric {
    return this.stateMachine.metricStarted(props);
  }

  /** Jobs that completed. */
  public metricSucceeded(props?: MetricOptions): Metric {
    return this.stateMachine.metricSucceeded(props);
  }

  /** Jobs that failed, were stopped, expired, or completed only in part. */
  public metricFailed(props?: MetricOptions): Metric {
    return this.stateMachine.metricFailed(props);
  }

  /** Jobs that had not come to an end a day after their timeout. */
  public metricTimedOut(props?: MetricOptions): Metric {
    return this.stateMachine.metricTimedOut(props);
  }

  /** Milliseconds from the start of a job to its end, on average. */
  public metricTime(props?: MetricOptions): Metric {
    return this.stateMachine.metricTime(props);
  }

  private createServiceRole(model: BedrockModel, input: BatchLocation, output: BatchLocation): Role {
    const role = new Role(this, 'ServiceRole', {
      description: 'Amazon Bedrock takes it in batch jobs',
      assumedBy: new ServicePrincipal('bedrock.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account }, ArnLike: { 'aws:SourceArn': jobArns(this) } },
      }),
    });
    grantInput(role, input);
    grantOutput(role, output);
    // Without the condition on the profile that other callers have: AWS's own role for batch jobs has none.
    role.addToPrincipalPolicy(new PolicyStatement({ actions: ['bedrock:InvokeModel'], resources: model._authorizedArns }));
    acknowledgeWildcards(role, 'records and results are whole folders of a bucket, and AWS chooses the regions behind an inference profile');
    return role;
  }

  /** EventBridge Scheduler would try a start that fails 185 times; each start that succeeds is a job to pay. */
  private runOn(schedule: ScheduleExpression) {
    const role = new Role(this, 'ScheduleRole', {
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', { conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } } }),
    });
    new Schedule(this, 'Schedule', { schedule, target: new StepFunctionsStartExecution(this.stateMachine, { role, retryAttempts: 0 }) });
  }

  private price(props: BatchInferenceProps, pollInterval: Duration, { jobNamePrefix, output }: { jobNamePrefix: string; output: BatchLocation }) {
    const { model, usage, lowUsage, highUsage, minimumRecordsPerJob = DEFAULT_MINIMUM_RECORDS, timeout = DEFAULT_TIMEOUT } = props;
    const scheduled = this.scheduledJobs(props);
    const withJobs = (given: BatchUsage) => ({ ...given, jobsPerMonth: given.jobsPerMonth ?? scheduled });
    recordUsage(this, {
      type: 'batch',
      model: model.pricingModelId,
      usage: { ...withJobs(usage), customModel: model.customModel },
      lowUsage: lowUsage && withJobs(lowUsage),
      highUsage: highUsage && withJobs(highUsage),
      batchJobs: {
        jobNamePrefix,
        roleArn: this.serviceRole.roleArn,
        stateMachineArn: this.stateMachine.stateMachineArn,
        grantReadResults: (grantee) => grantSummaries(grantee, output),
      },
      otherServices: (counted) =>
        orchestrationCost((counted as BatchUsage).jobsPerMonth, { timeout, pollInterval, isScheduled: props.schedule !== undefined }),
      review: (counted) => {
        this.reviewJobSize([counted as BatchUsage, lowUsage, highUsage], minimumRecordsPerJob);
        this.reviewJobCount((counted as BatchUsage).jobsPerMonth, scheduled);
      },
    });
  }

  /** How often the schedule starts a job in an average month; undefined where it does not say. */
  private scheduledJobs({ schedule }: BatchInferenceProps): number | undefined {
    return schedule && !Token.isUnresolved(schedule.expressionString) ? runsPerMonth(schedule.expressionString, hoursPerMonth(this)) : undefined;
  }

  private reviewJobCount(given: number | undefined, scheduled: number | undefined): void {
    if (given === undefined || scheduled === undefined || Token.isUnresolved(given) || isAbout(given, scheduled)) return;
    addFinding(this, MESSAGES.batchJobsDiffer, `jobsPerMonth is ${given}, and the schedule starts ${scheduled} jobs in an average month`);
  }

  private reviewJobSize(usages: readonly (BatchUsage | undefined)[], minimum: number): void {
    const records = usages.flatMap((usage) => usage?.recordsPerJob ?? []).filter((count) => !Token.isUnresolved(count));
    const smallest = Math.min(...records);
    if (!Token.isUnresolved(minimum) && smallest < minimum) {
      addFinding(this, MESSAGES.smallBatch, `recordsPerJob is ${smallest}, and Amazon Bedrock does not accept a job of fewer than ${minimum} records`);
    }
  }
}

interface Orchestration {
  readonly timeout: Duration;
  readonly pollInterval: Duration;
  readonly isScheduled: boolean;
}

/** The state transitions of jobs that take their whole time, and their starts; undefined where something of it is a token or not allowed. */
function orchestrationCost(jobsPerMonth: number | undefined, { timeout, pollInterval, isScheduled }: Orchestration): RunningCost | undefined {
  if (jobsPerMonth === undefined || Token.isUnresolved(jobsPerMonth) || !(jobsPerMonth >= 0) || !Number.isFinite(jobsPerMonth)) return undefined;
  if (timeout.isUnresolved() || pollInterval.isUnresolved()) return undefined;
  const polls = Math.ceil(timeout.toSeconds() / pollInterval.toSeconds());
  const jobs = decimal(jobsPerMonth);
  return new RunningCost()
    .add('step-functions-transition', jobs.times(decimal(TRANSITIONS_OF_JOB + TRANSITIONS_OF_POLL * polls)), 'state transitions of jobs that take their whole timeout')
    .add('scheduler-invocation', isScheduled ? jobs : 0, 'starts by the schedule');
}

function isTimeout(minutes: number): boolean {
  return minutes % 60 === 0 && minutes >= 24 * 60 && minutes <= 168 * 60;
}

function isPollInterval(seconds: number): boolean {
  return Number.isInteger(seconds) && seconds >= 10;
}

function inputChecks(props: BatchInferenceProps) {
  const { model, inputPrefix, inputKey, minimumRecordsPerJob, modelInvocationType } = props;
  const { timeout = DEFAULT_TIMEOUT, pollInterval = DEFAULT_POLL_INTERVAL } = props;
  const minutes = timeout.isUnresolved() ? undefined : timeout.toMinutes({ integral: false });
  const seconds = pollInterval.isUnresolved() ? undefined : pollInterval.toSeconds({ integral: false });
  const shortest = minutes !== undefined && isTimeout(minutes) ? Math.ceil((minutes * 60) / MAX_POLLS) : 0;
  return new InputChecks()
    .check('model', model._shown, () => model._origin !== 'provisioned-throughput', 'a model or an inference profile: batch inference is not possible on provisioned throughput')
    .check('inputKey', inputKey, () => inputPrefix === undefined, 'either inputKey or inputPrefix')
    .check('timeout', minutes, isTimeout, 'whole hours from 24 to 168 (in minutes: 1440 to 10080)')
    .check('pollInterval', seconds, isPollInterval, 'whole seconds, 10 or more')
    .check('pollInterval', seconds, (interval) => !isPollInterval(interval) || interval >= shortest,
      `${shortest} seconds or more with this timeout (24 hours unless set): Step Functions ends an execution at 25,000 events, and each look makes ${EVENTS_OF_POLL}; look less often or shorten the timeout`)
    .check('minimumRecordsPerJob', minimumRecordsPerJob, (records) => Number.isFinite(records) && records >= 1, 'a number of 1 or more')
    .check('modelInvocationType', modelInvocationType, (type) => Object.values(ModelInvocationType).includes(type), `one of ${Object.values(ModelInvocationType).join(', ')}`);
}
