import { BatchSettings } from '../../../src/lambda/batch-inference/contract';
import { SliceOutcome } from '../../../src/lambda/batch-inference/outcomes';
import { assumptionsOf, estimateOf, howToRun, refusalOf } from '../../../src/lambda/batch-inference/preflight';

const settings: BatchSettings = {
  resource: 'Stack/Nightly',
  input: { bucket: 'records', kind: 'folder', path: '' },
  output: { bucket: 'results', prefix: '' },
  modelId: 'amazon.nova-pro-v1:0',
  invocationType: 'InvokeModel',
  formatModelId: 'amazon.nova-pro-v1:0',
  quotas: { recordsPerJob: 50_000, recordsPerFile: 50_000, bytesPerJob: 5e9, bytesPerFile: 1e9, minimumRecordsPerJob: 100 },
  jobNamePrefix: 'StackNightly',
  maxAttempts: 3,
  smallRuns: 'refuse',
  // Nova Pro in us-east-1: $0.40 and $1.60 per million in batch, $0.80 and $3.20 on demand.
  prices: { usdPerMillionInput: '0.4', usdPerMillionOutput: '1.6' },
  onDemandPrices: { usdPerMillionInput: '0.8', usdPerMillionOutput: '3.2' },
  estimate: { bytesPerToken: 4, outputTokensPerRecord: 1_000 },
  toleratedFailurePercentage: 0,
};
const slice = (index: number, ...keys: string[]) => ({ index, pieces: keys.map((key) => ({ key, from: 0, to: 1, size: 1, eTag: '' })) });
const outcome = (records: number, lines: number[], badLines = 0): SliceOutcome => ({
  parts: [{ id: '000000', records, bytes: 1, estimate: { input: records * 10_000, output: records * 1_000, outputAtMost: records * 4_000, media: 0 } }], lines, badLines,
});
const estimate = (records: number, changed: Partial<BatchSettings> = {}) => estimateOf({ ...settings, ...changed }, [slice(0, 'a')], [outcome(records, [records])]);

describe('the estimate of a run', () => {
  test('is the cost of its tokens at the batch price', () => {
    // 1,000 records: 10 million in x $0.40 + 1 million out x $1.60 = $5.60; 4 million out at most: $4.00 + $6.40
    expect(estimate(1_000)).toMatchObject({ records: 1_000, badLines: 0, usd: '5.6', atMostUsd: '10.4' });
  });

  test('uses the on-demand price if it is run on demand', () => {
    // 99 records: 0.99 million in x $0.80 + 0.099 million out x $3.20 = $0.792 + $0.3168
    expect(estimate(99, { smallRuns: 'on-demand' })).toMatchObject({ usd: '1.1088' });
    expect(estimate(100, { smallRuns: 'on-demand' })).toMatchObject({ usd: '0.56' });
  });

  test('is not known without a price', () => {
    expect(estimate(1_000, { prices: undefined })).toMatchObject({ usd: undefined, atMostUsd: undefined });
  });

  test('counts the lines of a file before a piece', () => {
    const slices = [slice(0, 'a', 'b'), slice(1, 'b'), slice(2, 'b', 'c')];
    expect(estimateOf(settings, slices, [outcome(1, [7, 10]), outcome(1, [20]), outcome(1, [30, 1])]).linesBefore).toEqual([[0, 0], [10], [30, 0]]);
  });

  test('states its assumptions', () => {
    expect(assumptionsOf(settings, estimate(1))).toEqual([
      'an input token counts as 4 bytes of text',
      'a record counts with 1000 output tokens, as declared, or with as many as it allows where these are fewer',
    ]);
  });
});

describe('a run is refused', () => {
  test.each([
    [5.59, 'The run is estimated to cost $5.60 (1,000 records, 10,000,000 input and 1,000,000 output tokens; $10.40 if each has as many as it allows), more than maxCostPerRunUsd, $5.59. Nothing was submitted.'],
    [5.6, undefined],
  ])('with a maximum cost of $%s', (maxCostPerRunUsd, cause) => {
    expect(refusalOf({ ...settings, maxCostPerRunUsd }, estimate(1_000))?.cause).toBe(cause);
  });

  test('with a maximum cost if its cost is not known', () => {
    const unknown = { ...settings, prices: undefined, maxCostPerRunUsd: 5 };
    expect(refusalOf(unknown, estimate(1_000, unknown))).toMatchObject({ error: 'CostLimitExceeded' });
  });

  test.each([[99, 'TooFewRecords'], [100, undefined], [0, undefined]])('of %d records: %s', (records, error) => {
    expect(refusalOf(settings, estimate(records))?.error).toBe(error);
  });

  test('with too few records for a job, with their cost on demand in the message', () => {
    expect(refusalOf(settings, estimate(99))?.cause).toBe(
      'A run must have at least 100 records, the minimum of a batch job, got 99. Nothing was submitted. Run more at a time, or set smallRuns to SmallRuns.ON_DEMAND: about $1.11 for these.');
  });

  test('not if its records can be run on demand', () => {
    expect(refusalOf({ ...settings, smallRuns: 'on-demand' }, estimate(99))).toBeUndefined();
    expect([howToRun({ ...settings, smallRuns: 'on-demand' }, 99), howToRun({ ...settings, smallRuns: 'on-demand' }, 100), howToRun(settings, 99)]).toEqual(['on-demand', 'batch', 'batch']);
  });
});
