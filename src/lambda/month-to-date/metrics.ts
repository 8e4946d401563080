import type { CloudWatch, MetricDataResult, MetricDatum } from '@aws-sdk/client-cloudwatch';
import { Limit } from '../../aws/limits';

/** The values of a metric's dimensions by their names. */
export interface Dimensions { readonly [name: string]: string }

export interface Series {
  /** Of AWS, into which nobody else can publish: what the function publishes itself is never read, since others could publish it too. */
  readonly namespace: `AWS/${string}`;
  readonly metricName: string;
  readonly dimensions: Dimensions;
  readonly stat: 'Sum' | 'Maximum';
  readonly period: number;
}

/** Values by the second that their period begins with. */
export type Points = ReadonlyMap<number, number>;

/** Of at most 1,000, so that a request stays below 1 MB however long its dimensions are. */
const MAX_DATA = 150;

/**
 * The points of each series from `start` up to, but without, `end`. It fails unless CloudWatch gave them all: a sum of
 * what it happened to give would be too low without saying so.
 */
export async function readSeries(client: CloudWatch, series: readonly Series[], start: number, end: number): Promise<Points[]> {
  const points: Points[] = [];
  for (const chunk of chunks(series, Limit.METRIC_DATA_QUERIES)) points.push(...await readChunk(client, chunk, start, end));
  return points;
}

/** The same for several lists of series. */
export async function readGroups(client: CloudWatch, groups: readonly (readonly Series[])[], start: number, end: number): Promise<Points[][]> {
  const points = await readSeries(client, groups.flat(), start, end);
  let taken = 0;
  return groups.map(({ length }) => points.slice(taken, taken += length));
}

async function readChunk(client: CloudWatch, series: readonly Series[], start: number, end: number): Promise<Points[]> {
  const answers = series.map((): Answer => ({ points: new Map(), state: 'no answer' }));
  let NextToken: string | undefined;
  do {
    const page = await client.getMetricData({
      MetricDataQueries: series.map(({ namespace: Namespace, metricName: MetricName, dimensions, stat: Stat, period: Period }, i) => (
        { Id: idOf(i), MetricStat: { Metric: { Namespace, MetricName, Dimensions: listOf(dimensions) }, Period, Stat } })),
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
    throw new Error('CloudWatch did not give all metrics, so nothing is published, for it would be too low: '
      + `${incomplete.slice(0, 5).join('; ')}${incomplete.length > 5 ? `; and ${incomplete.length - 5} more` : ''}`);
  }
  return answers.map(({ points }) => points);
}

interface Answer {
  readonly points: Map<number, number>;
  state: string;
}

function take(answer: Answer, { StatusCode, Messages = [], Timestamps = [], Values = [] }: MetricDataResult): void {
  // By the hour: what AWS may repeat on the next page is not counted twice.
  Timestamps.forEach((time, i) => answer.points.set(time.getTime() / 1000, Values[i]));
  // PartialData becomes Complete on a later page; what failed once stays failed.
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

function describe({ metricName, dimensions }: Series): string {
  return `${metricName} of ${Object.values(dimensions).join(' / ')}`;
}

function chunks<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, i) => items.slice(i * size, (i + 1) * size));
}
