import { listed, marketplace, NAMES, NOVA_2_LITE_INPUT, reasonOf } from './listed';
import { ListedSku, ListedTerm } from '../../src/price-list/listed-sku';
import { ImportResult, PriceListImport } from '../../src/price-list/price-list-import';

function imported(...skus: readonly ListedSku[]): ImportResult {
  const rows = new PriceListImport(NAMES);
  skus.forEach((sku) => rows.add(sku));
  return rows.result();
}

function term(effectiveDate: string | undefined, usd: string): ListedTerm {
  return { effectiveDate, prices: [{ unit: '1K tokens', usd, currencies: ['USD'], description: '', beginRange: '0', endRange: 'Inf' }] };
}

function withTerms(...terms: readonly ListedTerm[]): ListedSku {
  return { ...listed(NOVA_2_LITE_INPUT), terms };
}

/** The in-region rates as [usd, effectiveDate, endDate, asOf]. */
function inRegion({ rates }: ImportResult): unknown[] {
  return rates.filter(({ scope }) => scope === 'in-region').map(({ usd, effectiveDate, endDate, asOf }) => [usd, effectiveDate, endDate, asOf]);
}

describe('the terms of one SKU', () => {
  test('each become a rate that ends where the next one begins', () => {
    const result = imported(withTerms(term('2026-09-01', '0.0004'), term('2026-01-01', '0.0002'), term('2026-05-01', '0.0003')));
    expect(inRegion(result)).toEqual([
      ['0.0002', '2026-01-01', '2026-05-01', '2026-09-11'], ['0.0003', '2026-05-01', '2026-09-01', '2026-09-11'], ['0.0004', '2026-09-01', undefined, '2026-09-11'],
    ]);
  });

  test('two of one day are a conflict, two without a day not understood', () => {
    expect(imported(withTerms(term('2026-01-01', '0.0002'), term('2026-01-01', '0.0003'))).summary).toMatchObject({ skusRead: 1, conflicting: 1, priced: 0, rates: 0 });
    expect(reasonOf(withTerms(term(undefined, '0.0002'), term('2026-01-01', '0.0003')))).toEqual({ notUnderstood: 'several terms, not all of them dated' });
  });

  test('one of them at $0 is not understood', () => {
    expect(reasonOf(withTerms(term('2026-01-01', '0'), term('2026-05-01', '0.0003')))).toEqual({ notUnderstood: 'several terms, some of them without a price' });
  });

  test('none of them is no price on demand', () => {
    expect(reasonOf(withTerms())).toEqual({ skipped: 'no price on demand' });
  });

  test.each([
    ['several prices', { ...term('2026-01-01', '0.1'), prices: [...term('', '0.1').prices, ...term('', '0.2').prices] }],
    ['an end of the range', { prices: [{ ...term('', '0.1').prices[0], endRange: '1000' }] }],
    ['a begin of the range', { prices: [{ ...term('', '0.1').prices[0], beginRange: '1000' }] }],
  ])('%s: a price that depends on the quantity is not understood', (_, tiered) => {
    expect(reasonOf(withTerms(tiered))).toEqual({ notUnderstood: 'a price that depends on the quantity' });
  });

  test('a price in another currency only, or one that is no decimal number, is not understood', () => {
    expect(reasonOf(listed(NOVA_2_LITE_INPUT, { usd: undefined, currencies: ['CNY'] }))).toEqual({ notUnderstood: 'no price in USD, only in CNY' });
    expect(reasonOf(listed(NOVA_2_LITE_INPUT, { usd: '3.3E-4' }))).toEqual({ notUnderstood: 'a price that is no decimal number' });
  });
});

describe('rows of several files', () => {
  test('that are equal are one rate, the one that was read last', () => {
    const result = imported(
      listed(NOVA_2_LITE_INPUT, { publicationDate: '2026-08-11', effectiveDate: '2026-08-01' }), listed(NOVA_2_LITE_INPUT, { publicationDate: '2026-09-11', effectiveDate: '2026-09-01' }),
    );
    expect(inRegion(result)).toEqual([['0.00033', '2026-08-01', undefined, '2026-09-11']]);
    expect(result.summary).toMatchObject({ skusRead: 2, priced: 2, rates: 2, mergedRates: 2 });
  });

  test('of one SKU whose price changed follow each other', () => {
    const result = imported(
      listed(NOVA_2_LITE_INPUT, { publicationDate: '2026-09-11', effectiveDate: '2026-09-01', usd: '0.0004' }), listed(NOVA_2_LITE_INPUT, { publicationDate: '2026-01-11', effectiveDate: '2026-01-01' }),
    );
    expect(inRegion(result)).toEqual([['0.00033', '2026-01-01', '2026-09-01', '2026-01-11'], ['0.0004', '2026-09-01', undefined, '2026-09-11']]);
  });

  test('of two SKUs in different units with one price are one rate', () => {
    const { summary } = imported(listed(NOVA_2_LITE_INPUT, { sku: 'A' }), listed(NOVA_2_LITE_INPUT, { sku: 'B', unit: '1M tokens', usd: '0.33' }));
    expect(summary).toMatchObject({ priced: 2, rates: 2, mergedRates: 2, conflicting: 0 });
  });

  test('of two SKUs with two prices are a conflict: neither is in the book, both are listed', () => {
    const { rates, summary } = imported(
      listed(NOVA_2_LITE_INPUT, { sku: 'A' }), listed(NOVA_2_LITE_INPUT, { sku: 'B', usd: '0.00034', effectiveDate: '2026-09-01' }), listed({ ...NOVA_2_LITE_INPUT, regionCode: 'eu-west-1' }, { sku: 'C' }),
    );
    expect(rates.map(({ source }) => source)).toEqual(['price-list-sku:C', 'price-list-sku:C']);
    expect(summary).toMatchObject({ skusRead: 3, priced: 1, conflicting: 2 });
    expect(summary.conflicts.map(({ of }) => of.scope)).toEqual(['in-region']);
    expect(summary.conflicts[0].of).toEqual({ model: 'amazon.nova-2-lite-v1:0', kind: 'input', region: 'us-east-1', scope: 'in-region' });
    expect(summary.conflicts[0].rows).toEqual([
      { sku: 'A', usagetype: 'USE1-Nova2.0Lite-input-tokens', usd: '0.00033', unit: '1K tokens', effectiveDate: '2026-08-01' },
      { sku: 'B', usagetype: 'USE1-Nova2.0Lite-input-tokens', usd: '0.00034', unit: '1K tokens', effectiveDate: '2026-09-01' },
    ]);
  });

  test('of two offers are one book, whose rates do not depend on the order', () => {
    const skus = [listed(NOVA_2_LITE_INPUT, { sku: 'A' }), marketplace('InputTokenCount', 'Million Input Tokens', '1.1'), listed({ ...NOVA_2_LITE_INPUT, model: 'Nova 3' }, { sku: 'C' })];
    expect(imported(...skus).rates).toEqual(imported(...[...skus].reverse()).rates);
  });
});

test('SKUs that are not understood are listed with their attributes and prices, and counted by reason', () => {
  const { summary } = imported(listed({ ...NOVA_2_LITE_INPUT, model: 'Nova 3' }, { sku: 'A' }), listed({ ...NOVA_2_LITE_INPUT, model: 'Nova 4' }, { sku: 'B' }));
  expect(summary.notUnderstoodByReason).toEqual([{ reason: 'unknown model name', skus: 2 }]);
  expect(summary.notUnderstoodSkus[0]).toEqual({
    sku: 'A', offerCode: 'AmazonBedrock', reason: 'unknown model name', attributes: { regionCode: 'us-east-1', ...NOVA_2_LITE_INPUT, model: 'Nova 3' }, prices: [{ usd: '0.0003300000', unit: '1K tokens', description: '' }],
  });
});
