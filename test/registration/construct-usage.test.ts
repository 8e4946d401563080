import { mkdtempSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { App, Aspects, CfnParameter, Lazy, NestedStack, Stack, Stage } from 'aws-cdk-lib';
import { CfnAgent, CfnDataSource, CfnFlow, CfnGuardrail, CfnKnowledgeBase, CfnPrompt, FoundationModel, FoundationModelIdentifier } from 'aws-cdk-lib/aws-bedrock';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Code, Function as LambdaFunction, LayerVersion, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { DefinitionBody, StateMachine, TaskInput } from 'aws-cdk-lib/aws-stepfunctions';
import { BedrockInvokeModel } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import { Construct, IConstruct } from 'constructs';
import { CostBudget } from '../../src/budgets/cost-budget';
import { ApplicationInferenceProfile } from '../../src/inference/application-inference-profile';
import { BedrockModel } from '../../src/inference/bedrock-model';
import { ConstructUsage } from '../../src/registration/construct-usage';
import { CostEstimates } from '../../src/registration/cost-estimates';
import { PriceSettings } from '../../src/registration/price-settings';
import { buildReport } from '../../src/synth-output/build-report';

const NOVA = 'us.amazon.nova-pro-v1:0';
const LITE = 'amazon.nova-lite-v1:0';
const TITAN = 'amazon.titan-embed-text-v2:0';
const ROLE = 'arn:aws:iam::111122223333:role/r';
// 10,000 requests of 1,000 tokens in and 100 out
const TRAFFIC = { requestsPerMonth: 10_000, inputTokensPerRequest: 1_000, outputTokensPerRequest: 100 };
const model = (id: string) => `arn:aws:bedrock:us-east-1::foundation-model/${id}`;

const stackIn = (context: { [key: string]: unknown } = {}) => new Stack(new App({ context }), 'Stack', { env: { region: 'us-east-1', account: '111122223333' } });
const rootOf = (construct: IConstruct) => construct.node.root as App;

const agentIn = (scope: Construct, foundationModel: string | undefined = NOVA, id = 'Agent') => new CfnAgent(scope, id, { agentName: 'a', foundationModel });
function functionIn(scope: Construct, resources: string[], actions = ['bedrock:InvokeModel'], id = 'Fn'): LambdaFunction {
  const fn = new LambdaFunction(scope, id, { runtime: Runtime.NODEJS_22_X, handler: 'index.handler', code: Code.fromInline('exports.handler = () => {}') });
  fn.addToRolePolicy(new PolicyStatement({ actions, resources }));
  return fn;
}
const guardrailIn = (scope: Construct, more: object) => new CfnGuardrail(scope, 'Guardrail', { name: 'g', blockedInputMessaging: 'no', blockedOutputsMessaging: 'no', ...more });
function machineIn(scope: Construct): StateMachine {
  const nova = FoundationModel.fromFoundationModelId(scope, 'Model', new FoundationModelIdentifier('amazon.nova-micro-v1:0'));
  const ask = new BedrockInvokeModel(scope, 'Ask', { model: nova, body: TaskInput.fromObject({ inferenceConfig: { maxTokens: 200 } }) });
  return new StateMachine(scope, 'Machine', { definitionBody: DefinitionBody.fromChainable(ask) });
}
function flowIn(scope: Construct, modelId = LITE): CfnFlow {
  const inline = { modelId, templateType: 'TEXT', templateConfiguration: { text: { text: 'x' } }, inferenceConfiguration: { text: { maxTokens: 50 } } };
  return new CfnFlow(scope, 'Flow', {
    name: 'f', executionRoleArn: ROLE, definition: { nodes: [{ name: 'p', type: 'Prompt', configuration: { prompt: { sourceConfiguration: { inline } } } }] },
  });
}
function vectorsIn(scope: Construct, maxTokens = 500): CfnKnowledgeBase {
  const base = new CfnKnowledgeBase(scope, 'Base', {
    name: 'k', roleArn: ROLE, knowledgeBaseConfiguration: { type: 'VECTOR', vectorKnowledgeBaseConfiguration: { embeddingModelArn: model(TITAN) } },
  });
  new CfnDataSource(scope, 'Source', {
    name: 's',
    knowledgeBaseId: base.attrKnowledgeBaseId,
    dataSourceConfiguration: { type: 'S3', s3Configuration: { bucketArn: 'arn:aws:s3:::b' } },
    vectorIngestionConfiguration: { chunkingConfiguration: { chunkingStrategy: 'FIXED_SIZE', fixedSizeChunkingConfiguration: { maxTokens, overlapPercentage: 10 } } },
  });
  return base;
}

/** The resources of the report of the synthesized app, each on a line. */
function priced(scope: IConstruct): string[] {
  rootOf(scope).synth();
  return buildReport(rootOf(scope)).resources.map(({ path, type, model: id, region, monthlyUsd }) => [path, type, id ?? '-', region, monthlyUsd].join(' '));
}

test.each<[string, (stack: Stack) => Construct, ConstructUsage, string[]]>([
  // 10 M x $0.80 + 1 M x $3.20
  ['an agent', (stack) => agentIn(stack), TRAFFIC, [`Stack/Agent on-demand ${NOVA} us-east-1 11.2`]],
  // The policy of the role names the model: 10 M x $0.06 + 1 M x $0.24
  ['a function with a permission', (stack) => functionIn(stack, [model(LITE)]), TRAFFIC, [`Stack/Fn on-demand ${LITE} us-east-1 0.84`]],
  ['a function with a permission for another region', (stack) => functionIn(stack, ['arn:aws:bedrock:us-west-2::foundation-model/amazon.nova-lite-v1:0']), TRAFFIC,
    [`Stack/Fn on-demand ${LITE} us-west-2 0.84`]],
  ['a function with a permission for any model', (stack) => functionIn(stack, ['*']), { ...TRAFFIC, model: NOVA }, [`Stack/Fn on-demand ${NOVA} us-east-1 11.2`]],
  ['a function with two models', (stack) => functionIn(stack, [model(LITE), model('amazon.nova-pro-v1:0')]), { ...TRAFFIC, model: LITE }, [`Stack/Fn on-demand ${LITE} us-east-1 0.84`]],
  // 100 x $0.04
  ['a function that makes images', (stack) => functionIn(stack, [model('amazon.nova-canvas-v1:0')]), { imagesPerMonth: 100, resolution: '1024x1024' },
    ['Stack/Fn image amazon.nova-canvas-v1:0 us-east-1 4']],
  // 10 M x $0.03 + 1 M x $0.12
  ['a function that starts batch jobs', (stack) => functionIn(stack, [model(LITE)], ['bedrock:CreateModelInvocationJob']),
    { jobsPerMonth: 10, recordsPerJob: 1_000, inputTokensPerRecord: 1_000, outputTokensPerRecord: 100 }, [`Stack/Fn batch ${LITE} us-east-1 0.42`]],
  // 10 M x $0.035 + 10,000 x 200 tokens, the limit of the task: 2 M x $0.14
  ['a state machine', (stack) => machineIn(stack), { requestsPerMonth: 10_000, inputTokensPerRequest: 1_000 }, ['Stack/Machine on-demand amazon.nova-micro-v1:0 us-east-1 0.63']],
  // 2,000 text units: 2 K x ($0.15 content + $0.15 topics + $0.10 PII + $0.10 grounding)
  ['a guardrail', (stack) => guardrailIn(stack, {
    contentPolicyConfig: { filtersConfig: [{ type: 'HATE', inputStrength: 'HIGH', outputStrength: 'HIGH' }] },
    topicPolicyConfig: { topicsConfig: [{ name: 't', definition: 'd', type: 'DENY' }] },
    sensitiveInformationPolicyConfig: { piiEntitiesConfig: [{ type: 'EMAIL', action: 'BLOCK' }] },
    contextualGroundingPolicyConfig: { filtersConfig: [{ type: 'GROUNDING', threshold: 0.5 }] },
  }), { textsPerMonth: 1_000, charactersPerText: 1_500 }, ['Stack/Guardrail guardrail - us-east-1 1']],
  // 10,000 chunks of 500 tokens: 5 M x $0.02
  ['a knowledge base with vectors', (stack) => vectorsIn(stack), { requestsPerMonth: 10_000 }, [`Stack/Base on-demand ${TITAN} us-east-1 0.1`]],
  ['a data source, which is a part of its knowledge base', (stack) => vectorsIn(stack).node.scope!.node.findChild('Source') as Construct, { requestsPerMonth: 10_000 },
    [`Stack/Source on-demand ${TITAN} us-east-1 0.1`]],
  // 50 GB x $5 + 100 K x $1
  ['a managed knowledge base', (stack) => new CfnKnowledgeBase(stack, 'Base', { name: 'k', roleArn: ROLE, knowledgeBaseConfiguration: { type: 'MANAGED' } }),
    { indexedGigabytes: 50, retrievalsPerMonth: 100_000 }, ['Stack/Base knowledge-base - us-east-1 350']],
  // 1,000 K x $0.035
  ['a flow', (stack) => flowIn(stack), { nodeTransitionsPerMonth: 1_000_000 }, ['Stack/Flow flow - us-east-1 35']],
  ['the models of a flow', (stack) => flowIn(stack), { requestsPerMonth: 10_000, inputTokensPerRequest: 1_000 }, [`Stack/Flow on-demand ${LITE} us-east-1 0.72`]],
  // The tokens: 10 M x $0.06 + 0.5 M x $0.24
  ['a flow with its models', (stack) => flowIn(stack), { nodeTransitionsPerMonth: 1_000_000, requestsPerMonth: 10_000, inputTokensPerRequest: 1_000 },
    ['Stack/Flow flow - us-east-1 35', `Stack/Flow/on-demand on-demand ${LITE} us-east-1 0.72`]],
  ['a construct with one use below it', (stack) => {
    const service = new Construct(stack, 'Service');
    functionIn(service, [model(LITE)]);
    return service;
  }, TRAFFIC, [`Stack/Service on-demand ${LITE} us-east-1 0.84`]],
  ['an L1 of an L2', (stack) => functionIn(stack, [model(LITE)]).node.defaultChild as Construct, TRAFFIC, [`Stack/Fn/Resource on-demand ${LITE} us-east-1 0.84`]],
  ['a role', (stack) => {
    const role = new Role(stack, 'Role', { assumedBy: new ServicePrincipal('ecs-tasks.amazonaws.com') });
    role.addToPolicy(new PolicyStatement({ actions: ['bedrock:InvokeModel'], resources: [model(LITE)] }));
    return role;
  }, TRAFFIC, [`Stack/Role on-demand ${LITE} us-east-1 0.84`]],
])('%s costs its published price', (_, build, usage, expected) => {
  const stack = stackIn();
  CostEstimates.of(stack).addFor(build(stack), usage);
  expect(priced(stack)).toEqual(expected);
});

test('the estimate is unknown until synthesis, and the sum of the parts of a flow after it', () => {
  const stack = stackIn();
  const usage = { nodeTransitionsPerMonth: 1_000_000, requestsPerMonth: 10_000, inputTokensPerRequest: 1_000 };
  const estimate = CostEstimates.of(stack).addFor(flowIn(stack), usage);
  expect(estimate.monthlyUsd).toBeUndefined();
  expect(estimate.missingPrices[0].description).toBe('no price for the use of Stack/Flow: its template is complete at synthesis only');
  rootOf(stack).synth();
  // $35 + $0.72
  expect(estimate.monthlyUsd).toBe(35.72);
  expect(estimate.assumptions).toContain('outputTokensPerRequest is left out: 50 is taken, the most that the requests allow (max_tokens)');
});

test('prices may be configured after it', () => {
  const stack = stackIn();
  CostEstimates.of(stack).addFor(agentIn(stack), TRAFFIC);
  PriceSettings.of(stack).configure({ discountPercent: 50 });
  expect(priced(stack)).toEqual([`Stack/Agent on-demand ${NOVA} us-east-1 5.6`]);
});

test('Lazy props, later permissions and Aspects are read as the template has them, also with a budget that has alarms', () => {
  const stack = stackIn();
  let name = 'amazon.nova-micro-v1:0';
  const estimates = CostEstimates.of(stack);
  estimates.addFor(agentIn(stack, Lazy.string({ produce: () => name }), 'Lazy'), TRAFFIC);
  const fn = new LambdaFunction(stack, 'Fn', { runtime: Runtime.NODEJS_22_X, handler: 'index.handler', code: Code.fromInline('exports.handler = () => {}') });
  estimates.addFor(fn, TRAFFIC);
  const changed = agentIn(stack, NOVA, 'Changed');
  estimates.addFor(changed, TRAFFIC);
  new ApplicationInferenceProfile(stack, 'Profile', { model: BedrockModel.of(NOVA), usage: TRAFFIC });
  const budget = new CostBudget(stack, 'Budget', { monthlyLimitUsd: 10_000 });
  fn.addToRolePolicy(new PolicyStatement({ actions: ['bedrock:InvokeModel'], resources: [model(LITE)] }));
  name = LITE;
  Aspects.of(stack).add({ visit: (node) => { if (node === changed) changed.foundationModel = LITE; } });
  expect(priced(stack)).toEqual([
    ...['Lazy', 'Fn', 'Changed'].map((id) => `Stack/${id} on-demand ${LITE} us-east-1 0.84`), `Stack/Profile on-demand ${NOVA} us-east-1 11.2`,
  ]);
  // Nothing is wrong with it.
  expect(buildReport(rootOf(stack)).findings.filter(({ severity }) => severity !== 'info')).toEqual([]);
  // 3 x $0.84 + $11.20
  expect(buildReport(rootOf(stack)).budgets).toMatchObject([{ path: budget.node.path, estimatedUsd: '13.72' }]);
});

test('the template of the app stays the same', () => {
  const build = (isPriced: boolean) => {
    const stack = stackIn();
    const fn = functionIn(stack, [model(LITE)]);
    if (isPriced) CostEstimates.of(stack).addFor(fn, TRAFFIC);
    fn.addLayers(LayerVersion.fromLayerVersionArn(stack, 'Layer', 'arn:aws:lambda:us-east-1:111122223333:layer:l:1'));
    return rootOf(stack).synth().getStackByName('Stack').template;
  };
  expect(build(true)).toEqual(build(false));
});

test('a construct of a nested stack has the model that the parent passes, and one of a stage its region', () => {
  const stack = stackIn();
  const nested = new NestedStack(stack, 'Nested', { parameters: { Model: LITE } });
  CostEstimates.of(nested).addFor(agentIn(nested, new CfnParameter(nested, 'Model').valueAsString), TRAFFIC);
  const inStage = new Stack(new Stage(rootOf(stack), 'Prod'), 'Chat', { env: { region: 'us-west-2', account: '111122223333' } });
  CostEstimates.of(inStage).addFor(agentIn(inStage), TRAFFIC);
  expect(priced(stack).sort()).toEqual([`Prod/Chat/Agent on-demand ${NOVA} us-west-2 11.2`, `Stack/Nested/Agent on-demand ${LITE} us-east-1 0.84`]);
});

test.each<[string, (stack: Stack) => Construct, ConstructUsage, RegExp]>([
  ['a construct without a use', (stack) => new Bucket(stack, 'It'), TRAFFIC,
    /construct must use Amazon Bedrock, got a construct of the type AWS::S3::Bucket\. Pass the agent, .*, such as addOnDemand\./],
  ['a construct without resources', (stack) => new Construct(stack, 'It'), TRAFFIC, /construct must use Amazon Bedrock, got a construct without resources\./],
  ['a use that is free', (stack) => new CfnPrompt(stack, 'It', { name: 'p' }), TRAFFIC, /construct must have a use with a price, got a construct of the type AWS::Bedrock::Prompt, whose use \(prompt\) is free\./],
  ['a use that no price book covers', (stack) => functionIn(stack, ['*'], ['bedrock:InvokeDataAutomationAsync']), TRAFFIC, /whose use \(data-automation\) no price book covers\./],
  ['a purchase', (stack) => functionIn(stack, [model(LITE)], ['bedrock:CreateProvisionedModelThroughput']), {},
    /construct must have a price by volumes, got a use that needs modelUnits \(provisioned throughput\)\. Add it with the method of CostEstimates for its billing mode\./],
  ['a guardrail whose policies are free', (stack) => guardrailIn(stack, { wordPolicyConfig: { wordsConfig: [{ text: 'x' }] } }), { textsPerMonth: 1, charactersPerText: 1 },
    /construct must have a price by volumes, got a use that needs policies \(guardrail\)\./],
  ['a model that the template does not name', (stack) => functionIn(stack, ['*']), TRAFFIC, /model is required\. Set the id of the model, .*which the template of the construct does not name\./],
  ['another model', (stack) => agentIn(stack), { ...TRAFFIC, model: LITE }, /model must be one of us\.amazon\.nova-pro-v1:0, as the construct has it, got "amazon\.nova-lite-v1:0"\./],
  ['a model for a guardrail', (stack) => guardrailIn(stack, { topicPolicyConfig: { topicsConfig: [] } }), { textsPerMonth: 1, model: LITE } as ConstructUsage,
    /model must be left out, since no model is part of the price \(guardrail\)\./],
  ['several models', (stack) => functionIn(stack, [model(LITE), model('amazon.nova-pro-v1:0')]), TRAFFIC,
    /model is required\. Set one of amazon\.nova-lite-v1:0, amazon\.nova-pro-v1:0\. Add the others with CostEstimates\.of\(construct\)\.addOnDemand\./],
  ['several uses', (stack) => {
    const service = new Construct(stack, 'Service');
    functionIn(service, [model(LITE)], undefined, 'A');
    functionIn(service, [model(LITE)], undefined, 'B');
    return service;
  }, TRAFFIC, /construct must have one use of Amazon Bedrock, got Stack\/Service\/A\/Resource \(model-invocation\), Stack\/Service\/B\/Resource \(model-invocation\)\. Pass the construct of one of them/],
  ['a field of another billing mode', (stack) => agentIn(stack), { ...TRAFFIC, retrievalsPerMonth: 1 }, /retrievalsPerMonth is not a known field\./],
  ['transitions of an agent', (stack) => agentIn(stack), { nodeTransitionsPerMonth: 1 }, /nodeTransitionsPerMonth is not a known field\./],
  ['a missing volume', (stack) => agentIn(stack), { inputTokensPerRequest: 1 }, /requestsPerMonth is required\. Set a number of 0 or more\./],
  ['a field that no construct has', (stack) => agentIn(stack), { ...TRAFFIC, region: 'us-east-1' } as ConstructUsage, /region is not a known field\./],
  ['a value of another type', (stack) => agentIn(stack), { ...TRAFFIC, requestsPerMonth: '5' as unknown as number }, /usage\.requestsPerMonth must be a number of 0 or more, got "5"\./],
])('fails for %s', (_, build, usage, message) => {
  const stack = stackIn();
  CostEstimates.of(stack).addFor(build(stack), usage);
  expect(() => rootOf(stack).synth()).toThrow(message);
});

test('fails for a construct that is priced already, or that is no construct of the scope', () => {
  const stack = stackIn();
  const agent = agentIn(stack);
  const profile = new ApplicationInferenceProfile(stack, 'Profile', { model: BedrockModel.of(NOVA), usage: TRAFFIC });
  const estimates = CostEstimates.of(stack);
  estimates.addFor(agent, TRAFFIC);
  expect(() => estimates.addFor(agent, TRAFFIC)).toThrow('Stack: CostEstimates.id must not be that of a priced construct or of another estimate, got "Agent"');
  expect(() => estimates.addFor(profile, TRAFFIC)).toThrow('got "Profile"');
  expect(() => estimates.addFor(stack, TRAFFIC)).toThrow('Stack: CostEstimates.addFor.construct must be a construct of a stack in the scope, got Stack.');
  expect(() => estimates.addFor(agentIn(new Stack(rootOf(stack), 'Other')), TRAFFIC)).toThrow('must be a construct of a stack in the scope, got Other/Agent.');
});

test('a construct that is removed takes its estimate with it', () => {
  const stack = stackIn();
  CostEstimates.of(stack).addFor(agentIn(stack), TRAFFIC);
  stack.node.tryRemoveChild('Agent');
  expect(priced(stack)).toEqual([]);
});

test('a usage file changes the volumes, and a limit of the template that it states is no assumption', () => {
  const file = join(mkdtempSync(join(tmpdir(), 'usage-')), 'usage.yaml');
  writeFileSync(file, 'version: 1\nworkloads:\n  - { name: Stack/Machine, requestsPerMonth: 20000, outputTokensPerRequest: 100 }\n');
  const stack = stackIn({ 'cdk-bedrock-cost:usage': file });
  const estimate = CostEstimates.of(stack).addFor(machineIn(stack), { requestsPerMonth: 1, inputTokensPerRequest: 1_000 });
  // 20 M x $0.035 + 2 M x $0.14
  expect(priced(stack)).toEqual(['Stack/Machine on-demand amazon.nova-micro-v1:0 us-east-1 0.98']);
  expect(estimate.assumptions.filter((text) => text.startsWith('outputTokensPerRequest'))).toEqual([]);
});

test('volumes that are known only at deployment leave the cost unknown', () => {
  const stack = stackIn();
  CostEstimates.of(stack).addFor(agentIn(stack), { ...TRAFFIC, requestsPerMonth: new CfnParameter(stack, 'Requests', { type: 'Number' }).valueAsNumber });
  const app = rootOf(stack);
  app.synth();
  expect(buildReport(app).resources).toMatchObject([{ path: 'Stack/Agent', model: NOVA, monthlyUsd: null, unresolvedUsage: ['requestsPerMonth'] }]);
});
