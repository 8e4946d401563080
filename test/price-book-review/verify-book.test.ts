import { bookOf, rate } from './book-of';
import { verifyBook } from '../../src/price-book-review/verify-book';
import { daysBetween, isDay } from '../../src/pricing/price-book/day';
import { PriceBook } from '../../src/pricing/price-book/price-book';
import { renderVerifyTable } from '../../src/render/render-verify';

const EMBEDDED = PriceBook.embedded();
const limit = (today = '2026-11-23', maxDays = 120) => ({ today, maxDays });
const verify = (rates: readonly object[], today?: string, rest?: object) => verifyBook(bookOf(rates, rest), limit(today), EMBEDDED);
const failures = (...args: Parameters<typeof verify>) => verify(...args).failures.map(({ id, message, regions }) => [id.replace('bedrock-cost-book-', ''), message, regions]);
const warnings = (...args: Parameters<typeof verify>) => verify(...args).warnings.map(({ id, message, regions }) => [id.replace('bedrock-cost-book-', ''), message, regions]);
const PAIR = [rate('input', '3'), rate('output', '15')];

describe('the embedded book', () => {
  // Counted from the newest price, so that a price that is added needs no change here.
  const today = new Date(Date.parse(EMBEDDED.asOf!) + 3 * 86_400_000).toISOString().slice(0, 10);
  const result = verifyBook(EMBEDDED, limit(today));

  test('passes, with what it is made of', () => {
    expect(result.failures).toEqual([]);
    expect(result.passed).toBe(true);
    const { models, rates, ratesByKind, asOf, oldestAsOf, ageDays } = result.summary;
    expect({ asOf, oldestAsOf, ageDays, models }).toEqual({ asOf: EMBEDDED.asOf, oldestAsOf: '2025-02-01', ageDays: 3, models: EMBEDDED._modelIds.length });
    expect(Object.values(ratesByKind).reduce((a, b) => a + b)).toBe(rates);
  });

  test('is warned of nothing but prices with one side, old sources, prices past their guarantee, and one row of the price list', () => {
    expect(new Set(result.warnings.map(({ id }) => id))).toEqual(new Set([
      'bedrock-cost-book-one-sided', 'bedrock-cost-book-old-source', 'bedrock-cost-book-dear-global', 'bedrock-cost-book-review-due',
    ]));
    const nova = { model: 'amazon.nova-lite-v1:0', message: 'input, in-region without a price of output', regions: ['ap-east-2'] };
    expect(result.warnings).toContainEqual(expect.objectContaining(nova));
    // AWS's list of 2026-10-08 asks 0.195 for Nova 2 Lite batch through the global profile from eu-north-1, and 0.1815 without it.
    const dear = result.warnings.filter(({ id }) => id === 'bedrock-cost-book-dear-global');
    expect(new Set(dear.map(({ model, regions }) => `${model} ${regions.join()}`))).toEqual(new Set(['amazon.nova-2-lite-v1:0 eu-north-1']));
    // Embeddings and rankings give no text back.
    expect(result.warnings.filter(({ model }) => /embed|rerank/.test(model))).toEqual([]);
  });

  test('names its oldest source', () => {
    expect(result.summary.sources[0]).toEqual({ source: 'public-quotes-2025-2026 (second-hand)', rates: 1, asOf: '2025-02-01', days: daysBetween('2025-02-01', today), ratesTooOld: 1 });
  });
});

describe('a book that is in order', () => {
  test('draws not a word', () => {
    const result = verify(PAIR);
    expect({ failures: result.failures, warnings: result.warnings }).toEqual({ failures: [], warnings: [] });
    expect(result.summary).toEqual({
      asOf: '2026-11-01',
      oldestAsOf: '2026-11-01',
      ageDays: 22,
      models: 1,
      rates: 2,
      ratesTooOld: 0,
      maxAgeDays: 120,
      ratesByKind: { input: 1, output: 1 },
      sources: [{ source: 'a letter', rates: 2, asOf: '2026-11-01', days: 22, ratesTooOld: 0 }],
    });
  });
});

describe('the age of a book', () => {
  // 2026-11-01 and 120 days: 29 of November, 31, 31, 28, and the 1st of March.
  test.each([['2026-11-01', []], ['2027-03-01', []], ['2027-03-02', ['too-old']]])('of 2026-11-01 is judged on %s', (today, ids) => {
    expect(failures(PAIR, today).map(([id]) => id)).toEqual(ids);
  });

  test('fails with the age and the limit, by the newest of its rates', () => {
    expect(failures([rate('input', '3', { asOf: '2020-01-01' }), rate('output', '15')], '2027-03-02'))
      .toEqual([['too-old', 'the newest price was last confirmed on 2026-11-01, 121 days before 2027-03-02; 120 days are allowed', []]]);
  });

  test('that is not stated cannot be judged', () => {
    const undated = PAIR.map((one) => ({ ...one, asOf: undefined }));
    expect(failures(undated)).toEqual([]);
    expect(warnings(undated)).toEqual([['undated', 'no rate states the day on which it was read: the age of the prices is not known', []]]);
  });

  test('warns of an old source of a book that is not old', () => {
    const rates = [...PAIR, rate('cache-read', '0.3', { asOf: '2026-01-01', source: 'an old letter' })];
    // 2026-01-01 to 2026-11-23 = 326 days
    expect(warnings(rates)).toEqual([['old-source', '1 of 1 rate of an old letter: last confirmed more than 120 days ago, the oldest on 2026-01-01, 326 days ago', []]]);
  });

  test('counts the rates that are too old, and not the others of their source', () => {
    const old = ['us-east-1', 'us-west-2', 'eu-west-1'].map((region) => rate('cache-read', '0.3', { region, asOf: '2023-11-23' }));
    const result = verify([...PAIR, ...old]);
    expect(result.passed).toBe(true);
    expect(result.summary).toMatchObject({ rates: 5, ratesTooOld: 3, asOf: '2026-11-01', oldestAsOf: '2023-11-23' });
    // 366 (2024 has a 29th of February) + 365 + 365 days
    expect(result.warnings.map(({ message }) => message)).toEqual(['3 of 5 rates of a letter: last confirmed more than 120 days ago, the oldest on 2023-11-23, 1,096 days ago']);
    expect(renderVerifyTable(result)).toContain('\n3 of them (60 %) more than 120 days ago\n');
  });

  test('is counted from the last confirmation of each rate', () => {
    const confirmed = PAIR.map((one) => ({ ...one, asOf: '2020-01-01', confirmed: '2026-11-01' }));
    const result = verify([...confirmed, rate('cache-read', '0.3', { asOf: '2020-01-01', confirmed: '2026-01-01' })]);
    expect({ failures: result.failures, old: result.warnings.map(({ message }) => message) })
      .toEqual({ failures: [], old: ['1 of 3 rates of a letter: last confirmed more than 120 days ago, the oldest on 2026-01-01, 326 days ago'] });
    expect(result.summary).toMatchObject({ asOf: '2026-11-01', oldestAsOf: '2026-01-01', ageDays: 22, ratesTooOld: 1 });
  });

  test.each(['asOf', 'confirmed', 'effectiveDate', 'endDate'] as const)('fails for a date %s that the calendar has not', (field) => {
    const odd = { ...rate('input', '3', { [field]: '2020-99-99' }), regions: ['us-east-1'] };
    const book = { _layers: [[odd]], asOf: odd.asOf } as unknown as PriceBook;
    const { passed, failures: [failure], summary } = verifyBook(book, limit(), EMBEDDED);
    expect(passed).toBe(false);
    expect(failure).toMatchObject({ id: 'bedrock-cost-book-no-day', message: `input states the ${field} "2020-99-99", which is no day of the calendar` });
    expect(JSON.stringify(summary)).not.toContain('NaN');
    expect(summary.ageDays).toBe(field === 'asOf' ? null : 22);
    // A book of a file does not get as far.
    expect(() => verify([rate('input', '3', { [field]: '2020-99-99' })])).toThrow(`rates[0].${field} must be a day as YYYY-MM-DD, got "2020-99-99".`);
  });

  test('fails for a rate that was read tomorrow', () => {
    expect(failures([rate('input', '3', { asOf: '2026-11-24' }), rate('output', '15', { confirmed: '2026-11-25' })])).toEqual([
      ['from-the-future', 'input was read on 2026-11-24, which is after 2026-11-23', ['us-east-1']],
      ['from-the-future', 'output was confirmed on 2026-11-25, which is after 2026-11-23', ['us-east-1']],
    ]);
  });
});

describe('two rates of the same thing', () => {
  test('fail when they contradict each other, once for all regions', () => {
    const both = ['us-east-1', 'us-west-2'].flatMap((region) => [rate('input', '3', { region, endDate: '2027-01-01' }), rate('input', '0.004', { region, unit: '1K tokens', source: 'another' }), rate('output', '15', { region })]);
    expect(failures(both)).toEqual([['contradiction', 'input is both $3.00 (a letter) and $4.00 (another) per 1M tokens', ['us-east-1', 'us-west-2']]]);
  });

  test.each<[string, object, boolean]>([
    ['say the same in another unit', { usd: '0.003', unit: '1K tokens' }, true],
    ['are of another tier', { usd: '1.5', tier: 'batch' }, true],
    ['spell out what the other leaves out', { usd: '4', tier: 'standard', context: 'standard', customModel: false }, false],
    ['are of another scope', { usd: '4', scope: 'geo' }, true],
    ['follow each other', { usd: '4', effectiveDate: '2026-09-01' }, true],
    ['overlap for a day', { usd: '4', effectiveDate: '2026-08-31' }, false],
  ])('when they %s pass: %s', (_, other, passes) => {
    const result = verify([rate('input', '3', { endDate: '2026-09-01' }), rate('input', '3', other), rate('output', '15')]);
    expect(result.failures.filter(({ id }) => id === 'bedrock-cost-book-contradiction')).toHaveLength(passes ? 0 : 1);
  });

  test("pass when the one is the user's own above the embedded book", () => {
    expect(verify([rate('input', '0.5', { model: 'amazon.nova-pro-v1:0' })], EMBEDDED.asOf, { base: 'embedded' }).passed).toBe(true);
  });

  test('fail when three of them overlap one after the other', () => {
    const dated = (usd: string, effectiveDate: string, endDate: string) => rate('input', usd, { effectiveDate, endDate });
    const three = [dated('1', '2026-01-01', '2026-12-31'), dated('1', '2026-02-01', '2026-03-01'), dated('2', '2026-12-30', '2027-12-31'), rate('output', '15')];
    expect(failures(three).map(([id]) => id)).toEqual(['contradiction']);
  });
});

describe('a price of $0', () => {
  test.each([['input', '1M tokens'], ['output', '1M tokens'], ['cache-read', '1M tokens'], ['image', 'image'], ['training', 'hour'], ['cache-write-5m', '1M tokens']])('fails for %s', (kind, unit) => {
    expect(failures([rate('input', '3', { region: 'us-west-2' }), rate('output', '15', { region: 'us-west-2' }), rate(kind, '0.00', { unit })]).map(([id]) => id)).toContain('zero-price');
  });

  test('fails for a model unit hour, in words', () => {
    expect(failures([...PAIR, rate('model-unit-hour', '0', { unit: 'hour', commitmentDuration: 'six-months', customModel: true })]))
      .toEqual([['zero-price', 'model-unit-hour, six-months, custom model is $0, which AWS uses as a placeholder', ['us-east-1']]]);
  });

  test.each<[string, object]>([
    ['writes to the cache of a Nova model', rate('cache-write-5m', '0', { model: 'amazon.nova-pro-v1:0' })],
    ['regular expressions of a guardrail', rate('text-unit', '0', { model: '*', policy: 'sensitive-information-regex', unit: '1K text units' })],
  ])('is real for %s', (_, free) => expect(failures([...PAIR, free])).toEqual([]));
});

describe('a price that cannot be right', () => {
  const regions = ['us-east-1', 'us-east-2', 'us-west-1', 'us-west-2', 'eu-west-1'];
  const others = regions.flatMap((region) => [rate('input', '3', { region }), rate('output', '15', { region })]);
  const odd = (usd: string, rest: object = {}) => failures([...others, rate('input', usd, { region: 'eu-west-3', ...rest }), rate('output', '15', { region: 'eu-west-3' })]);

  // Typical are $3.00: 100 times is $300, a hundredth is $0.03. The output is $15.00: a fiftieth is $0.30.
  test.each([['299.99', 0], ['300', 1], ['3000', 1], ['0.0301', 1], ['0.3001', 0], ['0.3', 1], ['0.03', 1], ['0.003', 1]])('$%s beside five of $3.00 draws %i failure', (usd, count) => {
    expect(odd(usd)).toHaveLength(count);
  });

  test('fails with the typical price for a price per thousand tokens that is read as one per million', () => {
    expect(odd('0.003')).toEqual([['outlier', 'input is $0.003 per 1M tokens, 1/1,000 of the typical price of example.model-v1', ['eu-west-3']]]);
    expect(odd('3', { unit: '1K tokens' })).toEqual([['outlier', 'input is $3,000.00 per 1M tokens, 1,000 times the typical price of example.model-v1', ['eu-west-3']]]);
  });

  test('fails in a book without other rates, compared with the embedded book', () => {
    // Nova Pro: $0.80 in, $3.20 out
    const book = [rate('input', '0.80', { model: 'amazon.nova-pro-v1:0', unit: '1K tokens' }), rate('output', '3.20', { model: 'amazon.nova-pro-v1:0' })];
    expect(failures(book).map(([id]) => id)).toEqual(['outlier']);
  });

  test.each([['60', '0.24', '250 times'], ['3', '150', '1/50 of'], ['0.003', '15', '1/5,000 of']])('fails for an input of $%s beside an output of $%s', (input, output, how) => {
    const [[id, message], ...more] = failures([rate('input', input), rate('output', output)]);
    expect([id, more]).toEqual(['outlier', []]);
    expect(message).toContain(`${how} its output at $`);
  });

  // In the embedded book output costs from once to ten times what input does.
  test.each([['3', '149.99'], ['11.99', '0.24'], ['0', '15']])('is not: an input of $%s beside an output of $%s', (input, output) => {
    expect(failures([rate('input', input), rate('output', output)]).filter(([id]) => id === 'outlier')).toEqual([]);
  });

  test('fails for a new model of a family that is known', () => {
    const book = ['input', 'output'].map((kind) => rate(kind, '9000', { model: 'anthropic.claude-sonnet-9' }));
    expect(failures(book).map(([id]) => id)).toEqual(['outlier', 'outlier']);
  });

  test('is not seen in prices of another unit', () => {
    const book = [...PAIR, rate('input-video', '0.0007', { unit: 'second' }), rate('input-video', '1', { tier: 'flex' })];
    expect(failures(book)).toEqual([]);
  });
});

describe('rates that should be checked', () => {
  test.each<[string, object[], [string, string]]>([
    ['an input without an output price', [rate('input', '3')], ['one-sided', 'input without a price of output']],
    ['an output without an input price', [rate('output', '3', { scope: 'geo', tier: 'batch' })], ['one-sided', 'output, geo, batch without a price of input']],
    ['a rate that has ended', [...PAIR, rate('cache-read', '0.3', { endDate: '2026-11-23' })], ['not-in-force', 'cache-read is in force until 2026-11-23, not on 2026-11-23']],
    ['a rate that begins tomorrow', [...PAIR, rate('cache-read', '0.3', { effectiveDate: '2026-11-24' })], ['not-in-force', 'cache-read is in force from 2026-11-24, not on 2026-11-23']],
    ['a rate past its guarantee', [...PAIR, rate('cache-read', '0.3', { reviewAfter: '2026-11-22' })], ['review-due', 'cache-read (guaranteed until 2026-11-22)']],
    ['a batch price above the standard one', [...PAIR, rate('input', '3.01', { tier: 'batch' }), rate('output', '15', { tier: 'batch' })], ['dear-batch', 'input, batch is $3.01, above input at $3.00']],
    ['a global price above the regional one', ['in-region', 'global'].flatMap((scope, i) => [rate('input', String(3 + i), { scope }), rate('output', '15', { scope })]),
      ['dear-global', 'input, global is $4.00, above input, in-region at $3.00']],
    ['a cache read above fresh input of the standard tier', [...PAIR, rate('cache-read', '3.3', { tier: 'priority' })], ['dear-cache', 'cache-read, priority is $3.30, above input at $3.00']],
    ['a cache read above fresh input of another scope', ['input', 'output'].map((kind) => rate(kind, '3', { scope: 'in-region' })).concat(rate('cache-read', '3.3', { scope: 'geo', tier: 'flex' })),
      ['dear-cache', 'cache-read, geo, flex is $3.30, above input, in-region at $3.00']],
    ['a cache read above fresh input', [...PAIR, rate('cache-read', '3.3')], ['dear-cache', 'cache-read is $3.30, above input at $3.00']],
  ])('is %s', (_, rates, [id, message]) => {
    expect(verify(rates).failures).toEqual([]);
    expect(warnings(rates)).toEqual([[id, message, ['us-east-1']]]);
  });

  test.each<[string, object[]]>([
    ['an output price everywhere is the other side of an input price in a region', [rate('input', '3', { scope: 'geo' }), rate('output', '15', { region: undefined })]],
    ['a price of pictures is a side of its own', [rate('input-image', '3'), rate('output', '15')]],
    ['an embedding has one side', [rate('input', '3', { model: 'example.embed-v1' })]],
    ['a rate that has ended has one that follows it', [...PAIR, rate('cache-read', '0.3', { endDate: '2026-11-01' }), rate('cache-read', '0.2', { effectiveDate: '2026-11-01' })]],
    ['a rate that is announced has one before it', [...PAIR, rate('cache-read', '0.3', { endDate: '2026-12-01' }), rate('cache-read', '0.2', { effectiveDate: '2026-12-01' })]],
    ['a rate that begins today is in force', [...PAIR, rate('cache-read', '0.3', { effectiveDate: '2026-11-23', endDate: '2026-11-24' })]],
    ['a rate is guaranteed until today', [...PAIR, rate('cache-read', '0.3', { reviewAfter: '2026-11-23' })]],
    ['a batch price at the standard one', [...PAIR, rate('input', '3', { tier: 'batch' }), rate('output', '15', { tier: 'batch' })]],
  ])('is not: %s', (_, rates) => expect(warnings(rates)).toEqual([]));
});

describe('a day', () => {
  test.each([['2026-11-23', true], ['2024-02-29', true], ['2026-02-29', false], ['2026-13-01', false], ['2026-00-10', false], ['2026-01-00', false], ['2026-1-1', false], ['today', false], [20261123, false]])(
    '%p is one: %s', (text, is) => expect(isDay(text)).toBe(is));

  test('is so many days after another', () => {
    expect(daysBetween('2024-02-28', '2024-03-01')).toBe(2);
    expect(daysBetween('2026-03-01', '2026-02-28')).toBe(-1);
  });
});
