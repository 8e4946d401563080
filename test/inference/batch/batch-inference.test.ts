import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { DefinitionBody, JsonPath, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { batch, statementsOfRole, usage } from './batch';
import { BatchInference } from '../../../src/inference/batch/batch-inference';
import { BatchInput } from '../../../src/inference/batch/input';
import { BedrockModel } from '../../../src/inference/bedrock-model';
import { flat, stackIn } from '../synth';

test('is a step of another state machine, which waits for its end and has no other permissions', () => {
  const { stack, batch: nightly } = batch({ input: BatchInput.prefix('in') });
  new StateMachine(stack, 'Own', { definitionBody: DefinitionBody.fromChainable(nightly.asTask(stack, 'Summaries', { input: BatchInput.file(JsonPath.stringAt('$.key')) })) });
  const [[, own]] = Object.entries(Template.fromStack(stack).findResources('AWS::StepFunctions::StateMachine')).filter(([id]) => id.startsWith('Own'));
  const { States } = JSON.parse(flat(own.Properties.DefinitionString));
  expect(States.Summaries).toMatchObject({
    Type: 'Task', Resource: 'arn:<AWS::Partition>:states:::states:startExecution.sync:2', Parameters: { StateMachineArn: expect.stringMatching(/^<NightlyStateMachine/), Input: { 'inputKey.$': '$.key' } }, End: true,
  });
  expect(statementsOfRole(stack, /^OwnRole/)('states:StartExecution').map(({ Resource }) => flat(Resource))).toEqual([expect.stringMatching(/^<NightlyStateMachine/)]);
});

test('a path that CloudWatch does not accept as a dimension has another name in metric and alarm', () => {
  const stack = new Stack(stackIn().node.root as App, 'Zweiter', { env: { region: 'us-east-1', account: '111111111111' } });
  const nightly = new BatchInference(stack, 'Nächtlich', {
    model: BedrockModel.of('amazon.nova-pro-v1:0'), inputBucket: new Bucket(stack, 'In'), outputBucket: new Bucket(stack, 'Out'), usage,
  });
  const { Resource } = nightly.metricCostUsd().dimensions!;
  expect(Resource).toMatch(/^Zweiter[ -~]+$/);
  Template.fromStack(stack).hasResourceProperties('AWS::CloudWatch::Alarm', { Dimensions: [{ Name: 'Resource', Value: Resource }] });
});
