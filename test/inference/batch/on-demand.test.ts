import { batch, usage } from './batch';
import { SmallRuns } from '../../../src/inference/batch/props';
import { entries, warnings } from '../synth';

describe('runs with too few records for a job', () => {
  const few = { usage: { ...usage, recordsPerJob: 50 }, smallRuns: SmallRuns.ON_DEMAND };

  test('are estimated on demand, cause no warning, and are counted by the metrics of the model', () => {
    const { stack } = batch(few);
    // 30 x 50 records: 15 million in x $0.80 + 1.5 million out x $3.20 = $12.00 + $4.80
    expect(entries(stack)).toMatchObject([
      { type: 'on-demand', estimate: { monthlyUsd: '16.8' }, tokenMetrics: { modelId: 'amazon.nova-pro-v1:0', shared: true } },
    ]);
    expect(warnings(stack)).toEqual([]);
  });

  test('are batch if they may become larger', () => {
    expect(entries(batch({ ...few, usage }).stack)).toMatchObject([{ type: 'batch' }]);
  });
});
