import { mkdtempSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { CostCalculator } from '../../../src/pricing/calculator';
import { Discount } from '../../../src/pricing/price-book/discount';
import { PriceBook } from '../../../src/pricing/price-book/price-book';
import { PriceScope, PriceTier, Rate, RateKind, RateUnit } from '../../../src/pricing/price-book/rate';

const input = (usd: string, rest: Partial<Rate> = {}): Rate =>
  ({ model: 'amazon.nova-pro-v1:0', kind: RateKind.INPUT, usd, unit: RateUnit.MILLION_TOKENS, ...rest });
const million = { model: 'amazon.nova-pro-v1:0', region: 'us-east-1', requestsPerMonth: 1, inputTokensPerRequest: 1_000_000 };
const cost = (book: PriceBook, usage: Partial<typeof million> = {}) =>
  new CostCalculator(book).onDemand({ ...million, ...usage })._toJson().monthlyUsd;
const EMBEDDED = PriceBook.embedded();

describe('rates of your own', () => {
  test('win over the book', () => {
    expect(cost(EMBEDDED)).toBe('0.8');
    expect(cost(EMBEDDED.withRates([input('0.7')]))).toBe('0.7');
  });

  test('leave the book as it was', () => {
    EMBEDDED.withRates([input('0.7')]);
    expect(cost(EMBEDDED)).toBe('0.8');
  });

  test('without region or scope hold for all of them', () => {
    const book = EMBEDDED.withRates([input('0.7')]);
    expect(cost(book, { region: 'eu-west-3' })).toBe('0.7');
    expect(cost(book, { model: 'eu.amazon.nova-pro-v1:0', region: 'eu-west-3' })).toBe('0.7');
  });

  test('the most specific one applies, in any order', () => {
    const book = EMBEDDED.withRates([input('0.3', { region: 'us-east-1', scope: PriceScope.IN_REGION }), input('0.2', { region: 'us-east-1' }), input('0.1')]);
    expect(cost(book)).toBe('0.3');
    expect(cost(book, { model: 'us.amazon.nova-pro-v1:0' })).toBe('0.2');
    expect(cost(book, { region: 'us-west-2' })).toBe('0.1');
  });

  test('with a prefixed id hold for that scope alone', () => {
    const book = EMBEDDED.withRates([input('0.7', { model: 'us.amazon.nova-pro-v1:0' })]);
    expect(cost(book)).toBe('0.8');
    expect(cost(book, { model: 'us.amazon.nova-pro-v1:0' })).toBe('0.7');
  });

  test('without a tier are the standard one', () => {
    const book = EMBEDDED.withRates([input('0.7')]);
    expect(book._find({ model: 'amazon.nova-pro-v1:0', region: 'us-east-1', kind: RateKind.INPUT, tier: PriceTier.BATCH })?.asRate.usd).toBe('0.4');
  });

  test('may be in thousands of tokens', () => {
    expect(cost(EMBEDDED.withRates([input('0.00080', { unit: RateUnit.THOUSAND_TOKENS })]))).toBe('0.8');
  });

  test.each<[string, object]>([
    ['rates[0].usd', input('-1')], ['rates[0].usd', input('1e-7')], ['rates[0].usd', input('')],
    ['rates[0].kind', { ...input('1'), kind: 'inputs' }], ['rates[0].unit', { ...input('1'), unit: 'token' }],
    ['rates[0].regoin', { ...input('1'), regoin: 'us-east-1' }], ['rates[0].model', { ...input('1'), model: '' }],
    ['rates[0].commitmentDuration', { ...input('1'), kind: RateKind.MODEL_UNIT_HOUR, unit: RateUnit.HOUR }],
    // If these were accepted, they would never apply, and the list price would be used without a warning.
    ['rates[0].tier', { ...input('5'), kind: RateKind.MODEL_UNIT_HOUR, unit: RateUnit.HOUR, commitmentDuration: 'none', customModel: false, tier: PriceTier.BATCH }],
    ['rates[0].termMonths', { ...input('1'), termMonths: 1 }],
    ['rates[0].policy', { ...input('1'), policy: 'content-text' }],
    ['rates[0].policy', { model: '*', kind: RateKind.TEXT_UNIT, usd: '1', unit: RateUnit.THOUSAND_TEXT_UNITS, policy: 'Content-Text' }],
    ['rates[0].quality', { ...input('1'), quality: 'premium' }],
    ['rates[0].architecture', { model: '*', kind: RateKind.RETRIEVAL, usd: '1', unit: RateUnit.THOUSAND_REQUESTS, architecture: 'Llama' }],
    ['rates[0].region', input('1', { region: 'useast1' })],
    ['rates[0].scope', input('1', { model: 'us.amazon.nova-pro-v1:0', scope: PriceScope.IN_REGION })],
    ['rates[0].model', input('1', { model: '*' })],
    ['rates[0].model', { ...input('1'), kind: RateKind.HUMAN_TASK, unit: RateUnit.TASK }],
    ['rates[0].effectiveDate', input('1', { effectiveDate: '2026-02-29' })],
    ['rates[0].endDate', input('1', { endDate: '2026-99-99' })],
  ])('fails with the place of the mistake: %s', (place, rate) => {
    expect(() => EMBEDDED.withRates([rate as Rate])).toThrow(new RegExp(`^${place.replace(/[[\]]/g, '\\$&')} (is|must) `));
  });
});

describe('rates of your own that differ in what the usage leaves open', () => {
  const video = (usd: string, resolution: string): Rate => ({ model: 'luma.ray-v2:0', kind: RateKind.VIDEO, usd, unit: RateUnit.SECOND, resolution });
  const seconds = (book: PriceBook, resolution?: string) =>
    new CostCalculator(book).video({ model: 'luma.ray-v2:0', region: 'us-west-2', secondsPerMonth: 1, resolution })._toJson().monthlyUsd;

  test('one alone is no answer to a question that leaves it open either', () => {
    expect(seconds(EMBEDDED.withRates([video('5', '540p')]))).toBeNull();
  });

  test('are a missing price, not the one of the book', () => {
    const book = EMBEDDED.withRates([video('0.5', '540p'), video('1.2', '720p')]);
    expect(seconds(book)).toBeNull();
    expect(seconds(book, '720p')).toBe('1.2');
  });
});

describe('a unit', () => {
  test('that does not fit its kind fails', () => {
    expect(() => EMBEDDED.withRates([input('3', { unit: RateUnit.HOUR })])).toThrow('rates[0].unit must be one of 1K tokens, 1M tokens for the kind input, got "hour".');
  });

  test('that counts another thing than the usage is a missing price', () => {
    // The image is priced by its tokens, which the number of images does not determine.
    const book = EMBEDDED.withRates([input('3', { kind: RateKind.INPUT_IMAGE })]);
    expect(new CostCalculator(book).onDemand({ ...million, imagesPerRequest: 2 }).monthlyUsd).toBeUndefined();
  });
});

describe('a discount', () => {
  test('is taken off the book, exactly', () => {
    expect(cost(EMBEDDED.withDiscountPercent(12.5))).toBe('0.7'); // 0.80 x 0.875
  });

  test('does not apply to own rates, in any order', () => {
    expect(cost(EMBEDDED.withDiscountPercent(50).withRates([input('0.7')]))).toBe('0.7');
    expect(cost(EMBEDDED.withRates([input('0.7')]).withDiscountPercent(50))).toBe('0.7');
  });

  test('is named in the estimate', () => {
    expect(new CostCalculator(EMBEDDED.withDiscountPercent(10)).onDemand(million).assumptions).toEqual(["a discount of 10 % is taken off the price book's rates"]);
  });

  test.each([-1, 101, NaN])('fails for %p percent', (percent) => {
    expect(() => EMBEDDED.withDiscountPercent(percent)).toThrow(/discountPercent/);
  });
});

describe('discounts on a provider or a model', () => {
  const book = EMBEDDED.withDiscounts([{ percent: 10 }, { percent: 25, provider: 'anthropic' }, { percent: 50, model: 'us.anthropic.claude-sonnet-4-6' }]);

  test.each([
    ['the general one', 'amazon.nova-pro-v1:0', '0.72'], // 0.80 x 0.90
    ["the provider's", 'us.anthropic.claude-haiku-4-5-20251001-v1:0', '0.825'], // 1.10 x 0.75
    ["the model's", 'us.anthropic.claude-sonnet-4-6', '1.65'], // 3.30 x 0.50
    ["the model's, whatever the prefix", 'global.anthropic.claude-sonnet-4-6', '1.5'], // 3.00 x 0.50
  ])('%s counts alone, being the most specific', (_, model, usd) => {
    expect(cost(book, { model })).toBe(usd);
  });

  test.each([['anthropic.claude-haiku-4-5'], ['us.anthropic.claude-haiku-4-5']])('reach the model under another name: %s', (alias) => {
    const halved = EMBEDDED.withDiscounts([{ percent: 50, model: alias }]);
    expect(cost(halved, { model: 'us.anthropic.claude-haiku-4-5-20251001-v1:0' })).toBe('0.55'); // 1.10 x 0.50
    expect(cost(halved, { model: 'us.anthropic.claude-haiku-4-5' })).toBe('0.55');
  });

  test.each([
    ['a new model of a known provider', 'anthropic.claude-opus-9', 'Anthropic'],
    ['a new model of a new provider', 'newprovider.new-model-v1:0', 'newprovider'],
  ])('reach %s that only the book of the user holds', (_, model, provider) => {
    const path = join(mkdtempSync(join(tmpdir(), 'book-')), 'book.json');
    const rate = { model, kind: 'input', usd: '4', unit: '1M tokens' };
    writeFileSync(path, JSON.stringify({ schemaVersion: '1', rates: [rate], discounts: [{ percent: 10, provider }] }));
    // 4.00 x 0.90
    expect(cost(PriceBook.fromFile(path), { model: `us.${model}` })).toBe('3.6');
    expect(() => EMBEDDED.withDiscounts([{ percent: 10, provider: 'newprovider' }])).toThrow('discounts[0].provider must be one of AI21 Labs, Amazon, Anthropic, Cohere, DeepSeek, Google, Luma AI, Meta, MiniMax, Mistral AI, Moonshot AI, NVIDIA, OpenAI, Qwen, Stability AI, TwelveLabs, Writer, Z.AI, xAI, got "newprovider".');
  });

  test('reach a context variant, and are given on one', () => {
    expect(cost(EMBEDDED.withDiscounts([{ percent: 50, model: 'amazon.nova-pro-v1:0:300k' }]))).toBe('0.4'); // 0.80 x 0.50
  });

  test('are named in the estimate and of the book', () => {
    expect(new CostCalculator(book).onDemand({ ...million, model: 'us.anthropic.claude-sonnet-4-6' }).assumptions)
      .toEqual(["a discount of 50 % on us.anthropic.claude-sonnet-4-6 is taken off the price book's rates"]);
    expect(book._changes).toEqual(['discount of 10 %', 'discount of 25 % on anthropic', 'discount of 50 % on us.anthropic.claude-sonnet-4-6']);
    expect(EMBEDDED._changes).toEqual([]);
  });

  test.each<[string, object]>([
    ['discounts[0].percent', { percent: 101 }],
    ['discounts[0].provider', { percent: 1, provider: 'Antropic' }],
    ['discounts[0].model', { percent: 1, model: 'anthropic.claude-sonnet-9' }],
    ['discounts[0].provider', { percent: 1, model: 'amazon.nova-pro-v1:0', provider: 'Amazon' }],
    ['discounts[0].pct', { percent: 1, pct: 2 }],
    ['discounts[0].model', { percent: 1, model: '*' }],
  ])('fail with the place of the mistake: %s', (place, discount) => {
    expect(() => EMBEDDED.withDiscounts([discount as Discount])).toThrow(new RegExp(`^${place.replace(/[[\]]/g, '\\$&')} (is|must) `));
  });
});

test('fails for two rates of the same at different prices', () => {
  expect(() => EMBEDDED.withRates([input('1'), input('2')])).toThrow('rates[1].usd must be "1", as in rates[0], which prices the same, got "2". Keep one of the two rates, or set effectiveDate and endDate.');
  expect(cost(EMBEDDED.withRates([input('1')]).withRates([input('2')]))).toBe('2'); // A later list has priority over an earlier one.
});

test('fails for two discounts on the same', () => {
  expect(() => EMBEDDED.withDiscounts([{ percent: 10, model: 'amazon.nova-pro-v1:0' }, { percent: 20, model: 'us.amazon.nova-pro-v1:0' }]))
    .toThrow('discounts[1] is on the same models as discounts[0] (10 % on amazon.nova-pro-v1:0). Remove one of the two.');
});

describe('dated rates', () => {
  test.each([[0], [1]])('take precedence over one without a date, in any order (%i)', (turn) => {
    const rates = [input('7', { endDate: '2027-01-01' }), input('5')];
    expect(cost(EMBEDDED.withRates(turn === 0 ? rates : rates.reverse()))).toBe('7');
  });

  // A launch price that ends on 2026-08-31 and the price after it.
  const dated = (asOf: string) => EMBEDDED.withRates([
    input('0.5', { endDate: '2026-09-01', asOf }), input('0.7', { effectiveDate: '2026-09-01', asOf }),
  ]);

  test.each([['2026-08-31', '0.5'], ['2026-09-01', '0.7'], ['2030-01-01', '0.7']])('on %s give the rate of that day', (day, usd) => {
    expect(cost(dated('2026-08-01').forDay(day))).toBe(usd);
  });

  test('without a day give the rate of the day on which the newest rate was read', () => {
    // The embedded book was read on 2026-09-23.
    expect(cost(dated('2026-08-01'))).toBe('0.7');
    const file = join(mkdtempSync(join(tmpdir(), 'price-book-')), 'book.json');
    writeFileSync(file, JSON.stringify({
      schemaVersion: '1',
      rates: [input('0.5', { endDate: '2026-09-01', asOf: '2026-08-01' }), input('0.7', { effectiveDate: '2026-09-01', asOf: '2026-08-01' })],
    }));
    expect(cost(PriceBook.fromFile(file))).toBe('0.5');
  });

  test('are all still there to be shown', () => {
    expect(dated('2026-08-01')._ratesOf('amazon.nova-pro-v1:0').filter(({ effectiveDate, endDate }) => effectiveDate === '2026-09-01' || endDate === '2026-09-01')).toHaveLength(2);
  });

  test('of your own that are not in force are passed over aloud', () => {
    const estimate = new CostCalculator(EMBEDDED.withRates([input('0.7', { effectiveDate: '2027-01-01' })])).onDemand(million);
    expect(estimate._toJson().monthlyUsd).toBe('0.8');
    expect(estimate.assumptions).toEqual([
      `your own input rate, which holds from 2027-01-01, is passed over: it is not in force on ${EMBEDDED.asOf}, the day of these prices`,
    ]);
  });

  test('of your own that were read after the book hold from the day on which they were read', () => {
    expect(cost(EMBEDDED.withRates([input('0.7', { effectiveDate: '2026-11-01', asOf: '2026-11-20' })]))).toBe('0.7');
  });

  test('that are all in the past are a missing price with that reason', () => {
    const estimate = new CostCalculator(EMBEDDED.forDay('2020-01-01').withRates([])).onDemand({ ...million, model: 'example.model-v1' });
    expect(estimate.monthlyUsd).toBeUndefined();
    const ended = EMBEDDED.withRates([input('0.7', { model: 'example.model-v1', endDate: '2026-01-01' })]);
    expect(new CostCalculator(ended).onDemand({ ...million, model: 'example.model-v1' }).missingPrices[0].hint)
      .toBe(`ask for another day, since the price book holds it before 2026-01-01 and not on ${EMBEDDED.asOf}, or give a rate of your own`);
  });

  test.each(['2026-9-1', 'today', ''])('fail for the day %p', (day) => expect(() => EMBEDDED.forDay(day)).toThrow(/day must be a day as YYYY-MM-DD, got /));

  test('fail when they end before they begin', () => {
    expect(() => EMBEDDED.withRates([input('1', { effectiveDate: '2026-09-01', endDate: '2026-09-01' })])).toThrow('rates[0].endDate must be a day after the effectiveDate 2026-09-01, got "2026-09-01". It is the first day on which the rate no longer holds.');
  });
});

describe('a model id', () => {
  test.each([
    ['amazon.nova-pro-v1:0', '0.8'],
    ['arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-pro-v1:0', '0.8'],
    ['arn:aws:bedrock:us-east-1:111122223333:inference-profile/us.amazon.nova-pro-v1:0', '0.8'],
  ])('may be %s', (model, usd) => expect(cost(EMBEDDED, { model })).toBe(usd));

  test('may be an alias', () => {
    expect(cost(EMBEDDED, { model: 'openai.gpt-oss-120b' })).toBe(cost(EMBEDDED, { model: 'openai.gpt-oss-120b-1:0' }));
    expect(cost(EMBEDDED, { model: 'openai.gpt-oss-120b' })).not.toBeNull();
  });

  test.each(['__proto__', 'constructor', 'toString', ' '])('that is %p is unknown', (model) => expect(cost(EMBEDDED, { model })).toBeNull());
});

describe('a price book file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'price-book-'));
  const file = (name: string, content: string) => {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  };

  test('overrides the embedded book with base: embedded', () => {
    const book = PriceBook.fromFile(file('above.yaml', [
      'schemaVersion: "1"', 'base: embedded', 'discounts: [{ percent: 10, provider: Anthropic }]', 'allowDerivedRates: false',
      'rates:', '  - { model: "amazon.nova-pro-v1:0", kind: input, usd: "0.5", unit: 1M tokens }',
    ].join('\n')));
    expect(cost(book)).toBe('0.5');
    expect(cost(book, { model: 'us.anthropic.claude-sonnet-4-6' })).toBe('2.97'); // 3.30 x 0.90
    expect(cost(book, { model: 'amazon.nova-lite-v1:0' })).toBe('0.06');
    expect(book.asOf).toBe(EMBEDDED.asOf);
    expect(book._changes).toEqual([`price book ${join(folder, 'above.yaml')} above the embedded one`, '1 rate of your own', 'discount of 10 % on Anthropic', 'no derived rates']);
  });

  test('takes the place of the embedded book', () => {
    const book = PriceBook.fromFile(file('book.yaml', [
      'schemaVersion: "1"', 'rates:', '  - { model: "amazon.nova-pro-v1:0", kind: input, usd: "0.5", unit: 1M tokens, asOf: "2026-11-01", source: a letter }',
    ].join('\n')));
    expect(cost(book)).toBe('0.5');
    expect(book.asOf).toBe('2026-11-01');
    expect(cost(book, { model: 'anthropic.claude-sonnet-4-6' })).toBeNull();
  });

  test.each([
    ['missing', join(folder, 'nowhere.yaml')],
    ['not YAML', file('bad.yaml', '{')],
    ['empty', file('empty.yaml', '')],
    ['one that contains itself', file('cycle.yaml', 'schemaVersion: "1"\nrates: &a [*a]')],
    ['of another version', file('v2.yaml', 'schemaVersion: "2"\nrates: []')],
    ['without rates', file('none.json', '{"schemaVersion":"1","rates":[]}')],
    ['above another book', file('base.json', '{"schemaVersion":"1","base":"mine","rates":[]}')],
    ['with a field that does not exist', file('field.json', '{"schemaVersion":"1","base":"embedded","rate":[]}')],
    ['with a discount that is none', file('discount.json', '{"schemaVersion":"1","base":"embedded","discounts":[{"percent":"ten"}]}')],
  ])('fails when it is %s', (_, path) => {
    expect(() => PriceBook.fromFile(path)).toThrow(path);
  });
});

describe('two prices of the same', () => {
  const RATE = { model: 'example.model', kind: RateKind.INPUT, usd: '1', unit: RateUnit.MILLION_TOKENS, region: 'us-east-1' };
  const fromFile = (name: string, text: string) => {
    const path = join(mkdtempSync(join(tmpdir(), 'price-book-')), name);
    writeFileSync(path, text);
    return PriceBook.fromFile(path);
  };
  const fromRates = (...rates: object[]) => fromFile('book.json', JSON.stringify({ schemaVersion: '1', rates }));

  test.each([
    ['at another price', { usd: '50' }],
    // $1 for a thousand tokens are $1,000 for a million.
    ['by another unit', { unit: RateUnit.THOUSAND_TOKENS }],
    ['with a default that is spelled out', { usd: '50', tier: PriceTier.STANDARD, customModel: false }],
  ])('%s are refused, in a file and in code', (_, second) => {
    const problem = /rates\[1\]\.usd must be "1".*, as in .*rates\[0\], which prices the same, got ".*"\. Keep one of the two rates/;
    expect(() => fromRates(RATE, { ...RATE, ...second })).toThrow(problem);
    expect(() => PriceBook.embedded().withRates([RATE, { ...RATE, ...second }])).toThrow(problem);
  });

  test('are allowed at the same price, and for other days', () => {
    expect(() => fromRates(RATE, { ...RATE, usd: '1.0' }, { ...RATE, usd: '0.001', unit: RateUnit.THOUSAND_TOKENS })).not.toThrow();
    expect(() => fromRates({ ...RATE, endDate: '2026-10-01' }, { ...RATE, usd: '50', effectiveDate: '2026-10-01' })).not.toThrow();
  });

  test('win over a book: a rate of your own, the later one first', () => {
    const book = fromRates(RATE).withRates([{ ...RATE, usd: '2' }]);
    const query = { model: RATE.model, kind: RATE.kind, region: RATE.region };
    expect(book._find(query)?.asRate.usd).toBe('2');
    expect(book.withRates([{ ...RATE, usd: '3' }])._find(query)?.asRate.usd).toBe('3');
  });

  test('are refused as one key that is twice, in JSON and in YAML', () => {
    const text = '{"schemaVersion": "1", "rates": [{"model": "example.model", "kind": "input", "unit": "1M tokens",\n "usd": "1", "usd": "50"}]}';
    for (const name of ['book.json', 'book.yaml']) {
      expect(() => fromFile(name, text)).toThrow(`${name}: line 2: the field "usd" is given twice. Keep one of them.`);
    }
  });
});

test('a book keeps the rates and discounts of the call, also when the caller changes the objects', () => {
  const [rates, discounts] = [[{ ...input('9') }], [{ percent: 50 }]];
  const [own, discounted] = [EMBEDDED.withRates(rates), EMBEDDED.withDiscounts(discounts)];
  Object.assign(rates[0], { usd: '1' });
  discounts[0].percent = 0;
  // Half of $0.80.
  expect([cost(own), cost(discounted)]).toEqual(['9', '0.4']);
});
