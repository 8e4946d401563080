import { CfnParameter, Lazy, RemovalPolicy, Stack, Tags, Token } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { IModel } from 'aws-cdk-lib/aws-bedrock';
import { DefinitionBody, StateMachine, TaskInput } from 'aws-cdk-lib/aws-stepfunctions';
import { BedrockInvokeModel } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import { BedrockModel } from '../../../src/inference/bedrock-model';
import { IInvocationMetrics } from '../../../src/inference/invocation-metrics';
import { IProvisionedModelThroughput } from '../../../src/inference/provisioned/base';
import { ProvisionedModelThroughputProps } from '../../../src/inference/provisioned/props';
import { ProvisionedModelThroughput } from '../../../src/inference/provisioned/provisioned-model-throughput';
import { PriceBook } from '../../../src/pricing/price-book/price-book';
import { CommitmentDuration } from '../../../src/pricing/price-book/rate';
import { DEFAULT_PROJECT, entries, flat, refusals, roleIn, stackIn, statementsOf, warnings } from '../synth';

const TYPE = 'Custom::BedrockProvisionedModelThroughput';
const LLAMA = BedrockModel.of('meta.llama3-1-70b-instruct-v1:0');
const CUSTOM = BedrockModel.fromCustomModel('arn:aws:bedrock:us-west-2:111111111111:custom-model/meta.llama3-1-70b-instruct-v1:0:128k/abcdefghijkl', 'meta.llama3-1-70b-instruct-v1:0');

function throughput(props: Partial<ProvisionedModelThroughputProps> = {}, stack: Stack = stackIn('us-west-2')) {
  return { stack, throughput: new ProvisionedModelThroughput(stack, 'Capacity', { model: LLAMA, modelUnits: 2, ...props }) };
}
const oneMonth = (props: Partial<ProvisionedModelThroughputProps> = {}, stack?: Stack) =>
  throughput({ commitmentDuration: CommitmentDuration.ONE_MONTH, ...props }, stack);

describe('the resource', () => {
  test('has the purchase in the terms of the API', () => {
    const { stack } = throughput({
      model: BedrockModel.of('amazon.nova-pro-v1:0:24k'),
      provisionedModelName: 'chat_1',
      commitmentDuration: CommitmentDuration.SIX_MONTHS,
      hourlyPricePerModelUnitUsd: 10,
      acknowledgeCommitmentUsd: 87_600,
    });
    expect(propertiesIn(stack)).toMatchObject({ modelId: 'amazon.nova-pro-v1:0:24k', modelUnits: 2, commitmentDuration: 'SixMonths', provisionedModelName: 'chat_1' });
  });

  test('leaves out an undefined commitment and name, and has the prefix of a name', () => {
    const properties = propertiesIn(throughput().stack);
    expect(properties).not.toHaveProperty('commitmentDuration');
    expect(properties).not.toHaveProperty('provisionedModelName');
    expect(properties.namePrefix).toMatch(/^([0-9a-zA-Z][_-]?)+$/);
  });

  test('of a custom model names its ARN and its base model', () => {
    expect(propertiesIn(throughput({ model: CUSTOM }).stack)).toMatchObject({ modelId: CUSTOM.modelId, baseModelId: 'meta.llama3-1-70b-instruct-v1:0' });
  });

  test('carries its tags and those of its scopes', () => {
    const { stack } = throughput();
    Tags.of(stack).add('team', 'search');
    expect(propertiesIn(stack).tags).toEqual([{ key: 'team', value: 'search' }]);
  });

  test('begins the name of a deeply nested construct within 46 characters', () => {
    const stack = new Stack(stackIn(), 'A-stack-with-quite-a-long-name-that-goes-on-and-on', { env: { region: 'us-west-2' } });
    throughput({}, stack);
    expect(propertiesIn(stack).namePrefix.length).toBeLessThanOrEqual(46);
  });

  test.each([
    ['by the hour', CommitmentDuration.NONE, undefined, 'Delete', 'Delete'],
    ['with a commitment', CommitmentDuration.ONE_MONTH, undefined, 'RetainExceptOnCreate', 'Delete'],
    ['with a commitment and a policy of the user', CommitmentDuration.ONE_MONTH, RemovalPolicy.DESTROY, 'Delete', 'Delete'],
    ['with a commitment that is always retained', CommitmentDuration.ONE_MONTH, RemovalPolicy.RETAIN, 'Retain', 'Retain'],
    ['with a commitment that is retained unless rolled back', CommitmentDuration.ONE_MONTH, RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE, 'RetainExceptOnCreate', 'Retain'],
    ['by the hour and a policy of the user', CommitmentDuration.NONE, RemovalPolicy.RETAIN, 'Retain', 'Retain'],
  ])('bought %s has the matching deletion policies', (_, commitmentDuration, removalPolicy, DeletionPolicy, UpdateReplacePolicy) => {
    const { stack } = throughput({ commitmentDuration, removalPolicy, acknowledgeCommitmentUsd: 100_000 });
    Template.fromStack(stack).hasResource(TYPE, { DeletionPolicy, UpdateReplacePolicy });
  });

  test('is, by its ARN, a model of aws-cdk-lib', () => {
    const { stack, throughput: model } = throughput();
    const asModel: IModel = model;
    expect(stack.resolve(asModel.modelArn)).toEqual(stack.resolve(model.provisionedModelArn));
    expect(stack.resolve(model.invokableArn)).toEqual({ Ref: expect.stringMatching(/^Capacity/) });
  });

  test('can be invoked by a grantee, which has no other permissions', () => {
    const { stack, throughput: model } = throughput();
    model.grantInvoke(roleIn(stack));
    const [{ Resource, ...statement }, ...others] = statementsOf(stack, 'bedrock:InvokeModel');
    expect([statement, others]).toEqual([{ Effect: 'Allow', Action: ['bedrock:InvokeModel', 'bedrock:InvokeModelWithResponseStream'] }, []]);
    expect(Resource.map(flat)).toEqual([flat(stack.resolve(model.provisionedModelArn)), DEFAULT_PROJECT]);
  });

  test('is measured by its ARN', () => {
    const { throughput: model } = throughput();
    expect(model.metricInvocations()).toMatchObject({ namespace: 'AWS/Bedrock', metricName: 'Invocations', dimensions: { ModelId: model.provisionedModelArn } });
  });

  test('can be imported by its ARN', () => {
    const arn = 'arn:aws:bedrock:us-west-2:111111111111:provisioned-model/abcdefghijkl';
    const imported = ProvisionedModelThroughput.fromProvisionedModelArn(stackIn(), 'Imported', arn);
    expect(imported).toMatchObject({ modelArn: arn, invokableArn: arn, provisionedModelArn: arn });
    expect(imported.metric('Invocations').dimensions).toEqual({ ModelId: arn });
  });

  test('that is imported has all metrics and grants of the interface', () => {
    const stack = stackIn('us-west-2');
    const arn = 'arn:aws:bedrock:us-west-2:111111111111:provisioned-model/abcdefghijkl';
    const imported: IProvisionedModelThroughput = ProvisionedModelThroughput.fromProvisionedModelArn(stack, 'Imported', arn);
    const metrics: IInvocationMetrics = imported;
    const names = [
      metrics.metricInvocations(), metrics.metricInvocationLatency(), metrics.metricInvocationClientErrors(), metrics.metricInvocationServerErrors(),
      metrics.metricInvocationThrottles(), metrics.metricInputTokens(), metrics.metricOutputTokens(),
    ].map(({ metricName, dimensions }) => [metricName, dimensions!.ModelId]);
    expect(names).toEqual(['Invocations', 'InvocationLatency', 'InvocationClientErrors', 'InvocationServerErrors', 'InvocationThrottles', 'InputTokenCount', 'OutputTokenCount'].map((name) => [name, arn]));
    expect(Object.values(metrics.metricCacheReadTokens().usingMetrics)).not.toEqual([]);
    expect(Object.values(metrics.metricCacheWriteTokens().usingMetrics)).not.toEqual([]);
    imported.grantInvoke(roleIn(stack));
    expect(statementsOf(stack, 'bedrock:InvokeModel').map(({ Resource }) => Resource.map(flat))).toEqual([[arn, DEFAULT_PROJECT]]);
  });

  test.each<[string, (stack: Stack) => IModel]>([
    ['of the app', (stack) => throughput({}, stack).throughput],
    ['that is imported', (stack) => ProvisionedModelThroughput.fromProvisionedModelArn(stack, 'Imported', 'arn:aws:bedrock:us-west-2:111111111111:provisioned-model/abcdefghijkl')],
  ])('%s is invoked by a task of Step Functions', (_, make) => {
    const stack = stackIn('us-west-2');
    const model = make(stack);
    const task = new BedrockInvokeModel(stack, 'Ask', { model, body: TaskInput.fromObject({ inputText: 'Hello' }) });
    new StateMachine(stack, 'Machine', { definitionBody: DefinitionBody.fromChainable(task) });
    const [{ Properties }] = Object.values(Template.fromStack(stack).findResources('AWS::StepFunctions::StateMachine'))
      .filter((machine) => flat(machine.Properties.DefinitionString).includes('bedrock:invokeModel'));
    expect(JSON.parse(flat(Properties.DefinitionString)).States.Ask.Parameters.ModelId).toBe(flat(stack.resolve(model.modelArn)));
    expect(statementsOf(stack, 'bedrock:InvokeModel').map(({ Resource }) => flat(Resource))).toEqual([flat(stack.resolve(model.modelArn))]);
  });
});

describe('the provider', () => {
  test('exists once for all throughputs of a stack', () => {
    const { stack } = throughput();
    new ProvisionedModelThroughput(stack, 'More', { model: BedrockModel.of('amazon.nova-pro-v1:0:24k'), modelUnits: 1 });
    Template.fromStack(stack).resourceCountIs('AWS::Lambda::Function', 5);
    Template.fromStack(stack).resourceCountIs('AWS::StepFunctions::StateMachine', 1);
  });

  test('may buy for the models of the stack only', () => {
    const { stack } = throughput({ model: CUSTOM });
    const resources = statementsOf(stack, 'bedrock:CreateProvisionedModelThroughput').map(({ Resource }) => Resource);
    expect(resources).toHaveLength(2);
    expect(JSON.stringify(resources[0])).toContain(':bedrock:us-west-2:111111111111:provisioned-model/*');
    expect(resources[1]).toBe(CUSTOM.modelId);
  });

  test('may read and write the tags of provisioned models only', () => {
    const { stack } = throughput();
    for (const action of ['bedrock:ListTagsForResource', 'bedrock:TagResource', 'bedrock:UntagResource']) {
      const resources = statementsOf(stack, action).map(({ Resource }) => JSON.stringify(Resource));
      expect(resources.length).toBeGreaterThan(0);
      for (const resource of resources) expect(resource).toContain(':provisioned-model/*');
    }
  });

  test('has no managed policy, and passes no role', () => {
    const { stack } = throughput();
    const template = Template.fromStack(stack);
    expect(JSON.stringify(template.findResources('AWS::IAM::Role'))).not.toContain('ManagedPolicyArns');
    expect(JSON.stringify(template.findResources('AWS::IAM::Policy'))).not.toContain('iam:');
  });

  test('retains its log for a year, and after the stack', () => {
    Template.fromStack(throughput().stack).hasResource('AWS::Logs::LogGroup', { Properties: { RetentionInDays: 365 }, DeletionPolicy: 'Retain' });
  });
});

describe('the cost', () => {
  test.each<[string, Partial<ProvisionedModelThroughputProps>]>([
    ['by the hour', {}],
    ['with a commitment', { commitmentDuration: CommitmentDuration.ONE_MONTH, acknowledgeCommitmentUsd: 30_922.8 }],
    ['at a price of its own', { hourlyPricePerModelUnitUsd: 10 }],
  ])('%s is looked up once, for the acknowledgement, the handler and the report', (_, props) => {
    const lookUp = jest.spyOn(PriceBook.prototype, '_pricesOf');
    const { stack } = throughput(props);
    expect(lookUp).toHaveBeenCalledTimes(0);
    Template.fromStack(stack);
    expect(lookUp).toHaveBeenCalledTimes(1);
    lookUp.mockRestore();
  });

  test('is units x hourly price x 730 hours, regardless of use', () => {
    // Llama 3.1 70B in us-west-2 without commitment: 2 x $24.00 x 730 = $35,040
    const { stack } = throughput();
    expect(entries(stack)).toMatchObject([{
      type: 'provisioned-throughput', model: 'meta.llama3-1-70b-instruct-v1:0', commitment: undefined, estimate: { monthlyUsd: '35040' },
    }]);
  });

  test('of a commitment is also that of its whole term', () => {
    // 2 x $13.08 x 730 = $19,096.80 a month, x 6 = $114,580.80
    const { stack } = throughput({ commitmentDuration: CommitmentDuration.SIX_MONTHS, acknowledgeCommitmentUsd: 114_580.8 });
    expect(entries(stack)).toMatchObject([{
      estimate: { monthlyUsd: '19096.8', commitmentUsd: '114580.8' }, commitment: { duration: 'six-months', months: 6 },
    }]);
    expect(refusals(stack)).toEqual([]);
  });

  test('of a context variant is that of the model', () => {
    const { stack } = oneMonth({ model: BedrockModel.of('meta.llama3-1-70b-instruct-v1:0:128k'), acknowledgeCommitmentUsd: 30_922.8 });
    expect(entries(stack)).toMatchObject([{ estimate: { monthlyUsd: '30922.8' } }]);
  });

  test('follows a custom price', () => {
    // 3 x $10.01 x 730 = $21,921.90
    const { stack } = throughput({ modelUnits: 3, hourlyPricePerModelUnitUsd: 10.01 });
    expect(entries(stack)).toMatchObject([{ estimate: { monthlyUsd: '21921.9' } }]);
  });

  test('with a custom price applies to this construct only', () => {
    const { stack } = throughput({ hourlyPricePerModelUnitUsd: 1 });
    new ProvisionedModelThroughput(stack, 'Other', { model: LLAMA, modelUnits: 2 });
    expect(entries(stack).map(({ estimate }) => estimate.monthlyUsd)).toEqual(['1460', '35040']);
  });

  test('of units that are known only at deployment is unknown, with a warning', () => {
    const stack = stackIn('us-west-2');
    const modelUnits = new CfnParameter(stack, 'Units', { type: 'Number' }).valueAsNumber;
    throughput({ modelUnits }, stack);
    expect(entries(stack)).toMatchObject([{ estimate: { monthlyUsd: null } }]);
    expect(warnings(stack)).toEqual([expect.stringContaining('modelUnits is a token')]);
    expect(refusals(stack)).toEqual([]);
  });

  test('with a custom price that is known only at deployment is unknown, not that of the list', () => {
    const stack = stackIn('us-west-2');
    const hourlyPricePerModelUnitUsd = Lazy.number({ produce: () => 10 });
    throughput({ hourlyPricePerModelUnitUsd }, stack);
    expect(entries(stack)).toMatchObject([{ estimate: { monthlyUsd: null, knownMonthlyUsd: '0' } }]);
    expect(warnings(stack)).toEqual([expect.stringContaining('hourlyPricePerModelUnitUsd is a token')]);
    expect(refusals(stack)).toEqual([]);
  });
});

describe('a commitment', () => {
  // 2 x $21.18 x 730 x 1 = $30,922.80
  test.each([[30_922.8], [30_922.81], [50_000]])('is bought when its sum of $30,922.80 is confirmed with %d', (acknowledgeCommitmentUsd) => {
    expect(refusals(oneMonth({ acknowledgeCommitmentUsd }).stack)).toEqual([]);
  });

  test.each([
    [undefined, 'acknowledgeCommitmentUsd is required.'],
    [0, 'acknowledgeCommitmentUsd must be at least 30922.8, got 0.'],
    [30_922.79, 'acknowledgeCommitmentUsd must be at least 30922.8, got 30922.79.'],
  ])('fails when it is confirmed with %p, and the message has the exact sum and its factors', (acknowledgeCommitmentUsd, found) => {
    const { stack } = oneMonth({ acknowledgeCommitmentUsd });
    const [text] = refusals(stack);
    expect(text).toContain('A one-month commitment of 2 model units of meta.llama3-1-70b-instruct-v1:0 costs $30,922.80');
    expect(text).toContain('2 x $21.18 x 730 hours x 1 month');
    expect(text).toContain(`[Stack/Capacity] bedrock-cost-commitment-not-acknowledged: ${found}`);
    expect(text).toContain('To buy it, set acknowledgeCommitmentUsd: 30922.8.');
    expect(() => Template.fromStack(stack)).toThrow('bedrock-cost-commitment-not-acknowledged');
  });

  test('fails unconfirmed, also with disabled estimates', () => {
    expect(refusals(oneMonth({}, stackIn('us-west-2', { 'cdk-bedrock-cost:enabled': false })).stack)).toEqual([expect.stringContaining('$30,922.80')]);
  });

  test('fails if its price is unknown, for every confirmed sum', () => {
    const { stack } = oneMonth({ model: BedrockModel.of('example.model-v1:0'), acknowledgeCommitmentUsd: 1e9 });
    expect(refusals(stack)).toEqual([expect.stringMatching(/bedrock-cost-commitment-price-unknown: The price of a one-month commitment of 2 model units of example\.model-v1:0 is unknown, not \$0: no price for model unit hours, one-month commitment of example\.model-v1:0 \(in-region\) in us-west-2\. Set hourlyPricePerModelUnitUsd to the price that AWS quoted you\./)]);
  });

  test('fails in a stack whose region, and so its price, is unknown', () => {
    expect(refusals(oneMonth({ acknowledgeCommitmentUsd: 1e9 }, stackIn(null)).stack)).toEqual([expect.stringContaining('bedrock-cost-commitment-price-unknown')]);
  });

  test('of a model without a published price is bought at the custom price', () => {
    // 2 x $39.60 x 730 = $57,816
    const quoted = { model: BedrockModel.of('example.model-v1:0'), hourlyPricePerModelUnitUsd: 39.6 };
    expect(refusals(oneMonth({ ...quoted, acknowledgeCommitmentUsd: 57_815.99 }).stack)).toEqual([expect.stringContaining('$57,816.00')]);
    expect(refusals(oneMonth({ ...quoted, acknowledgeCommitmentUsd: 57_816 }).stack)).toEqual([]);
  });

  test.each([['modelUnits'], ['acknowledgeCommitmentUsd'], ['hourlyPricePerModelUnitUsd']] as const)('fails if %s is known only at deployment, since it cannot be confirmed', (prop) => {
    const stack = stackIn('us-west-2');
    const value = Lazy.number({ produce: () => 2 });
    oneMonth({ acknowledgeCommitmentUsd: 1e9, [prop]: value }, stack);
    expect(refusals(stack)).toEqual([expect.stringContaining(`${prop} is a token, known only at deployment`)]);
  });

  test('with a price that is known only at deployment has an unknown cost, not that of the list', () => {
    const stack = stackIn('us-west-2');
    const hourlyPricePerModelUnitUsd = Lazy.number({ produce: () => 10 });
    oneMonth({ acknowledgeCommitmentUsd: 1e9, hourlyPricePerModelUnitUsd }, stack);
    expect(entries(stack)).toMatchObject([{ estimate: { monthlyUsd: null, commitmentUsd: null } }]);
  });

  test.each([1, 0.01, 729])('is confirmed for every hour that AWS bills, also if the app has %d hours in a month', (hours) => {
    const { stack } = oneMonth({ acknowledgeCommitmentUsd: 30_922.79 }, stackIn('us-west-2', { 'cdk-bedrock-cost:hoursPerMonth': hours }));
    // 2 x $21.18 x 730 = $30,922.80
    expect(refusals(stack)).toEqual([expect.stringContaining('acknowledgeCommitmentUsd must be at least 30922.8, got 30922.79. A one-month commitment of 2 model units of meta.llama3-1-70b-instruct-v1:0 costs $30,922.80 over its whole term: 2 x $21.18 x 730 hours x 1 month. It cannot be cancelled before its end, and renews itself. To buy it, set acknowledgeCommitmentUsd: 30922.8.')]);
  });

  test('counts for every hour that AWS bills, in the estimate and in the template', () => {
    const { stack } = oneMonth({ acknowledgeCommitmentUsd: 30_922.8 }, stackIn('us-west-2', { 'cdk-bedrock-cost:hoursPerMonth': 1 }));
    expect(refusals(stack)).toEqual([]);
    expect(entries(stack)).toMatchObject([{ estimate: { monthlyUsd: '30922.8', commitmentUsd: '30922.8' } }]);
    expect(propertiesIn(stack).price).toEqual({ hourlyUsd: '21.18', hoursPerMonth: '730', region: 'us-west-2' });
  });

  test('is confirmed for the configured hours of a month', () => {
    // 2 x $21.18 x 744 = $31,515.84
    const { stack } = oneMonth({ acknowledgeCommitmentUsd: 30_922.8 }, stackIn('us-west-2', { 'cdk-bedrock-cost:hoursPerMonth': 744 }));
    expect(refusals(stack)).toEqual([expect.stringContaining('$31,515.84')]);
  });
});

test.each([
  ['no units', { modelUnits: 0 }, 'modelUnits must be a whole number of 1 or more, got 0.'],
  ['negative units', { modelUnits: -1 }, 'modelUnits must be a whole number of 1 or more, got -1.'],
  ['half a unit', { modelUnits: 1.5 }, 'modelUnits must be a whole number of 1 or more, got 1.5.'],
  ['units that are not a number', { modelUnits: NaN }, 'modelUnits must be a whole number of 1 or more, got NaN.'],
  ['provisioned throughput as a model', {
    model: BedrockModel.fromInvokable(ProvisionedModelThroughput.fromProvisionedModelArn(stackIn(), 'P', Token.asString({ Ref: 'Arn' })), 'amazon.nova-pro-v1:0'),
  }, 'model must be a model without the prefix of an inference profile, such as "amazon.nova-pro-v1:0:24k", or a custom model, got "provisioned throughput of amazon.nova-pro-v1:0". Provisioned throughput is bought for the model itself, not through an inference profile.'],
  ['a model through a profile', { model: BedrockModel.of('us.amazon.nova-pro-v1:0') }, 'model must be a model without the prefix of an inference profile, such as "amazon.nova-pro-v1:0:24k", or a custom model, got "us.amazon.nova-pro-v1:0". Provisioned throughput is bought for the model itself, not through an inference profile.'],
  ['an imported model', {
    model: BedrockModel.fromInvokableAttributes({ invokableArn: 'arn:aws:bedrock:us-west-2:111111111111:imported-model/abc', pricingModelId: 'meta.llama3-1-70b-instruct-v1:0' }),
  }, 'model must be a model without the prefix of an inference profile, such as "amazon.nova-pro-v1:0:24k", or a custom model, got "arn:aws:bedrock:us-west-2:111111111111:imported-model/abc". Provisioned throughput is bought for the model itself, not through an inference profile.'],
  ['an infinite confirmation', { commitmentDuration: CommitmentDuration.ONE_MONTH, acknowledgeCommitmentUsd: Infinity }, 'acknowledgeCommitmentUsd must be a number of US dollars of 0 or more: the cost of the whole term, got Infinity.'],
  ['a confirmation that is not a number', { commitmentDuration: CommitmentDuration.ONE_MONTH, acknowledgeCommitmentUsd: NaN }, 'acknowledgeCommitmentUsd must be a number of US dollars of 0 or more: the cost of the whole term, got NaN.'],
  ['a commitment that does not exist', { commitmentDuration: 'one-year' as CommitmentDuration }, 'commitmentDuration must be one of none, one-month, six-months, got "one-year".'],
  ['a name that begins with a hyphen', { provisionedModelName: '-a' }, 'provisionedModelName must be 1 to 63 letters and digits, with single hyphens or underscores between them, got "-a".'],
  ['a name with two hyphens in a row', { provisionedModelName: 'a--b' }, 'provisionedModelName must be 1 to 63 letters and digits, with single hyphens or underscores between them, got "a--b".'],
  ['a name of 64 characters', { provisionedModelName: 'a'.repeat(64) }, 'provisionedModelName must be 1 to 63 letters and digits, with single hyphens or underscores between them, got "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa".'],
  ['a price of 0', { hourlyPricePerModelUnitUsd: 0 }, 'hourlyPricePerModelUnitUsd must be a number of US dollars above 0: the price of a model unit for one hour, got 0.'],
  ['an infinite confirmation', { acknowledgeCommitmentUsd: Infinity }, 'acknowledgeCommitmentUsd must be a number of US dollars of 0 or more: the cost of the whole term, got Infinity.'],
])('fails for %s, without a price', (_, props, found) => {
  const { stack } = throughput(props);
  expect(refusals(stack)).toEqual([expect.stringContaining(`[Stack/Capacity] bedrock-cost-invalid-input: ${found}`)]);
  expect(entries(stack)).toEqual([]);
});

test.each([['a'], ['a'.repeat(63)], ['a-b_c1']])('the name %j is allowed', (provisionedModelName) => {
  expect(refusals(throughput({ provisionedModelName }).stack)).toEqual([]);
});

test('fails with every problem at once', () => {
  expect(refusals(throughput({ modelUnits: 0, provisionedModelName: '' }).stack)).toHaveLength(2);
});

function propertiesIn(stack: Stack) {
  const [resource] = Object.values(Template.fromStack(stack).findResources(TYPE));
  return resource.Properties;
}
