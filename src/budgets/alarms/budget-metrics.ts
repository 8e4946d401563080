import { CfnAlarm, CfnAlarmProps } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { WatchContext } from './context';
import { plainName } from './names';
import { burnRateProps, roundedDollars, SpendAlarmProps } from './spend-alarm';
import { Dimension, MetricName, NAMESPACE } from '../../lambda/month-to-date/contract';
import { decimal, percentOf } from '../../pricing/decimal';
import { formatUsd } from '../../pricing/format';

export type BudgetMetricName = (typeof MetricName)[keyof typeof MetricName];

/** A metric as an alarm names it. */
export type AlarmMetric = Required<Pick<CfnAlarm.MetricProperty, 'namespace' | 'metricName'>> & { readonly dimensions: CfnAlarm.DimensionProperty[] };

/** A metric of the whole budget. */
export function budgetMetric({ name }: WatchContext, metricName: BudgetMetricName): AlarmMetric {
  return { namespace: NAMESPACE, metricName, dimensions: [{ name: Dimension.BUDGET, value: name }] };
}

/** A metric of one resource, as the function that counts publishes it; between two counts, the last one is right. */
export function resourceMetric(
  { name, interval }: WatchContext, metricName: BudgetMetricName, path: string,
): AlarmMetric & Required<Pick<CfnAlarmProps, 'statistic' | 'period' | 'treatMissingData'>> {
  return {
    namespace: NAMESPACE,
    metricName,
    dimensions: [{ name: Dimension.BUDGET, value: name }, { name: Dimension.RESOURCE, value: plainName(path) }],
    statistic: 'Maximum',
    period: interval.toSeconds(),
    treatMissingData: 'ignore',
  };
}

/** What was spent within a window by the whole budget, as the function that counts publishes it. */
export function spentAlarm(
  scope: Construct, id: string, context: WatchContext, { window, threshold, description, actions }: Omit<SpendAlarmProps, 'meters'>,
): CfnAlarm {
  const metric = budgetMetric(context, MetricName.SPENT);
  return new CfnAlarm(scope, id, {
    ...burnRateProps({ threshold, description, actions }),
    // Between two counts there is a minute or two without a datapoint: that is no end of the spending.
    treatMissingData: 'ignore',
    ...metric,
    dimensions: [...metric.dimensions, { name: Dimension.WINDOW, value: String(window.toMinutes()) }],
    statistic: 'Maximum',
    period: context.interval.toSeconds(),
  });
}

/** `$1,460.00 a month`; where months differ, without an amount. */
export function limitText({ limit, plannedLimitsUsd }: WatchContext): string {
  return plannedLimitsUsd ? 'limit of the month' : `${formatUsd(limit)} a month`;
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
