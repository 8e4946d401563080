import { App, CfnParameter, Stack, Validations } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { refusalOf } from './synth';
import { CostBudget } from '../../src/budgets/cost-budget';
import { BudgetEnforcement, CostBudgetProps, MissingPricePolicy } from '../../src/budgets/cost-budget-props';
import { checkReport } from '../../src/gate/check';
import { ApplicationInferenceProfile } from '../../src/inference/application-inference-profile';
import { BedrockModel } from '../../src/inference/bedrock-model';
import { ProvisionedModelThroughput } from '../../src/inference/provisioned/provisioned-model-throughput';
import { CommitmentDuration, RateKind, RateUnit } from '../../src/pricing/price-book/rate';
import { CostEstimates } from '../../src/registration/cost-estimates';
import { PriceSettings } from '../../src/registration/price-settings';
import { buildReport } from '../../src/synth-output/build-report';

const env = { region: 'us-west-2', account: '111122223333' };
const SONNET = 'us.anthropic.claude-sonnet-4-6';
// 100,000 requests of 2,000 tokens in = 200 million tokens at $3.30 = $660.00 a month
const usage = { requestsPerMonth: 100_000, inputTokensPerRequest: 2_000 };

/** Causes of an unknown budget: the stack, its contents, and the change that the message must name. */
interface Case {
  readonly region?: null;
  readonly cdkDefaultRegion?: string;
  readonly fix: string;
  fill(stack: Stack): void;
}
const CASES: { readonly [name: string]: Case } = {
  'a misspelt model id': {
    fill: (stack) => { new ApplicationInferenceProfile(stack, 'Chat', { model: BedrockModel.of('us.anthropic.claude-sonet-4-6'), usage }); },
    fix: 'change the model id to us.anthropic.claude-sonnet-4-6',
  },
  'a price that the book does not hold': {
    fill: (stack) => { CostEstimates.of(stack).addProvisioned('Chat', { model: 'amazon.nova-sonic-v1:0', modelUnits: 1 }); },
    fix: 'give a rate of your own',
  },
  'no region': {
    region: null,
    fill: (stack) => { CostEstimates.of(stack).addOnDemand('Chat', { model: SONNET, ...usage }); },
    fix: "set env.region on the stack Genai, or the context key 'cdk-bedrock-cost:region'",
  },
  'a region that is only the default of the CLI': {
    region: null,
    cdkDefaultRegion: 'us-east-1',
    fill: (stack) => { CostEstimates.of(stack).addOnDemand('Chat', { model: SONNET, ...usage }); },
    fix: "set env.region on the stack Genai, or the context key 'cdk-bedrock-cost:region'",
  },
  'usage that is known only at deployment': {
    fill: (stack) => {
      const requestsPerMonth = new CfnParameter(stack, 'Requests', { type: 'Number' }).valueAsNumber;
      new ApplicationInferenceProfile(stack, 'Chat', { model: BedrockModel.of(SONNET), usage: { ...usage, requestsPerMonth } });
    },
    fix: 'give requestsPerMonth as a plain value, or name Genai/Chat as a workload of a usage file',
  },
  'model units that are known only at deployment': {
    fill: (stack) => {
      const modelUnits = new CfnParameter(stack, 'Units', { type: 'Number' }).valueAsNumber;
      new ProvisionedModelThroughput(stack, 'Chat', { model: BedrockModel.of('meta.llama3-1-70b-instruct-v1:0:128k'), modelUnits });
    },
    fix: 'give modelUnits as a plain value',
  },
};

// CDK prints its findings when a unit test synthesizes.
beforeEach(() => { jest.spyOn(console, 'error').mockImplementation(() => undefined); });
afterEach(() => {
  jest.restoreAllMocks();
  delete process.env.CDK_DEFAULT_REGION;
});

function appOf(name: string, props: Pick<CostBudgetProps, 'enforcement' | 'onMissingPrice'> = {}, context = {}): { app: App; stack: Stack } {
  const { region, cdkDefaultRegion, fill } = CASES[name];
  if (cdkDefaultRegion) process.env.CDK_DEFAULT_REGION = cdkDefaultRegion;
  const app = new App({ context });
  const stack = new Stack(app, 'Genai', region === null ? {} : { env });
  new CostBudget(stack, 'Budget', { monthlyLimitUsd: 100_000, emailAddresses: ['team@example.com'], ...props });
  fill(stack);
  return { app, stack };
}

describe.each(Object.keys(CASES))('a budget over %s', (name) => {
  const strict = [BudgetEnforcement.ACKNOWLEDGEABLE, BudgetEnforcement.BLOCK];
  test.each(strict)('fails by default with enforcement %s, with the limit, the missing price and the fix', (enforcement) => {
    const text = refusalOf(appOf(name, { enforcement }).stack);
    expect(text).toContain('Genai/Budget cannot be checked');
    expect(text).toContain('the limit is $100,000.00');
    expect(text).toContain('unknown, not $0');
    expect(text).toContain('Genai/Chat: ');
    expect(text).toContain(CASES[name].fix);
  });

  test('names the fix once in a refusal with BLOCK', () => {
    expect(refusalOf(appOf(name, { enforcement: BudgetEnforcement.BLOCK }).stack).split(CASES[name].fix)).toHaveLength(2);
  });

  test.each([
    [BudgetEnforcement.WARN, undefined],
    [BudgetEnforcement.ACKNOWLEDGEABLE, MissingPricePolicy.WARN],
    [BudgetEnforcement.BLOCK, MissingPricePolicy.IGNORE],
  ])('does not fail with enforcement %s and onMissingPrice %s, and is unknown in the report', (enforcement, onMissingPrice) => {
    const { app, stack } = appOf(name, { enforcement, onMissingPrice });
    expect(refusalOf(stack)).toBe('');
    expect(buildReport(app).budgets).toMatchObject([{ status: 'unknown', onMissingPrice: onMissingPrice ?? 'WARN' }]);
  });

  test('passes at synth and in check when it is acknowledged by its own id', () => {
    const acknowledged = (id: string) => {
      const { app, stack } = appOf(name);
      Validations.of(stack).acknowledge({ id: `cdk-bedrock-cost::${id}`, reason: 'agreed with finance' });
      return [refusalOf(stack) === '', checkReport(buildReport(app), {}).passed];
    };
    expect(acknowledged('bedrock-cost-budget-incomplete')).toEqual([true, true]);
    expect(acknowledged('bedrock-cost-budget-exceeded')).toEqual([false, false]);
  });

  test('does not fail if the context disables the enforcement, for unit tests', () => {
    for (const enforcement of [BudgetEnforcement.ACKNOWLEDGEABLE, BudgetEnforcement.BLOCK]) {
      expect(refusalOf(appOf(name, { enforcement }, { 'cdk-bedrock-cost:enforcement': 'off' }).stack)).toBe('');
    }
  });

  describe.each(Object.values(BudgetEnforcement))('with enforcement %s', (enforcement) => {
    test.each([undefined, ...Object.values(MissingPricePolicy)])('and onMissingPrice %s, synth and check have the same result', (onMissingPrice) => {
      const { app, stack } = appOf(name, { enforcement, onMissingPrice });
      const { passed } = checkReport(buildReport(app), {});
      expect(passed).toBe(refusalOf(stack) === '');
    });
  });
});

describe('a stack without a region', () => {
  const priced = (cdkDefaultRegion?: string, context = {}) => {
    if (cdkDefaultRegion) process.env.CDK_DEFAULT_REGION = cdkDefaultRegion;
    const app = new App({ context });
    const stack = new Stack(app, 'Genai');
    return { app, stack, estimate: CostEstimates.of(stack).addOnDemand('Chat', { model: SONNET, ...usage }) };
  };

  test('is priced in CDK_DEFAULT_REGION, as a stated assumption and without a warning', () => {
    const { app, stack, estimate } = priced('us-east-1');
    // 200 million tokens at $3.30
    expect(estimate.monthlyUsd).toBe(660);
    expect(estimate.assumptions).toContain('the stack has no region; prices of us-east-1 were taken, the default of the machine (CDK_DEFAULT_REGION)');
    expect(Annotations.fromStack(stack).findWarning('*', Match.anyValue())).toEqual([]);
    expect(buildReport(app).resources).toMatchObject([{ region: 'us-east-1', regionAssumed: true, monthlyUsd: '660' }]);
  });

  test('has no assumption if the context has the region', () => {
    const { app, estimate } = priced('us-east-1', { 'cdk-bedrock-cost:region': 'us-west-2' });
    expect(estimate.assumptions.join()).not.toContain('CDK_DEFAULT_REGION');
    expect(buildReport(app).resources[0]).toMatchObject({ region: 'us-west-2' });
    expect(buildReport(app).resources[0]).not.toHaveProperty('regionAssumed');
  });

  test('has no assumption if custom rates apply in every region', () => {
    process.env.CDK_DEFAULT_REGION = 'us-east-1';
    const app = new App();
    PriceSettings.of(app).configure({ rates: [{ model: SONNET, kind: RateKind.INPUT, usd: '2', unit: RateUnit.MILLION_TOKENS }] });
    const stack = new Stack(app, 'Genai');
    // 200 million tokens at $2
    expect(CostEstimates.of(stack).addOnDemand('Chat', { model: SONNET, ...usage }).monthlyUsd).toBe(400);
    expect(buildReport(app).resources[0]).not.toHaveProperty('regionAssumed');
  });

  test.each([undefined, 'somewhere'])('has an unknown cost with CDK_DEFAULT_REGION %p', (region) => {
    expect(priced(region).estimate.monthlyUsd).toBeUndefined();
  });

  test('is refused a commitment for every CDK_DEFAULT_REGION', () => {
    process.env.CDK_DEFAULT_REGION = 'us-west-2';
    const stack = new Stack(new App(), 'Genai');
    new ProvisionedModelThroughput(stack, 'Capacity', {
      model: BedrockModel.of('meta.llama3-1-70b-instruct-v1:0:128k'), modelUnits: 2, commitmentDuration: CommitmentDuration.ONE_MONTH, acknowledgeCommitmentUsd: 30_922.8,
    });
    expect(refusalOf(stack)).toMatch(/bedrock-cost-commitment-price-unknown: .* without a region\. Set env\.region on the stack Genai, or the context key 'cdk-bedrock-cost:region'\.$/m);
  });
});

describe('a budget that covers no priced construct', () => {
  const empty = (enforcement: BudgetEnforcement) => {
    const app = new App();
    const stack = new Stack(app, 'Genai', { env });
    const covers = new Stack(app, 'Elsewhere', { env });
    new CostBudget(stack, 'Budget', { monthlyLimitUsd: 100, covers, enforcement });
    CostEstimates.of(stack).addOnDemand('Chat', { model: SONNET, ...usage });
    return { app, stack };
  };

  test.each(Object.values(BudgetEnforcement))('is unknown and only causes a warning with enforcement %s, at synth and in check', (enforcement) => {
    const { app, stack } = empty(enforcement);
    expect(refusalOf(stack)).toBe('');
    const report = buildReport(app);
    expect(report.budgets).toMatchObject([{ status: 'unknown' }]);
    const finding = { id: 'bedrock-cost-budget-covers-nothing', path: 'Genai/Budget' };
    expect(report.findings).toContainEqual(expect.objectContaining({ ...finding, severity: 'warning', message: 'Genai/Budget cannot be checked: Elsewhere has no priced construct.' }));
    expect(checkReport(report, {})).toMatchObject({ passed: true, warnings: [finding] });
  });
});
