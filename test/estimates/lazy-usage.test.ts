import { mkdtempSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { App, CfnOutput, CfnParameter, Lazy, Stack, Stage, Token } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { CostBudget } from '../../src/budgets/cost-budget';
import { BudgetEnforcement, MissingPricePolicy } from '../../src/budgets/cost-budget-props';
import { ApplicationInferenceProfile } from '../../src/inference/application-inference-profile';
import { BatchInference } from '../../src/inference/batch/batch-inference';
import { BatchInput } from '../../src/inference/batch/input';
import { SmallRuns } from '../../src/inference/batch/props';
import { BedrockModel } from '../../src/inference/bedrock-model';
import { ProvisionedModelThroughput } from '../../src/inference/provisioned/provisioned-model-throughput';
import { BatchUsage } from '../../src/pricing/billing-modes/batch';
import { CacheTtl, ServiceTier } from '../../src/pricing/billing-modes/on-demand';
import { CostEstimates } from '../../src/registration/cost-estimates';
import { buildReport } from '../../src/synth-output/build-report';
import { stackRequests } from '../budgets/synth';

const env = { region: 'us-west-2', account: '111122223333' };
const SONNET = 'us.anthropic.claude-sonnet-4-6';
// Claude Sonnet 4.6 through us., us-west-2: $3.30 a million input tokens, 2,000 tokens: $0.0066 a request
const traffic = (stack: Stack, requestsPerMonth: number) =>
  CostEstimates.of(stack).addOnDemand('Traffic', { model: SONNET, requestsPerMonth, inputTokensPerRequest: 2_000 });
const batch = (stack: Stack, usage: BatchUsage, smallRuns?: SmallRuns) => {
  const bucket = new Bucket(stack, 'Records');
  const model = BedrockModel.of('us.amazon.nova-pro-v1:0');
  return new BatchInference(stack, 'Nightly', { model, inputBucket: bucket, outputBucket: bucket, input: BatchInput.prefix('in/'), outputPrefix: 'out/', usage, smallRuns });
};
const lazily = (produce: () => unknown) => Lazy.number({ produce: produce as () => number });
const warnings = (stack: Stack) => Annotations.fromStack(stack).findWarning('*', Match.anyValue()).map(({ entry }) => String(entry.data));
const resourceOf = (stack: Stack) => buildReport(stack.node.root).resources[0];
const stackIn = () => new Stack(new App(), 'Chat', { env });

beforeEach(() => { jest.spyOn(console, 'error').mockImplementation(() => undefined); });
afterEach(() => { jest.restoreAllMocks(); });

describe('usage with Lazy values', () => {
  test('is priced at synthesis, with the values of then', () => {
    const stack = stackIn();
    let requests = 10;
    const estimate = traffic(stack, lazily(() => requests));
    expect(estimate.monthlyUsd).toBeUndefined();
    expect(CostEstimates.of(stack).total().monthlyUsd).toBeUndefined();
    requests = 100_000;
    Template.fromStack(stack);
    // 100,000 x $0.0066
    expect(resourceOf(stack)).toMatchObject({ monthlyUsd: '660', usage: { requestsPerMonth: 100_000 } });
    expect(resourceOf(stack)).not.toHaveProperty('unresolvedUsage');
    expect(CostEstimates.of(stack).total().monthlyUsd).toBe(660);
    expect(warnings(stack)).toEqual([]);
  });

  test('is not resolved before synthesis: the template keeps the value of then', () => {
    const stack = stackIn();
    let requests = 10;
    const value = lazily(() => requests);
    const estimate = traffic(stack, value);
    new CostBudget(stack, 'Budget', { monthlyLimitUsd: 1_000, emailAddresses: ['a@example.com'] });
    new CfnOutput(stack, 'Requests', { value: Lazy.string({ produce: () => String(stack.resolve(value)) }) });
    expect([estimate.monthlyUsd, CostEstimates.of(stack).total().monthlyUsd]).toEqual([undefined, undefined]);
    requests = 20;
    Template.fromStack(stack).hasOutput('Requests', { Value: '20' });
    // 20 x $0.0066
    expect(resourceOf(stack)).toMatchObject({ monthlyUsd: '0.132' });
  });

  test('of another stage is not resolved when a pipeline synthesizes a stage early', () => {
    const app = new App();
    const [dev, prod] = ['Dev', 'Prod'].map((id) => new Stage(app, id, { env }));
    let requests = 10;
    const value = lazily(() => requests);
    traffic(new Stack(dev, 'Chat'), 100_000);
    const stack = new Stack(prod, 'Chat');
    traffic(stack, value);
    new CfnOutput(stack, 'Requests', { value: Token.asString(value) });
    dev.synth();
    requests = 200_000;
    const template = prod.synth().getStackArtifact(stack.artifactId).template;
    expect(template.Outputs.Requests.Value).toBe(200_000);
    // 100,000 and 200,000 x $0.0066
    expect(buildReport(app).resources.map(({ monthlyUsd }) => monthlyUsd)).toEqual(['660', '1320']);
  });

  // Nova Pro through us., us-west-2: $0.80 a million input tokens, $1.40 in the priority tier
  test.each<[string, object, object[]]>([
    ['service tier', { serviceTier: Lazy.string({ produce: () => ServiceTier.PRIORITY }) }, [{ metric: 'InputTokenCount', usdPerMillion: '1.4' }]],
    ['number of tokens', { inputTokensPerRequest: lazily(() => 100) }, [{ metric: 'InputTokenCount', usdPerMillion: '0.8' }]],
  ])('is counted at the prices of its final %s', (_, usage, terms) => {
    const stack = stackIn();
    CostEstimates.of(stack).addOnDemand('Traffic', { model: 'us.amazon.nova-pro-v1:0', requestsPerMonth: 1, inputTokensPerRequest: 1, ...usage });
    new CostBudget(stack, 'Budget', { monthlyLimitUsd: 1_000, emailAddresses: ['a@example.com'] });
    expect(stackRequests(stack)[0].onDemand).toMatchObject([{ prices: expect.arrayContaining(terms.map((term) => expect.objectContaining(term))) }]);
  });

  test('of a model is not counted, and the budget names the field', () => {
    const stack = stackIn();
    CostEstimates.of(stack).addOnDemand('Traffic', { model: Lazy.string({ produce: () => SONNET }), requestsPerMonth: 1_000, inputTokensPerRequest: 2_000 });
    new CostBudget(stack, 'Budget', { monthlyLimitUsd: 1_000, emailAddresses: ['a@example.com'] });
    Template.fromStack(stack);
    expect(buildReport(stack.node.root).findings).toMatchObject([{ path: 'Chat/Budget', message: 'The cost of Chat/Traffic is not counted, since model is a token.' }]);
  });

  test.each(['before', 'after'])('counts in the verdict of a budget that is created %s it, in the stack or in another stage', (order) => {
    const app = new App();
    const [prod, stack] = [new Stage(app, 'Prod', { env }), new Stack(app, 'Home', { env })];
    const covered = new Stack(prod, 'Chat');
    const add = () => traffic(covered, lazily(() => 100_000));
    if (order === 'after') add();
    const props = { monthlyLimitUsd: 500, enforcement: BudgetEnforcement.WARN, emailAddresses: ['a@example.com'] };
    new CostBudget(covered, 'InStack', props);
    new CostBudget(stack, 'OverApp', { ...props, covers: app });
    if (order === 'before') add();
    app.synth();
    // $660.00 of $500.00 each
    expect(buildReport(app).budgets.map(({ path, estimatedUsd, status }) => [path, estimatedUsd, status]))
      .toEqual(expect.arrayContaining([['Prod/Chat/InStack', '660', 'over'], ['Home/OverApp', '660', 'over']]));
  });

  test('refuses a value that is not allowed, once, with its prop', () => {
    const stack = stackIn();
    new ApplicationInferenceProfile(stack, 'Assistant', {
      model: BedrockModel.of(SONNET), usage: { requestsPerMonth: lazily(() => -5), inputTokensPerRequest: 1, outputTokensPerRequest: 1 },
    });
    expect(() => Template.fromStack(stack)).toThrow('[Chat/Assistant] bedrock-cost-invalid-input: usage.requestsPerMonth must be a number of 0 or more, got -5.');
    expect(warnings(stackIn())).toEqual([]);
  });

  test.each([
    ['text', Lazy.string({ produce: () => CacheTtl.ONE_HOUR }), '0.66'],
    ['no value', Lazy.string({ produce: () => undefined }), '0.4125'],
  ])('takes %s', (_, cacheTtl, monthlyUsd) => {
    const stack = stackIn();
    CostEstimates.of(stack).addOnDemand('Cached', {
      model: SONNET, requestsPerMonth: 100, inputTokensPerRequest: 0, cacheWriteTokensPerRequest: 1_000, cacheTtl: cacheTtl as CacheTtl,
    });
    Template.fromStack(stack);
    // 100,000 tokens written for an hour at $6.60 a million, for five minutes at $4.125
    expect(resourceOf(stack)).toMatchObject({ monthlyUsd });
  });

  test('takes a model, and the fields of slow and busy months', () => {
    const stack = stackIn();
    const usage = (requests: number) => ({ requestsPerMonth: lazily(() => requests), inputTokensPerRequest: 2_000 });
    new ApplicationInferenceProfile(stack, 'Assistant', { model: BedrockModel.of(SONNET), usage: usage(1_000), lowUsage: usage(100), highUsage: usage(10_000) });
    CostEstimates.of(stack).addOnDemand('Traffic', { model: Lazy.string({ produce: () => SONNET }), requestsPerMonth: 1_000, inputTokensPerRequest: 2_000 });
    Template.fromStack(stack);
    // 1,000 x $0.0066 twice; 100 and 10,000 x $0.0066 in a slow and a busy month
    expect(buildReport(stack.node.root).totals).toMatchObject({ monthlyUsd: '13.2', lowMonthlyUsd: '7.26', highMonthlyUsd: '72.6' });
    expect(buildReport(stack.node.root).resources[1].model).toBe(SONNET);
  });

  test('of a batch, its orchestration and runs of few records', () => {
    const of = (recordsPerJob: number, smallRuns?: SmallRuns) => {
      const stack = stackIn();
      batch(stack, { jobsPerMonth: lazily(() => 30), recordsPerJob, inputTokensPerRecord: 10_000, outputTokensPerRecord: 1_000 }, smallRuns);
      Template.fromStack(stack);
      return resourceOf(stack);
    };
    // 300 million x $0.40 + 30 million x $1.60
    expect(of(1_000)).toMatchObject({ type: 'batch', monthlyUsd: '168' });
    expect(Number(of(1_000).otherServicesMonthlyUsd)).toBeGreaterThan(0);
    // 30 x 50 requests: 15 million x $0.80 + 1.5 million x $3.20
    expect(of(50, SmallRuns.ON_DEMAND)).toMatchObject({ type: 'on-demand', monthlyUsd: '16.8' });
  });

  // Claude Sonnet 4.5 through us., us-west-2, above 200,000 tokens: $6.60 a million input tokens
  test.each<[string, unknown, object]>([
    ['a Lazy value', lazily(() => 300_000), {}],
    ['the usage file', 10_000, { 'cdk-bedrock-cost:usage': join(mkdtempSync(join(tmpdir(), 'lazy-')), 'usage.yaml') }],
  ])('of a batch: its runs have the prices of a long context by %s', (_, inputTokensPerRecord, context) => {
    Object.values(context).forEach((path) => writeFileSync(path, 'version: 1\nworkloads: [{ name: Chat/Nightly, inputTokensPerRecord: 300000 }]'));
    const stack = new Stack(new App({ context }), 'Chat', { env });
    const bucket = new Bucket(stack, 'Records');
    new BatchInference(stack, 'Nightly', {
      model: BedrockModel.of('us.anthropic.claude-sonnet-4-5-20250929-v1:0'),
      inputBucket: bucket,
      outputBucket: bucket,
      input: BatchInput.prefix('in/'),
      outputPrefix: 'out/',
      usage: { jobsPerMonth: 30, recordsPerJob: 1_000, inputTokensPerRecord: inputTokensPerRecord as number, outputTokensPerRecord: 1_000 },
      smallRuns: SmallRuns.ON_DEMAND,
    });
    expect(JSON.stringify(Template.fromStack(stack).findResources('AWS::StepFunctions::StateMachine'))).toMatch(/onDemandPrices[^}]*usdPerMillionInput[^0-9]*6\.6\D/);
  });

  test('of provisioned throughput without commitment', () => {
    const stack = stackIn();
    new ProvisionedModelThroughput(stack, 'Capacity', { model: BedrockModel.of('meta.llama3-1-70b-instruct-v1:0'), modelUnits: lazily(() => 2) });
    Template.fromStack(stack);
    // 2 x $24.00 x 730
    expect(resourceOf(stack)).toMatchObject({ monthlyUsd: '35040' });
  });
});

test('a part that only the deployment knows remains unknown', () => {
  const stack = stackIn();
  const jobs = new CfnParameter(stack, 'Jobs', { type: 'Number' }).valueAsNumber;
  batch(stack, { jobsPerMonth: jobs, recordsPerJob: 50, inputTokensPerRecord: 1, outputTokensPerRecord: 1 }, SmallRuns.ON_DEMAND);
  expect(warnings(stack)).toEqual([expect.stringContaining('The cost is unknown, not $0: requestsPerMonth is a token, known only at deployment.')]);
  expect(resourceOf(stack)).toMatchObject({ monthlyUsd: null, unresolvedUsage: ['requestsPerMonth'] });
});

test('a budget counts purchases whose units are Lazy values', () => {
  const stack = stackIn();
  new ProvisionedModelThroughput(stack, 'Capacity', { model: BedrockModel.of('meta.llama3-1-70b-instruct-v1:0'), modelUnits: lazily(() => 2) });
  new CostBudget(stack, 'Budget', { monthlyLimitUsd: 50_000, emailAddresses: ['a@example.com'] });
  expect(stackRequests(stack)).toMatchObject([{ provisioned: [{ modelUnits: 2, usdPerModelUnitHour: '24' }] }]);
  expect(Annotations.fromStack(stack).findInfo('*', Match.stringLikeRegexp('not-watched'))).toEqual([]);
});

test('a budget names the purchases and jobs that its function cannot count because of tokens', () => {
  const stack = stackIn();
  const modelUnits = new CfnParameter(stack, 'Units', { type: 'Number' }).valueAsNumber;
  new ProvisionedModelThroughput(stack, 'Capacity', { model: BedrockModel.of('meta.llama3-1-70b-instruct-v1:0'), modelUnits });
  new CostBudget(stack, 'Budget', { monthlyLimitUsd: 50_000, onMissingPrice: MissingPricePolicy.WARN, emailAddresses: ['a@example.com'] });
  const [{ entry }] = Annotations.fromStack(stack).findInfo('*', Match.stringLikeRegexp('not-watched'));
  expect(entry.data).toBe('The cost of Chat/Capacity is not counted, since modelUnits is a token. [ack: bedrock-cost-not-watched]');
});
