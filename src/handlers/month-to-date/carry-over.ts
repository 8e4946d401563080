import { Spend } from './spend';
import { decimal, ZERO } from '../../pricing/decimal';
import { Dimension, MetricName, MonthToDateRequest, NAMESPACE } from '../month-to-date.contract';
import type { Dimensions, Points, Series } from './metrics';

/** What a resource was published under. */
export type Published = Pick<Spend, 'resource' | 'model' | 'meter'>;

export function resourceDimensions({ budget, stack }: MonthToDateRequest, { resource, model, meter }: Published): Dimensions {
  return {
    [Dimension.BUDGET]: budget,
    [Dimension.STACK]: stack,
    [Dimension.RESOURCE]: resource,
    [Dimension.MODEL]: model,
    [Dimension.METER]: meter,
  };
}

/**
 * Of all that this stack has ever published, what nothing counts any more: a profile that was replaced, a construct that
 * was removed, throughput that is gone. By the meter alone: a construct whose path changed is still the same meter.
 */
export function retired(published: readonly Dimensions[], live: ReadonlySet<string>): Published[] {
  return published
    .filter((dimensions) => dimensions[Dimension.METER] !== undefined)
    .map((dimensions) => ({ resource: dimensions[Dimension.RESOURCE], model: dimensions[Dimension.MODEL], meter: dimensions[Dimension.METER] }))
    .filter(({ meter }) => !live.has(meter));
}

/** Asked for from the beginning of the month; in steps so fine that the newest one is what was told last. */
export function retiredSeries(request: MonthToDateRequest, published: Published): Series {
  return { namespace: NAMESPACE, metricName: MetricName.MONTH_TO_DATE, dimensions: resourceDimensions(request, published), stat: 'Maximum', period: 300 };
}

/**
 * What the retired ones were last told to have cost this month, carried on without a forecast. Not the most that was told:
 * a price may have been corrected, and a job may have cost less than was estimated while it ran. What cost nothing this
 * month is forgotten.
 *
 * @param points of each one's series
 */
export function carriedOn(published: readonly Published[], points: readonly Points[]): Spend[] {
  const last = new Map<string, { readonly spend: Spend; readonly time: number }>();
  published.forEach((one, i) => {
    const time = Math.max(-Infinity, ...points[i].keys());
    const monthToDate = decimal(points[i].get(time) ?? 0);
    const other = last.get(one.meter);
    // A meter that was published under two paths has told all of its costs under the later one.
    const isLater = other === undefined || time > other.time || (time === other.time && monthToDate.cmp(other.spend.monthToDate) > 0);
    if (monthToDate.cmp(ZERO) > 0 && isLater) last.set(one.meter, { time, spend: { ...one, monthToDate, restOfMonth: ZERO } });
  });
  return [...last.values()].map(({ spend }) => spend);
}
