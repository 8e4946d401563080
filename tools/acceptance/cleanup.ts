import { paginateListModelInvocationJobs, StopModelInvocationJobCommand } from '@aws-sdk/client-bedrock';
import { StackResourceSummary } from '@aws-sdk/client-cloudformation';
import { DeleteAlarmsCommand, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { DetachRolePolicyCommand, ListAttachedRolePoliciesCommand } from '@aws-sdk/client-iam';
import { DeleteObjectsCommand, ListObjectVersionsCommand } from '@aws-sdk/client-s3';
import { ListExecutionsCommand, StopExecutionCommand } from '@aws-sdk/client-sfn';
import { Aws } from './aws';
import { Clock } from './clock';
import { Deployment, DRY_RUN_STACK, STACK } from './deployment';
import { ALARM_PREFIX } from './steps/limits';

const GONE_WITHIN_SECONDS = 600;

/** The states of a job that can be stopped. */
const UNDER_WAY = ['Submitted', 'Validating', 'Scheduled', 'InProgress'];

/**
 * Destroys everything that a run may have made, however far it came; never throws.
 *
 * @param since when the run began: jobs that were submitted before are others'
 * @returns what could not be destroyed, one line each, with the reason
 */
export async function destroyAll(aws: Aws, deployment: Deployment, clock: Clock, since: Date): Promise<string[]> {
  const left: string[] = [];
  const attempt = async (what: string, act: () => Promise<unknown>) => {
    try {
      await act();
    } catch (thrown) {
      left.push(`${what}: ${(thrown as Error).message}`);
    }
  };
  const resources = await deployment.resources().catch(() => []);
  const idsOf = (type: string) => idsIn(resources, type);

  for (const machine of idsOf('AWS::StepFunctions::StateMachine')) {
    await attempt(`the executions of ${machine}`, () => stopExecutions(aws, machine));
  }
  await attempt('the batch jobs of this run', () => stopJobs(aws, since, idsOf('AWS::IAM::Role')));
  // IAM keeps a role that has a policy which CloudFormation has not attached.
  for (const role of idsOf('AWS::IAM::Role')) {
    await attempt(`the policies of the role ${role}`, () => detachOwn(aws, role, idsOf('AWS::IAM::ManagedPolicy')));
  }
  await attempt(`the alarms ${ALARM_PREFIX}*`, () => deleteOwnAlarms(aws));
  for (const bucket of idsOf('AWS::S3::Bucket')) await attempt(`the objects of the bucket ${bucket}`, () => empty(aws, bucket));
  await attempt(`the stack ${DRY_RUN_STACK}`, () => goes(deployment, clock, DRY_RUN_STACK, () => deployment.deleteDryRun()));
  await attempt(`the stack ${STACK}`, () => goes(deployment, clock, STACK, () => deployment.destroy()));
  const kept = (await deployment.resources().catch(() => [])).filter(({ ResourceStatus }) => ResourceStatus !== 'DELETE_COMPLETE');
  left.push(...kept.map((resource) => `${resource.ResourceType} ${resource.PhysicalResourceId}: ${resource.ResourceStatusReason ?? 'still there'}`));
  return left;
}

function idsIn(resources: readonly StackResourceSummary[], type: string): string[] {
  return resources.filter(({ ResourceType }) => ResourceType === type).flatMap(({ PhysicalResourceId }) => PhysicalResourceId ?? []);
}

async function goes(deployment: Deployment, clock: Clock, stack: string, destroy: () => Promise<unknown>): Promise<void> {
  if (await deployment.statusOf(stack) === undefined) return;
  await destroy();
  const status = await deployment.untilGone(stack, clock, GONE_WITHIN_SECONDS);
  if (status !== undefined) throw new Error(`its status is ${status}`);
}

async function stopExecutions({ stepFunctions }: Aws, stateMachineArn: string): Promise<void> {
  const { executions = [] } = await stepFunctions.send(new ListExecutionsCommand({ stateMachineArn, statusFilter: 'RUNNING' }));
  for (const { executionArn } of executions) await stepFunctions.send(new StopExecutionCommand({ executionArn, cause: 'npm run acceptance' }));
}

/** Jobs that run with a role of the stack. */
async function stopJobs({ bedrock }: Aws, submitTimeAfter: Date, roles: readonly string[]): Promise<void> {
  for await (const { invocationJobSummaries = [] } of paginateListModelInvocationJobs({ client: bedrock }, { submitTimeAfter })) {
    const isOurs = (roleArn = '') => roles.includes(roleArn.split('/').pop()!);
    const ours = invocationJobSummaries.filter(({ roleArn, status = '' }) => isOurs(roleArn) && UNDER_WAY.includes(status));
    for (const { jobArn } of ours) await bedrock.send(new StopModelInvocationJobCommand({ jobIdentifier: jobArn }));
  }
}

async function detachOwn({ iam }: Aws, RoleName: string, policies: readonly string[]): Promise<void> {
  const { AttachedPolicies = [] } = await iam.send(new ListAttachedRolePoliciesCommand({ RoleName }));
  for (const { PolicyArn } of AttachedPolicies.filter((policy) => policies.includes(policy.PolicyArn!))) {
    await iam.send(new DetachRolePolicyCommand({ RoleName, PolicyArn }));
  }
}

async function deleteOwnAlarms({ cloudWatch }: Aws): Promise<void> {
  const { MetricAlarms = [] } = await cloudWatch.send(new DescribeAlarmsCommand({ AlarmNamePrefix: ALARM_PREFIX }));
  if (MetricAlarms.length > 0) await cloudWatch.send(new DeleteAlarmsCommand({ AlarmNames: MetricAlarms.map(({ AlarmName }) => AlarmName!) }));
}

async function empty({ s3 }: Aws, Bucket: string): Promise<void> {
  for (;;) {
    const { Versions = [], DeleteMarkers = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket }));
    const Objects = [...Versions, ...DeleteMarkers].map(({ Key, VersionId }) => ({ Key: Key!, VersionId }));
    if (Objects.length === 0) return;
    const { Errors = [] } = await s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects, Quiet: true } }));
    if (Errors.length > 0) throw new Error(Errors.map(({ Key, Message }) => `${Key}: ${Message}`).join('; '));
  }
}
