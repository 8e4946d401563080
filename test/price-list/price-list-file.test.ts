import { excerpt } from './excerpts';
import { ListedSku } from '../../src/price-list/listed-sku';
import { PriceListFile } from '../../src/price-list/price-list-file';

class Sink {
  public readonly skus: ListedSku[] = [];
  public readonly orphans: (readonly [string, string])[] = [];
  public add(sku: ListedSku): void { this.skus.push(sku); }
  public addNotUnderstood({ sku }: ListedSku, reason: string): void { this.orphans.push([sku, reason]); }
}

const { products, terms } = excerpt('AmazonBedrockService');
const SKU = '22S2C53YD5GPD2W6';

type Step = (file: PriceListFile) => void;
const header: readonly Step[] = [(file) => file.addField('offerCode', 'AmazonBedrockService'), (file) => file.addField('publicationDate', '2025-12-29T23:12:20Z')];
const product: Step = (file) => file.addProduct(SKU, products[SKU]);
const price: Step = (file) => file.addTerms(SKU, terms.OnDemand[SKU]);

test.each([
  ['products first', [...header, product, price]],
  ['terms first', [...header, price, product]],
  ['the header last', [product, price, ...header]],
])('a product is joined with its price: %s', (_, steps) => {
  const sink = new Sink();
  const file = new PriceListFile(sink);
  steps.forEach((step) => step(file));
  expect(file.end()).toEqual({ offerCode: 'AmazonBedrockService', publicationDate: '2025-12-29' });
  expect(sink.skus).toEqual([{
    sku: SKU,
    offerCode: 'AmazonBedrockService',
    publicationDate: '2025-12-29',
    attributes: {
      usagetype: 'APN1-Claude4Sonnet-cache-read-input-token-count-long-context-cross-region-global',
      inferenceType: 'Input token count long context',
      provider: 'Anthropic',
      featuretype: 'Prompt cache read',
      model: 'Claude Sonnet 4',
      regionCode: 'ap-northeast-1',
      servicename: 'Amazon Bedrock Service',
    },
    terms: [{ effectiveDate: '2025-12-01', prices: [expect.objectContaining({ unit: '1K tokens', usd: '0.0006000000', currencies: ['USD'], beginRange: '0', endRange: 'Inf' })] }],
  }]);
});

test('a product without a price, and a price without a product, are both handed on', () => {
  const sink = new Sink();
  const file = new PriceListFile(sink);
  [...header, product].forEach((step) => step(file));
  file.addTerms('NOSUCHPRODUCT', terms.OnDemand[SKU]);
  file.end();
  expect(sink.skus.map(({ sku, terms: { length } }) => [sku, length])).toEqual([[SKU, 0]]);
  expect(sink.orphans).toEqual([['NOSUCHPRODUCT', 'a price without a product']]);
  expect(file.skus).toBe(2);
});

test.each([
  ['the offerCode "AmazonEC2"', (file: PriceListFile) => file.addField('offerCode', 'AmazonEC2')],
  ['the publicationDate "yesterday"', (file: PriceListFile) => file.addField('publicationDate', 'yesterday')],
  ['a file without offerCode, publicationDate, products', (file: PriceListFile) => file.end()],
  [`the SKU ${SKU} twice among the products`, (file: PriceListFile) => { product(file); product(file); }],
  [`the SKU ${SKU} twice among the terms`, (file: PriceListFile) => { product(file); price(file); price(file); }],
  [`the SKU ${SKU} twice among the products`, (file: PriceListFile) => { price(file); product(file); product(file); }],
  ['the publicationDate "2026-02-31"', (file: PriceListFile) => file.addField('publicationDate', '2026-02-31')],
  [`the SKU ${SKU} twice among the terms`, (file: PriceListFile) => { price(file); price(file); }],
])('fails on %s', (found, step) => {
  expect(() => step(new PriceListFile(new Sink()))).toThrow(`, got ${found}.`);
});

test('an altered product or price never fails, it is not understood later', () => {
  const sink = new Sink();
  const file = new PriceListFile(sink);
  header.forEach((step) => step(file));
  for (const [i, odd] of [null, 1, 'text', [], { attributes: null }, { attributes: { model: 1 } }].entries()) {
    file.addProduct(`P${i}`, odd);
    file.addTerms(`P${i}`, { odd, dimensions: { priceDimensions: { odd } } });
  }
  file.end();
  expect(sink.skus.map(({ attributes }) => attributes)).toEqual([{}, {}, {}, {}, {}, { model: '1' }]);
});

test('an attribute of any name is kept, and one that is no text as it is written', () => {
  const sink = new Sink();
  const file = new PriceListFile(sink);
  header.forEach((step) => step(file));
  file.addProduct('ODD', JSON.parse('{"attributes":{"__proto__":"Batch","contextWindow":1000000,"constructor":"x","empty":null}}'));
  file.addTerms('ODD', {});
  file.end();
  expect(Object.entries(sink.skus[0].attributes)).toEqual([['__proto__', 'Batch'], ['contextWindow', '1000000'], ['constructor', 'x']]);
});

test('a day that the calendar has not is handed on as it is written', () => {
  const sink = new Sink();
  const file = new PriceListFile(sink);
  [...header, product].forEach((step) => step(file));
  file.addTerms(SKU, { one: { effectiveDate: '2026-13-45T00:00:00Z', priceDimensions: {} }, two: { effectiveDate: 5, priceDimensions: {} } });
  expect(sink.skus[0].terms.map(({ effectiveDate }) => effectiveDate)).toEqual(['2026-13-45T00:00:00Z', '5']);
});
