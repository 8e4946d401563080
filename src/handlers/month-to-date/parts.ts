import type { CloudWatch } from '@aws-sdk/client-cloudwatch';
import { DAY, HOUR, monthOf } from './forecast';
import { Points, readSeries, Series } from './metrics';
import { Amounts, minuteOf } from './spend';
import { decimal } from '../../pricing/decimal';
import { Dimension, MetricName, NAMESPACE, TotalRequest } from '../month-to-date.contract';

type Part = TotalRequest['parts'][number];
type CloudWatches = (region: string) => CloudWatch;

/** Functions run every quarter of an hour: whoever was heard of within this time is not silent. */
const RECENT = 3 * HOUR;

/** What the other parts of a budget said last that they have cost this month. */
export async function readParts(cloudWatchIn: CloudWatches, budget: string, parts: readonly Part[], at: number): Promise<Amounts[]> {
  const regions = [...new Set(parts.map(({ region }) => region))];
  const partsIn = (region: string) => parts.filter((part) => part.region === region);
  return (await Promise.all(regions.map((region) => readRegion(cloudWatchIn(region), budget, partsIn(region), at)))).flat();
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
