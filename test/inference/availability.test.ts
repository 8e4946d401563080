import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { stackIn, warnings } from './synth';
import { ApplicationInferenceProfile } from '../../src/inference/application-inference-profile';
import { reportAvailability } from '../../src/inference/availability';
import { BatchInference } from '../../src/inference/batch-inference';
import { BedrockModel } from '../../src/inference/bedrock-model';
import { ProvisionedModelThroughput } from '../../src/inference/provisioned-model-throughput';

/** What is said of the availability of a model that is called on demand. */
function said(modelId: string, region: string | null, context?: { [key: string]: unknown }): string[] {
  const stack = stackIn(region, context);
  reportAvailability(new Construct(stack, 'Chat'), BedrockModel.of(modelId));
  return warnings(stack).filter((text) => text.includes('availability'));
}

test.each([
  ['in its region', 'amazon.nova-pro-v1:0', 'us-east-1'],
  ['through a geographic profile', 'eu.amazon.nova-pro-v1:0', 'eu-central-1'],
  ['through the global profile', 'global.amazon.nova-2-lite-v1:0', 'eu-central-1'],
])('nothing is said of a model that is offered %s', (_, modelId, region) => {
  expect(said(modelId, region)).toEqual([]);
});

test('a bare id where the model is offered through profiles only names the profiles and the regions', () => {
  expect(said('amazon.nova-2-lite-v1:0', 'eu-central-1')).toEqual([expect.stringContaining(
    'the availability lists do not name amazon.nova-2-lite-v1:0 in eu-central-1; eu-central-1 offers it through eu.amazon.nova-2-lite-v1:0 or global.amazon.nova-2-lite-v1:0')]);
});

test('the profile of another geography names the one of this region, and where the other can be called', () => {
  const [text] = said('us.amazon.nova-pro-v1:0', 'eu-central-1');
  expect(text).toContain('eu-central-1 offers it through eu.amazon.nova-pro-v1:0');
  expect(text).toMatch(/us\.amazon\.nova-pro-v1:0 can be called from .*us-east-1/);
});

test('a region without the model names the regions that have it', () => {
  expect(said('ai21.jamba-1-5-large-v1:0', 'eu-central-1')).toEqual([expect.stringContaining(
    'eu-central-1 does not offer the model in any way that they name; ai21.jamba-1-5-large-v1:0 can be called from us-east-1')]);
});

test.each([
  ['a model that the lists do not name', 'example.model-v1:0', 'eu-central-1'],
  ['a model without a list', 'ai21.j2-mid-v1', 'eu-central-1'],
  ['an unknown region', 'amazon.nova-pro-v1:0', null],
  ['a partition that the lists do not cover', 'us-gov.anthropic.claude-sonnet-4-5-20250929-v1:0', 'us-gov-west-1'],
])('nothing is said of %s', (_, modelId, region) => {
  expect(said(modelId, region)).toEqual([]);
});

test('it can be switched off in one place', () => {
  expect(said('us.amazon.nova-pro-v1:0', 'eu-central-1', { 'cdk-bedrock-cost:severity': { 'bedrock-cost-model-not-offered': 'off' } })).toEqual([]);
});

test('it is said of on-demand use and of batch inference, and not of provisioned throughput', () => {
  const stack = stackIn('eu-central-1');
  const bucket = Bucket.fromBucketName(stack, 'Bucket', 'bucket');
  const model = BedrockModel.of('ai21.jamba-1-5-large-v1:0');
  new BatchInference(stack, 'Nightly', { model, inputBucket: bucket, outputBucket: bucket, usage: { jobsPerMonth: 1, recordsPerJob: 100 } });
  new ApplicationInferenceProfile(stack, 'Chat', { model, usage: { requestsPerMonth: 1 } });
  new ProvisionedModelThroughput(stack, 'Capacity', { model, modelUnits: 1 });
  expect(warnings(stack).filter((text) => text.includes('availability'))).toHaveLength(2);
});
