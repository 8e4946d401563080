import { CountRun, countedUntil, Play, runsOf } from './runs';
import { CountedBudget, MetricRef } from './template-alarms';
import { HISTORY_MINUTES, TokenSeries, Traffic, usdOf } from './traffic';
import { MetricName } from '../../../src/lambda/month-to-date/contract';
import { firstUse, historyStart, hourOf, monthToDate, recurringWeek, restByWeek, weekStart, withNewUse } from '../../../src/lambda/month-to-date/forecast';
import { burnRatio } from '../../../src/lambda/month-to-date/window-spend';
import { decimal } from '../../../src/pricing/decimal';

const { ceil, floor, max, min } = Math;

/** The published value of a metric at each run since the start of the month; undefined for a metric that is not simulated. */
export type Published = (ref: Pick<MetricRef, 'metricName' | 'dimensions'>) => Float64Array | undefined;

/** Simulates the month-to-date function: each metric once, when it is read. @param budgets none if one budget has all of the traffic */
export function playFunction(traffic: Traffic, play: Play, budgets: readonly CountedBudget[] = []): Published {
  const counts = new Map<string, BudgetCount>();
  return ({ metricName, dimensions }) => {
    const [isKnown, name, window] = /^Budget=([^,]*)(?:,Window=(\d+))?$/.exec(dimensions) ?? [];
    const all = { meters: traffic.series.map(({ meter }) => meter), burnRates: [] };
    const budget = budgets.length > 0 ? budgets.find((one) => one.name === name) : all;
    if (isKnown === undefined || !budget || (metricName === MetricName.SPENT) !== (window !== undefined)) return undefined;
    const count = counts.get(name) ?? new BudgetCount(traffic, play, budget);
    counts.set(name, count);
    return count.published(metricName, Number(window));
  };
}

/** The counts of the function for one budget: at every run, from the data that CloudWatch has by then and the metrics that it lists as active. */
export class BudgetCount {
  private readonly runs: readonly [CountRun, ...CountRun[]];
  private readonly series: readonly TokenSeries[];
  /** The minute up to which each series is counted, by the run. */
  private readonly counted: readonly Float64Array[];
  private readonly metrics = new Map<string, Float64Array>();

  constructor(private readonly traffic: Traffic, play: Play, private readonly budget: Pick<CountedBudget, 'meters' | 'burnRates'>) {
    const names = new Set(budget.meters.map(keyOf));
    this.runs = runsOf(play);
    this.series = traffic.series.filter(({ meter }) => names.has(keyOf(meter)));
    this.counted = this.series.map((one) => countedUntil(one, this.runs, budget.burnRates, play));
  }

  published(metricName: string, windowMinutes = NaN): Float64Array | undefined {
    if (metricName === MetricName.SPENT) return this.spentWithin(windowMinutes);
    if (metricName === MetricName.BURN_RATIO) return this.burnRatio();
    if (this.metrics.size === 0) this.playMonth();
    return this.metrics.get(metricName);
  }

  /** The cost within a window that ends with the last full five minutes before each run. */
  spentWithin(windowMinutes: number): Float64Array {
    return this.atRuns(({ minute }, run) => {
      const end = 5 * floor(minute / 5);
      const until = this.until(run);
      return usdOf(this.series, max(5 * ceil((end - windowMinutes) / 5), -HISTORY_MINUTES), (i) => min(until(i), end));
    });
  }

  private burnRatio(): Float64Array | undefined {
    const { burnRates } = this.budget;
    if (burnRates.length === 0) return undefined;
    const windows = [...new Set(burnRates.flatMap((rate) => rate.windows.map(({ minutes }) => minutes)))];
    const spent = new Map(windows.map((minutes) => [minutes, this.spentWithin(minutes)]));
    return this.atRuns((_, run) => burnRatio(burnRates, (minutes) => decimal(String(spent.get(minutes)![run - 1]))).toNumber());
  }

  /** The month to date, and its forecast: between two recounts by the week that recurred at the last one, and by new use. */
  private playMonth(): void {
    const months = this.seriesByModel().map((indexes) => (
      new ModelCount(this.traffic, indexes.map((i) => this.series[i]), indexes.map((i) => this.counted[i]))));
    let [week, weekFrom, firstUses]: [number[], number, number[]] = [[], 0, []];
    const spent: number[] = [];
    const forecast: number[] = [];
    this.runs.forEach(({ minute, isRecount }, run) => {
      const now = this.traffic.month.start + minute * 60;
      for (const month of months) month.count(run, minute);
      if (isRecount) {
        weekFrom = weekStart(now);
        const weeks = months.map(({ hours }) => recurringWeek(hours, weekFrom));
        week = Array.from({ length: 168 }, (_, hour) => sum(weeks.map((one) => one[hour])));
        firstUses = months.map(({ hours }) => firstUse(hours)).map((first) => (Number.isFinite(first) ? first : 0));
      }
      const updated = withNewUse(week, weekFrom, months.map(({ hours }, i) => ({ hours, firstUse: firstUses[i] })), now);
      spent.push(sum(months.map(({ hours }) => monthToDate(hours, now))));
      forecast.push(spent[run] + restByWeek(updated, weekFrom, sum(months.map(({ hours }) => hours.get(hourOf(now)) ?? 0)), now));
    });
    this.metrics.set(MetricName.MONTH_TO_DATE, Float64Array.from(spent.slice(1)));
    this.metrics.set(MetricName.FORECAST, Float64Array.from(forecast.slice(1)));
    this.metrics.set(MetricName.LIMIT, new Float64Array(spent.length - 1).fill(this.traffic.limitUsd));
  }

  private seriesByModel(): number[][] {
    const byModel = new Map<string, number[]>();
    this.series.forEach(({ meter: { dimensions } }, i) => byModel.set(dimensions, [...byModel.get(dimensions) ?? [], i]));
    return [...byModel.values()];
  }

  /** A value of each run of the month. */
  private atRuns(valueAt: (run: CountRun, index: number) => number): Float64Array {
    return Float64Array.from(this.runs.slice(1), (run, i) => valueAt(run, i + 1));
  }

  private until(run: number): (series: number) => number {
    return (i) => this.counted[i][run];
  }
}

/** The dollars of one model by the hour, as far as they are counted. */
class ModelCount {
  readonly hours = new Map<number, number>();
  private complete = -HISTORY_MINUTES;

  constructor(
    private readonly traffic: Traffic, private readonly series: readonly TokenSeries[], private readonly counted: readonly Float64Array[],
  ) {}

  /** Counts the incomplete hours again. */
  count(run: number, minute: number): void {
    const { hours, traffic: { month } } = this;
    const until = this.counted.map((minutes) => minutes[run]);
    const last = max(...until);
    for (let hour = this.complete; hour < last; hour += 60) {
      const usd = usdOf(this.series, hour, (i) => min(hour + 60, until[i]));
      if (usd > 0) hours.set(month.start + hour * 60, usd);
    }
    this.complete = max(this.complete, 60 * floor(min(...until) / 60));
    const start = historyStart(month.start + minute * 60);
    // In the order of time, as they were added; an hour without use may be missing.
    for (const hour of hours.keys()) {
      if (hour >= start) break;
      hours.delete(hour);
    }
  }
}

function keyOf({ metricName, dimensions }: Pick<MetricRef, 'metricName' | 'dimensions'>): string {
  return `${metricName}|${dimensions}`;
}

function sum(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0);
}
