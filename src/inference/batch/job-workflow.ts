import { Duration, Lazy, Stack, Token } from 'aws-cdk-lib';
import { IRole, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { IBucket } from 'aws-cdk-lib/aws-s3';
import { Choice, Condition, Errors, IChainable, JitterType, JsonPath, Pass, State, TaskStateBase, Wait, WaitTime } from 'aws-cdk-lib/aws-stepfunctions';
import { CallAwsService } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import { Construct } from 'constructs';
import { jobArns } from './job-role';
import { BatchStep, NOTHING, RUN } from './step';
import { OUTPUT_INCOMPLETE } from '../../lambda/batch-inference/contract';
import { BedrockModel } from '../bedrock-model';
import { BedrockTag } from '../bedrock-tags';

export interface JobProps {
  readonly step: BatchStep;
  readonly model: BedrockModel;
  readonly serviceRole: IRole;
  readonly pollInterval: Duration;
  readonly timeout: Duration | undefined;
  readonly modelInvocationType: string | undefined;
  readonly outputBucket: IBucket;
  readonly vpcConfig: object | undefined;
  /** Final only after Aspects have run. */
  tags(): readonly BedrockTag[];
}

/** Final statuses of a job. The others (Submitted, Validating, Scheduled, InProgress, Stopping) change by themselves. */
const ENDED = ['Completed', 'PartiallyCompleted', 'Failed', 'Stopped', 'Expired'];

const QUOTA_REACHED = 'Bedrock.ServiceQuotaExceededException';

/** Errors after which no job exists. After any other error, a job may exist, and is looked up by its name. */
const REFUSED = [QUOTA_REACHED, 'Bedrock.ValidationException', 'Bedrock.AccessDeniedException', 'Bedrock.ResourceNotFoundException'];

/** The states of one job: they create it, poll it until it has ended, and collect its output, also of a job that failed. */
export function jobStates(scope: Construct, props: JobProps): IChainable {
  const { step } = props;
  const job = { ...RUN, job: JsonPath.objectAt('$.job') };
  const left = { ...job, end: JsonPath.objectAt('$.end') };
  const collect = step.of('CollectOutput', 'collect', left, NOTHING, OUTPUT_INCOMPLETE);
  // Output that is still incomplete after the retries remains incomplete.
  const collectLast = step.of('CollectAvailableOutput', 'collect', { ...left, isLast: true }, NOTHING);
  collect.addCatch(collectLast, { errors: [OUTPUT_INCOMPLETE], resultPath: '$.late' });
  const wait = new Wait(scope, 'WaitForJob', { time: WaitTime.duration(props.pollInterval) });
  wait.next(getJob(scope)).next(new Choice(scope, 'CheckJobStatus')
    .when(Condition.or(...ENDED.map((status) => Condition.stringEquals('$.end.Status', status))), collect)
    .otherwise(wait));
  const assemble = step.of('AssembleInput', 'assemble', job, { resultPath: JsonPath.DISCARD });
  const create = createJob(scope, props);
  create.addCatch(collect, { errors: REFUSED, resultPath: '$.end' });
  const find = findJob(scope, ['WaitForListing', 'FindJob', 'CheckJobFound', 'AdoptExistingJob'], wait, collect);
  create.addCatch(find, { errors: [Errors.ALL], resultPath: '$.end' });
  assemble.next(create).next(wait);
  const findAgain = findJob(scope, ['WaitForLateListing', 'FindEarlierJob', 'CheckEarlierJobFound', 'AdoptEarlierJob'], wait, assemble);
  const begin = new Choice(scope, 'ChooseJobMode').when(Condition.stringEquals('$.job.how', 'again'), findAgain).otherwise(assemble);
  if (!step.canInvoke) return begin;
  const answer = { Status: JsonPath.stringAt('$.Payload.Status'), JobArn: JsonPath.stringAt('$.Payload.JobArn') };
  const invoke = step.of('RunOnDemand', 'invoke', job, { resultSelector: answer, resultPath: '$.end' });
  return begin.when(Condition.stringEquals('$.job.how', 'on-demand'), invoke.next(collect));
}

function createJob(scope: Construct, props: JobProps): TaskStateBase {
  const { encryptionKey: key } = props.outputBucket;
  const owner = ownerOf(scope, props.outputBucket);
  const create = new CallAwsService(scope, 'CreateJob', {
    service: 'bedrock',
    action: 'createModelInvocationJob',
    iamAction: 'bedrock:CreateModelInvocationJob',
    parameters: {
      JobName: JsonPath.stringAt('$.job.name'),
      ClientRequestToken: JsonPath.stringAt('$.job.token'),
      RoleArn: props.serviceRole.roleArn,
      ModelId: props.model.modelId,
      InputDataConfig: { S3InputDataConfig: { S3Uri: JsonPath.stringAt('$.job.inputUri'), S3InputFormat: 'JSONL', ...owner } },
      OutputDataConfig: { S3OutputDataConfig: { S3Uri: JsonPath.stringAt('$.job.outputUri'), ...(key ? { S3EncryptionKeyId: key.keyArn } : {}), ...owner } },
      ...(props.timeout ? { TimeoutDurationInHours: props.timeout.toHours() } : {}),
      ...(props.modelInvocationType ? { ModelInvocationType: props.modelInvocationType } : {}),
      ...(props.vpcConfig ? { VpcConfig: props.vpcConfig } : {}),
      Tags: Lazy.any({ produce: () => jobTags(props.tags()) }),
    },
    iamResources: [...props.model._authorizedArns, jobArns(scope)],
    additionalIamStatements: [
      new PolicyStatement({ actions: ['bedrock:TagResource'], resources: [jobArns(scope)] }),
      new PolicyStatement({
        actions: ['iam:PassRole'],
        resources: [props.serviceRole.roleArn],
        conditions: { StringEquals: { 'iam:PassedToService': 'bedrock.amazonaws.com' } },
      }),
    ],
    resultPath: '$.created',
  });
  // Retries for a day: by then, the jobs that use the quota have ended.
  create.addRetry({ errors: [QUOTA_REACHED], interval: Duration.minutes(5), maxAttempts: 288, backoffRate: 1 });
  create.addRetry({ errors: REFUSED, maxAttempts: 0 });
  // A retry sends the same client token, so AWS creates no second job.
  create.addRetry({
    errors: [Errors.ALL],
    interval: Duration.seconds(10),
    maxAttempts: 8,
    backoffRate: 2,
    maxDelay: Duration.minutes(10),
    jitterStrategy: JitterType.FULL,
  });
  return create;
}

/** The owner of a bucket, which requests name only if it is another account. */
function ownerOf(scope: Construct, { env: { account } }: IBucket): object {
  return !Token.isUnresolved(account) && account !== Stack.of(scope).account ? { S3BucketOwner: account } : {};
}

function getJob(scope: Construct): TaskStateBase {
  return patient(new CallAwsService(scope, 'GetJob', {
    service: 'bedrock',
    action: 'getModelInvocationJob',
    iamAction: 'bedrock:GetModelInvocationJob',
    parameters: { JobIdentifier: JsonPath.stringAt('$.created.JobArn') },
    iamResources: [jobArns(scope)],
    resultPath: '$.end',
  }));
}

/**
 * Looks up a job by its unique name when it is unknown whether the job exists. AWS does not document how soon a job is listed; the states
 * wait 15 minutes, which is more than enough.
 */
function findJob(scope: Construct, [pause, list, check, adopt]: readonly string[], submitted: State, none: State): State {
  const find = new CallAwsService(scope, list, {
    service: 'bedrock',
    action: 'listModelInvocationJobs',
    iamAction: 'bedrock:ListModelInvocationJobs',
    // The newest first, since AWS may filter a page after it was read.
    parameters: { NameContains: JsonPath.stringAt('$.job.name'), SortBy: 'CreationTime', SortOrder: 'Descending', MaxResults: 1000 },
    // Listing has no resources in IAM.
    iamResources: ['*'],
    resultPath: '$.found',
  });
  const arn = '$.found.InvocationJobSummaries[0].JobArn';
  patient(find).next(new Choice(scope, check)
    .when(Condition.isPresent(arn), new Pass(scope, adopt, { parameters: { JobArn: JsonPath.stringAt(arn) }, resultPath: '$.created' }).next(submitted))
    .otherwise(none));
  return new Wait(scope, pause, { time: WaitTime.duration(Duration.minutes(15)) }).next(find).startState;
}

function jobTags(tags: readonly BedrockTag[]): object[] | undefined {
  return tags.length === 0 ? undefined : tags.map(({ key, value }) => ({ Key: key, Value: value }));
}

/** Retries a read after any error for a day: it is free of charge, and the results of a job that is no longer polled would be lost. */
function patient<T extends TaskStateBase>(task: T): T {
  task.addRetry({ errors: [Errors.ALL], interval: Duration.seconds(30), maxAttempts: 150, backoffRate: 2, maxDelay: Duration.minutes(10) });
  return task;
}
