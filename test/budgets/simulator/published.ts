import { HISTORY_MINUTES, Traffic } from './traffic';
import { historyStart, monthToDate, restOfMonth } from '../../../src/handlers/month-to-date/forecast';
import { MetricName } from '../../../src/handlers/month-to-date.contract';

export interface Published {
  /** How often. */
  readonly everyMinutes: number;
  /** By the name of the metric, what was published at each run, from the month's beginning on. */
  readonly values: ReadonlyMap<string, Float64Array>;
}

export interface Play {
  readonly everyMinutes: number;
  /** How late metric data is. */
  readonly delayMinutes: number;
  /** For how long, from the month's beginning on. */
  readonly minutes: number;
}

/**
 * Plays the function that publishes the spend and the forecast: at every run it reads what CloudWatch knows by then, hour
 * by hour.
 */
export function playMonthToDate(traffic: Traffic, { everyMinutes, delayMinutes, minutes }: Play): Published {
  const runs = Math.ceil(minutes / everyMinutes);
  const [spent, forecast] = [new Float64Array(runs), new Float64Array(runs)];
  const hours = new Map<number, number>();
  let complete = -HISTORY_MINUTES;
  for (let run = 0; run < runs; run++) {
    const visible = run * everyMinutes - delayMinutes;
    for (let hour = complete; hour < visible; hour += 60) {
      const usd = traffic.usd(hour, Math.min(hour + 60, visible));
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
  return { everyMinutes, values: new Map([[MetricName.MONTH_TO_DATE, spent], [MetricName.FORECAST, forecast], [MetricName.LIMIT, limit]]) };
}
