import { Duration } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { batch, childStates, statementsOfRole, usage } from './batch';
import { SmallRuns } from '../../../src/inference/batch/props';
import { BedrockModel } from '../../../src/inference/bedrock-model';
import { flat, roleIn, statementsOf } from '../synth';

describe('the state machine', () => {
  test('tries a throttled call again, under the same token', () => {
    for (const name of ['Create job', 'Look at job', 'Find job']) {
      expect(childStates(batch().stack, 'Jobs')[name].Retry.at(-1)).toMatchObject({ ErrorEquals: ['States.ALL'] });
    }
  });

  test('looks every five minutes, or as often as it is told', () => {
    expect(childStates(batch().stack, 'Jobs').Wait).toMatchObject({ Seconds: 300, Next: 'Look at job' });
    expect(childStates(batch({ pollInterval: Duration.seconds(60) }).stack, 'Jobs').Wait.Seconds).toBe(60);
  });

  const next = (status: string) => {
    const { Choices, Default } = childStates(batch().stack, 'Jobs')['Has it ended?'];
    const rule = Choices.find((choice: any) => [choice, ...(choice.Or ?? [])].some(({ StringEquals }) => StringEquals === status));
    return rule?.Next ?? Default;
  };
  test.each([
    ['Submitted', 'Wait'], ['Validating', 'Wait'], ['Scheduled', 'Wait'], ['InProgress', 'Wait'], ['Stopping', 'Wait'],
    ['Completed', 'Collect'], ['PartiallyCompleted', 'Collect'], ['Failed', 'Collect'], ['Stopped', 'Collect'], ['Expired', 'Collect'],
  ])('goes on from %s to %s', (status, state) => {
    expect(next(status)).toBe(state);
  });

  test('looks for the job after an error that does not say whether there is one, and takes a refusal for what it is', () => {
    const [refused, unclear] = childStates(batch().stack, 'Jobs')['Create job'].Catch;
    expect(refused).toMatchObject({ ErrorEquals: expect.arrayContaining(['Bedrock.ValidationException', 'Bedrock.AccessDeniedException']), Next: 'Collect' });
    expect(refused.ErrorEquals).not.toContain('Bedrock.ConflictException');
    expect(unclear).toMatchObject({ ErrorEquals: ['States.ALL'], Next: 'Listed later?' });
    expect(childStates(batch().stack, 'Jobs')['Listed later?']).toMatchObject({ Type: 'Wait', Seconds: 900, Next: 'Find job' });
  });

  test('never gives up a job that was made, and might be billed', () => {
    expect(childStates(batch().stack, 'Jobs')['Look at job'].Catch).toBeUndefined();
  });

  test('has no way to the model on demand unless it is asked for', () => {
    expect(childStates(batch().stack, 'Jobs')).not.toHaveProperty('Run on demand');
    expect(childStates(batch({ smallRuns: SmallRuns.ON_DEMAND }).stack, 'Jobs')).toHaveProperty('Run on demand');
  });

  // A job may take 24 h and wait as long before; three tries: 6 x 24 h. 2,500,000 records are 50 jobs, 20 at a time: 3 waves.
  test.each([[1_000, 518_400], [2_500_000, 3 * 518_400]])('with %d records a run, is stuck after %d seconds', (recordsPerJob, seconds) => {
    const [machine] = Object.values(Template.fromStack(batch({ usage: { ...usage, recordsPerJob } }).stack).findResources('AWS::StepFunctions::StateMachine'));
    expect(JSON.parse(flat(machine.Properties.DefinitionString)).TimeoutSeconds).toBe(seconds);
  });

  test('logs and traces', () => {
    Template.fromStack(batch().stack).hasResourceProperties('AWS::StepFunctions::StateMachine', { LoggingConfiguration: { Level: 'ALL' }, TracingConfiguration: { Enabled: true } });
  });

  test('may make jobs for the model, and hand them the service role only', () => {
    const { stack } = batch({ model: BedrockModel.of('us.amazon.nova-pro-v1:0') });
    const resources = flat(statementsOf(stack, 'bedrock:CreateModelInvocationJob')[0].Resource);
    expect(resources).toContain(':inference-profile/us.amazon.nova-pro-v1:0');
    expect(resources).toContain(':bedrock:us-*::foundation-model/amazon.nova-pro-v1:0');
    expect(resources).toContain(':bedrock:us-east-1:111111111111:model-invocation-job/*');
    expect(statementsOf(stack, 'iam:PassRole')).toEqual([expect.objectContaining({
      Resource: { 'Fn::GetAtt': [expect.stringMatching(/^NightlyServiceRole/), 'Arn'] },
      Condition: { StringEquals: { 'iam:PassedToService': 'bedrock.amazonaws.com' } },
    })]);
  });

  test('can be started by whom it is granted to, and measured', () => {
    const { stack, batch: nightly } = batch();
    nightly.grantStart(roleIn(stack));
    expect(statementsOfRole(stack, /^Caller/)('states:StartExecution')).toHaveLength(1);
    for (const [metric, name] of [[nightly.metricStarted(), 'ExecutionsStarted'], [nightly.metricSucceeded(), 'ExecutionsSucceeded'],
      [nightly.metricFailed(), 'ExecutionsFailed'], [nightly.metricTime(), 'ExecutionTime']] as const) {
      expect(metric).toMatchObject({ namespace: 'AWS/States', metricName: name });
    }
  });
});
