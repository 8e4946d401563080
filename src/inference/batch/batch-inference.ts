import { Duration, ITaggableV2, Names, RemovalPolicy, Stack, TagManager, TagType } from 'aws-cdk-lib';
import { Metric, MetricOptions, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { ISecurityGroup, SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { Grant, IGrantable, IRole } from 'aws-cdk-lib/aws-iam';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { IntegrationPattern, LogLevel, StateMachine, TaskInput, TaskStateBase } from 'aws-cdk-lib/aws-stepfunctions';
import { StepFunctionsStartExecution as RunBatch } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import { Construct } from 'constructs';
import { startOnArrival } from './arrival';
import { BatchInferenceProps, BatchTaskOptions, SmallRuns } from './batch-inference-props';
import { costAlarm } from './cost-alarm';
import { BatchFunctions } from './functions';
import { DEFAULTS, inputChecks } from './input';
import { JobNetwork, jobRole } from './job-role';
import { BatchLocation, folder, grantObjects } from './location';
import { runOnSchedule } from './schedule';
import { batchSettings, metricResource } from './settings';
import { BATCH_SHAPES, TASK_SHAPES } from './shapes';
import { BatchStep } from './step';
import { longestRun } from './times';
import { declaredUsage, usageRequest } from './usage-request';
import { batchWorkflow, pricedDefinition } from './workflow';
import { recordGrant } from '../../estimates/grants';
import { BatchIdentity } from '../../estimates/registry';
import { acceptArguments, acceptProps, IN_SCOPE, requireArguments, requireGrantee } from '../../estimates/shape';
import { acknowledgeWildcards } from '../../functions/nag-acknowledgements';
import { BatchMetricName, BatchSettings } from '../../lambda/batch-inference/contract';
import { Dimension, NAMESPACE } from '../../lambda/month-to-date/contract';
import { recordUsage } from '../../registration/record';
import { reviewTags, tagsOf } from '../bedrock-tags';
import { metricOptions, requireMetricName } from '../metric-options';

/**
 * Batch inference of any size: a state machine that cuts records to what Amazon Bedrock takes in a job, runs the jobs, runs
 * again what failed, and joins the results in the order of the input. On a schedule, when an object arrives, or when started.
 *
 * Each record is checked, and what a run would cost is counted, before anything is submitted. An execution succeeds when every
 * record has a result; otherwise it fails, with the results in place and what has none beside them, with the reason.
 *
 * Most models cost half of their on-demand price in batch; each has a batch rate of its own. 30 runs of 1,000 records
 * with 10,000 input and 1,000 output tokens on Nova Pro at $0.40 and $1.60 per million cost 300 x $0.40 + 30 x $1.60 =
 * $168 a month.
 *
 * The input of an execution may hold `requestId`, a text of which only the first execution runs anything, and, of a batch with
 * an `inputPrefix`, `inputKey` or another `inputPrefix` within it. Without one, all of it is run.
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
 *   maxCostPerRunUsd: 10,
 * });
 */
export class BatchInference extends Construct implements ITaggableV2 {
  /** The state machine: one execution is one run. */
  public readonly stateMachine: StateMachine;
  /** The role that Amazon Bedrock takes to read the records, invoke the model and write the results. */
  public readonly serviceRole: IRole;
  /** The tags of the jobs. */
  public readonly cdkTagManager = new TagManager(TagType.STANDARD, 'AWS::Bedrock::ModelInvocationJob');

  constructor(scope: Construct, id: string, props: BatchInferenceProps) {
    super(scope, id);
    const { accepted, isAccepted } = acceptProps(this, props, BATCH_SHAPES);
    const output = { bucket: accepted.outputBucket, path: folder(accepted.outputPrefix) };
    const settings = batchSettings(this, accepted, Names.uniqueResourceName(this, { maxLength: 20 }), declaredUsage(this, accepted));
    const { account, region } = Stack.of(this);
    const allowed = isAccepted && inputChecks(accepted, { account, region }).passed(this);

    reviewTags(this, () => tagsOf(this, this.cdkTagManager.renderTags()));
    const securityGroups = this.securityGroupsOf(accepted);
    const network = jobNetwork(accepted, securityGroups);
    this.serviceRole = jobRole(this, 'ServiceRole', accepted.model, output, network);
    this.stateMachine = this.createStateMachine(accepted, settings, output, { allowed, network, securityGroups });
    const unstarted = accepted.schedule && runOnSchedule(this, this.stateMachine, accepted.schedule, accepted.notificationTopic);
    if (accepted.startOnArrival && allowed) startOnArrival(this, this.stateMachine, { bucket: accepted.inputBucket, path: settings.input.path });
    // Without a price, nothing is published that could trigger it.
    const alarm = allowed ? costAlarm(this, this.metricCostDeviation(), accepted) : undefined;
    const alarms = [alarm, unstarted].filter((it) => it !== undefined);
    if (!allowed) return;
    recordUsage(this, {
      ...usageRequest(this, accepted, settings, this.jobIdentity(settings, output)),
      pricedProperties: pricedDefinition(this.stateMachine),
      notify: alarms.length > 0 ? (topicArn) => alarms.forEach((it) => it.notify(topicArn)) : undefined,
    });
  }

  /** Lets the grantee start a run (`states:StartExecution`). */
  public grantStart(grantee: IGrantable): Grant {
    requireGrantee(this, 'grantStart', grantee);
    return this.stateMachine.grantStartExecution(grantee);
  }

  /**
   * A run as a step of a state machine of your own, which goes on when the run has ended, and fails as the run does. Its
   * result is that of the execution, whose `Output` says how many records there were, what they cost, and where the results are.
   *
   * Step Functions starts the step once, whatever is lost on the way. A retry that you add starts another run, which is paid
   * again: `schedule` and usage do not count it. With a `requestId`, an execution for a request that another one has begun runs
   * nothing: it succeeds if that one did, and fails with `DuplicateRequest` otherwise.
   *
   * @param scope of the state machine
   * @param id the name of the state
   * @param options what is run
   * @see https://docs.aws.amazon.com/step-functions/latest/dg/connect-stepfunctions.html
   */
  public asTask(scope: Construct, id: string, options: BatchTaskOptions = {}): TaskStateBase {
    requireArguments(`${this.node.path}: asTask.`, { scope, id }, IN_SCOPE);
    const isAccepted = acceptArguments(this, 'asTask', { options }, TASK_SHAPES);
    return new RunBatch(scope, id, {
      stateMachine: this.stateMachine,
      integrationPattern: IntegrationPattern.RUN_JOB,
      comment: `Amazon Bedrock batch inference of ${this.node.path}`,
      // Without it the whole state of the other machine would be taken for the request.
      input: TaskInput.fromObject(isAccepted ? { ...options } : {}),
    });
  }

  /** A metric of the state machine (namespace `AWS/States`). Amazon Bedrock's own count tokens of a model, not of a job. */
  public metric(metricName: string, props?: MetricOptions): Metric {
    requireMetricName(this, metricName);
    return this.stateMachine.metric(metricName, metricOptions(this, props));
  }

  /** Runs that were started. */
  public metricStarted(props?: MetricOptions): Metric {
    return this.stateMachine.metricStarted(metricOptions(this, props));
  }

  /** Runs whose records all have a result, or as many as are tolerated. */
  public metricSucceeded(props?: MetricOptions): Metric {
    return this.stateMachine.metricSucceeded(metricOptions(this, props));
  }

  /** Runs that were refused, or left more records without a result than is tolerated. */
  public metricFailed(props?: MetricOptions): Metric {
    return this.stateMachine.metricFailed(metricOptions(this, props));
  }

  /** Runs that had not come to an end a day after the timeout of their jobs, for each time that a record is tried and for each wave of jobs. */
  public metricTimedOut(props?: MetricOptions): Metric {
    return this.stateMachine.metricTimedOut(metricOptions(this, props));
  }

  /** Milliseconds from the start of a run to its end, on average. */
  public metricTime(props?: MetricOptions): Metric {
    return this.stateMachine.metricTime(metricOptions(this, props));
  }

  /** What runs cost by the tokens that their results tell, in US dollars: the sum over 5 minutes unless `props` say otherwise. */
  public metricCostUsd(props?: MetricOptions): Metric {
    return this.runMetric(BatchMetricName.COST, props);
  }

  /** What runs were estimated to cost before they were submitted, in US dollars: the sum over 5 minutes unless `props` say otherwise. */
  public metricEstimatedCostUsd(props?: MetricOptions): Metric {
    return this.runMetric(BatchMetricName.ESTIMATED_COST, props);
  }

  /** How many times what runs cost is what they were estimated to cost, or the other way round, whichever is more: the most of 5 minutes. */
  public metricCostDeviation(props?: MetricOptions): Metric {
    return this.runMetric(BatchMetricName.COST_DEVIATION, { statistic: Stats.MAXIMUM, ...metricOptions(this, props) });
  }

  /** Records without a result: the sum over 5 minutes unless `props` say otherwise. */
  public metricDeadLetters(props?: MetricOptions): Metric {
    return this.runMetric(BatchMetricName.DEAD_LETTERS, props);
  }

  private runMetric(metricName: string, props?: MetricOptions): Metric {
    return new Metric({
      namespace: NAMESPACE,
      metricName,
      dimensionsMap: { [Dimension.RESOURCE]: metricResource(this) },
      statistic: Stats.SUM,
      period: Duration.minutes(5),
      ...metricOptions(this, props),
    }).attachTo(this);
  }

  /** The name prefix and the role that identify the jobs, and the grant to read their results. */
  private jobIdentity({ jobNamePrefix }: BatchSettings, output: BatchLocation): BatchIdentity {
    return {
      jobNamePrefix,
      roleArn: this.serviceRole.roleArn,
      stateMachineArn: this.stateMachine.stateMachineArn,
      grantReadResults: (grantee) => grantObjects(grantee, { ...output, path: `${output.path}*/manifest.json.out` }),
    };
  }

  private securityGroupsOf({ vpc, securityGroups }: BatchInferenceProps): ISecurityGroup[] | undefined {
    return vpc && (securityGroups ?? [new SecurityGroup(this, 'SecurityGroup', { vpc, description: 'Batch inference: jobs and functions' })]);
  }

  private createStateMachine(props: BatchInferenceProps, settings: BatchSettings, output: BatchLocation, checked: Checked): StateMachine {
    const { allowed, network, securityGroups } = checked;
    const { model, vpc, smallRuns } = props;
    const functions = new BatchFunctions(this, 'Functions', {
      model,
      // A manifest may name any file of the bucket.
      input: { bucket: props.inputBucket, path: settings.input.kind === 'manifest' ? '' : settings.input.path },
      output,
      onDemand: smallRuns === SmallRuns.ON_DEMAND,
      network: vpc && { vpc, vpcSubnets: props.vpcSubnets, securityGroups },
    });
    const stateMachine = new StateMachine(this, 'StateMachine', {
      definitionBody: batchWorkflow(this, {
        step: new BatchStep(this, functions, settings),
        model,
        serviceRole: this.serviceRole,
        outputBucket: output.bucket,
        pollInterval: allowed ? props.pollInterval ?? DEFAULTS.pollInterval : DEFAULTS.pollInterval,
        timeout: allowed ? props.timeout : undefined,
        modelInvocationType: props.modelInvocationType,
        vpcConfig: network && { SubnetIds: network.subnetIds, SecurityGroupIds: network.securityGroupIds },
        jobsAtATime: allowed ? props.quotas?.jobsAtATime ?? DEFAULTS.quotas.jobsAtATime : DEFAULTS.quotas.jobsAtATime,
        tags: () => tagsOf(this, this.cdkTagManager.renderTags()),
      }),
      logs: {
        destination: new LogGroup(this, 'Logs', { retention: RetentionDays.ONE_YEAR, removalPolicy: RemovalPolicy.DESTROY }),
        level: LogLevel.ALL,
      },
      tracingEnabled: true,
      timeout: allowed ? longestRun(props, settings.quotas) : undefined,
    });
    grantObjects(stateMachine, { bucket: output.bucket, path: `${output.path}*/steps/*.json` });
    acknowledgeWildcards(stateMachine, 'AWS chooses the id of a job and the regions behind an inference profile; lists of jobs, log delivery and X-Ray have no resources; '
      + 'functions are called in any version, and each run has a folder of its own');
    recordGrant(stateMachine.role, model.invokableArn, this);
    return stateMachine;
  }
}

/** The parts of the state machine that follow from the props. */
interface Checked {
  readonly allowed: boolean;
  readonly network: JobNetwork | undefined;
  readonly securityGroups: ISecurityGroup[] | undefined;
}

function jobNetwork({ vpc, vpcSubnets }: BatchInferenceProps, securityGroups: ISecurityGroup[] = []): JobNetwork | undefined {
  if (vpc === undefined) return undefined;
  const securityGroupIds = securityGroups.map(({ securityGroupId }) => securityGroupId);
  return { vpc, subnetIds: vpc.selectSubnets(vpcSubnets).subnetIds, securityGroupIds };
}
