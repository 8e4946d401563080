import { CostCalculator } from '../../../src/pricing/calculator';
import { CostEstimate } from '../../../src/pricing/estimate';
import { PriceBook } from '../../../src/pricing/price-book/price-book';
import { lastConfirmed, priceDatesOf } from '../../../src/pricing/price-book/price-dates';
import { Rate, RateKind, RateUnit } from '../../../src/pricing/price-book/rate';
import { bookOf, rate } from '../../price-book-review/book-of';
import { withRates } from '../billing-modes/calculators';

const own = (kind: RateKind, rest: Partial<Rate>): Rate => ({ model: 'own.model-v1', kind, usd: '3', unit: RateUnit.MILLION_TOKENS, ...rest });
const USAGE = { model: 'own.model-v1', requestsPerMonth: 1, inputTokensPerRequest: 1, outputTokensPerRequest: 1 };
const dates = ({ oldestPriceDate, newestPriceDate }: CostEstimate) => [oldestPriceDate, newestPriceDate];

test.each([
  [{ asOf: '2026-07-24' }, '2026-07-24'],
  [{ asOf: '2025-02-01', confirmed: '2026-09-23' }, '2026-09-23'],
  // A confirmation from before the day on which the price was read changes nothing.
  [{ asOf: '2026-09-23', confirmed: '2025-02-01' }, '2026-09-23'],
  [{ asOf: null, confirmed: '2025-02-01' }, '2025-02-01'],
  [{ asOf: 'last summer' }, undefined],
  [{}, undefined],
])('%j was last confirmed on %s', (price, day) => {
  expect(lastConfirmed(price)).toBe(day);
});

test('prices have an oldest and a newest day, and may have none', () => {
  expect(priceDatesOf([{ asOf: '2026-07-24' }, { asOf: '2025-02-01' }, { asOf: '2024-01-01', confirmed: '2026-08-20' }]))
    .toEqual({ oldest: '2025-02-01', newest: '2026-08-20', hasUndated: false });
  expect(priceDatesOf([{ asOf: null }])).toEqual({ oldest: null, newest: null, hasUndated: true });
  expect(priceDatesOf([])).toEqual({ oldest: null, newest: null, hasUndated: false });
});

describe('an estimate', () => {
  const calculator = withRates(
    own(RateKind.INPUT, { asOf: '2025-02-01' }), own(RateKind.OUTPUT, { asOf: '2024-01-01', confirmed: '2026-08-20' }), own(RateKind.CACHE_READ, { asOf: '2023-01-01' }),
  );

  test('has the days of the prices that were used, not those of the book or of its other rates', () => {
    expect(dates(calculator.onDemand(USAGE))).toEqual(['2025-02-01', '2026-08-20']);
    expect(dates(calculator.onDemand({ ...USAGE, outputTokensPerRequest: 0 }))).toEqual(['2025-02-01', '2025-02-01']);
  });

  test('keeps the confirmation of each line, also as JSON', () => {
    const estimate = calculator.onDemand(USAGE);
    expect(estimate.lineItems.map(({ asOf, confirmed }) => [asOf, confirmed])).toEqual([['2025-02-01', undefined], ['2024-01-01', '2026-08-20']]);
    expect(estimate._toJson().lineItems.map((line) => ['confirmed' in line, line.confirmed])).toEqual([[false, undefined], [true, '2026-08-20']]);
    expect(dates(CostEstimate._fromJson(estimate._toJson()))).toEqual(['2025-02-01', '2026-08-20']);
  });

  test('has the days of the rate that a derived one follows from', () => {
    // Claude cache writes are input x 1.25 where the book has such a price in another region: 3 x 1.25
    const claude = (kind: string, usd: string, rest: object) => rate(kind, usd, { model: 'anthropic.claude-sonnet-4-6', asOf: '2026-01-01', confirmed: '2026-10-01', ...rest });
    const book = bookOf([claude('input', '3', {}), claude('output', '15', {}), claude('cache-write-5m', '3.75', { region: 'eu-west-1', asOf: '2020-01-01', confirmed: undefined })]);
    const usage = { model: 'anthropic.claude-sonnet-4-6', region: 'us-east-1', requestsPerMonth: 1, cacheWriteTokensPerRequest: 1 };
    const [line] = new CostCalculator(book).onDemand(usage).lineItems;
    expect(line).toMatchObject({ unitPriceUsd: 3.75, derived: expect.stringContaining('1.25'), asOf: '2026-01-01', confirmed: '2026-10-01' });
  });

  test('without a price has no days', () => {
    expect(dates(calculator.onDemand({ ...USAGE, model: 'own.other-v1' }))).toEqual([undefined, undefined]);
  });

  test('of several has those of all', () => {
    const one = calculator.onDemand({ ...USAGE, outputTokensPerRequest: 0 });
    const other = calculator.onDemand({ ...USAGE, inputTokensPerRequest: 0 });
    expect(dates(CostEstimate._sum([one, other]))).toEqual(['2025-02-01', '2026-08-20']);
  });
});

describe('a day before a price was read', () => {
  const notes = (day: string, rest: Partial<Rate> = { asOf: '2026-07-24' }) =>
    withRatesOn(day, own(RateKind.INPUT, rest)).assumptions.filter((text) => text.includes('the price book has no'));
  const withRatesOn = (day: string, ...rates: Rate[]) => {
    const book = PriceBook.embedded().withRates(rates).forDay(day);
    return new CostCalculator(book).onDemand({ ...USAGE, outputTokensPerRequest: 0 });
  };

  test('is an assumption, never silent', () => {
    expect(notes('2026-07-23')).toEqual(['the price book has no input price of 2026-07-23: the one that was read on 2026-07-24 is used, which may differ']);
  });

  test.each<[string, string, Partial<Rate>]>([
    ['the day on which it was read', '2026-07-24', { asOf: '2026-07-24' }],
    ['a later day', '2026-07-25', { asOf: '2026-07-24' }],
    ['a day since which it is charged', '2026-07-01', { asOf: '2026-07-24', effectiveDate: '2026-07-01' }],
    ['a rate that states no day', '2020-01-01', {}],
  ])('is none for %s', (_, day, rest) => {
    expect(notes(day, rest)).toEqual([]);
  });

  test('is none where no day is asked for', () => {
    expect(withRates(own(RateKind.INPUT, { asOf: '2026-07-24' })).onDemand({ ...USAGE, outputTokensPerRequest: 0 }).assumptions).toEqual([]);
  });
});

test('a book begins with the first of its prices, charged or read, and has no beginning where one holds on any day', () => {
  expect(bookOf([rate('input', '3', { asOf: '2026-07-24' }), rate('output', '3', { asOf: '2026-07-24', effectiveDate: '2026-02-01' })])._firstDay).toBe('2026-02-01');
  expect(bookOf([rate('input', '3', { asOf: '2026-07-24' }), rate('output', '3', { asOf: undefined })])._firstDay).toBeUndefined();
  // prices/: the oldest row is public-quotes-2025-2026, read on 2025-02-01
  expect(PriceBook.embedded()._firstDay).toBe('2025-02-01');
});
