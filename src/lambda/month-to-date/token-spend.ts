import { TokenMeter } from './contract';
import { Count, countOf } from './counts';
import { HOUR, HourlyAmounts, monthToDate, restOfMonth } from './forecast';
import { meterOf, roughly, Spend } from './spend';
import { Decimal, decimal, MILLION, sum } from '../../pricing/decimal';

/** The counts to read from CloudWatch, one for each price. */
export function tokenCounts({ modelId, otherModelIds = [], prices }: TokenMeter, period = HOUR): Count[] {
  return prices.map(({ metric }) => countOf(metric, [modelId, ...otherModelIds].map((id) => [id]), period));
}

/** The cost of counts by kind. Whole numbers of tokens are added before, which is exact, and only then multiplied. */
export function usdOf({ prices }: TokenMeter, counts: readonly number[]): Decimal {
  return sum(prices.map(({ usdPerMillion }, i) => decimal(counts[i]).times(decimal(usdPerMillion)).div(MILLION)));
}

/** @param tokens by the hour, in the order of the prices */
export function tokenSpend(meter: TokenMeter, tokens: readonly HourlyAmounts[], at: number): Spend {
  const { resource, model } = meter;
  return {
    resource,
    model,
    meter: meterOf.tokens(meter),
    monthToDate: usdOf(meter, tokens.map((hours) => monthToDate(hours, at))),
    restOfMonth: roughly(restOfMonth(hourlyUsd(meter, tokens), at)),
  };
}

/** All kinds of tokens together, for the forecast alone: a day is a runaway or not by what it cost. */
function hourlyUsd({ prices }: TokenMeter, tokens: readonly HourlyAmounts[]): HourlyAmounts {
  const usd = new Map<number, number>();
  prices.forEach(({ usdPerMillion }, i) => {
    for (const [hour, count] of tokens[i]) usd.set(hour, (usd.get(hour) ?? 0) + count * Number(usdPerMillion) / 1e6);
  });
  return usd;
}
