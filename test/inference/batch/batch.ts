import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { BatchInference } from '../../../src/inference/batch/batch-inference';
import { BatchInferenceProps } from '../../../src/inference/batch/props';
import { BedrockModel } from '../../../src/inference/bedrock-model';
import { flat, stackIn } from '../synth';

export const usage = { jobsPerMonth: 30, recordsPerJob: 1_000, inputTokensPerRecord: 10_000, outputTokensPerRecord: 1_000 };

export function batch(props: Partial<BatchInferenceProps> = {}, stack: Stack = stackIn()) {
  const inputBucket = Bucket.fromBucketName(stack, 'Records', 'records');
  const outputBucket = Bucket.fromBucketName(stack, 'Results', 'results');
  return { stack, batch: new BatchInference(stack, 'Nightly', { model: BedrockModel.of('amazon.nova-pro-v1:0'), inputBucket, outputBucket, usage, ...props }) };
}

/** The statements of the policies of one role, optionally those with an action only. */
export const statementsOfRole = (stack: Stack, role: RegExp) => (action?: string): any[] =>
  Object.values(Template.fromStack(stack).findResources('AWS::IAM::Policy'))
    .filter(({ Properties }) => Properties.Roles.some(({ Ref }: { Ref: string }) => role.test(Ref)))
    .flatMap(({ Properties }) => Properties.PolicyDocument.Statement)
    .filter(({ Action }) => action === undefined || [Action].flat().includes(action));

/** The states of the state machine, with intrinsic functions as text. */
export function states(stack: Stack): { [name: string]: any } {
  const [machine] = Object.values(Template.fromStack(stack).findResources('AWS::StepFunctions::StateMachine'));
  return JSON.parse(flat(machine.Properties.DefinitionString)).States;
}
/** The states of the child executions that a Distributed Map runs. */
export const childStates = (stack: Stack, map: string) => states(stack)[map].ItemProcessor.States;
export const job = (props?: Partial<BatchInferenceProps>) => childStates(batch(props).stack, 'RunJobs').CreateJob.Parameters;
export const settings = (props?: Partial<BatchInferenceProps>) => states(batch(props).stack).PlanRun.Parameters.Payload.settings;
