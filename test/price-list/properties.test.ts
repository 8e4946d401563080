import { fc } from '../fast-check';
import { excerpt, OFFERS } from './excerpts';
import { NAMES } from './listed';
import { ListedSku, ListedTerm } from '../../src/price-list/listed-sku';
import { PriceListFile, SkuSink } from '../../src/price-list/price-list-file';
import { PriceListImport } from '../../src/price-list/price-list-import';
import { understand } from '../../src/price-list/understand';
import { decimal } from '../../src/pricing/decimal';
import { PriceBook } from '../../src/pricing/price-book/price-book';
import { RateUnit } from '../../src/pricing/price-book/rate';

function realSkus(): ListedSku[] {
  const skus: ListedSku[] = [];
  const sink: SkuSink = { add: (sku) => skus.push(sku), addNotUnderstood: () => { throw new Error('a price without a product'); } };
  for (const offer of OFFERS) {
    const { products, terms, ...header } = excerpt(offer);
    const file = new PriceListFile(sink);
    for (const [name, value] of Object.entries(header)) file.addField(name, value);
    for (const [sku, product] of Object.entries(products)) file.addProduct(sku, product);
    for (const [sku, listed] of Object.entries(terms.OnDemand)) file.addTerms(sku, listed);
    file.end();
  }
  return skus;
}

const REAL = realSkus();
/** Words that AWS uses, and one that it does not. */
const WORDS = ['input', 'output', 'tokens', 'token-count', 'cache-read', 'cache-write', 'batch', 'flex', 'priority', 'cross-region-global', 'cross-region-geo',
  'custom-model', 'long-context', '1h', 'mantle', 'ModelUnits', 'ProvisionedThroughput', 'Customization', 'Storage', 'Guardrail', 'T2I', 'surprise'];

const price = fc.oneof(fc.constantFrom('0', '0.0000000000', '1', '0.0000600000', '-1', 'free'), fc.nat().map((n) => `0.${n}`));
const term: fc.Arbitrary<ListedTerm> = fc.record({
  effectiveDate: fc.constantFrom('2026-01-01', '2026-05-01', undefined),
  prices: fc.array(fc.record({
    unit: fc.constantFrom('1K tokens', '1M tokens', 'Units', 'hour', 'image', 'TextUnit', 'mystery'),
    usd: fc.option(price, { nil: undefined }),
    currencies: fc.constant(['USD']),
    description: fc.constantFrom('', '|Million Input Tokens Global', '|Million Input Tokens', '$0.15 per 1K text units'),
    endRange: fc.constantFrom('Inf', '1000'),
  }), { minLength: 1, maxLength: 2 }),
});
/** A real SKU with some of its fields changed. */
const sku: fc.Arbitrary<ListedSku> = fc.record({
  real: fc.constantFrom(...REAL),
  name: fc.constantFrom('A', 'B', 'C', 'D'),
  usagetype: fc.option(fc.array(fc.constantFrom(...WORDS), { maxLength: 5 }).map((words) => `USE1-NovaLite-${words.join('-')}`), { nil: undefined }),
  model: fc.constantFrom(undefined, 'Nova Lite', 'Nova 99'),
  usd: fc.option(price, { nil: undefined }),
  terms: fc.option(fc.array(term, { maxLength: 3 }), { nil: undefined }),
}).map(({ real, name, usagetype, model, usd, terms }) => ({
  ...real,
  sku: name,
  attributes: { ...real.attributes, ...(usagetype === undefined ? {} : { usagetype }), ...(model === undefined ? {} : { model }) },
  terms: terms ?? (usd === undefined ? real.terms : real.terms.map((t) => ({ ...t, prices: t.prices.map((p) => ({ ...p, usd })) }))),
}));

function imported(skus: readonly ListedSku[]) {
  const rows = new PriceListImport(NAMES);
  skus.forEach((one) => rows.add(one));
  return rows.result();
}

test('every SKU that is read is priced, skipped, not understood or in conflict', () => {
  fc.assert(fc.property(fc.array(sku, { maxLength: 30 }), (skus) => {
    const { rates, summary } = imported(skus);
    expect(summary.skusRead).toBe(skus.length);
    expect(summary.priced + summary.skipped + summary.notUnderstood + summary.conflicting).toBe(skus.length);
    expect(summary.skippedByReason.reduce((total, { skus: n }) => total + n, 0)).toBe(summary.skipped);
    expect(summary.notUnderstoodByReason.reduce((total, { skus: n }) => total + n, 0)).toBe(summary.notUnderstood);
    expect(summary.notUnderstoodSkus).toHaveLength(summary.notUnderstood);
    expect(rates).toHaveLength(summary.rates);
  }));
});

test('every rate passes the checks of the library, and none is $0 for usage that AWS bills', () => {
  fc.assert(fc.property(fc.array(sku, { maxLength: 20 }), (skus) => {
    const { rates } = imported(skus);
    PriceBook.embedded().withRates([...rates]);
    for (const { usd, kind } of rates) if (decimal(usd).toNumber() === 0) expect(kind).toMatch(/^(?:cache-write|text-unit)/);
  }));
});

test('the book does not depend on the order of the SKUs', () => {
  const inTwoOrders = fc.array(sku, { maxLength: 15 })
    .chain((skus) => fc.tuple(fc.constant(skus), fc.shuffledSubarray(skus, { minLength: skus.length })));
  fc.assert(fc.property(inTwoOrders, ([skus, shuffled]) => {
    expect(imported(shuffled).rates).toEqual(imported(skus).rates);
  }));
});

test('a price in 1M tokens and the same in 1K tokens are 1,000 times apart', () => {
  const input = REAL.find((one) => one.sku === 'QRGWJ3P8FT28EYX2')!;
  fc.assert(fc.property(fc.integer({ min: 1, max: 1e9 }), (n) => {
    const usd = `0.${String(n).padStart(10, '0')}`;
    const rateIn = (unit: string) => {
      const reading = understand({ ...input, terms: [{ prices: [{ unit, usd, currencies: ['USD'], description: '' }] }] }, NAMES);
      if (!('understood' in reading)) throw new Error(JSON.stringify(reading));
      return reading.understood[0].rate;
    };
    expect([rateIn('1K tokens').unit, rateIn('1M tokens').unit]).toEqual([RateUnit.THOUSAND_TOKENS, RateUnit.MILLION_TOKENS]);
    expect(rateIn('1K tokens').usd).toBe(rateIn('1M tokens').usd);
  }));
});

test('a guardrail price is shifted by three digits, exactly', () => {
  const units = REAL.find((one) => one.sku === '22JCSSB8Q7DZHH75')!;
  fc.assert(fc.property(fc.integer({ min: 1, max: 1e9 }), (n) => {
    const usd = `0.${String(n).padStart(12, '0')}`;
    const reading = understand({ ...units, terms: [{ prices: [{ unit: 'TextUnit', usd, currencies: ['USD'], description: '' }] }] }, NAMES);
    if (!('understood' in reading)) throw new Error(JSON.stringify(reading));
    // n x 10^-12 for one is n x 10^-9 for a thousand: nine digits behind the point.
    const digits = String(n).padStart(10, '0');
    expect(decimal(reading.understood[0].rate.usd).toFixed(9)).toBe(`${digits.slice(0, 1)}.${digits.slice(1)}`);
  }));
});
