import { ITaggableV2, Names, RemovalPolicy, Stack, TagManager, TagType } from 'aws-cdk-lib';
import { ISecurityGroup, SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { IRole } from 'aws-cdk-lib/aws-iam';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { IStateMachine, LogLevel, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { startOnArrival } from './arrival';
import { BatchInferenceBase, IBatchInference } from './base';
import { propsChecks } from './checks';
import { costAlarm } from './cost-alarm';
import { DEFAULTS } from './defaults';
import { BatchFunctions } from './functions';
import { ImportedBatchInference } from './imported';
import { JobNetwork, jobRole } from './job-role';
import { BatchLocation, folder, grantObjects } from './location';
import { BatchInferenceAttributes, BatchInferenceProps, SmallRuns } from './props';
import { runOnSchedule } from './schedule';
import { batchSettings, metricResource } from './settings';
import { BATCH_SHAPES, IMPORT_SHAPES } from './shapes';
import { BatchStep } from './step';
import { longestRun } from './times';
import { declaredUsage, usageRequest } from './usage-request';
import { batchWorkflow, pricedDefinition } from './workflow';
import { recordGrant } from '../../estimates/grants';
import { BatchIdentity } from '../../estimates/registry';
import { acceptProps, requireArguments } from '../../estimates/shape';
import { acknowledgeWildcards } from '../../functions/nag-acknowledgements';
import { BatchSettings } from '../../lambda/batch-inference/contract';
import { recordUsage } from '../../registration/record';
import { reviewTags, tagsOf } from '../bedrock-tags';

/**
 * Batch inference of any size, by a state machine that runs batch jobs.
 *
 * It splits the records by the quotas of a job, runs the jobs, retries failed records, and joins the results in the order of the input. A
 * run starts on a schedule, when an object arrives, or on request.
 *
 * Before it submits a job, it checks each record and estimates the cost of the run. An execution succeeds if every record has a result.
 * Otherwise it fails; the output folder has the results, and the other records with the reasons.
 *
 * Most models cost half of their on-demand price in batch; each has its own batch rate. 30 runs of 1,000 records with 10,000 input and
 * 1,000 output tokens on Nova Pro at $0.40 and $1.60 per million cost 300 x $0.40 + 30 x $1.60 = $168 a month.
 *
 * The input of an execution may have a `requestId`: of several executions with the same id, only the first one runs records. If the `input`
 * of the batch is a prefix or the whole bucket, it may also have the `inputKey` of a file or an `inputPrefix`. By default, a run processes
 * the whole `input`.
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
export class BatchInference extends BatchInferenceBase implements ITaggableV2 {
  /**
   * Imports batch inference of another stack or app, which can be started and monitored.
   *
   * @throws if an argument is missing or invalid
   */
  public static fromBatchInferenceAttributes(scope: Construct, id: string, attrs: BatchInferenceAttributes): IBatchInference {
    requireArguments('BatchInference.fromBatchInferenceAttributes: ', { scope, id, attrs }, IMPORT_SHAPES);
    return new ImportedBatchInference(scope, id, attrs);
  }

  /** The state machine: one execution is one run. */
  public readonly stateMachine: IStateMachine;
  /** The value of the dimension `Resource` of its metrics: the construct's path, or another name if CloudWatch does not accept the path. */
  public readonly batchInferenceName: string;
  /** The role that Amazon Bedrock assumes to read the records, invoke the model and write the results. */
  public readonly serviceRole: IRole;
  /** The tags of the jobs. */
  public readonly cdkTagManager = new TagManager(TagType.STANDARD, 'AWS::Bedrock::ModelInvocationJob');

  constructor(scope: Construct, id: string, props: BatchInferenceProps) {
    super(scope, id);
    this.batchInferenceName = metricResource(this);
    const { accepted, isAccepted } = acceptProps(this, props, BATCH_SHAPES);
    const output = { bucket: accepted.outputBucket, path: folder(accepted.outputPrefix) };
    const settings = batchSettings(this, accepted, Names.uniqueResourceName(this, { maxLength: 20 }), declaredUsage(this, accepted));
    const { account, region } = Stack.of(this);
    const allowed = isAccepted && propsChecks(accepted, { account, region }).passed(this);

    reviewTags(this, () => tagsOf(this, this.cdkTagManager.renderTags()));
    const securityGroups = this.securityGroupsOf(accepted);
    const network = jobNetwork(accepted, securityGroups);
    this.serviceRole = jobRole(this, 'ServiceRole', accepted.model, output, network);
    const stateMachine = this.createStateMachine(accepted, settings, output, { allowed, network, securityGroups });
    this.stateMachine = stateMachine;
    const unstarted = accepted.schedule && runOnSchedule(this, stateMachine, accepted.schedule, accepted.notificationTopic);
    if (accepted.startOnArrival && allowed) startOnArrival(this, stateMachine, { bucket: accepted.inputBucket, path: settings.input.path });
    // Without a price, its metric is not published.
    const alarm = allowed ? costAlarm(this, this.metricCostDeviation(), accepted) : undefined;
    const alarms = [alarm, unstarted].filter((it) => it !== undefined);
    if (!allowed) return;
    recordUsage(this, {
      ...usageRequest(this, accepted, settings, this.jobIdentity(settings, output)),
      pricedProperties: pricedDefinition(stateMachine),
      notify: alarms.length > 0 ? (topicArn) => alarms.forEach((it) => it.notify(topicArn)) : undefined,
    });
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
      input: { bucket: props.inputBucket, path: settings.input.kind === 'manifest' ? '' : settings.input.path, isKey: settings.input.kind === 'file' },
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
        concurrentJobs: allowed ? props.quotas?.concurrentJobs ?? DEFAULTS.quotas.concurrentJobs : DEFAULTS.quotas.concurrentJobs,
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
