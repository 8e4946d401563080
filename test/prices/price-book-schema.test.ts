import Ajv2020 from 'ajv/dist/2020';
import {
  CommitmentDuration, ContextLength, PriceScope, PriceTier, Rate, RateKind, RateUnit, REQUIRED_WITH_KIND, UNITS_OF_KIND,
} from '../../src/pricing/price-book/rate';
import { decodeModel, EncodedBook } from '../../src/pricing/price-book/rate-group';

const schema = require('../../schemas/price-book.schema.json');
const validateFile = new Ajv2020({ strict: true, allowUnionTypes: true, strictRequired: false }).compile(schema);
const RATE = { model: 'amazon.nova-pro-v1:0', kind: 'input', usd: '0.80', unit: '1M tokens' };
const valid = (...rates: object[]) => validateFile({ schemaVersion: '1', rates });

test('the choices are those of the library', () => {
  const { properties } = schema.$defs.rate;
  expect(properties.kind.enum).toEqual(Object.values(RateKind));
  expect(properties.unit.enum).toEqual(Object.values(RateUnit));
  expect(properties.scope.enum).toEqual(Object.values(PriceScope));
  expect(properties.tier.enum).toEqual(Object.values(PriceTier));
  expect(properties.context.enum).toEqual(Object.values(ContextLength));
  expect(properties.commitmentDuration.enum).toEqual(Object.values(CommitmentDuration));
});

test('every rate of the embedded book is valid as a rate of your own', () => {
  const book = require('../../src/pricing/data/price-book.json') as EncodedBook;
  const groups = Object.keys(book.models).flatMap((id) => decodeModel(book, id));
  const rates = groups.flatMap(({ regions, regionAssumed: _, ...rate }) => regions!.map((region) => ({ ...rate, region })));
  expect(rates.length).toBeGreaterThan(8000);
  expect(valid(...rates)).toBe(true);
});

test('a rate without region or scope is valid', () => {
  expect(valid(RATE)).toBe(true);
  expect(valid({ ...RATE, model: '*', effectiveDate: '2026-01-01', customModel: true })).toBe(true);
  const image = { ...RATE, kind: 'image', unit: 'image' };
  expect(valid({ ...image, resolution: '1024x1024', quality: 'standard' }, { ...image, model: '*', policy: 'content-image' })).toBe(true);
  expect(valid({ ...RATE, model: '*', kind: 'custom-model-unit', unit: 'minute', customModelUnitVersion: '1.0', architecture: 'Llama' })).toBe(true);
});

test.each<[string, object]>([
  ['no model', { ...RATE, model: undefined }],
  ['a negative price', { ...RATE, usd: -0.8 }],
  ['a price with an exponent', { ...RATE, usd: '8e-1' }],
  ['an unknown field', { ...RATE, regoin: 'us-east-1' }],
  ['an unknown unit', { ...RATE, unit: 'token' }],
  ['a model-unit hour that does not state its commitment', { ...RATE, kind: 'model-unit-hour', unit: 'hour', customModel: false }],
  ['a model-unit hour that does not say whether for a custom model', { ...RATE, kind: 'model-unit-hour', unit: 'hour', commitmentDuration: 'none' }],
  ['a term that is a text', { ...RATE, kind: 'reserved-input', unit: '1K TPM hour', termMonths: 'one-month' }],
  ['a term of no month', { ...RATE, kind: 'reserved-input', unit: '1K TPM hour', termMonths: 0 }],
  ['a version that is a number', { ...RATE, kind: 'custom-model-unit', unit: 'minute', customModelUnitVersion: 1.0 }],
  ['an empty policy', { ...RATE, kind: 'text-unit', unit: '1K text units', policy: '' }],
])('refused: %s', (_, rate) => {
  // As it would come out of a file: a field without value is not there.
  expect(valid(JSON.parse(JSON.stringify(rate)))).toBe(false);
});

/** One value of each field that some kinds of rates always state. */
const STATED: Partial<Rate> = {
  commitmentDuration: CommitmentDuration.NONE, customModel: false, termMonths: 1, customModelUnitVersion: '1.0', policy: 'content-text',
};

test.each(Object.values(RateKind))('a rate of kind %s has the fields that the library requires, and no others are required', (kind) => {
  const required = REQUIRED_WITH_KIND[kind] ?? [];
  const rate = { ...RATE, kind, unit: UNITS_OF_KIND[kind][0], ...Object.fromEntries(required.map((field) => [field, STATED[field]])) };
  expect(valid(rate)).toBe(true);
  for (const field of required) expect(valid(Object.fromEntries(Object.entries(rate).filter(([name]) => name !== field)))).toBe(false);
});

test('a book above the embedded one may do without rates', () => {
  const above = { schemaVersion: '1', base: 'embedded' };
  expect(validateFile(above)).toBe(true);
  expect(validateFile({ ...above, rates: [] })).toBe(true);
  expect(validateFile({ ...above, rates: [RATE], allowDerivedRates: false, discounts: [{ percent: 12.5 }] })).toBe(true);
  expect(validateFile({ ...above, base: 'other' })).toBe(false);
  expect(validateFile({ ...above, allowDerivedRates: 'no' })).toBe(false);
});

test.each<[boolean, string, unknown]>([
  [true, 'on everything', { percent: 0 }],
  [true, 'on a model', { percent: 100, model: 'amazon.nova-pro-v1:0' }],
  [true, 'on a provider', { percent: 10, provider: 'Anthropic' }],
  [false, 'on both', { percent: 10, model: 'amazon.nova-pro-v1:0', provider: 'Amazon' }],
  [false, 'of more than everything', { percent: 101 }],
  [false, 'of less than nothing', { percent: -1 }],
  [false, 'without a percentage', { model: 'amazon.nova-pro-v1:0' }],
  [false, 'with a misspelt field', { percent: 10, modle: 'amazon.nova-pro-v1:0' }],
])('valid is %s: a discount %s', (expected, _, discount) => {
  expect(validateFile({ schemaVersion: '1', rates: [RATE], discounts: [discount] })).toBe(expected);
});

test('refused: another version, no rates, an empty list', () => {
  expect(validateFile({ schemaVersion: '2', rates: [RATE] })).toBe(false);
  expect(validateFile({ schemaVersion: '1' })).toBe(false);
  expect(validateFile({ schemaVersion: '1', rates: [] })).toBe(false);
});
