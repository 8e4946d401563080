import { Bedrock } from '@aws-sdk/client-bedrock';
import { CloudWatch } from '@aws-sdk/client-cloudwatch';
import { S3 } from '@aws-sdk/client-s3';
import { readJobs } from './month-to-date/batch-jobs';
import { readCounts } from './month-to-date/counts';
import { historyStart, monthOf } from './month-to-date/forecast';
import { listMetrics, publish } from './month-to-date/metrics';
import { extraData, partData, totalData, windowData } from './month-to-date/publication';
import { Purchases, readPurchases } from './month-to-date/purchases';
import { Readings, Snapshot, snapshotAt } from './month-to-date/snapshot';
import { Amounts, closingOf, minuteOf } from './month-to-date/spend';
import { processedCounts } from './month-to-date/throughput-spend';
import { tokenCounts } from './month-to-date/token-spend';
import { readWindows } from './month-to-date/window-spend';
import { Dimension, MetricName, MonthToDateRequest, NAMESPACE } from './month-to-date.contract';
import { toText } from '../pricing/decimal';

/** What the function returns and logs; amounts are exact decimals. */
export interface MonthToDateSummary extends AmountTexts {
  readonly month: string;
  /** Of the whole budget, in the function that adds it all up. */
  readonly total?: AmountTexts;
  readonly resources: readonly (AmountTexts & { readonly resource: string; readonly model: string; readonly meter: string })[];
}

interface AmountTexts {
  readonly monthToDateUsd: string;
  readonly forecastUsd: string;
}

const config = {
  maxAttempts: 6,
  requestHandler: { connectionTimeout: 5_000, requestTimeout: 15_000, throwOnRequestTimeout: true },
};
const bedrock = new Bedrock(config);
// The output of a job may lie in a bucket of another region.
const s3 = new S3({ ...config, followRegionRedirects: true });
const cloudWatches = new Map<string | undefined, CloudWatch>();

/** The client for a region, the function's own when left out. */
function cloudWatchIn(region?: string): CloudWatch {
  const known = cloudWatches.get(region);
  if (known) return known;
  const client = new CloudWatch({ ...config, region });
  cloudWatches.set(region, client);
  return client;
}

/**
 * Computes what the month has cost, anew each time from what AWS has counted: a run that is missed, or data that come
 * late, are made good by the next one. Everything is read before anything is published, and what cannot be read
 * completely ends the run: no number is better than one that is too low.
 */
export async function handler(asked: MonthToDateRequest): Promise<MonthToDateSummary> {
  const now = secondsOf(asked.time);
  const { meters, found } = await readPurchases(bedrock, asked.provisioned);
  const request = { ...asked, provisioned: meters };
  const closing = closingOf(now);
  const [readings, windows] = await Promise.all([read(request, found, now, historyStart(closing ?? now)), readWindows(request, now, cloudWatchIn)]);
  const current = await snapshotAt(now, now, request, readings, cloudWatchIn);
  const closed = closing === undefined ? [] : [await snapshotAt(closing, now, request, readings, cloudWatchIn)];

  const own = [
    ...closed.flatMap((one) => partData(request, one, true)),
    ...partData(request, current, false),
    ...windowData(request, windows, now),
    ...extraData(request, readings, now),
  ];
  const shared = [...closed.flatMap((one) => totalData(request, one, true)), ...totalData(request, current, false)];
  await publish(cloudWatchIn(), NAMESPACE, [...own, ...shared]);
  await Promise.all((request.total?.publishTo ?? []).map((region) => publish(cloudWatchIn(region), NAMESPACE, shared)));

  const summary = summaryOf(current);
  console.log(JSON.stringify({ budget: request.budget, stack: request.stack, ...summary }));
  return summary;
}

async function read(request: MonthToDateRequest, purchases: Purchases['found'], now: number, since: number): Promise<Readings> {
  const { budget, stack } = request;
  const counts = [...request.onDemand.map((meter) => tokenCounts(meter)), ...request.provisioned.map(processedCounts)];
  const [points, jobs, published] = await Promise.all([
    readCounts(cloudWatchIn(), counts, since, minuteOf(now) + 60),
    Promise.all(request.batch.map((meter) => readJobs(bedrock, s3, meter, since, now))),
    listMetrics(cloudWatchIn(), NAMESPACE, MetricName.MONTH_TO_DATE, { [Dimension.BUDGET]: budget, [Dimension.STACK]: stack }),
  ]);
  const { length } = request.onDemand;
  return { tokens: points.slice(0, length), processed: points.slice(length), purchases, jobs, published };
}

function summaryOf({ at, spends, part, total }: Snapshot): MonthToDateSummary {
  return {
    month: monthOf(at).name,
    ...textsOf(part),
    ...(total ? { total: textsOf(total) } : {}),
    resources: spends.map(({ resource, model, meter, monthToDate, restOfMonth }) => (
      { resource, model, meter, ...textsOf({ monthToDate, forecast: monthToDate.plus(restOfMonth) }) })),
  };
}

function textsOf({ monthToDate, forecast }: Amounts): AmountTexts {
  return { monthToDateUsd: toText(monthToDate), forecastUsd: toText(forecast) };
}

/** The time that the event is of; without one, the present. */
function secondsOf(time: string | undefined): number {
  const parsed = Date.parse(time ?? '');
  return Math.floor((Number.isNaN(parsed) ? Date.now() : parsed) / 1000);
}
