import { InferenceLatency, ServiceTier } from '../../../src/pricing/billing-modes/on-demand';
import { CostCalculator } from '../../../src/pricing/calculator';
import { ComparisonUsage, CostComparison, BillingMode } from '../../../src/pricing/comparison/comparison';
import { compareProvisioned, compareReserved } from '../../../src/pricing/comparison/terms';
import { PriceBook } from '../../../src/pricing/price-book/price-book';
import { CommitmentDuration, PriceTier, RateKind, RateUnit } from '../../../src/pricing/price-book/rate';

const book = PriceBook.embedded();
const compare = (usage: ComparisonUsage, priceBook = book) => new CostCalculator(priceBook).compare(usage);
const costs = ({ options }: CostComparison) => options.map(({ name, estimate }) => [name, estimate._toJson().monthlyUsd]);
const named = (comparison: CostComparison, name: string) => comparison.options.find((option) => option.name === name)!;

// Llama 3.1 70B, us-west-2: $0.72 in and out per million tokens on demand, $0.36 in batch; a model unit hour $24.00 without
// commitment, $21.18 for one month, $13.08 for six.
// 1,000,000 x 2,500 tokens = 2,500 x $0.72 = $1,800.00; one request $0.0018
const LLAMA = {
  model: 'meta.llama3-1-70b-instruct-v1:0', region: 'us-west-2', requestsPerMonth: 1_000_000, inputTokensPerRequest: 2_000, outputTokensPerRequest: 500,
};
// A model that is not legacy, at the same prices: AWS sells new capacity of it. No rate names a region.
const SOLD = { ...LLAMA, model: 'example.model-v1' };
const perToken = { model: SOLD.model, unit: RateUnit.MILLION_TOKENS };
const perHour = { model: SOLD.model, unit: RateUnit.HOUR, kind: RateKind.MODEL_UNIT_HOUR, customModel: false };
const withCapacity = book.withRates([
  ...[RateKind.INPUT, RateKind.OUTPUT].flatMap((kind) => [{ ...perToken, kind, usd: '0.72' }, { ...perToken, kind, usd: '0.36', tier: PriceTier.BATCH }]),
  { ...perHour, usd: '24', commitmentDuration: CommitmentDuration.NONE },
  { ...perHour, usd: '21.18', commitmentDuration: CommitmentDuration.ONE_MONTH },
  { ...perHour, usd: '13.08', commitmentDuration: CommitmentDuration.SIX_MONTHS },
]);
// Nova Pro through us., us-west-2: $0.80 in, $3.20 out; flex and batch $0.40 and $1.60; priority $1.40 and $5.60
const NOVA = { model: 'us.amazon.nova-pro-v1:0', region: 'us-west-2', requestsPerMonth: 1_000_000, inputTokensPerRequest: 2_000, outputTokensPerRequest: 500 };
// Claude Sonnet 4.6 through us., us-west-2: $3.30 in, $16.50 out; reserved for one month $0.198 and $0.99 per 1K TPM hour, for
// three $0.1782 and $0.891. One request $0.01485
const CLAUDE = {
  model: 'us.anthropic.claude-sonnet-4-6', region: 'us-west-2', requestsPerMonth: 1_000, inputTokensPerRequest: 2_000, outputTokensPerRequest: 500,
};

describe('the options', () => {
  test('are sorted cheapest first, including the current one', () => {
    const comparison = compare(SOLD, withCapacity);
    expect(costs(comparison)).toEqual([
      ['batch, in-region', '900'],
      ['on demand, in-region', '1800'],
      ['1 model unit, no commitment', null],
      ['1 model unit, one-month commitment', null],
      ['1 model unit, six-months commitment', null],
    ]);
    expect(comparison.current).toMatchObject({ name: 'on demand, in-region', isCurrent: true, savingUsd: 0, billingMode: BillingMode.ON_DEMAND });
    expect(comparison.options.filter(({ isCurrent }) => isCurrent)).toEqual([comparison.current]);
  });

  test('of those that cost the same, the one as it is comes first', () => {
    expect(compare({ ...LLAMA, model: `us.${LLAMA.model}` }).options.map(({ name }) => name).slice(2, 4)).toEqual(['on demand, us profile', 'on demand, in-region']);
  });

  test('hold every tier that has a price', () => {
    // 2,000 M x $0.80 + 500 M x $3.20 = $3,200; flex and batch half; priority x 1.75
    expect(costs(compare(NOVA)).slice(0, 4)).toEqual([
      ['on demand, us profile, flex tier', '1600'], ['batch, us profile', '1600'], ['on demand, us profile', '3200'], ['on demand, us profile, priority tier', '5600'],
    ]);
    expect(compare(NOVA).notPriced).toEqual(['latency-optimized inference', 'reserved tier', 'provisioned throughput']);
  });

  test('are those that the region offers: Claude Sonnet 4.6 is called through profiles there', () => {
    const { options } = compare({ ...CLAUDE, model: 'us.anthropic.claude-sonnet-4-6' });
    expect([...new Set(options.map(({ modelId }) => modelId))].sort()).toEqual(['global.anthropic.claude-sonnet-4-6', 'us.anthropic.claude-sonnet-4-6']);
  });

  test('of a usage that the region does not offer include it, with a note', () => {
    const { current, options } = compare({ ...CLAUDE, model: 'anthropic.claude-sonnet-4-6' });
    expect(current.tradeOffs).toEqual(['the availability lists do not name anthropic.claude-sonnet-4-6 in us-west-2: see whether it can be called there']);
    expect(options.filter(({ modelId }) => modelId === 'anthropic.claude-sonnet-4-6')).toEqual([current]);
  });

  test('savings are in dollars and percent of the current cost, negative if the cost is higher', () => {
    const comparison = compare(NOVA);
    expect(named(comparison, 'batch, us profile')).toMatchObject({ savingUsd: 1600, savingPercent: 50, breakEven: 'cheaper at any volume' });
    expect(named(comparison, 'on demand, us profile, priority tier')).toMatchObject({ savingUsd: -2400, savingPercent: -75, breakEven: 'dearer at any volume' });
    expect(compare({ ...NOVA, requestsPerMonth: 0 }).options[1]).toMatchObject({ savingUsd: 0 });
    expect(compare({ ...NOVA, requestsPerMonth: 0 }).options[1].savingPercent).toBeUndefined();
  });

  test('have their trade-offs', () => {
    const comparison = compare(NOVA);
    expect(named(comparison, 'batch, us profile').tradeOffs).toEqual([
      'us profile: requests may be processed in any region of that geography',
      'batch: results come within up to 24 hours, not at once',
      'batch: jobs of at least 100 records',
    ]);
    expect(named(compare({ ...NOVA, requestsPerMonth: 99 }), 'batch, us profile').tradeOffs[2]).toBe('batch: jobs of at least 100 records; this usage has only 99 a month, below the minimum of one job');
    expect(named(compare({ ...CLAUDE, model: 'us.anthropic.claude-sonnet-4-6' }), 'on demand, global profile').tradeOffs)
      .toEqual(['global profile: requests may be processed in any commercial AWS region']);
  });

  test('in batch count cached tokens as input', () => {
    // 1,000 x 3,000 x $1.65 + 1,000 x 500 x $8.25, per million = 4.95 + 4.125
    const option = named(compare({ ...CLAUDE, cacheReadTokensPerRequest: 1_000 }), 'batch, us profile');
    expect(option.estimate._toJson().monthlyUsd).toBe('9.075');
    expect(option.tradeOffs).toContain('batch: no prompt cache, so all tokens count as input');
  });

  test('of a custom model are its own', () => {
    // Nova Lite as a custom model in us-east-1: $0.06 and $0.24; 1,000 x (1,000 x 0.06 + 100 x 0.24) / 1,000,000
    const { current, otherModels } = compare({
      model: 'amazon.nova-lite-v1:0', region: 'us-east-1', customModel: true, requestsPerMonth: 1_000, inputTokensPerRequest: 1_000, outputTokensPerRequest: 100,
    });
    expect(current.estimate._toJson().monthlyUsd).toBe('0.084');
    expect(otherModels).toEqual([]);
  });

  test('of a tier are compared with that tier', () => {
    const { current, options } = compare({ ...NOVA, serviceTier: ServiceTier.PRIORITY });
    expect(current).toMatchObject({ name: 'on demand, us profile, priority tier', serviceTier: PriceTier.PRIORITY });
    expect(options.find(({ name }) => name === 'on demand, us profile')).toMatchObject({ savingUsd: 2400, savingPercent: 42.9 });
  });

  test('latency-optimized inference is one where it is sold', () => {
    const rates = [RateKind.INPUT, RateKind.OUTPUT].map((kind) => ({ model: LLAMA.model, kind, usd: '0.90', unit: RateUnit.MILLION_TOKENS, tier: PriceTier.LATENCY_OPTIMIZED }));
    // 2,500 M x $0.90
    expect(named(compare(LLAMA, book.withRates(rates)), 'on demand, in-region, latency-optimized').estimate.monthlyUsd).toBe(2250);
    expect(compare({ ...LLAMA, latency: InferenceLatency.OPTIMIZED }, book.withRates(rates)).current.name).toBe('on demand, in-region, latency-optimized');
  });
});

describe('provisioned throughput', () => {
  const unit = (usage: Partial<ComparisonUsage>, commitment: string) => compare({ ...SOLD, ...usage }, withCapacity)
    .options.find((option) => option.billingMode === BillingMode.PROVISIONED_THROUGHPUT && option.commitment === commitment)!;

  test.each([
    // 730 x $24.00 = $17,520.00 / 0.0018 = 9,733,333.3
    ['none', 17_520, 0, 9_733_334],
    // 730 x $21.18 = $15,461.40 / 0.0018 = 8,589,666.7
    ['one-month', 15_461.4, undefined, 8_589_667],
    // 730 x $13.08 = $9,548.40 / 0.0018 = 5,304,666.7
    ['six-months', 9_548.4, undefined, 5_304_667],
  ])('without a throughput per unit, %s: the price of one unit and its break-even point, and no cost of the usage', (commitment, usd, commitmentUsd, requests) => {
    const { estimate, breakEvenRequestsPerMonth, breakEven, unavailableReason, savingUsd } = unit({}, commitment);
    expect([estimate.monthlyUsd, estimate.knownMonthlyUsd, estimate.commitmentUsd]).toEqual([undefined, usd, commitmentUsd]);
    expect({ breakEvenRequestsPerMonth, savingUsd }).toEqual({ breakEvenRequestsPerMonth: requests, savingUsd: undefined });
    expect(breakEven).toMatch(/if one model unit can carry them$/);
    expect(unavailableReason).toMatch(/^AWS publishes no throughput of a model unit/);
  });

  // One unit of 300,000 tokens a minute: 300,000 x 43,800 minutes / 2,500 tokens = 5,256,000 requests
  test.each([[0, 1, 1], [5_256_000, 1, 1], [5_256_001, 1, 2], [10_512_000, 1, 2], [10_512_001, 1, 3], [2_628_000, 2, 1], [2_628_001, 2, 2]])(
    '%i requests at %i times the average load take %i units', (requestsPerMonth, peakToAverageRatio, units) => {
      const { name, estimate } = unit({ requestsPerMonth, peakToAverageRatio, tokensPerMinutePerModelUnit: 300_000 }, 'none');
      expect([name, estimate.monthlyUsd]).toEqual([`${units} model unit${units === 1 ? '' : 's'}, no commitment`, units * 17_520]);
    });

  test('a point beyond what the units carry is none', () => {
    // 5,256,000 x $0.0018 = $9,460.80, less than $9,548.40
    const { breakEven, breakEvenRequestsPerMonth } = unit({ tokensPerMinutePerModelUnit: 300_000 }, 'six-months');
    expect(breakEven).toBe('never: one model unit can carry at most 5,256,000 requests a month, which cost $9,460.80 as bought now, less than that capacity');
    expect(breakEvenRequestsPerMonth).toBeUndefined();
  });

  test('a point within what they carry is one', () => {
    // 400,000 x 43,800 / 2,500 = 7,008,000 requests
    expect(unit({ tokensPerMinutePerModelUnit: 400_000 }, 'six-months')).toMatchObject({
      breakEvenRequestsPerMonth: 5_304_667, breakEvenUpToRequestsPerMonth: 7_008_000, breakEven: 'from 5,304,667 up to 7,008,000 requests a month',
    });
    expect(unit({ tokensPerMinutePerModelUnit: 400_000 }, 'one-month').breakEven).toMatch(/^never/);
  });

  test('a point holds up to the throughput of the capacity: for one request more, another unit costs more again', () => {
    // One unit of 600,000 tokens a minute: 600,000 x 43,800 / 2,500 = 10,512,000 requests. 8,589,667 x $0.0018 = $15,461.4006
    // against $15,461.40; at 10,512,001 requests two units cost $30,922.80, and by the token it is $18,921.6018.
    const facts = { tokensPerMinutePerModelUnit: 600_000 };
    expect(unit({ ...facts, requestsPerMonth: 10_000_000 }, 'one-month')).toMatchObject({
      breakEvenRequestsPerMonth: 8_589_667, breakEvenUpToRequestsPerMonth: 10_512_000, breakEven: 'from 8,589,667 up to 10,512,000 requests a month',
    });
    expect(unit({ ...facts, requestsPerMonth: 10_512_000 }, 'one-month').savingUsd).toBeCloseTo(3_460.2, 6);
    expect(unit({ ...facts, requestsPerMonth: 10_512_001 }, 'one-month').savingUsd).toBeCloseTo(-12_001.1982, 6);
    // The upper end of a unit with unknown throughput is unknown.
    expect(unit({}, 'one-month').breakEvenUpToRequestsPerMonth).toBeUndefined();
  });

  test('a commitment has its sum', () => {
    // 6 x $9,548.40
    expect(unit({ tokensPerMinutePerModelUnit: 300_000 }, 'six-months').tradeOffs).toContain('commitment of 6 months: $57,290.40 that cannot be cancelled; it renews itself');
    expect(unit({}, 'six-months').tradeOffs).toContain('commitment of 6 months: at least $57,290.40 that cannot be cancelled; it renews itself');
  });

  test('another month has other hours', () => {
    // AWS's own example: 744 x $21.18
    expect(unit({ hoursPerMonth: 744 }, 'one-month').estimate.knownMonthlyUsd).toBe(15_757.92);
  });
});

describe('the reserved tier', () => {
  const reserved = (requestsPerMonth: number) => compare({ ...CLAUDE, requestsPerMonth }).options.filter(({ name }) => /^reserved .* us profile$/.test(name));

  test('has the minimum that AWS sells, for small usage', () => {
    // (100 x $0.198 + 10 x $0.99) x 730 = $21,681.00; for three months (17.82 + 8.91) x 730 = $19,512.90, three times that
    expect(reserved(1_000).map(({ name, estimate }) => [name, estimate.monthlyUsd, estimate.commitmentUsd])).toEqual([
      ['reserved for 3 months, us profile', 19_512.9, 58_538.7], ['reserved for 1 month, us profile', 21_681, 21_681],
    ]);
    // 10,000 output tokens a minute x 43,800 / 500 = 876,000 requests x $0.01485
    expect(reserved(1_000)[0].breakEven).toBe('never: 100,000 input and 10,000 output tokens a minute can carry at most 876,000 requests a month, which cost $13,008.60 as bought now, less than that capacity');
  });

  test('is bought for the tokens a minute of larger usage', () => {
    // 100 M requests: 200,000 M / 43,800 = 4,566,210.05, so 4,566,211 in; 50,000 M / 43,800 = 1,141,552.5, so 1,141,553 out
    // (4,566.211 x 0.1782 + 1,141.553 x 0.891) x 730 = (813.6988002 + 1,017.123723) x 730 = $1,336,500.441936
    const [three] = reserved(100_000_000);
    expect(three.estimate._toJson().monthlyUsd).toBe('1336500.441936');
    // / 0.01485 = 90,000,029.8; the input carries 4,566,211 x 43,800 / 2,000 = 100,000,020 requests
    expect(three.breakEvenRequestsPerMonth).toBe(90_000_030);
    // the output 1,141,553 x 43,800 / 500 = 100,000,042.8, so the input is what limits
    expect(three).toMatchObject({ breakEvenUpToRequestsPerMonth: 100_000_020, breakEven: 'from 90,000,030 up to 100,000,020 requests a month' });
  });
});

describe('the reserved tier and long context', () => {
  // Requests to Claude Haiku 5.5 are long above 100,000 input tokens. No list has its reserved tier: the prices are our own.
  const HAIKU = { ...CLAUDE, model: 'us.anthropic.claude-haiku-5-5' };
  const rates = [RateKind.RESERVED_INPUT, RateKind.RESERVED_OUTPUT]
    .map((kind) => ({ model: HAIKU.model, kind, usd: '0.1', unit: RateUnit.THOUSAND_TOKENS_PER_MINUTE_HOUR, termMonths: 1 }));
  const of = (usage: Partial<ComparisonUsage>) => compare({ ...HAIKU, ...usage }, book.withRates(rates));
  const at = (inputTokensPerRequest: number) => of({ requestsPerMonth: 1_000_000, inputTokensPerRequest });
  const ways = ({ options }: CostComparison) => options.map(({ billingMode }) => billingMode);

  test('is no option for long requests: only those of standard length have a price', () => {
    // At the reserved rates of short requests, long ones would look cheaper than they are.
    expect(at(300_000).notPriced).toContain('reserved tier');
    expect(ways(at(300_000))).not.toContain(BillingMode.RESERVED);
    expect(ways(at(100_001))).not.toContain(BillingMode.RESERVED);
  });

  test('is one up to the border', () => {
    expect(ways(at(100_000))).toContain(BillingMode.RESERVED);
    expect(at(100_000).notPriced).not.toContain('reserved tier');
  });

  test('cache reads count towards the threshold', () => {
    expect(ways(of({ inputTokensPerRequest: 1_000, cacheReadTokensPerRequest: 100_000 }))).not.toContain(BillingMode.RESERVED);
  });
});

describe('batch below the least that AWS accepts as one job', () => {
  test('of a usage with fewer requests a month is cheaper, but not at any volume', () => {
    // 99 x (2,000 x $0.40 + 500 x $1.60) / 1,000,000 = $0.1584
    const small = named(compare({ ...NOVA, requestsPerMonth: 99 }), 'batch, us profile');
    expect([small.estimate._toJson().monthlyUsd, small.breakEven]).toEqual(['0.1584', 'from 100 records a job on']);
    expect(named(compare({ ...NOVA, requestsPerMonth: 100 }), 'batch, us profile').breakEven).toBe('cheaper at any volume');
    // Against flex, batch costs as much: there is nothing that more records would change.
    const flex = compare({ ...NOVA, requestsPerMonth: 99, serviceTier: ServiceTier.FLEX });
    expect(named(flex, 'batch, us profile').breakEven).toBe('costs the same at any volume');
  });

  test('of a batch workload is in records of its jobs', () => {
    // 300 x (2,000 x $0.40 + 500 x $1.60) / 1,000,000 = $0.48
    const jobsOf = (recordsPerJob?: number) => compare({ ...NOVA, batch: true, requestsPerMonth: 300, recordsPerJob });
    const { current, assumptions } = jobsOf(10);
    const said = 'AWS refuses jobs of fewer than 100 records unless the quota was changed; these have 10';
    expect([current.estimate._toJson().monthlyUsd, current.estimate.assumptions]).toEqual(['0.48', [said]]);
    expect(assumptions.filter((assumption) => assumption === said)).toHaveLength(1);
    expect(current.tradeOffs).toContain('batch: jobs of at least 100 records; those of this usage have only 10');
    for (const records of [undefined, 0, 100]) expect(jobsOf(records).assumptions.join()).not.toContain('AWS refuses');
  });
});

describe('batch as it is', () => {
  const nightly = { ...NOVA, batch: true, requestsPerMonth: 30_000, inputTokensPerRequest: 10_000, outputTokensPerRequest: 1_000 };

  test('is what every other way is compared with', () => {
    // 30,000 records: 300 M x $0.40 + 30 M x $1.60 = $168; on demand twice that
    const { current, options } = compare(nightly);
    expect([current.name, current.estimate.monthlyUsd]).toEqual(['batch, us profile', 168]);
    expect(options.find(({ name }) => name === 'on demand, us profile')).toMatchObject({ savingUsd: -168, savingPercent: -100 });
  });

  test('other models are priced in batch, too', () => {
    // Nova Lite in batch: 300 M x $0.03 + 30 M x $0.12 = $12.60
    const { otherModels } = compare(nightly);
    expect(otherModels.find(({ modelId }) => modelId === 'us.amazon.nova-lite-v1:0')!.estimate.monthlyUsd).toBe(12.6);
  });
});

describe('other models', () => {
  test('are of the same provider and kind, callable from the region, cheapest first, without the model itself', () => {
    const { otherModels } = compare(NOVA);
    const ids = otherModels.map(({ modelId }) => modelId);
    // Nova Lite: 2,000 M x $0.06 + 500 M x $0.24 = $240
    expect(otherModels[0]).toMatchObject({ modelId: 'us.amazon.nova-lite-v1:0', name: 'Nova Lite', savingUsd: 2960, savingPercent: 92.5 });
    expect(ids).toContain('us.amazon.nova-2-lite-v1:0');
    expect(ids.filter((id) => /nova-pro|titan|canvas|micro/.test(id))).toEqual([]);
    const amounts = otherModels.map(({ estimate }) => estimate.monthlyUsd!);
    expect(amounts).toEqual([...amounts].sort((a, b) => a - b));
  });

  test('are called in the region of the usage if they are offered there, else through an offered profile', () => {
    // From eu-north-1, Opus 4.5 is offered through a profile only; Sonnet 5 in the region, too.
    const { otherModels } = compare({ ...CLAUDE, model: 'anthropic.claude-opus-5', region: 'eu-north-1' });
    const ids = otherModels.map(({ modelId }) => modelId);
    expect(ids).toEqual(expect.arrayContaining(['anthropic.claude-sonnet-5', 'global.anthropic.claude-opus-4-5-20251101-v1:0']));
  });
});

test('no legacy model is recommended in any billing mode', () => {
  const recommended = [NOVA, LLAMA, CLAUDE].flatMap((usage) => [usage, { ...usage, batch: true }]).flatMap((usage) => compare(usage).otherModels);
  expect(recommended.length).toBeGreaterThan(10);
  // Nova Premier, Claude Sonnet 4 and 4.5, and all of Llama have prices in us-west-2, and are legacy.
  expect(recommended.filter(({ modelId }) => /premier|sonnet-4-2025|sonnet-4-5|llama/.test(modelId))).toEqual([]);
});

describe('capacity of a legacy model', () => {
  // AWS's model lifecycle page: no new provisioned throughput of a legacy model. The end of life of Llama 3.1 70B is 2027-03-30.
  const SONNET = 'us.anthropic.claude-sonnet-4-5-20250929-v1:0';
  const unsold = (model: string) => `AWS accepts no new capacity of ${model}, which it marks as legacy`;
  const ways = [BillingMode.RESERVED, BillingMode.PROVISIONED_THROUGHPUT];
  const capacityOf = ({ options }: CostComparison) => options.filter(({ billingMode }) => ways.includes(billingMode));

  test.each([book, book.forDay('2027-03-01')])('is no option, with or without a day, although it has a price', (priceBook) => {
    const llama = compare({ ...LLAMA, requestsPerMonth: 1_000_000_000, tokensPerMinutePerModelUnit: 1_000_000 }, priceBook);
    expect([capacityOf(llama), llama.notAvailable]).toEqual([[], [`provisioned throughput: ${unsold(LLAMA.model)}`]]);
    expect(llama.notPriced).toContain('reserved tier');
    expect(llama.notPriced).not.toContain('provisioned throughput');
    const sonnet = compare({ ...CLAUDE, model: SONNET, requestsPerMonth: 100_000_000 }, priceBook);
    expect([capacityOf(sonnet), sonnet.notAvailable]).toEqual([[], [`reserved tier: ${unsold(SONNET)}`]]);
  });

  test('is one of an active model', () => {
    expect(compare(SOLD, withCapacity).notAvailable).toEqual([]);
    expect(capacityOf(compare(CLAUDE))).toHaveLength(4);
  });

  test('that is bought already is the current purchase, and no other term can be bought', () => {
    const usage = { model: LLAMA.model, region: 'us-west-2', modelUnits: 2, commitmentDuration: CommitmentDuration.SIX_MONTHS };
    const comparison = compareProvisioned(book.forDay('2027-03-01'), usage);
    expect(costs(comparison)).toEqual([['2 model units, six-months commitment', '19096.8']]);
    expect(comparison.notAvailable).toEqual([
      `2 model units, no commitment: ${unsold(LLAMA.model)}`, `2 model units, one-month commitment: ${unsold(LLAMA.model)}`,
    ]);
    expect([comparison.notPriced, comparison.current.breakEven]).toEqual([[], undefined]);
    // Six months after 2027-03-01 are over on 2027-09-01.
    const outlives = 'a term that begins on 2027-03-01 ends on 2027-09-01, and AWS no longer serves the model from 2027-03-30 on';
    expect(comparison.current.tradeOffs).toContain(outlives);
    const asksOn = (priceBook: PriceBook, commitmentDuration: CommitmentDuration) =>
      compareProvisioned(priceBook, { ...usage, commitmentDuration }).current.tradeOffs.join();
    expect(asksOn(book, CommitmentDuration.SIX_MONTHS)).not.toContain('a term that begins');
    expect(asksOn(book.forDay('2026-11-30'), CommitmentDuration.ONE_MONTH)).not.toContain('a term that begins');
    expect(asksOn(book.forDay('2027-03-01'), CommitmentDuration.NONE)).not.toContain('a term that begins');
  });

  test('that is reserved already is the current purchase, too', () => {
    const usage = { model: SONNET, region: 'us-west-2', inputTokensPerMinute: 100_000, outputTokensPerMinute: 10_000, termMonths: 3 };
    const { options, notAvailable } = compareReserved(book, usage);
    expect(options).toEqual([expect.objectContaining({ name: 'reserved for 3 months, us profile', isCurrent: true })]);
    expect(notAvailable).toEqual([`reserved for 1 month, us profile: ${unsold(SONNET)}`]);
  });
});

describe('what other models are priced with', () => {
  // Nova Pro in ap-northeast-1: the page names no price of its cache, nor of Nova Lite's; both are the input rate x 0.25.
  const cached = { ...NOVA, model: 'apac.amazon.nova-pro-v1:0', region: 'ap-northeast-1', cacheReadTokensPerRequest: 1_000 };
  const RULE = 'the cache-read rate is derived, not published: Nova cache-read = input x 0.25';

  test('are named: derived rates', () => {
    const { assumptions, otherModels } = compare(cached);
    expect(otherModels.filter(({ estimate }) => estimate.assumptions.includes(RULE)).map(({ name }) => name)).toContain('Nova Lite');
    expect(assumptions).toContain(RULE);
    expect(assumptions).toContainEqual(expect.stringMatching(/^(all other models|Nova [^:]*Nova Lite|Nova Lite[^:]*): the cache-read rate is derived, not published/));
  });

  test('are named: discounts', () => {
    const { assumptions } = compare(NOVA, book.withDiscounts([{ percent: 10, model: 'amazon.nova-lite-v1:0' }]));
    expect(assumptions).toContainEqual(expect.stringMatching(/^Nova Lite: a discount of 10 % on amazon\.nova-lite-v1:0 is taken off/));
  });

});

describe('unknown costs', () => {
  test('is no exception and never $0: an unknown model', () => {
    const { current, options } = compare({ ...LLAMA, model: 'meta.llama9' });
    expect([current.estimate.monthlyUsd, options]).toEqual([undefined, [current]]);
    expect(current.estimate.missingPrices).toHaveLength(1);
  });

  test('no region, no options but the one as it is', () => {
    const { region: _, ...anywhere } = LLAMA;
    expect(compare(anywhere).options).toEqual([expect.objectContaining({ isCurrent: true })]);
  });

  test('an unknown cost as it is leaves no saving and no break-even point', () => {
    const rates = [{ model: 'own.model', kind: RateKind.MODEL_UNIT_HOUR, usd: '10', unit: RateUnit.HOUR, commitmentDuration: CommitmentDuration.NONE, customModel: false }];
    const [current, option] = compare({ ...LLAMA, model: 'own.model', tokensPerMinutePerModelUnit: 1e9 }, book.withRates(rates)).options.reverse();
    expect([current.isCurrent, option.estimate.monthlyUsd, option.savingUsd, option.breakEven]).toEqual([true, 7300, undefined, undefined]);
  });
});

test.each([
  [{ requestsPerMonth: -1 }, 'requestsPerMonth must be a number of 0 or more, got -1.'],
  [{ hoursPerMonth: 0 }, 'hoursPerMonth must be a number above 0 and at most 744, got 0.'],
  [{ hoursPerMonth: 745 }, 'hoursPerMonth must be a number above 0 and at most 744, got 745.'],
  [{ peakToAverageRatio: 0.5 }, 'peakToAverageRatio must be a number of 1 or more, got 0.5.'],
  [{ tokensPerMinutePerModelUnit: 0 }, 'tokensPerMinutePerModelUnit must be a number of 1 or more, got 0.'],
  [{ tokensPerMinutePerModelUnit: 1e-320 }, 'tokensPerMinutePerModelUnit must be a number of 1 or more, got 1e-320.'],
  [{ tokensPerMinutePerModelUnit: 0.5 }, 'tokensPerMinutePerModelUnit must be a number of 1 or more, got 0.5.'],
  [{ batch: true, recordsPerJob: -1 }, 'recordsPerJob must be a number of 0 or more, got -1.'],
  [{ tokensPerMinutePerModelUnit: NaN }, 'tokensPerMinutePerModelUnit must be a number of 1 or more, got NaN.'],
  [{ batch: true, serviceTier: ServiceTier.FLEX }, 'batch must be left out with serviceTier or latency, since batch inference has neither.'],
  [{ inputTokens: 5 }, 'inputTokens is not a known field. Did you mean inputTokensPerRequest?'],
])('fails for %j', (fields, message) => {
  expect(() => compare({ ...LLAMA, ...fields } as ComparisonUsage)).toThrow(message);
});

describe('capacity that is bought already', () => {
  const units = { model: SOLD.model, region: 'us-west-2', modelUnits: 2 };

  test('is compared between its commitments', () => {
    const comparison = compareProvisioned(withCapacity, { ...units, commitmentDuration: CommitmentDuration.ONE_MONTH });
    // 2 x 730 x $13.08, $21.18, $24.00
    expect(costs(comparison)).toEqual([
      ['2 model units, six-months commitment', '19096.8'], ['2 model units, one-month commitment', '30922.8'], ['2 model units, no commitment', '35040'],
    ]);
    expect(comparison.current.commitment).toBe('one-month');
    // 15,461.40 / 24 = 644.2 hours; 9,548.40 / 24 = 397.9 hours; six months are 114,580.80 / 30,922.80 = 3.7 single ones
    expect(comparison.options.map(({ breakEven }) => breakEven)).toEqual([
      'from 398 of 730 hours a month on, against no commitment; when it is needed for 4 months or more, against one-month terms',
      'from 645 of 730 hours a month on, against no commitment',
      undefined,
    ]);
  });

  test('without a price stays as it is', () => {
    const { options, notPriced } = compareProvisioned(book, { ...units, model: 'amazon.nova-pro-v1:0' });
    expect(options).toHaveLength(1);
    expect(notPriced).toEqual(['2 model units, one-month commitment', '2 model units, six-months commitment']);
  });

  test('in the reserved tier is compared between its terms', () => {
    const usage = { model: CLAUDE.model, region: 'us-west-2', inputTokensPerMinute: 100_000, outputTokensPerMinute: 10_000, termMonths: 1 };
    const comparison = compareReserved(book, usage);
    expect(costs(comparison)).toEqual([['reserved for 3 months, us profile', '19512.9'], ['reserved for 1 month, us profile', '21681']]);
    // 58,538.70 / 21,681 = 2.7 single months
    expect(comparison.options[0]).toMatchObject({ savingUsd: 2168.1, savingPercent: 10, breakEven: 'when it is needed for 3 months or more, against one-month terms' });
    expect(compareReserved(book, { ...usage, termMonths: 2 }).current).toMatchObject({ name: 'reserved for 2 months, us profile', commitment: '2-months' });
  });
});
