import { BatchMetricName, RunSummary } from './contract';
import { BatchServices } from './services';
import { Dimension, NAMESPACE } from '../month-to-date/contract';

/** Publishes what a run cost and left undone. What is not known is not published. */
export async function publish({ cloudWatch }: BatchServices, resource: string, { costUsd, estimatedUsd, deadLetters }: RunSummary): Promise<void> {
  const values: readonly (readonly [string, number | undefined])[] = [
    [BatchMetricName.COST, numberOf(costUsd)],
    [BatchMetricName.ESTIMATED_COST, numberOf(estimatedUsd)],
    [BatchMetricName.COST_DEVIATION, deviationOf(numberOf(costUsd), numberOf(estimatedUsd))],
    [BatchMetricName.DEAD_LETTERS, deadLetters],
  ];
  const Dimensions = [{ Name: Dimension.RESOURCE, Value: resource }];
  try {
    await cloudWatch.putMetricData({
      Namespace: NAMESPACE,
      MetricData: values.flatMap(([MetricName, Value]) => Value === undefined ? [] : [{ MetricName, Value, Dimensions }]),
    });
  } catch (e) {
    // The results are there and paid for: a run does not fail because nobody counts it. The log is where this shows.
    console.error(`the metrics of the run were not published: ${(e as Error).message}`);
  }
}

/** How many times the one is the other, whichever is larger; undefined where one of them is nothing. */
export function deviationOf(cost: number | undefined, estimated: number | undefined): number | undefined {
  if (!cost || !estimated) return undefined;
  return Math.max(cost / estimated, estimated / cost);
}

function numberOf(usd: string | undefined): number | undefined {
  return usd === undefined ? undefined : Number(usd);
}
