import { Duration, Lazy, Stack, TagManager } from 'aws-cdk-lib';
import { IRole, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Choice, Condition, DefinitionBody, Fail, JsonPath, Succeed, TaskStateBase, Wait, WaitTime } from 'aws-cdk-lib/aws-stepfunctions';
import { CallAwsService } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import { Construct } from 'constructs';
import { BatchLocation, s3Config } from './batch-location';
import { BedrockModel } from './bedrock-model';

export interface BatchWorkflowProps {
  readonly model: BedrockModel;
  readonly serviceRole: IRole;
  readonly input: BatchLocation;
  readonly output: BatchLocation;
  /** What job names begin with: at most 20 letters and digits. */
  readonly jobNamePrefix: string;
  readonly pollInterval: Duration;
  readonly timeout: Duration | undefined;
  readonly modelInvocationType: string | undefined;
  readonly tags: TagManager;
}

/** The states that an execution passes through once, and again for each look at the job. */
export const TRANSITIONS_OF_JOB = 2;
export const TRANSITIONS_OF_POLL = 3;

/** How a job ends. All other states (Submitted, Validating, Scheduled, InProgress, Stopping) are on the way there. */
const ENDED_BADLY = ['PartiallyCompleted', 'Failed', 'Stopped', 'Expired'];

/** Errors that are gone on another try. A repeated task sends the same token, so that AWS makes no second job of it. */
const RETRIED = ['Bedrock.ThrottlingException', 'Bedrock.InternalServerException', 'Bedrock.SdkClientException'];

/**
 * Make the job, wait, look, until it has ended.
 *
 * Job name and token come from the execution's own id: an execution that repeats a task, or is redriven, pays once.
 */
export function batchWorkflow(scope: Construct, props: BatchWorkflowProps): DefinitionBody {
  const create = retried(new CallAwsService(scope, 'Create job', {
    service: 'bedrock',
    action: 'createModelInvocationJob',
    iamAction: 'bedrock:CreateModelInvocationJob',
    parameters: {
      JobName: JsonPath.format(`${props.jobNamePrefix}-{}`, JsonPath.hash(JsonPath.executionId, 'SHA-1')),
      ClientRequestToken: JsonPath.hash(JsonPath.executionId, 'SHA-256'),
      RoleArn: props.serviceRole.roleArn,
      ModelId: props.model.modelId,
      InputDataConfig: { S3InputDataConfig: { ...s3Config(scope, props.input), S3InputFormat: 'JSONL' } },
      OutputDataConfig: { S3OutputDataConfig: s3Config(scope, props.output) },
      ...(props.timeout ? { TimeoutDurationInHours: props.timeout.toHours() } : {}),
      ...(props.modelInvocationType ? { ModelInvocationType: props.modelInvocationType } : {}),
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
  }));
  const wait = new Wait(scope, 'Wait', { time: WaitTime.duration(props.pollInterval) });
  const look = retried(new CallAwsService(scope, 'Look at job', {
    service: 'bedrock',
    action: 'getModelInvocationJob',
    iamAction: 'bedrock:GetModelInvocationJob',
    parameters: { JobIdentifier: JsonPath.stringAt('$.JobArn') },
    iamResources: [jobArns(scope)],
  }));
  const failed = new Fail(scope, 'Job failed', { errorPath: '$.Status', causePath: JsonPath.jsonToString(JsonPath.objectAt('$')) });
  const ended = new Choice(scope, 'Has it ended?')
    .when(Condition.stringEquals('$.Status', 'Completed'), new Succeed(scope, 'Job completed'))
    .when(Condition.or(...ENDED_BADLY.map((status) => Condition.stringEquals('$.Status', status))), failed)
    .otherwise(wait);
  return DefinitionBody.fromChainable(create.next(wait).next(look).next(ended));
}

export function jobArns(scope: Construct): string {
  return Stack.of(scope).formatArn({ service: 'bedrock', resource: 'model-invocation-job', resourceName: '*' });
}

function jobTags(tags: TagManager): object[] | undefined {
  const rendered: { key: string; value: string }[] | undefined = tags.renderTags();
  return rendered?.map(({ key, value }) => ({ Key: key, Value: value }));
}

function retried<T extends TaskStateBase>(task: T): T {
  task.addRetry({ errors: RETRIED, interval: Duration.seconds(10), maxAttempts: 8, backoffRate: 2, maxDelay: Duration.minutes(10) });
  return task;
}
