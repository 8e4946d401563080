import { App, Fn, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { DefinitionBody, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { statementsOfRole, usage } from './batch';
import { IBatchInference } from '../../../src/inference/batch/base';
import { BatchInference } from '../../../src/inference/batch/batch-inference';
import { BatchInput } from '../../../src/inference/batch/input';
import { BedrockModel } from '../../../src/inference/bedrock-model';
import { flat, refusals, roleIn, stackIn } from '../synth';

const arnIn = (region: string, account = '111111111111') => `arn:aws:states:${region}:${account}:stateMachine:Nightly`;
const imported = (stack: Stack, stateMachineArn = arnIn('us-east-1')) =>
  BatchInference.fromBatchInferenceAttributes(stack, 'Import', { stateMachineArn, batchInferenceName: 'Other/Nightly' });
const definitionOf = (stack: Stack) => flat(Object.values(Template.fromStack(stack).findResources('AWS::StepFunctions::StateMachine'))[0].Properties.DefinitionString);

describe('imported batch inference', () => {
  test('creates no resource, and is in no report', () => {
    const stack = stackIn();
    imported(stack);
    expect(Template.fromStack(stack).toJSON().Resources ?? {}).toEqual({});
    expect(refusals(stack)).toEqual([]);
  });

  test('can be started by a grantee', () => {
    const stack = stackIn();
    imported(stack).grantStart(roleIn(stack));
    expect(statementsOfRole(stack, /^Caller/)()).toEqual([{ Action: 'states:StartExecution', Effect: 'Allow', Resource: arnIn('us-east-1') }]);
  });

  test('is a step of a state machine, which has no permission other than to start it', () => {
    const stack = stackIn();
    new StateMachine(stack, 'Own', { definitionBody: DefinitionBody.fromChainable(imported(stack).asTask(stack, 'Run', { input: BatchInput.prefix('in/') })) });
    expect(JSON.parse(definitionOf(stack)).States.Run.Parameters).toEqual({ StateMachineArn: arnIn('us-east-1'), Input: { inputPrefix: 'in/' } });
    expect(statementsOfRole(stack, /^OwnRole/)('states:StartExecution').map(({ Resource }) => flat(Resource))).toEqual([arnIn('us-east-1')]);
    expect(refusals(stack)).toEqual([]);
  });

  test.each([['another region', arnIn('eu-west-1')], ['another account', arnIn('us-east-1', '222222222222')]])('fails as a step in %s', (_, arn) => {
    const stack = stackIn();
    imported(stack, arn).asTask(stack, 'Run');
    expect(refusals(stack)).toEqual([
      '[Stack/Import] bedrock-cost-invalid-input: asTask.scope must be in the account and region of the batch, since Step Functions starts executions in no others. Start it with grantStart.',
    ]);
  });

  test('has the metrics of the original, in its account and region', () => {
    const stack = stackIn();
    const batch = imported(stack, arnIn('eu-west-1', '222222222222'));
    const elsewhere = { account: '222222222222', region: 'eu-west-1' };
    expect(batch.metricCostUsd()).toMatchObject({ namespace: 'CdkBedrockCost', metricName: 'BatchRunCostUsd', dimensions: { Resource: 'Other/Nightly' }, statistic: 'Sum', ...elsewhere });
    expect(batch.metricCostDeviation()).toMatchObject({ statistic: 'Maximum', ...elsewhere });
    expect(batch.metricFailed()).toMatchObject({ namespace: 'AWS/States', metricName: 'ExecutionsFailed', dimensions: { StateMachineArn: arnIn('eu-west-1', '222222222222') }, ...elsewhere });
    expect(batch.metricFailed({ region: 'us-west-2' })).toMatchObject({ region: 'us-west-2', account: '222222222222' });
  });

  test('can be imported by an ARN that is known only at deployment', () => {
    const stack = stackIn();
    const batch = imported(stack, Fn.importValue('NightlyArn'));
    batch.asTask(stack, 'Run');
    batch.metricDeadLetters().createAlarm(stack, 'Alarm', { threshold: 1, evaluationPeriods: 1 });
    expect(refusals(stack)).toEqual([]);
    Template.fromStack(stack).hasResourceProperties('AWS::CloudWatch::Alarm', { MetricName: 'BatchRunDeadLetters', Dimensions: [{ Name: 'Resource', Value: 'Other/Nightly' }] });
  });

  test.each([
    ['arn:x', '"arn:x"'],
    ['arn:aws:states:us-east-1:111111111111:execution:Nightly:1', '"arn:aws:states:us-east-1:111111111111:execution:Nightly:1"'],
    ['arn:aws:s3:::records', '"arn:aws:s3:::records"'],
  ])('fails for the ARN %s', (arn, shown) => {
    expect(() => imported(stackIn(), arn)).toThrow(`BatchInference.fromBatchInferenceAttributes: stateMachineArn must be the ARN of a state machine, got ${shown}.`);
  });
});

test('batch inference is passed to another stack as an IBatchInference, with its own names in metrics', () => {
  const stack = stackIn();
  const other = new Stack(stack.node.root as App, 'Other', { env: { region: 'us-east-1', account: '111111111111' } });
  const nightly: IBatchInference = new BatchInference(other, 'Nightly', {
    model: BedrockModel.of('amazon.nova-pro-v1:0'), inputBucket: new Bucket(other, 'In'), outputBucket: new Bucket(other, 'Out'), usage,
  });
  expect(nightly.batchInferenceName).toBe('Other/Nightly');
  expect(nightly.metricCostUsd().dimensions).toEqual(imported(stack).metricCostUsd().dimensions);
  nightly.grantStart(roleIn(stack));
  new StateMachine(stack, 'Own', { definitionBody: DefinitionBody.fromChainable(nightly.asTask(stack, 'Run')) });
  expect(refusals(stack)).toEqual([]);
  Template.fromStack(stack).hasResourceProperties('AWS::IAM::Policy', {
    PolicyDocument: { Statement: Match.arrayWith([Match.objectLike({ Action: 'states:StartExecution', Resource: { 'Fn::ImportValue': Match.stringLikeRegexp('^Other:') } })]) },
  });
});
