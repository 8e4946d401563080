import { Lazy, Stack } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { registryOf } from '../../src/estimates/registry';
import { ApplicationInferenceProfile } from '../../src/inference/application-inference-profile';
import { BatchInference } from '../../src/inference/batch/batch-inference';
import { BedrockModel } from '../../src/inference/bedrock-model';
import { ProvisionedModelThroughput } from '../../src/inference/provisioned/provisioned-model-throughput';
import { CostEstimates } from '../../src/registration/cost-estimates';
import { stackIn, warnings } from '../inference/synth';

const ON_DEMAND = { requestsPerMonth: 1, inputTokensPerRequest: 1 };
const BATCH = { jobsPerMonth: 1, recordsPerJob: 100, inputTokensPerRecord: 1 };
const NOT_IN_FRANKFURT = 'ai21.jamba-1-5-large-v1:0';

/** The warnings about availability. */
const saidIn = (stack: Stack) => warnings(stack).filter((text) => text.includes('availability'));

/** The warnings about availability for a model that is called on demand. */
function said(model: string, region: string | null, context?: { [key: string]: unknown }): string[] {
  const stack = stackIn(region, context);
  CostEstimates.of(stack).addOnDemand('Chat', { ...ON_DEMAND, model });
  return saidIn(stack);
}

test.each([
  ['in its region', 'amazon.nova-pro-v1:0', 'us-east-1'],
  ['through a geographic profile', 'eu.amazon.nova-pro-v1:0', 'eu-central-1'],
  ['through the global profile', 'global.amazon.nova-2-lite-v1:0', 'eu-central-1'],
])('reports nothing for a model that is offered %s', (_, modelId, region) => {
  expect(said(modelId, region)).toEqual([]);
});

test('a bare id where the model is offered through profiles only names the profiles and the regions', () => {
  expect(said('amazon.nova-2-lite-v1:0', 'eu-central-1')).toEqual([expect.stringContaining(
    'The availability lists do not name amazon.nova-2-lite-v1:0 in eu-central-1. eu-central-1 offers it through eu.amazon.nova-2-lite-v1:0 or global.amazon.nova-2-lite-v1:0. Use a profile or region that the message names.')]);
});

test('the profile of another geography names the one of this region, and where the other can be called', () => {
  const [text] = said('us.amazon.nova-pro-v1:0', 'eu-central-1');
  expect(text).toContain('eu-central-1 offers it through eu.amazon.nova-pro-v1:0');
  expect(text).toMatch(/us\.amazon\.nova-pro-v1:0 can be called from .*us-east-1/);
});

test('a region without the model names the regions that have it', () => {
  expect(said('ai21.jamba-1-5-large-v1:0', 'eu-central-1')).toEqual([expect.stringContaining(
    'The availability lists do not name ai21.jamba-1-5-large-v1:0 in eu-central-1. eu-central-1 does not offer the model in any way that they name. ai21.jamba-1-5-large-v1:0 can be called from us-east-1. Use a profile or region that the message names.')]);
});

test.each([
  ['a model that the lists do not name', 'example.model-v1:0', 'eu-central-1'],
  ['a model without a list', 'ai21.j2-mid-v1', 'eu-central-1'],
  ['an unknown region', 'amazon.nova-pro-v1:0', null],
  ['a partition that the lists do not cover', 'us-gov.anthropic.claude-sonnet-4-5-20250929-v1:0', 'us-gov-west-1'],
])('reports nothing for %s', (_, modelId, region) => {
  expect(said(modelId, region)).toEqual([]);
});

test('it can be switched off in one place', () => {
  expect(said('us.amazon.nova-pro-v1:0', 'eu-central-1', { 'cdk-bedrock-cost:severity': { 'bedrock-cost-model-not-offered': 'off' } })).toEqual([]);
});

test('reports the region of the use, not that of the stack', () => {
  const stack = stackIn('us-east-1');
  CostEstimates.of(stack).addOnDemand('There', { ...ON_DEMAND, model: NOT_IN_FRANKFURT, region: 'eu-central-1' });
  CostEstimates.of(stack).addOnDemand('Here', { ...ON_DEMAND, model: NOT_IN_FRANKFURT });
  expect(saidIn(stack)).toEqual([expect.stringContaining(`The availability lists do not name ${NOT_IN_FRANKFURT} in eu-central-1`)]);
});

test('reports on-demand use and batch inference, not provisioned throughput', () => {
  const stack = stackIn('eu-central-1');
  const estimates = CostEstimates.of(stack);
  estimates.addOnDemand('Chat', { ...ON_DEMAND, model: NOT_IN_FRANKFURT });
  estimates.addBatch('Nightly', { ...BATCH, model: NOT_IN_FRANKFURT });
  estimates.addProvisioned('Capacity', { modelUnits: 1, model: NOT_IN_FRANKFURT });
  expect(saidIn(stack)).toHaveLength(2);
});

test('reports each construct once', () => {
  const stack = stackIn('eu-central-1');
  const bucket = Bucket.fromBucketName(stack, 'Bucket', 'bucket');
  const model = BedrockModel.of(NOT_IN_FRANKFURT);
  new BatchInference(stack, 'Nightly', { model, inputBucket: bucket, outputBucket: bucket, usage: BATCH });
  new ApplicationInferenceProfile(stack, 'Chat', { model, usage: ON_DEMAND });
  new ProvisionedModelThroughput(stack, 'Capacity', { model, modelUnits: 1 });
  expect(saidIn(stack)).toHaveLength(2);
});

test.each([
  ['a custom model', { customModel: true }],
  ['a model that is known only at deployment', { model: Lazy.string({ produce: () => NOT_IN_FRANKFURT }) }],
  ['input that is refused', { inputTokensPerRequest: -1 }],
])('reports nothing for %s', (_, usage) => {
  const stack = stackIn('eu-central-1');
  CostEstimates.of(stack).addOnDemand('Chat', { ...ON_DEMAND, model: NOT_IN_FRANKFURT, ...usage });
  // Not from the synthesized stack: one that is refused has none.
  expect(registryOf(stack).findings.map(({ id }) => id)).not.toContain('bedrock-cost-model-not-offered');
});
