import { PriceBook } from '../../src/pricing/price-book/price-book';
import { CommitmentDuration, RateKind, RateUnit } from '../../src/pricing/price-book/rate';
import { UsageFields, WORKLOAD_TYPES, WorkloadType } from '../../src/pricing/workload';
import { estimateUsageFile, estimateWorkload } from '../../src/usage-file/estimate-usage-file';
import { FileWorkload, parseUsageFile } from '../../src/usage-file/usage-file';

const book = PriceBook.embedded().withRates([
  { model: 'own.model-v1', kind: RateKind.MODEL_UNIT_HOUR, commitmentDuration: CommitmentDuration.NONE, customModel: false, usd: '2', unit: RateUnit.HOUR },
]);
const units = (usage: UsageFields = {}, more: Partial<FileWorkload> = {}): FileWorkload =>
  ({ name: 'w', type: 'provisioned-throughput', model: 'own.model-v1', usage: { modelUnits: 1, ...usage }, ...more });

test.each([
  ['of its own', { hoursPerMonth: 10 }, { hoursPerMonth: 744 }, 20],
  ['of the file', {}, { hoursPerMonth: 744 }, 1488],
  ['of an average month', {}, {}, 1460],
])('a workload is priced with the hours %s', (_, usage, defaults, usd) => {
  expect(estimateWorkload(book, units(usage), defaults).monthlyUsd).toBe(usd);
});

test('low and high replace the fields that they name', () => {
  const workload = units({ hoursPerMonth: 100 }, { low: { hoursPerMonth: 1 }, high: { modelUnits: 5 } });
  const monthsOf = (of: FileWorkload) => {
    const [{ low, estimate, high }] = estimateUsageFile(book, { rates: [], workloads: [of] });
    return [low, estimate, high].map((month) => month?.monthlyUsd);
  };
  expect(monthsOf(workload)).toEqual(['2', '200', '1000']);
  expect(monthsOf(units())).toEqual([undefined, '1460', undefined]);
});

test('a region of the workload wins over the file\'s', () => {
  const file = parseUsageFile([
    'version: 1', 'region: us-east-1', 'workloads:',
    '  - { name: us, type: on-demand, model: qwen.qwen3-next-80b-a3b, requestsPerMonth: 1, inputTokensPerRequest: 1000000 }',
    '  - { name: eu, region: eu-west-1, type: on-demand, model: qwen.qwen3-next-80b-a3b, requestsPerMonth: 1, inputTokensPerRequest: 1000000 }',
  ].join('\n'), 'u');
  // $0.15 a million input tokens in us-east-1, $0.18 in eu-west-1
  expect(estimateUsageFile(PriceBook.embedded(), file).map(({ region, estimate }) => [region, estimate.monthlyUsd])).toEqual([['us-east-1', '0.15'], ['eu-west-1', '0.18']]);
});

describe('a workload of each type', () => {
  // Every type of schemas/usage.schema.json with the least that it needs, and its cost in us-east-1.
  const WORKLOADS: { readonly [type in WorkloadType]: readonly [usd: string, workload: Pick<FileWorkload, 'model' | 'usage'>] } = {
    // Nova Pro, per million tokens: 0.80 in, batch 0.40 in
    'on-demand': ['0.8', { model: 'amazon.nova-pro-v1:0', usage: { requestsPerMonth: 1000, inputTokensPerRequest: 1000 } }],
    'batch': ['0.4', { model: 'amazon.nova-pro-v1:0', usage: { jobsPerMonth: 1, recordsPerJob: 1000, inputTokensPerRecord: 1000 } }],
    // 1 x 24.00 x 730
    'provisioned-throughput': ['17520', { model: 'meta.llama3-1-70b-instruct-v1:0', usage: { modelUnits: 1 } }],
    // 100 x 0.198 x 730
    'reserved': ['14454', { model: 'us.anthropic.claude-sonnet-4-5-20250929-v1:0', usage: { inputTokensPerMinute: 100_000, termMonths: 1 } }],
    'customization': ['1.95', { model: 'meta.llama3-1-70b-instruct-v1:0', usage: { storedModels: 1 } }],
    'custom-model-import': ['3.9', { usage: { customModelUnits: 2, customModelUnitVersion: '1.0' } }],
    'image': ['0.08', { model: 'stability.sd3-5-large-v1:0', usage: { imagesPerMonth: 1 } }],
    'video': ['0.08', { model: 'amazon.nova-reel-v1:0', usage: { secondsPerMonth: 1 } }],
    'speech': ['3.4', { model: 'amazon.nova-sonic-v1:0', usage: { inputSpeechTokensPerMonth: 1_000_000 } }],
    'rerank': ['2', { model: 'cohere.rerank-v3-5:0', usage: { queriesPerMonth: 1000 } }],
    'guardrail': ['0.15', { usage: { policies: ['content-text'], textsPerMonth: 1000, charactersPerText: 1 } }],
    'knowledge-base': ['5', { usage: { indexedGigabytes: 1 } }],
    'flow': ['0.035', { usage: { nodeTransitionsPerMonth: 1000 } }],
    'web-grounding': ['30', { model: 'amazon.nova-premier-v1:0', usage: { requestsPerMonth: 1000 } }],
    'evaluation': ['0.21', { usage: { humanTasks: 1 } }],
  };

  test.each(WORKLOAD_TYPES)('%s is priced by its billing mode', (type) => {
    const [usd, workload] = WORKLOADS[type];
    const estimate = estimateWorkload(PriceBook.embedded(), { name: 'w', type, ...workload }, { region: 'us-east-1' });
    expect(estimate._toJson()).toMatchObject({ monthlyUsd: usd, missingPrices: [] });
  });
});

describe('rates that follow from another by a rule', () => {
  // Claude Sonnet 4.6 is reserved at published rates in the US alone. 100 x (3.30 x 0.06) x 730
  const RESERVED = 'workloads: [{ name: a, type: reserved, region: eu-central-1, model: eu.anthropic.claude-sonnet-4-6, inputTokensPerMinute: 100000, termMonths: 1 }]';
  const monthlyUsd = (from: PriceBook, ...head: string[]) =>
    estimateUsageFile(from, parseUsageFile(['version: 1', ...head, RESERVED].join('\n'), 'u'))[0].estimate.monthlyUsd;

  test('are used and marked', () => expect(monthlyUsd(PriceBook.embedded())).toBe('14454'));
  test('are refused by a usage file', () => expect(monthlyUsd(PriceBook.embedded(), 'allowDerivedRates: false')).toBeNull());
  test('stay refused where the book refuses them', () => {
    expect(monthlyUsd(PriceBook.embedded().withDerivedRates(false))).toBeNull();
    expect(monthlyUsd(PriceBook.embedded().withDerivedRates(false), 'allowDerivedRates: true')).toBeNull();
  });
});

test('the commitment of a reservation whose price is missing is unknown, not $0', () => {
  const reservation: FileWorkload = { name: 'w', type: 'reserved', model: 'amazon.nova-pro-v1:0', usage: { inputTokensPerMinute: 100_000, termMonths: 1 } };
  expect(estimateWorkload(PriceBook.embedded(), reservation, { region: 'us-east-1' })).toMatchObject({ monthlyUsd: undefined, commitmentUsd: undefined });
});

test.each([
  ['texts that nothing checks', '{ name: g, type: guardrail, policies: [content-image], imagesPerMonth: 1, textsPerMonth: 5, charactersPerText: 5 }', 'textsPerMonth requires a policy that checks texts, such as content-text, got 5.'],
  ['a policy with nothing to check', '{ name: g, type: guardrail, policies: [content-image, content-text], textsPerMonth: 5, charactersPerText: 5 }', 'imagesPerMonth is required. Set the number of images that content-image checks in a month.'],
  ['a resolution that is none', '{ name: g, type: image, model: amazon.nova-canvas-v1:0, imagesPerMonth: 1, resolution: large }', 'resolution must be a width and a height in pixels, such as "1024x1024", got "large".'],
])('fails for %s, with the name of the workload', (_, workload, message) => {
  expect(() => estimateUsageFile(book, parseUsageFile(`version: 1\nworkloads: [${workload}]`, 'u'))).toThrow(`workload "g": ${message}`);
});
