import { TokenMeter } from './contract';
import { Count, countOf } from './counts';
import { HourlyAmounts, monthOf, monthToDate, restOfMonth } from './forecast';
import { meterOf, roughly, Spend } from './spend';
import { Decimal, decimal, MILLION, sum } from '../../pricing/decimal';

/** The counts to read from CloudWatch, one for each price. */
export function tokenCounts({ modelId, otherModelIds = [], prices }: TokenMeter): Count[] {
  return prices.map(({ metric }) => countOf(metric, [modelId, ...otherModelIds].map((id) => [id])));
}

/** The cost of counts by kind. Whole numbers of tokens are added before, which is exact, and only then multiplied. */
export function usdOf({ prices }: TokenMeter, counts: readonly number[]): Decimal {
  return sum(prices.map(({ usdPerMillion }, i) => decimal(counts[i]).times(decimal(usdPerMillion)).div(MILLION)));
}

/** The cost of a month up to an hour, of which the hours are not read again. */
export interface Closed {
  readonly until: number;
  /** Exact, in the month of `until`. */
  readonly usd: string;
}

/**
 * @param tokens by the hour, in the order of the prices; those that are not closed
 * @param closed left out when all hours are read; without it there is a forecast
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

/** All kinds of tokens together, for the forecast alone: a day is a runaway or not by what it cost. */
export function hourlyUsd({ prices }: TokenMeter, tokens: readonly HourlyAmounts[]): HourlyAmounts {
  const usd = new Map<number, number>();
  prices.forEach(({ usdPerMillion }, i) => {
    for (const [hour, count] of tokens[i]) usd.set(hour, (usd.get(hour) ?? 0) + count * Number(usdPerMillion) / 1e6);
  });
  return usd;
}
