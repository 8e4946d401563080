import type { CloudWatch } from '@aws-sdk/client-cloudwatch';
import { Points, readGroups, Series } from './metrics';
import { BEDROCK_NAMESPACE, BedrockMetric, metricNames, MODEL_ID } from '../../aws/metrics';

/** The series of a count: in each period the largest of a group, added up over all groups. */
export type Count = readonly (readonly Series[])[];

/**
 * A count of Amazon Bedrock, by every name that its metric may have.
 *
 * @param modelIds ids that are counted apart, and so are added up; of an array, CloudWatch uses one, which is not known
 */
export function countOf(metric: BedrockMetric, modelIds: readonly (readonly string[])[], period: number): Count {
  return modelIds.map((alternatives) => metricNames(metric).flatMap((metricName) => alternatives.map((modelId): Series => (
    { namespace: BEDROCK_NAMESPACE, metricName, dimensions: { [MODEL_ID]: modelId }, stat: 'Sum', period }))));
}

/** The points of each count, for several lists of counts. */
export async function readCounts(client: CloudWatch, lists: readonly (readonly Count[])[], start: number, end: number): Promise<Points[][]> {
  const points = (await readGroups(client, lists.flat(2), start, end)).values();
  return lists.map((counts) => counts.map((count) => combine(count.map(() => combine(points.next().value!, Math.max)), add)));
}

function combine(series: readonly Points[], of: (a: number, b: number) => number): Points {
  const combined = new Map<number, number>();
  for (const points of series) for (const [time, value] of points) combined.set(time, of(value, combined.get(time) ?? 0));
  return combined;
}

function add(a: number, b: number): number {
  return a + b;
}
