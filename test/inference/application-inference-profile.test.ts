import { App, Aws, CfnElement, Duration, Stack, Tags, Token } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { FoundationModel, FoundationModelIdentifier } from 'aws-cdk-lib/aws-bedrock';
import { MathExpression } from 'aws-cdk-lib/aws-cloudwatch';
import { DefinitionBody, StateMachine, TaskInput } from 'aws-cdk-lib/aws-stepfunctions';
import { BedrockInvokeModel } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import { DEFAULT_PROJECT, entries, flat, refusals, roleIn, stackIn, statementsOf } from './synth';
import { CostBudget } from '../../src/budgets/cost-budget';
import { StopAction } from '../../src/budgets/stop-actions/stop-action';
import { ApplicationInferenceProfile, ApplicationInferenceProfileProps, IApplicationInferenceProfile } from '../../src/inference/application-inference-profile';
import { BedrockModel } from '../../src/inference/bedrock-model';

const TYPE = 'AWS::Bedrock::ApplicationInferenceProfile';
const NOVA_PRO = BedrockModel.of('amazon.nova-pro-v1:0');
const usage = { requestsPerMonth: 1_000, inputTokensPerRequest: 2_000, outputTokensPerRequest: 500 };

function profile(props: Partial<ApplicationInferenceProfileProps> = {}, region?: string) {
  const stack = stackIn(region);
  return { stack, profile: new ApplicationInferenceProfile(stack, 'Chat', { model: NOVA_PRO, usage, ...props }) };
}

function byArn(resource: string, partition = 'aws', region = 'us-east-1') {
  return BedrockModel.fromInvokableAttributes({ invokableArn: `arn:${partition}:bedrock:${region}:111111111111:${resource}`, pricingModelId: 'amazon.nova-lite-v1:0' });
}

/** The source model of the profile. */
function copiedFrom(model: BedrockModel): string {
  const [resource] = Object.values(Template.fromStack(profile({ model }).stack).findResources(TYPE));
  return flat(resource.Properties.ModelSource.CopyFrom);
}

test('a bare id is copied from the foundation model', () => {
  expect(copiedFrom(NOVA_PRO)).toBe('arn:<AWS::Partition>:bedrock:<AWS::Region>::foundation-model/amazon.nova-pro-v1:0');
});

test('an id with a prefix is copied from the system-defined profile of the account', () => {
  expect(copiedFrom(BedrockModel.of('us.amazon.nova-pro-v1:0')))
    .toBe('arn:<AWS::Partition>:bedrock:<AWS::Region>:<AWS::AccountId>:inference-profile/us.amazon.nova-pro-v1:0');
});

test('name, description and tags are in the template', () => {
  const { stack } = profile({ inferenceProfileName: 'chat of search', description: 'Chat: search team' });
  Tags.of(stack).add('team', 'search');
  Template.fromStack(stack).hasResourceProperties(TYPE, {
    InferenceProfileName: 'chat of search', Description: 'Chat: search team', Tags: [{ Key: 'team', Value: 'search' }],
  });
});

test('another model has another name, since CloudFormation creates the replacement first', () => {
  const names = ['amazon.nova-pro-v1:0', 'amazon.nova-lite-v1:0', 'amazon.nova-pro-v1:0'].map((id) => {
    const [resource] = Object.values(Template.fromStack(profile({ model: BedrockModel.of(id) }).stack).findResources(TYPE));
    return resource.Properties.InferenceProfileName;
  });
  expect(names[0]).toMatch(/^Stack-Chat-[0-9A-F]+-[0-9a-f]{8}$/);
  expect(names[1]).not.toBe(names[0]);
  expect(names[2]).toBe(names[0]);
});

test('its usage is priced by the model, and counted separately', () => {
  // Nova Pro: 2 million input tokens x $0.80 + 0.5 million output tokens x $3.20 = $1.60 + $1.60
  const { stack, profile: chat } = profile();
  const [entry] = entries(stack);
  expect(entry).toMatchObject({ type: 'on-demand', model: 'amazon.nova-pro-v1:0', region: 'us-east-1', estimate: { monthlyUsd: '3.2' } });
  expect(entry.tokenMetrics).toMatchObject({ modelId: chat.inferenceProfileId, shared: false });
});

test('a slow and a busy month are the ends of a range', () => {
  const { stack } = profile({ lowUsage: { ...usage, requestsPerMonth: 500 }, highUsage: { ...usage, requestsPerMonth: 10_000 } });
  expect(entries(stack)[0]).toMatchObject({ low: { monthlyUsd: '1.6' }, high: { monthlyUsd: '32' } });
});

test('the permission to invoke covers the profile and, only through it, the model in all its regions', () => {
  const { stack, profile: chat } = profile({ model: BedrockModel.of('us.amazon.nova-pro-v1:0') });
  chat.grantInvoke(roleIn(stack));
  const arn = stack.resolve(chat.inferenceProfileArn);
  const [own, behind] = statementsOf(stack, 'bedrock:InvokeModel');
  expect(own.Action).toEqual(['bedrock:InvokeModel', 'bedrock:InvokeModelWithResponseStream']);
  expect(own.Resource.map(flat)).toEqual([flat(arn), DEFAULT_PROJECT]);
  expect(own.Condition).toBeUndefined();
  expect(flat(behind.Resource)).toContain(':bedrock:us-*::foundation-model/amazon.nova-pro-v1:0');
  const [through, system] = behind.Condition.StringEquals['bedrock:InferenceProfileArn'];
  expect(through).toEqual(arn);
  expect(flat(system)).toContain(':inference-profile/us.amazon.nova-pro-v1:0');
});

test.each([
  ['metricInvocations', 'Invocations', 'Sum'],
  ['metricInvocationLatency', 'InvocationLatency', 'Average'],
  ['metricInvocationClientErrors', 'InvocationClientErrors', 'Sum'],
  ['metricInvocationServerErrors', 'InvocationServerErrors', 'Sum'],
  ['metricInvocationThrottles', 'InvocationThrottles', 'Sum'],
  ['metricInputTokens', 'InputTokenCount', 'Sum'],
  ['metricOutputTokens', 'OutputTokenCount', 'Sum'],
] as const)('%s is the metric %s of the profile id', (method, metricName, statistic) => {
  const { profile: chat } = profile();
  expect(chat[method]()).toMatchObject({ namespace: 'AWS/Bedrock', metricName, statistic, dimensions: { ModelId: chat.inferenceProfileId } });
});

test.each([
  ['metricCacheReadTokens', 'CacheReadInputTokenCount', 'CacheReadInputTokens'],
  ['metricCacheWriteTokens', 'CacheWriteInputTokenCount', 'CacheWriteInputTokens'],
] as const)('%s is the larger of %s and %s', (method, ...names) => {
  const { stack, profile: chat } = profile();
  const options = { period: Duration.hours(1), label: 'cached' };
  chat[method](options).createAlarm(stack, 'Alarm', { threshold: 1, evaluationPeriods: 1 });
  const [{ Properties: { Metrics: [math, ...series] } }] = Object.values(Template.fromStack(stack).findResources('AWS::CloudWatch::Alarm'));
  const ids = series.map(({ Id }: any) => Id);
  expect(math).toMatchObject({ Expression: `MAX([FILL(${ids[0]}, 0), FILL(${ids[1]}, 0)])`, Label: 'cached' });
  expect(series.map(({ MetricStat }: any) => MetricStat)).toEqual(names.map((MetricName) => ({
    Metric: { Namespace: 'AWS/Bedrock', MetricName, Dimensions: [{ Name: 'ModelId', Value: stack.resolve(chat.inferenceProfileId) }] }, Period: 3600, Stat: 'Sum',
  })));
});

test('cached tokens of several profiles can be added up in one expression', () => {
  const stack = stackIn();
  const [a, b] = ['A', 'B'].map((id) => new ApplicationInferenceProfile(stack, id, { model: NOVA_PRO, usage }));
  const sum = new MathExpression({ expression: 'a + b', usingMetrics: { a: a.metricCacheReadTokens(), b: b.metricCacheReadTokens() } });
  sum.createAlarm(stack, 'Alarm', { threshold: 1, evaluationPeriods: 1 });
  const [{ Properties: { Metrics } }] = Object.values(Template.fromStack(stack).findResources('AWS::CloudWatch::Alarm'));
  expect(new Set(Metrics.map(({ Id }: any) => Id)).size).toBe(7);
});

test('an imported profile has grants and metrics, and can be used as a model', () => {
  const stack = stackIn();
  const arn = 'arn:aws:bedrock:us-east-1:111111111111:application-inference-profile/abcdefghijkl';
  const imported = ApplicationInferenceProfile.fromApplicationInferenceProfileAttributes(stack, 'Chat', { inferenceProfileArn: arn, model: NOVA_PRO });
  BedrockModel.fromInvokable(imported, 'amazon.nova-pro-v1:0').grantInvoke(roleIn(stack));
  expect(imported.inferenceProfileId).toBe('abcdefghijkl');
  expect(imported.metric('Invocations').dimensions).toEqual({ ModelId: 'abcdefghijkl' });
  expect(statementsOf(stack, 'bedrock:InvokeModel')[0].Resource.map(flat)).toEqual([arn, DEFAULT_PROJECT]);
  expect(entries(stack)).toEqual([]);
});

test.each([
  ['an empty name', { inferenceProfileName: '' }, 'inferenceProfileName must be 1 to 64 letters and digits, with single spaces, hyphens or underscores between them, got "".'],
  ['a name with two spaces in a row', { inferenceProfileName: 'a  b' }, 'inferenceProfileName must be 1 to 64 letters and digits, with single spaces, hyphens or underscores between them, got "a  b".'],
  ['a name of 65 characters', { inferenceProfileName: 'a'.repeat(65) }, 'inferenceProfileName must be 1 to 64 letters and digits, with single spaces, hyphens or underscores between them, got "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa".'],
  ['a description with a question mark', { description: 'why?' }, 'description must be 1 to 200 letters, digits, colons and full stops, with single spaces, hyphens or underscores between them, got "why?".'],
  ['a custom model', { model: BedrockModel.fromCustomModel('arn:aws:bedrock:us-east-1:111111111111:custom-model/x/y', 'amazon.nova-pro-v1:0') }, 'model must be a foundation model or a system-defined inference profile, got "arn:aws:bedrock:us-east-1:111111111111:custom-model/x/y". AWS creates application inference profiles from these only.'],
  ['a custom model by its ARN', { model: byArn('custom-model/amazon.nova-lite-v1:0/abc') }, 'model must be a foundation model or a system-defined inference profile, got "arn:aws:bedrock:us-east-1:111111111111:custom-model/amazon.nova-lite-v1:0/abc". AWS creates application inference profiles from these only.'],
  ['a deployment of a custom model', { model: byArn('custom-model-deployment/abc') }, 'model must be a foundation model or a system-defined inference profile, got "arn:aws:bedrock:us-east-1:111111111111:custom-model-deployment/abc". AWS creates application inference profiles from these only.'],
  ['an imported model', { model: byArn('imported-model/abc') }, 'model must be a foundation model or a system-defined inference profile, got "arn:aws:bedrock:us-east-1:111111111111:imported-model/abc". AWS creates application inference profiles from these only.'],
  ['provisioned throughput', { model: byArn('provisioned-model/abc') }, 'model must be a foundation model or a system-defined inference profile, got "arn:aws:bedrock:us-east-1:111111111111:provisioned-model/abc". AWS creates application inference profiles from these only.'],
  ['an application inference profile', { model: byArn('application-inference-profile/abc') }, 'model must be a foundation model or a system-defined inference profile, got "arn:aws:bedrock:us-east-1:111111111111:application-inference-profile/abc". AWS creates application inference profiles from these only.'],
  ['a custom model in the partition of the stack', { model: byArn('custom-model/amazon.nova-lite-v1:0/abc', Aws.PARTITION) }, 'model must be a foundation model or a system-defined inference profile, got "a custom model of amazon.nova-lite-v1:0". AWS creates application inference profiles from these only.'],
  ['a custom model whose ARN is known only at deployment', { model: BedrockModel.fromCustomModel(Token.asString({ Ref: 'Custom' }), 'amazon.nova-lite-v1:0') }, 'model must be a foundation model or a system-defined inference profile, got "a custom model of amazon.nova-lite-v1:0". AWS creates application inference profiles from these only.'],
  ['a context variant', { model: BedrockModel.of('amazon.nova-pro-v1:0:24k') }, 'model must be an id without context variant, such as "amazon.nova-pro-v1:0", got "amazon.nova-pro-v1:0:24k". Only provisioned throughput is bought by context variant.'],
  ['a profile of another region', { model: byArn('inference-profile/us.amazon.nova-lite-v1:0', 'aws', 'eu-west-1') }, 'model must be a model or profile in the region (us-east-1) and account of the stack, got "arn:aws:bedrock:eu-west-1:111111111111:inference-profile/us.amazon.nova-lite-v1:0".'],
  ['a model of another region', { model: BedrockModel.fromFoundationModel({ modelArn: 'arn:aws:bedrock:eu-west-1::foundation-model/amazon.nova-lite-v1:0' }) }, 'model must be a model or profile in the region (us-east-1) and account of the stack, got "arn:aws:bedrock:eu-west-1::foundation-model/amazon.nova-lite-v1:0".'],
  ['the id of a profile in the ARN of a model', { model: byArn('foundation-model/us.amazon.nova-lite-v1:0') }, 'model must be the ARN of an inference profile, or an id alone, got "arn:aws:bedrock:us-east-1:111111111111:foundation-model/us.amazon.nova-lite-v1:0". The id in the ARN of a foundation model has no prefix such as "us.".'],
  ['negative usage', { usage: { ...usage, inputTokensPerRequest: -1 } }, 'usage.inputTokensPerRequest must be a number of 0 or more, got -1.'],
])('fails for %s, and names the construct', (_, props, found) => {
  const { stack } = profile(props);
  expect(refusals(stack)).toEqual([expect.stringContaining(`[Stack/Chat] bedrock-cost-invalid-input: ${found}`)]);
  expect(() => Template.fromStack(stack)).toThrow('bedrock-cost-invalid-input');
});

test('a profile of another account is refused where the account of the stack is known', () => {
  const of = (account: string) => new Stack(new App(), 'Stack', { env: { region: 'us-east-1', account } });
  const model = byArn('inference-profile/us.amazon.nova-lite-v1:0');
  for (const [account, count] of [['111111111111', 0], ['210987654321', 1]] as const) {
    const stack = of(account);
    new ApplicationInferenceProfile(stack, 'Chat', { model, usage });
    expect(refusals(stack)).toHaveLength(count);
  }
});

test('the id of a profile in an ARN of aws-cdk-lib is refused', () => {
  const stack = stackIn();
  const model = FoundationModel.fromFoundationModelId(stack, 'Model', new FoundationModelIdentifier('us.amazon.nova-lite-v1:0'));
  new ApplicationInferenceProfile(stack, 'Chat', { model: BedrockModel.fromFoundationModel(model), usage });
  expect(refusals(stack)).toEqual([expect.stringContaining('model must be the ARN of an inference profile, or an id alone, got "us.amazon.nova-lite-v1:0". The id in the ARN of a foundation model has no prefix such as "us.".')]);
});

test('a system-defined profile known by its ARN is allowed', () => {
  expect(refusals(profile({ model: byArn('inference-profile/us.amazon.nova-lite-v1:0') }).stack)).toEqual([]);
});

test.each([['a'.repeat(64)], ['a'], ['a-b_c d']])('the name %j is allowed', (inferenceProfileName) => {
  expect(refusals(profile({ inferenceProfileName }).stack)).toEqual([]);
});

test('disabled estimates do not change the resource', () => {
  const stack = stackIn('us-east-1', { 'cdk-bedrock-cost:enabled': false });
  new ApplicationInferenceProfile(stack, 'Chat', { model: NOVA_PRO, usage });
  expect(entries(stack)).toEqual([]);
  Template.fromStack(stack).hasResourceProperties(TYPE, { ModelSource: { CopyFrom: Match.anyValue() } });
});

describe('as a model of aws-cdk-lib', () => {
  const invoking = (chat: IApplicationInferenceProfile, stack: Stack) => {
    const task = new BedrockInvokeModel(stack, 'Task', { model: chat, body: TaskInput.fromObject({ messages: [] }) });
    const stateMachine = new StateMachine(stack, 'Machine', { definitionBody: DefinitionBody.fromChainable(task) });
    chat.grantInvoke(stateMachine);
    return stateMachine;
  };
  const imported = (stack: Stack) => ApplicationInferenceProfile.fromApplicationInferenceProfileAttributes(stack, 'Chat', {
    inferenceProfileArn: 'arn:aws:bedrock:us-east-1:111111111111:application-inference-profile/abc', model: NOVA_PRO,
  });

  test('is invoked by a task of Step Functions, whose role may also invoke the model behind it', () => {
    const { stack, profile: chat } = profile({ model: BedrockModel.of('us.amazon.nova-pro-v1:0') });
    invoking(chat, stack);
    const definition = JSON.stringify(Object.values(Template.fromStack(stack).findResources('AWS::StepFunctions::StateMachine'))[0].Properties.DefinitionString);
    expect(definition).toContain('"ModelId');
    expect(definition).toContain(`"Fn::GetAtt":["${stack.getLogicalId(chat.node.defaultChild as CfnElement)}","InferenceProfileArn"]`);
    const resources = statementsOf(stack, 'bedrock:InvokeModel').flatMap(({ Resource }) => Resource as unknown[]).map(flat);
    expect(resources).toEqual(expect.arrayContaining([
      expect.stringMatching(/InferenceProfileArn/), 'arn:<AWS::Partition>:bedrock:us-*::foundation-model/amazon.nova-pro-v1:0',
    ]));
  });

  test('a stop action denies it to the state machine', () => {
    const { stack, profile: chat } = profile();
    const stateMachine = invoking(chat, stack);
    new CostBudget(stack, 'Budget', { monthlyLimitUsd: 1_000 }).addStopAction(StopAction.denyInvocations());
    const [{ Properties: { Definition } }] = Object.values(Template.fromStack(stack).findResources('AWS::Budgets::BudgetsAction'));
    expect(Definition.IamActionDefinition.Roles).toEqual([{ Ref: stack.getLogicalId(stateMachine.role.node.defaultChild as CfnElement) }]);
  });

  test('is imported with the same members', () => {
    const stack = stackIn();
    const chat = imported(stack);
    invoking(chat, stack);
    expect(chat.modelArn).toBe(chat.inferenceProfileArn);
    expect(chat.applicationInferenceProfileRef).toEqual({ inferenceProfileIdentifier: chat.inferenceProfileArn });
    expect(chat.metricInputTokens()).toMatchObject({ namespace: 'AWS/Bedrock', metricName: 'InputTokenCount', dimensions: { ModelId: 'abc' } });
  });

  test.each(['created', 'imported'])('fails as a foundation model when it is %s', (how) => {
    const model = how === 'created' ? profile().profile : imported(stackIn());
    expect(() => BedrockModel.fromFoundationModel(model)).toThrow('model must be a foundation model, got ');
  });
});
