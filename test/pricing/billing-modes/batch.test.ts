import { CostCalculator } from '../../../src/pricing/calculator';

const calculator = new CostCalculator();

describe('batch inference', () => {
  test('costs its own rates', () => {
    // Nova Pro through a US profile, us-west-2, batch (price list 2026-08-20): in 0.40, out 1.60 per million tokens.
    // 30 jobs x 1,000 records: 300 million in x 0.40 + 30 million out x 1.60 = 120 + 48.
    const estimate = calculator.batch({ model: 'us.amazon.nova-pro-v1:0', region: 'us-west-2', jobsPerMonth: 30, recordsPerJob: 1000, inputTokensPerRecord: 10_000, outputTokensPerRecord: 1_000 });
    expect(estimate.monthlyUsd).toBe(168);
    expect(estimate.unitCosts).toEqual([{ unit: 'job', usd: 5.6 }]);
  });

  test.each([[10, '10'], [99, '99'], [100, undefined], [0, undefined]])('of %d records a job has an assumption if AWS refuses it', (recordsPerJob, has) => {
    // 1,000 x (10,000 x $0.40 + 1,000 x $1.60) / 1,000,000 = $5.60 for 1,000 records, so $0.0056 each: nothing of the cost changes.
    const estimate = calculator.batch({ model: 'us.amazon.nova-pro-v1:0', region: 'us-west-2', jobsPerMonth: 1, recordsPerJob, inputTokensPerRecord: 10_000, outputTokensPerRecord: 1_000 });
    expect(estimate.monthlyUsd).toBeCloseTo(recordsPerJob * 0.0056, 10);
    expect(estimate.assumptions).toEqual(has === undefined ? [] : [`AWS refuses jobs of fewer than 100 records unless the quota was changed; these have ${has}`]);
  });

  test('of long records is judged by the tokens of one record', () => {
    // Claude Sonnet 4.5 costs more above 200,000 tokens. No batch row for that is published.
    const at = (inputTokensPerRecord: number) => calculator.batch({ model: 'us.anthropic.claude-sonnet-4-5-20250929-v1:0', region: 'us-east-1', jobsPerMonth: 1, recordsPerJob: 1000, inputTokensPerRecord, outputTokensPerRecord: 1 });
    expect(at(200_000).monthlyUsd).toBeDefined();
    expect(at(200_001).monthlyUsd).toBeUndefined();
  });

  test('of a custom model is not priced as its base model', () => {
    expect(calculator.batch({ model: 'amazon.nova-lite-v1:0', region: 'us-east-1', jobsPerMonth: 1, recordsPerJob: 1000, inputTokensPerRecord: 1, customModel: true }).monthlyUsd).toBeUndefined();
  });

  test('of a model that is not offered in batch is a missing price, not half of the other one', () => {
    const usage = { model: 'deepseek.r1-v1:0', region: 'us-east-1' };
    expect(calculator.batch({ ...usage, jobsPerMonth: 1, recordsPerJob: 100, inputTokensPerRecord: 1 }).monthlyUsd).toBeUndefined();
  });

  test.each(['jobsPerMonth', 'recordsPerJob', 'inputTokensPerRecord', 'outputTokensPerRecord'])('fails for a negative %s', (field) => {
    expect(() => calculator.batch({ model: 'amazon.nova-pro-v1:0', region: 'us-east-1', jobsPerMonth: 1, recordsPerJob: 1, [field]: -1 })).toThrow(field);
  });
});
