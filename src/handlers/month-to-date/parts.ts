import type { CloudWatch } from '@aws-sdk/client-cloudwatch';
import { HOUR, monthOf } from './forecast';
import { listMetrics, Points, readGroups, readSeries, Series } from './metrics';
import { Amounts, minuteOf } from './spend';
import { Decimal, decimal, sum } from '../../pricing/decimal';
import { Dimension, MetricName, MonthToDateRequest, NAMESPACE, TotalRequest } from '../month-to-date.contract';

type Part = TotalRequest['parts'][number];
type CloudWatches = (region?: string) => CloudWatch;

/** Functions run every quarter of an hour: whoever was heard of within this time is not silent. */
const RECENT = 3 * HOUR;

/** What the other parts of a budget said last that they have cost this month. */
export async function readParts(cloudWatchIn: CloudWatches, budget: string, parts: readonly Part[], at: number): Promise<Amounts[]> {
  return (await byRegion(parts, (region, some) => readRegion(cloudWatchIn(region), budget, some, at))).flat();
}

/**
 * What stacks have cost this month that were parts of the budget and are so no longer: removed, or renamed. Without them the
 * whole would fall in the middle of a month, and with it what was stopped would go on. Found in the regions of the parts.
 */
export async function readPartsThatLeft(
  cloudWatchIn: CloudWatches, { budget, stack: own, total }: MonthToDateRequest, at: number,
): Promise<Amounts[]> {
  const parts = total?.parts ?? [];
  const regions = [undefined, ...new Set(parts.map(({ region }) => region))];
  const left = await Promise.all(regions.map(async (region) => {
    const client = cloudWatchIn(region);
    const published = await listMetrics(client, NAMESPACE, MetricName.MONTH_TO_DATE, { [Dimension.BUDGET]: budget });
    const ofParts = published.filter((dimensions) => Object.keys(dimensions).sort().join() === PART_DIMENSIONS);
    const stacks = ofParts.map((dimensions) => dimensions[Dimension.STACK]);
    const gone = [...new Set(stacks)].filter((stack) => stack !== own && !parts.some((part) => part.stack === stack));
    const points = await readSeries(client, gone.map((stack) => seriesOf(budget, stack, 300)[0]), monthOf(at).start, minuteOf(at) + 60);
    return gone.map((stack, i) => ({ stack, spent: newest(points[i]) ?? 0 }));
  }));
  // The own region may be that of a part as well.
  return [...new Map(left.flat().map(({ stack, spent }) => [stack, amountsOf(spent)!])).values()];
}

const PART_DIMENSIONS = [Dimension.BUDGET, Dimension.STACK].sort().join();

/**
 * What the other parts said last, within the last hour, that they have spent within each of the windows, added up. That is
 * a gauge of the last minutes: what a part that is silent said before is of other ones, and not carried on.
 */
export async function readWindowsOfParts(
  cloudWatchIn: CloudWatches, budget: string, parts: readonly Part[], windowsMinutes: readonly number[], now: number,
): Promise<Decimal[]> {
  const [from, to] = [minuteOf(now) - HOUR, minuteOf(now) + 60];
  const said = await byRegion(parts, (region, some) => (
    readGroups(cloudWatchIn(region), windowsMinutes.map((minutes) => some.map(({ stack }) => windowSeries(budget, stack, minutes))), from, to)));
  return windowsMinutes.map((_, i) => sum(said.flatMap((windows) => windows[i].map((points) => decimal(newest(points) ?? 0)))));
}

function byRegion<T>(parts: readonly Part[], read: (region: string, some: Part[]) => Promise<T>): Promise<T[]> {
  const regions = [...new Set(parts.map(({ region }) => region))];
  return Promise.all(regions.map((region) => read(region, parts.filter((part) => part.region === region))));
}

async function readRegion(client: CloudWatch, budget: string, parts: readonly Part[], at: number): Promise<Amounts[]> {
  const { start } = monthOf(at);
  const read = (some: readonly Part[], from: number, period: number) => (
    readSeries(client, some.flatMap(({ stack }) => seriesOf(budget, stack, period)), from, minuteOf(at) + 60));

  const recent = pairs(await read(parts, Math.max(start, minuteOf(at) - RECENT), 300))
    .map(([spent, forecast]) => amountsOf(newest(spent), newest(forecast)));
  const silent = parts.filter((_, i) => recent[i] === undefined);
  const month = pairs(await read(silent, start, 300)).map(([spent, forecast]) => amountsOf(newest(spent), newest(forecast)));
  return parts.map((part, i) => recent[i] ?? month[silent.indexOf(part)] ?? nothingFrom(part, budget, at));
}

function seriesOf(budget: string, stack: string, period: number): Series[] {
  const dimensions = { [Dimension.BUDGET]: budget, [Dimension.STACK]: stack };
  return [MetricName.MONTH_TO_DATE, MetricName.FORECAST].map((metricName) => ({ namespace: NAMESPACE, metricName, dimensions, stat: 'Maximum', period }));
}

function windowSeries(budget: string, stack: string, minutes: number): Series {
  const dimensions = { [Dimension.BUDGET]: budget, [Dimension.STACK]: stack, [Dimension.WINDOW]: `${minutes}` };
  return { namespace: NAMESPACE, metricName: MetricName.SPENT, dimensions, stat: 'Maximum', period: 60 };
}

function amountsOf(monthToDate: number | undefined, forecast = monthToDate): Amounts | undefined {
  return monthToDate === undefined ? undefined : { monthToDate: decimal(monthToDate), forecast: decimal(forecast!) };
}

function nothingFrom({ stack, region }: Part, budget: string, at: number): Amounts {
  console.warn(`nothing was heard this month (${monthOf(at).name}) of the part of ${budget} that is the stack ${stack} in ${region}: the total is without it`);
  return amountsOf(0)!;
}

function newest(points: Points): number | undefined {
  return points.size === 0 ? undefined : points.get(Math.max(...points.keys()));
}

function pairs<T>(items: readonly T[]): [T, T][] {
  return items.flatMap((item, i): [T, T][] => (i % 2 === 0 ? [[item, items[i + 1]]] : []));
}
