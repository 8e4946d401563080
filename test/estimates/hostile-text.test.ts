import { mkdirSync, mkdtempSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { App, Stack, Tags } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { CostBudget } from '../../src/budgets/cost-budget';
import { BudgetEnforcement, MissingPricePolicy } from '../../src/budgets/cost-budget-props';
import { registryOf } from '../../src/estimates/registry';
import { ApplicationInferenceProfile } from '../../src/inference/application-inference-profile';
import { BatchInference } from '../../src/inference/batch/batch-inference';
import { BedrockModel } from '../../src/inference/bedrock-model';
import { ProvisionedModelThroughput } from '../../src/inference/provisioned/provisioned-model-throughput';
import { CostEstimates } from '../../src/registration/cost-estimates';
import { PriceSettings } from '../../src/registration/price-settings';

/** Terminal escapes, turned writing, invisible letters; all of it is allowed in an id, a file's name and most texts. */
const HOSTILE = '\u001b[31m\u009b2J\u0007\u202e\u2066\u200f\u061c\u{e0041}\ufeff';
/** With a line of its own that looks like one of the CLI. */
const WITH_LINE = `${HOSTILE}\n[Error at /Fake] fake`;
const REQUESTS = { requestsPerMonth: 100_000, inputTokensPerRequest: 2_000 };
const env = { region: 'us-west-2', account: '111122223333' };

const unprintable = (text: string) => text.match(/(?!\n)[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\u{e0000}-\u{e007f}]/gu) ?? [];

/** All texts of ours that reach the screen: annotations, findings of the report, validations. */
function textsOf(app: App): string[] {
  const validations = app.node.findAll().flatMap(({ node }) => node.validate());
  let thrown: string[] = [];
  // CDK's own report of the validation, in which the paths of constructs are as they are.
  const report = jest.spyOn(console, 'error').mockImplementation(() => {});
  try {
    app.synth();
  } catch (e) {
    thrown = (e as Error).message.startsWith('Validation failed') ? [] : [(e as Error).message];
  } finally {
    report.mockRestore();
  }
  const annotations = app.node.findAll().flatMap(({ node }) => node.metadata).filter(({ type }) => /^aws:cdk:(info|warning|error)$/.test(type));
  const { findings } = registryOf(app);
  return [...validations, ...thrown, ...annotations.map(({ data }) => String(data)), ...findings.flatMap(({ message, fix }) => [message, fix ?? ''])];
}

const stackIn = (app: App, id = 'Stack') => new Stack(app, id, { env, stackName: 'Stack' });
const folder = mkdtempSync(join(tmpdir(), 'hostile-'));
function file(content: unknown, name = 'usage.json'): string {
  mkdirSync(join(folder, HOSTILE), { recursive: true });
  const path = join(folder, HOSTILE, name);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}
const withTraffic = (context: { readonly [key: string]: unknown }, model = 'amazon.nova-pro-v1:0') => {
  const app = new App({ context });
  CostEstimates.of(stackIn(app)).addOnDemand('Traffic', { model, ...REQUESTS });
  return app;
};
const usageWith = (workload: object, more: object = {}) => withTraffic({ 'cdk-bedrock-cost:usage': file({ version: 1, workloads: [workload], ...more }) });
const CONTEXT_KEYS = [
  'enabled', 'summary', 'details', 'enforcement', 'region', 'hoursPerMonth', 'priceBook', 'usage', 'today', 'maxPriceAgeDays', 'severity', 'allowDerivedRates', 'dryRun', 'unknown',
];
const budgetWith = (enforcement: BudgetEnforcement, change: (budget: CostBudget) => void = () => {}, id = 'Budget') => {
  const app = withTraffic({ 'cdk-bedrock-cost:details': true });
  change(new CostBudget(app.node.findChild('Stack') as Stack, id, { monthlyLimitUsd: 100, enforcement, onMissingPrice: MissingPricePolicy.FAIL }));
  return app;
};

/** Each place at which a text of the user's comes in. */
const PLACES: { readonly [place: string]: () => App } = {
  ...Object.fromEntries(CONTEXT_KEYS.map((key) => [`the context key ${key}`, () => withTraffic({ [`cdk-bedrock-cost:${key}`]: WITH_LINE })])),
  'the name of a context key': () => withTraffic({ [`cdk-bedrock-cost:${WITH_LINE}`]: 'x' }),
  'a message id and a severity': () => withTraffic({ 'cdk-bedrock-cost:severity': { [WITH_LINE]: 'off' } }),
  'a severity': () => withTraffic({ 'cdk-bedrock-cost:severity': { 'bedrock-cost-estimate': WITH_LINE } }),
  'the name of a usage file that is not JSON': () => withTraffic({ 'cdk-bedrock-cost:usage': file('{', 'broken.json') }),
  'the name of a usage file with an unknown field': () => usageWith({ name: 'Stack/Traffic', [WITH_LINE]: 1 }),
  'the name of a workload': () => usageWith({ name: `Stack/${WITH_LINE}`, requestsPerMonth: 1 }),
  'the type of a workload': () => usageWith({ name: 'Stack/Traffic', type: WITH_LINE }),
  'the model of a workload': () => usageWith({ name: 'Stack/Traffic', model: WITH_LINE, requestsPerMonth: 1 }),
  'the region of a workload': () => usageWith({ name: 'Stack/Traffic', region: WITH_LINE, requestsPerMonth: 1 }),
  'the model of a price': () => usageWith({ name: 'Stack/Traffic', requestsPerMonth: 1 }, { prices: [{ model: WITH_LINE, kind: 'input', usd: '1', unit: '1M tokens' }] }),
  'the name of a price book': () => withTraffic({ 'cdk-bedrock-cost:priceBook': file({ schemaVersion: '2' }, 'book.json') }),
  'a field of a price book': () => withTraffic({ 'cdk-bedrock-cost:priceBook': file({ schemaVersion: '1', rates: [{ model: 'a', kind: 'input', usd: '1', unit: '1M tokens', [WITH_LINE]: 1 }] }, 'field.json') }),
  'a field of a discount': () => {
    const app = new App();
    PriceSettings.of(app).configure({ discounts: [{ percent: 0.5, model: WITH_LINE }, { percent: 0.5, provider: WITH_LINE }] });
    CostEstimates.of(stackIn(app)).addOnDemand('Traffic', { model: 'amazon.nova-pro-v1:0', ...REQUESTS });
    return app;
  },
  'a model of a rate': () => {
    const app = new App();
    PriceSettings.of(app).configure({ rates: [{ model: WITH_LINE, kind: 'input' as never, usd: '1', unit: '1M tokens' as never }] });
    CostEstimates.of(stackIn(app)).addOnDemand('Traffic', { model: 'amazon.nova-pro-v1:0', ...REQUESTS });
    return app;
  },
  'a model': () => withTraffic({ 'cdk-bedrock-cost:details': true }, WITH_LINE),
  'a model with a profile': () => withTraffic({ 'cdk-bedrock-cost:details': true }, `us.amazon.nova${WITH_LINE}`),
  'the quality of images': () => {
    const app = new App();
    CostEstimates.of(stackIn(app)).addImage('Pictures', { model: 'amazon.nova-canvas-v1:0', imagesPerMonth: 1, quality: WITH_LINE });
    return app;
  },
  'ids of constructs': () => {
    const app = new App({ context: { 'cdk-bedrock-cost:details': true } });
    const stack = stackIn(app, `Stack${HOSTILE}`);
    const model = BedrockModel.of('amazon.nova-pro-v1:0');
    const bucket = new Bucket(stack, 'Bucket');
    new ApplicationInferenceProfile(stack, `Chat${HOSTILE}`, { model, usage: REQUESTS, description: HOSTILE });
    new ProvisionedModelThroughput(stack, `Units${HOSTILE}`, { model, modelUnits: 1, commitmentDuration: 'one-month' as never });
    new BatchInference(stack, `Nightly${HOSTILE}`, { model, inputBucket: bucket, outputBucket: bucket, usage: { jobsPerMonth: 1, recordsPerJob: 1, inputTokensPerRecord: 1 } });
    new CostBudget(stack, `Budget${HOSTILE}`, { monthlyLimitUsd: 1, enforcement: BudgetEnforcement.BLOCK });
    return app;
  },
  'names and values of tags': () => {
    const app = withTraffic({});
    const stack = app.node.findChild('Stack') as Stack;
    new ApplicationInferenceProfile(stack, 'Chat', { model: BedrockModel.of('amazon.nova-pro-v1:0'), usage: REQUESTS });
    Tags.of(stack).add(HOSTILE, WITH_LINE);
    return app;
  },
  'props of the wrong type': () => {
    const app = withTraffic({});
    new CostBudget(app.node.findChild('Stack') as Stack, 'Budget', { monthlyLimitUsd: WITH_LINE as never, enforcement: WITH_LINE as never, emailAddresses: [WITH_LINE] });
    return app;
  },
  'a reason and an owner': () => budgetWith(BudgetEnforcement.ACKNOWLEDGEABLE, (budget) => budget.acknowledge({ reason: WITH_LINE, owner: WITH_LINE, maxMonthlyUsd: 1_000, expires: '2027-01-01' })),
  'a reason and an owner of an overrun that outgrew its ceiling': () => budgetWith(BudgetEnforcement.ACKNOWLEDGEABLE, (budget) => budget.acknowledge({ reason: WITH_LINE, owner: WITH_LINE, maxMonthlyUsd: 120, expires: '2027-01-01' })),
  'the last day of an acknowledgement': () => budgetWith(BudgetEnforcement.WARN, (budget) => budget.acknowledge({ reason: 'x', owner: 'y', maxMonthlyUsd: 1_000, expires: WITH_LINE })),
  'the id of a budget that warns': () => budgetWith(BudgetEnforcement.WARN, undefined, `Budget${HOSTILE}`),
};

test.each(Object.keys(PLACES))('%s: nothing unprintable, and no line of its own, reaches the screen', (place) => {
  const texts = textsOf(PLACES[place]());
  expect(texts.filter((text) => unprintable(text).length > 0)).toEqual([]);
  expect(texts.filter((text) => /^\[Error at \/Fake\]/m.test(text))).toEqual([]);
});
