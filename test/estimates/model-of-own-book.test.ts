import { mkdtempSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { App, Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { CostBudget } from '../../src/budgets/cost-budget';
import { bookText } from '../../src/cli/download/import-files';
import { ApplicationInferenceProfile } from '../../src/inference/application-inference-profile';
import { BatchInference } from '../../src/inference/batch/batch-inference';
import { BedrockModel } from '../../src/inference/bedrock-model';
import { ProfileGeography } from '../../src/inference/profile-geography';
import { ProvisionedModelThroughput } from '../../src/inference/provisioned/provisioned-model-throughput';
import { PriceListImport } from '../../src/price-list/price-list-import';
import { CommitmentDuration } from '../../src/pricing/price-book/rate';
import { CostEstimates } from '../../src/registration/cost-estimates';
import { PriceSettings, PriceSettingsOptions } from '../../src/registration/price-settings';
import { buildReport } from '../../src/synth-output/build-report';
import { burnRateAlarms } from '../budgets/synth';
import { refusals, warnings } from '../inference/synth';
import { listed, NAMES } from '../price-list/listed';

const ID = 'newprovider.new-model-v1:0';
const MODEL = BedrockModel.of(ID);

/** A book of a price list with one model that neither the library nor its availability lists know. */
function importedBook(): string {
  const rows = new PriceListImport(NAMES, { 'New Model 1': ID });
  // By the million: in $2, out $8, half of it in a batch, globally in $1.50 and out $6; a model unit $24, and $20 for a month.
  const prices: readonly (readonly [dimension: string, usd: string, unit?: string])[] = [
    ['input-tokens', '0.002'], ['output-tokens', '0.008'], ['input-tokens-batch', '0.001'], ['output-tokens-batch', '0.004'],
    ['input-tokens-cross-region-global', '0.0015'], ['output-tokens-cross-region-global', '0.006'],
    ['ProvisionedThroughput-NoCommit-ModelUnits', '24', 'hour'], ['ProvisionedThroughput-1month-ModelUnits', '20', 'hour'],
    ['ProvisionedThroughput-NoCommit-ModelUnits-custom-model', '25', 'hour'],
  ];
  prices.forEach(([dimension, usd, unit = '1K tokens'], i) => rows.add(listed({ usagetype: `USE1-NewModel1-${dimension}`, model: 'New Model 1' }, { sku: `SKU${i}`, usd, unit })));
  return bookText(rows.result().rates);
}

let folder: string;
let imported: string;
let own: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'own-book-'));
  imported = join(folder, 'book.json');
  writeFileSync(imported, importedBook());
  own = join(folder, 'own.json');
  writeFileSync(own, importedBook().replace('{ "schemaVersion": "1",', '{ "schemaVersion": "1", "base": "embedded",'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const REQUESTS = { requestsPerMonth: 1_000, inputTokensPerRequest: 1_000, outputTokensPerRequest: 500 };
const JOBS = { jobsPerMonth: 30, recordsPerJob: 1_000, inputTokensPerRecord: 1_000, outputTokensPerRecord: 100 };

/** Everything that has a cost estimate, and each cost worked out by hand. */
const EXPECTED: readonly (readonly [name: string, usd: number, add: (stack: Stack) => unknown])[] = [
  // 1M tokens x $2 + 0.5M x $8
  ['profile', 6, (stack) => new ApplicationInferenceProfile(stack, 'Profile', { model: MODEL, usage: REQUESTS })],
  ['geographic profile', 6, (stack) => new ApplicationInferenceProfile(stack, 'Geo', {
    model: MODEL.throughProfile(ProfileGeography.US), usage: REQUESTS,
  })],
  // 1M x $1.50 + 0.5M x $6
  ['global profile', 4.5, (stack) => new ApplicationInferenceProfile(stack, 'Global', {
    model: MODEL.throughProfile(ProfileGeography.GLOBAL), usage: REQUESTS,
  })],
  // 30,000 records: 30M x $1 + 3M x $4
  ['batch', 42, (stack) => new BatchInference(stack, 'Batch', {
    model: MODEL, inputBucket: new Bucket(stack, 'In'), outputBucket: new Bucket(stack, 'Out'), usage: JOBS,
  })],
  // 730 h x $24, $20 with a commitment of a month, $25 of a custom model
  ['model units', 17_520, (stack) => new ProvisionedModelThroughput(stack, 'Units', { model: MODEL, modelUnits: 1 })],
  ['model units of a context variant', 17_520, (stack) => new ProvisionedModelThroughput(stack, 'Variant', {
    model: BedrockModel.of(`${ID}:24k`), modelUnits: 1,
  })],
  ['model units with a commitment', 14_600, (stack) => new ProvisionedModelThroughput(stack, 'Committed', {
    model: MODEL,
    modelUnits: 1,
    commitmentDuration: CommitmentDuration.ONE_MONTH,
    acknowledgeCommitmentUsd: 14_600,
    usage: REQUESTS,
    tokensPerMinutePerModelUnit: 40,
  })],
  ['model units of a custom model', 18_250, (stack) => new ProvisionedModelThroughput(stack, 'Custom', {
    model: BedrockModel.fromCustomModel('arn:aws:bedrock:us-east-1:111111111111:custom-model/newprovider.new-model-v1:0/abc', ID), modelUnits: 1,
  })],
  ['requests of others', 6, (stack) => CostEstimates.of(stack).addOnDemand('Requests', { model: `us.${ID}`, ...REQUESTS })],
  ['jobs of others', 42, (stack) => CostEstimates.of(stack).addBatch('Jobs', { model: ID, ...JOBS })],
  ['units of others', 14_600, (stack) => CostEstimates.of(stack).addProvisioned('Bought', {
    model: ID, modelUnits: 1, commitmentDuration: CommitmentDuration.ONE_MONTH,
  })],
];

function stackOf(options: PriceSettingsOptions, context: { [key: string]: unknown } = {}): Stack {
  const app = new App({ context });
  PriceSettings.of(app).configure(options);
  return new Stack(app, 'Stack', { env: { account: '111111111111', region: 'us-east-1' } });
}

describe.each<[string, () => Stack]>([
  ['the context key, in place of the embedded book', () => stackOf({}, { 'cdk-bedrock-cost:priceBook': imported })],
  ['the context key, above the embedded book', () => stackOf({}, { 'cdk-bedrock-cost:priceBook': own })],
  ['the settings of the app', () => stackOf({ priceBookFile: imported })],
  ['rates in code', () => stackOf({ rates: JSON.parse(importedBook()).rates })],
])('a model that only the book of %s holds', (_, stackWith) => {
  test.each(EXPECTED)('is priced: %s', (_name, usd, add) => {
    const stack = stackWith();
    add(stack);
    const { monthlyUsd, missingPrices, assumptions } = CostEstimates.of(stack).total();
    expect({ monthlyUsd, missingPrices }).toEqual({ monthlyUsd: usd, missingPrices: [] });
    expect(assumptions.filter((note) => /availab|called|known/.test(note))).toEqual([]);
    expect(Annotations.fromStack(stack).findInfo('*', Match.stringLikeRegexp('availability lists'))).toEqual([]);
    expect(refusals(stack)).toEqual([]);
    expect(warnings(stack).filter((text) => text.includes(ID))).toEqual([]);
  });

  test('is watched by a budget, whose report holds it', () => {
    const stack = stackWith();
    new ApplicationInferenceProfile(stack, 'Profile', { model: MODEL, usage: REQUESTS });
    new CostBudget(stack, 'Budget', { monthlyLimitUsd: 20, emailAddresses: ['finops@example.com'] });
    expect(burnRateAlarms(stack, 1)[0].Metrics[0].Expression).toContain('FILL(r0m0, 0) * 2 + FILL(r0m1, 0) * 8');
    const report = buildReport(stack.node.root);
    expect(report.totals.monthlyUsd).toBe('6');
    expect(report.budgets[0]).toMatchObject({ status: 'ok' });
    expect(refusals(stack)).toEqual([]);
  });
});

test('a model that no book holds is still a missing price', () => {
  const stack = stackOf({}, { 'cdk-bedrock-cost:priceBook': imported });
  const { monthlyUsd, missingPrices } = CostEstimates.of(stack).addOnDemand('Typo', { model: 'newprovider.new-modle-v1:0', ...REQUESTS });
  expect(monthlyUsd).toBeUndefined();
  expect(missingPrices[0]).toMatchObject({ nearestModels: [ID] });
});
