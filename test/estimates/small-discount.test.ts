import { App, Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { smallDiscounts } from '../../src/estimates/small-discount';
import { CostEstimates } from '../../src/registration/cost-estimates';
import { PriceSettings, PriceSettingsOptions } from '../../src/registration/price-settings';

function priced(options: PriceSettingsOptions, model = 'anthropic.claude-3-haiku-20240307-v1:0') {
  const app = new App();
  PriceSettings.of(app).configure(options);
  const stack = new Stack(app, 'Stack', { env: { region: 'us-east-1' } });
  const { monthlyUsd } = CostEstimates.of(stack).addOnDemand('Traffic', { model, requestsPerMonth: 1_000_000, inputTokensPerRequest: 1_000 });
  return { monthlyUsd, warnings: Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp('small-discount')).map(({ entry }) => String(entry.data)) };
}

test('a fraction instead of a percentage draws one warning with the intended percentage', () => {
  expect(priced({ discountPercent: 0.25 }).warnings).toEqual([
    'The discount of 0.25 % takes less than one cent off a dollar. Did you mean 25? Give discounts in percent. [ack: bedrock-cost-small-discount]',
  ]);
});

test('each small discount of several is named, with what it is given on', () => {
  expect(smallDiscounts([{ percent: 0.07, provider: 'Anthropic' }, { percent: 0.999 }, { percent: 1 }, { percent: 0 }, { percent: 25 }])).toEqual([
    'The discount of 0.07 % on Anthropic takes less than one cent off a dollar. Did you mean 7?',
    'The discount of 0.999 % takes less than one cent off a dollar. Did you mean 99.9?',
  ]);
});

test('a discount of 0 and one of 1 percent or more draw none', () => {
  expect([0, 1, 25, 100].flatMap((discountPercent) => priced({ discountPercent }).warnings)).toEqual([]);
});

test('discountPercent and discounts do not add up: the more specific one counts alone', () => {
  const both: PriceSettingsOptions = { discountPercent: 10, discounts: [{ percent: 25, provider: 'Anthropic' }, { percent: 50 }] };
  // 1,000 million tokens at $0.25 = $250.00; 25 % off = $187.50
  expect(priced(both).monthlyUsd).toBe(187.5);
  // Nova Pro, 1,000 million at $0.80 = $800.00; 10 % off instead of the general 50 % = $720.00
  expect(priced(both, 'amazon.nova-pro-v1:0').monthlyUsd).toBe(720);
});
