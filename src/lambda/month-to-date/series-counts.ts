import type { CloudWatch } from '@aws-sdk/client-cloudwatch';
import { byHour, seriesKey, SeriesPoints } from './counts';
import { HOUR, hourOf } from './forecast';
import { readSeries, Series } from './metrics';
import { BEDROCK_NAMESPACE, MODEL_ID } from '../../aws/metrics';

/** The counts of CloudWatch: by hour, and by five minutes within the longest window. */
export interface SeriesCounts {
  readonly hours: SeriesPoints;
  readonly periods: SeriesPoints;
}

/** The period of counts, in seconds. CloudWatch keeps datapoints of one minute for 15 days only, and of five minutes for 63 days. */
export const PERIOD = 300;

/**
 * The counts of the series that are or were active since `since`. The price of reading a metric does not depend on the number of
 * datapoints, so each metric is read once, by five minutes.
 */
export async function readActive(
  client: CloudWatch, series: readonly Series[], wasActive: (index: number) => boolean, since: number, end: number,
): Promise<SeriesCounts> {
  const active = await listActiveSeries(client);
  const periods = await readPoints(client, series.filter((one, i) => wasActive(i) || active.has(seriesKey(one))), PERIOD, since, end);
  return { hours: byHour(periods), periods };
}

/** The counts of all series. @param windowsSince the beginning of the longest window; left out without one */
export async function readAll(
  client: CloudWatch, series: readonly Series[], since: number, windowsSince: number | undefined, end: number,
): Promise<SeriesCounts> {
  const hours = await readPoints(client, series, HOUR, since, end);
  if (windowsSince === undefined) return { hours, periods: new Map() };
  const inWindows = series.filter((one) => isActiveSince(hours, one, hourOf(windowsSince)));
  return { hours, periods: await readPoints(client, inWindows, PERIOD, windowsSince - (windowsSince % PERIOD), end) };
}

/** Whether a series has a datapoint in hours from `since`. */
export function isActiveSince(hours: SeriesPoints, series: Series, since: number): boolean {
  return [...hours.get(seriesKey(series))?.keys() ?? []].some((hour) => hour >= since);
}

async function readPoints(client: CloudWatch, series: readonly Series[], period: number, start: number, end: number): Promise<SeriesPoints> {
  const points = await readSeries(client, series, period, start, end);
  return new Map(series.map((one, i) => [seriesKey(one), points[i]]));
}

/**
 * The series of Amazon Bedrock with data in CloudWatch within the last three hours, by `seriesKey`. A page has 500 of them, and costs a
 * thousandth of reading their data.
 *
 * The list is an approximation: a new metric takes up to 15 minutes to appear, and may be listed for 50 minutes longer.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_ListMetrics.html
 */
async function listActiveSeries(client: CloudWatch): Promise<ReadonlySet<string>> {
  const active = new Set<string>();
  let NextToken: string | undefined;
  do {
    const page = await client.listMetrics({ Namespace: BEDROCK_NAMESPACE, Dimensions: [{ Name: MODEL_ID }], RecentlyActive: 'PT3H', NextToken });
    for (const { MetricName = '', Dimensions = [] } of page.Metrics ?? []) {
      // The filter also returns series with further dimensions.
      if (Dimensions.length === 1) active.add(seriesKey({ metricName: MetricName, modelId: Dimensions[0].Value! }));
    }
    NextToken = page.NextToken;
  } while (NextToken);
  return active;
}
