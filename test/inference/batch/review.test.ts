import { CfnParameter, Token } from 'aws-cdk-lib';
import { batch, usage } from './batch';
import { BatchInferenceProps, SmallRuns } from '../../../src/inference/batch/props';
import { stackIn, warnings } from '../synth';

describe('a limit of a run', () => {
  const above = (props: Partial<BatchInferenceProps>) => warnings(batch(props).stack).filter((text) => text.includes('run-above-maximum'));
  // Nova Pro in batch: 1,000 records x (10,000 x $0.40 + 1,000 x $1.60) / million = $4.00 + $1.60 = $5.60

  test('below the estimate of a run causes a warning: each run would be refused', () => {
    expect(above({ maxCostPerRunUsd: 5.59 })).toEqual([
      'A run of 1,000 records is estimated to cost $5.60, more than maxCostPerRunUsd, $5.59. '
      + 'Raise maxCostPerRunUsd, or lower recordsPerJob or the tokens of a record. [ack: bedrock-cost-run-above-maximum]',
    ]);
  });

  test('that an average run does not exceed causes no warning', () => {
    expect([{}, { maxCostPerRunUsd: 5.6 }, { maxCostPerRunUsd: 10 }].flatMap(above)).toEqual([]);
  });

  test('below the estimate of a run in a busy month also causes a warning', () => {
    // 2,000 records: $11.20
    expect(above({ maxCostPerRunUsd: 10, highUsage: { ...usage, recordsPerJob: 2_000 } })[0]).toContain('A run of 2,000 records is estimated to cost $11.20, more than maxCostPerRunUsd, $10.00.');
  });

  test('of records that run on demand is compared with their on-demand price', () => {
    // 50 records x (10,000 x $0.80 + 1,000 x $3.20) / million = $0.40 + $0.16 = $0.56
    const small = { usage: { ...usage, recordsPerJob: 50 }, smallRuns: SmallRuns.ON_DEMAND };
    expect(above({ ...small, maxCostPerRunUsd: 0.5 })[0]).toContain('A run of 50 records is estimated to cost $0.56, more than maxCostPerRunUsd, $0.50.');
    expect(above({ ...small, maxCostPerRunUsd: 0.56 })).toEqual([]);
  });

  test('known only at deployment causes no warning', () => {
    expect(above({ maxCostPerRunUsd: Token.asNumber({ Ref: 'Maximum' }) })).toEqual([]);
  });
});

describe('a warning of too few records', () => {
  const small = (props: Partial<BatchInferenceProps>) => warnings(batch(props).stack).filter((text) => text.includes('does not accept'));

  test.each([[99, 1], [100, 0], [101, 0]])('for %d records a job is reported %d times', (recordsPerJob, times) => {
    expect(small({ usage: { ...usage, recordsPerJob } })).toHaveLength(times);
  });

  test('follows the quota of the account', () => {
    expect(small({ usage: { ...usage, recordsPerJob: 10 }, quotas: { minimumRecordsPerJob: 10 } })).toEqual([]);
    expect(small({ quotas: { minimumRecordsPerJob: 1_001 } })).toEqual([expect.stringContaining('recordsPerJob is 1000, and Amazon Bedrock does not accept a job of fewer than 1001 records')]);
  });

  test('is also reported for a slow month', () => {
    expect(small({ lowUsage: { ...usage, recordsPerJob: 50 } })).toHaveLength(1);
  });

  test('is not reported for a number that is known only at deployment', () => {
    const stack = stackIn();
    const recordsPerJob = new CfnParameter(stack, 'RecordsPerJob', { type: 'Number' }).valueAsNumber;
    batch({ usage: { ...usage, recordsPerJob } }, stack);
    expect(warnings(stack).filter((text) => text.includes('does not accept'))).toEqual([]);
  });
});
