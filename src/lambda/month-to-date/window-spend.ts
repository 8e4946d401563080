import type { CloudWatch } from '@aws-sdk/client-cloudwatch';
import { MonthToDateRequest, TokenMeter } from './contract';
import { readCounts } from './counts';
import { Points } from './metrics';
import { Part, windowOf } from './parts';
import { minuteOf } from './spend';
import { tokenCounts, usdOf } from './token-spend';
import { Decimal, sum } from '../../pricing/decimal';

/** The cost of tokens and images within the last minutes. */
export interface WindowSpend {
  readonly minutes: number;
  readonly part: Decimal;
  /** Of the whole budget, in the function that adds it all up. */
  readonly total?: Decimal;
}

/** By the minute CloudWatch keeps what it has counted for 15 days only, and by the five minutes for 63. */
const PERIOD = 300;

/** For each window that the request asks for. Without one, CloudWatch is not asked. */
export async function readWindows(request: MonthToDateRequest, now: number, cloudWatch: CloudWatch, parts: readonly Part[]): Promise<WindowSpend[]> {
  // What was scheduled by an older version of the construct does not have them.
  const { onDemand, total, windowsMinutes = [] } = request;
  if (windowsMinutes.length === 0) return [];
  const first = startOf(Math.max(...windowsMinutes), now);
  const tokens = await readCounts(cloudWatch, onDemand.map((meter) => tokenCounts(meter, PERIOD)), first - (first % PERIOD), minuteOf(now) + 60);
  return windowsMinutes.map((minutes) => {
    const part = sum(onDemand.map((meter, m) => usdSince(startOf(minutes, now), meter, tokens[m])));
    return { minutes, part, ...(total ? { total: part.plus(windowOf(parts, minutes, now)) } : {}) };
  });
}

function startOf(minutes: number, now: number): number {
  return now - minutes * 60;
}

/**
 * Of all periods that begin then or later, the one that is not over among them. One that a window begins in the midst of is
 * left out: a window holds up to 5 minutes less than it is long, and never more.
 */
function usdSince(start: number, meter: TokenMeter, tokens: readonly Points[]): Decimal {
  return usdOf(meter, tokens.map((points) => {
    let count = 0;
    for (const [time, value] of points) if (time >= start) count += value;
    return count;
  }));
}
