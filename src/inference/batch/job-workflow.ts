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

/** How a job ends. All other states (Submitted, Validating, Scheduled, InProgress, Stopping) are on the way there. */
const ENDED = ['Completed', 'PartiallyCompleted', 'Failed', 'Stopped', 'Expired'];

const QUOTA_REACHED = 'Bedrock.ServiceQuotaExceededException';

/** AWS has said no: there is no job. After any other error there may be one, and it is looked for. */
const REFUSED = [QUOTA_REACHED, 'Bedrock.ValidationException', 'Bedrock.AccessDeniedException', 'Bedrock.ResourceNotFoundException'];

/** Make the job, wait, look, until it has ended; whatever its end is, see what it left. */
export function jobStates(scope: Construct, props: JobProps): IChainable {
  const { step } = props;
  const job = { ...RUN, job: JsonPath.objectAt('$.job') };
  const left = { ...job, end: JsonPath.objectAt('$.end') };
  const collect = step.of('Collect', 'collect', left, NOTHING, OUTPUT_INCOMPLETE);
  // Output that has not come by now does not come.
  const collectLast = step.of('Collect what is there', 'collect', { ...left, isLast: true }, NOTHING);
  collect.addCatch(collectLast, { errors: [OUTPUT_INCOMPLETE], resultPath: '$.late' });
  const wait = new Wait(scope, 'Wait', { time: WaitTime.duration(props.pollInterval) });
  wait.next(lookAtJob(scope)).next(new Choice(scope, 'Has it ended?')
    .when(Condition.or(...ENDED.map((status) => Condition.stringEquals('$.end.Status', status))), collect)
    .otherwise(wait));
  const assemble = step.of('Assemble', 'assemble', job, { resultPath: JsonPath.DISCARD });
  const create = createJob(scope, props);
  create.addCatch(collect, { errors: REFUSED, resultPath: '$.end' });
  const find = findJob(scope, ['Listed later?', 'Find job', 'Is there one?', 'Take it'], wait, collect);
  create.addCatch(find, { errors: [Errors.ALL], resultPath: '$.end' });
  assemble.next(create).next(wait);
  const findAgain = findJob(scope, ['Listed by now?', 'Find it again', 'Is it there?', 'Go on with it'], wait, assemble);
  const begin = new Choice(scope, 'How is it run?').when(Condition.stringEquals('$.job.how', 'again'), findAgain).otherwise(assemble);
  if (!step.canInvoke) return begin;
  const answer = { Status: JsonPath.stringAt('$.Payload.Status'), JobArn: JsonPath.stringAt('$.Payload.JobArn') };
  const invoke = step.of('Run on demand', 'invoke', job, { resultSelector: answer, resultPath: '$.end' });
  return begin.when(Condition.stringEquals('$.job.how', 'on-demand'), invoke.next(collect));
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
  // A day: jobs that others run have ended by then.
  create.addRetry({ errors: [QUOTA_REACHED], interval: Duration.minutes(5), maxAttempts: 288, backoffRate: 1 });
  create.addRetry({ errors: REFUSED, maxAttempts: 0 });
  // A repeated task sends the same token, so that AWS makes no second job of it.
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

/** Named only where it is another account. */
function ownerOf(scope: Construct, { env: { account } }: IBucket): object {
  return !Token.isUnresolved(account) && account !== Stack.of(scope).account ? { S3BucketOwner: account } : {};
}

function lookAtJob(scope: Construct): TaskStateBase {
  return patient(new CallAwsService(scope, 'Look at job', {
    service: 'bedrock',
    action: 'getModelInvocationJob',
    iamAction: 'bedrock:GetModelInvocationJob',
    parameters: { JobIdentifier: JsonPath.stringAt('$.created.JobArn') },
    iamResources: [jobArns(scope)],
    resultPath: '$.end',
  }));
}

/**
 * By its name, which no other has, where it is not known whether there is a job. AWS does not say how soon a job is listed:
 * a quarter of an hour is more than enough.
 */
function findJob(scope: Construct, [pause, look, is, take]: readonly string[], submitted: State, none: State): State {
  const find = new CallAwsService(scope, look, {
    service: 'bedrock',
    action: 'listModelInvocationJobs',
    iamAction: 'bedrock:ListModelInvocationJobs',
    // The newest first, for a page may be filtered after it was read.
    parameters: { NameContains: JsonPath.stringAt('$.job.name'), SortBy: 'CreationTime', SortOrder: 'Descending', MaxResults: 1000 },
    // The list has no resources of its own.
    iamResources: ['*'],
    resultPath: '$.found',
  });
  const arn = '$.found.InvocationJobSummaries[0].JobArn';
  patient(find).next(new Choice(scope, is)
    .when(Condition.isPresent(arn), new Pass(scope, take, { parameters: { JobArn: JsonPath.stringAt(arn) }, resultPath: '$.created' }).next(submitted))
    .otherwise(none));
  return new Wait(scope, pause, { time: WaitTime.duration(Duration.minutes(15)) }).next(find).startState;
}

function jobTags(tags: readonly BedrockTag[]): object[] | undefined {
  return tags.length === 0 ? undefined : tags.map(({ key, value }) => ({ Key: key, Value: value }));
}

/** Looking costs nothing, and a job that nobody looks at any more is paid for nothing: a day of tries, whatever the error. */
function patient<T extends TaskStateBase>(task: T): T {
  task.addRetry({ errors: [Errors.ALL], interval: Duration.seconds(30), maxAttempts: 150, backoffRate: 2, maxDelay: Duration.minutes(10) });
  return task;
}
