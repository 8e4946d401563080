import { costText, largestLine } from '../../src/estimates/cost-text';
import { CostCalculator } from '../../src/pricing/calculator';

const calculator = new CostCalculator();
const LLAMA = { model: 'meta.llama3-1-70b-instruct-v1:0', region: 'us-west-2' };

test('a one-time cost has no share of the month', () => {
  // Llama 3.1 70B: 30 x $7.99 once, 1 x $1.95 a month
  const estimate = calculator.customization({ ...LLAMA, trainingTokens: 10_000_000, epochs: 3, storedModels: 1 })._toJson();
  expect(costText({ type: 'customization', ...LLAMA, estimate }).split('\n').slice(0, 3)).toEqual([
    '$1.95 a month: meta.llama3-1-70b-instruct-v1:0, customization in us-west-2',
    '  training tokens, 3 epochs: 30 x $7.99 per 1M tokens = $239.70 once',
    '  storage of custom models: 1 x $1.95 per month = $1.95 (100 %)',
  ]);
  expect(largestLine(estimate)).toEqual({ description: 'storage of custom models', usd: '1.95', sharePercent: '100' });
});

test('where everything is paid once there is no largest line of the month', () => {
  expect(largestLine(calculator.customization({ ...LLAMA, trainingTokens: 1 })._toJson())).toBeUndefined();
});

test('a one-time cost that is not known is unknown, not left out', () => {
  const usage = { model: 'amazon.nova-pro-v1:0', region: 'us-east-1', trainingTokens: 1 };
  expect(costText({ type: 'customization', ...usage, estimate: calculator.customization(usage)._toJson() })).toContain('\n  paid once: unknown');
});

test('a price that follows from another by a rule is shown with the rule', () => {
  // Claude Sonnet 4.6 in eu-central-1: $3.30 x 0.06 = $0.198; 100 x 730 x $0.198
  const usage = { model: 'eu.anthropic.claude-sonnet-4-6', region: 'eu-central-1', inputTokensPerMinute: 100_000, termMonths: 1 };
  expect(costText({ type: 'reserved', ...usage, estimate: calculator.reserved(usage)._toJson() }))
    .toContain('73,000 x $0.198 per 1K TPM hour = $14,454.00 (100 %), derived: Claude reserved for 1 month');
});
