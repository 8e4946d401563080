import { Duration } from 'aws-cdk-lib';
import { formatUsd } from '../../pricing/format';
import { BurnRate, describeBurnRate, describeLast } from '../burn-rate';
import { burnThreshold } from '../scope/budget-metrics';
import { BudgetScope } from '../scope/budget-scope';
import { Meter } from '../scope/meter';

/** The description of an alarm on one window of a burn rate. */
export function describeWindow(scope: BudgetScope, rate: BurnRate, window: Duration, meters: readonly Meter[]): string {
  return [
    `Amazon Bedrock has cost more than ${formatUsd(burnThreshold(scope, rate, window))} in the ${describeLast(window)}, `
    + `a burn rate of more than ${rate.factor} for ${limitText(scope)}.`,
    `At this rate, ${consequence(scope, rate)}.`,
    ...basis(meters),
    monitored(meters),
  ].join(' ');
}

/** The description of an alarm on all windows of a burn rate. */
export function describeRate(scope: BudgetScope, rate: BurnRate, meters: readonly Meter[]): string {
  return [
    `The burn rate of Amazon Bedrock is more than ${describeBurnRate(rate)}, for ${limitText(scope)}.`,
    `At this rate, ${consequence(scope, rate)}.`,
    ...basis(meters),
    monitored(meters),
  ].join(' ');
}

/** The description of an alarm on all burn rates of a budget. */
export function describeRates(scope: BudgetScope, meters: readonly Meter[]): string {
  const { burnRates, interval } = scope.settings;
  const rates = burnRates.map((rate) => `more than ${describeBurnRate(rate)}, at which ${consequence(scope, rate)}`);
  return [
    `The burn rate of Amazon Bedrock is too high for ${limitText(scope)}: ${rates.join('; or ')}.`,
    `Counted every ${interval.toMinutes()} minutes.`,
    ...basis(meters),
    monitored([]),
  ].join(' ');
}

/** Renders a clause: `the budget of the month is spent in 60 hours`. */
function consequence(scope: BudgetScope, { factor }: BurnRate): string {
  const hours = Math.floor(scope.hoursPerMonth() / factor);
  return `the budget of the month is spent in ${hours < 72 ? `${hours} hours` : `${Math.floor(hours / 24)} days`}`;
}

/** Sentences about meters with unknown, special or shared prices and counts. */
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

/** @param meters the meters of the alarm; empty if it monitors all that the budget covers */
function monitored(meters: readonly Meter[]): string {
  return `Monitors ${meters.length > 0 ? meters.map(({ resource }) => resource).join(', ') : 'all that the budget covers'}.`;
}

function limitText(scope: BudgetScope): string {
  const { path, settings: { limit } } = scope;
  const allowance = scope.tokenAllowance();
  const left = allowance.cmp(limit) < 0 ? `, which leaves ${formatUsd(allowance)} for tokens` : '';
  return `the limit of ${formatUsd(limit)} a month of ${path}${left}`;
}
