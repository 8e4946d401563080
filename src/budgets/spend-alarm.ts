import { Lazy } from 'aws-cdk-lib';
import { CfnAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { CostEntry, TokenMetrics } from '../estimates/registry';
import { Decimal, decimal } from '../pricing/decimal';
import { formatUsd } from '../pricing/format';

/** CloudWatch accepts so many metrics in one math alarm. */
const MAX_METRICS = 10;
const DAY_SECONDS = 86_400;

/** An entry whose tokens CloudWatch counts. */
export type MeteredEntry = CostEntry & { readonly tokenMetrics: TokenMetrics };

export function isMetered(entry: CostEntry): entry is MeteredEntry {
  return entry.tokenMetrics !== undefined;
}

export interface SpendAlarmProps {
  readonly topicArn: string;
  /** Whose tokens it adds up; may grow until synth, within `hasRoomFor`. */
  readonly entries: readonly MeteredEntry[];
  /** Dollars in 24 hours above which it fires; computed at synth. */
  readonly threshold: () => Decimal;
  /** Why it fired, for the one who is woken; computed at synth. */
  readonly description: () => string;
}

/**
 * The spend of the last 24 hours, as an alarm: each token metric times its price, compared with dollars.
 *
 * The lowest level of CDK is used since what is watched is only known at synth, and none of its checks work on values
 * that are; the limits of CloudWatch are kept by `hasRoomFor`.
 */
export function spendAlarm(scope: Construct, id: string, { topicArn, entries, threshold, description }: SpendAlarmProps): CfnAlarm {
  return new CfnAlarm(scope, id, {
    alarmDescription: Lazy.string({ produce: description }),
    comparisonOperator: 'GreaterThanThreshold',
    threshold: Lazy.number({ produce: () => Number(threshold().toFixed(2)) }),
    evaluationPeriods: 1,
    treatMissingData: 'notBreaching',
    alarmActions: [topicArn],
    metrics: Lazy.any({ produce: () => metricQueries(entries) }),
  });
}

/** Whether the metrics of another entry fit into an alarm. */
export function hasRoomFor(entries: readonly MeteredEntry[], another: MeteredEntry): boolean {
  return [...entries, another].reduce((count, { tokenMetrics }) => count + tokenMetrics.prices.length, 0) <= MAX_METRICS;
}

/** `(r0m0 * 3.3 + r0m1 * 16.5) / 1000000`: prices per million tokens as the price book writes them, never with an exponent. */
function metricQueries(entries: readonly MeteredEntry[]): CfnAlarm.MetricDataQueryProperty[] {
  const terms = entries.flatMap(({ tokenMetrics }, r) => tokenMetrics.prices.map(({ metricName, usdPerMillion }, m) => ({
    id: `r${r}m${m}`,
    usdPerMillion,
    metric: { namespace: 'AWS/Bedrock', metricName, dimensions: [{ name: 'ModelId', value: tokenMetrics.modelId }] },
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

/** What a day may cost before somebody should look: so many times an even share of what the month has left for tokens. */
export function dailyThreshold(monthlyForTokens: Decimal, hoursPerMonth: number, factor: number): Decimal {
  return monthlyForTokens.times(decimal(24)).times(decimal(factor)).div(decimal(hoursPerMonth));
}

export function spendDescription(path: string, threshold: Decimal, limit: Decimal, factor: number, entries: readonly MeteredEntry[]): string {
  const shared = entries.filter(({ tokenMetrics }) => tokenMetrics.shared).map(({ model }) => model);
  return [
    `Bedrock tokens of the last 24 hours cost more than ${formatUsd(threshold.toFixed(2))}: ${factor} times the daily pace`,
    `of the ${formatUsd(limit)} a month of ${path}. Watches ${entries.map(({ construct }) => construct.node.path).join(', ')}.`,
    ...(shared.length > 0 ? [`Counts every call of ${[...new Set(shared)].join(', ')} in this account and region.`] : []),
  ].join(' ').slice(0, 1024);
}
