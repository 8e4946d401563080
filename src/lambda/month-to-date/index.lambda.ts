import { Bedrock } from '@aws-sdk/client-bedrock';
import { CloudWatch } from '@aws-sdk/client-cloudwatch';
import { S3 } from '@aws-sdk/client-s3';
import { Scheduler } from '@aws-sdk/client-scheduler';
import { SSM } from '@aws-sdk/client-ssm';
import { readJobs } from './batch-jobs';
import { MonthToDateEnv, MonthToDateEvent, MonthToDateRequest, NAMESPACE } from './contract';
import { readCounts } from './counts';
import { historyStart, monthOf } from './forecast';
import { keyOf, Ledger } from './ledger';
import { gone, LedgerStore } from './ledger-store';
import { publish } from './metrics';
import { readParts } from './parts';
import { extraData, partData, totalData, windowData } from './publication';
import { readPurchases } from './purchases';
import { isFuture, readRequest, timeOf } from './request';
import { Readings, Snapshot, snapshotAt } from './snapshot';
import { Amounts, closingOf, minuteOf } from './spend';
import { processedCounts } from './throughput-spend';
import { tokenCounts } from './token-spend';
import { readWindows, WindowSpend } from './window-spend';
import { toText } from '../../pricing/decimal';
import { env } from '../shared/environment';

/** The summary that the function returns and logs; amounts are exact decimals. */
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
const scheduler = new Scheduler(config);
// The output of a job may lie in a bucket of another region.
const s3 = new S3({ ...config, followRegionRedirects: true });
/** The clients for a region, the function's own when left out. */
const cloudWatchIn = byRegion((region) => new CloudWatch({ ...config, region }));
const ssmIn = byRegion((region) => new SSM({ ...config, region }));

function byRegion<T>(create: (region?: string) => T): (region?: string) => T {
  const clients = new Map<string | undefined, T>();
  return (region) => {
    const client = clients.get(region) ?? create(region);
    clients.set(region, client);
    return client;
  };
}

/**
 * Computes what the month has cost, anew each time from what AWS has counted: a run that is missed, or data that come
 * late, are made good by the next one. Of what is no longer counted, the ledger has the last amount. Everything is read before
 * anything is written or published, and what cannot be read completely ends the run: no number is better than one that is too low.
 */
export async function handler(event: MonthToDateEvent): Promise<MonthToDateSummary> {
  const present = Date.now() / 1000;
  const now = timeOf(event, present);
  const asked = await readRequest(scheduler, env(MonthToDateEnv.SCHEDULE));
  const store = new LedgerStore(ssmIn(), env(MonthToDateEnv.LEDGER_PARAMETER));
  const closing = closingOf(now);
  const { request, readings } = await read(asked, store, now, historyStart(closing ?? now));
  const windows = await readWindows(request, now, cloudWatchIn(), readings.parts);
  const current = snapshotAt(now, now, request, readings);
  const closed = closing === undefined ? [] : [snapshotAt(closing, now, request, readings)];

  const { asOf = now } = readings.ledger;
  // An event that comes late leaves what is newer; a ledger that is dated in the future, or by no number, is not believed.
  if (!(asOf > now) || isFuture(asOf, present)) await store.write(ledgerOf(now, current, [...closed, current], windows));

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

/** The request with the throughput that it names as it stands now, and what is known of everything in it. */
async function read(
  asked: MonthToDateRequest, store: LedgerStore, now: number, since: number,
): Promise<{ readonly request: MonthToDateRequest; readonly readings: Readings }> {
  const [{ meters, found: purchases }, ledger, parts] = await Promise.all([
    readPurchases(bedrock, asked.provisioned), store.read(ownStack()), readParts(ssmIn, asked.total?.parts ?? []),
  ]);
  if (!ledger) throw gone(env(MonthToDateEnv.LEDGER_PARAMETER));
  const request = { ...asked, provisioned: meters };
  const counts = [...request.onDemand.map((meter) => tokenCounts(meter)), ...request.provisioned.map(processedCounts)];
  const [points, jobs] = await Promise.all([
    readCounts(cloudWatchIn(), counts, since, minuteOf(now) + 60),
    Promise.all(request.batch.map((meter) => readJobs(bedrock, s3, meter, since, now))),
  ]);
  const { length } = request.onDemand;
  return {
    request,
    readings: { region: env('AWS_REGION'), tokens: points.slice(0, length), processed: points.slice(length), purchases, jobs, ledger, parts },
  };
}

function ledgerOf(asOf: number, { part, total: isWhole }: Snapshot, snapshots: readonly Snapshot[], windows: readonly WindowSpend[]): Ledger {
  return {
    asOf,
    stack: ownStack(),
    restOfMonthUsd: toText(part.forecast.minus(part.monthToDate)),
    ...(windows.length > 0 ? { windows: Object.fromEntries(windows.map((window) => [window.minutes, toText(window.part)])) } : {}),
    ...(isWhole ? { totals: Object.fromEntries(snapshots.map(({ at, total }) => [monthOf(at).name, toText(total!.monthToDate)])) } : {}),
    months: Object.fromEntries(snapshots.map(({ at, month }) => [monthOf(at).name, month])),
  };
}

function ownStack(): string {
  return keyOf(env(MonthToDateEnv.STACK_ID));
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
