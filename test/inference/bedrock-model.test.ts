import { Aws, Token } from 'aws-cdk-lib';
import { FoundationModel, FoundationModelIdentifier, ProvisionedModel } from 'aws-cdk-lib/aws-bedrock';
import { Grant, IGrantable } from 'aws-cdk-lib/aws-iam';
import { flat, roleIn, stackIn, statementsOf, warnings } from './synth';
import { ApplicationInferenceProfile } from '../../src/inference/application-inference-profile';
import { BedrockModel } from '../../src/inference/bedrock-model';
import { ProfileGeography } from '../../src/inference/profile-geography';
import { CostEstimates } from '../../src/registration/cost-estimates';

const CUSTOM = 'arn:aws:bedrock:us-east-1:111111111111:custom-model/amazon.nova-lite-v1:0:256k/abcdefghijkl';
const PROVISIONED = 'arn:aws:bedrock:us-east-1:111111111111:provisioned-model/abcdefghijkl';
const PROFILE = 'arn:aws:bedrock:us-east-1:111111111111:application-inference-profile/abcdefghijkl';

test('a bare id is called and priced by itself', () => {
  const model = BedrockModel.of('amazon.nova-pro-v1:0');
  expect(model).toMatchObject({ modelId: 'amazon.nova-pro-v1:0', pricingModelId: 'amazon.nova-pro-v1:0', customModel: false });
});

test('the factories work unbound', () => {
  const [model] = ['amazon.nova-pro-v1:0'].map(BedrockModel.of);
  expect(model).toBeInstanceOf(BedrockModel);
  expect(model.modelId).toBe('amazon.nova-pro-v1:0');
});

test('a custom model is called by its ARN and priced by its base model', () => {
  expect(BedrockModel.fromCustomModel(CUSTOM, 'amazon.nova-lite-v1:0'))
    .toMatchObject({ modelId: CUSTOM, invokableArn: CUSTOM, pricingModelId: 'amazon.nova-lite-v1:0', customModel: true });
});

test.each([
  ['custom-model/amazon.nova-lite-v1:0/abc', true],
  ['custom-model-deployment/abc', true],
  ['imported-model/abc', true],
  ['application-inference-profile/abc', false],
  ['inference-profile/us.amazon.nova-lite-v1:0', false],
  ['provisioned-model/abc', false],
])('the ARN of %s is one of a custom model: %p', (resource, customModel) => {
  expect(BedrockModel.fromInvokableAttributes({ invokableArn: `arn:aws:bedrock:us-west-2:123456789012:${resource}`, pricingModelId: 'amazon.nova-lite-v1:0' }).customModel)
    .toBe(customModel);
});

test('a foundation model of aws-cdk-lib is priced by the id in its ARN', () => {
  const stack = stackIn(null);
  const model = FoundationModel.fromFoundationModelId(stack, 'Model', FoundationModelIdentifier.ANTHROPIC_CLAUDE_V2_1);
  expect(BedrockModel.fromFoundationModel(model).pricingModelId).toBe('anthropic.claude-v2:1');
});

test('an id that is known only at deployment passes', () => {
  const id = Token.asString({ Ref: 'ModelId' });
  expect(BedrockModel.of(id)).toMatchObject({ modelId: id, pricingModelId: id });
});

test.each<[ProfileGeography, string]>([
  [ProfileGeography.US, 'us.'],
  [ProfileGeography.EU, 'eu.'],
  [ProfileGeography.APAC, 'apac.'],
  [ProfileGeography.JP, 'jp.'],
  [ProfileGeography.AU, 'au.'],
  [ProfileGeography.CA, 'ca.'],
  [ProfileGeography.IN, 'in.'],
  [ProfileGeography.US_GOV, 'us-gov.'],
  [ProfileGeography.GLOBAL, 'global.'],
])('through the profile of %s, a model is called and priced by the id with the prefix %s', (geography, prefix) => {
  const model = BedrockModel.of('amazon.nova-pro-v1:0').throughProfile(geography);
  expect(model).toMatchObject({ modelId: `${prefix}amazon.nova-pro-v1:0`, pricingModelId: `${prefix}amazon.nova-pro-v1:0` });
});

describe('a geography that the library does not know', () => {
  test('is priced at the geographic rates of the region, and granted in its regions', () => {
    const stack = stackIn('us-west-2');
    // Known as a model without a price, before the geography is declared.
    expect(BedrockModel.of('zz.amazon.nova-pro-v1:0').pricingModelId).toBe('zz.amazon.nova-pro-v1:0');
    const model = BedrockModel.of('amazon.nova-pro-v1:0').throughProfile(ProfileGeography.of('zz', 'us-*'));
    expect(model.modelId).toBe('zz.amazon.nova-pro-v1:0');
    const chat = new ApplicationInferenceProfile(stack, 'Chat', { model, usage: { requestsPerMonth: 1_000, inputTokensPerRequest: 2_000 } });
    chat.grantInvoke(roleIn(stack));
    // 2 million tokens at $0.80
    expect(CostEstimates.of(stack).total().monthlyUsd).toBe(1.6);
    expect(statementsOf(stack, 'bedrock:InvokeModel').flatMap(({ Resource }) => Resource as unknown[]).map(flat))
      .toContain('arn:<AWS::Partition>:bedrock:us-*::foundation-model/amazon.nova-pro-v1:0');
    expect(warnings(stack)).toEqual([]);
  });

  test.each([
    ['a prefix with a period', () => ProfileGeography.of('sa.', 'sa-*'), 'ProfileGeography.of: prefix must be lowercase letters, digits and hyphens, such as "sa", got "sa."'],
    ['the id of a provider', () => ProfileGeography.of('anthropic', 'us-*'), 'ProfileGeography.of: prefix must be the prefix of a geography, not of a provider, got "anthropic"'],
    ['a region without an asterisk', () => ProfileGeography.of('sa', 'sa-east-1'), 'ProfileGeography.of: regionPattern must be the beginning of region names with an asterisk, such as "sa-*", got "sa-east-1"'],
    ['a pattern that would allow another service', () => ProfileGeography.of('sa', '*:*'), 'regionPattern must be the beginning of region names'],
    ['other regions of a known geography', () => ProfileGeography.of('us', '*'), 'ProfileGeography.of: regionPattern must be "us-*", by which the geography "us" is known, got "*"'],
  ])('fails for %s', (_, make, message) => {
    expect(make).toThrow(message);
  });
});

test.each([
  ['an id with a prefix', () => BedrockModel.of('us.amazon.nova-pro-v1:0')],
  ['a custom model', () => BedrockModel.fromCustomModel(CUSTOM, 'amazon.nova-lite-v1:0')],
  ['an invokable', () => BedrockModel.fromInvokableAttributes({ invokableArn: PROFILE, pricingModelId: 'amazon.nova-pro-v1:0' })],
])('fails to choose a profile for %s, which has a route', (_, model) => {
  expect(() => model().throughProfile(ProfileGeography.EU)).toThrow(/^throughProfile requires a model with an id without prefix, such as "amazon\.nova-pro-v1:0", got "/);
});

test.each([
  ['an empty id', () => BedrockModel.of(''), 'modelId must be a model id such as "amazon.nova-pro-v1:0", got "".'],
  ['the ARN of a resource that does not determine the price', () => BedrockModel.of(PROVISIONED), 'Use BedrockModel.fromInvokableAttributes({ invokableArn, pricingModelId })'],
  ['the ARN of an imported model', () => BedrockModel.of('arn:aws:bedrock:us-east-1:111111111111:imported-model/abc'), 'Use BedrockModel.fromInvokableAttributes({ invokableArn, pricingModelId })'],
  ['the ARN of a deployment of a custom model', () => BedrockModel.of('arn:aws:bedrock:us-east-1:111111111111:custom-model-deployment/abc'), 'Use BedrockModel.fromInvokableAttributes({ invokableArn, pricingModelId })'],
  ['an empty base model', () => BedrockModel.fromCustomModel(CUSTOM, ' '), 'baseModelId must be the id of the base model, such as "amazon.nova-lite-v1:0", got " ".'],
  ['provisioned throughput as a foundation model', () => BedrockModel.fromFoundationModel(ProvisionedModel.fromProvisionedModelArn(stackIn(), 'P', PROVISIONED)), 'model must be a foundation model, got "arn:aws:bedrock:us-east-1:111111111111:provisioned-model/abcdefghijkl". Use BedrockModel.fromCustomModel'],
])('fails for %s', (_, make, message) => {
  expect(make).toThrow(message);
});

describe('the permission to invoke', () => {
  const invoke = (model: BedrockModel, region?: string) => {
    const stack = stackIn(region);
    model.grantInvoke(roleIn(stack));
    return statementsOf(stack, 'bedrock:InvokeModel').map(({ Action, Resource, Condition }) => ({
      Action,
      Resource: flat(Resource).replaceAll('<AWS::Partition>', 'aws').split('\n'),
      ...(Condition ? { Condition: flat(Condition.StringEquals['bedrock:InferenceProfileArn']).replaceAll('<AWS::Partition>', 'aws') } : {}),
    }));
  };
  const Action = ['bedrock:InvokeModel', 'bedrock:InvokeModelWithResponseStream'];
  // botocore 1.44.8, InvokeModel: permission on the inference target and on the project, by default the account's default one.
  const PROJECT = 'arn:aws:bedrock:<AWS::Region>:<AWS::AccountId>:project/default';

  test('of a bare id covers the foundation model in the region of the stack', () => {
    expect(invoke(BedrockModel.of('amazon.nova-pro-v1:0'))).toEqual([
      { Action, Resource: ['arn:aws:bedrock:<AWS::Region>::foundation-model/amazon.nova-pro-v1:0', PROJECT] },
    ]);
  });

  test('through a geographic profile covers the profile and, only through it, the model in all regions of the geography', () => {
    const profile = 'arn:aws:bedrock:<AWS::Region>:<AWS::AccountId>:inference-profile/eu.amazon.nova-pro-v1:0';
    expect(invoke(BedrockModel.of('eu.amazon.nova-pro-v1:0'))).toEqual([
      { Action, Resource: [profile, PROJECT] },
      {
        Action,
        Resource: ['arn:aws:bedrock:<AWS::Region>::foundation-model/amazon.nova-pro-v1:0', 'arn:aws:bedrock:eu-*::foundation-model/amazon.nova-pro-v1:0'],
        Condition: profile,
      },
    ]);
  });

  test('through the global profile covers the model in every region, and without a region', () => {
    expect(invoke(BedrockModel.of('global.anthropic.claude-sonnet-4-6'))[1].Resource).toEqual(['arn:aws:bedrock:*::foundation-model/anthropic.claude-sonnet-4-6']);
  });

  test('of a custom model covers its ARN', () => {
    expect(invoke(BedrockModel.fromCustomModel(CUSTOM, 'amazon.nova-lite-v1:0'))).toEqual([{ Action, Resource: [CUSTOM, PROJECT] }]);
  });

  test('of a deployment of a custom model covers its ARN', () => {
    const invokableArn = 'arn:aws:bedrock:us-east-1:111111111111:custom-model-deployment/abcdefghijkl';
    expect(invoke(BedrockModel.fromInvokableAttributes({ invokableArn, pricingModelId: 'amazon.nova-lite-v1:0' }))).toEqual([{ Action, Resource: [invokableArn, PROJECT] }]);
  });

  test('of a profile known by its ARN covers the profile and, only through it, the model behind it', () => {
    expect(invoke(BedrockModel.fromInvokableAttributes({ invokableArn: PROFILE, pricingModelId: 'amazon.nova-pro-v1:0' }))).toEqual([
      { Action, Resource: [PROFILE, PROJECT] },
      { Action, Resource: ['arn:aws:bedrock:<AWS::Region>::foundation-model/amazon.nova-pro-v1:0'], Condition: PROFILE },
    ]);
  });

  test('of provisioned throughput known by its ARN covers the throughput only', () => {
    expect(invoke(BedrockModel.fromInvokableAttributes({ invokableArn: PROVISIONED, pricingModelId: 'amazon.nova-pro-v1:0' }))).toEqual([{ Action, Resource: [PROVISIONED, PROJECT] }]);
  });

  test('of an invokable of another library has the grants of that library, and the project', () => {
    const stack = stackIn();
    const invokable = {
      invokableArn: PROFILE,
      grantInvoke: (grantee: IGrantable) => Grant.addToPrincipal({ grantee, actions: ['bedrock:InvokeModel'], resourceArns: [`arn:${Aws.PARTITION}:theirs`] }),
    };
    const model = BedrockModel.fromInvokable(invokable, 'us.amazon.nova-pro-v1:0');
    model.grantInvoke(roleIn(stack));
    expect(model).toMatchObject({ modelId: PROFILE, pricingModelId: 'us.amazon.nova-pro-v1:0' });
    expect(statementsOf(stack, 'bedrock:InvokeModel').map(({ Resource }) => flat(Resource))).toEqual([
      'arn:<AWS::Partition>:theirs', PROJECT.replace('arn:aws', 'arn:<AWS::Partition>'),
    ]);
  });
});
