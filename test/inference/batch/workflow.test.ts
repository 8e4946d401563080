import { Duration } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { batch, childStates, statementsOfRole, usage } from './batch';
import { SmallRuns } from '../../../src/inference/batch/props';
import { BedrockModel } from '../../../src/inference/bedrock-model';
import { flat, roleIn, statementsOf } from '../synth';

describe('the state machine', () => {
  test('retries a throttled call with the same client token', () => {
    for (const name of ['CreateJob', 'GetJob', 'FindJob']) {
      expect(childStates(batch().stack, 'RunJobs')[name].Retry.at(-1)).toMatchObject({ ErrorEquals: ['States.ALL'] });
    }
  });

  test('polls every five minutes, or at the pollInterval of the props', () => {
    expect(childStates(batch().stack, 'RunJobs').WaitForJob).toMatchObject({ Seconds: 300, Next: 'GetJob' });
    expect(childStates(batch({ pollInterval: Duration.seconds(60) }).stack, 'RunJobs').WaitForJob.Seconds).toBe(60);
  });

  const next = (status: string) => {
    const { Choices, Default } = childStates(batch().stack, 'RunJobs').CheckJobStatus;
    const rule = Choices.find((choice: any) => [choice, ...(choice.Or ?? [])].some(({ StringEquals }) => StringEquals === status));
    return rule?.Next ?? Default;
  };
  test.each([
    ['Submitted', 'WaitForJob'], ['Validating', 'WaitForJob'], ['Scheduled', 'WaitForJob'], ['InProgress', 'WaitForJob'], ['Stopping', 'WaitForJob'],
    ['Completed', 'CollectOutput'], ['PartiallyCompleted', 'CollectOutput'], ['Failed', 'CollectOutput'], ['Stopped', 'CollectOutput'], ['Expired', 'CollectOutput'],
  ])('continues after %s with %s', (status, state) => {
    expect(next(status)).toBe(state);
  });

  test('looks up the job after an error that leaves its existence open, and not after a refusal', () => {
    const [refused, unclear] = childStates(batch().stack, 'RunJobs').CreateJob.Catch;
    expect(refused).toMatchObject({ ErrorEquals: expect.arrayContaining(['Bedrock.ValidationException', 'Bedrock.AccessDeniedException']), Next: 'CollectOutput' });
    expect(refused.ErrorEquals).not.toContain('Bedrock.ConflictException');
    expect(unclear).toMatchObject({ ErrorEquals: ['States.ALL'], Next: 'WaitForListing' });
    expect(childStates(batch().stack, 'RunJobs').WaitForListing).toMatchObject({ Type: 'Wait', Seconds: 900, Next: 'FindJob' });
  });

  test('never abandons a created job, which may be billed', () => {
    expect(childStates(batch().stack, 'RunJobs').GetJob.Catch).toBeUndefined();
  });

  test('has no state that invokes the model on demand by default', () => {
    expect(childStates(batch().stack, 'RunJobs')).not.toHaveProperty('RunOnDemand');
    expect(childStates(batch({ smallRuns: SmallRuns.ON_DEMAND }).stack, 'RunJobs')).toHaveProperty('RunOnDemand');
  });

  // A job may take 24 h and wait 24 h before; three attempts: 6 x 24 h. 2,500,000 records are 50 jobs, 20 at a time: 3 waves.
  test.each([[1_000, 518_400], [2_500_000, 3 * 518_400]])('with %d records a run, times out after %d seconds', (recordsPerJob, seconds) => {
    const [machine] = Object.values(Template.fromStack(batch({ usage: { ...usage, recordsPerJob } }).stack).findResources('AWS::StepFunctions::StateMachine'));
    expect(JSON.parse(flat(machine.Properties.DefinitionString)).TimeoutSeconds).toBe(seconds);
  });

  test('logs and traces', () => {
    Template.fromStack(batch().stack).hasResourceProperties('AWS::StepFunctions::StateMachine', { LoggingConfiguration: { Level: 'ALL' }, TracingConfiguration: { Enabled: true } });
  });

  test('may create jobs for the model, and pass the service role only', () => {
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

  test('can be started by a grantee, and has metrics', () => {
    const { stack, batch: nightly } = batch();
    nightly.grantStart(roleIn(stack));
    expect(statementsOfRole(stack, /^Caller/)('states:StartExecution')).toHaveLength(1);
    for (const [metric, name] of [[nightly.metricStarted(), 'ExecutionsStarted'], [nightly.metricSucceeded(), 'ExecutionsSucceeded'],
      [nightly.metricFailed(), 'ExecutionsFailed'], [nightly.metricTime(), 'ExecutionTime']] as const) {
      expect(metric).toMatchObject({ namespace: 'AWS/States', metricName: name });
    }
  });
});
