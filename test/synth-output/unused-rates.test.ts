import { mkdtempSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { App, Lazy, Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { ApplicationInferenceProfile } from '../../src/inference/application-inference-profile';
import { BedrockModel } from '../../src/inference/bedrock-model';
import { ProvisionedModelThroughput } from '../../src/inference/provisioned/provisioned-model-throughput';
import { CommitmentDuration, PriceScope, PriceTier, Rate, RateKind, RateUnit } from '../../src/pricing/price-book/rate';
import { CostEstimates } from '../../src/registration/cost-estimates';
import { PriceSettings } from '../../src/registration/price-settings';

const MODEL = 'amazon.nova-pro-v1:0';
const REQUESTS = { requestsPerMonth: 1_000, inputTokensPerRequest: 1_000 };
const USAGE = { model: MODEL, ...REQUESTS };
const rate = (model: string, more: Partial<Rate> = {}): Rate => ({ model, kind: RateKind.INPUT, unit: RateUnit.MILLION_TOKENS, usd: '0.5', ...more });
const file = (content: string, name: string) => {
  const path = join(mkdtempSync(join(tmpdir(), 'rates-')), name);
  writeFileSync(path, content);
  return path;
};
type Add = (stack: Stack) => void;
const traffic: Add = (stack) => { CostEstimates.of(stack).addOnDemand('Traffic', USAGE); };
interface Scene {
  readonly context?: { readonly [key: string]: unknown };
  /** The region of both stacks; null for stacks without one. */
  readonly region?: string | null;
  readonly add?: Add;
}
function warnings(rates: Rate[] | undefined, { context = {}, region = 'us-east-1', add = traffic }: Scene = {}): string[] {
  const app = new App({ context });
  if (rates) PriceSettings.of(app).configure({ rates });
  const stacks = ['A', 'B'].map((id) => new Stack(app, id, region === null ? {} : { env: { region } }));
  stacks.forEach(add);
  return stacks.flatMap((stack) => Annotations.fromStack(stack).findWarning('*', Match.anyValue()).map(({ entry }) => String(entry.data)))
    .filter((text) => text.includes('unused-rates'));
}
const END = ' Check model, kind, region and tier of these rates, or remove them. [ack: bedrock-cost-unused-rates]';

test('a misspelt rate of the code is named once for the app, and one that prices is not', () => {
  expect(warnings([rate(MODEL), rate('amazon.nova-prp-v1:0')])).toEqual([`Rates of your own price nothing in this app: input of amazon.nova-prp-v1:0.${END}`]);
});

test('rates that all price something draw nothing', () => {
  expect(warnings([rate(MODEL)])).toEqual([]);
  expect(warnings(undefined)).toEqual([]);
});

test('a rate for another region than that of the use is named, since the list price is in force', () => {
  expect(warnings([rate(MODEL, { region: 'eu-west-1' })])).toEqual([`Rates of your own price nothing in this app: input of ${MODEL} in eu-west-1.${END}`]);
});

test('a rate of a kind that the app does not use is not named beside one that it uses', () => {
  expect(warnings([rate(MODEL), rate(MODEL, { kind: RateKind.CACHE_READ })])).toEqual([]);
});

test('of a price-book file above the embedded one, only unknown models are named; of one that replaces it, none', () => {
  const book = (base: object) => file(JSON.stringify({ schemaVersion: '1', ...base, rates: [rate(MODEL), rate('amazon.nova-lite-v1:0'), rate('amazon.nova-prp-v1:0')] }), 'book.json');
  expect(warnings(undefined, { context: { 'cdk-bedrock-cost:priceBook': book({ base: 'embedded' }) } }))
    .toEqual([`Rates of your own price nothing in this app: input of amazon.nova-prp-v1:0.${END}`]);
  expect(warnings(undefined, { context: { 'cdk-bedrock-cost:priceBook': book({}) } })).toEqual([]);
});

test('prices of the usage file are checked', () => {
  const usage = file(JSON.stringify({ version: 1, workloads: [{ name: 'A/Traffic', requestsPerMonth: 5 }], prices: [rate('amazon.nova-prp-v1:0')] }), 'usage.json');
  expect(warnings(undefined, { context: { 'cdk-bedrock-cost:usage': usage } })).toEqual([`Rates of your own price nothing in this app: input of amazon.nova-prp-v1:0.${END}`]);
});

test('of many, five are named and the others counted', () => {
  expect(warnings([rate(MODEL), ...[1, 2, 3, 4, 5, 6, 7].map((n) => rate(`example.model-${n}`))])[0])
    .toContain('input of example.model-5; 2 more. Check');
});

/** The rates of an agreement: standard and batch, in the region that is used. */
const AGREED = [PriceTier.STANDARD, PriceTier.BATCH]
  .flatMap((tier) => [RateKind.INPUT, RateKind.OUTPUT].map((kind) => rate(MODEL, { kind, tier, region: 'us-west-2' })));
const PER_HOUR = rate(MODEL, {
  kind: RateKind.MODEL_UNIT_HOUR, unit: RateUnit.HOUR, commitmentDuration: CommitmentDuration.NONE, customModel: false,
});

describe('rates of a region in stacks without one', () => {
  const withDefault = (region: string) => {
    const { CDK_DEFAULT_REGION: before } = process.env;
    process.env.CDK_DEFAULT_REGION = region;
    try {
      return warnings(AGREED, { region: null });
    } finally {
      if (before === undefined) delete process.env.CDK_DEFAULT_REGION;
      else process.env.CDK_DEFAULT_REGION = before;
    }
  };

  test('draw nothing where the region of the machine or of the context is theirs', () => {
    expect(withDefault('us-west-2')).toEqual([]);
    expect(warnings(AGREED, { region: null, context: { 'cdk-bedrock-cost:region': 'us-west-2' } })).toEqual([]);
  });

  test('are named where another region is in force', () => {
    const named = `Rates of your own price nothing in this app: input of ${MODEL} in us-west-2; batch input of ${MODEL} in us-west-2.${END}`;
    // Output is not used, and no rate of the agreement prices the model.
    expect(withDefault('us-east-1')[0]).toContain(`input of ${MODEL} in us-west-2`);
    expect(warnings(AGREED.filter(({ kind }) => kind === RateKind.INPUT), { region: null, context: { 'cdk-bedrock-cost:region': 'us-east-1' } })).toEqual([named]);
  });
});

test('a rate of another tier than that of a use at the list price is not named beside one that prices', () => {
  const add: Add = (stack) => {
    traffic(stack);
    CostEstimates.of(stack).addOnDemand('Europe', { ...USAGE, model: 'eu.amazon.nova-pro-v1:0', requestsPerMonth: 1 });
  };
  expect(warnings(AGREED.map((each) => ({ ...each, region: 'us-east-1', scope: PriceScope.IN_REGION })), { add })).toEqual([]);
});

test('tier and scope of a rate are named', () => {
  expect(warnings([rate(MODEL, { tier: PriceTier.PRIORITY, scope: PriceScope.GLOBAL, region: 'us-east-1' })]))
    .toEqual([`Rates of your own price nothing in this app: priority input of ${MODEL} (global) in us-east-1.${END}`]);
});

test('a rate that prices only a slow or a busy month is used', () => {
  const output = rate(MODEL, { kind: RateKind.OUTPUT });
  const props = { model: BedrockModel.of(MODEL), usage: REQUESTS, highUsage: { ...REQUESTS, outputTokensPerRequest: 5 } };
  expect(warnings([output], { add: (stack) => { new ApplicationInferenceProfile(stack, 'Chat', props); } })).toEqual([]);
});

test('a rate is used whose model is called through a profile, and one of the profile is not by the bare id', () => {
  const through: Add = (stack) => { CostEstimates.of(stack).addOnDemand('Traffic', { ...USAGE, model: `us.${MODEL}` }); };
  expect(warnings([rate(MODEL)], { add: through })).toEqual([]);
  expect(warnings([rate(`us.${MODEL}`)], { add: through })).toEqual([]);
  expect(warnings([rate(`us.${MODEL}`)])).toEqual([`Rates of your own price nothing in this app: input of ${MODEL} (geo).${END}`]);
});

test('a rate of model units is not named where a construct has a price of its own, and one of requests not where units are compared with it', () => {
  const units = (more: object): Add => (stack) => { new ProvisionedModelThroughput(stack, 'Units', { model: BedrockModel.of(MODEL), modelUnits: 1, ...more }); };
  expect(warnings([PER_HOUR], { add: units({ hourlyPricePerModelUnitUsd: 20 }) })).toEqual([]);
  expect(warnings([rate(MODEL)], { add: units({ usage: REQUESTS, tokensPerMinutePerModelUnit: 1_000 }) })).toEqual([]);
});

test('a rate that prices nothing because of usage with Lazy values is judged when they are known', () => {
  const lazily: Add = (stack) => { CostEstimates.of(stack).addOnDemand('Traffic', { ...USAGE, requestsPerMonth: Lazy.number({ produce: () => 7 }) }); };
  expect(warnings([rate(MODEL)], { add: lazily })).toEqual([]);
});
