import { Stack } from 'aws-cdk-lib';
import { alarms, requests, stackWith, traffic } from '../synth';

const metricOf = ({ Namespace, MetricName, Dimensions }: any) => [Namespace, MetricName, Dimensions];
const budgetAlarms = (stack: Stack) => alarms(stack).filter(({ Namespace }) => Namespace === 'CdkBedrockCost');

describe('the alarms on the month-to-date cost', () => {
  const dimensions = [{ Name: 'Budget', Value: 'Stack/Budget' }];

  test('fire at 50, 80 and 100 % of the limit, and when the forecast exceeds it', () => {
    const { stack } = stackWith();
    traffic(stack);
    const told = budgetAlarms(stack).filter(({ AlarmActions }) => AlarmActions);
    expect(told.map((alarm) => [...metricOf(alarm), alarm.ComparisonOperator, alarm.Threshold, alarm.EvaluationPeriods])).toEqual([
      // 50 and 80 % of 1,460
      ['CdkBedrockCost', 'MonthToDateUsd', dimensions, 'GreaterThanOrEqualToThreshold', 730, 1],
      ['CdkBedrockCost', 'MonthToDateUsd', dimensions, 'GreaterThanOrEqualToThreshold', 1168, 1],
      ['CdkBedrockCost', 'MonthToDateUsd', dimensions, 'GreaterThanThreshold', 1460, 1],
      ['CdkBedrockCost', 'ForecastUsd', dimensions, 'GreaterThanThreshold', 1460, 3],
    ]);
    for (const { Statistic, Period, TreatMissingData } of budgetAlarms(stack).filter(({ AlarmActions }) => AlarmActions)) {
      expect([Statistic, Period, TreatMissingData]).toEqual(['Maximum', 900, 'ignore']);
    }
  });

  test('fire at custom thresholds', () => {
    const { stack } = stackWith({ thresholdPercents: [25, 120], forecastThresholdPercents: [110, 150] });
    traffic(stack);
    expect(budgetAlarms(stack).filter(({ AlarmActions }) => AlarmActions).map(({ MetricName, Threshold }) => [MetricName, Threshold])).toEqual([
      ['MonthToDateUsd', 365], ['MonthToDateUsd', 1752], ['ForecastUsd', 1606], ['ForecastUsd', 2190],
    ]);
  });

  test('notify when the counts end, but not before the first count', () => {
    const { stack } = stackWith();
    traffic(stack);
    const [silence] = budgetAlarms(stack).filter(({ InsufficientDataActions }) => InsufficientDataActions);
    // A new alarm begins in INSUFFICIENT_DATA. Its state does not change, so it sends no notification.
    expect(silence).toMatchObject({ MetricName: 'MonthToDateUsd', TreatMissingData: 'missing', Period: 3600, EvaluationPeriods: 3, ComparisonOperator: 'LessThanThreshold', Threshold: 0 });
    expect(silence.AlarmDescription).toContain('No cost has been counted for Stack/Budget for 3 hours');
  });

  test('explain themselves in their descriptions', () => {
    const { stack } = stackWith();
    traffic(stack);
    const texts = budgetAlarms(stack).filter(({ MetricName }) => MetricName !== 'SpentUsd').map(({ AlarmDescription }) => AlarmDescription);
    expect(texts[0]).toBe('Amazon Bedrock has cost at least 50 % of the $1,460.00 a month of Stack/Budget since the month began (UTC). Counted from CloudWatch metrics every 15 minutes.');
    expect(texts[2]).toContain('more than 100 % of the $1,460.00 a month of Stack/Budget since the month began (UTC): the budget is exceeded.');
    expect(texts[3]).toContain('is forecast to cost more than 100 % of the $1,460.00 a month of Stack/Budget by the end of the month');
  });

  test('compare with the limit of the month if the months differ', () => {
    const plannedLimitsUsd = Object.fromEntries(Array.from({ length: 12 }, (_, i) => [`2027-${String(i + 1).padStart(2, '0')}`, i === 11 ? 3_000 : 1_460]));
    const { stack } = stackWith({ plannedLimitsUsd });
    traffic(stack);
    const [half] = alarms(stack).filter(({ Metrics = [] }) => Metrics.some(({ MetricStat }: any) => MetricStat?.Metric.MetricName === 'LimitUsd'));
    expect(half).toMatchObject({ Threshold: 50, ComparisonOperator: 'GreaterThanOrEqualToThreshold' });
    expect(half.Metrics[0]).toMatchObject({ Expression: '100 * spent / limit', ReturnData: true });
    expect(requests(stack)[0].total).toMatchObject({ limitUsd: '1460', plannedLimitsUsd: { '2027-11': '1460', '2027-12': '3000' } });
  });
});
