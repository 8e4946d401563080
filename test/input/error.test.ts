import { inspect } from 'util';
import { App, Lazy, Stack, Token } from 'aws-cdk-lib';
import { parseReport } from '../../src/cost-report/parse-report';
import { describe as describeValue, PricingError } from '../../src/input/error';
import { PriceBook } from '../../src/pricing/price-book/price-book';
import { Rate } from '../../src/pricing/price-book/rate';
import { CostEstimates } from '../../src/registration/cost-estimates';
import { PriceSettings } from '../../src/registration/price-settings';
import { parseUsageFile } from '../../src/usage-file/usage-file';

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

test('is printed by Node without repeating its fields', () => {
  const error = new PricingError('modelUnits', -5, 'a whole number of 1 or more', 'Set 1.');
  expect(Object.keys(error)).toEqual([]);
  expect(inspect(error).match(/modelUnits/g)).toHaveLength(1);
  expect({ field: error.field, found: error.found, fix: error.in('usage.').fix, name: error.name }).toEqual({ field: 'modelUnits', found: -5, fix: 'Set 1.', name: 'PricingError' });
});

test.each<[unknown, string]>([
  [Lazy.number({ produce: () => 5 }), 'a token'],
  [`a ${Lazy.string({ produce: () => 'x' })}`, 'a token'],
  [Token.asNumber({ Ref: 'Units' }), 'a token'],
  [-1.5e289, '-1.5e+289'], [1e308, '1e+308'], [1e20, '1e+20'], [-5, '-5'], ['x', '"x"'],
])('describes %p as %s', (value, text) => {
  expect(describeValue(value)).toBe(text);
});

test.each([
  ['requestsPerMonth', 1e20, 'a number from 0 to 9007199254740991'],
  ['requestsPerMonth', -1, 'a number of 0 or more'],
])('a usage file with %s: %d names the limit that is exceeded', (field, value, allowed) => {
  const workload = { name: 'It', type: 'on-demand', model: 'amazon.nova-pro-v1:0', requestsPerMonth: 1, inputTokensPerRequest: 1, [field]: value };
  expect(() => parseUsageFile(JSON.stringify({ version: 1, workloads: [workload] }), 'u')).toThrow(`workloads[0].${field} must be ${allowed}, got `);
});

test.each(['version: 1\nworkloads: []', '{"version": "48.0.0", "artifacts": {}}', '[]', 'null', '5'])('a file that is not a report is reported as such: %j', (text) => {
  expect(parseReport(text)).toEqual({ problems: ['is not a report of cdk synth. Name the output folder of an app (cdk.out), or its bedrock-cost-report.json.'] });
});

test('a wrong price book of the code is blamed on the prop, one of the context on the key', () => {
  const problemOf = (context: object, priceBookFile: unknown) => {
    const app = new App({ context });
    PriceSettings.of(app).configure({ priceBookFile: priceBookFile as string });
    CostEstimates.of(new Stack(app, 'Chat')).addOnDemand('It', { model: 'amazon.nova-pro-v1:0', requestsPerMonth: 1, inputTokensPerRequest: 1 });
    return () => app.synth();
  };
  expect(problemOf({}, '')).toThrow('bedrock-cost-invalid-input: priceBookFile must be the path of a file, got "".');
  expect(problemOf({ 'cdk-bedrock-cost:priceBook': 5 }, undefined)).toThrow("context 'cdk-bedrock-cost:priceBook' must be the path of a file, got 5.");
});
