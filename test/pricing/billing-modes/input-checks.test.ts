import { PricingError } from '../../../src/input/error';
import { CacheTtl, InferenceLatency, ServiceTier } from '../../../src/pricing/billing-modes/on-demand';
import { CostCalculator } from '../../../src/pricing/calculator';
import { PriceBook } from '../../../src/pricing/price-book/price-book';
import { CommitmentDuration, RateKind, RateUnit } from '../../../src/pricing/price-book/rate';

const calculator = new CostCalculator();
const NOVA = { model: 'amazon.nova-pro-v1:0', region: 'us-east-1' };
const RERANK = { model: 'cohere.rerank-v3-5:0', region: 'us-east-1' };

/** A workload of every way with all of its fields. */
const WORKLOADS = {
  onDemand: {
    ...NOVA,
    requestsPerMonth: 1,
    inputTokensPerRequest: 1,
    outputTokensPerRequest: 1,
    cacheReadTokensPerRequest: 1,
    cacheWriteTokensPerRequest: 1,
    cacheTtl: CacheTtl.FIVE_MINUTES,
    serviceTier: ServiceTier.STANDARD,
    latency: InferenceLatency.STANDARD,
    customModel: false,
    imagesPerRequest: 1,
    documentImagesPerRequest: 1,
    audioSecondsPerRequest: 1,
    videoSecondsPerRequest: 1,
    inputImageTokensPerRequest: 1,
    inputAudioTokensPerRequest: 1,
    inputVideoTokensPerRequest: 1,
    outputImageTokensPerRequest: 1,
  },
  batch: { ...NOVA, jobsPerMonth: 1, recordsPerJob: 100, inputTokensPerRecord: 1, outputTokensPerRecord: 1, customModel: false },
  provisioned: { ...NOVA, modelUnits: 1, commitmentDuration: CommitmentDuration.NONE, customModel: false, hoursPerMonth: 730 },
  reserved: { ...NOVA, inputTokensPerMinute: 1, outputTokensPerMinute: 1, termMonths: 1, hoursPerMonth: 730 },
  customization: { ...NOVA, trainingTokens: 1, epochs: 1, trainingImages: 1, trainingHours: 1, storedModels: 1 },
  customModelImport: { region: 'us-east-1', customModelUnits: 1, customModelUnitVersion: '1.0', architecture: 'Llama', copies: 1, activeWindowsPerMonth: 1 },
  image: { ...NOVA, imagesPerMonth: 1, resolution: '1024x1024', quality: 'standard' },
  video: { ...NOVA, secondsPerMonth: 1, resolution: '720p' },
  speech: { ...NOVA, inputSpeechTokensPerMonth: 1, outputSpeechTokensPerMonth: 1, inputTokensPerMonth: 1, outputTokensPerMonth: 1 },
  rerank: { ...RERANK, queriesPerMonth: 1, documentsPerQuery: 1 },
  guardrail: { region: 'us-east-1', policies: ['content-text', 'content-image'], textsPerMonth: 1, charactersPerText: 1, imagesPerMonth: 1 },
  knowledgeBase: {
    region: 'us-east-1', indexedGigabytes: 1, retrievalsPerMonth: 1, agenticRetrievalsPerMonth: 1, underlyingRetrievalsPerAgenticRetrieval: 1,
  },
  flow: { region: 'us-east-1', nodeTransitionsPerMonth: 1 },
  webGrounding: { ...NOVA, requestsPerMonth: 1 },
  evaluation: { region: 'us-east-1', humanTasks: 1 },
  compare: {
    ...NOVA,
    requestsPerMonth: 1,
    inputTokensPerRequest: 1,
    batch: false,
    recordsPerJob: 100,
    tokensPerMinutePerModelUnit: 1000,
    peakToAverageRatio: 1,
  },
} as const;
type Way = keyof typeof WORKLOADS;
const WAYS = Object.keys(WORKLOADS) as Way[];
const FIELDS = WAYS.flatMap((way) => Object.keys(WORKLOADS[way]).map((field): [Way, string] => [way, field]));

/** As an untyped caller does. */
function call(way: Way, usage: unknown): unknown {
  return (calculator[way] as (usage: unknown) => unknown).call(calculator, usage);
}

function errorOf(action: () => unknown): Error {
  try {
    action();
  } catch (e) {
    return e as Error;
  }
  throw new Error('nothing was thrown');
}

const WRONG: readonly (readonly [string, unknown])[] = [
  ['null', null], ['a BigInt', 5n], ['a symbol', Symbol('x')], ['an object without prototype', Object.create(null)], ['an object', {}],
  ['an array', []], ['a function', () => 1], ['NaN', NaN], ['Infinity', Infinity], ['a negative number', -1], ['an empty text', ''],
];

test.each(WAYS)('%s accepts every field', (way) => {
  expect(() => call(way, WORKLOADS[way])).not.toThrow();
});

test.each(FIELDS)('%s: one clear error names a wrong %s', (way, field) => {
  for (const [what, value] of WRONG) {
    const error = errorOf(() => call(way, { ...WORKLOADS[way], [field]: value }));
    expect([what, error.name]).toEqual([what, 'PricingError']);
    expect(error.message).toMatch(new RegExp(`^${field} must be .*, got .+\\.`));
  }
});

test.each(WAYS)('%s without usage is one clear error', (way) => {
  for (const usage of [undefined, null, 'x', 5, []]) {
    const error = errorOf(() => call(way, usage));
    expect(error).toBeInstanceOf(PricingError);
    expect(error.message).toMatch(usage === undefined ? /^usage is required\. Set an object with .*\.$/ : /^usage must be an object with .*, got .*\.$/);
  }
});

test.each([
  ['batch', 'inputTokensPerRecord'], ['reserved', 'inputTokensPerMinute'], ['reserved', 'outputTokensPerMinute'], ['rerank', 'documentsPerQuery'],
  ['speech', 'inputTokensPerMonth'], ['knowledgeBase', 'indexedGigabytes'], ['customization', 'storedModels'], ['customModelImport', 'copies'],
] as const)('%s: null is no quantity, and does not count as the default of %s', (way, field) => {
  expect(() => call(way, { ...WORKLOADS[way], [field]: null })).toThrow(`${field} must be a number of 0 or more, got null.`);
});

test('a field that is left out takes its default, also as undefined', () => {
  // Cohere Rerank 3.5: $2.00 for 1,000 queries of up to 100 documents.
  expect(calculator.rerank({ ...RERANK, queriesPerMonth: 1000, documentsPerQuery: undefined }).monthlyUsd).toBe(2);
});

test.each(WAYS)('%s: hours in a month are above 0 and at most 744', (way) => {
  for (const hoursPerMonth of [0, -1, 744.5, 1e9, 'x', null]) {
    expect(() => call(way, { ...WORKLOADS[way], hoursPerMonth })).toThrow(`hoursPerMonth must be a number above 0 and at most 744, got ${JSON.stringify(hoursPerMonth)}.`);
  }
  expect(() => call(way, { ...WORKLOADS[way], hoursPerMonth: 744 })).not.toThrow();
});

test.each([
  ['US-EAST-1', 'region must be an AWS region, got "US-EAST-1". Did you mean us-east-1?'],
  ['', 'region must be an AWS region, got "". Use a name such as "us-east-1".'],
])('a region %j is no missing price', (region, message) => {
  for (const way of WAYS) expect(() => call(way, { ...WORKLOADS[way], region })).toThrow(message);
});

test.each([
  [{ customModel: 'abc' }, 'customModel must be true or false, got "abc".'],
  [{ customModel: 0 }, 'customModel must be true or false, got 0.'],
  [{ serviceTier: 'fast' }, 'serviceTier must be one of standard, flex, priority, ultrafast, got "fast".'],
  [{ latency: 'low' }, 'latency must be one of standard, optimized, got "low".'],
  // Without writes to the cache, the price does not depend on it.
  [{ cacheTtl: '10m' }, 'cacheTtl must be one of 5m, 30m, 1h, got "10m".'],
  [{ requestsPerMonth: 1e300 }, 'requestsPerMonth must be a number from 0 to 9007199254740991, got 1e+300.'],
])('a choice of %j is refused', (wrong, message) => {
  expect(() => call('onDemand', { ...NOVA, requestsPerMonth: 1, inputTokensPerRequest: 1, ...wrong })).toThrow(message);
});

describe('a price book', () => {
  const book = PriceBook.embedded() as unknown as { [method: string]: (...given: unknown[]) => unknown };
  const RATE = { model: 'example.model', kind: RateKind.INPUT, usd: '1', unit: RateUnit.MILLION_TOKENS };

  test.each([
    ['withRates', [], 'rates is required. Set a list of rates such as [{ model, kind, usd, unit }].'],
    ['withRates', ['x'], 'rates must be a list of rates such as [{ model, kind, usd, unit }], got "x".'],
    ['withRates', [[null]], 'rates[0] must be a rate such as { model, kind, usd, unit }, got null.'],
    ['withRates', [new Array(1)], 'rates[0] is required. Set a rate such as { model, kind, usd, unit }.'],
    ['withRates', [[{ ...RATE, usd: 5n }]], 'rates[0].usd must be dollars for one unit as a decimal text such as "0.0008", got 5n.'],
    ['withRates', [[{ ...RATE, model: Object.create(null) }]], 'rates[0].model must be a model id, or "*", got {}.'],
    ['withDiscounts', [], 'discounts is required. Set a list of discounts such as [{ percent: 10 }].'],
    ['withDiscounts', [{}], 'discounts must be a list of discounts such as [{ percent: 10 }], got {}.'],
    ['withDiscounts', [[null]], 'discounts[0] must be a discount such as { percent: 10, provider: "Anthropic" }, got null.'],
    ['_withMoreDiscounts', [[null]], 'discounts[0] must be a discount such as { percent: 10, provider: "Anthropic" }, got null.'],
    ['withDiscounts', [[{ percent: 1, provider: Object.create(null) }]], 'discounts[0].provider must be one of '],
    ['withDiscountPercent', [], 'discountPercent is required. Set a number from 0 to 100.'],
    ['withDerivedRates', ['x'], 'allowed must be true or false, got "x".'],
    ['forDay', [], 'day is required. Set a day as YYYY-MM-DD.'],
  ])('%s refuses %j', (method, given, message) => {
    const error = errorOf(() => book[method](...given));
    expect(error).toBeInstanceOf(PricingError);
    expect(error.message).toContain(message);
  });

  test('is read from a path', () => {
    const fromFile = PriceBook.fromFile as (path?: unknown) => PriceBook;
    expect(() => fromFile()).toThrow('path is required. Set the path of a price-book file.');
    expect(() => fromFile(5)).toThrow('path must be the path of a price-book file, got 5.');
  });

  test('is what a calculator needs', () => {
    const Calculator = CostCalculator as new (book: unknown) => CostCalculator;
    for (const wrong of [{}, null, 'x']) expect(() => new Calculator(wrong)).toThrow('priceBook must be a PriceBook, such as PriceBook.embedded(), got ');
  });
});
