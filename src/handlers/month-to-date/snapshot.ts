import type { CloudWatch } from '@aws-sdk/client-cloudwatch';
import { BatchJob, batchSpend } from './batch-spend';
import { carriedOn, Published, retired, retiredSeries } from './carry-over';
import { monthOf } from './forecast';
import { Dimensions, Points, readSeries } from './metrics';
import { readParts, readPartsThatLeft } from './parts';
import { Amounts, meterOf, minuteOf, Spend, totalOf } from './spend';
import { isPriced, Purchase, throughputSpend } from './throughput-spend';
import { tokenSpend } from './token-spend';
import { MonthToDateRequest } from '../month-to-date.contract';

/** What AWS said of everything that the request names, each list in the request's order. */
export interface Readings {
  readonly tokens: readonly (readonly Points[])[];
  /** By the meter; undefined for what is gone. */
  readonly purchases: ReadonlyMap<string, Purchase | undefined>;
  /** What each throughput has processed. */
  readonly processed: readonly (readonly Points[])[];
  readonly jobs: readonly (readonly BatchJob[])[];
  /** The dimensions of what this stack has published of its resources. */
  readonly published: readonly Dimensions[];
}

/** What a month had cost at a time. */
export interface Snapshot {
  readonly at: number;
  readonly spends: readonly Spend[];
  readonly part: Amounts;
  readonly total?: Amounts;
}

export async function snapshotAt(
  at: number, now: number, request: MonthToDateRequest, readings: Readings, cloudWatchIn: (region?: string) => CloudWatch,
): Promise<Snapshot> {
  const counted = countedSpends(request, readings, at, now);
  const gone = retired(readings.published, new Set([...counted.map(({ meter }) => meter), ...request.countedElsewhere ?? []]));
  const spends = [...counted, ...await carried(request, gone, at, cloudWatchIn())];
  const part = totalOf(spends);
  if (!request.total) return { at, spends, part };
  const [others, left] = await Promise.all([
    readParts(cloudWatchIn, request.budget, request.total.parts, at),
    readPartsThatLeft(cloudWatchIn, request, at),
  ]);
  const parts = [part, ...others, ...left];
  return { at, spends, part, total: added(parts) };
}

function countedSpends(request: MonthToDateRequest, { tokens, purchases, jobs }: Readings, at: number, now: number): Spend[] {
  // What is gone is not counted but carried on; what has business hours comes back.
  const standing = request.provisioned.filter(isPriced)
    .filter((meter) => meter.arn === undefined || meter.businessHoursPerMonth !== undefined || purchases.get(meterOf.throughput(meter)));
  return [
    ...request.onDemand.map((meter, i) => tokenSpend(meter, tokens[i], at)),
    ...standing.map((meter) => throughputSpend(meter, purchases.get(meterOf.throughput(meter)), at)),
    ...request.batch.map((meter, i) => batchSpend(meter, jobs[i], at, now)),
  ];
}

async function carried(request: MonthToDateRequest, gone: readonly Published[], at: number, client: CloudWatch): Promise<Spend[]> {
  const points = await readSeries(client, gone.map((one) => retiredSeries(request, one)), monthOf(at).start, minuteOf(at) + 60);
  return carriedOn(gone, points);
}

function added(parts: readonly Amounts[]): Amounts {
  return parts.reduce((a, b) => ({ monthToDate: a.monthToDate.plus(b.monthToDate), forecast: a.forecast.plus(b.forecast) }));
}
