import { Duration } from 'aws-cdk-lib';
import { CfnAlarm, CfnAlarmProps } from 'aws-cdk-lib/aws-cloudwatch';
import { BudgetScope } from './budget-scope';
import { plainName } from './names';
import { Limit } from '../../aws/limits';
import { Dimension, MetricName, NAMESPACE } from '../../lambda/month-to-date/contract';
import { Decimal, decimal, percentOf } from '../../pricing/decimal';
import { formatUsd } from '../../pricing/format';
import { BurnRate } from '../burn-rate';

/** The decimals of a threshold: an hour of a small budget is a fraction of a cent. */
const THRESHOLD_DIGITS = 4;
const SMALLEST_THRESHOLD = '0.0001';

export type BudgetMetricName = (typeof MetricName)[keyof typeof MetricName];

/** A metric as an alarm names it. */
export type AlarmMetric = Required<Pick<CfnAlarm.MetricProperty, 'namespace' | 'metricName'>> & { readonly dimensions: CfnAlarm.DimensionProperty[] };

/** A metric of the whole budget. */
export function budgetMetric({ name }: BudgetScope, metricName: BudgetMetricName): AlarmMetric {
  return { namespace: NAMESPACE, metricName, dimensions: [{ name: Dimension.BUDGET, value: name }] };
}

/** A metric of one resource that the month-to-date function publishes. Between two counts, the last value is valid. */
export function resourceMetric(
  { name, settings: { interval } }: BudgetScope, metricName: BudgetMetricName, path: string,
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

/** Renders the limit: `$1,460.00 a month`, or no amount if the limit differs from month to month. */
export function limitText({ settings: { limit, plannedLimitsUsd } }: BudgetScope): string {
  return plannedLimitsUsd ? 'limit of the month' : `${formatUsd(limit)} a month`;
}

/**
 * The part of an alarm that compares a metric of the budget with a percentage of the limit. The month-to-date cost alarms at
 * percentages below 100 when it reaches them, otherwise when it exceeds them.
 */
export function shareOfLimit(
  scope: BudgetScope, metricName: BudgetMetricName, percent: number,
): Pick<CfnAlarmProps, 'threshold' | 'metrics' | 'metricName' | 'namespace' | 'dimensions' | 'statistic' | 'period' | 'treatMissingData'>
  & Required<Pick<CfnAlarmProps, 'comparisonOperator'>> {
  const { interval, limit, plannedLimitsUsd } = scope.settings;
  const period = interval.toSeconds();
  const common = {
    comparisonOperator: metricName === MetricName.MONTH_TO_DATE && percent < 100 ? 'GreaterThanOrEqualToThreshold' : 'GreaterThanThreshold',
    // Between two counts, the last value is valid.
    treatMissingData: 'ignore',
  };
  if (plannedLimitsUsd === undefined) {
    return { ...common, threshold: Number(roundedDollars(percentOf(decimal(percent), limit))), ...budgetMetric(scope, metricName), statistic: 'Maximum', period };
  }
  // If the limit differs from month to month, alarms compare with the limit that the function publishes.
  const stat = (id: string, name: BudgetMetricName): CfnAlarm.MetricDataQueryProperty =>
    ({ id, returnData: false, metricStat: { metric: budgetMetric(scope, name), period, stat: 'Maximum' } });
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

/** The threshold of a window of a burn rate in US dollars: the even share of the month's limit for tokens, times the factor. */
export function burnThreshold(scope: BudgetScope, { factor }: BurnRate, window: Duration): string {
  const minutesOfMonth = decimal(scope.hoursPerMonth()).times(decimal(60));
  return roundedDollars(scope.tokenAllowance().times(decimal(factor)).times(decimal(window.toMinutes())).div(minutesOfMonth));
}

/** Rounds a threshold, never to 0: an alarm at 0 would fire on the first token. */
export function roundedDollars(amount: Decimal): string {
  const rounded = amount.toFixed(THRESHOLD_DIGITS);
  return Number(rounded) > 0 ? rounded : SMALLEST_THRESHOLD;
}

/** A description that CloudWatch accepts. */
export function shorten(description: string): string {
  return description.length <= Limit.ALARM_DESCRIPTION ? description : `${description.slice(0, Limit.ALARM_DESCRIPTION - 4)} ...`;
}
