import { mkdtempSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { Annotations as Annotations_, App, Aspects, Aws, CfnParameter, CfnResource, Fn, Lazy, Stack, Stage, Tags } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { FoundationModel, FoundationModelIdentifier } from 'aws-cdk-lib/aws-bedrock';
import { CostBudget } from '../../src/budgets/cost-budget';
import { BudgetEnforcement } from '../../src/budgets/cost-budget-props';
import { parseReport } from '../../src/cost-report/parse-report';
import { ApplicationInferenceProfile } from '../../src/inference/application-inference-profile';
import { BedrockModel } from '../../src/inference/bedrock-model';
import { GuardrailWorkload } from '../../src/pricing/billing-modes/guardrail';
import { OnDemandUsage } from '../../src/pricing/billing-modes/on-demand';
import { CostEstimate } from '../../src/pricing/estimate';
import { CommitmentDuration, RateKind, RateUnit } from '../../src/pricing/price-book/rate';
import { CostEstimates } from '../../src/registration/cost-estimates';
import { PriceSettings } from '../../src/registration/price-settings';
import { buildReport } from '../../src/synth-output/build-report';

const env = { region: 'us-west-2', account: '111122223333' };
const stackIn = (context: { [key: string]: unknown } = {}, props: object = { env }) => new Stack(new App({ context }), 'Stack', props);
// Claude Sonnet 4.6 through us., us-west-2: 200 million tokens in at $3.30 = $660.00 a month
const USAGE = { model: 'us.anthropic.claude-sonnet-4-6', requestsPerMonth: 100_000, inputTokensPerRequest: 2_000 };
const add = (stack: Stack, usage: object = {}) => CostEstimates.of(stack).addOnDemand('Traffic', { ...USAGE, ...usage });
const file = (content: string, name = 'usage.yaml') => {
  const path = join(mkdtempSync(join(tmpdir(), 'estimates-')), name);
  writeFileSync(path, content);
  return path;
};

describe('the id of an estimate', () => {
  const agent = (stack: Stack) => new CfnResource(stack, 'Agent', { type: 'AWS::Bedrock::Agent' });
  const addAgent = (stack: Stack) => CostEstimates.of(stack).addOnDemand('Agent', USAGE);
  const TAKEN = 'Stack: CostEstimates.id must not be that of a priced construct or of another estimate, got "Agent". Use another id.';

  test('may be that of a construct that exists already: the estimate is its cost, and nothing else of it changes', () => {
    const stack = stackIn();
    const existing = agent(stack);
    Annotations_.of(existing).addWarningV2('mine', 'a warning of the app');
    addAgent(stack);
    new CostBudget(stack, 'Budget', { monthlyLimitUsd: 1_000 });
    Tags.of(stack.node.root).add('team', 'search');
    const visited: string[] = [];
    Aspects.of(stack).add({ visit: ({ node }) => void visited.push(node.path) });
    const template = Template.fromStack(stack);
    expect(buildReport(stack.node.root).resources).toMatchObject([{ path: 'Stack/Agent', monthlyUsd: '660' }]);
    template.hasResource('AWS::Bedrock::Agent', { Properties: Match.absent() });
    expect(visited.filter((path) => path === 'Stack/Agent')).toHaveLength(1);
    Annotations.fromStack(stack).hasWarning('/Stack/Agent', Match.stringLikeRegexp('a warning of the app'));
  });

  test('may be that of a construct that the app creates later, in an Aspect as well: the estimate is its cost, and it keeps its annotations', () => {
    for (const isInAspect of [false, true]) {
      const stack = stackIn();
      addAgent(stack);
      Annotations_.of(stack.node.findAll().find(({ node }) => node.path === 'Stack/Agent')!).addWarningV2('before', 'a warning of the estimate');
      const create = () => Annotations_.of(agent(stack)).addWarningV2('mine', 'a warning of the app');
      if (isInAspect) Aspects.of(stack).add({ visit: (node) => void (node === stack && create()) });
      else create();
      const { metadata } = (stack.node.root as App).synth().getStackByName('Stack');
      const texts = Object.values(metadata).flat().map(({ data }) => String(data));
      expect(texts.filter((text) => /a warning of/.test(text))).toHaveLength(2);
      expect(metadata['/Stack/Agent'].map(({ type }) => type)).toEqual(expect.arrayContaining(['aws:cdk:warning', 'cdk-bedrock-cost:estimate']));
      expect(buildReport(stack.node.root).resources).toMatchObject([{ path: 'Stack/Agent', monthlyUsd: '660' }]);
    }
  });

  test('fails at synthesis where a construct with it is priced later', () => {
    const stack = stackIn();
    addAgent(stack);
    new ApplicationInferenceProfile(stack, 'Agent', { model: BedrockModel.of(USAGE.model), usage: { requestsPerMonth: 1, inputTokensPerRequest: 1 } });
    expect(() => (stack.node.root as App).synth()).toThrow(TAKEN);
  });

  test('may be that of a stack or stage of the same scope: the estimate is one of the scope', () => {
    for (const isFirst of [true, false]) {
      const stack = stackIn();
      if (isFirst) addAgent(stack);
      new Stage(stack, 'Stage');
      new Stack(stack, 'Agent', { env: { ...env, region: 'eu-central-1' } });
      CostEstimates.of(stack).addOnDemand('Stage', USAGE);
      if (!isFirst) addAgent(stack);
      expect(buildReport(stack.node.root).resources.map(({ path, region }) => [path, region]).sort()).toEqual([['Stack/Agent', 'us-west-2'], ['Stack/Stage', 'us-west-2']]);
    }
  });

  test('stays the estimate of the scope when a construct that was created later is removed, whether its cost was read or not', () => {
    for (const isRead of [true, false]) {
      const stack = stackIn();
      addAgent(stack);
      agent(stack);
      if (isRead) CostEstimates.of(stack).total();
      stack.node.tryRemoveChild('Agent');
      expect(CostEstimates.of(stack).total().monthlyUsd).toBe(660);
    }
  });

  test('follows the construct that takes the place of another', () => {
    const stack = stackIn();
    agent(stack);
    addAgent(stack);
    stack.node.tryRemoveChild('Agent');
    agent(stack);
    expect(CostEstimates.of(stack).total().monthlyUsd).toBe(660);
  });

  test('fails after a synthesis, which it would not be part of', () => {
    const stack = stackIn();
    agent(stack);
    new CostBudget(stack, 'Budget', { monthlyLimitUsd: 1, enforcement: BudgetEnforcement.BLOCK });
    Template.fromStack(stack);
    addAgent(stack);
    expect(() => Template.fromStack(stack)).toThrow();
  });

  test('is removed with the construct', () => {
    const stack = stackIn();
    agent(stack);
    addAgent(stack);
    stack.node.tryRemoveChild('Agent');
    expect(CostEstimates.of(stack).total().monthlyUsd).toBe(0);
  });

  test('is the path by which messages, metadata and a usage file name the estimate', () => {
    const path = file('version: 1\nworkloads: [{ name: Stack/Agent, requestsPerMonth: 200000 }]');
    const stack = stackIn({ 'cdk-bedrock-cost:usage': path });
    expect(addAgent(stack).monthlyUsd).toBe(1_320);
    CostEstimates.of(stack).addOnDemand('Unknown', { ...USAGE, model: 'example.unknown' });
    Annotations.fromStack(stack).hasWarning('/Stack/Unknown', Match.stringLikeRegexp('The cost is unknown, not \\$0'));
    expect(Object.keys((stack.node.root as App).synth().getStackByName('Stack').metadata)).toContain('/Stack/Agent');
  });

  test('holds its slashes as a path does', () => {
    const stack = stackIn();
    CostEstimates.of(stack).addOnDemand('Chat/Traffic', USAGE);
    expect(buildReport(stack.node.root).resources).toMatchObject([{ path: 'Stack/Chat--Traffic' }]);
  });

  test('fails where another estimate of the scope has it', () => {
    const stack = stackIn();
    addAgent(stack);
    expect(() => addAgent(stack)).toThrow(TAKEN);
  });

  test('fails where it is that of a construct that is priced itself, since that would count twice', () => {
    const stack = stackIn();
    new ApplicationInferenceProfile(stack, 'Agent', { model: BedrockModel.of(USAGE.model), usage: { requestsPerMonth: 1, inputTokensPerRequest: 1 } });
    expect(() => addAgent(stack)).toThrow(TAKEN);
  });
});

// One struct that an app fills for each construct: the prices are read at synthesis, when it has the values of the last one.
test.each<[string, (stack: Stack, usage: { requestsPerMonth: number; inputTokensPerRequest: number }) => void]>([
  ['a profile', (stack, usage) => void new ApplicationInferenceProfile(stack, 'Chat', { model: BedrockModel.of(USAGE.model), usage, highUsage: usage })],
  ['an estimate', (stack, usage) => void CostEstimates.of(stack).addOnDemand('Chat', Object.assign(usage, { model: USAGE.model }))],
])('%s has the usage of its creation, also when the app changes the struct later', (_, create) => {
  const stack = stackIn();
  const usage = { requestsPerMonth: 100_000, inputTokensPerRequest: 2_000 };
  create(stack, usage);
  usage.requestsPerMonth = 1;
  expect(buildReport(stack.node.root).totals).toMatchObject({ monthlyUsd: '660' });
});

// 100,000 x (2,000 at $3.30 + 500 at $16.50 a million) = $1,485
test.each<[string, (stack: Stack, usage: OnDemandUsage) => void]>([
  ['a profile', (stack, usage) => void new ApplicationInferenceProfile(stack, 'Chat', { model: BedrockModel.of(USAGE.model), usage })],
  ['an estimate', (stack, usage) => void CostEstimates.of(stack).addOnDemand('Chat', Object.assign(usage, { model: USAGE.model }))],
])('%s reads the fields of an object of a class, with its getters, and keeps those of the call', (_, create) => {
  class Inherited {
    public get outputTokensPerRequest() { return 500; }
  }
  class Usage extends Inherited {
    public requestsPerMonth = 100_000;
    public readonly inputTokensPerRequest = 2_000;
  }
  const stack = stackIn();
  const usage = new Usage();
  create(stack, usage);
  usage.requestsPerMonth = 1;
  expect(buildReport(stack.node.root).totals).toMatchObject({ monthlyUsd: '1485' });
});

test('lists of usage and of price settings are those of the call', () => {
  const stack = stackIn();
  const [policies, discounts] = [['content-text'], [{ percent: 50 }]];
  // 1,000 text units x $0.15 per 1,000 x 50 %
  CostEstimates.of(stack).addGuardrail('Guard', { policies, textsPerMonth: 1_000, charactersPerText: 1_000 });
  PriceSettings.of(stack).configure({ discounts });
  policies[0] = 'sensitive-information';
  discounts[0].percent = 90;
  expect(CostEstimates.of(stack).total().monthlyUsd).toBe(0.075);
});

test.each([['the first', 0], ['the second', 1]])('fails for a setting of the context of %s stack only', (_, place) => {
  const app = new App();
  const stacks = ['A', 'B'].map((id) => new Stack(app, id, { env }));
  stacks[place].node.setContext('cdk-bedrock-cost:hoursPerMonth', 'abc');
  stacks.forEach((stack) => add(stack));
  expect(() => app.synth()).toThrow(/bedrock-cost-invalid-input: context 'cdk-bedrock-cost:hoursPerMonth'/);
});

const ARN = 'arn:aws:bedrock:us-west-2::foundation-model/amazon.nova-pro-v1:0';
// 1,000 x 2,000 tokens = 2 million at $0.80
const NOVA_USAGE = { requestsPerMonth: 1_000, inputTokensPerRequest: 2_000 };
test.each<[string, (stack: Stack) => string]>([
  ['the id', () => 'amazon.nova-pro-v1:0'],
  ['a literal ARN', () => ARN],
  ['the ARN of a FoundationModel', (stack) => FoundationModel.fromFoundationModelId(stack, 'Model', new FoundationModelIdentifier('amazon.nova-pro-v1:0')).modelArn],
  ['a Fn::Join', () => Fn.join('', ['arn:', Aws.PARTITION, ':bedrock:', Aws.REGION, '::foundation-model/amazon.nova-pro-v1:0'])],
  ['a Fn::Sub', () => Fn.sub('arn:${AWS::Partition}:bedrock:${AWS::Region}::foundation-model/amazon.nova-pro-v1:0')],
  ['a Lazy ARN', () => Lazy.string({ produce: () => ARN })],
  ['a Lazy id', () => Lazy.string({ produce: () => 'amazon.nova-pro-v1:0' })],
])('%s names one model, in an estimate and in a construct', (_, model) => {
  const stack = stackIn();
  CostEstimates.of(stack).addOnDemand('Traffic', { model: model(stack), ...NOVA_USAGE });
  new ApplicationInferenceProfile(stack, 'Chat', { model: BedrockModel.of(model(new Stack(stack.node.root as App, 'Other', { env }))), usage: NOVA_USAGE });
  const template = Template.fromStack(stack);
  expect(buildReport(stack.node.root).resources.map(({ model: id, monthlyUsd }) => [id, monthlyUsd])).toEqual([['amazon.nova-pro-v1:0', '1.6'], ['amazon.nova-pro-v1:0', '1.6']]);
  const [{ Properties }] = Object.values(template.findResources('AWS::Bedrock::ApplicationInferenceProfile'));
  const copyFrom = JSON.stringify(Properties.ModelSource.CopyFrom);
  expect(copyFrom.match(/arn:/g)).toHaveLength(1);
  expect(copyFrom).toMatch(/::foundation-model\/amazon\.nova-pro-v1:0/);
});

describe('an estimate of resources that are not ours', () => {
  test('counts in the total of its stack and of the app', () => {
    const stack = stackIn();
    expect(add(stack).monthlyUsd).toBe(660);
    expect(CostEstimates.of(stack).total().monthlyUsd).toBe(660);
    expect(CostEstimates.of(stack.node.root).total().monthlyUsd).toBe(660);
    expect(CostEstimates.of(new Stack(stack.node.root as App, 'Other')).total().monthlyUsd).toBe(0);
  });

  test('a total with an unknown part is unknown', () => {
    const stack = stackIn();
    add(stack);
    CostEstimates.of(stack).addOnDemand('Other', { ...USAGE, model: 'example.unknown' });
    const total = CostEstimates.of(stack).total();
    expect(total.monthlyUsd).toBeUndefined();
    expect(total.knownMonthlyUsd).toBe(660);
  });

  test('changes no template', () => {
    const stack = stackIn();
    const before = Template.fromStack(stackIn()).toJSON();
    add(stack);
    expect(Template.fromStack(stack).toJSON()).toEqual(before);
  });

  test('of batch and provisioned throughput is priced by their own rates', () => {
    const stack = stackIn();
    // 300 x $0.40 + 30 x $1.60
    expect(CostEstimates.of(stack).addBatch('Batch', { model: 'us.amazon.nova-pro-v1:0', jobsPerMonth: 30, recordsPerJob: 1000, inputTokensPerRecord: 10_000, outputTokensPerRecord: 1000 }).monthlyUsd).toBe(168);
    // 1 x $21.18 x 730, bought already: nothing to confirm
    expect(CostEstimates.of(stack).addProvisioned('Units', { model: 'meta.llama3-1-70b-instruct-v1:0', modelUnits: 1, commitmentDuration: CommitmentDuration.ONE_MONTH }).commitmentUsd).toBe(15461.4);
    expect(CostEstimates.of(stack).total().commitmentUsd).toBe(15461.4);
  });

  // Each worked out from AWS's published price.
  interface Amounts { readonly monthly: number; readonly once?: number; readonly commitment?: number }
  test.each<[string, keyof CostEstimates, object, string | null, Amounts]>([
    // 100 x $0.198 x 730 + 10 x $0.99 x 730, for one month
    ['reserved', 'addReserved', { model: 'us.anthropic.claude-sonnet-4-5-20250929-v1:0', inputTokensPerMinute: 100_000, outputTokensPerMinute: 10_000, termMonths: 1 }, 'us.anthropic.claude-sonnet-4-5-20250929-v1:0', { monthly: 21_681, commitment: 21_681 }],
    // 10 million tokens x 3 epochs x $7.99; $1.95 for a stored model
    ['customization', 'addCustomization', { model: 'meta.llama3-1-70b-instruct-v1:0', region: 'us-west-2', trainingTokens: 10_000_000, epochs: 3, storedModels: 1 }, 'meta.llama3-1-70b-instruct-v1:0', { monthly: 1.95, once: 239.7 }],
    // 2 units x 12 windows x 5 minutes x $0.05718, and 2 x $1.95 of storage
    ['custom-model-import', 'addCustomModelImport', { customModelUnits: 2, customModelUnitVersion: '1.0', copies: 1, activeWindowsPerMonth: 12 }, null, { monthly: 10.7616 }],
    // 1,000 x $0.04
    ['image', 'addImage', { model: 'amazon.nova-canvas-v1:0', imagesPerMonth: 1_000, resolution: '1024x1024', quality: 'standard' }, 'amazon.nova-canvas-v1:0', { monthly: 40 }],
    // 600 x $0.08
    ['video', 'addVideo', { model: 'amazon.nova-reel-v1:0', secondsPerMonth: 600, resolution: '720p' }, 'amazon.nova-reel-v1:0', { monthly: 48 }],
    // 1 million x $3.40, 1 million x $13.60
    ['speech', 'addSpeech', { model: 'amazon.nova-sonic-v1:0', inputSpeechTokensPerMonth: 1_000_000, outputSpeechTokensPerMonth: 1_000_000, inputTokensPerMonth: 0, outputTokensPerMonth: 0 }, 'amazon.nova-sonic-v1:0', { monthly: 17 }],
    // 350 documents are 4 queries: 4,000 x $2.00 per 1,000
    ['rerank', 'addRerank', { model: 'cohere.rerank-v3-5:0', queriesPerMonth: 1_000, documentsPerQuery: 350 }, 'cohere.rerank-v3-5:0', { monthly: 8 }],
    // 5,600 characters are 6 text units: 6,000 x $0.15 per 1,000
    ['guardrail', 'addGuardrail', { policies: ['content-text'], textsPerMonth: 1_000, charactersPerText: 5_600 }, null, { monthly: 0.9 }],
    // 50 GB x $5.00, 100,000 x $1.00 per 1,000
    ['knowledge-base', 'addKnowledgeBase', { indexedGigabytes: 50, retrievalsPerMonth: 100_000 }, null, { monthly: 350 }],
    // 1,000 x $0.035 per 1,000
    ['flow', 'addFlow', { nodeTransitionsPerMonth: 1_000_000 }, null, { monthly: 35 }],
    // 1,000 x $30.00 per 1,000
    ['web-grounding', 'addWebGrounding', { model: 'us.amazon.nova-premier-v1:0', requestsPerMonth: 1_000 }, 'us.amazon.nova-premier-v1:0', { monthly: 30 }],
    // 50 x $0.21
    ['evaluation', 'addEvaluation', { humanTasks: 50 }, null, { monthly: 10.5 }],
  ])('of %s is priced, reported and covered by a budget', (type, method, usage, model, { monthly, once = 0, commitment = 0 }) => {
    const stack = stackIn({}, { env: { ...env, region: 'us-east-1' } });
    new CostBudget(stack, 'Budget', { monthlyLimitUsd: 100_000 });
    const estimate = (CostEstimates.of(stack)[method] as (id: string, usage: object) => CostEstimate)('Added', usage);
    expect(estimate).toMatchObject({ monthlyUsd: monthly, oneTimeUsd: once, commitmentUsd: commitment });
    const report = buildReport(stack.node.root);
    expect(report.resources).toMatchObject([{ path: 'Stack/Added', type, model, monthlyUsd: String(monthly), commitment: commitment === 0 ? null : { months: 1, usd: String(commitment) } }]);
    expect(report.budgets).toMatchObject([{ estimatedUsd: String(monthly), status: 'ok' }]);
    expect(parseReport(JSON.stringify(report))).toEqual({ report });
  });

  test('draws one INFO where the app asks for details, and no warning', () => {
    const stack = stackIn({ 'cdk-bedrock-cost:details': true });
    add(stack);
    Annotations.fromStack(stack).hasInfo('/Stack/Traffic', Match.stringLikeRegexp('^\\$660\\.00 a month: us\\.anthropic\\.claude-sonnet-4-6, on demand in us-west-2'));
    expect(Annotations.fromStack(stack).findWarning('*', Match.anyValue())).toEqual([]);
  });

  test('draws nothing without details, and carries the estimate as metadata', () => {
    const stack = stackIn();
    add(stack);
    expect(Annotations.fromStack(stack).findInfo('*', Match.anyValue())).toEqual([]);
    const [{ data }] = stack.node.findAll().find(({ node }) => node.path === 'Stack/Traffic')!.node.metadata.filter(({ type }) => type === 'cdk-bedrock-cost:estimate');
    // 660.00 for 100,000 requests: 6.60 per 1,000
    expect(data).toEqual({
      type: 'on-demand',
      model: 'us.anthropic.claude-sonnet-4-6',
      region: 'us-west-2',
      monthlyUsd: '660',
      knownMonthlyUsd: '660',
      oneTimeUsd: '0',
      commitmentUsd: '0',
      otherServicesMonthlyUsd: '0',
      unitCosts: [{ unit: '1,000 requests', usd: '6.6' }],
    });
  });

  test.each([['cdk-bedrock-cost:details', 'yes'], ['cdk-bedrock-cost:summary', 'quiet']])('refuses the context key %s with the value %s', (key, value) => {
    const stack = stackIn({ [key]: value });
    add(stack);
    const problems = stack.node.root.node.findAll().flatMap(({ node }) => node.validate());
    expect(problems).toEqual([expect.stringContaining(`${key}'`)]);
    expect(problems[0]).toContain(JSON.stringify(value));
  });
});

describe('unknown costs', () => {
  const warning = (stack: Stack) => Annotations.fromStack(stack).findWarning('*', Match.anyValue()).map(({ entry }) => String(entry.data));

  test('a stack without region: one warning that names the context key', () => {
    const stack = stackIn({}, {});
    expect(add(stack).monthlyUsd).toBeUndefined();
    expect(warning(stack)).toEqual([expect.stringMatching(/bedrock-cost-unknown-region|cdk-bedrock-cost:region/)]);
  });

  test('the region of the context prices it', () => {
    expect(add(stackIn({ 'cdk-bedrock-cost:region': 'us-west-2' }, {})).monthlyUsd).toBe(660);
  });

  test("the stack's own region wins over the context", () => {
    expect(add(stackIn({ 'cdk-bedrock-cost:region': 'nowhere-1' })).monthlyUsd).toBe(660);
  });

  test('a token: one warning that names the field', () => {
    const stack = stackIn();
    const estimate = add(stack, { requestsPerMonth: new CfnParameter(stack, 'Requests', { type: 'Number' }).valueAsNumber });
    expect(estimate.monthlyUsd).toBeUndefined();
    expect(warning(stack)).toEqual([expect.stringContaining('requestsPerMonth is a token')]);
  });

  // Guardrails: 1,000 texts of one unit at $0.15 per 1,000 units of content filters
  test.each<[string, (stack: Stack) => string, number | undefined]>([
    ['Lazy is resolved at synthesis', () => Lazy.string({ produce: () => 'content-text' }), 0.15],
    ['that only the deployment knows: one warning that names the field', (stack) => new CfnParameter(stack, 'Policy').valueAsString, undefined],
  ])('a token within a list: one %s', (_, policyOf, monthlyUsd) => {
    const stack = stackIn();
    const policies = [policyOf(stack)] as GuardrailWorkload['policies'];
    const estimate = CostEstimates.of(stack).addGuardrail('Guard', { policies, textsPerMonth: 1_000, charactersPerText: 1_000 });
    expect(warning(stack)).toEqual(monthlyUsd ? [] : [expect.stringContaining('policies is a token')]);
    expect(estimate.monthlyUsd).toBe(monthlyUsd);
  });

  test('a token in a slow month leaves only that end unknown', () => {
    const stack = stackIn();
    const { model, ...usage } = USAGE;
    new ApplicationInferenceProfile(stack, 'Chat', { model: BedrockModel.of(model), usage, lowUsage: { ...usage, requestsPerMonth: new CfnParameter(stack, 'Requests', { type: 'Number' }).valueAsNumber } });
    expect(buildReport(stack.node.root).totals).toMatchObject({ monthlyUsd: '660', lowMonthlyUsd: null, highMonthlyUsd: '660' });
  });

  test("a region that is a token, such as the stack's own, gives way to the context", () => {
    const stack = stackIn({ 'cdk-bedrock-cost:region': 'us-west-2' }, {});
    expect(add(stack, { region: stack.region }).monthlyUsd).toBe(660);
  });

  test('an unknown model: one warning with the nearest names', () => {
    const stack = stackIn();
    add(stack, { model: 'us.anthropic.claude-sonet-4-6' });
    expect(warning(stack)).toEqual([expect.stringContaining('The cost is unknown, not $0: no price for input tokens of us.anthropic.claude-sonet-4-6 (geo) in us-west-2. Did you mean us.anthropic.claude-sonnet-4-6? Check the model id and region, or give a rate of your own: PriceSettings.of(app).configure({ rates }), the prop hourlyPricePerModelUnitUsd, or prices in a usage file.')]);
    expect(warning(stack)[0].match(/Check the model id/g)).toHaveLength(1);
  });
});

describe('bad input', () => {
  test.each<[string, (estimates: CostEstimates) => unknown, string]>([
    ['on-demand use', (estimates) => estimates.addOnDemand('Traffic', undefined!), '{ model, requestsPerMonth, inputTokensPerRequest }'],
    ['a guardrail', (estimates) => estimates.addGuardrail('Traffic', undefined!), '{ policies, textsPerMonth }'],
    ['flows', (estimates) => estimates.addFlow('Traffic', undefined!), '{ nodeTransitionsPerMonth }'],
  ])('without usage fails, and shows the fields of %s', (_, addTo, example) => {
    const stack = stackIn();
    addTo(CostEstimates.of(stack));
    expect(() => Template.fromStack(stack)).toThrow(`usage is required. Set an object such as ${example}.`);
  });

  test.each([
    [{ requestsPerMonth: -1 }, 'requestsPerMonth must be a number of 0 or more, got -1.'],
    [{ inputTokensPerRequest: NaN }, 'inputTokensPerRequest must be a number of 0 or more, got NaN.'],
    [{ serviceTier: 'fast' }, 'serviceTier must be one of standard, flex, priority, ultrafast, got "fast".'],
  ])('fails at synth, with the path of the construct: %j', (usage, message) => {
    const stack = stackIn();
    expect(add(stack, usage).monthlyUsd).toBeUndefined();
    expect(() => Template.fromStack(stack)).toThrow(`[Stack/Traffic] bedrock-cost-invalid-input: ${message}`);
  });

  test.each([
    ['cdk-bedrock-cost:hoursPerMonth', -1], ['cdk-bedrock-cost:hoursPerMonth', 'many'], ['cdk-bedrock-cost:hoursPerMonth', true],
    ['cdk-bedrock-cost:hoursPerMonth', 0], ['cdk-bedrock-cost:hoursPerMonth', 7300], ['cdk-bedrock-cost:usage', 5],
    ['cdk-bedrock-cost:priceBook', 'nowhere.yaml'], ['cdk-bedrock-cost:usage', 'nowhere.yaml'],
  ])('fails at synth for the context %s=%s', (key, value) => {
    const stack = stackIn({ [key]: value });
    add(stack);
    expect(() => Template.fromStack(stack)).toThrow(/bedrock-cost-invalid-input: .*(must be .*, got |cannot be read: )/);
  });
});

describe('the usage file of the context', () => {
  const usage = (workload: string) => ({ 'cdk-bedrock-cost:usage': file(`version: 1\nworkloads:\n  - ${workload}\n`) });

  test('wins over the code, by construct path', () => {
    const stack = stackIn(usage('{ name: Stack/Traffic, type: on-demand, model: us.anthropic.claude-sonnet-4-6, requestsPerMonth: 1000, inputTokensPerRequest: 2000 }'));
    expect(add(stack).monthlyUsd).toBe(6.6);
  });

  test.each([
    ['{ name: Stack/Traffic, type: batch, model: us.anthropic.claude-sonnet-4-6, jobsPerMonth: 1, recordsPerJob: 100, inputTokensPerRecord: 1 }', 'type of workload'],
    ['{ name: Stack/Traffic, type: on-demand, model: amazon.nova-pro-v1:0, requestsPerMonth: 1, inputTokensPerRequest: 1 }', 'model of workload'],
  ])('fails when it means another thing than the construct', (workload, message) => {
    const stack = stackIn(usage(workload));
    add(stack);
    expect(() => Template.fromStack(stack)).toThrow(message);
  });

  test("has slow and busy months of its own: the code's do not go with its average", () => {
    const path = file('version: 1\nworkloads:\n  - name: Stack/Chat\n    type: on-demand\n    model: us.anthropic.claude-sonnet-4-6\n    requestsPerMonth: 1000\n    inputTokensPerRequest: 2000\n');
    const stack = stackIn({ 'cdk-bedrock-cost:usage': path });
    const { model: _, ...average } = USAGE;
    new ApplicationInferenceProfile(stack, 'Chat', {
      model: BedrockModel.of(USAGE.model), usage: average, lowUsage: average, highUsage: { ...average, requestsPerMonth: 1e6 },
    });
    expect(buildReport(stack.node.root).totals).toMatchObject({ monthlyUsd: '6.6', lowMonthlyUsd: '6.6', highMonthlyUsd: '6.6' });
  });

  test('gives the region where the stack has none, and may not contradict it', () => {
    const workload = '{ name: Stack/Traffic, type: on-demand, region: us-west-2, model: us.anthropic.claude-sonnet-4-6, requestsPerMonth: 1000, inputTokensPerRequest: 2000 }';
    expect(add(stackIn(usage(workload), {})).monthlyUsd).toBe(6.6);
    const elsewhere = stackIn(usage(workload), { env: { region: 'eu-west-1' } });
    add(elsewhere);
    expect(() => Template.fromStack(elsewhere)).toThrow('usage file: region of workload "Stack/Traffic" must be "eu-west-1", as the construct has it, got "us-west-2".');
  });

  test.each(['modelUnits: 3', 'modelUnits: 2, hoursPerMonth: 1', 'modelUnits: 2, low: { modelUnits: 1 }'])('fails when it contradicts a purchase: %s', (fields) => {
    const stack = stackIn(usage(`{ name: Stack/Units, type: provisioned-throughput, model: "meta.llama3-1-70b-instruct-v1:0", ${fields} }`));
    CostEstimates.of(stack).addProvisioned('Units', { model: 'meta.llama3-1-70b-instruct-v1:0', modelUnits: 2 });
    expect(() => Template.fromStack(stack)).toThrow(/usage file: (modelUnits of workload "Stack\/Units" must be 2, as the construct has it, got [13]|hoursPerMonth of workload "Stack\/Units" must be left out, since the construct does not set it, got 1)\./);
  });

  test('warns of a workload that no construct is named by', () => {
    const stack = stackIn(usage('{ name: Stack/Trafic, type: on-demand, model: us.anthropic.claude-sonnet-4-6, requestsPerMonth: 1000, inputTokensPerRequest: 2000 }'));
    add(stack);
    Annotations.fromStack(stack).hasWarning('*', Match.stringLikeRegexp('The usage file names Stack/Trafic, and no construct has this path \\(Did you mean Stack/Traffic\\?\\)'));
  });

  // 1,000 requests x 2,000 tokens of the code = 2 million x $3.30 = $6.60
  test.each([
    '{ name: Stack/Traffic, type: on-demand, requestsPerMonth: 1000 }',
    '{ name: Stack/Traffic, requestsPerMonth: 1000 }',
  ])('wins for the fields that it states alone: %s', (workload) => {
    expect(add(stackIn(usage(workload))).monthlyUsd).toBe(6.6);
  });

  test('keeps the slow month of the code, but for the fields that it states', () => {
    const stack = stackIn(usage('{ name: Stack/Chat, requestsPerMonth: 1000, high: { requestsPerMonth: 2000 } }'));
    new ApplicationInferenceProfile(stack, 'Chat', {
      model: BedrockModel.of(USAGE.model),
      usage: { requestsPerMonth: 5, inputTokensPerRequest: 2_000 },
      lowUsage: { requestsPerMonth: 1, inputTokensPerRequest: 1_000 },
    });
    // Low: 1,000 x 1,000 tokens = 1 million x $3.30; high: 2,000 x 2,000 tokens = 4 million x $3.30
    expect(buildReport(stack.node.root).totals).toMatchObject({ monthlyUsd: '6.6', lowMonthlyUsd: '3.3', highMonthlyUsd: '13.2' });
  });

  test.each([
    ['{ name: Stack/Traffic, requestsPerMont: 1000 }', /workloads\[0\]\.requestsPerMont is not a known field/],
    ['{ name: Stack/Traffic, requestsPerMonth: many }', /workloads\[0\]\.requestsPerMonth.*many/],
    ['{ name: Stack/Traffic, recordsPerJob: 100 }', /recordsPerJob/],
    ['{ requestsPerMonth: 1000 }', /workloads\[0\]\.name/],
  ])('refuses %s', (workload, message) => {
    const stack = stackIn(usage(workload));
    add(stack);
    expect(() => Template.fromStack(stack)).toThrow(message);
  });

  test('names a resource that has no estimate, and how to add one', () => {
    const stack = stackIn(usage('{ name: Stack/Agent, type: on-demand, model: amazon.nova-pro-v1:0, requestsPerMonth: 1, inputTokensPerRequest: 1 }'));
    new CfnResource(stack, 'Agent', { type: 'AWS::Bedrock::Agent' });
    add(stack);
    Annotations.fromStack(stack).hasWarning('*', Match.stringLikeRegexp(
      'Stack/Agent, which is a construct of the type AWS::Bedrock::Agent without an estimate \\(add one: CostEstimates.of\\(construct\\).addOnDemand\\(\'Usage\', ...\\), whose workload is Stack/Agent/Usage\\)',
    ));
  });

  test('warns of a region that its workloads are not priced in', () => {
    const region = (workload: string) => stackIn({ 'cdk-bedrock-cost:usage': file(`version: 1\nregion: eu-west-1\nworkloads:\n  - ${workload}\n`) });
    const stack = region('{ name: Stack/Traffic, requestsPerMonth: 1000 }');
    add(stack);
    Annotations.fromStack(stack).hasWarning('*', Match.stringLikeRegexp('The usage file has region "eu-west-1", but Stack/Traffic is priced in us-west-2, the region of its stack'));
    const stated = region('{ name: Stack/Traffic, region: us-west-2, requestsPerMonth: 1000 }');
    add(stated);
    Annotations.fromStack(stated).hasNoWarning('*', Match.stringLikeRegexp('The usage file has region'));
  });

  test.each(['usage', 'priceBook', 'today', 'allowDerivedRates'])('of a stage alone fails, as a setting of the whole app: %s', (key) => {
    for (const order of [['Dev', 'Prod'], ['Prod', 'Dev']]) {
      const app = new App();
      const stages = Object.fromEntries(order.map((id) => [id, new Stage(app, id, { env })]));
      stages.Dev.node.setContext(`cdk-bedrock-cost:${key}`, key === 'today' ? '2026-11-29' : file('version: 1'));
      for (const id of order) add(new Stack(stages[id], 'Stack'));
      expect(() => app.synth()).toThrow(`context 'cdk-bedrock-cost:${key}' is a setting of the whole app. Set it on the app, not on a stage or stack.`);
    }
  });

  test('in UTF-16 is named as one', () => {
    const stack = stackIn({ 'cdk-bedrock-cost:usage': file(Buffer.from('\ufeffversion: 1', 'utf16le') as never) });
    add(stack);
    expect(() => Template.fromStack(stack)).toThrow(/is saved as UTF-16\. Save it as UTF-8\./);
  });

  test('brings rates that win over the book', () => {
    const path = file('version: 1\nprices:\n  - { model: anthropic.claude-sonnet-4-6, kind: input, usd: "1", unit: 1M tokens }\nworkloads:\n'
      + '  - { name: Other, type: on-demand, model: amazon.nova-pro-v1:0, requestsPerMonth: 1, inputTokensPerRequest: 1 }\n');
    expect(add(stackIn({ 'cdk-bedrock-cost:usage': path })).monthlyUsd).toBe(200);
  });
});

describe('the settings of an app', () => {
  test('take a discount and rates of your own', () => {
    const stack = stackIn();
    PriceSettings.of(stack).configure({ discountPercent: 10 });
    expect(add(stack).monthlyUsd).toBe(594);
    const other = stackIn();
    PriceSettings.of(other).configure({ rates: [{ model: 'anthropic.claude-sonnet-4-6', kind: RateKind.INPUT, usd: '2', unit: RateUnit.MILLION_TOKENS }] });
    expect(add(other).monthlyUsd).toBe(400);
  });

  test.each([
    [{}, 15461.4], // 1 x $21.18 x 730
    [{ 'cdk-bedrock-cost:hoursPerMonth': 744 }, 15757.92], // AWS's own example: 744 x $21.18
    [{ 'cdk-bedrock-cost:hoursPerMonth': '744' }, 15757.92], // from the command line
  ])('hours of a month: %j', (context, usd) => {
    expect(CostEstimates.of(stackIn(context)).addProvisioned('Units', { model: 'meta.llama3-1-70b-instruct-v1:0', modelUnits: 1, commitmentDuration: CommitmentDuration.ONE_MONTH }).monthlyUsd).toBe(usd);
  });

  test.each([false, 'false'])('enabled=%p leaves nothing behind', (enabled) => {
    const stack = stackIn({ 'cdk-bedrock-cost:enabled': enabled });
    add(stack, { model: 'example.unknown' });
    expect(Annotations.fromStack(stack).findInfo('*', Match.anyValue())).toEqual([]);
    expect(Annotations.fromStack(stack).findWarning('*', Match.anyValue())).toEqual([]);
  });

  test('a message can be switched off or made an error', () => {
    const off = stackIn({ 'cdk-bedrock-cost:severity': { 'bedrock-cost-missing-price': 'off', 'bedrock-cost-estimate': 'off' } });
    add(off, { model: 'example.unknown' });
    expect(Annotations.fromStack(off).findWarning('*', Match.anyValue())).toEqual([]);
    const error = stackIn({ 'cdk-bedrock-cost:severity': { 'bedrock-cost-missing-price': 'error' } });
    add(error, { model: 'example.unknown' });
    expect(Annotations.fromStack(error).findError('*', Match.anyValue())).toHaveLength(1);
    const text = stackIn({ 'cdk-bedrock-cost:severity': '{ "bedrock-cost-missing-price": "off" }' });
    add(text, { model: 'example.unknown' });
    expect(Annotations.fromStack(text).findWarning('*', Match.anyValue())).toEqual([]);
  });

  test.each([
    [{ 'bedrock-cost-mising-price': 'off' }, 'bedrock-cost-invalid-input: context \'cdk-bedrock-cost:severity\' bedrock-cost-mising-price is not the id of a message. Did you mean bedrock-cost-missing-price?'],
    [{ 'bedrock-cost-missing-price': 'fatal' }, 'bedrock-cost-invalid-input: context \'cdk-bedrock-cost:severity\' bedrock-cost-missing-price must be one of off, info, warning, error, got "fatal".'],
    ['off', 'must be a mapping such as { "bedrock-cost-missing-price": "error" }, got "off".'],
  ])('fails for the severities %j', (severity, message) => {
    const stack = stackIn({ 'cdk-bedrock-cost:severity': severity });
    add(stack);
    expect(() => Template.fromStack(stack)).toThrow(message);
  });
});

describe('the report', () => {
  test('holds the low and the high month', () => {
    const path = file([
      'version: 1', 'workloads:', '  - name: Stack/Traffic', '    type: on-demand', '    model: us.anthropic.claude-sonnet-4-6',
      '    requestsPerMonth: 100000', '    inputTokensPerRequest: 2000', '    low: { requestsPerMonth: 50000 }', '    high: { requestsPerMonth: 200000 }',
    ].join('\n'));
    const stack = stackIn({ 'cdk-bedrock-cost:usage': path });
    add(stack);
    expect(buildReport(stack.node.root).totals).toMatchObject({ monthlyUsd: '660', lowMonthlyUsd: '330', highMonthlyUsd: '1320' });
  });

  test('names the largest line with its share', () => {
    const stack = stackIn();
    add(stack, { outputTokensPerRequest: 500 });
    // out: 50 x $16.50 = 825; 825 of 1,485 is 55.6 %
    expect(buildReport(stack.node.root).resources[0].largestLine).toEqual({ description: 'output tokens', usd: '825', sharePercent: '55.6' });
  });

  test('keeps the findings', () => {
    const stack = stackIn();
    add(stack, { model: 'example.unknown' });
    expect(buildReport(stack.node.root).findings.map(({ id, path, severity }) => [id, path, severity])).toEqual([['bedrock-cost-missing-price', 'Stack/Traffic', 'warning']]);
  });
});
