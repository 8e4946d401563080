import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { CostBudget } from '../../../src/budgets/cost-budget';
import { BatchInference } from '../../../src/inference/batch/batch-inference';
import { BatchInput } from '../../../src/inference/batch/input';
import { SmallRuns } from '../../../src/inference/batch/props';
import { BedrockModel } from '../../../src/inference/bedrock-model';
import { only, stackWith, statements } from '../synth';

describe('batch jobs', () => {
  const batch = () => {
    const { stack } = stackWith();
    const bucket = new Bucket(stack, 'Bucket', { encryptionKey: new Key(stack, 'Key') });
    new BatchInference(stack, 'Nightly', {
      model: BedrockModel.of('us.amazon.nova-pro-v1:0'),
      inputBucket: bucket,
      outputBucket: bucket,
      input: BatchInput.prefix('in'),
      outputPrefix: 'out',
      usage: { jobsPerMonth: 30, recordsPerJob: 1_000, inputTokensPerRecord: 10_000, outputTokensPerRecord: 1_000 },
    });
    return stack;
  };

  test('whose run costs more than estimated notify the topic of the budget that covers them', () => {
    const own = only(batch(), /CostAlarm/);
    expect(own.AlarmActions).toEqual([{ Ref: expect.stringMatching(/^BudgetTopic/) }]);
  });

  test.each([SmallRuns.REFUSE, SmallRuns.ON_DEMAND])('notify each topic once, and none of a budget elsewhere, with small runs: %s', (smallRuns) => {
    const app = new App();
    const [stack, other] = ['Stack', 'Other'].map((id) => new Stack(app, id, { env: { region: 'us-west-2', account: '111122223333' } }));
    const [mine, shared] = ['Mine', 'Shared'].map((id) => new Topic(stack, id));
    const bucket = new Bucket(stack, 'Bucket');
    new CostBudget(stack, 'Before', { monthlyLimitUsd: 1_000, notificationTopic: shared });
    // 10 records are fewer than the minimum of a job, so every run is on demand.
    new BatchInference(stack, 'Nightly', {
      model: BedrockModel.of('us.amazon.nova-pro-v1:0'),
      inputBucket: bucket,
      outputBucket: bucket,
      smallRuns,
      notificationTopic: mine,
      schedule: ScheduleExpression.cron({ hour: '2', minute: '0' }),
      usage: { jobsPerMonth: 30, recordsPerJob: smallRuns === SmallRuns.ON_DEMAND ? 10 : 1_000, inputTokensPerRecord: 100 },
    });
    new CostBudget(stack, 'After', { monthlyLimitUsd: 2_000, notificationTopic: shared });
    new CostBudget(stack, 'Mine2', { monthlyLimitUsd: 3_000, notificationTopic: mine });
    new CostBudget(other, 'Elsewhere', { monthlyLimitUsd: 4_000 });
    for (const alarm of [/CostAlarm/, /UnstartedRuns/]) {
      expect(only(stack, alarm).AlarmActions).toEqual([{ Ref: expect.stringMatching(/^Mine/) }, { Ref: expect.stringMatching(/^Shared/) }]);
    }
  });

  test.each([['Failed', 'ExecutionsFailed'], ['Stuck', 'ExecutionsTimedOut']])('that are %s are detected by the executions of the state machine', (id, MetricName) => {
    expect(only(batch(), new RegExp(`Batch${id}`))).toMatchObject({
      Namespace: 'AWS/States',
      MetricName,
      Statistic: 'Sum',
      Threshold: 0,
      ComparisonOperator: 'GreaterThanThreshold',
      TreatMissingData: 'notBreaching',
      Dimensions: [{ Name: 'StateMachineArn', Value: { Ref: expect.stringMatching(/^NightlyStateMachine/) } }],
    });
  });

  test('are stuck if they have not ended a day after their timeout, when the execution ends', () => {
    const [{ Properties: { DefinitionString } }] = Object.values(Template.fromStack(batch()).findResources('AWS::StepFunctions::StateMachine'));
    const text = DefinitionString['Fn::Join'][1].map((part: unknown) => (typeof part === 'string' ? part : 'x')).join('');
    // AWS's own timeout of 24 hours and 24 more, for each of the three attempts at a record
    expect(JSON.parse(text).TimeoutSeconds).toBe(3 * 48 * 3600);
  });

  test('that cost more than estimated are reported, by their own token counts', () => {
    const costlier = only(batch(), /Costlier/);
    expect(costlier).toMatchObject({ Namespace: 'CdkBedrockCost', MetricName: 'BatchCostRatio', Threshold: 1.5, ComparisonOperator: 'GreaterThanThreshold' });
    // 10M in x $0.40 + 1M out x $1.60 = $5.60 a job
    expect(costlier.AlarmDescription).toContain('cost more than 1.5 times their estimate. A run is estimated to cost $5.60.');
  });

  test('are counted by their role and name, with the batch prices and the estimate of a record', () => {
    const stack = batch();
    const [{ Properties: { Target: { Input } } }] = Object.values(Template.fromStack(stack).findResources('AWS::Scheduler::Schedule'));
    const { batch: [meter] } = JSON.parse(Input['Fn::Join'][1].map((part: any) => (typeof part === 'string' ? part : 'ARN')).join(''));
    // 10,000 x 0.40 / 1M + 1,000 x 1.60 / 1M = 0.0056
    expect(meter).toEqual({ resource: 'Stack/Nightly', model: 'us.amazon.nova-pro-v1:0', jobNamePrefix: expect.stringMatching(/^StackNightly/), roleArn: 'ARN', usdPerMillionInput: '0.4', usdPerMillionOutput: '1.6', usdPerRecord: '0.0056' });
  });

  test('let the function read the summaries of the jobs, and no records', () => {
    const all = statements(batch());
    const reads = all.filter(({ Action, Resource }: any) => Action === 's3:GetObject' && JSON.stringify(Resource).includes('manifest'));
    expect(reads).toEqual([expect.objectContaining({ Resource: { 'Fn::Join': ['', [{ 'Fn::GetAtt': [expect.stringMatching(/^Bucket/), 'Arn'] }, '/out/*/manifest.json.out']] } })]);
  });
});
