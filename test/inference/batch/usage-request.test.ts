import { mkdtempSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { CfnParameter, Duration } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import { batch, states, usage } from './batch';
import { BatchInferenceProps, SmallRuns } from '../../../src/inference/batch/props';
import { BedrockModel } from '../../../src/inference/bedrock-model';
import { entries, refusals, stackIn } from '../synth';

describe('the cost', () => {
  test('is that of the batch rates', () => {
    // 30 jobs x 1,000 records: 300 million input tokens x $0.40 + 30 million output tokens x $1.60 = $120 + $48
    const { stack } = batch();
    expect(entries(stack)).toMatchObject([{ type: 'batch', model: 'amazon.nova-pro-v1:0', tokenMetrics: undefined, estimate: { monthlyUsd: '168' } }]);
  });

  test('of the state machine is separate: 21 transitions a run and 3 a poll, for the whole timeout', () => {
    const transitions = (props?: Partial<BatchInferenceProps>) => entries(batch(props).stack)[0].otherServices!.find(({ unit }) => unit === '1K transitions');
    // 24 h every 5 min are 288 polls: 30 x (21 + 3 x 288) = 26,550 transitions x $0.025 / 1,000 = $0.66375
    expect(transitions()).toMatchObject({ quantity: '26.55', usd: '0.66375' });
    // 48 h every 30 min are 96 polls: 30 x (21 + 3 x 96) = 9,270 transitions
    expect(transitions({ timeout: Duration.hours(48), pollInterval: Duration.minutes(30) })).toMatchObject({ usd: '0.23175' });
    // 120,000 records are 3 jobs, and 4.8 GB: 18 slices of 256 MB, and 9 files of 1 GB with their results.
    expect(transitions({ usage: { ...usage, recordsPerJob: 120_000 } })).toMatchObject({ quantity: `${30 * (12 + 2 * 18 + 3 * (5 + 3 * 288) + 2 * 9) / 1000}` });
  });

  test('of the state machine differs in a slow and in a busy month', () => {
    // 10 runs: 8.85 x $0.025 + 80 calls $0.000016 + 173 GB-s $0.0023066782 + $0.00205 + 460 objects read $0.000184 + 0.06 x $0.30 + $0.10
    // 60 runs: 53.1 x $0.025 + 480 calls $0.000096 + 1,037 GB-s $0.0138267358 + $0.0123 + 2,760 objects read $0.001104 + 0.33 x $0.30 + $0.10
    const { stack } = batch({ lowUsage: { ...usage, jobsPerMonth: 10 }, highUsage: { ...usage, jobsPerMonth: 60 } }, stackIn(undefined, { 'cdk-bedrock-cost:details': true }));
    expect(entries(stack)).toMatchObject([{
      low: { otherServicesMonthlyUsd: '0.3438066782' }, estimate: { otherServicesMonthlyUsd: '0.8284200346' }, high: { otherServicesMonthlyUsd: '1.5538267358' },
    }]);
    expect(Annotations.fromStack(stack).findInfo('*', Match.stringLikeRegexp('about \\$0\\.83 a month \\(\\$0\\.34 to \\$1\\.55\\)'))).toHaveLength(1);
  });

  test.each<[string, Partial<BatchInferenceProps>]>([
    ['usage', { usage }],
    ['usage with a schedule of another number of runs', { usage, schedule: ScheduleExpression.rate(Duration.hours(1)) }],
  ])('of a slow and a busy month has the runs of the %s, if only the records differ', (_, props) => {
    const { stack } = batch({ ...props, lowUsage: { recordsPerJob: 500, jobsPerMonth: undefined }, highUsage: { recordsPerJob: 2_000 } });
    expect(refusals(stack)).toEqual([]);
    // 30 runs of 1,000 records cost $168.00 (300 x $0.40 + 30 x $1.60); of 500 half of it, of 2,000 twice.
    expect(entries(stack)).toMatchObject([{ low: { monthlyUsd: '84' }, estimate: { monthlyUsd: '168' }, high: { monthlyUsd: '336' } }]);
  });

  test('of runs on demand has the same rule', () => {
    const { stack } = batch({ usage: { ...usage, recordsPerJob: 50 }, smallRuns: SmallRuns.ON_DEMAND, highUsage: { recordsPerJob: 60 } });
    expect(refusals(stack)).toEqual([]);
    // 30 x 50 requests of 10,000 + 1,000 tokens at $0.80 and $3.20: 15 x $0.80 + 1.5 x $3.20 = $16.80; of 60 records a fifth more.
    expect(entries(stack)).toMatchObject([{ estimate: { monthlyUsd: '16.8' }, high: { monthlyUsd: '20.16' } }]);
  });

  test('of a custom model is unknown, not that of its base model', () => {
    const { stack } = batch({ model: BedrockModel.fromCustomModel('arn:aws:bedrock:us-east-1:111111111111:custom-model/amazon.nova-lite-v1:0/abc', 'amazon.nova-lite-v1:0') });
    expect(entries(stack)).toMatchObject([{ estimate: { monthlyUsd: null, knownMonthlyUsd: '0' } }]);
    expect(refusals(stack)).toEqual([]);
  });

  test('of a number that is known only at deployment is unknown', () => {
    const stack = stackIn();
    const jobsPerMonth = new CfnParameter(stack, 'Jobs', { type: 'Number' }).valueAsNumber;
    batch({ usage: { ...usage, jobsPerMonth } }, stack);
    expect(entries(stack)[0].estimate).toMatchObject({ monthlyUsd: null, otherServicesMonthlyUsd: '0' });
  });
});

test('a run is estimated with the output tokens of the usage file, like the month', () => {
  const file = join(mkdtempSync(join(tmpdir(), 'usage-')), 'usage.yaml');
  writeFileSync(file, 'version: 1\nworkloads:\n  - { name: Stack/Nightly, type: batch, model: amazon.nova-pro-v1:0, jobsPerMonth: 30, recordsPerJob: 1000, outputTokensPerRecord: 5000 }\n');
  const { stack } = batch({}, stackIn('us-east-1', { 'cdk-bedrock-cost:usage': file }));
  // 300 million in x $0.40 + 150 million out x $1.60
  expect(entries(stack)).toMatchObject([{ estimate: { monthlyUsd: '360' } }]);
  expect(states(stack).PlanRun.Parameters.Payload.settings.estimate.outputTokensPerRecord).toBe(5_000);
});
