import { mkdtempSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { App, Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { CostEstimates } from '../../src/estimates/cost-estimates';
import { Rate, RateKind, RateUnit } from '../../src/pricing/rate';
import { CostReport } from '../../src/report/cost-report';

const MODEL = 'amazon.nova-pro-v1:0';
const USAGE = { model: MODEL, requestsPerMonth: 1_000, inputTokensPerRequest: 1_000 };
const rate = (model: string, more: Partial<Rate> = {}): Rate => ({ model, kind: RateKind.INPUT, unit: RateUnit.MILLION_TOKENS, usd: '0.5', ...more });
const file = (content: string, name: string) => {
  const path = join(mkdtempSync(join(tmpdir(), 'rates-')), name);
  writeFileSync(path, content);
  return path;
};
function warnings(rates: Rate[] | undefined, context: { readonly [key: string]: unknown } = {}): string[] {
  const app = new App({ context });
  if (rates) CostReport.of(app).configure({ rates });
  const stacks = ['A', 'B'].map((id) => new Stack(app, id, { env: { region: 'us-east-1' } }));
  for (const stack of stacks) CostEstimates.of(stack).addOnDemand('Traffic', USAGE);
  return stacks.flatMap((stack) => Annotations.fromStack(stack).findWarning('*', Match.anyValue()).map(({ entry }) => String(entry.data)));
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

test('of a price-book file above the embedded one, only models that nobody knows are named; of one in its place, nothing is', () => {
  const book = (base: object) => file(JSON.stringify({ schemaVersion: '1', ...base, rates: [rate(MODEL), rate('amazon.nova-lite-v1:0'), rate('amazon.nova-prp-v1:0')] }), 'book.json');
  expect(warnings(undefined, { 'cdk-bedrock-cost:priceBook': book({ base: 'embedded' }) }))
    .toEqual([`Rates of your own price nothing in this app: input of amazon.nova-prp-v1:0.${END}`]);
  expect(warnings(undefined, { 'cdk-bedrock-cost:priceBook': book({}) })).toEqual([]);
});

test('prices of the usage file are checked', () => {
  const usage = file(JSON.stringify({ version: 1, workloads: [{ name: 'A/Traffic', requestsPerMonth: 5 }], prices: [rate('amazon.nova-prp-v1:0')] }), 'usage.json');
  expect(warnings(undefined, { 'cdk-bedrock-cost:usage': usage })).toEqual([`Rates of your own price nothing in this app: input of amazon.nova-prp-v1:0.${END}`]);
});

test('of many, five are named and the others counted', () => {
  expect(warnings([rate(MODEL), ...[1, 2, 3, 4, 5, 6, 7].map((n) => rate(`example.model-${n}`))])[0])
    .toContain('input of example.model-5; 2 more. Check');
});
