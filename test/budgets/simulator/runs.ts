import { between, HISTORY_MINUTES, TokenSeries } from './traffic';
import { openSince } from '../../../src/lambda/month-to-date/base';
import { BurnRateRequest, RECOUNT_HOURS } from '../../../src/lambda/month-to-date/contract';

const { ceil, floor, max } = Math;
const DAY = 1_440;
const RECOUNT_MINUTES = RECOUNT_HOURS * 60;
/** ListMetrics lists a metric with data of the last three hours. */
const LISTED_FOR_MINUTES = 180;
/** A new metric takes up to 15 minutes to appear in the list: here, always as long. */
const LISTED_AFTER_MINUTES = 15;

export interface Play {
  /** The minutes between two runs of the function. */
  readonly everyMinutes: number;
  /** The minute of the month's first run. Default: 0 */
  readonly firstRun?: number;
  /** A time at which the function recounts, and every 24 hours before and after. Default: 0 */
  readonly recountsAt?: number;
  /** The delay of metric data in minutes. */
  readonly delayMinutes: number;
  /** The additional delay until a new metric is listed. Default: 15 */
  readonly listedAfterMinutes?: number;
  /** The simulated minutes since the start of the month. */
  readonly minutes: number;
}

/** A run of the function. */
export interface CountRun {
  /** Minutes since the month began. */
  readonly minute: number;
  readonly isRecount: boolean;
}

/** The runs of the month, after the last recount before them, which may be in the previous month. */
export function runsOf({ everyMinutes, firstRun = 0, recountsAt = 0, minutes }: Play): readonly [CountRun, ...CountRun[]] {
  let last = recountsAt - DAY * ceil((recountsAt + 1) / DAY);
  const runs: [CountRun, ...CountRun[]] = [{ minute: last, isRecount: true }];
  for (let minute = firstRun; minute < minutes; minute += everyMinutes) {
    const isRecount = minute >= last + RECOUNT_MINUTES;
    if (isRecount) last = minute;
    runs.push({ minute, isRecount });
  }
  return runs;
}

/**
 * The minute up to which each run counts a series. A recount counts all data that CloudWatch has. Another run does so if CloudWatch lists
 * the series as active, or if a run since the last recount has seen data of the hours that have been open since then.
 *
 * @see ../../../src/lambda/month-to-date/cloudwatch-counts.ts
 */
export function countedUntil(
  { before }: TokenSeries, runs: readonly CountRun[], burnRates: readonly BurnRateRequest[],
  { delayMinutes, listedAfterMinutes = LISTED_AFTER_MINUTES }: Pick<Play, 'delayMinutes' | 'listedAfterMinutes'>,
): Float64Array {
  const longest = max(0, ...burnRates.flatMap(({ windows }) => windows.map(({ minutes }) => minutes)));
  let [counted, open, wasActive] = [-HISTORY_MINUTES, 0, false];
  return Float64Array.from(runs, ({ minute, isRecount }) => {
    const known = minute - delayMinutes;
    const isListed = between(before, known - LISTED_FOR_MINUTES, known - listedAfterMinutes) > 0;
    if (isRecount) open = 60 * floor(openSince(minute * 60, longest * 60) / 3_600);
    const isRead = isRecount || wasActive || isListed;
    wasActive = (wasActive && !isRecount) || (isRead && between(before, open, known) > 0);
    // No data is missed of a series without newer data.
    if (isRead || between(before, counted, known) === 0) counted = known;
    return counted;
  });
}
