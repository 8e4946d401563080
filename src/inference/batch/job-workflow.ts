import { Duration, Lazy, Stack, TagManager, Token } from 'aws-cdk-lib';
import { IRole, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { IBucket } from 'aws-cdk-lib/aws-s3';
import { Choice, Condition, Errors, IChainable, JitterType, JsonPath, Pass, State, TaskStateBase, Wait, WaitTime } from 'aws-cdk-lib/aws-stepfunctions';
import { CallAwsService } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import { Construct } from 'constructs';
import { jobArns } from './job-role';
import { BatchStep, NOTHING, RUN } from './step';
import { BedrockModel } from '../bedrock-model';

export interface JobProps {
  readonly step: BatchStep;
  readonly model: BedrockModel;
  readonly serviceRole: IRole;
  readonly pollInterval: Duration;
  readonly timeout: Duration | undefined;
  readonly modelInvocationType: string | undefined;
  readonly outputBucket: IBucket;
  readonly vpcConfig: object | undefined;
  readonly tags: TagManager;
}

/** How a job ends. All other states (Submitted, Validating, Scheduled, InProgress, Stopping) are on the way there. */
const ENDED = ['Completed', 'PartiallyCompleted', 'Failed', 'Stopped', 'Expired'];

/** Errors that are gone on another try. A repeated task sends the same token, so that AWS makes no second job of it. */
const PASSING = ['Bedrock.ThrottlingException', 'Bedrock.InternalServerException', 'Bedrock.ServiceUnavailableException', 'Bedrock.SdkClientException'];

const QUOTA_REACHED = 'Bedrock.ServiceQuotaExceededException';

/** AWS has said no: there is no job. After any other error there may be one, and it is looked for. */
const REFUSED = [QUOTA_REACHED, 'Bedrock.ValidationException', 'Bedrock.AccessDeniedException', 'Bedrock.ResourceNotFoundException', 'Bedrock.TooManyTagsException'];

/** Make the job, wait, look, until it has ended; whatever its end is, see what it left. */
export function jobStates(scope: Construct, props: JobProps): IChainable {
  const { step } = props;
  const job = { ...RUN, job: JsonPath.objectAt('$.job') };
  const collect = step.of('Collect', 'collect', { ...job, end: JsonPath.objectAt('$.end') }, NOTHING);
  const wait = new Wait(scope, 'Wait', { time: WaitTime.duration(props.pollInterval) });
  wait.next(lookAtJob(scope)).next(new Choice(scope, 'Has it ended?')
    .when(Condition.or(...ENDED.map((status) => Condition.stringEquals('$.end.Status', status))), collect)
    .otherwise(wait));
  const create = createJob(scope, props);
  create.addCatch(collect, { errors: REFUSED, resultPath: '$.end' });
  create.addCatch(findJob(scope, wait, collect), { errors: [Errors.ALL], resultPath: '$.end' });
  const begin = step.of('Assemble', 'assemble', job, { resultPath: JsonPath.DISCARD });
  begin.next(create).next(wait);
  if (!step.canInvoke) return begin;
  const invoke = step.of('Run on demand', 'invoke', job, { resultSelector: { Status: JsonPath.stringAt('$.Payload.Status'), JobArn: JsonPath.stringAt('$.Payload.JobArn') }, resultPath: '$.end' });
  return new Choice(scope, 'Batch or on demand?').when(Condition.stringEquals('$.job.how', 'on-demand'), invoke.next(collect)).otherwise(begin);
}

function createJob(scope: Construct, props: JobProps): TaskStateBase {
  const { encryptionKey: key } = props.outputBucket;
  const owner = ownerOf(scope, props.outputBucket);
  const create = new CallAwsService(scope, 'Create job', {
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
      Tags: Lazy.any({ produce: () => jobTags(props.tags) }),
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
  // A day: jobs that others run have ended by then.
  create.addRetry({ errors: [QUOTA_REACHED], interval: Duration.minutes(5), maxAttempts: 288, backoffRate: 1 });
  return retried(create);
}

/** Named only where it is another account. */
function ownerOf(scope: Construct, { env: { account } }: IBucket): object {
  return !Token.isUnresolved(account) && account !== Stack.of(scope).account ? { S3BucketOwner: account } : {};
}

function lookAtJob(scope: Construct): TaskStateBase {
  return retried(new CallAwsService(scope, 'Look at job', {
    service: 'bedrock',
    action: 'getModelInvocationJob',
    iamAction: 'bedrock:GetModelInvocationJob',
    parameters: { JobIdentifier: JsonPath.stringAt('$.created.JobArn') },
    iamResources: [jobArns(scope)],
    resultPath: '$.end',
  }));
}

/** After an error that does not say whether there is a job: by its name, which no other has. */
function findJob(scope: Construct, submitted: State, refused: State): TaskStateBase {
  const find = retried(new CallAwsService(scope, 'Find job', {
    service: 'bedrock',
    action: 'listModelInvocationJobs',
    iamAction: 'bedrock:ListModelInvocationJobs',
    parameters: { NameContains: JsonPath.stringAt('$.job.name') },
    // The list has no resources of its own.
    iamResources: ['*'],
    resultPath: '$.found',
  }));
  const arn = '$.found.InvocationJobSummaries[0].JobArn';
  find.next(new Choice(scope, 'Is there one?')
    .when(Condition.isPresent(arn), new Pass(scope, 'Take it', { parameters: { JobArn: JsonPath.stringAt(arn) }, resultPath: '$.created' }).next(submitted))
    .otherwise(refused));
  return find;
}

function jobTags(tags: TagManager): object[] | undefined {
  const rendered: { key: string; value: string }[] | undefined = tags.renderTags();
  return rendered?.map(({ key, value }) => ({ Key: key, Value: value }));
}

function retried<T extends TaskStateBase>(task: T): T {
  task.addRetry({
    errors: PASSING, interval: Duration.seconds(10), maxAttempts: 8, backoffRate: 2, maxDelay: Duration.minutes(10), jitterStrategy: JitterType.FULL,
  });
  return task;
}
