import { Duration } from 'aws-cdk-lib';
import { formatUsd } from '../../pricing/format';
import { BurnRate, describeBurnRate, describeLast } from '../burn-rate';
import { burnThreshold } from '../scope/budget-metrics';
import { BudgetScope } from '../scope/budget-scope';
import { Meter } from '../scope/meter';

/** The description of an alarm on one window of a burn rate. */
export function describeWindow(scope: BudgetScope, rate: BurnRate, window: Duration, meters: readonly Meter[]): string {
  return [
    `Bedrock use of the ${describeLast(window)} costs more than ${formatUsd(burnThreshold(scope, rate, window))}: `
    + `${rate.factor} times the even pace of ${limitText(scope)}.`,
    `At that pace ${consequence(scope, rate)}.`,
    ...basis(meters),
    watched(meters),
  ].join(' ');
}

/** The description of an alarm on all windows of a burn rate. */
export function describeRate(scope: BudgetScope, rate: BurnRate, meters: readonly Meter[]): string {
  return [`Bedrock use over the last ${describeBurnRate(rate)} of ${limitText(scope)}.`, `At that pace ${consequence(scope, rate)}.`, ...basis(meters), watched(meters)].join(' ');
}

/** The description of an alarm on all burn rates of a budget. @param meters those that it covers */
export function describeRates(scope: BudgetScope, meters: readonly Meter[]): string {
  const { burnRates, interval } = scope.settings;
  const rates = burnRates.map((rate) => `over the last ${describeBurnRate(rate)}, at which ${consequence(scope, rate)}`);
  return [
    `Bedrock use costs more than a burn rate of ${limitText(scope)} allows: ${rates.join(', or ')}.`,
    `Counted every ${interval.toMinutes()} minutes.`,
    ...basis(meters),
    watched([]),
  ].join(' ');
}

/** `the month's budget is gone in 60 hours` */
function consequence(scope: BudgetScope, { factor }: BurnRate): string {
  const hours = Math.floor(scope.hoursPerMonth() / factor);
  return `the month's budget is gone in ${hours < 72 ? `${hours} hours` : `${Math.floor(hours / 24)} days`}`;
}

/** What is particular about the prices and the counts of meters. */
function basis(meters: readonly Meter[]): string[] {
  const shared = meters.filter((meter) => meter.shared).map(({ modelId }) => modelId);
  const prices = [...new Set(meters.flatMap(({ entries }) => entries.flatMap(({ tokenMetrics }) => tokenMetrics.priceBasis ?? [])))];
  const unpriced = meters.filter(({ isPriced }) => !isPriced).map(({ resource }) => resource);
  return [
    ...(unpriced.length > 0 ? [`Counts ${unpriced.join(', ')} as $0, since the price is unknown.`] : []),
    ...(prices.length > 0 ? [`Priced with ${prices.join(', ')}.`] : []),
    ...(shared.length > 0 ? [`Counts every call of ${shared.join(', ')} in this account and region.`] : []),
  ];
}

/** @param meters those that the alarm counts; none for all that the budget covers */
function watched(meters: readonly Meter[]): string {
  return `Watches ${meters.length > 0 ? meters.map(({ resource }) => resource).join(', ') : 'all that the budget covers'}.`;
}

function limitText(scope: BudgetScope): string {
  const { path, settings: { limit } } = scope;
  const allowance = scope.tokenAllowance();
  const left = allowance.cmp(limit) < 0 ? `, which leaves ${formatUsd(allowance)} for tokens` : '';
  return `the ${formatUsd(limit)} a month of ${path}${left}`;
}
