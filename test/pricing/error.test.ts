import { describe as describeValue, PricingError } from '../../src/pricing/error';
import { PriceBook } from '../../src/pricing/price-book';
import { Rate } from '../../src/pricing/rate';

class Model {}
const itself: { part?: unknown } = {};
itself.part = itself;
const deep = JSON.parse(`${'['.repeat(5_000)}${']'.repeat(5_000)}`) as unknown;

test.each<[unknown, string]>([
  [undefined, 'undefined'], [null, 'null'], ['a', '"a"'], [1.5, '1.5'], [NaN, 'NaN'], [7n, '7n'],
  [{ a: 1 }, '{"a":1}'], [[], '[]'], [new Model(), 'an object of class Model'], [() => 1, 'a function'], [Model, 'the function or class Model'],
  [Symbol('x'), 'a symbol'],
  [{ a: 1n }, '{"a":"1n"}'],
  [itself, 'a value that contains itself'],
  [{ toJSON: () => undefined }, 'a value that has no JSON'],
  [{ toJSON: () => { throw new Error('no'); } }, 'a value that has no JSON'],
  ['a'.repeat(200), `"${'a'.repeat(116)}...`],
])('a value is described as JSON or in words: %#', (value, text) => {
  expect(describeValue(value)).toBe(text);
});

test('a value that is nested deeply is described by its beginning or in words', () => {
  expect(describeValue(deep).length).toBeLessThanOrEqual(120);
});

test('a problem inside of something names the place and keeps the rest', () => {
  expect(new PricingError('usd', -1, '0 or more', 'Check it.').in('rates[0].').message).toBe('rates[0].usd must be 0 or more, got -1. Check it.');
  expect(PricingError.about('tier', 'must be left out', 'Remove it.').in('rates[0].').message).toBe('rates[0].tier must be left out. Remove it.');
});

test.each([['input', '1M tokens'], ['image', 'image'], ['output', '1M tokens']])('the model of a rate of the kind %s is asked for without an article of the kind', (kind, unit) => {
  expect(() => PriceBook.embedded().withRates([{ model: '*', kind, unit, usd: '1' } as Rate]))
    .toThrow(`rates[0].model must be a model id, since a price of the kind ${kind} is the price of a model, got "*".`);
});
