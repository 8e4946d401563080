import Ajv2020 from 'ajv/dist/2020';
import { CommitmentDuration, ContextLength, PriceScope, PriceTier, RateKind, RateUnit } from '../../src/pricing/rate';
import { decodeModel, EncodedBook } from '../../src/pricing/rate-group';

const schema = require('../../schemas/price-book.schema.json');
const validateFile = new Ajv2020({ strict: true, strictRequired: false }).compile(schema);
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
});

test.each<[string, object]>([
  ['no model', { ...RATE, model: undefined }],
  ['a price that is a number', { ...RATE, usd: 0.8 }],
  ['a price with an exponent', { ...RATE, usd: '8e-1' }],
  ['an unknown field', { ...RATE, regoin: 'us-east-1' }],
  ['an unknown unit', { ...RATE, unit: 'token' }],
  ['a model-unit hour that does not state its commitment', { ...RATE, kind: 'model-unit-hour', unit: 'hour', customModel: false }],
  ['a model-unit hour that does not say whether for a custom model', { ...RATE, kind: 'model-unit-hour', unit: 'hour', commitmentDuration: 'none' }],
])('refused: %s', (_, rate) => {
  // As it would come out of a file: a field without value is not there.
  expect(valid(JSON.parse(JSON.stringify(rate)))).toBe(false);
});

test('refused: another version, no rates, an empty list', () => {
  expect(validateFile({ schemaVersion: '2', rates: [RATE] })).toBe(false);
  expect(validateFile({ schemaVersion: '1' })).toBe(false);
  expect(validateFile({ schemaVersion: '1', rates: [] })).toBe(false);
});
