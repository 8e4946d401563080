import { App, Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { CostBudget } from '../../src/budgets/cost-budget';
import { unknownContextKeys } from '../../src/estimates/unknown-context-keys';
import { CostEstimates } from '../../src/registration/cost-estimates';

const USAGE = { model: 'amazon.nova-pro-v1:0', requestsPerMonth: 1_000, inputTokensPerRequest: 1_000 };
const appWith = (context: { readonly [key: string]: unknown }) => {
  const app = new App({ context });
  const stack = new Stack(app, 'Stack', { env: { region: 'us-east-1' } });
  CostEstimates.of(stack).addOnDemand('Traffic', USAGE);
  return { app, stack };
};
const warningsOf = (stack: Stack) => Annotations.fromStack(stack).findWarning('*', Match.anyValue()).map(({ id, entry }) => ({ id, text: entry.data }));

test('a misspelt key is named with the nearest one', () => {
  expect(unknownContextKeys(['cdk-bedrock-cost:enforcment', 'cdk-bedrock-cost:qqqqqqqqqqqqqqqqqqqqqqqqqqqqqq', 'other:summry', '@aws-cdk/core:x'])).toEqual([
    'Context "cdk-bedrock-cost:enforcment" is not a known key. Did you mean cdk-bedrock-cost:enforcement?',
    'Context "cdk-bedrock-cost:qqqqqqqqqqqqqqqqqqqqqqqqqqqqqq" is not a known key.',
  ]);
});

test('the case of a key counts, as in CDK', () => {
  expect(unknownContextKeys(['cdk-bedrock-cost:pricebook'])).toEqual(['Context "cdk-bedrock-cost:pricebook" is not a known key. Did you mean cdk-bedrock-cost:priceBook?']);
});

test('a key of any length and any characters makes one line', () => {
  const [text] = unknownContextKeys([`cdk-bedrock-cost:\n\u001b[31m${'x'.repeat(100_000)}`]);
  expect(text).not.toMatch(/[\n\u001b]/);
  expect(text.length).toBeLessThan(250);
});

/** The keys that docs/configuration.md documents. */
const DOCUMENTED = [
  'enabled', 'summary', 'details', 'enforcement', 'region', 'hoursPerMonth', 'priceBook', 'usage', 'today', 'maxPriceAgeDays', 'severity',
  'allowDerivedRates', 'dryRun',
].map((name) => `cdk-bedrock-cost:${name}`);

test('every documented key is known', () => {
  expect(unknownContextKeys(DOCUMENTED)).toEqual([]);
});

test('a key that has no effect is unknown', () => {
  expect(unknownContextKeys(['cdk-bedrock-cost:waivers'])).toEqual(['Context "cdk-bedrock-cost:waivers" is not a known key.']);
});

test('all unknown keys of an app draw one warning for any number of stacks and estimates', () => {
  const { app, stack } = appWith({ 'cdk-bedrock-cost:summry': 'off', 'cdk-bedrock-cost:todey': '2026-11-30' });
  const second = new Stack(app, 'Second', { env: { region: 'us-east-1' } });
  CostEstimates.of(stack).addOnDemand('More', USAGE);
  CostEstimates.of(second).addOnDemand('Traffic', USAGE);
  new CostBudget(second, 'Budget', { monthlyLimitUsd: 100 });
  expect(warningsOf(stack)).toEqual([{
    id: '/Stack/Traffic',
    text: 'Context "cdk-bedrock-cost:summry" is not a known key. Did you mean cdk-bedrock-cost:summary? '
      + 'Context "cdk-bedrock-cost:todey" is not a known key. Did you mean cdk-bedrock-cost:today? Correct or remove the key. [ack: bedrock-cost-unknown-context-key]',
  }]);
  expect(warningsOf(second).filter(({ text }) => String(text).includes('context-key'))).toEqual([]);
});

test('known keys draw none', () => {
  expect(warningsOf(appWith({ 'cdk-bedrock-cost:summary': 'off', 'cdk-bedrock-cost:today': '2026-07-01', 'unrelated': 1 }).stack)).toEqual([]);
});
