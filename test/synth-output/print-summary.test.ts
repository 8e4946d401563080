import { App, Stack } from 'aws-cdk-lib';
import { CostBudget } from '../../src/budgets/cost-budget';
import { BudgetEnforcement } from '../../src/budgets/cost-budget-props';
import { registryOf } from '../../src/estimates/registry';
import { BedrockModel } from '../../src/inference/bedrock-model';
import { ProvisionedModelThroughput } from '../../src/inference/provisioned/provisioned-model-throughput';
import { CostEstimates } from '../../src/registration/cost-estimates';

const TITLE = 'Amazon Bedrock, estimated cost a month';
const { CDK_OUTDIR } = process.env;
beforeEach(() => { delete process.env.CDK_OUTDIR; });
afterEach(() => {
  jest.restoreAllMocks();
  if (CDK_OUTDIR === undefined) delete process.env.CDK_OUTDIR;
  else process.env.CDK_OUTDIR = CDK_OUTDIR;
});

/** Runs an app as the CDK CLI does, or as a unit test does, and keeps what it prints on standard error. */
function synth(app: App, isForCli = true, fault?: Error): { readonly printed: string; readonly error?: Error } {
  if (isForCli) process.env.CDK_OUTDIR = app.outdir;
  let printed = '';
  jest.spyOn(process.stderr, 'write').mockImplementation(((text: string, done?: (error?: Error) => void) => {
    printed += text;
    done?.(fault);
    if (fault) process.nextTick(() => process.stderr.emit('error', fault));
    return true;
  }) as typeof process.stderr.write);
  try {
    app.synth();
    return { printed };
  } catch (error) {
    return { printed, error: error as Error };
  } finally {
    jest.mocked(process.stderr.write).mockRestore();
  }
}

/** 100,000 requests of 2,000 tokens at Nova Pro's $0.80 a million: $160.00. */
function appWith(context: { readonly [key: string]: unknown }, enforcement = BudgetEnforcement.BLOCK): App {
  const app = new App({ context });
  const stack = new Stack(app, 'Stack', { env: { region: 'us-west-2' } });
  CostEstimates.of(stack).addOnDemand('Traffic', { model: 'amazon.nova-pro-v1:0', requestsPerMonth: 100_000, inputTokensPerRequest: 2_000 });
  new ProvisionedModelThroughput(stack, 'Units', { model: BedrockModel.of('amazon.nova-pro-v1:0'), modelUnits: -1 });
  new CostBudget(stack, 'Budget', { monthlyLimitUsd: 100, enforcement });
  return app;
}

describe.each([BudgetEnforcement.BLOCK, BudgetEnforcement.ACKNOWLEDGEABLE])('an app with a budget of %s and a setting that is refused', (enforcement) => {
  test.each([
    ['priceBook', 'none.yaml', /none\.yaml: cannot be read: there is no such file/],
    ['priceBook', 7, /context 'cdk-bedrock-cost:priceBook' must be the path of a file, got 7/],
    ['usage', 'none.yaml', /context 'cdk-bedrock-cost:usage': none\.yaml: cannot be read/],
    ['hoursPerMonth', 'many', /context 'cdk-bedrock-cost:hoursPerMonth' must be a number above 0 and at most 744, got "many"/],
    ['today', 'tomorrow', /context 'cdk-bedrock-cost:today' must be a day as YYYY-MM-DD, got "tomorrow"/],
    ['allowDerivedRates', 'perhaps', /context 'cdk-bedrock-cost:allowDerivedRates' must be true or false, got "perhaps"/],
    ['maxPriceAgeDays', -1, /context 'cdk-bedrock-cost:maxPriceAgeDays' must be a whole number of days, 0 or more, got -1/],
    ['severity', 'loud', /context 'cdk-bedrock-cost:severity' must be a mapping/],
  ])('%s: %j is refused together with all other problems', (key, value, message) => {
    const { error } = synth(appWith({ [`cdk-bedrock-cost:${key}`]: value }, enforcement));
    expect(error?.message).toMatch(/^Validation failed with the following errors:/);
    expect(error?.message).toMatch(message);
    expect(error?.message).toContain('[Stack/Units] bedrock-cost-invalid-input: modelUnits must be ');
  });
});

test('a budget that refuses the app prints the summary', () => {
  const { printed, error } = synth(appWith({}));
  expect(error?.message).toContain('[Stack/Budget] bedrock-cost-budget-exceeded: ');
  expect(printed).toContain(TITLE);
  expect(printed).toContain('No report was written');
});

test.each([
  ['is written', undefined],
  // As Node.js does for a closed pipe: the callback first, then the event.
  ['cannot be written', Object.assign(new Error('write EPIPE'), { code: 'EPIPE' })],
])('a summary that %s fails nothing, and leaves no listener on standard error', async (_, fault) => {
  // Jest shares the stream between the test files of a worker, whose listeners come and go.
  const before = process.stderr.listeners('error');
  const { printed, error } = synth(appWith({}), true, fault);
  expect({ printed, error: error?.message }).toEqual({ printed: expect.stringContaining(TITLE), error: expect.stringContaining('bedrock-cost-budget-exceeded: ') });
  await new Promise((resolve) => { setTimeout(resolve, 10); });
  expect(process.stderr.listeners('error').filter((listener) => !before.includes(listener))).toEqual([]);
});

test.each([['in a unit test', {}, false], ['without a summary', { 'cdk-bedrock-cost:summary': 'off' }, true]])('a budget that refuses the app builds no report %s', (_, context, isForCli) => {
  const app = appWith(context);
  // Only a report asks for the monitors.
  const monitors = jest.fn(() => []);
  Object.assign(registryOf(app).budgets[0], { monitors });
  const { printed, error } = synth(app, isForCli);
  expect(error?.message).toContain('[Stack/Budget] bedrock-cost-budget-exceeded: ');
  expect({ printed, built: monitors.mock.calls.length }).toEqual({ printed: '', built: 0 });
});
