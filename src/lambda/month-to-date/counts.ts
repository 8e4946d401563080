import { hourOf } from './forecast';
import { Points, Series } from './metrics';
import { BedrockMetric, metricNames } from '../../aws/metrics';

/** The series of a count: the largest value of each group in each period, added up over the groups. */
export type Count = readonly (readonly Series[])[];

/** The points of series, by `seriesKey`; a series without points is left out. */
export type SeriesPoints = ReadonlyMap<string, Points>;

/**
 * A count of Amazon Bedrock, with all names that its metric may have.
 *
 * @param modelIds groups of ids. The groups are counted separately, so they are added up; CloudWatch uses one unknown id of a group
 */
export function countOf(metric: BedrockMetric, modelIds: readonly (readonly string[])[]): Count {
  return modelIds.map((alternatives) => metricNames(metric).flatMap((metricName) => alternatives.map((modelId) => ({ metricName, modelId }))));
}

export function seriesKey({ metricName, modelId }: Series): string {
  return `${metricName} ${modelId}`;
}

/** The distinct series of the counts, in order, so that a model of two counts is read once. */
export function seriesOf(counts: readonly Count[]): Series[] {
  return [...new Map(counts.flat(2).map((series) => [seriesKey(series), series])).values()];
}

/** The points of a count. */
export function pointsOf(count: Count, points: SeriesPoints): Points {
  return combine(count.map((group) => combine(group.map((series) => points.get(seriesKey(series)) ?? new Map()), Math.max)), add);
}

/** Adds up points of shorter periods by hour. Each series is added up alone, since the larger of two names is chosen for the hour. */
export function byHour(points: SeriesPoints): SeriesPoints {
  return new Map([...points].map(([key, values]) => {
    const hours = new Map<number, number>();
    for (const [time, value] of values) hours.set(hourOf(time), (hours.get(hourOf(time)) ?? 0) + value);
    return [key, hours];
  }));
}

function combine(series: readonly Points[], of: (a: number, b: number) => number): Points {
  const combined = new Map<number, number>();
  for (const points of series) for (const [time, value] of points) combined.set(time, of(value, combined.get(time) ?? 0));
  return combined;
}

function add(a: number, b: number): number {
  return a + b;
}
