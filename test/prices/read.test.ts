import { mkdtempSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { PriceFacts } from '../../tools/prices/facts';
import { formatJson } from '../../tools/prices/format';
import { memberName, withMembers } from '../../tools/prices/members';
import { readPrices, readProvider } from '../../tools/prices/read';
import { validate } from '../../tools/prices/validate';

const RATE = { kind: 'input', scope: 'geo', usd: '3.3', unit: '1M tokens', asOf: '2026-08-20', source: 'list', regions: ['us-east-1'] };
const HOUR = { kind: 'model-unit-hour', unit: 'hour', commitmentDuration: 'none', customModel: false };
const CAPACITY = { ...HOUR, usd: '24', asOf: '2026-07-24', source: 'list', regions: 'open' };
const MODEL = { id: 'acme.one-v1:0', name: 'One', modality: 'text', status: 'active', batch: 'yes', provisionedThroughput: 'unknown' };

const read = (rates: object[], more: object = {}) => readProvider({ provider: 'Acme', models: [{ ...MODEL, ...more, rates }] }, 'prices/acme.yaml');
const factsOf = (rates: object[], more: Partial<PriceFacts> = {}): PriceFacts => ({
  ...read(rates), services: [], disputed: [], sources: [{ key: 'list', what: 'a list', date: '2026-08-20' }], ...more,
});

describe('a faulty price file names file, model, field, value and what is allowed', () => {
  test.each<[string, object, string]>([
    ['an unknown kind', { ...RATE, kind: 'inptu' }, 'prices/acme.yaml: acme.one-v1:0: rates[0]: kind: "inptu" is not allowed; expected one of input'],
    ['a misspelt field', { ...RATE, teir: 'batch' }, 'rates[0]: field: "teir" is not allowed; expected one of kind,'],
    ['a price that YAML made a number of', { ...RATE, usd: 3.3 }, 'rates[0]: usd: 3.3 is not allowed; expected dollars as a quoted decimal text'],
    ['a negative price', { ...RATE, usd: '-1' }, 'rates[0]: usd: "-1" is not allowed'],
    ['no date', { ...RATE, asOf: undefined }, 'rates[0]: asOf: nothing is not allowed; expected a day as YYYY-MM-DD'],
    ['a day that does not exist', { ...RATE, asOf: '2026-02-30' }, 'rates[0]: asOf: "2026-02-30" is not allowed; expected a day of the calendar'],
    ['no source', { ...RATE, source: undefined }, 'rates[0]: source: nothing is not allowed'],
    ['no regions', { ...RATE, regions: undefined }, 'rates[0]: regions: nothing is not allowed; expected open, or a list of at least one region'],
    ['something that is no region', { ...RATE, regions: ['virginia'] }, 'rates[0]: regions[0]: "virginia" is not allowed'],
    ['a region twice', { ...RATE, regions: ['us-east-1', 'us-east-1'] }, 'expected a list without repetition'],
    ['no scope', { ...RATE, scope: undefined }, 'rates[0]: scope: nothing is not allowed; expected one of in-region, geo, global'],
    ['the standard tier spelt out', { ...RATE, tier: 'standard' }, 'rates[0]: tier: "standard" is not allowed; expected one of batch,'],
    ['a unit that does not fit', { ...RATE, unit: 'hour' }, 'rates[0]: unit: "hour" is not allowed; expected one of 1K tokens, 1M tokens'],
    ['tokens with a commitment', { ...RATE, commitmentDuration: 'none' }, 'commitmentDuration: "none" is not allowed; expected nothing, unless'],
    ['capacity without a commitment', { ...CAPACITY, commitmentDuration: undefined }, 'rates[0]: commitmentDuration: nothing is not allowed'],
    ['capacity that does not say for which models', { ...CAPACITY, customModel: undefined }, 'rates[0]: customModel: nothing is not allowed'],
    ['capacity with a scope', { ...CAPACITY, scope: 'geo' }, 'rates[0]: scope: "geo" is not allowed; expected nothing where kind is'],
  ])('%s', (_, rate, message) => {
    expect(() => read([rate])).toThrow(message);
  });

  test('a model', () => {
    expect(() => read([], { id: 'us.acme.one-v1:0' })).toThrow('has a profile prefix');
    expect(() => read([], { batch: true })).toThrow('prices/acme.yaml: acme.one-v1:0: batch: true is not allowed; expected one of yes, no, unknown');
    expect(() => read([], { profiles: ['mars'] })).toThrow('profiles[0]: "mars" is not allowed; expected one of us, eu,');
    expect(() => read([], { longContextFromInputTokens: 0 })).toThrow('longContextFromInputTokens: 0 is not allowed');
    expect(() => read([], { availability: { everywhere: true } })).toThrow('availability: field: "everywhere" is not allowed');
  });

  test('a file that is missing, or no YAML', () => {
    const dir = mkdtempSync(join(tmpdir(), 'prices-'));
    try {
      expect(() => readPrices(dir)).toThrow('aws-services.yaml is missing');
      writeFileSync(join(dir, 'acme.yaml'), 'provider: [');
      expect(() => readPrices(dir)).toThrow('acme.yaml is not valid YAML');
    } finally {
      rmSync(dir, { recursive: true });
    }
  });
});

describe('facts that do not fit together', () => {
  test('none', () => {
    expect(validate(factsOf([RATE, CAPACITY]))).toEqual([]);
  });

  test('a price twice, though the rates differ in their regions', () => {
    expect(validate(factsOf([RATE, { ...RATE, usd: '4', regions: ['us-west-2', 'us-east-1'] }])))
      .toEqual(['prices/acme.yaml: acme.one-v1:0: rate us-east-1 input geo stands twice']);
  });

  test('prices that differ in scope, tier, context, commitment or custom model are different prices', () => {
    expect(validate(factsOf([
      RATE, { ...RATE, scope: 'global' }, { ...RATE, tier: 'batch' }, { ...RATE, context: 'long' },
      CAPACITY, { ...CAPACITY, commitmentDuration: 'one-month' }, { ...CAPACITY, customModel: true }, { ...CAPACITY, regions: ['us-east-1'] },
    ]))).toEqual([]);
  });

  test('an unknown source', () => {
    expect(validate(factsOf([{ ...RATE, source: 'hearsay' }])))
      .toEqual(['prices/acme.yaml: acme.one-v1:0: source hearsay is no key of sources.yaml']);
  });

  test('two models with one id, or with one member name', () => {
    const { models } = read([]);
    expect(validate(factsOf([], { models: [...models, ...models] }))).toContain('model id or alias acme.one-v1:0 stands twice');
    expect(validate(factsOf([], { models: [...models, { ...models[0], id: 'acme.one.v1-0' }] })))
      .toEqual(['member name of class BedrockModel ACME_ONE_V1_0 stands twice']);
  });
});

test('members of the class stand between the markers, by id', () => {
  const source = 'class BedrockModel {\n  // <generated by tools/build-price-book.ts>\n  old\n  // </generated>\n}\n';
  const generated = withMembers(source, read([]).models);
  expect(memberName('amazon.nova-pro-v1:0')).toBe('AMAZON_NOVA_PRO_V1_0');
  const member = "  /** One by Acme. */\n  public static readonly ACME_ONE_V1_0 = BedrockModel.of('acme.one-v1:0');\n";
  expect(generated).toBe(source.replace('  old\n', member));
  expect(withMembers(generated!, read([]).models)).toBe(generated);
  expect(withMembers('class BedrockModel {}', [])).toBeUndefined();
});

test('JSON has a line for each price and is what it was', () => {
  const value = { list: ['a', 'b'], models: { one: [[1, '2'], [3, '4']], none: [] } };
  const text = formatJson(value, 3);
  expect(text).toBe('{\n"list":[\n"a",\n"b"\n],\n"models":{\n"one":[\n[1,"2"],\n[3,"4"]\n],\n"none":[]\n}\n}\n');
  expect(JSON.parse(text)).toEqual(value);
});
