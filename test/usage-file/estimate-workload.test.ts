import { PriceBook } from '../../src/pricing/price-book';
import { CommitmentDuration, RateKind, RateUnit } from '../../src/pricing/rate';
import { estimateUsageFile } from '../../src/usage-file/estimate-usage-file';
import { estimateHigh, estimateLow, estimateWorkload } from '../../src/usage-file/estimate-workload';
import { parseUsageFile, Workload } from '../../src/usage-file/usage-file';
import { WORKLOAD_TYPES, WorkloadType } from '../../src/usage-file/workload-types';

const book = PriceBook.embedded().withRates([
  { model: 'own.model-v1', kind: RateKind.MODEL_UNIT_HOUR, commitmentDuration: CommitmentDuration.NONE, customModel: false, usd: '2', unit: RateUnit.HOUR },
]);
const units = (usage: object = {}, more: Partial<Workload> = {}): Workload =>
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
  const months = [estimateLow(book, workload, {}), estimateWorkload(book, workload, {}), estimateHigh(book, workload, {})];
  expect(months.map((e) => e?.monthlyUsd)).toEqual([2, 200, 1000]);
  expect(estimateLow(book, units(), {})).toBeUndefined();
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

const PRICED: readonly WorkloadType[] = ['on-demand', 'batch', 'provisioned-throughput'];
test.each(WORKLOAD_TYPES.filter((type) => !PRICED.includes(type)))('%s, which has no prices yet, is a missing price and not $0', (type) => {
  const estimate = estimateWorkload(book, { name: 'w', type, usage: {} }, {});
  expect(estimate.monthlyUsd).toBeUndefined();
  expect(estimate.missingPrices).toEqual([expect.objectContaining({ kind: type, hint: expect.stringMatching(/./) })]);
});

test('the commitment of a reservation without prices is unknown, not $0', () => {
  expect(estimateWorkload(book, { name: 'w', type: 'reserved', usage: { termMonths: 1 } }, {}).commitmentUsd).toBeUndefined();
});
