import { Stack } from 'aws-cdk-lib';
import type { BudgetScope } from './budget-scope';
import { Meter } from './meter';
import { StackPlans } from './stack-plans';
import { Limit } from '../../aws/limits';
import { BatchFacts, BatchPrices, CostEntry, isInTree, ThroughputFacts } from '../../estimates/registry';

export type ThroughputEntry = CostEntry & { readonly throughput: ThroughputFacts };
export type BatchEntry = CostEntry & { readonly batchJobs: BatchFacts };
/** A batch entry whose jobs can be counted. */
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
 * The costs of one stack that a function counts for one budget: token meters, provisioned throughput and batch jobs.
 *
 * Grows until synthesis.
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

  /** True where alarms read the token metrics of the stack. Otherwise they read what the function publishes of the budget. */
  public get hasTokenAlarms(): boolean {
    return this.stackPlans.hasTokenAlarms;
  }

  /** The name of the part that its function counts. */
  public get functionName(): string {
    return this.stackPlans.nameFor(this.scope.name);
  }

  public get isCounting(): boolean {
    return this.meters.some(({ isPriced: isKnown }) => isKnown) || this.pricedBatches.length > 0 || this.throughputs.some(hasPrice);
  }

  /** The batches whose jobs are counted. */
  public get pricedBatches(): PricedBatchEntry[] {
    return this.batches.filter(isPriced);
  }

  /** The first meters, as many as one alarm adds up: at most 10 metrics. Rates of your own may price more metrics than there is room for. */
  public get alarmMeters(): Meter[] {
    return firstOf(this.meters, Limit.METRICS_OF_MATH_ALARM, ({ room, metricsOfId }) => Math.max(room, metricsOfId));
  }

  /** True where the function publishes the amounts of the part: they have an own view there, or the only one. */
  public get publishesPart(): boolean {
    return !this.isHome && (this.hasTokenAlarms || !this.scope.isInAccount(this.stack));
  }

  /** True where the function publishes how far the pace of spending is from the burn rates, and an alarm reads it. */
  public get publishesBurnRatio(): boolean {
    if (this.hasTokenAlarms) return false;
    return this.scope.isInAccount(this.stack) ? this.isHome && this.scope.hasMeters : this.meters.length > 0;
  }

  /** The windows whose token cost the function keeps for the whole budget, in minutes. */
  public get windowsMinutes(): number[] {
    return this.scope.isInAccount(this.stack) ? this.scope.windowsMinutes : [];
  }

  /** True where the function publishes the cost of each resource. */
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

  /** Leaves out what was removed from the tree. */
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
