/** A point of a metric; published by a function or counted by AWS. Times are ISO 8601 to the minute or second. */
export interface Point {
  readonly region: string;
  readonly namespace: string;
  readonly metricName: string;
  readonly dimensions: { readonly [name: string]: string };
  readonly time: string;
  readonly value: number;
}

/**
 * The metrics of Amazon CloudWatch: they keep what is published, and give it back by period and statistic. ListMetrics, which
 * forgets what is older than two weeks, is not here: nothing may rely on it.
 */
export class Metrics {
  public points: Point[] = [];
  /** The most points of each series on a page. */
  public pageSize = Infinity;

  public perform(operation: string, input: any, region: string): object | undefined {
    switch (operation) {
      case 'PutMetricData': return this.put(input, region);
      case 'GetMetricData': return this.get(input, region);
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
    const results = MetricDataQueries.map(({ Id, MetricStat: { Metric, Period, Stat } }: any) => {
      const wanted = JSON.stringify(byName(Metric.Dimensions));
      const periods = new Map<number, number>();
      for (const point of this.points) {
        const seconds = Date.parse(point.time) / 1000;
        if (point.region !== region || point.namespace !== Metric.Namespace || point.metricName !== Metric.MetricName) continue;
        if (JSON.stringify(point.dimensions) !== wanted || seconds < StartTime || seconds >= EndTime) continue;
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
}

function byName(dimensions: readonly { readonly Name: string; readonly Value: string }[]): { [name: string]: string } {
  return Object.fromEntries(dimensions.map(({ Name, Value }) => [Name, Value]));
}
