import { DeleteAlarmsCommand, MetricDataQuery, PutMetricAlarmCommand } from '@aws-sdk/client-cloudwatch';
import { PublishCommand } from '@aws-sdk/client-sns';
import { BEDROCK_NAMESPACE, BedrockMetric, MODEL_ID } from '../../../src/aws/metrics';
import { Limits, Reply } from '../observations';
import { Scene } from '../scene';

/** The prefix of the names of alarms that the tool creates itself. */
export const ALARM_PREFIX = 'cdk-bedrock-cost-acceptance-';

/** Requests at a limit of AWS, and one above it. */
export async function tryLimits(scene: Scene): Promise<Limits> {
  return {
    alarmOf10Metrics: await reply(() => alarmOf(scene, 10)),
    alarmOf11Metrics: await reply(() => alarmOf(scene, 11)),
    subjectOf99: await reply(() => publish(scene, 99)),
    subjectOf100: await reply(() => publish(scene, 100)),
  };
}

async function reply(act: () => Promise<unknown>): Promise<Reply> {
  try {
    await act();
    return 'accepted';
  } catch (thrown) {
    return `${(thrown as Error).name}: ${(thrown as Error).message}`;
  }
}

/** An alarm on the sum of so many metrics, which is deleted at once. */
async function alarmOf({ aws: { cloudWatch } }: Scene, metrics: number): Promise<void> {
  const queries = Array.from({ length: metrics }, (_, i): MetricDataQuery => ({
    Id: `m${i}`,
    MetricStat: {
      Metric: { Namespace: BEDROCK_NAMESPACE, MetricName: BedrockMetric.INVOCATIONS, Dimensions: [{ Name: MODEL_ID, Value: `acceptance-${i}` }] },
      Period: 300,
      Stat: 'Sum',
    },
    ReturnData: false,
  }));
  const AlarmName = `${ALARM_PREFIX}${metrics}-metrics`;
  await cloudWatch.send(new PutMetricAlarmCommand({
    AlarmName,
    ComparisonOperator: 'GreaterThanThreshold',
    Threshold: 1_000_000,
    EvaluationPeriods: 1,
    Metrics: [...queries, { Id: 'total', Expression: queries.map(({ Id }) => Id).join(' + '), ReturnData: true }],
  }));
  await cloudWatch.send(new DeleteAlarmsCommand({ AlarmNames: [AlarmName] }));
}

async function publish({ aws: { sns }, outputs: { TopicArn } }: Scene, length: number): Promise<void> {
  await sns.send(new PublishCommand({ TopicArn, Subject: 's'.repeat(length), Message: `A subject of ${length} characters` }));
}
