import { DAY } from './forecast';
import { Spend } from './spend';
import { decimal, ZERO } from '../../pricing/decimal';
import { Dimension, MetricName, MonthToDateRequest, NAMESPACE } from '../month-to-date.contract';
import type { Dimensions, Series } from './metrics';

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

/** Asked for from the beginning of the month: what it last cost is the most that it cost. */
export function retiredSeries(request: MonthToDateRequest, published: Published): Series {
  return { namespace: NAMESPACE, metricName: MetricName.MONTH_TO_DATE, dimensions: resourceDimensions(request, published), stat: 'Maximum', period: DAY };
}

/**
 * What the retired ones cost this month, carried on without a forecast. What cost nothing this month is forgotten.
 *
 * @param values of each one's series
 */
export function carriedOn(published: readonly Published[], values: readonly Iterable<number>[]): Spend[] {
  const most = new Map<string, Spend>();
  published.forEach((one, i) => {
    const monthToDate = decimal(Math.max(0, ...values[i]));
    // A meter that was published under two paths has told all of its costs under the later one.
    if (monthToDate.cmp(most.get(one.meter)?.monthToDate ?? ZERO) > 0) most.set(one.meter, { ...one, monthToDate, restOfMonth: ZERO });
  });
  return [...most.values()];
}
