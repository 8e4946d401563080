import { Base, openSince, requestId } from './base';
import { StackRequest } from './contract';
import { firstUse, HourlyAmounts, hourOf, monthOf, recurringWeek, weekStart } from './forecast';
import { Points } from './metrics';
import { lastUseOf } from './throughput-spend';
import { hourlyUsd, usdOf } from './token-spend';
import { toText } from '../../pricing/decimal';

const HOURS_OF_WEEK = 168;
/** Decimal places of an hour's recurring cost. Further digits are rounding errors, since prices of single tokens have no more. */
const DIGITS = 10;

/**
 * The base of a full recount.
 *
 * @param tokens tokens by hour, for each price of each token meter
 * @param processed tokens and images by hour, for each throughput
 * @param longestWindow the longest window, in seconds
 */
export function baseOf(
  request: StackRequest, tokens: readonly (readonly Points[])[], processed: readonly (readonly Points[])[], at: number, longestWindow: number,
): Base {
  const until = hourOf(openSince(at, longestWindow));
  const { start } = monthOf(until);
  const hourly = request.onDemand.map((meter, i) => hourlyUsd(meter, tokens[i]));
  const weeks = hourly.map((hours) => recurringWeek(hours, weekStart(at)));
  return {
    request: requestId(request),
    at,
    until,
    closedUsd: request.onDemand.map((meter, i) => toText(usdOf(meter, tokens[i].map((hours) => countBetween(hours, start, until))))),
    weeks: request.budgets.map(({ onDemand }) => Array.from({ length: HOURS_OF_WEEK }, (_, hour) => (
      Number(onDemand.reduce((usd, meter) => usd + weeks[meter][hour], 0).toFixed(DIGITS))))),
    firstUse: hourly.map((hours) => { const first = firstUse(hours); return Number.isFinite(first) ? first : 0; }),
    lastUse: processed.map(lastUseOf),
  };
}

function countBetween(hours: HourlyAmounts, start: number, end: number): number {
  let total = 0;
  for (const [hour, count] of hours) if (hour >= start && hour < end) total += count;
  return total;
}
