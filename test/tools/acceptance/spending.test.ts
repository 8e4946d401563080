import { decimal } from '../../../src/pricing/decimal';
import { PriceBook } from '../../../src/pricing/price-book/price-book';
import { CommitmentDuration, RateKind } from '../../../src/pricing/price-book/rate';
import { CEILING_USD, CeilingReached, planOf, planText, Prices, Spending, totalPlanned } from '../../../tools/acceptance/spending';

// Nova Lite in us-east-1, for a million tokens: $0.06 input, $0.24 output, $0.015 read from the cache, $0 written to it; batch $0.03 and $0.12.
const NOVA_LITE = new Prices('us.amazon.nova-lite-v1:0', 'us-east-1');

test('tokens have the prices of the price book', () => {
  // 1,000 x 0.06 + 500 x 0.24 + 4,000 x 0.015 = 60 + 120 + 60 millionths
  expect(NOVA_LITE.onDemand({ input: 1_000, output: 500, cacheRead: 4_000, cacheWrite: 2_500 }).toFixed()).toBe('0.00024');
  // 100 records of 4,000 and 50: 400,000 x 0.03 + 5,000 x 0.12 = 12,000 + 600 millionths
  expect(NOVA_LITE.batch(100, 4_000, 50).toFixed()).toBe('0.0126');
});

test('a cached token without a price costs as much as two input tokens', () => {
  // us-west-2 has no price of tokens written to the cache: (1,000 + 2 x 100) x 0.06 + 0
  expect(new Prices('us.amazon.nova-lite-v1:0', 'us-west-2').onDemand({ input: 1_000, output: 0, cacheRead: 0, cacheWrite: 100 }).toFixed()).toBe('0.000072');
});

test('a model without prices is not run', () => {
  expect(() => new Prices('us.example.model-v1:0', 'us-east-1').onDemand({ input: 1, output: 1, cacheRead: 0, cacheWrite: 0 })).toThrow(/no price/);
});

test('the plan is far below the ceiling, and its lines are its total', () => {
  const plan = planOf(NOVA_LITE, [{ part: 'alarms', otherServicesMonthlyUsd: '3' }, { part: 'AWS Budgets', otherServicesMonthlyUsd: '0' }]);
  // Ten requests: 100 x 0.06 + 50 x 0.24 + 4,000 x 0.015 = 78 millionths each; 60 requests: 18 each. Batch: 100 x 4,000 x 0.03 + 100 x 50 x 0.12
  // = 12,600; with images 100 x 2,000 x 0.03 + 600 = 6,600. A day of $3 is $0.10. 5,000 metrics $0.05; 2,000 transitions $0.05;
  // 2,000 GB-seconds $0.0266668.
  const expected = ['0.00078', '0.00108', '0.0126', '0.0066', '0.1', '0.05', '0.05', '0.0266668'];
  expect(plan.map(({ usd }) => usd.toFixed())).toEqual(expected);
  expect(totalPlanned(plan).toFixed()).toBe('0.2477268');
  expect(totalPlanned(plan).cmp(CEILING_USD)).toBe(-1);
  expect(planText(plan).split('\n').slice(-1)[0]).toMatch(/^Total +\$0\.25$/);
});

test('the ceiling is $5, and a step that could pass it is not taken', () => {
  const spending = new Spending();
  const settle = spending.reserve('a batch', decimal('4.5'));
  expect(() => spending.reserve('a request', decimal('0.51'))).toThrow(CeilingReached);
  expect(() => spending.reserve('a request', decimal('0.51'))).toThrow('a request may cost $0.51, and $4.50 of the ceiling of $5.00 are spent');
  spending.reserve('a request', decimal('0.5'));
  expect(spending.total.toFixed()).toBe('5');
  settle(decimal('1.25'));
  expect(spending.total.toFixed()).toBe('1.75');
  spending.reserve('another one', decimal('3.25'));
  expect(spending.total.toFixed()).toBe('5');
});

test('no hour of provisioned throughput without a commitment is below the ceiling, as the lines without it state', () => {
  const book = PriceBook.embedded();
  const hourly = book._modelIds.flatMap((model) => book._ratesOf(model))
    .filter(({ kind, commitmentDuration }) => kind === RateKind.MODEL_UNIT_HOUR && commitmentDuration === CommitmentDuration.NONE)
    .map(({ usd }) => decimal(usd));
  expect(hourly.length).toBeGreaterThan(5);
  expect(hourly.filter((usd) => usd.cmp(CEILING_USD) <= 0)).toEqual([]);
});
