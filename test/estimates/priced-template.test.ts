import { App, Aspects, CfnParameter, CfnResource, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { CfnApplicationInferenceProfile } from 'aws-cdk-lib/aws-bedrock';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { IConstruct } from 'constructs';
import { CostBudget } from '../../src/budgets/cost-budget';
import { ApplicationInferenceProfile } from '../../src/inference/application-inference-profile';
import { BatchInference } from '../../src/inference/batch/batch-inference';
import { BedrockModel } from '../../src/inference/bedrock-model';
import { ProvisionedModelThroughput } from '../../src/inference/provisioned/provisioned-model-throughput';
import { CommitmentDuration } from '../../src/pricing/price-book/rate';
import { buildReport } from '../../src/synth-output/build-report';
import { refusals, warnings } from '../inference/synth';

const env = { region: 'us-west-2', account: '111122223333' };
const OPUS = 'arn:aws:bedrock:us-west-2:111122223333:inference-profile/us.anthropic.claude-opus-4-1-20250805-v1:0';
const SONNET = 'us.anthropic.claude-sonnet-4-6';

beforeEach(() => { jest.spyOn(console, 'error').mockImplementation(() => undefined); });
afterEach(() => { jest.restoreAllMocks(); });

const stackOf = () => new Stack(new App(), 'Stack', { env });
const profile = (stack: Stack) => {
  const made = new ApplicationInferenceProfile(stack, 'Chat', { model: BedrockModel.of(SONNET), usage: { requestsPerMonth: 1000, inputTokensPerRequest: 1000 } });
  return made.node.defaultChild as CfnApplicationInferenceProfile;
};
const batch = (stack: Stack) => {
  const bucket = new Bucket(stack, 'Bucket');
  const made = new BatchInference(stack, 'Nightly', {
    model: BedrockModel.of('us.amazon.nova-pro-v1:0'), inputBucket: bucket, outputBucket: bucket, usage: { jobsPerMonth: 1, recordsPerJob: 100, inputTokensPerRecord: 1, outputTokensPerRecord: 1 },
  });
  return made.stateMachine.node.defaultChild as CfnResource;
};
const throughput = (stack: Stack, commitment = {}) => {
  const made = new ProvisionedModelThroughput(stack, 'Capacity', { model: BedrockModel.of('meta.llama3-1-70b-instruct-v1:0:128k'), modelUnits: 2, ...commitment });
  return made.node.findChild('Resource').node.defaultChild as CfnResource;
};
const aspect = (stack: Stack, type: string, change: (resource: any) => void) => Aspects.of(stack).add({
  visit: (node: IConstruct) => { if (CfnResource.isCfnResource(node) && node.cfnResourceType === type) change(node); },
});
const differing = (stack: Stack) => warnings(stack).filter((text) => text.includes('does not follow the template'));

/** Changes of the price after the construct has read it, and the text that the warning must contain. */
const CHANGES: { readonly [name: string]: [change: (stack: Stack) => void, shown: string] } = {
  'an override of the model of a profile': [(stack) => profile(stack).addPropertyOverride('ModelSource.CopyFrom', OPUS), 'is "us.anthropic.claude-opus-4-1-20250805-v1:0" in the template, and "us.anthropic.claude-sonnet-4-6" was priced'],
  'an override of all of its source': [(stack) => profile(stack).addOverride('Properties.ModelSource', { CopyFrom: OPUS }), 'claude-opus'],
  'a new source on the L1 construct': [(stack) => { profile(stack).modelSource = { copyFrom: OPUS }; }, 'claude-opus'],
  'an Aspect that sets the source': [(stack) => { profile(stack); aspect(stack, 'AWS::Bedrock::ApplicationInferenceProfile', (resource) => { resource.modelSource = { copyFrom: OPUS }; }); }, 'claude-opus'],
  'an Aspect that overrides it': [(stack) => { profile(stack); aspect(stack, 'AWS::Bedrock::ApplicationInferenceProfile', (resource) => resource.addPropertyOverride('ModelSource.CopyFrom', OPUS)); }, 'claude-opus'],
  'a model that is known only at deployment': [(stack) => profile(stack).addPropertyOverride('ModelSource.CopyFrom', { Ref: new CfnParameter(stack, 'Model').logicalId }), '{"Ref":"Model"}'],
  'a source that is taken away': [(stack) => profile(stack).addPropertyDeletionOverride('ModelSource.CopyFrom'), 'is not set in the template'],
  'an override of model units': [(stack) => throughput(stack).addPropertyOverride('modelUnits', 20), 'modelUnits of Stack/Capacity/Resource/Default is 20 in the template, and 2 was priced'],
  'an override of the model that is bought': [(stack) => throughput(stack).addPropertyOverride('modelId', 'amazon.nova-pro-v1:0:300k'), 'modelId of Stack/Capacity/Resource/Default is "amazon.nova-pro-v1:0:300k"'],
  'an Aspect that overrides model units': [(stack) => { throughput(stack); aspect(stack, 'Custom::BedrockProvisionedModelThroughput', (resource) => resource.addPropertyOverride('modelUnits', 3)); }, 'is 3 in the template'],
  'another model in the definition of a batch': [(stack) => batch(stack).addPropertyOverride('DefinitionString', '{"States":{"CreateJob":{"Resource":"arn:aws:states:::aws-sdk:bedrock:createModelInvocationJob","Parameters":{"ModelId":"us.amazon.nova-premier-v1:0"}}}}'), 'nova-premier'],
  'a definition in a file': [(stack) => batch(stack).addPropertyOverride('DefinitionS3Location', { Bucket: 'b', Key: 'k' }), 'DefinitionS3Location of Stack/Nightly/StateMachine/Resource'],
};

describe.each(Object.entries(CHANGES))('%s', (_, [change, shown]) => {
  test('draws a warning that names it', () => {
    const stack = stackOf();
    change(stack);
    expect(differing(stack)).toEqual([expect.stringContaining(shown)]);
  });

  test('makes a budget unknown, which fails', () => {
    const stack = stackOf();
    new CostBudget(stack, 'Budget', { monthlyLimitUsd: 1_000_000 });
    change(stack);
    expect(() => Template.fromStack(stack)).toThrow(/Stack\/Budget cannot be checked: only .* set the prop of the construct instead of overriding the template/s);
    const report = buildReport(stack.node.root);
    expect(report.budgets).toMatchObject([{ status: 'unknown' }]);
    expect(report.resources).toEqual([expect.objectContaining({ templateDiffers: expect.stringContaining(shown) })]);
  });
});

test.each<[string, (stack: Stack) => void]>([
  ['of something that costs nothing', (stack) => profile(stack).addPropertyOverride('Description', 'another one')],
  ['with the same model, written out', (stack) => profile(stack).addPropertyOverride('ModelSource.CopyFrom', `arn:aws:bedrock:us-west-2:111122223333:inference-profile/${SONNET}`)],
  ['of the tracing of a batch', (stack) => batch(stack).addPropertyOverride('TracingConfiguration.Enabled', false)],
  ['of the name of throughput', (stack) => throughput(stack).addPropertyOverride('provisionedModelName', 'another')],
])('an override %s draws no warning', (_, change) => {
  const stack = stackOf();
  new CostBudget(stack, 'Budget', { monthlyLimitUsd: 1_000_000 });
  change(stack);
  expect(() => Template.fromStack(stack)).not.toThrow();
  expect(differing(stack)).toEqual([]);
});

describe('a commitment', () => {
  // 2 x $21.18 x 730 hours x 1 month
  const COMMITTED = { commitmentDuration: CommitmentDuration.ONE_MONTH, acknowledgeCommitmentUsd: 30_922.8 };

  test.each<[string, object, [string, unknown]]>([
    ['more units than were confirmed', COMMITTED, ['modelUnits', 20]],
    ['a longer term', COMMITTED, ['commitmentDuration', 'SixMonths']],
    ['another model', COMMITTED, ['modelId', 'amazon.nova-pro-v1:0:300k']],
    ['a higher sum as the confirmed one', COMMITTED, ['confirmedUsd', '999999']],
    ['a lower price', COMMITTED, ['price.hourlyUsd', '0.01']],
    ['a term where there was none', {}, ['commitmentDuration', 'OneMonth']],
  ])('is refused with an override to %s', (_, commitment, [property, value]) => {
    const stack = stackOf();
    throughput(stack, commitment).addPropertyOverride(property, value);
    expect(refusals(stack)).toEqual([expect.stringMatching(/bedrock-cost-commitment-not-acknowledged: Stack\/Capacity: the template differs from the confirmed commitment/)]);
  });

  test('passes without an override, and with one of its name', () => {
    const stack = stackOf();
    throughput(stack, COMMITTED).addPropertyOverride('provisionedModelName', 'another');
    expect(refusals(stack)).toEqual([]);
  });
});
