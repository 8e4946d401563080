import type { MetricDatum } from '@aws-sdk/client-cloudwatch';
import { batchCostRatio } from './batch-spend';
import { BudgetRequest, Dimension, MetricName, StackRequest } from './contract';
import { monthOf } from './forecast';
import { datum, Dimensions } from './metrics';
import { Readings, WholeSnapshot } from './snapshot';
import { Amounts, meterOf, minuteOf, Spend } from './spend';
import { commitmentDaysLeft, idleHours, lastUseOf } from './throughput-spend';
import { burnRatio, WindowSpend } from './window-spend';
import { Decimal } from '../../pricing/decimal';

/** The metrics of the resources and of the part, for the region of the stack. */
export function partData(stack: string, budget: BudgetRequest, { at, spends, part }: WholeSnapshot, isClosing: boolean): MetricDatum[] {
  const dimensions = { [Dimension.BUDGET]: budget.budget, [Dimension.STACK]: stack };
  const resources = budget.resourceMetrics ? spends : [];
  return [
    ...resources.map((spend) => (
      datum(MetricName.MONTH_TO_DATE, { ...dimensions, ...resourceDimensions(spend) }, spend.monthToDate.toNumber(), minuteOf(at)))),
    ...(budget.publishPart ? amountData(dimensions, part, at, isClosing) : []),
  ];
}

function resourceDimensions({ resource, model, meter }: Spend): Dimensions {
  return { [Dimension.RESOURCE]: resource, [Dimension.MODEL]: model, [Dimension.METER]: meter };
}

/** The metrics of the whole budget, for every region that needs them. */
export function totalData({ budget, total }: BudgetRequest, snapshot: WholeSnapshot, isClosing: boolean): MetricDatum[] {
  if (!total) return [];
  const dimensions = { [Dimension.BUDGET]: budget };
  const limit = total.plannedLimitsUsd && (total.plannedLimitsUsd[monthOf(snapshot.at).name] ?? total.limitUsd);
  return [
    ...amountData(dimensions, snapshot.total!, snapshot.at, isClosing),
    ...(limit !== undefined && !isClosing ? [datum(MetricName.LIMIT, dimensions, Number(limit), minuteOf(snapshot.at))] : []),
  ];
}

/** The metrics of an amount. A month that is being closed has no forecast. */
function amountData(dimensions: Dimensions, { monthToDate, forecast }: Amounts, at: number, isClosing: boolean): MetricDatum[] {
  return [
    datum(MetricName.MONTH_TO_DATE, dimensions, monthToDate.toNumber(), minuteOf(at)),
    ...(isClosing ? [] : [datum(MetricName.FORECAST, dimensions, forecast.toNumber(), minuteOf(at))]),
  ];
}

/** The cost of the part and of the whole budget in the requested windows, and the burn ratio, for the region of the stack. */
export function windowData(stack: string, request: BudgetRequest, spends: readonly WindowSpend[], now: number): MetricDatum[] {
  const { budget, publishPart, publishWindows, windowsMinutes = [], burnRates = [] } = request;
  const ofBudget = { [Dimension.BUDGET]: budget };
  const ofPart = { ...ofBudget, [Dimension.STACK]: stack };
  const published = publishWindows ? spends.filter(({ minutes }) => windowsMinutes.includes(minutes)) : [];
  const totals = spends.flatMap(({ minutes, total }): [number, Decimal][] => (total ? [[minutes, total]] : []));
  const judged = new Map(totals.length > 0 ? totals : spends.map(({ minutes, part }) => [minutes, part]));
  const ratios = burnRates.length > 0 ? [burnRatio(burnRates, (minutes) => judged.get(minutes)!)] : [];
  return [
    ...published.flatMap(({ minutes, part, total }) => {
      const inWindow = { [Dimension.WINDOW]: `${minutes}` };
      return [
        ...(publishPart ? [datum(MetricName.SPENT, { ...ofPart, ...inWindow }, part.toNumber(), minuteOf(now))] : []),
        ...(total ? [datum(MetricName.SPENT, { ...ofBudget, ...inWindow }, total.toNumber(), minuteOf(now))] : []),
      ];
    }),
    ...ratios.map((ratio) => datum(MetricName.BURN_RATIO, totals.length > 0 ? ofBudget : ofPart, ratio.toNumber(), minuteOf(now))),
  ];
}

/** Ratios, idle hours and commitments of individual resources. */
export function extraData({ provisioned, batch }: StackRequest, budget: BudgetRequest, readings: Readings, now: number): MetricDatum[] {
  const { base, purchases, processed, jobs } = readings;
  const dataOf = (metricName: string, resource: string, value: number | undefined) => (
    value === undefined ? [] : [datum(metricName, { [Dimension.BUDGET]: budget.budget, [Dimension.RESOURCE]: resource }, value, minuteOf(now))]);
  return [
    ...budget.provisioned.flatMap((i) => {
      const meter = provisioned[i];
      const purchase = purchases.get(meterOf.throughput(meter));
      return purchase ? [
        ...dataOf(MetricName.COMMITMENT_DAYS_LEFT, meter.resource, commitmentDaysLeft(purchase, now)),
        ...dataOf(MetricName.IDLE_HOURS, meter.resource, idleHours(purchase, Math.max(base?.lastUse[i] ?? 0, lastUseOf(processed[i])), now)),
      ] : [];
    }),
    ...budget.batch.flatMap((i) => dataOf(MetricName.BATCH_COST_RATIO, batch[i].resource, batchCostRatio(batch[i], jobs[i], now))),
  ];
}
