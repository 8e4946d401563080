import { MetricRef } from './template-alarms';
import { HISTORY_MINUTES, Traffic } from './traffic';
import { MetricName } from '../../../src/lambda/month-to-date/contract';
import { historyStart, monthToDate, restOfMonth } from '../../../src/lambda/month-to-date/forecast';

const { ceil, max } = Math;

export interface Play {
  /** How often the function runs. */
  readonly everyMinutes: number;
  /** How late metric data is. */
  readonly delayMinutes: number;
  /** For how long, from the month's beginning on. */
  readonly minutes: number;
}

/** What was published of a metric at each run, from the month's beginning on; undefined for one that is not simulated. */
export type Published = (ref: Pick<MetricRef, 'metricName' | 'dimensions'>) => Float64Array | undefined;

/** Plays the function that counts: each metric when it is asked for, and once. */
export function playFunction(traffic: Traffic, play: Play): Published {
  const spent = new Map<string, Float64Array>();
  let month: ReturnType<typeof playMonthToDate> | undefined;
  return ({ metricName, dimensions }) => {
    const [isKnown, window] = /^Budget=[^,]*(?:,Window=(\d+))?$/.exec(dimensions) ?? [];
    if (isKnown === undefined || (metricName === MetricName.SPENT) !== (window !== undefined)) return undefined;
    if (window === undefined) return (month ??= playMonthToDate(traffic, play)).get(metricName);
    if (!spent.has(window)) spent.set(window, playSpent(traffic, play, Number(window)));
    return spent.get(window);
  };
}

/**
 * What is published of the month, by the names of the metrics: at every run the function reads what CloudWatch knows by
 * then, hour by hour.
 */
export function playMonthToDate(traffic: Traffic, { everyMinutes, delayMinutes, minutes }: Play): ReadonlyMap<string, Float64Array> {
  const runs = ceil(minutes / everyMinutes);
  const [spent, forecast] = [new Float64Array(runs), new Float64Array(runs)];
  const hours = new Map<number, number>();
  let complete = -HISTORY_MINUTES;
  for (let run = 0; run < runs; run++) {
    const visible = run * everyMinutes - delayMinutes;
    for (let hour = complete; hour < visible; hour += 60) {
      const usd = traffic.usd(hour, hour + 60 < visible ? hour + 60 : visible);
      if (usd > 0) hours.set(traffic.month.start + hour * 60, usd);
      if (hour + 60 <= visible) complete = hour + 60;
    }
    const now = traffic.month.start + run * everyMinutes * 60;
    const start = historyStart(now);
    // In the order of time, as they were added.
    for (const hour of hours.keys()) {
      if (hour >= start) break;
      hours.delete(hour);
    }
    spent[run] = monthToDate(hours, now);
    forecast[run] = spent[run] + restOfMonth(hours, now);
  }
  const limit = new Float64Array(runs).fill(traffic.limitUsd);
  return new Map([[MetricName.MONTH_TO_DATE, spent], [MetricName.FORECAST, forecast], [MetricName.LIMIT, limit]]);
}

/** What was spent within the last minutes before each run, by five minutes that begin within them, as far as CloudWatch knows. */
export function playSpent(traffic: Traffic, { everyMinutes, delayMinutes, minutes }: Play, windowMinutes: number): Float64Array {
  return new Float64Array(ceil(minutes / everyMinutes)).map((_, run) => {
    const now = run * everyMinutes;
    return traffic.usd(max(5 * ceil((now - windowMinutes) / 5), -HISTORY_MINUTES), now - delayMinutes);
  });
}
