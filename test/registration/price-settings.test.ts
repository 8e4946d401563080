import { mkdtempSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { App, Aspects, IAspect, Stack, Stage, TimeZone } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import { IConstruct } from 'constructs';
import { CostBudget } from '../../src/budgets/cost-budget';
import { BudgetEnforcement } from '../../src/budgets/cost-budget-props';
import { StopAction } from '../../src/budgets/stop-actions/stop-action';
import { ApplicationInferenceProfile } from '../../src/inference/application-inference-profile';
import { BatchInference } from '../../src/inference/batch/batch-inference';
import { BatchInput } from '../../src/inference/batch/input';
import { BedrockModel } from '../../src/inference/bedrock-model';
import { ProvisionedModelThroughput } from '../../src/inference/provisioned/provisioned-model-throughput';
import { ScheduledModelThroughput } from '../../src/inference/provisioned/scheduled-model-throughput';
import { CommitmentDuration, Rate, RateKind, RateUnit } from '../../src/pricing/price-book/rate';
import { CostEstimates } from '../../src/registration/cost-estimates';
import { CostReport } from '../../src/registration/cost-report';
import { PriceSettings, PriceSettingsOptions } from '../../src/registration/price-settings';
import { buildReport } from '../../src/synth-output/build-report';

const env = { region: 'us-west-2', account: '111122223333' };
const SONNET = 'us.anthropic.claude-sonnet-4-6';
const LLAMA = 'meta.llama3-1-70b-instruct-v1:0';
// Claude Sonnet 4.6 through us., us-west-2: 200 million tokens in at $3.30 = $660.00 a month; $594.00 with 10 % off
const usage = { requestsPerMonth: 100_000, inputTokensPerRequest: 2_000 };
const traffic = (scope: Stack, id = 'Traffic') => CostEstimates.of(scope).addOnDemand(id, { model: SONNET, ...usage });

// CDK prints the findings where a unit test synthesizes.
beforeEach(() => { jest.spyOn(console, 'error').mockImplementation(() => undefined); });
afterEach(() => { jest.restoreAllMocks(); });

const OWN_RATES: Rate[] = [
  { model: 'amazon.nova-pro-v1:0', kind: RateKind.INPUT, usd: '0.50', unit: RateUnit.MILLION_TOKENS },
  { model: LLAMA, kind: RateKind.MODEL_UNIT_HOUR, commitmentDuration: CommitmentDuration.ONE_MONTH, customModel: false, usd: '10', unit: RateUnit.HOUR },
];

/** One of each construct of the library, and an estimate of each kind, all covered by a budget. */
function fill(stack: Stack, acknowledgeCommitmentUsd: number): void {
  const bucket = new Bucket(stack, 'Records');
  const budget = new CostBudget(stack, 'Budget', { monthlyLimitUsd: 100, enforcement: BudgetEnforcement.WARN, emailAddresses: ['a@example.com'] });
  budget.addStopAction(StopAction.stopBatchJobs());
  budget.addDashboard();
  new ApplicationInferenceProfile(stack, 'Chat', { model: BedrockModel.of(SONNET), usage });
  new BatchInference(stack, 'Nightly', {
    model: BedrockModel.of('us.amazon.nova-pro-v1:0'),
    inputBucket: bucket,
    outputBucket: bucket,
    input: BatchInput.prefix('in/'),
    outputPrefix: 'out/',
    schedule: ScheduleExpression.expression('rate(1 hour)'),
    usage: { recordsPerJob: 1_000, inputTokensPerRecord: 10, outputTokensPerRecord: 10 },
    maxCostPerRunUsd: 100,
  });
  new ProvisionedModelThroughput(stack, 'Committed', {
    model: BedrockModel.of(LLAMA), modelUnits: 1, commitmentDuration: CommitmentDuration.ONE_MONTH, acknowledgeCommitmentUsd,
  });
  new ScheduledModelThroughput(stack, 'Office', {
    model: BedrockModel.of(LLAMA),
    modelUnits: 1,
    usage,
    tokensPerMinutePerModelUnit: 1_000,
    schedule: { start: '08:00', end: '18:00', timeZone: TimeZone.EUROPE_BERLIN, outsideHours: BedrockModel.of('us.meta.llama3-1-70b-instruct-v1:0') },
  });
  CostEstimates.of(stack).addProvisioned('Elsewhere', { model: LLAMA, modelUnits: 1 });
  CostEstimates.of(stack).addImage('Pictures', { model: 'amazon.nova-canvas-v1:0', imagesPerMonth: 10, resolution: '1024x1024', quality: 'standard' });
  traffic(stack);
}

describe('settings after the constructs', () => {
  // 1 x $10 x 744 hours x 1 month, the user's own rate
  const ACKNOWLEDGED = 7_440;
  test.each<[string, PriceSettingsOptions]>([
    ['rates and hours of a month', { rates: OWN_RATES, hoursPerMonth: 744 }],
    ['discounts', { rates: OWN_RATES, hoursPerMonth: 744, discounts: [{ percent: 25, provider: 'Anthropic' }], discountPercent: 10 }],
  ])('are the same as before them: %s', (_, options) => {
    const synthesized = (order: 'before' | 'after') => {
      const app = new App({ context: { 'cdk-bedrock-cost:details': true } });
      if (order === 'before') PriceSettings.of(app).configure(options);
      const stack = new Stack(app, 'Stack', { env });
      fill(stack, ACKNOWLEDGED);
      if (order === 'after') PriceSettings.of(app).configure(options);
      const template = Template.fromStack(stack).toJSON();
      const infos = Annotations.fromStack(stack).findInfo('*', Match.anyValue()).map(({ id, entry }) => `${id} ${String(entry.data)}`);
      // The lines of the app are those of this test.
      return JSON.stringify({ template, infos, report: buildReport(app) }).replace(/"source":\{[^}]*\}/g, '');
    };
    expect(synthesized('after')).toBe(synthesized('before'));
    expect(synthesized('after')).toContain('your own rate');
  });

  test('price what returned estimates are read for', () => {
    const stack = new Stack(new App(), 'Stack', { env });
    const estimate = traffic(stack);
    PriceSettings.of(stack).configure({ discountPercent: 10 });
    expect([estimate.monthlyUsd, CostEstimates.of(stack).total().monthlyUsd]).toEqual([594, 594]);
  });

  test('of several calls add up', () => {
    const stack = new Stack(new App(), 'Stack', { env });
    PriceSettings.of(stack).configure({ discountPercent: 50, hoursPerMonth: 744 });
    const units = CostEstimates.of(stack).addProvisioned('Units', { model: LLAMA, modelUnits: 1 });
    PriceSettings.of(stack).configure({ discountPercent: 10 });
    // 1 x $24.00 x 744 hours x 0.9
    expect(units.monthlyUsd).toBe(16_070.4);
  });

  test('do not change the resources, with or without known prices', () => {
    const typesOf = (options: PriceSettingsOptions) => {
      const app = new App({ context: { 'cdk-bedrock-cost:severity': { 'bedrock-cost-missing-price': 'off' } } });
      const stack = new Stack(app, 'Stack', { env });
      const budget = new CostBudget(stack, 'Budget', { monthlyLimitUsd: 100, enforcement: BudgetEnforcement.WARN, emailAddresses: ['a@example.com'] });
      budget.addStopAction(StopAction.denyInvocations());
      const bucket = new Bucket(stack, 'Records');
      new ApplicationInferenceProfile(stack, 'Chat', { model: BedrockModel.of('us.example.own-v1:0'), usage: { requestsPerMonth: 1, inputTokensPerRequest: 1, outputTokensPerRequest: 1 } });
      new BatchInference(stack, 'Nightly', {
        model: BedrockModel.of('us.example.own-v1:0'),
        inputBucket: bucket,
        outputBucket: bucket,
        input: BatchInput.prefix('in/'),
        outputPrefix: 'out/',
        usage: { jobsPerMonth: 1, recordsPerJob: 1_000, inputTokensPerRecord: 10, outputTokensPerRecord: 10 },
      });
      CostEstimates.of(stack).addImage('Pictures', { model: 'example.pictures-v1:0', imagesPerMonth: 10, resolution: '1024x1024', quality: 'standard' });
      PriceSettings.of(stack).configure(options);
      return Object.entries<{ Type: string }>(Template.fromStack(stack).toJSON().Resources).map(([id, { Type }]) => `${id} ${Type}`).sort();
    };
    const tokens = [RateKind.INPUT, RateKind.OUTPUT].flatMap((kind): Rate[] => [undefined, 'batch' as Rate['tier']].map((tier) => (
      { model: 'example.own-v1:0', kind, tier, usd: '1', unit: RateUnit.MILLION_TOKENS })));
    const rates = [...tokens, { model: 'example.pictures-v1:0', kind: RateKind.IMAGE, usd: '1', unit: RateUnit.IMAGE }];
    const unknown = typesOf({});
    expect(unknown).toEqual(typesOf({ rates }));
    expect(unknown).toEqual(typesOf({ rates: rates.map((rate) => ({ ...rate, usd: '0' })) }));
    expect(unknown.filter((resource) => resource.endsWith('AWS::CloudWatch::Alarm')).length).toBeGreaterThan(5);
  });
});

describe('settings after a price was read', () => {
  const late = (scope: IConstruct) => () => PriceSettings.of(scope).configure({ discountPercent: 10 });

  test.each<[string, (stack: Stack) => void]>([
    ['a field of an estimate', (stack) => { void traffic(stack).monthlyUsd; }],
    ['a total', (stack) => {
      traffic(stack);
      CostEstimates.of(stack).total();
    }],
    ['a synthesis', (stack) => {
      traffic(stack);
      Template.fromStack(stack);
    }],
  ])('fail, and name the construct: %s', (_, read) => {
    const stack = new Stack(new App(), 'Stack', { env });
    read(stack);
    expect(late(stack)).toThrow('PriceSettings.configure must be called before a price is read, and that of Stack/Traffic was read. '
      + 'Move the call before the first use of an estimate: its fields, CostEstimates.total(), or the synthesis of a stage.');
  });

  test('fail after the first of two stages was synthesized', () => {
    const app = new App();
    const [beta, prod] = ['Beta', 'Prod'].map((id) => new Stage(app, id, { env }));
    traffic(new Stack(beta, 'Chat'));
    beta.synth();
    traffic(new Stack(prod, 'Chat'));
    expect(late(app)).toThrow('that of Beta/Chat/Traffic was read');
  });

  test('hold for two stages that are synthesized later', () => {
    const app = new App({ context: { 'cdk-bedrock-cost:details': true } });
    const stacks = ['Beta', 'Prod'].map((id) => new Stack(new Stage(app, id, { env }), 'Chat'));
    stacks.forEach((stack) => traffic(stack));
    PriceSettings.of(app).configure({ discountPercent: 10 });
    app.synth();
    const costs = stacks.map((stack) => Annotations.fromStack(stack).findInfo('*', Match.stringLikeRegexp('a month: ')).map(({ entry }) => String(entry.data).split(':')[0]));
    expect(costs).toEqual([['$594.00 a month'], ['$594.00 a month']]);
  });

  test('a total and a construct that do not read a price leave them open', () => {
    const stack = new Stack(new App(), 'Stack', { env });
    fill(stack, 0);
    expect(CostEstimates.of(new Stack(stack.node.root as App, 'Empty')).total().monthlyUsd).toBe(0);
    expect(late(stack)).not.toThrow();
  });
});

describe('an Aspect of the user', () => {
  /** Calls an action once, when the stack is visited. */
  class OnStack implements IAspect {
    private isDone = false;
    constructor(private readonly action: (stack: Stack) => void) {}
    public visit(node: IConstruct): void {
      if (!Stack.isStack(node) || this.isDone) return;
      this.isDone = true;
      this.action(node);
    }
  }

  test('may set prices, unless a price was read', () => {
    const stack = new Stack(new App(), 'Stack', { env });
    traffic(stack);
    Aspects.of(stack).add(new OnStack((visited) => PriceSettings.of(visited).configure({ discountPercent: 10 })));
    Template.fromStack(stack);
    expect(buildReport(stack.node.root).totals.monthlyUsd).toBe('594');
  });

  test('may read a total, which makes the settings final', () => {
    const stack = new Stack(new App(), 'Stack', { env });
    traffic(stack);
    const read: unknown[] = [];
    Aspects.of(stack).add(new OnStack((visited) => { read.push(CostEstimates.of(visited).total().monthlyUsd); }));
    Aspects.of(stack).add(new OnStack((visited) => PriceSettings.of(visited).configure({ discountPercent: 10 })));
    expect(() => Template.fromStack(stack)).toThrow('that of Stack/Traffic was read');
    expect(read).toEqual([660]);
  });
});

test('findings that follow from prices are printed once, also in a second synthesis', () => {
  const app = new App();
  const stack = new Stack(app, 'Stack', { env });
  CostEstimates.of(stack).addOnDemand('Unknown', { model: 'example.unknown', requestsPerMonth: 1, inputTokensPerRequest: 1 });
  const warnings = () => Annotations.fromStack(stack).findWarning('/Stack/Unknown', Match.stringLikeRegexp('unknown, not \\$0'));
  expect(warnings()).toHaveLength(1);
  app.synth({ force: true });
  expect(warnings()).toHaveLength(1);
  expect(buildReport(app).findings.filter(({ id }) => id === 'bedrock-cost-missing-price')).toHaveLength(1);
});

test('a commitment is confirmed by the prices of the settings', () => {
  const refused = (usd: number) => {
    const stack = new Stack(new App(), 'Stack', { env });
    new ProvisionedModelThroughput(stack, 'Units', {
      model: BedrockModel.of(LLAMA), modelUnits: 2, commitmentDuration: CommitmentDuration.ONE_MONTH, acknowledgeCommitmentUsd: usd,
    });
    PriceSettings.of(stack).configure({ rates: OWN_RATES, hoursPerMonth: 744 });
    try {
      return Template.fromStack(stack).toJSON().Resources;
    } catch (e) {
      return (e as Error).message;
    }
  };
  // 2 x $10 x 744 hours x 1 month
  expect(refused(14_879)).toContain('A one-month commitment of 2 model units of meta.llama3-1-70b-instruct-v1:0 costs $14,880.00 over its whole term');
  expect(JSON.stringify(refused(14_880))).toContain('"price":{"hourlyUsd":"10","hoursPerMonth":"744","region":"us-west-2"}');
});

test('a price-book file replaces the embedded book', () => {
  const file = join(mkdtempSync(join(tmpdir(), 'settings-')), 'book.json');
  writeFileSync(file, JSON.stringify({ schemaVersion: '1', base: 'embedded', rates: [], discounts: [{ percent: 50 }] }));
  const stack = new Stack(new App(), 'Stack', { env });
  const estimate = traffic(stack);
  PriceSettings.of(stack).configure({ priceBookFile: file });
  expect(estimate.monthlyUsd).toBe(330);
});

test('settings that are not allowed are refused once, and leave costs unknown', () => {
  const stack = new Stack(new App(), 'Stack', { env });
  const estimates = [traffic(stack), traffic(stack, 'Other')];
  PriceSettings.of(stack).configure({ hoursPerMonth: 7_300 });
  expect(estimates.map(({ monthlyUsd }) => monthlyUsd)).toEqual([undefined, undefined]);
  expect(() => Template.fromStack(stack)).toThrow(/^(?!.*hoursPerMonth[^]*hoursPerMonth)[^]*\[Stack\/Traffic\] bedrock-cost-invalid-input: hoursPerMonth must be a number above 0 and at most 744, got 7300\./);
});

test('CostReport.of(app) alone does not make settings final', () => {
  const app = new App();
  CostReport.of(app);
  expect(() => PriceSettings.of(app).configure({ discountPercent: 10 })).not.toThrow();
});
