import { HOUR, HourlyAmounts, monthToDate, restOfMonth } from './forecast';
import { meterOf, roughly, Spend } from './spend';
import { Decimal, decimal, sum } from '../../pricing/decimal';
import { TokenMeter } from '../month-to-date.contract';
import type { Series } from './metrics';

const MILLION = decimal(1_000_000);

/** What CloudWatch is asked for: a series for each price. */
export function tokenSeries({ modelId, prices }: TokenMeter, period = HOUR): Series[] {
  return prices.map(({ metricName }) => ({ namespace: 'AWS/Bedrock', metricName, dimensions: { ModelId: modelId }, stat: 'Sum', period }));
}

/** What so many of each kind cost. Whole numbers of tokens are added before, which is exact, and only then multiplied. */
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
