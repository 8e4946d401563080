import { Lazy } from 'aws-cdk-lib';
import { CfnAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { Meter } from './meter';
import { Decimal } from '../pricing/decimal';
import { formatUsd } from '../pricing/format';

/** CloudWatch accepts so many metrics in one math alarm. */
export const MAX_METRICS = 10;
const DAY_SECONDS = 86_400;
const MAX_DESCRIPTION = 1024;

export interface SpendAlarmProps {
  readonly topicArn: string;
  /** Whose tokens it adds up; may grow until synth. */
  readonly meters: readonly Meter[];
  /** Dollars in 24 hours above which it fires; computed at synth. */
  readonly threshold: () => Decimal;
  /** Why it fired, for the one who is woken; computed at synth. */
  readonly description: () => string;
}

/**
 * The spend of the last 24 hours, as an alarm: each token metric times its price, compared with dollars.
 *
 * The lowest level of CDK is used since what is watched is only known at synth, and none of its checks work on values
 * that are; the limits of CloudWatch are kept by the caller (`MAX_METRICS`).
 */
export function spendAlarm(scope: Construct, id: string, { topicArn, meters, threshold, description }: SpendAlarmProps): CfnAlarm {
  return new CfnAlarm(scope, id, {
    alarmDescription: Lazy.string({ produce: description }),
    comparisonOperator: 'GreaterThanThreshold',
    threshold: Lazy.number({ produce: () => Number(roundedDollars(threshold())) }),
    evaluationPeriods: 1,
    treatMissingData: 'notBreaching',
    alarmActions: [topicArn],
    metrics: Lazy.any({ produce: () => metricQueries(meters) }),
  });
}

/** `(FILL(r0m0, 0) * 3.3 + FILL(r0m1, 0) * 16.5) / 1000000`: prices per million tokens as the price book writes them. */
function metricQueries(meters: readonly Meter[]): CfnAlarm.MetricDataQueryProperty[] {
  const terms = meters.flatMap(({ modelId, terms: ofMeter }, r) => ofMeter.map(({ metricName, usdPerMillion }, m) => ({
    id: `r${r}m${m}`,
    usdPerMillion,
    metric: { namespace: 'AWS/Bedrock', metricName, dimensions: [{ name: 'ModelId', value: modelId }] },
  })));
  return [
    {
      id: 'spend',
      label: 'US dollars in the last 24 hours',
      expression: `(${terms.map(({ id, usdPerMillion }) => `FILL(${id}, 0) * ${usdPerMillion}`).join(' + ')}) / 1000000`,
      returnData: true,
    },
    ...terms.map(({ id, metric }) => ({ id, metricStat: { metric, period: DAY_SECONDS, stat: 'Sum' }, returnData: false })),
  ];
}

/** To the cent, but never 0: an alarm at 0 would fire on the first token. */
function roundedDollars(amount: Decimal): string {
  const cents = amount.toFixed(2);
  return Number(cents) > 0 ? cents : '0.01';
}

export function spendDescription(path: string, threshold: Decimal, limit: Decimal, factor: number, meters: readonly Meter[]): string {
  const shared = meters.filter((meter) => meter.shared).map(({ modelId }) => modelId);
  const basis = [...new Set(meters.flatMap(({ entries }) => entries.flatMap(({ tokenMetrics }) => tokenMetrics.priceBasis ?? [])))];
  return [
    `Bedrock tokens of the last 24 hours cost more than ${formatUsd(roundedDollars(threshold))}: ${factor} times the daily pace`,
    `of the ${formatUsd(limit)} a month of ${path}.`,
    ...(basis.length > 0 ? [`Priced with ${basis.join(', ')}.`] : []),
    ...(shared.length > 0 ? [`Counts every call of ${shared.join(', ')} in this account and region.`] : []),
    `Watches ${meters.flatMap(({ entries }) => entries.map(({ construct }) => construct.node.path)).join(', ')}.`,
  ].join(' ').slice(0, MAX_DESCRIPTION);
}
