import { Stack } from 'aws-cdk-lib';
import type { BudgetScope } from './budget-scope';
import { Meter } from './meter';
import { plainName } from './names';
import { Limit } from '../../aws/limits';
import { METRICS_OF_MODEL_ID, PROCESSED_METRICS } from '../../aws/metrics';
import { BatchFacts, BatchPrices, CostEntry, ThroughputFacts } from '../../estimates/registry';
import { MAX_DATA, StackRequest } from '../../lambda/month-to-date/contract';

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

/** The ids under which CloudWatch may count one throughput. It uses one of them. */
const IDS_OF_THROUGHPUT = 2;

/** The runs of the function in a month, and those among them that read the whole history. */
export interface RunsOfMonth {
  readonly runs: number;
  readonly recounts: number;
}

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
    return this.meters.length > 0 || this.batches.length > 0 || this.throughputs.some(hasPrice);
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

  /**
   * The number of metrics that all runs of a month read, if all of them are active.
   *
   * A run reads each active metric once. Of a metric with two names, one is active. A recount reads both names and, with windows,
   * the active metrics again by five minutes.
   */
  public metricsRead({ runs, recounts }: RunsOfMonth): number {
    const processed = PROCESSED_METRICS.length * this.throughputs.filter(isNamed).length;
    const active = processed + sum(this.meters, ({ terms, modelIds }) => terms.length * modelIds.length);
    const all = processed * IDS_OF_THROUGHPUT + sum(this.meters, ({ metricsOfId, modelIds }) => metricsOfId * modelIds.length);
    return (runs - recounts) * active + recounts * (all + (this.scope.windowsMinutes.length > 0 ? active : 0));
  }

  /** The number of requests of ListMetrics and PutMetricData of all runs of a month. GetMetricData is billed by the metric instead. */
  public requests({ runs, recounts }: RunsOfMonth): number {
    const listed = METRICS_OF_MODEL_ID * (sum(this.meters, ({ modelIds }) => modelIds.length) + this.throughputs.filter(isNamed).length);
    const pages = Math.max(1, Math.ceil(listed / Limit.LISTED_METRICS));
    const regions = this.isHome ? this.scope.total.publishTo.length : 0;
    return (runs - recounts) * pages + runs * (Math.ceil(this.metricsOfRegion / MAX_DATA) + regions);
  }

  /** The number of metrics that the function publishes. */
  public get metricsPublished(): number {
    return this.metricsOfRegion + (this.isHome ? this.metricsOfTotal * this.scope.total.publishTo.length : 0);
  }

  /** The number of metrics that the function publishes in its own region. */
  private get metricsOfRegion(): number {
    const ofResources = this.publishesResources ? this.meters.length + this.throughputs.filter(hasPrice).length + this.batches.length : 0;
    const ofThroughputs = sum(this.throughputs, ({ throughput: { arn, committed } }) => (arn === undefined ? 0 : committed ? 2 : 1));
    return this.metricsOfTotal + this.scope.windowsMinutes.length + ofResources + ofThroughputs + this.batches.length;
  }

  /** The amount and the forecast of the part or of the whole budget, and the limit of the month. */
  private get metricsOfTotal(): number {
    return this.isHome && this.scope.settings.plannedLimitsUsd ? 3 : 2;
  }

  private get publishesResources(): boolean {
    return this.scope.isShown(this.stack);
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
        ...(this.publishesResources ? { resourceMetrics: true } : {}),
      }],
    };
  }
}

function roomOf(meters: readonly Meter[]): number {
  return sum(meters, ({ room }) => room);
}

function named(resource: string, model: string): { readonly resource: string; readonly model: string } {
  return { resource: plainName(resource), model: plainName(model) };
}

function hasPrice({ throughput: { usdPerModelUnitHour } }: ThroughputEntry): boolean {
  return usdPerModelUnitHour !== undefined;
}

/** True with an ARN, by which CloudWatch and Amazon Bedrock know the throughput: its idle hours and the days left of a commitment are published. */
function isNamed({ throughput: { arn } }: ThroughputEntry): boolean {
  return arn !== undefined;
}

function sum<T>(items: readonly T[], countOf: (item: T) => number): number {
  return items.reduce((count, item) => count + countOf(item), 0);
}
