import { TokenMeter } from './contract';
import { Count, countOf } from './counts';
import { HourlyAmounts, monthOf, monthToDate, restOfMonth } from './forecast';
import { meterOf, roughly, Spend } from './spend';
import { Decimal, decimal, MILLION, sum } from '../../pricing/decimal';

/** The counts to read from CloudWatch, one for each price. */
export function tokenCounts({ modelId, otherModelIds = [], prices }: TokenMeter): Count[] {
  return prices.map(({ metric }) => countOf(metric, [modelId, ...otherModelIds].map((id) => [id])));
}

/** The cost of counts by kind. Whole numbers of tokens are added first, which is exact, and then multiplied. */
export function usdOf({ prices }: TokenMeter, counts: readonly number[]): Decimal {
  return sum(prices.map(({ usdPerMillion }, i) => decimal(counts[i]).times(decimal(usdPerMillion)).div(MILLION)));
}

/** The cost of a month up to an hour, whose hours are not read again. */
export interface Closed {
  readonly until: number;
  /** The exact cost in the month of `until`. */
  readonly usd: string;
}

/**
 * @param tokens the tokens of open hours, in the order of the prices
 * @param closed the cost of closed hours; left out if all hours are read, which includes a forecast
 */
export function tokenSpend(meter: TokenMeter, tokens: readonly HourlyAmounts[], at: number, closed?: Closed): Spend {
  const { resource, model } = meter;
  const open = usdOf(meter, tokens.map((hours) => monthToDate(hours, at)));
  return {
    resource,
    model,
    meter: meterOf.tokens(meter),
    monthToDate: closed && monthOf(closed.until).name === monthOf(at).name ? open.plus(decimal(closed.usd)) : open,
    restOfMonth: closed ? undefined : roughly(restOfMonth(hourlyUsd(meter, tokens), at)),
  };
}

/** The hourly cost of all kinds of tokens, for the forecast, which compares days by their cost. */
export function hourlyUsd({ prices }: TokenMeter, tokens: readonly HourlyAmounts[]): HourlyAmounts {
  const usd = new Map<number, number>();
  prices.forEach(({ usdPerMillion }, i) => {
    for (const [hour, count] of tokens[i]) usd.set(hour, (usd.get(hour) ?? 0) + count * Number(usdPerMillion) / 1e6);
  });
  return usd;
}
