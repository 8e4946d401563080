import { mkdtempSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { encodeCatalog } from '../../tools/prices/encode';
import { PriceFacts } from '../../tools/prices/facts';
import { formatJson } from '../../tools/prices/format';
import { memberName, modelClass } from '../../tools/prices/members';
import { priceListNames } from '../../tools/prices/names';
import { readFeatures, readPrices, readProvider } from '../../tools/prices/read';
import { validate } from '../../tools/prices/validate';

const RATE = { kind: 'input', scope: 'geo', usd: '3.3', unit: '1M tokens', asOf: '2026-08-20', source: 'list', regions: ['us-east-1'] };
const HOUR = { kind: 'model-unit-hour', unit: 'hour', commitmentDuration: 'none', customModel: false };
const CAPACITY = { ...HOUR, usd: '24', asOf: '2026-07-24', source: 'list', regions: 'open' };
const MODEL = { id: 'acme.one-v1:0', name: 'One', modality: 'text', status: 'active', batch: 'yes', provisionedThroughput: 'unknown' };

const IMPORT = { kind: 'custom-model-unit', customModelUnitVersion: '1.0', architecture: 'Llama', unit: 'minute' };
const FEATURE = { ...IMPORT, usd: '0.05', asOf: '2026-07-24', source: 'list', regions: 'open' };
const GUARDRAIL = { ...FEATURE, kind: 'text-unit', policy: 'content-text', unit: '1K text units', customModelUnitVersion: undefined, architecture: undefined };
const RESERVED = { ...RATE, kind: 'reserved-input', unit: '1K TPM hour', termMonths: 1 };
const IMAGE = { ...RATE, kind: 'image', unit: 'image', resolution: '1024x1024', quality: 'standard' };
const VIDEO = { ...RATE, kind: 'video', unit: 'second', resolution: '720p' };
const TRAINING = { ...RATE, kind: 'training', scope: undefined };

const read = (rates: object[], more: object = {}) => readProvider({ provider: 'Acme', models: [{ ...MODEL, ...more, rates }] }, 'prices/acme.yaml');
const features = (...rates: object[]) => readFeatures({ rates }, 'prices/features.yaml').features;
const factsOf = (rates: object[], more: Partial<PriceFacts> = {}): PriceFacts => ({
  ...read(rates), features: [], included: [], services: [], disputed: [], gaps: [], sources: [{ key: 'list', what: 'a list', date: '2026-08-20' }], ...more,
});

describe('an invalid price file is reported with file, model, field, value and allowed values', () => {
  test.each<[string, object, string]>([
    ['an unknown kind', { ...RATE, kind: 'inptu' }, 'prices/acme.yaml: acme.one-v1:0: rates[0]: kind must be one of input'],
    ['a misspelt field', { ...RATE, teir: 'batch' }, 'rates[0]: field must be one of kind,'],
    ['a price that YAML made a number of', { ...RATE, usd: 3.3 }, 'rates[0]: usd must be dollars as a quoted decimal text'],
    ['a negative price', { ...RATE, usd: '-1' }, 'rates[0]: usd must be '],
    ['no date', { ...RATE, asOf: undefined }, 'rates[0]: asOf is required. Give a day as YYYY-MM-DD'],
    ['a day that does not exist', { ...RATE, asOf: '2026-02-30' }, 'rates[0]: asOf must be a day of the calendar'],
    ['no source', { ...RATE, source: undefined }, 'rates[0]: source is required'],
    ['no regions', { ...RATE, regions: undefined }, 'rates[0]: regions is required. Give open, or a list of at least one region'],
    ['something that is no region', { ...RATE, regions: ['virginia'] }, 'rates[0]: regions[0] must be '],
    ['a region twice', { ...RATE, regions: ['us-east-1', 'us-east-1'] }, 'must be a list without repetition'],
    ['no scope', { ...RATE, scope: undefined }, 'rates[0]: scope is required. Give one of in-region, geo, global'],
    ['the standard tier spelt out', { ...RATE, tier: 'standard' }, 'rates[0]: tier must be one of batch,'],
    ['a unit that does not fit', { ...RATE, unit: 'hour' }, 'rates[0]: unit must be one of 1K tokens, 1M tokens'],
    ['tokens with a commitment', { ...RATE, commitmentDuration: 'none' }, 'commitmentDuration must be left out where kind is input'],
    ['capacity without a commitment', { ...CAPACITY, commitmentDuration: undefined }, 'rates[0]: commitmentDuration is required'],
    ['capacity that does not say for which models', { ...CAPACITY, customModel: undefined }, 'rates[0]: customModel is required'],
    ['capacity with a scope', { ...CAPACITY, scope: 'geo' }, 'rates[0]: scope must be left out where kind is'],
    ['the base model spelt out', { ...RATE, customModel: false }, 'rates[0]: customModel must be true'],
    ['the speech of a custom model', { ...RATE, kind: 'input-speech', customModel: true }, 'customModel must be left out where'],
    ['tokens with a policy', { ...RATE, policy: 'content-text' }, 'policy must be left out where kind is input'],
    ['tokens with a resolution', { ...RATE, resolution: '720p' }, 'resolution must be left out where kind is input'],
    ['tokens with a quality', { ...RATE, quality: 'standard' }, 'quality must be left out where kind is input'],
    ['tokens with a term', { ...RATE, termMonths: 1 }, 'termMonths must be left out where kind is input'],
    ['tokens with an architecture', { ...RATE, architecture: 'Llama' }, 'architecture must be left out where kind is input'],
    ['a reservation without a term', { ...RESERVED, termMonths: undefined }, 'rates[0]: termMonths is required. Give a whole number above 0'],
    ['a reservation of a word', { ...RESERVED, termMonths: 'one-month' }, 'termMonths must be a whole number above 0'],
    ['a reservation without a scope', { ...RESERVED, scope: undefined }, 'rates[0]: scope is required'],
    ['a reservation with a tier', { ...RESERVED, tier: 'batch' }, 'tier must be left out where kind is reserved-input'],
    ['a resolution in words', { ...IMAGE, resolution: 'up to 1024x1024' }, 'resolution must be a resolution such as'],
    ['an image without a scope', { ...IMAGE, scope: undefined }, 'rates[0]: scope is required'],
    ['a video of some quality', { ...VIDEO, quality: 'premium' }, 'quality must be left out where kind is video'],
    ['training with a scope', { ...TRAINING, scope: 'geo' }, 'scope must be left out where kind is training'],
    ['training by the month', { ...TRAINING, unit: 'month' }, 'unit must be one of 1K tokens, 1M tokens, image, hour'],
    ['a price of no model', GUARDRAIL, 'rates[0]: content-text is no price of a model; it stands in features.yaml'],
    ['an image that a guardrail checks', { ...IMAGE, scope: undefined, resolution: undefined, quality: undefined, policy: 'content-image' }, 'is no price of a model'],
  ])('%s', (_, rate, message) => {
    expect(() => read([rate])).toThrow(message);
  });

  test.each<[string, object, string]>([
    ['a price of a model', RATE, 'prices/features.yaml: rates[0]: input is the price of a model; it stands with the model'],
    ['an image without a policy', IMAGE, 'rates[0]: image is the price of a model'],
    ['a checked image with a resolution', { ...IMAGE, policy: 'content-image' }, 'scope must be left out where kind is image'],
    ['an import without a version', { ...FEATURE, customModelUnitVersion: undefined }, 'customModelUnitVersion is required. Give a quoted version'],
    ['a version that YAML made a number of', { ...FEATURE, customModelUnitVersion: 1 }, 'customModelUnitVersion must be '],
    ['a version as AWS writes it', { ...FEATURE, customModelUnitVersion: 'v1.0' }, 'customModelUnitVersion must be '],
    ['a text unit without a policy', { ...GUARDRAIL, policy: undefined }, 'rates[0]: policy is required'],
    ['a policy in capitals', { ...GUARDRAIL, policy: 'Content' }, 'policy must be a kebab-case name'],
    ['a text unit with an architecture', { ...GUARDRAIL, architecture: 'Llama' }, 'architecture must be left out where'],
    ['a single text unit', { ...GUARDRAIL, unit: 'text unit' }, 'unit must be one of 1K text units'],
    ['an import with a scope', { ...FEATURE, scope: 'geo' }, 'scope must be left out where kind is custom-model-unit'],
  ])('%s, in features.yaml', (_, rate, message) => {
    expect(() => features(rate)).toThrow(message);
  });

  test('the included file', () => {
    const included = { name: 'Parsing', note: 'by the managed parser', asOf: '2026-07-24', source: 'list' };
    expect(readFeatures({ included: [included] }, 'prices/features.yaml').included).toEqual([included]);
    expect(() => readFeatures({ included: [{ ...included, note: undefined }] }, 'f')).toThrow('f: included[0]: note is required');
  });

  test('a model', () => {
    expect(() => read([], { id: 'us.acme.one-v1:0' })).toThrow('has a profile prefix');
    expect(() => read([], { batch: true })).toThrow('prices/acme.yaml: acme.one-v1:0: batch must be one of yes, no, unknown');
    expect(() => read([], { profiles: ['mars'] })).toThrow('profiles[0] must be one of us, eu,');
    expect(() => read([], { longContextFromInputTokens: 0 })).toThrow('longContextFromInputTokens must be ');
    expect(() => read([], { availability: { everywhere: true } })).toThrow('availability: field must be ');
  });

  test('a file that is missing, or no YAML', () => {
    const dir = mkdtempSync(join(tmpdir(), 'prices-'));
    try {
      expect(() => readPrices(dir)).toThrow('features.yaml is missing');
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

  test('so are those that differ in what only some kinds have', () => {
    expect(validate(factsOf([
      RATE, { ...RATE, customModel: true }, IMAGE, { ...IMAGE, resolution: '2048x2048' }, { ...IMAGE, quality: 'premium' }, { ...IMAGE, quality: undefined },
      VIDEO, { ...VIDEO, resolution: '540p' }, RESERVED, { ...RESERVED, termMonths: 3 }, { ...RESERVED, kind: 'reserved-output' }, TRAINING,
    ], {
      features: features(FEATURE, { ...FEATURE, architecture: 'Qwen' }, { ...FEATURE, architecture: undefined }, { ...FEATURE, customModelUnitVersion: '2.0' },
        { ...FEATURE, regions: ['us-east-1'] }, GUARDRAIL, { ...GUARDRAIL, policy: 'denied-topics' }),
    }))).toEqual([]);
  });

  test.each<[string, object, string]>([
    ['image', IMAGE, 'us-east-1 image geo 1024x1024 standard'],
    ['reservation', RESERVED, 'us-east-1 reserved-input geo 1-months'],
    ['training', TRAINING, 'us-east-1 training'],
    ['price of a custom model', { ...RATE, customModel: true }, 'us-east-1 input geo custom'],
  ])('the same %s twice', (_, rate, key) => {
    expect(validate(factsOf([rate, { ...rate, usd: '4' }]))).toEqual([`prices/acme.yaml: acme.one-v1:0: rate ${key} stands twice`]);
  });

  test('the same feature twice, or one of unknown source', () => {
    expect(validate(factsOf([], { features: features(FEATURE, { ...FEATURE, usd: '4' }) })))
      .toEqual(['prices/features.yaml: rate open custom-model-unit 1.0 Llama stands twice']);
    expect(validate(factsOf([], { features: features({ ...GUARDRAIL, source: 'hearsay' }) })))
      .toEqual(['prices/features.yaml: source hearsay is no key of sources.yaml']);
  });

  test('one name of two models, or of a model and of something unknown', () => {
    const { models } = read([], { priceListName: 'One', otherNames: ['Uno'] });
    const two = { ...models[0], id: 'acme.two-v1:0', name: 'Two', priceListName: undefined, otherNames: ['Uno'] };
    expect(validate(factsOf([], { models }))).toEqual([]);
    expect(validate(factsOf([], { models: [...models, two] }))).toEqual(['name Uno stands twice']);
    expect(validate(factsOf([], { models, unmapped: [{ name: 'One', why: 'a name without a version', rates: [] }] }))).toEqual(['name One stands twice']);
    expect(priceListNames([{ ...two, otherNames: [] }, ...models])).toEqual({ One: 'acme.one-v1:0', Two: 'acme.two-v1:0', Uno: 'acme.one-v1:0' });
  });

  test('an unknown source', () => {
    expect(validate(factsOf([{ ...RATE, source: 'hearsay' }])))
      .toEqual(['prices/acme.yaml: acme.one-v1:0: source hearsay is no key of sources.yaml']);
  });

  test('two models with one id, or with one member name', () => {
    const { models } = read([]);
    expect(validate(factsOf([], { models: [...models, ...models] }))).toContain('model id or alias acme.one-v1:0 stands twice');
    expect(validate(factsOf([], { models: [...models, { ...models[0], id: 'acme.one.v1-0', name: 'Other' }] })))
      .toEqual(['member name of class BedrockModel ACME_ONE_V1_0 stands twice']);
  });
});

test('the generated class has a member for each model, by id', () => {
  const { models } = read([]);
  const generated = modelClass([{ ...models[0], id: 'acme.two-v1:0', name: 'Two' }, ...models]);
  expect(memberName('amazon.nova-pro-v1:0')).toBe('AMAZON_NOVA_PRO_V1_0');
  expect(generated).toContain("\n  /** One by Acme. */\n  public static readonly ACME_ONE_V1_0 = BedrockModel._known('acme.one-v1:0');\n"
    + "  /** Two by Acme. */\n  public static readonly ACME_TWO_V1_0 = BedrockModel._known('acme.two-v1:0');\n");
});

test('JSON has a line for each price and is what it was', () => {
  const value = { list: ['a', 'b'], models: { one: [[1, '2'], [3, '4']], none: [] } };
  const text = formatJson(value, 3);
  expect(text).toBe('{\n"list":[\n"a",\n"b"\n],\n"models":{\n"one":[\n[1,"2"],\n[3,"4"]\n],\n"none":[]\n}\n}\n');
  expect(JSON.parse(text)).toEqual(value);
});

describe('the lifecycle of a model', () => {
  const END = { endOfLife: '2027-03-30', asOf: '2026-10-08', source: 'cards' };
  const stored = (more: object) => encodeCatalog(read([], more).models).models['acme.one-v1:0'];

  test('is stored with its day, regions and source; nothing of a model whose status is unknown', () => {
    expect(stored({ status: 'legacy', lifecycle: [{ ...END, regions: ['us-east-1'] }, { asOf: '2026-10-27', source: 'list' }] })).toMatchObject({
      status: 'legacy', lifecycle: [{ ...END, regions: ['us-east-1'] }, { asOf: '2026-10-27', source: 'list' }],
    });
    expect(['active', 'unknown'].map((status) => stored({ status })).map(({ status, lifecycle }) => [status, lifecycle])).toEqual([['active', undefined], [undefined, undefined]]);
  });

  test.each<[string, object, string]>([
    ['a legacy model without a source', { status: 'legacy' }, 'acme.one-v1:0: lifecycle is required. Give a list of at least one entry'],
    ['an active model with an end', { lifecycle: [END] }, 'must be a list of at least one entry where status is legacy, and left out elsewhere'],
    ['an end without a source', { status: 'legacy', lifecycle: [{ ...END, source: undefined }] }, 'lifecycle[0]: source is required'],
    ['a day that does not exist', { status: 'legacy', lifecycle: [{ ...END, endOfLife: '2027-02-30' }] }, 'lifecycle[0]: endOfLife must be '],
    ['a region twice', { status: 'legacy', lifecycle: [{ ...END, regions: ['us-east-1'] }, { ...END, regions: ['us-east-1'] }] }, 'must be one entry for each region'],
    ['two ends everywhere', { status: 'legacy', lifecycle: [END, END] }, 'must be one entry for each region, and one without regions at most'],
  ])('is refused: %s', (_, more, message) => {
    expect(() => read([], more)).toThrow(message);
  });

  test('names a source of sources.yaml', () => {
    const facts = { ...factsOf([RATE]), models: read([RATE], { status: 'legacy', lifecycle: [END] }).models };
    expect(validate(facts)).toEqual(['prices/acme.yaml: acme.one-v1:0: source cards is no key of sources.yaml']);
  });

  test('is in the description of its member of class BedrockModel', () => {
    const text = (...lifecycle: object[]) => modelClass(read([], { status: 'legacy', lifecycle }).models);
    expect(text(END)).toContain('/** One by Acme. Legacy: end of life 2027-03-30. */');
    expect(text({ ...END, regions: ['us-east-1'] }, { asOf: '2026-10-27', source: 'list' })).toContain('Legacy: end of life 2027-03-30 in some regions. */');
    expect(text({ asOf: '2026-10-27', source: 'list' })).toContain('/** One by Acme. Legacy. */');
  });
});
