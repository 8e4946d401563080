import { BedrockModel } from '../../../src/inference/bedrock-model';
import { ProvisionedModelThroughput } from '../../../src/inference/provisioned/provisioned-model-throughput';
import { CommitmentDuration } from '../../../src/pricing/price-book/rate';
import { CostEstimates } from '../../../src/registration/cost-estimates';
import { alarms, only, stackWith, statements } from '../synth';

describe('provisioned throughput', () => {
  // Llama 3.1 70B, us-west-2, no commitment: $24.00 for a unit and an hour
  const throughput = (props: Partial<ConstructorParameters<typeof ProvisionedModelThroughput>[2]> = {}) => {
    const { stack } = stackWith({ monthlyLimitUsd: 100_000 });
    new ProvisionedModelThroughput(stack, 'Capacity', { model: BedrockModel.of('meta.llama3-1-70b-instruct-v1:0:128k'), modelUnits: 2, ...props });
    return stack;
  };

  test('that is idle for 24 hours triggers an alarm, with its cost in that time', () => {
    const idle = only(throughput(), /Idle/);
    expect(idle).toMatchObject({
      Namespace: 'CdkBedrockCost',
      MetricName: 'IdleHours',
      Statistic: 'Maximum',
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      Threshold: 24,
      EvaluationPeriods: 1,
      Dimensions: [{ Name: 'Budget', Value: 'Stack/Budget' }, { Name: 'Resource', Value: 'Stack/Capacity' }],
    });
    expect(idle.AlarmDescription).toBe('The provisioned throughput Stack/Capacity has processed no requests for 24 hours. Its 2 model units still cost $48.00 an hour, $1,152.00 a day. Use it, or remove it.');
  });

  test('with a commitment has no advice to remove it, which AWS would refuse', () => {
    // 2 units x $21.18 x 730 h = $30,922.80
    const stack = throughput({ commitmentDuration: CommitmentDuration.ONE_MONTH, acknowledgeCommitmentUsd: 30_922.80 });
    expect(only(stack, /Idle/).AlarmDescription).toContain('$42.36 an hour, $1,016.64 a day. Its commitment is billed until the end of its term');
  });

  test('that throttles requests triggers an alarm, with the cost of a further unit', () => {
    const stack = throughput();
    const throttled = only(stack, /Throttled/);
    expect(throttled).toMatchObject({
      EvaluationPeriods: 3,
      DatapointsToAlarm: 3,
      Threshold: 0,
    });
    // AWS does not document by which of the two CloudWatch counts: the larger one is correct.
    const arn = { Ref: expect.stringMatching(/^Capacity/) };
    const ids = [arn, { 'Fn::Select': [1, { 'Fn::Split': ['/', arn] }] }];
    expect(throttled.Metrics).toEqual([
      { Id: 'refused', Label: 'throttled requests', Expression: 'MAX([FILL(m0, 0), FILL(m1, 0)])', ReturnData: true },
      ...ids.map((Value, i) => ({
        Id: `m${i}`,
        MetricStat: { Metric: { Namespace: 'AWS/Bedrock', MetricName: 'InvocationThrottles', Dimensions: [{ Name: 'ModelId', Value }] }, Period: 300, Stat: 'Sum' },
        ReturnData: false,
      })),
    ]);
    // 24 x 730
    expect(throttled.AlarmDescription).toContain('2 model units are not enough. A further model unit costs $24.00 an hour, $17,520.00 a month.');
  });

  test('with a commitment triggers an alarm 14 days before its renewal, with the cost of the next term', () => {
    const stack = throughput({ commitmentDuration: CommitmentDuration.ONE_MONTH, acknowledgeCommitmentUsd: 30_922.80 });
    const renewal = only(stack, /Renewal/);
    expect(renewal).toMatchObject({ MetricName: 'CommitmentDaysLeft', ComparisonOperator: 'LessThanOrEqualToThreshold', Threshold: 14, TreatMissingData: 'ignore' });
    expect(renewal.AlarmDescription).toContain('ends within 14 days, and then renews itself: the next term costs $30,922.80, and may be impossible to cancel, like the first.');
    expect(alarms(throughput()).filter(({ id }) => /Renewal/.test(id))).toEqual([]);
  });

  test('can be read by the function under every ARN, since stopped throughput is bought again under another ARN', () => {
    const stack = throughput();
    expect(statements(stack)).toContainEqual({
      Action: 'bedrock:GetProvisionedModelThroughput', Effect: 'Allow', Resource: { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':bedrock:us-west-2:111122223333:provisioned-model/*']] },
    });
  });

  test('that was bought outside of the app has no alarms', () => {
    const { stack } = stackWith({ monthlyLimitUsd: 100_000 });
    CostEstimates.of(stack).addProvisioned('Units', { model: 'meta.llama3-1-70b-instruct-v1:0', modelUnits: 1 });
    expect(alarms(stack).filter(({ id }) => /Idle|Throttled/.test(id))).toEqual([]);
  });
});
