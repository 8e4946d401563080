import type { CloudWatch, MetricDataResult, MetricDatum } from '@aws-sdk/client-cloudwatch';
import { MAX_DATA } from './contract';
import { Limit } from '../../aws/limits';
import { BEDROCK_NAMESPACE, MODEL_ID } from '../../aws/metrics';

/** The values of a metric's dimensions by their names. */
export interface Dimensions { readonly [name: string]: string }

/** A metric of Amazon Bedrock for one `ModelId`. No other namespace is read, since other metrics can be forged. */
export interface Series {
  readonly metricName: string;
  readonly modelId: string;
}

/** Values by the first second of their period. */
export type Points = ReadonlyMap<number, number>;

/**
 * The sums of each series by period, from `start` (inclusive) to `end` (exclusive). It fails unless CloudWatch returns all of them, since
 * an incomplete sum would be too low without any sign of it.
 */
export async function readSeries(client: CloudWatch, series: readonly Series[], period: number, start: number, end: number): Promise<Points[]> {
  // One page for each request: AWS does not document whether further pages are billed again.
  const size = Math.min(Limit.METRIC_DATA_QUERIES, Math.floor(Limit.METRIC_DATA_POINTS / Math.ceil((end - start) / period)));
  const points: Points[] = [];
  for (const chunk of chunks(series, size)) points.push(...await readChunk(client, chunk, period, start, end));
  return points;
}

async function readChunk(client: CloudWatch, series: readonly Series[], Period: number, start: number, end: number): Promise<Points[]> {
  const answers = series.map((): Answer => ({ points: new Map(), state: 'no answer' }));
  let NextToken: string | undefined;
  do {
    const page = await client.getMetricData({
      MetricDataQueries: series.map(({ metricName: MetricName, modelId }, i) => ({
        Id: idOf(i),
        MetricStat: { Metric: { Namespace: BEDROCK_NAMESPACE, MetricName, Dimensions: listOf({ [MODEL_ID]: modelId }) }, Period, Stat: 'Sum' },
      })),
      StartTime: new Date(start * 1000),
      EndTime: new Date(end * 1000),
      ScanBy: 'TimestampAscending',
      NextToken,
    });
    for (const result of page.MetricDataResults ?? []) take(answers[Number(result.Id!.slice(1))], result);
    NextToken = page.NextToken;
  } while (NextToken);

  const incomplete = series.flatMap((one, i) => (answers[i].state === 'Complete' ? [] : [`${describe(one)}: ${answers[i].state}`]));
  if (incomplete.length > 0) {
    throw new Error('CloudWatch did not return all metrics. Nothing was published, since the values would be too low: '
      + `${incomplete.slice(0, 5).join('; ')}${incomplete.length > 5 ? `; and ${incomplete.length - 5} more` : ''}`);
  }
  return answers.map(({ points }) => points);
}

interface Answer {
  readonly points: Map<number, number>;
  state: string;
}

function take(answer: Answer, { StatusCode, Messages = [], Timestamps = [], Values = [] }: MetricDataResult): void {
  // A point that AWS repeats on the next page replaces itself, and is not counted twice.
  Timestamps.forEach((time, i) => answer.points.set(time.getTime() / 1000, Values[i]));
  // PartialData becomes Complete on a later page; a failure stays.
  const isOpen = /^(no answer|PartialData|Complete)/.test(answer.state);
  if (isOpen) answer.state = StatusCode === 'Complete' ? StatusCode : [StatusCode ?? 'no status', ...Messages.map(({ Code, Value }) => `${Code} ${Value}`)].join(', ');
}

export async function publish(client: CloudWatch, namespace: string, data: readonly MetricDatum[]): Promise<void> {
  for (const MetricData of chunks(data, MAX_DATA)) await client.putMetricData({ Namespace: namespace, MetricData });
}

export function datum(metricName: string, dimensions: Dimensions, value: number, seconds: number): MetricDatum {
  return { MetricName: metricName, Dimensions: listOf(dimensions), Value: value, Timestamp: new Date(seconds * 1000) };
}

function listOf(dimensions: Dimensions): { Name: string; Value: string }[] {
  return Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }));
}

function idOf(i: number): string {
  return `m${i}`;
}

function describe({ metricName, modelId }: Series): string {
  return `${metricName} of ${modelId}`;
}

function chunks<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, i) => items.slice(i * size, (i + 1) * size));
}
