import { Stack } from 'aws-cdk-lib';
import type { BudgetScope } from './budget-scope';
import { Meter } from './meter';
import { plainName } from './names';
import { Limit } from '../../aws/limits';
import { PROCESSED_METRICS } from '../../aws/metrics';
import { BatchFacts, BatchPrices, CostEntry, ThroughputFacts } from '../../estimates/registry';
import { StackRequest } from '../../lambda/month-to-date/contract';

export type ThroughputEntry = CostEntry & { readonly throughput: ThroughputFacts };
export type BatchEntry = CostEntry & { readonly batchJobs: BatchFacts };
/** A batch entry whose jobs can be counted. */
export type PricedBatchEntry = CostEntry & { readonly batchJobs: BatchFacts & { readonly prices: BatchPrices } };

export function isBatchEntry(entry: CostEntry): entry is BatchEntry {
  return entry.batchJobs !== undefined;
}

export function isPriced(entry: BatchEntry): entry is PricedBatchEntry {
  return entry.batchJobs.prices !== undefined;
}

export function isThroughputEntry(entry: CostEntry): entry is ThroughputEntry {
  return entry.throughput !== undefined;
}

/** Each metric of a throughput, by the two ids under which it may be counted. */
const SERIES_OF_THROUGHPUT = PROCESSED_METRICS.length * 2;

/**
 * The costs of one stack that one function counts for one budget: token meters, provisioned throughput and batch jobs.
 *
 * Grows until synthesis.
 */
export class StackMonitorPlan {
  public readonly meters: Meter[] = [];
  /** The meters by alarm: one alarm adds up at most 10 metrics. */
  public readonly meterGroups: Meter[][] = [];
  private readonly throughputs: ThroughputEntry[] = [];
  private readonly batches: PricedBatchEntry[] = [];

  constructor(public readonly scope: BudgetScope, public readonly stack: Stack) {}

  /** True for the stack of the budget, whose function adds up all stacks of the account. */
  public get isHome(): boolean {
    return this.stack === this.scope.home;
  }

  public get isCounting(): boolean {
    return this.meters.length > 0 || this.batches.length > 0
      || this.throughputs.some(({ throughput: { usdPerModelUnitHour } }) => usdPerModelUnitHour !== undefined);
  }

  public addMeter(meter: Meter): void {
    this.meters.push(meter);
    const last = this.meterGroups[this.meterGroups.length - 1];
    if (last && roomOf(last) + meter.room <= Limit.METRICS_OF_MATH_ALARM) last.push(meter);
    else this.meterGroups.push([meter]);
  }

  public addThroughput(entry: ThroughputEntry): void {
    this.throughputs.push(entry);
  }

  public addBatch(entry: PricedBatchEntry): void {
    this.batches.push(entry);
  }

  /** The number of metrics that one run reads. Those of windows are read twice, the second time in finer steps. */
  public get metricsRead(): number {
    const tokens = this.meters.reduce((count, { metricsOfId, modelIds }) => count + metricsOfId * modelIds.length, 0);
    return tokens * (this.scope.windowsMinutes.length > 0 ? 2 : 1) + this.throughputs.length * SERIES_OF_THROUGHPUT;
  }

  /** The number of metrics that the function publishes. */
  public get metricsPublished(): number {
    const total = this.isHome ? this.scope.total : undefined;
    const ofTotal = total ? (total.plannedLimitsUsd ? 3 : 2) * (1 + total.publishTo.length) : 2;
    const ofThroughputs = this.throughputs.reduce((count, { throughput }) => count + metricsOf(throughput), 0);
    return this.meters.length + this.scope.windowsMinutes.length + ofThroughputs + this.batches.length * 2 + ofTotal;
  }

  /** The request that the function reads from its schedule. */
  public request(): StackRequest {
    const lists = {
      onDemand: this.meters.map(({ resource, model, modelIds: [modelId, ...otherModelIds], shared, terms: prices }) => ({
        ...named(resource, model), modelId, ...(otherModelIds.length > 0 ? { otherModelIds } : {}), ...(shared ? { shared } : {}), prices,
      })),
      provisioned: this.throughputs.map(({ construct, model, throughput: { arn, name, modelUnits, usdPerModelUnitHour, businessHoursPerMonth } }) =>
        ({ ...named(construct.node.path, model), arn, name, modelUnits, usdPerModelUnitHour, businessHoursPerMonth })),
      batch: this.batches.map(({ construct, model, batchJobs: { jobNamePrefix, roleArn, prices } }) =>
        ({ ...named(construct.node.path, model), jobNamePrefix, roleArn, ...prices })),
    };
    return {
      // EventBridge Scheduler replaces it with the scheduled time.
      time: '<aws.scheduler.scheduled-time>',
      stack: plainName(this.stack.node.path),
      ...lists,
      budgets: [{
        budget: this.scope.name,
        onDemand: [...lists.onDemand.keys()],
        provisioned: [...lists.provisioned.keys()],
        batch: [...lists.batch.keys()],
        countedElsewhere: this.scope.countedElsewhere(this.stack),
        windowsMinutes: this.scope.windowsMinutes,
        total: this.isHome ? this.scope.total : undefined,
        publishPart: !this.isHome,
        resourceMetrics: true,
      }],
    };
  }
}

function roomOf(meters: readonly Meter[]): number {
  return meters.reduce((count, { room }) => count + room, 0);
}

function named(resource: string, model: string): { readonly resource: string; readonly model: string } {
  return { resource: plainName(resource), model: plainName(model) };
}

/** Its cost, if a price is known; with a known ARN, its idle hours, and the days left of a commitment. */
function metricsOf({ arn, committed, usdPerModelUnitHour }: ThroughputFacts): number {
  return [usdPerModelUnitHour, arn, committed ? arn : undefined].filter((it) => it !== undefined).length;
}
