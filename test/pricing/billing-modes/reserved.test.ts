import { calculator, exact, lines, withRates } from './calculators';
import { CostCalculator } from '../../../src/pricing/calculator';
import { PriceBook } from '../../../src/pricing/price-book/price-book';
import { RateKind, RateUnit } from '../../../src/pricing/price-book/rate';

const SONNET = 'anthropic.claude-sonnet-4-5-20250929-v1:0';
const LEAST = { region: 'us-east-1', inputTokensPerMinute: 100_000, outputTokensPerMinute: 10_000 };

describe('the reserved tier', () => {
  test.each([
    // Claude Sonnet 4.5 (page 2026-07-24), an hour of a thousand tokens a minute:
    // geographic, 1 month 0.198 and 0.99: (100 x 0.198 + 10 x 0.99) x 730 = 29.70 x 730
    [`us.${SONNET}`, 1, '21681', '21681'],
    // geographic, 3 months 0.1782 and 0.891: (17.82 + 8.91) x 730 = 26.73 x 730, and three times that
    [`us.${SONNET}`, 3, '19512.9', '58538.7'],
    // global, 1 month 0.18 and 0.90: (18 + 9) x 730
    [`global.${SONNET}`, 1, '19710', '19710'],
  ])('of %s for %d months costs its own rates in every hour', (model, termMonths, monthlyUsd, commitmentUsd) => {
    const estimate = exact(calculator.reserved({ ...LEAST, model, termMonths }));
    expect(estimate).toMatchObject({ monthlyUsd, commitmentUsd, oneTimeUsd: '0' });
  });

  test('shows input and output apart, in thousands of tokens a minute times hours', () => {
    // 100 x 730 x 0.198 and 10 x 730 x 0.99
    const estimate = calculator.reserved({ ...LEAST, model: `us.${SONNET}`, termMonths: 1 });
    expect(lines(estimate)).toEqual(['14454', '7227']);
    expect(estimate.lineItems.map(({ quantity, unit }) => [quantity, unit])).toEqual([[73_000, '1K TPM hour'], [7_300, '1K TPM hour']]);
    expect(estimate.unitCosts).toEqual([{ unit: 'hour', usd: 29.7 }]);
  });

  test('counts the given hours', () => {
    // 29.70 x 744
    expect(exact(calculator.reserved({ ...LEAST, model: `us.${SONNET}`, termMonths: 1, hoursPerMonth: 744 })).monthlyUsd).toBe('22096.8');
  });

  test.each([1, 100, 729.99])('is billed for every hour of the term, 730 a month, where %d are given', (hoursPerMonth) => {
    const estimate = calculator.reserved({ ...LEAST, model: `us.${SONNET}`, termMonths: 3, hoursPerMonth });
    // 26.73 x 730, and three times that
    expect(exact(estimate)).toMatchObject({ monthlyUsd: '19512.9', commitmentUsd: '58538.7' });
    expect(estimate.assumptions).toContain(`a commitment is billed for every hour of its term: 730 hours a month are counted, not ${hoursPerMonth}`);
  });

  test('may be bought for one side alone', () => {
    expect(exact(calculator.reserved({ model: `us.${SONNET}`, region: 'us-east-1', inputTokensPerMinute: 100_000, termMonths: 1 })).monthlyUsd).toBe('14454');
  });

  test('names the AWS account team as the seller', () => {
    const { assumptions } = calculator.reserved({ ...LEAST, model: `us.${SONNET}`, termMonths: 1 });
    expect(assumptions[0]).toContain('sold by the AWS account team');
    expect(assumptions.join()).not.toContain('at least 100,000');
  });

  test.each([[99_999, 10_000], [100_000, 9_999], [100_000, 0]])('reports that %d in and %d out are less than AWS reserves', (inputTokensPerMinute, outputTokensPerMinute) => {
    const estimate = calculator.reserved({ ...LEAST, model: `us.${SONNET}`, inputTokensPerMinute, outputTokensPerMinute, termMonths: 1 });
    expect(estimate.assumptions.join()).toContain('at least 100,000 input and 10,000 output tokens a minute');
    expect(estimate.monthlyUsd).toBeDefined();
  });

  test('without a published rate follows the standard one, with an assumption', () => {
    // Claude Sonnet 4.6, eu-central-1, geographic: standard 3.30 and 16.50 x 0.06 = 0.198 and 0.99
    const usage = { ...LEAST, region: 'eu-central-1', model: 'eu.anthropic.claude-sonnet-4-6', termMonths: 1 };
    const estimate = calculator.reserved(usage);
    expect(exact(estimate).monthlyUsd).toBe('21681');
    expect(estimate.lineItems[0].derived).toContain('x 0.06');
    const strict = new CostCalculator(PriceBook.embedded().withDerivedRates(false)).reserved(usage);
    expect([strict.monthlyUsd, strict.commitmentUsd]).toEqual([undefined, undefined]);
  });

  test.each([
    ['another term', { termMonths: 6 }, 'scope, tier, commitment, term'],
    ['a model that is not reserved', { model: 'amazon.nova-pro-v1:0' }, 'the price book holds none'],
  ])('is a missing price for %s, and so is its commitment', (_, change, hint) => {
    const estimate = calculator.reserved({ ...LEAST, model: `us.${SONNET}`, termMonths: 1, ...change });
    expect([estimate.monthlyUsd, estimate.commitmentUsd]).toEqual([undefined, undefined]);
    expect(estimate.missingPrices.map(({ kind }) => kind)).toEqual(['reserved-input', 'reserved-output']);
    expect(estimate.missingPrices[0].hint).toContain(hint);
    expect(estimate.unitCosts).toEqual([]);
  });

  test('takes rates of your own', () => {
    // 200 x 0.01 x 730
    const own = withRates({ model: 'own.model', kind: RateKind.RESERVED_INPUT, termMonths: 12, usd: '0.01', unit: RateUnit.THOUSAND_TOKENS_PER_MINUTE_HOUR });
    expect(exact(own.reserved({ model: 'own.model', inputTokensPerMinute: 200_000, termMonths: 12 }))).toMatchObject({ monthlyUsd: '1460', commitmentUsd: '17520' });
  });

  test.each([0, -1, 1.5, NaN, '1', undefined])('fails for a term of %p months', (termMonths) => {
    expect(() => calculator.reserved({ ...LEAST, model: `us.${SONNET}`, termMonths: termMonths as number })).toThrow('termMonths');
  });

  test.each(['inputTokensPerMinute', 'outputTokensPerMinute'])('fails for a negative %s', (field) => {
    expect(() => calculator.reserved({ ...LEAST, model: `us.${SONNET}`, termMonths: 1, [field]: -1 })).toThrow(`${field} must be a number of 0 or more, got -1.`);
  });

  test('fails when neither side is given', () => {
    expect(() => calculator.reserved({ model: `us.${SONNET}`, region: 'us-east-1', termMonths: 1 })).toThrow('one of inputTokensPerMinute, outputTokensPerMinute is required.');
  });

  test('fails for a field that does not exist', () => {
    expect(() => calculator.reserved({ ...LEAST, model: `us.${SONNET}`, termMonths: 1, inputTokenPerMinute: 5 } as never)).toThrow('inputTokenPerMinute is not a known field. Did you mean inputTokensPerMinute?');
  });
});
