import { bookOf, rate } from './book-of';
import { BookDiff, diffBooks } from '../../src/price-book-review/diff-books';
import { verifyBook } from '../../src/price-book-review/verify-book';
import { PriceBook } from '../../src/pricing/price-book/price-book';
import { renderBookDiffTable } from '../../src/render/render-book-diff';

const diff = (before: readonly object[], after: readonly object[], filter = {}) =>
  diffBooks({ name: 'old', book: bookOf(before) }, { name: 'new', book: bookOf(after) }, filter);
const changes = ({ models }: BookDiff) => models.flatMap((model) => model.changes);
const counts = ({ summary: { added, removed, changed, unchanged } }: BookDiff) => [added, removed, changed, unchanged];
const INPUT = rate('input', '3');

test('a price that rises and one that falls, absolute and in percent', () => {
  const result = diff([INPUT, rate('output', '16')], [rate('input', '3.1'), rate('output', '15.5')]);
  // 3.1 - 3 = 0.1, a thirtieth: 3.333333 %; 15.5 - 16 = -0.5, 0.5 / 16 = 3.125 %
  expect(changes(result).map(({ what, oldUsd, newUsd, deltaUsd, percent }) => [what, oldUsd, newUsd, deltaUsd, percent])).toEqual([
    ['input', '3', '3.1', '0.1', '3.333333'], ['output', '16', '15.5', '-0.5', '-3.125'],
  ]);
  expect([result.summary.largestRise?.what, result.summary.largestFall?.what]).toEqual(['input', 'output']);
  expect([result.old, result.new]).toEqual([{ name: 'old', asOf: '2026-11-01' }, { name: 'new', asOf: '2026-11-01' }]);
});

test('added and removed prices', () => {
  const result = diff([INPUT, rate('cache-read', '0.3')], [INPUT, rate('text-unit', '0.15', { model: '*', unit: '1K text units', policy: 'content-text' })]);
  expect(counts(result)).toEqual([1, 1, 0, 1]);
  expect(changes(result)).toEqual([
    expect.objectContaining({ change: 'added', model: '*', what: 'text-unit, content-text', oldUsd: null, newUsd: '0.15', deltaUsd: null, percent: null, unit: '1K text units' }),
    expect.objectContaining({ change: 'removed', model: 'example.model-v1', what: 'cache-read', oldUsd: '0.3', newUsd: null }),
  ]);
});

describe('the prices of a book compared with itself', () => {
  const NO_REGION = { model: '*', unit: '1K text units', policy: 'content-text' };
  const unchanged = (book: PriceBook) => diffBooks({ name: 'a', book }, { name: 'b', book }, {}).summary;
  const verified = (book: PriceBook) => verifyBook(book, { today: '2026-11-23', maxDays: 120 }).summary;

  test.each<[string, () => PriceBook]>([
    ['the embedded one', () => PriceBook.embedded()],
    ['a book of three regions and of none', () => bookOf([INPUT, rate('input', '3', { region: 'us-west-2' }), rate('text-unit', '1', { ...NO_REGION, region: undefined })])],
    ['one above the embedded one', () => bookOf([rate('input', '3', { model: 'amazon.nova-pro-v1:0', region: 'us-west-2', scope: 'in-region' })], { base: 'embedded' })],
    ['one with prices of several days', () => bookOf([rate('input', '3', { endDate: '2026-12-01' }), rate('input', '2', { effectiveDate: '2026-12-01' })])],
  ])('are as many as verify counts in %s', (_, make) => {
    const book = make();
    const { rates, ratesByKind, sources } = verified(book);
    expect(unchanged(book)).toMatchObject({ added: 0, removed: 0, changed: 0, unchanged: rates });
    expect(Object.values(ratesByKind).reduce((a, b) => a + b)).toBe(rates);
    expect(sources.reduce((sum, source) => sum + source.rates, 0)).toBe(rates);
  });

  test('are those of the embedded book: rows by region, and once where their source names none', () => {
    const groups = PriceBook.embedded()._layers.flat();
    const byHand = groups.reduce((sum, { regions = [''], regionAssumed }) => sum + (regionAssumed ? 1 : regions.length), 0);
    expect(unchanged(PriceBook.embedded()).unchanged).toBe(byHand);
  });

  test('count a price without a region once when it changes, and by region when the other book names them', () => {
    // Rates that the embedded book takes to hold in us-east-1, us-east-2 and us-west-2.
    const assumed = { ...INPUT, region: undefined, regions: ['us-east-1', 'us-east-2', 'us-west-2'], regionAssumed: true };
    const of = (...rates: object[]) => ({ _layers: [rates], asOf: '2026-11-01', _day: '2026-11-01' }) as unknown as PriceBook;
    const between = (before: PriceBook, after: PriceBook) => counts(diffBooks({ name: 'a', book: before }, { name: 'b', book: after }));
    expect(between(of(assumed), of({ ...assumed, usd: '4' }))).toEqual([0, 0, 1, 0]);
    expect(between(of(assumed), of())).toEqual([0, 1, 0, 0]);
    expect(between(of(assumed), of({ ...assumed, regionAssumed: false, regions: [...assumed.regions, 'eu-west-1'] }))).toEqual([1, 0, 0, 3]);
  });
});

test('tokens are compared per million, in any unit of the books', () => {
  expect(counts(diff([rate('input', '0.0030', { unit: '1K tokens' })], [INPUT]))).toEqual([0, 0, 0, 1]);
  expect(changes(diff([rate('input', '0.0030', { unit: '1K tokens' })], [rate('input', '6')]))).toEqual([
    expect.objectContaining({ oldUsd: '3', newUsd: '6', deltaUsd: '3', percent: '100', unit: '1M tokens' }),
  ]);
});

test('regions in which the same happened share a line', () => {
  const inRegions = (usd: string, last: string) => ['us-west-2', 'eu-west-1', 'us-east-1'].map((region, i) => rate('input', i === 2 ? last : usd, { region }));
  const result = diff(inRegions('3', '3'), inRegions('2', '1'));
  expect(changes(result).map(({ regions, percent }) => [regions, percent])).toEqual([[['eu-west-1', 'us-west-2'], '-33.333333'], [['us-east-1'], '-66.666667']]);
  expect(counts(result)).toEqual([0, 0, 3, 0]);
  expect(result.summary.largestFall?.regions).toEqual(['us-east-1']);
});

test('a date or a word that a book spells out is no change', () => {
  expect(counts(diff([INPUT], [rate('input', '3', { effectiveDate: '2026-11-01', tier: 'standard', context: 'standard', asOf: '2026-11-20', source: 'another' })]))).toEqual([0, 0, 0, 1]);
});

test('an announced price is listed beside the current price, which now ends', () => {
  const result = diff([INPUT], [rate('input', '3', { endDate: '2026-12-01' }), rate('input', '2', { effectiveDate: '2026-12-01' })]);
  expect(changes(result).map(({ change, what, newUsd, newEndDate }) => [change, what, newUsd, newEndDate])).toEqual([
    ['changed', 'input', '3', '2026-12-01'], ['added', 'input, from 2026-12-01', '2', null],
  ]);
});

describe('the days until which a price holds', () => {
  const LAST = { endDate: '2026-12-01', reviewAfter: '2026-11-21' };
  const FIELDS = { change: 'changed', oldUsd: '3', newUsd: '3', deltaUsd: '0', percent: '0' };

  test.each([
    ['that it ends', {}, { endDate: '2026-12-01' }, [null, '2026-12-01', null, null]],
    ['that it ends no longer', { endDate: '2026-12-01' }, {}, ['2026-12-01', null, null, null]],
    ['that its guarantee is extended', LAST, { ...LAST, reviewAfter: '2026-12-21' }, ['2026-12-01', '2026-12-01', '2026-11-21', '2026-12-21']],
  ])('are part of it: %s', (_, before, after, [oldEndDate, newEndDate, oldReviewAfter, newReviewAfter]) => {
    const result = diff([rate('input', '3', before)], [rate('input', '3', after)]);
    expect(changes(result)).toEqual([expect.objectContaining({ ...FIELDS, oldEndDate, newEndDate, oldReviewAfter, newReviewAfter })]);
    expect([counts(result), result.summary.largestRise, result.summary.largestFall]).toEqual([[0, 0, 1, 0], null, null]);
  });

  test('that are the same are no change', () => {
    expect(counts(diff([rate('input', '3', LAST)], [rate('input', '3', { ...LAST, asOf: '2026-11-20' })]))).toEqual([0, 0, 0, 1]);
  });

  test('are shown in the line of the change', () => {
    const table = renderBookDiffTable(diff([rate('input', '3'), rate('output', '4', LAST)], [rate('input', '3', LAST), rate('output', '5', LAST)]));
    expect(table).toMatch(/changed +input .*\$3\.00 +-> +\$3\.00 .*us-east-1 +ends: - -> 2026-12-01, guaranteed until: - -> 2026-11-21$/m);
    expect(table).toMatch(/changed +output .*us-east-1 *$/m);
  });
});

test('scopes, tiers and terms are prices of their own', () => {
  const before = [rate('input', '3', { scope: 'geo' }), rate('input', '1.5', { tier: 'batch' }), rate('reserved-input', '0.18', { termMonths: 1, unit: '1K TPM hour' })];
  const after = [rate('input', '3', { scope: 'global' }), rate('input', '1.5', { tier: 'flex' }), rate('reserved-input', '0.18', { termMonths: 3, unit: '1K TPM hour' })];
  expect(counts(diff(before, after))).toEqual([3, 3, 0, 0]);
});

test('a price that was $0 has no percentage', () => {
  const { summary, models } = diff([rate('cache-write-5m', '0')], [rate('cache-write-5m', '1')]);
  expect([models[0].changes[0].deltaUsd, models[0].changes[0].percent, summary.largestRise]).toEqual(['1', null, null]);
});

test('only the model or the region that is asked for', () => {
  const before = [INPUT, rate('input', '3', { region: 'eu-west-1' }), rate('input', '3', { model: 'example.other-v1' }), rate('input', '3', { model: 'example.third-v1', region: undefined })];
  expect(counts(diff(before, [rate('output', '1', { region: 'us-test-1' })], { model: 'us.example.model-v1' }))).toEqual([1, 2, 0, 0]);
  expect(counts(diff(before, [rate('output', '1', { region: 'us-test-1' })], { region: 'eu-west-1' }))).toEqual([0, 2, 0, 0]);
});

test('the embedded book is as itself', () => {
  const book = PriceBook.embedded();
  expect(counts(diffBooks({ name: 'a', book }, { name: 'b', book })).slice(0, 3)).toEqual([0, 0, 0]);
});

test("the user's own rate above the embedded book is a change of it", () => {
  const model = 'amazon.nova-pro-v1:0';
  const above = bookOf([rate('input', '0.4', { model, scope: 'in-region' })], { base: 'embedded' });
  const result = diffBooks({ name: 'embedded', book: PriceBook.embedded() }, { name: 'mine', book: above });
  // List price: 0.80
  expect(changes(result)).toEqual([expect.objectContaining({ model, scope: 'in-region', regions: ['us-east-1'], oldUsd: '0.8', newUsd: '0.4', percent: '-50' })]);
});

// A few seconds; were it quadratic, it would not be done by the end of the time that is given here.
test('a hundred thousand rates are compared', () => {
  const many = (usd: string) => Array.from({ length: 100_000 }, (_, i) => rate('input', usd, { model: `example.model-${i % 500}`, region: `us-test-${Math.floor(i / 500)}` }));
  expect(counts(diff(many('3'), many('4')))).toEqual([0, 0, 100_000, 0]);
}, 90_000);

describe('a price of which one book states days', () => {
  const shown = (result: BookDiff) => changes(result).map(({ change, what, oldUsd, newUsd }) => [change, what, oldUsd, newUsd]);

  test('is compared by the rates in force', () => {
    const dated = [rate('input', '0.06', { endDate: '2026-08-01' }), rate('input', '0.05', { effectiveDate: '2026-08-01' })];
    expect(shown(diff([rate('input', '0.06')], dated))).toEqual([
      ['changed', 'input', '0.06', '0.05'], ['added', 'input, until 2026-08-01', null, '0.06'],
    ]);
    expect(shown(diff(dated, [rate('input', '0.06')]))).toEqual([
      ['changed', 'input', '0.05', '0.06'], ['removed', 'input, until 2026-08-01', '0.06', null],
    ]);
  });

  test('is as it was announced once the day has come', () => {
    const series = (asOf: string) => [rate('input', '3', { asOf, endDate: '2026-12-01' }), rate('input', '2', { asOf, effectiveDate: '2026-12-01' })];
    expect(counts(diff(series('2026-11-01'), series('2026-12-15')))).toEqual([0, 0, 0, 2]);
    expect(shown(diff(series('2026-11-01'), [rate('input', '2.5', { asOf: '2026-12-15' })]))).toEqual([
      ['changed', 'input', '2', '2.5'], ['removed', 'input, until 2026-12-01', '3', null],
    ]);
  });
});

test('fails for a region that neither book knows, with names like it', () => {
  expect(() => diff([INPUT], [INPUT], { region: 'us-east-9' })).toThrow('--region must be a region that one of the price books holds, got "us-east-9". Did you mean us-east-1?');
  expect(counts(diff([INPUT], [rate('input', '4', { region: undefined })], { region: 'us-east-1' }))).toEqual([1, 1, 0, 0]);
});
