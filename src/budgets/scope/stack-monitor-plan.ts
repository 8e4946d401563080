import { Stack } from 'aws-cdk-lib';
import type { BudgetScope } from './budget-scope';
import { Meter } from './meter';
import { StackPlans } from './stack-plans';
import { Limit } from '../../aws/limits';
import { BatchFacts, BatchPrices, CostEntry, isInTree, ThroughputFacts } from '../../estimates/registry';

export type ThroughputEntry = CostEntry & { readonly throughput: ThroughputFacts };
export type BatchEntry = CostEntry & { readonly batchJobs: BatchFacts };
/** A batch entry with known prices, whose jobs can be counted. */
export type PricedBatchEntry = CostEntry & { readonly batchJobs: BatchFacts & { readonly prices: BatchPrices } };

export function isBatchEntry(entry: CostEntry): entry is BatchEntry {
  return entry.batchJobs !== undefined;
}

/** True for a batch whose prices are known. */
function isPriced(entry: BatchEntry): entry is PricedBatchEntry {
  return entry.batchJobs.prices !== undefined;
}

export function isThroughputEntry(entry: CostEntry): entry is ThroughputEntry {
  return entry.throughput !== undefined;
}

/**
 * The costs of one stack that a function counts for one budget: token meters, provisioned throughput and batch jobs. It grows until
 * synthesis.
 */
export class StackMonitorPlan {
  public readonly meters: Meter[] = [];
  public readonly throughputs: ThroughputEntry[] = [];
  public readonly batches: BatchEntry[] = [];
  private readonly stackPlans: StackPlans;

  constructor(public readonly scope: BudgetScope, public readonly stack: Stack) {
    this.stackPlans = StackPlans.of(stack);
    this.stackPlans.plans.push(this);
  }

  /** True for the stack of the budget, whose function adds up all stacks of the account. */
  public get isHome(): boolean {
    return this.stack === this.scope.home;
  }

  /** True if alarms read the token metrics of the stack. If not, they read the metrics that the function publishes. */
  public get hasTokenAlarms(): boolean {
    return this.stackPlans.hasTokenAlarms;
  }

  /** The name of its function, which names its schedule and parameters. */
  public get functionName(): string {
    return this.stackPlans.nameFor(this.scope.name);
  }

  /** True if any cost is counted. */
  public get isCounting(): boolean {
    return this.meters.some(({ isPriced: isKnown }) => isKnown) || this.pricedBatches.length > 0 || this.throughputs.some(hasPrice);
  }

  /** The batches whose jobs are counted. */
  public get pricedBatches(): PricedBatchEntry[] {
    return this.batches.filter(isPriced);
  }

  /** The first meters that fit into one alarm, which adds up at most 10 metrics. Rates of the user may price further metrics. */
  public get alarmMeters(): Meter[] {
    return firstOf(this.meters, Limit.METRICS_OF_MATH_ALARM, ({ room, metricsOfId }) => Math.max(room, metricsOfId));
  }

  /** True if the function publishes the amounts of this part separately. */
  public get publishesPart(): boolean {
    return !this.isHome && (this.hasTokenAlarms || !this.scope.isInAccount(this.stack));
  }

  /** True if the function publishes the highest ratio of a cost to its burn-rate threshold, which an alarm reads. */
  public get publishesBurnRatio(): boolean {
    if (this.hasTokenAlarms) return false;
    return this.scope.isInAccount(this.stack) ? this.isHome && this.scope.hasMeters : this.meters.length > 0;
  }

  /** The burn-rate windows, in minutes, for which the function stores its token cost to be added up for the whole budget. */
  public get windowsMinutes(): number[] {
    return this.scope.isInAccount(this.stack) ? this.scope.windowsMinutes : [];
  }

  /** True if the function publishes the cost of each resource. */
  public get publishesResources(): boolean {
    return this.scope.isShown(this.stack);
  }

  /** True if one alarm adds up all meters. */
  public get fitsOneAlarm(): boolean {
    return sum(this.meters, ({ room }) => room) <= Limit.METRICS_OF_MATH_ALARM;
  }

  public addMeter(meter: Meter): void {
    this.meters.push(meter);
  }

  /** Drops the entries of constructs that were removed from the tree. */
  public dropRemoved(): void {
    keep(this.meters, ({ entries }) => entries.some(({ construct }) => isInTree(construct)));
    keep(this.throughputs, ({ construct }) => isInTree(construct));
    keep(this.batches, ({ construct }) => isInTree(construct));
  }

  public addThroughput(entry: ThroughputEntry): void {
    this.throughputs.push(entry);
  }

  public addBatch(entry: BatchEntry): void {
    this.batches.push(entry);
  }

  /** The number of metrics of the budget that the function publishes. */
  public get metricsPublished(): number {
    return this.metricsOfRegion + (this.isHome ? this.metricsOfTotal * this.scope.total.publishTo.length : 0);
  }

  /** The number of metrics of the budget that the function publishes in its own region. */
  public get metricsOfRegion(): number {
    const ofResources = this.publishesResources ? this.meters.length + this.throughputs.filter(hasPrice).length + this.pricedBatches.length : 0;
    const ofThroughputs = sum(this.throughputs, ({ throughput: { arn, committed } }) => (arn === undefined ? 0 : committed ? 2 : 1));
    const publishesWindows = this.scope.publishesWindows && (this.isHome || this.publishesPart);
    const ofBurnRates = this.publishesBurnRatio ? 1 : publishesWindows ? this.windowsMinutes.length : 0;
    return (this.isHome ? this.metricsOfTotal : this.publishesPart ? 2 : 0) + ofBurnRates + ofResources + ofThroughputs + this.pricedBatches.length;
  }

  /** The amount and the forecast of the whole budget, and the limit of the month. */
  private get metricsOfTotal(): number {
    return this.scope.settings.plannedLimitsUsd ? 3 : 2;
  }
}

/** The first items whose sizes add up to at most a limit. */
function firstOf<T>(items: readonly T[], limit: number, sizeOf: (item: T) => number): T[] {
  let size = 0;
  const end = items.findIndex((item) => (size += sizeOf(item)) > limit);
  return items.slice(0, end < 0 ? undefined : end);
}

function hasPrice({ throughput: { usdPerModelUnitHour } }: ThroughputEntry): boolean {
  return usdPerModelUnitHour !== undefined;
}

function keep<T>(items: T[], isKept: (item: T) => boolean): void {
  items.splice(0, items.length, ...items.filter(isKept));
}

function sum<T>(items: readonly T[], countOf: (item: T) => number): number {
  return items.reduce((count, item) => count + countOf(item), 0);
}
