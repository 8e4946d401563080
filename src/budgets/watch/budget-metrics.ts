import { CfnAlarm, CfnAlarmProps } from 'aws-cdk-lib/aws-cloudwatch';
import { WatchContext } from './context';
import { roundedDollars } from './spend-alarm';
import { Dimension, MetricName, NAMESPACE } from '../../handlers/month-to-date.contract';
import { decimal, percentOf } from '../../pricing/decimal';

export type BudgetMetricName = (typeof MetricName)[keyof typeof MetricName];

/** A metric as an alarm names it. */
export type AlarmMetric = Required<Pick<CfnAlarm.MetricProperty, 'namespace' | 'metricName'>> & { readonly dimensions: CfnAlarm.DimensionProperty[] };

/** A metric of the whole budget. */
export function budgetMetric({ name }: WatchContext, metricName: BudgetMetricName): AlarmMetric {
  return { namespace: NAMESPACE, metricName, dimensions: [{ name: Dimension.BUDGET, value: name }] };
}

/** What makes an alarm fire when a metric of the budget comes to a part of the limit, in percent; over all of it only when it is exceeded. */
export function shareOfLimit(
  context: WatchContext, metricName: BudgetMetricName, percent: number,
): Pick<CfnAlarmProps, 'threshold' | 'metrics' | 'metricName' | 'namespace' | 'dimensions' | 'statistic' | 'period' | 'treatMissingData'>
  & Required<Pick<CfnAlarmProps, 'comparisonOperator'>> {
  const { interval, limit, plannedLimitsUsd } = context;
  const period = interval.toSeconds();
  const common = {
    comparisonOperator: metricName === MetricName.MONTH_TO_DATE && percent < 100 ? 'GreaterThanOrEqualToThreshold' : 'GreaterThanThreshold',
    // Who has counted last is right until somebody counts again.
    treatMissingData: 'ignore',
  };
  if (plannedLimitsUsd === undefined) {
    return { ...common, threshold: Number(roundedDollars(percentOf(decimal(percent), limit))), ...budgetMetric(context, metricName), statistic: 'Maximum', period };
  }
  // Where the limit differs from month to month, alarms compare with the one that is published.
  const stat = (id: string, name: BudgetMetricName): CfnAlarm.MetricDataQueryProperty =>
    ({ id, returnData: false, metricStat: { metric: budgetMetric(context, name), period, stat: 'Maximum' } });
  return {
    ...common,
    threshold: percent,
    metrics: [
      { id: 'share', label: 'percent of the limit of the month', expression: '100 * spent / limit', returnData: true },
      stat('spent', metricName),
      stat('limit', MetricName.LIMIT),
    ],
  };
}
