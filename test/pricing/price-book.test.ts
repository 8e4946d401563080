import { mkdtempSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { CostCalculator } from '../../src/pricing/calculator';
import { PriceBook } from '../../src/pricing/price-book';
import { PriceScope, PriceTier, Rate, RateKind, RateUnit } from '../../src/pricing/rate';

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

  test('the most specific one wins, whatever its place', () => {
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
    expect(book.findRate({ model: 'amazon.nova-pro-v1:0', region: 'us-east-1', kind: RateKind.INPUT, tier: PriceTier.BATCH })?.usd).toBe('0.4');
  });

  test('may be in thousands of tokens', () => {
    expect(cost(EMBEDDED.withRates([input('0.00080', { unit: RateUnit.THOUSAND_TOKENS })]))).toBe('0.8');
  });

  test.each<[string, object]>([
    ['rates[0].usd', input('-1')], ['rates[0].usd', input('1e-7')], ['rates[0].usd', input('')],
    ['rates[0].kind', { ...input('1'), kind: 'inputs' }], ['rates[0].unit', { ...input('1'), unit: 'token' }],
    ['rates[0].regoin', { ...input('1'), regoin: 'us-east-1' }], ['rates[0].model', { ...input('1'), model: '' }],
    ['rates[0].commitmentDuration', { ...input('1'), kind: RateKind.MODEL_UNIT_HOUR, unit: RateUnit.HOUR }],
  ])('fails with the place of the mistake: %s', (place, rate) => {
    expect(() => EMBEDDED.withRates([rate as Rate])).toThrow(`${place}: `);
  });
});

describe('a unit', () => {
  test('that does not fit its kind fails', () => {
    expect(() => EMBEDDED.withRates([input('3', { unit: RateUnit.HOUR })])).toThrow('rates[0].unit: "hour" is not allowed; expected one of 1K tokens, 1M tokens for the kind input');
  });

  test('that counts another thing than the usage is a missing price', () => {
    // An image that is priced by its tokens: the number of images says nothing of them.
    const book = EMBEDDED.withRates([input('3', { kind: RateKind.INPUT_IMAGE })]);
    expect(new CostCalculator(book).onDemand({ ...million, imagesPerRequest: 2 }).monthlyUsd).toBeUndefined();
  });
});

describe('a discount', () => {
  test('is taken off the book, exactly', () => {
    expect(cost(EMBEDDED.withDiscountPercent(12.5))).toBe('0.7'); // 0.80 x 0.875
  });

  test('is not taken off your own rates, in whatever order', () => {
    expect(cost(EMBEDDED.withDiscountPercent(50).withRates([input('0.7')]))).toBe('0.7');
    expect(cost(EMBEDDED.withRates([input('0.7')]).withDiscountPercent(50))).toBe('0.7');
  });

  test('is said in the estimate', () => {
    expect(new CostCalculator(EMBEDDED.withDiscountPercent(10)).onDemand(million).assumptions).toEqual(["a discount of 10 % is taken off the price book's rates"]);
  });

  test.each([-1, 101, NaN])('fails for %p percent', (percent) => {
    expect(() => EMBEDDED.withDiscountPercent(percent)).toThrow(/discountPercent/);
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
    ['of another version', file('v2.yaml', 'schemaVersion: "2"\nrates: []')],
    ['without rates', file('none.json', '{"schemaVersion":"1","rates":[]}')],
  ])('fails when it is %s', (_, path) => {
    expect(() => PriceBook.fromFile(path)).toThrow(path);
  });
});
