import { paged } from './parameters';

/** A point of a metric, published by a function or counted by AWS. Times are ISO 8601 to the minute or second. */
export interface Point {
  readonly region: string;
  readonly namespace: string;
  readonly metricName: string;
  readonly dimensions: { readonly [name: string]: string };
  readonly time: string;
  readonly value: number;
}

/** The most metrics on a page of ListMetrics, and the seconds for which it lists a metric as active. */
const LISTED_ON_A_PAGE = 500;
const ACTIVE_SECONDS = 3 * 3600;

/**
 * The metrics of Amazon CloudWatch. Keeps published data and returns it by period and statistic. ListMetrics lists only
 * metrics that were active in the last three hours: callers must not rely on it for longer.
 */
export class Metrics {
  public points: Point[] = [];
  /** The maximum number of points of each series on a page. */
  public pageSize = Infinity;
  /** The time that a datapoint takes to appear in ListMetrics. */
  public listDelaySeconds = 0;

  /** @param now the present, in milliseconds since 1970 */
  constructor(private readonly now: () => number) {}

  public reset(): void {
    Object.assign(this, { points: [], pageSize: Infinity, listDelaySeconds: 0 });
  }

  public perform(operation: string, input: any, region: string): object | undefined {
    switch (operation) {
      case 'PutMetricData': return this.put(input, region);
      case 'GetMetricData': return this.get(input, region);
      case 'ListMetrics': return this.list(input, region);
      default: return undefined;
    }
  }

  private put({ Namespace: namespace, MetricData }: any, region: string): object {
    this.points.push(...MetricData.map(({ MetricName: metricName, Dimensions, Timestamp, Value: value }: any): Point => ({
      region, namespace, metricName, dimensions: byName(Dimensions), time: new Date(Timestamp * 1000).toISOString().replace('.000Z', 'Z'), value,
    })));
    return {};
  }

  private get({ MetricDataQueries, StartTime, EndTime, NextToken }: any, region: string): object {
    const series = this.series(region);
    const results = MetricDataQueries.map(({ Id, MetricStat: { Metric, Period, Stat } }: any) => {
      const periods = new Map<number, number>();
      for (const point of series.get(keyOf(Metric.Namespace, Metric.MetricName, byName(Metric.Dimensions))) ?? []) {
        const seconds = Date.parse(point.time) / 1000;
        if (seconds < StartTime || seconds >= EndTime) continue;
        const period = seconds - (seconds % Period);
        const before = periods.get(period);
        periods.set(period, before === undefined ? point.value : Stat === 'Sum' ? before + point.value : Math.max(before, point.value));
      }
      return { Id, entries: [...periods].sort(([a], [b]) => a - b) };
    });
    const from = Number(NextToken ?? 0);
    const to = from + this.pageSize;
    const isLast = results.every(({ entries }: any) => entries.length <= to);
    return {
      MetricDataResults: results.map(({ Id, entries }: any) => {
        const page: [number, number][] = entries.slice(from, to);
        const [Timestamps, Values] = [page.map(([time]) => time), page.map(([, value]) => value)];
        return { Id, Timestamps, Values, StatusCode: entries.length > to ? 'PartialData' : 'Complete' };
      }),
      ...(isLast ? {} : { NextToken: `${to}` }),
    };
  }

  private list({ Namespace, RecentlyActive, Dimensions, NextToken }: any, region: string): object {
    if (RecentlyActive !== 'PT3H') throw new Error('ListMetrics of metrics that are not active');
    const present = this.now() / 1000;
    const isListed = ({ namespace, dimensions, time }: Point) => {
      const age = present - Date.parse(time) / 1000;
      return namespace === Namespace && age >= this.listDelaySeconds && age <= ACTIVE_SECONDS
        && Dimensions.every(({ Name, Value }: any) => Name in dimensions && (Value === undefined || dimensions[Name] === Value));
    };
    const active = [...this.series(region).values()].flatMap((points) => points.find(isListed) ?? []);
    const [page, next] = paged(active, NextToken, Math.min(LISTED_ON_A_PAGE, this.pageSize));
    return {
      Metrics: page.map(({ namespace, metricName, dimensions }) => (
        { Namespace: namespace, MetricName: metricName, Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })) })),
      NextToken: next,
    };
  }

  /** The points of each metric of a region. */
  private series(region: string): Map<string, Point[]> {
    const series = new Map<string, Point[]>();
    for (const point of this.points) {
      if (point.region !== region) continue;
      const key = keyOf(point.namespace, point.metricName, point.dimensions);
      series.get(key)?.push(point) ?? series.set(key, [point]);
    }
    return series;
  }
}

function keyOf(namespace: string, metricName: string, dimensions: Point['dimensions']): string {
  return JSON.stringify([namespace, metricName, dimensions]);
}

function byName(dimensions: readonly { readonly Name: string; readonly Value: string }[]): { [name: string]: string } {
  return Object.fromEntries(dimensions.map(({ Name, Value }) => [Name, Value]));
}
