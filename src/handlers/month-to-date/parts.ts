import type { CloudWatch } from '@aws-sdk/client-cloudwatch';
import { DAY, HOUR, monthOf } from './forecast';
import { Points, readGroups, readSeries, Series } from './metrics';
import { Amounts, minuteOf } from './spend';
import { Decimal, decimal, sum } from '../../pricing/decimal';
import { Dimension, MetricName, NAMESPACE, TotalRequest } from '../month-to-date.contract';

type Part = TotalRequest['parts'][number];
type CloudWatches = (region: string) => CloudWatch;

/** Functions run every quarter of an hour: whoever was heard of within this time is not silent. */
const RECENT = 3 * HOUR;

/** What the other parts of a budget said last that they have cost this month. */
export async function readParts(cloudWatchIn: CloudWatches, budget: string, parts: readonly Part[], at: number): Promise<Amounts[]> {
  return (await byRegion(parts, (region, some) => readRegion(cloudWatchIn(region), budget, some, at))).flat();
}

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
  const month = pairs(await read(silent, start, DAY)).map(([spent, forecast]) => amountsOf(most(spent), most(forecast)));
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

function most(points: Points): number | undefined {
  return points.size === 0 ? undefined : Math.max(...points.values());
}

function pairs<T>(items: readonly T[]): [T, T][] {
  return items.flatMap((item, i): [T, T][] => (i % 2 === 0 ? [[item, items[i + 1]]] : []));
}
