import { App, CfnResource, NestedStack, Stack, Tags } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { flat, warnings } from './synth';
import { CostBudget } from '../../src/budgets/cost-budget';
import { ApplicationInferenceProfile } from '../../src/inference/application-inference-profile';
import { BatchInference } from '../../src/inference/batch/batch-inference';
import { BedrockModel } from '../../src/inference/bedrock-model';
import { ProvisionedModelThroughput } from '../../src/inference/provisioned/provisioned-model-throughput';

const env = { account: '111111111111', region: 'us-east-1' };
const MODEL = BedrockModel.of('amazon.nova-pro-v1:0');

/** One of each, and the tags that AWS will be asked for, which no other module computes. */
const MAKERS = {
  'a purchase': {
    make: (scope: Construct) => new ProvisionedModelThroughput(scope, 'It', { model: BedrockModel.of('meta.llama3-1-70b-instruct-v1:0:128k'), modelUnits: 1 }),
    tagsIn: (template: Template) => Object.values(template.findResources('Custom::BedrockProvisionedModelThroughput'))[0].Properties.tags,
  },
  'a batch job': {
    make: (scope: Construct) => {
      const bucket = new Bucket(scope, 'Bucket');
      return new BatchInference(scope, 'It', {
        model: MODEL,
        inputBucket: bucket,
        outputBucket: bucket,
        usage: { jobsPerMonth: 1, recordsPerJob: 100, inputTokensPerRecord: 1, outputTokensPerRecord: 1 },
      });
    },
    tagsIn: (template: Template) => {
      const definition = flat(Object.values(template.findResources('AWS::StepFunctions::StateMachine'))[0].Properties.DefinitionString);
      const [, tags] = /"Tags":(\[.*?\])/.exec(definition) ?? [];
      return tags && JSON.parse(tags).map(({ Key: key, Value: value }: any) => ({ key, value }));
    },
  },
};
const PROFILE = (scope: Construct) => new ApplicationInferenceProfile(scope, 'It', { model: MODEL, usage: { requestsPerMonth: 1, inputTokensPerRequest: 1 } });

describe.each(Object.entries(MAKERS))('%s', (_, { make, tagsIn }) => {
  test('has no tags by default', () => {
    const stack = new Stack(new App(), 'Stack', { env });
    make(stack);
    expect(tagsIn(Template.fromStack(stack))).toBeUndefined();
  });

  test.each([[{}], [{ '@aws-cdk/core:explicitStackTags': true }]])('carries the tags of its stack, with the context %p', (context) => {
    const stack = new Stack(new App({ context }), 'Stack', { env, tags: { team: 'chat', stage: 'prod' } });
    make(stack);
    expect(tagsIn(Template.fromStack(stack))).toEqual([{ key: 'stage', value: 'prod' }, { key: 'team', value: 'chat' }]);
  });

  test('carries the tags of Tags.of, which take precedence, also if they are added later or to the app', () => {
    const app = new App();
    const stack = new Stack(app, 'Stack', { env, tags: { team: 'chat', stage: 'prod' } });
    const made = make(stack);
    Tags.of(made).add('team', 'search');
    Tags.of(app).add('owner', 'finops');
    expect(tagsIn(Template.fromStack(stack))).toEqual([{ key: 'owner', value: 'finops' }, { key: 'stage', value: 'prod' }, { key: 'team', value: 'search' }]);
  });

  test('of a nested stack carries the tags of the stacks around it', () => {
    const stack = new Stack(new App(), 'Stack', { env, tags: { team: 'chat' } });
    const nested = new NestedStack(stack, 'Nested');
    make(nested);
    expect(tagsIn(Template.fromStack(nested))).toEqual([{ key: 'team', value: 'chat' }]);
  });
});

describe.each(Object.entries({ ...Object.fromEntries(Object.entries(MAKERS).map(([name, { make }]) => [name, make])), 'a profile': PROFILE }))('a tag of %s', (_, make) => {
  const refused = (key: string, value: string, onStack = false) => {
    const stack = new Stack(new App(), 'Stack', { env, ...(onStack ? { tags: { [key]: value } } : {}) });
    const made = make(stack);
    if (!onStack) Tags.of(made).add(key, value);
    return warnings(stack).filter((text) => text.includes('refuses the tag'));
  };

  // Letters, digits, white space and . _ : / = + @ - by AWS's API reference and by the model of the SDK.
  test.each([
    ['an umlaut in its value', 'team', 'Größe'], ['an umlaut in its key', 'größe', 'large'], ['a comma', 'team', 'a,b'], ['a percent sign', 'team', '100%'],
    ['a value of 257 characters', 'team', 'x'.repeat(257)], ['a key of 129 characters', 'x'.repeat(129), 'y'],
  ])('with %s causes a warning', (__, key, value) => {
    expect(refused(key, value)).toEqual([expect.stringContaining(`Amazon Bedrock refuses the tag ${JSON.stringify(key)}: ${JSON.stringify(value)}`)]);
  });

  test.each([['team', 'search & chat'], ['team', 'Größe']])('of the stack with %p: %p causes a warning', (key, value) => {
    expect(refused(key, value, true)).toHaveLength(1);
  });

  test.each([
    ['every sign that is allowed', 'team', 'a b._:/=+@-9'], ['a key of 128 and a value of 256 characters', 'x'.repeat(128), 'y'.repeat(256)], ['an empty value', 'team', ''],
  ])('with %s causes no warning', (__, key, value) => {
    expect(refused(key, value)).toEqual([]);
  });

  test('of a covering budget causes a warning if it was removed', () => {
    const removed = (remove: boolean) => {
      const stack = new Stack(new App(), 'Stack', { env });
      const budget = new CostBudget(stack, 'Budget', { monthlyLimitUsd: 1_000_000, emailAddresses: ['team@example.com'] });
      const made = make(stack);
      if (remove) Tags.of(made).remove(budget.costAllocationTagKey, { priority: 1000 });
      return warnings(stack).filter((text) => text.includes('by which AWS Budgets finds the cost'));
    };
    expect([removed(false), removed(true)]).toEqual([[], [expect.stringContaining('bedrock-cost-budget:Stack')]]);
  });

  test('above the maximum number of AWS is refused', () => {
    const stack = new Stack(new App(), 'Stack', { env, tags: Object.fromEntries(Array.from({ length: 51 }, (__, i) => [`tag-${i}`, 'x'])) });
    make(stack);
    expect(() => Template.fromStack(stack)).toThrow(/tags: at most (47|50) tags are possible.*, got 51/);
  });
});

test('tags of an override are reviewed instead of the others', () => {
  const stack = new Stack(new App(), 'Stack', { env });
  const resource = PROFILE(stack).node.defaultChild as CfnResource;
  resource.addPropertyOverride('Tags', [{ Key: 'team', Value: 'Größe' }]);
  expect(warnings(stack).filter((text) => text.includes('refuses the tag'))).toHaveLength(1);
});
