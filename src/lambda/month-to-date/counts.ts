import { hourOf } from './forecast';
import { Points, Series } from './metrics';
import { BedrockMetric, metricNames } from '../../aws/metrics';

/** The series of a count: in each period the largest of a group is right, and all groups are added up. */
export type Count = readonly (readonly Series[])[];

/** The points of series, by `seriesKey`; a series that is left out has none. */
export type SeriesPoints = ReadonlyMap<string, Points>;

/**
 * A count of Amazon Bedrock, by every name that its metric may have.
 *
 * @param modelIds ids that are counted apart, and so are added up; of an array, CloudWatch uses one, which is not known
 */
export function countOf(metric: BedrockMetric, modelIds: readonly (readonly string[])[]): Count {
  return modelIds.map((alternatives) => metricNames(metric).flatMap((metricName) => alternatives.map((modelId) => ({ metricName, modelId }))));
}

export function seriesKey({ metricName, modelId }: Series): string {
  return `${metricName} ${modelId}`;
}

/** Every series of the counts once, in their order: a model that two counts share is read once. */
export function seriesOf(counts: readonly Count[]): Series[] {
  return [...new Map(counts.flat(2).map((series) => [seriesKey(series), series])).values()];
}

/** The points of a count. */
export function pointsOf(count: Count, points: SeriesPoints): Points {
  return combine(count.map((group) => combine(group.map((series) => points.get(seriesKey(series)) ?? new Map()), Math.max)), add);
}

/** Points of shorter periods added up by the hour. Each series by itself, since the larger of two names is that of the hour. */
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
