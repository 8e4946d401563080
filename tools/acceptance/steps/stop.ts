import { DisableAlarmActionsCommand, EnableAlarmActionsCommand, SetAlarmStateCommand, StateValue } from '@aws-sdk/client-cloudwatch';
import { ListAttachedRolePoliciesCommand, SimulatePrincipalPolicyCommand } from '@aws-sdk/client-iam';
import { PutParameterCommand } from '@aws-sdk/client-ssm';
import { alarmsOf, startsStop } from './alarms';
import { attempt, converse, createEmptyJob } from './attempts';
import { Attempt, Simulated, Stop } from '../observations';
import { Scene } from '../scene';

/** Forces the budget's own alarm, observes the denied permissions, and lets the alarm return to OK. */
export async function stopAndUndo(scene: Scene): Promise<Stop> {
  const { aws, outputs, clock, patience } = scene;
  const AlarmName = (await alarmsOf(scene)).find(startsStop)?.AlarmName;
  if (AlarmName === undefined) throw new Error('the stack has no alarm that starts a stop');
  const set = async (value: StateValue): Promise<void> => {
    await aws.cloudWatch.send(new SetAlarmStateCommand({ AlarmName, StateValue: value, StateReason: 'npm run acceptance' }));
  };
  const untilDenied = (wanted: boolean) => clock.until(patience.stop, async () => (await isDenyAttached(scene) === wanted ? true : undefined));
  const invoke = (): Promise<Attempt> => attempt('Caller', async () => converse(scene, (await aws.as(outputs.CallerRoleArn)).runtime, 'profile ARN'));
  const invokeUntil = async (outcome: Attempt['outcome']): Promise<Attempt> => {
    const ended = await clock.until(patience.permission, async () => {
      const made = await invoke();
      return made.outcome === outcome ? made : undefined;
    });
    return ended?.answer ?? invoke();
  };

  const before = await simulate(scene);
  await set(StateValue.OK);
  // The function handles events in the order of their times: it must finish this one first.
  await clock.pause(3 * patience.look);
  await forgetCount(scene);
  await set(StateValue.ALARM);
  const attached = await untilDenied(true);
  // The alarm returns to its real state within a minute, which would undo the stop before the observation.
  await aws.cloudWatch.send(new DisableAlarmActionsCommand({ AlarmNames: [AlarmName] }));
  // Other roles follow within the same run of the function.
  await clock.pause(patience.look);
  const during = await simulate(scene);
  const invokeDuring = await invokeUntil('denied');
  const createJobDuring = await attempt('Caller', async () => createEmptyJob(scene, (await aws.as(outputs.CallerRoleArn)).bedrock));
  await aws.cloudWatch.send(new EnableAlarmActionsCommand({ AlarmNames: [AlarmName] }));
  // The alarm may already be OK, and only a change of state sends an event.
  await set(StateValue.INSUFFICIENT_DATA);
  await set(StateValue.OK);
  const detached = attached && await untilDenied(false);
  const invokeAfter = detached && await invokeUntil('allowed');
  return { attachedAfter: attached?.after, before, during, invokeDuring, createJobDuring, detachedAfter: detached?.after, invokeAfter };
}

/**
 * Overwrites the count. The stop trusts an alarm only if the count confirms it or is unknown, as after CloudFormation has written
 * the template's value into the parameter. The function reads earlier versions of the parameter, and continues with the next count.
 */
async function forgetCount({ aws, deployment }: Scene): Promise<void> {
  const parameters = await deployment.resources('AWS::SSM::Parameter');
  const count = parameters.find(({ PhysicalResourceId }) => PhysicalResourceId?.endsWith('/spent/1'))?.PhysicalResourceId;
  if (count === undefined) throw new Error('the stack has no parameter for what is counted');
  await aws.ssm.send(new PutParameterCommand({ Name: count, Value: '{}', Overwrite: true }));
}

/** The role has no managed policy but that of a stop. */
async function isDenyAttached({ aws: { iam }, outputs: { CallerRoleArn } }: Scene): Promise<boolean> {
  const { AttachedPolicies = [] } = await iam.send(new ListAttachedRolePoliciesCommand({ RoleName: CallerRoleArn.split('/').pop() }));
  return AttachedPolicies.length > 0;
}

/** The roles of the stack that may create batch jobs, as IAM evaluates the currently attached policies. */
async function simulate({ aws: { iam }, deployment, account, outputs }: Scene): Promise<Simulated[]> {
  const resources = { 'profile ARN': outputs.ProfileArn, 'model ARN': outputs.ModelArn, '*': '*' } as const;
  const roles = (await deployment.resources('AWS::IAM::Role')).map(({ LogicalResourceId, PhysicalResourceId }) => ({ role: LogicalResourceId!, name: PhysicalResourceId! }));
  const partition = outputs.CallerRoleArn.split(':')[1];
  const all: Simulated[] = [];
  for (const { role, name } of roles) {
    for (const [resource, arn] of Object.entries(resources)) {
      const { EvaluationResults: [result] = [] } = await iam.send(new SimulatePrincipalPolicyCommand({
        PolicySourceArn: `arn:${partition}:iam::${account}:role/${name}`, ActionNames: ['bedrock:CreateModelInvocationJob'], ResourceArns: [arn],
      }));
      all.push({ role, resource: resource as Simulated['resource'], decision: result?.EvalDecision ?? 'none' });
    }
  }
  return all;
}
