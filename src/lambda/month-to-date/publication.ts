import type { MetricDatum } from '@aws-sdk/client-cloudwatch';
import { batchCostRatio } from './batch-spend';
import { Dimension, MetricName, MonthToDateRequest } from './contract';
import { monthOf } from './forecast';
import { datum, Dimensions } from './metrics';
import { Readings, Snapshot } from './snapshot';
import { Amounts, meterOf, minuteOf, Spend } from './spend';
import { commitmentDaysLeft, idleHours } from './throughput-spend';
import { WindowSpend } from './window-spend';

/** The metrics of the resources and of the part, which stay in the region. */
export function partData(request: MonthToDateRequest, { at, spends, part }: Snapshot, isClosing: boolean): MetricDatum[] {
  const { budget, stack, publishPart } = request;
  const dimensions = { [Dimension.BUDGET]: budget, [Dimension.STACK]: stack };
  return [
    ...spends.map((spend) => datum(MetricName.MONTH_TO_DATE, resourceDimensions(request, spend), spend.monthToDate.toNumber(), minuteOf(at))),
    ...(publishPart ? amountData(dimensions, part, at, isClosing) : []),
  ];
}

function resourceDimensions({ budget, stack }: MonthToDateRequest, { resource, model, meter }: Spend): Dimensions {
  return {
    [Dimension.BUDGET]: budget,
    [Dimension.STACK]: stack,
    [Dimension.RESOURCE]: resource,
    [Dimension.MODEL]: model,
    [Dimension.METER]: meter,
  };
}

/** The metrics of the whole budget, for every region that needs them. */
export function totalData({ budget, total }: MonthToDateRequest, snapshot: Snapshot, isClosing: boolean): MetricDatum[] {
  if (!total) return [];
  const dimensions = { [Dimension.BUDGET]: budget };
  const limit = total.plannedLimitsUsd && (total.plannedLimitsUsd[monthOf(snapshot.at).name] ?? total.limitUsd);
  return [
    ...amountData(dimensions, snapshot.total!, snapshot.at, isClosing),
    ...(limit !== undefined && !isClosing ? [datum(MetricName.LIMIT, dimensions, Number(limit), minuteOf(snapshot.at))] : []),
  ];
}

/** Of a month that is over there is nothing to forecast. */
function amountData(dimensions: Dimensions, { monthToDate, forecast }: Amounts, at: number, isClosing: boolean): MetricDatum[] {
  return [
    datum(MetricName.MONTH_TO_DATE, dimensions, monthToDate.toNumber(), minuteOf(at)),
    ...(isClosing ? [] : [datum(MetricName.FORECAST, dimensions, forecast.toNumber(), minuteOf(at))]),
  ];
}

/** The cost of the part and of the whole budget within the requested windows; both stay in the region. */
export function windowData({ budget, stack, publishPart }: MonthToDateRequest, spends: readonly WindowSpend[], now: number): MetricDatum[] {
  return spends.flatMap(({ minutes, part, total }) => {
    const whole = { [Dimension.BUDGET]: budget, [Dimension.WINDOW]: `${minutes}` };
    return [
      ...(publishPart ? [datum(MetricName.SPENT, { ...whole, [Dimension.STACK]: stack }, part.toNumber(), minuteOf(now))] : []),
      ...(total ? [datum(MetricName.SPENT, whole, total.toNumber(), minuteOf(now))] : []),
    ];
  });
}

/** Further metrics of single resources. */
export function extraData(request: MonthToDateRequest, { purchases, processed, jobs }: Readings, now: number): MetricDatum[] {
  const { budget, provisioned, batch } = request;
  const tell = (metricName: string, resource: string, value: number | undefined) => (
    value === undefined ? [] : [datum(metricName, { [Dimension.BUDGET]: budget, [Dimension.RESOURCE]: resource }, value, minuteOf(now))]);
  return [
    ...provisioned.flatMap((meter, i) => {
      const purchase = purchases.get(meterOf.throughput(meter));
      return purchase ? [
        ...tell(MetricName.COMMITMENT_DAYS_LEFT, meter.resource, commitmentDaysLeft(purchase, now)),
        ...tell(MetricName.IDLE_HOURS, meter.resource, idleHours(purchase, processed[i], now)),
      ] : [];
    }),
    ...batch.flatMap((meter, i) => tell(MetricName.BATCH_COST_RATIO, meter.resource, batchCostRatio(meter, jobs[i], now))),
  ];
}
