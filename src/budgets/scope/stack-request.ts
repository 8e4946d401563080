import { Stack } from 'aws-cdk-lib';
import { burnThreshold } from './budget-metrics';
import { Meter } from './meter';
import { plainName } from './names';
import { PricedBatchEntry, StackMonitorPlan, ThroughputEntry } from './stack-monitor-plan';
import { Limit } from '../../aws/limits';
import { METRICS_OF_MODEL_ID, PROCESSED_METRICS } from '../../aws/metrics';
import { BudgetRequest, BurnRateRequest, MAX_DATA, StackRequest } from '../../lambda/month-to-date/contract';
import { decimal, toText } from '../../pricing/decimal';
import { windowsOf } from '../burn-rate';

/** The number of ids under which CloudWatch may count one throughput, by its ARN or by the last part of it. */
const IDS_OF_THROUGHPUT = 2;

/** The runs of the function in a month, and the runs among them that read the whole history. */
export interface RunsOfMonth {
  readonly runs: number;
  readonly recounts: number;
}

/** The meters, throughput and batch jobs that one function counts, each once, regardless of the number of budgets that cover it. */
export class StackCounts {
  /** The meters. A model that is called directly has one meter for all budgets, with the highest price: the function stores one amount for it. */
  public readonly meters: readonly Meter[];
  public readonly throughputs: readonly ThroughputEntry[];
  public readonly batches: readonly PricedBatchEntry[];

  constructor(private readonly stack: Stack, private readonly plans: readonly StackMonitorPlan[]) {
    const groups = new Map<string, Meter[]>();
    for (const meter of plans.flatMap(({ meters }) => meters)) groups.set(meter.key, [...groups.get(meter.key) ?? [], meter]);
    this.meters = [...groups.values()].map((meters) => Meter.merged(meters));
    this.throughputs = [...new Set(plans.flatMap(({ throughputs }) => throughputs))];
    this.batches = [...new Set(plans.flatMap(({ pricedBatches }) => pricedBatches))];
  }

  /** The request that the function reads from its schedule. */
  public request(): StackRequest {
    const indexes = {
      meters: indexOf(this.meters.map(({ key }) => key)), throughputs: indexOf(this.throughputs), batches: indexOf(this.batches),
    };
    return {
      // EventBridge Scheduler replaces this text with the scheduled time.
      time: '<aws.scheduler.scheduled-time>',
      stack: plainName(this.stack.node.path),
      onDemand: this.meters.map(({ resource, model, modelIds: [modelId, ...otherModelIds], shared, terms: prices }) => ({
        ...named(resource, model), modelId, ...(otherModelIds.length > 0 ? { otherModelIds } : {}), ...(shared ? { shared } : {}), prices,
      })),
      provisioned: this.throughputs.map(({ construct, model, throughput: { arn, name, modelUnits, usdPerModelUnitHour, businessHoursPerMonth } }) =>
        ({ ...named(construct.node.path, model), arn, name, modelUnits, usdPerModelUnitHour, businessHoursPerMonth })),
      batch: this.batches.map(({ construct, model, batchJobs: { jobNamePrefix, roleArn, prices } }) =>
        ({ ...named(construct.node.path, model), jobNamePrefix, roleArn, ...prices })),
      budgets: this.plans.map((plan) => ({
        ...budgetRequest(plan),
        onDemand: plan.meters.map(({ key }) => indexes.meters(key)),
        provisioned: plan.throughputs.map(indexes.throughputs),
        batch: plan.pricedBatches.map(indexes.batches),
      })),
    };
  }

  /**
   * The number of metrics that all runs of a month read, if all of them are active.
   *
   * A run reads each active metric once. Only one of the names of a metric is active. A recount reads all names and, with burn-rate windows,
   * the active metrics again in steps of five minutes.
   */
  public metricsRead({ runs, recounts }: RunsOfMonth): number {
    const processed = PROCESSED_METRICS.length * this.throughputs.filter(isNamed).length;
    const active = processed + sum(this.meters, ({ terms: { length }, modelIds }) => length * modelIds.length);
    const all = processed * IDS_OF_THROUGHPUT + sum(this.meters, ({ metricsOfId, modelIds }) => metricsOfId * modelIds.length);
    const hasWindows = this.plans.some(({ windowsMinutes, publishesBurnRatio }) => windowsMinutes.length > 0 || publishesBurnRatio);
    return (runs - recounts) * active + recounts * (all + (hasWindows ? active : 0));
  }

  /** The number of requests of ListMetrics and PutMetricData of all runs of a month. GetMetricData is billed by the metric instead. */
  public requests({ runs, recounts }: RunsOfMonth): number {
    const listed = METRICS_OF_MODEL_ID * (sum(this.meters, ({ modelIds }) => modelIds.length) + this.throughputs.filter(isNamed).length);
    const pages = Math.max(1, Math.ceil(listed / Limit.LISTED_METRICS));
    const regions = new Set(this.plans.flatMap(({ isHome, scope }) => (isHome ? scope.total.publishTo : []))).size;
    return (runs - recounts) * pages + runs * (Math.ceil(sum(this.plans, ({ metricsOfRegion }) => metricsOfRegion) / MAX_DATA) + regions);
  }
}

/** The part of the request of a budget that is independent of its meters. */
function budgetRequest(plan: StackMonitorPlan): Omit<BudgetRequest, 'onDemand' | 'provisioned' | 'batch'> {
  const { scope, stack, isHome } = plan;
  return {
    budget: scope.name,
    countedElsewhere: scope.countedElsewhere(stack),
    windowsMinutes: plan.windowsMinutes,
    ...(scope.publishesWindows ? { publishWindows: true } : {}),
    ...(plan.publishesBurnRatio ? { burnRates: burnRatesOf(plan) } : {}),
    total: isHome ? scope.total : undefined,
    publishPart: plan.publishesPart,
    ...(plan.publishesResources ? { resourceMetrics: true } : {}),
  };
}

function burnRatesOf({ scope }: StackMonitorPlan): BurnRateRequest[] {
  return scope.settings.burnRates.map((rate) => ({
    windows: windowsOf(rate).map((window) => ({ minutes: window.toMinutes(), thresholdUsd: toText(decimal(burnThreshold(scope, rate, window))) })),
  }));
}

/** Returns a function that looks up the index of an item. */
function indexOf<T>(items: readonly T[]): (item: T) => number {
  const indexes = new Map(items.map((item, i) => [item, i]));
  return (item) => indexes.get(item)!;
}

function named(resource: string, model: string): { readonly resource: string; readonly model: string } {
  return { resource: plainName(resource), model: plainName(model) };
}

/** True for throughput with a known ARN, whose idle hours and remaining days of a commitment are published. */
function isNamed({ throughput: { arn } }: ThroughputEntry): boolean {
  return arn !== undefined;
}

function sum<T>(items: readonly T[], countOf: (item: T) => number): number {
  return items.reduce((count, item) => count + countOf(item), 0);
}
