import { toText } from '../../../src/pricing/decimal';
import { advise, totalOf } from '../../../src/pricing/optimization/advise';
import { AdviceInputs, firstYearUsd, Technique, TechniqueName } from '../../../src/pricing/optimization/technique';
import { PriceBook } from '../../../src/pricing/price-book/price-book';
import { RateKind, RateUnit } from '../../../src/pricing/price-book/rate';

const book = PriceBook.embedded();
const INPUTS: AdviceInputs = {
  retrievedTokens: 1_000,
  indexGigabytes: 1,
  trainingTokens: 1_000_000,
  epochs: 3,
  adaptationTokens: 100_000_000,
  adaptationEpochs: 1,
  hoursPerMonth: 730,
};
// Llama 3.1 70B, us-west-2: $0.72 in and out; training $7.99 per million tokens; storage $1.95 a month; a model unit of a
// custom model $24.00 an hour. 1,000,000 x 2,500 tokens = 2,500 M x $0.72 = $1,800.00 a month
const LLAMA = {
  model: 'meta.llama3-1-70b-instruct-v1:0', region: 'us-west-2', requestsPerMonth: 1_000_000, inputTokensPerRequest: 2_000, outputTokensPerRequest: 500,
};
const plan = (usage: object = {}, inputs: Partial<AdviceInputs> = {}, priceBook = book, isBatch = false) =>
  advise(priceBook, { usage: { ...LLAMA, ...usage }, isBatch }, { ...INPUTS, ...inputs });
const technique = (name: TechniqueName, ...args: Parameters<typeof plan>) => plan(...args).techniques.find((one) => one.name === name)!;
const sums = (one: Pick<Technique, 'name' | 'oneTimeUsd' | 'monthlyChangeUsd'>) =>
  [one.name, ...[one.oneTimeUsd, one.monthlyChangeUsd, firstYearUsd(one)].map((usd) => (usd ? toText(usd) : null))];

test('the plan is in the order of the cost of the first year', () => {
  expect(plan().techniques.map(sums)).toEqual([
    ['prompt-engineering', '0', '0', '0'],
    // 1,000 M tokens x $0.72 + 1,000 thousand retrievals x $1.00 + 1 GB x $5.00 = $1,725.00; x 12
    ['retrieval', '0', '1725', '20700'],
    // 3 M x $7.99 = $23.97 once; $1.95 + 730 x $24.00 - $1,800.00 = $15,721.95 a month; 23.97 + 12 x 15,721.95
    ['instruction-fine-tuning', '23.97', '15721.95', '188687.37'],
    // 100 M x $7.99 = $799.00 once; 799.00 + 12 x 15,721.95
    ['domain-adaptation', '799', '15721.95', '189462.4'],
  ]);
});

test('every 100 tokens of prompt are worth 100 M x $0.72', () => {
  const { notes, usdPer100InputTokens } = technique('prompt-engineering');
  expect(notes).toContain('every 100 input tokens less in a request save $72.00 a month; as many more cost as much');
  expect(toText(usdPer100InputTokens!)).toBe('72');
  // A prompt of 50 tokens can only grow.
  expect(toText(technique('prompt-engineering', { inputTokensPerRequest: 50 }).usdPer100InputTokens!)).toBe('72');
});

test('at the border of long context the price of the request as it is counts', () => {
  // Claude Sonnet 4.5 through us. in us-west-2: $3.30 per million up to 200,000 input tokens; 10 x 100 tokens
  const claude = { model: 'us.anthropic.claude-sonnet-4-5-20250929-v1:0', requestsPerMonth: 10, inputTokensPerRequest: 199_950 };
  expect(toText(technique('prompt-engineering', claude).usdPer100InputTokens!)).toBe('0.0033');
});

test('the inputs change what they are about', () => {
  // 2 epochs of 10 M tokens x $7.99 = $159.80
  expect(toText(technique('instruction-fine-tuning', {}, { trainingTokens: 10_000_000, epochs: 2 }).oneTimeUsd!)).toBe('159.8');
  expect(toText(technique('domain-adaptation', {}, { adaptationTokens: 10_000_000, adaptationEpochs: 2 }).oneTimeUsd!)).toBe('159.8');
  // 500 M x $0.72 + $1,000.00 + 50 x $5.00
  expect(toText(technique('retrieval', {}, { retrievedTokens: 500, indexGigabytes: 50 }).monthlyChangeUsd!)).toBe('1610');
  // 2 x 17,520 + 1.95 - 1,800
  expect(toText(technique('instruction-fine-tuning', {}, { modelUnits: 2 }).monthlyChangeUsd!)).toBe('33241.95');
  // 744 x 24 + 1.95 - 1,800
  expect(toText(technique('instruction-fine-tuning', {}, { hoursPerMonth: 744 }).monthlyChangeUsd!)).toBe('16057.95');
});

describe('a custom model', () => {
  const trainable = book.withRates([
    { model: 'amazon.nova-lite-v1:0', kind: RateKind.TRAINING, usd: '2', unit: RateUnit.MILLION_TOKENS },
    { model: 'amazon.nova-lite-v1:0', kind: RateKind.MODEL_STORAGE, usd: '1.95', unit: RateUnit.MONTH },
  ]);
  const lite = { model: 'us.amazon.nova-lite-v1:0', region: 'us-east-1' };

  test('is called on demand where it is sold so', () => {
    // $0.06 and $0.24, custom or not: inference costs the same, so $1.95 more a month; 3 M x $2.00 once
    expect(sums(technique('instruction-fine-tuning', lite, {}, trainable))).toEqual(['instruction-fine-tuning', '6', '1.95', '29.4']);
  });

  test('that is sold on demand only replaces batch at its on-demand price', () => {
    // 2,000 M x $0.06 + 500 M x $0.24 = $240 instead of $120 in batch, and $1.95
    expect(sums(technique('instruction-fine-tuning', lite, {}, trainable, true))).toEqual(['instruction-fine-tuning', '6', '121.95', '1469.4']);
  });

  test('on an assumed model unit counts no saving: the order does not depend on it', () => {
    // The current cost is 10 x $1,800, more than $17,520
    const busy = { requestsPerMonth: 10_000_000 };
    expect(sums(technique('instruction-fine-tuning', busy))).toEqual(['instruction-fine-tuning', '23.97', '1.95', '47.37']);
    expect(technique('instruction-fine-tuning', busy).notes).toContain('no saving is counted: whether one model unit carries this load is not published');
    // A stated number of units is used: 1.95 + 17,520 - 18,000
    expect(toText(technique('instruction-fine-tuning', busy, { modelUnits: 1 }).monthlyChangeUsd!)).toBe('-478.05');
  });

  test('has no known prompt cache: cached tokens count as input', () => {
    // As it is: 120 + 120 + 1,000 M x $0.015 = $255; custom: 3,000 M x $0.06 + 500 M x $0.24 = $300; + 1.95 - 255 + 0
    const cached = technique('instruction-fine-tuning', { ...lite, cacheReadTokensPerRequest: 1_000 }, {}, trainable);
    expect(toText(cached.monthlyChangeUsd!)).toBe('46.95');
    expect(cached.notes).toEqual(['no prompt cache is counted for the custom model: all tokens are input tokens']);
  });
});

test('training of a legacy model has the note that AWS accepts none', () => {
  const said = 'AWS accepts no new training of a model that it marks as legacy';
  expect(technique('instruction-fine-tuning').notes).toContain(said);
  expect(technique('instruction-fine-tuning', { model: 'us.amazon.nova-pro-v1:0' }).notes).not.toContain(said);
});

describe('unknown costs', () => {
  test('a model without a training price: unknown, after the known ones, with the models that can be customized', () => {
    const { techniques, customizable } = plan({ model: 'us.meta.llama4-maverick-17b-instruct-v1:0' });
    expect(techniques.map(({ name, oneTimeUsd }) => [name, oneTimeUsd === undefined])).toEqual([
      ['prompt-engineering', false], ['retrieval', false], ['instruction-fine-tuning', true], ['domain-adaptation', true],
    ]);
    // Llama 3.1 has a price for training, and is legacy: AWS accepts no new training of it.
    expect(customizable).toEqual([]);
    const rates = ['amazon.nova-lite-v1:0', 'amazon.nova-premier-v1:0'].map((model) => ({ model, kind: RateKind.TRAINING, usd: '2', unit: RateUnit.MILLION_TOKENS }));
    expect(plan({ model: 'us.amazon.nova-pro-v1:0' }, {}, book.withRates(rates)).customizable).toEqual(['amazon.nova-lite-v1:0']);
  });

  test('an unknown model: only techniques without a fee are known', () => {
    expect(plan({ model: 'example.unknown' }).techniques.map(sums)).toEqual([
      ['prompt-engineering', '0', '0', '0'], ['retrieval', '0', null, null],
      ['instruction-fine-tuning', null, null, null], ['domain-adaptation', null, null, null],
    ]);
  });

  test('makes the total unknown, never smaller', () => {
    expect(totalOf([plan(), plan({ model: 'us.meta.llama4-maverick-17b-instruct-v1:0' })]).map(sums)).toEqual([
      ['prompt-engineering', '0', '0', '0'],
      // 1,725 + Llama 4 Maverick: 1,000 M x $0.24 + $1,005.00 = 1,245; together 2,970
      ['retrieval', '0', '2970', '35640'],
      ['instruction-fine-tuning', null, null, null],
      ['domain-adaptation', null, null, null],
    ]);
  });
});

test('of techniques that cost the same, the one that asks less comes first', () => {
  const nothing = { trainingTokens: 0, adaptationTokens: 0, retrievedTokens: 0, indexGigabytes: 0 };
  expect(plan({ requestsPerMonth: 0 }, nothing).techniques.map(({ name }) => name))
    .toEqual(['prompt-engineering', 'retrieval', 'instruction-fine-tuning', 'domain-adaptation']);
});

describe('what the prices of a technique take for granted', () => {
  test('are named: derived rates', () => {
    // Nova Pro in ap-northeast-1: cache read is the input rate x 0.25, which no page states.
    const usage = { model: 'apac.amazon.nova-pro-v1:0', region: 'ap-northeast-1', cacheReadTokensPerRequest: 1_000 };
    const rule = 'the cache-read rate is derived, not published: Nova cache-read = input x 0.25';
    for (const { name, assumptions } of plan(usage).techniques) {
      expect([name, assumptions.filter((assumption) => assumption === rule)]).toEqual([name, [rule]]);
    }
  });

  test('are named: assumed regions and discounts, each once', () => {
    const { assumptions } = technique('instruction-fine-tuning', {}, {}, book.withDiscounts([{ percent: 10 }]));
    expect(assumptions.filter((assumption) => assumption.startsWith('a discount of 10 %'))).toHaveLength(1);
    expect(assumptions).toEqual([...new Set(assumptions)]);
    expect(assumptions).toContainEqual(expect.stringMatching(/^the source names no region for this model's .* rate/));
  });
});
