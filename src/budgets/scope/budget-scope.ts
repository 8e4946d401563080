import { Duration, Stack } from 'aws-cdk-lib';
import { Construct, IConstruct } from 'constructs';
import { BudgetTopics } from './budget-topics';
import { isMetered, Meter, MeteredEntry, meterKey } from './meter';
import { budgetName, ledgerPath, plainName } from './names';
import { StackMonitorPlan } from './stack-monitor-plan';
import { StackPlans } from './stack-plans';
import { isSameEnvironment } from '../../estimates/environment';
import { CostEntry, entriesBelow, GrantEntry, isBelow, isInTree, onEntry, onGrant, priceEntries, registryOf } from '../../estimates/registry';
import { allowedHoursPerMonth } from '../../estimates/settings';
import { TotalRequest } from '../../lambda/month-to-date/contract';
import { Decimal, decimal, sum, toText } from '../../pricing/decimal';
import { BurnRate, windowsOf } from '../burn-rate';

/** The settings of a budget that its monitors and stop actions follow. */
export interface BudgetSettings {
  readonly limit: Decimal;
  /** The limits of single months, by `YYYY-MM`. */
  readonly plannedLimitsUsd: { readonly [month: string]: number } | undefined;
  readonly burnRates: readonly BurnRate[];
  /** Percentages of the limit at which the month-to-date cost triggers a notification. */
  readonly thresholdPercents: readonly number[];
  /** Percentages of the limit at which the forecast triggers a notification. */
  readonly forecastThresholdPercents: readonly number[];
  /** The time between two month-to-date counts. */
  readonly interval: Duration;
  /** The factor by which batch jobs may cost more than estimated. */
  readonly batchCostFactor: number;
}

/**
 * The scope of a budget: the entries and grants that it covers, their stacks and regions, and the shares of the limit.
 *
 * The home stack of the budget adds up the costs of all stacks of its account. Stacks of other accounts are counted
 * separately, since the function of the home stack cannot read their metrics.
 *
 * Constructs may be added until synthesis, so all values that are derived from them are computed when they are read.
 */
export class BudgetScope {
  /** The value of the dimension `Budget` of the metrics. */
  public readonly name: string;
  /** The stack of the budget itself. */
  public readonly home: Stack;
  private readonly plans = new Map<Stack, StackMonitorPlan>();
  private readonly meters = new Map<string, Meter>();
  private readonly stoppedStacks = new Set<Stack>();
  private hasDashboard = false;
  /** The token allowance, with the number of entries of the app for which it was computed. */
  private allowance: { readonly entries: number; readonly usd: Decimal } | undefined;

  constructor(
    public readonly budget: Construct, public readonly covers: IConstruct, public readonly topics: BudgetTopics,
    public readonly settings: BudgetSettings,
  ) {
    this.name = budgetName(budget);
    this.home = Stack.of(budget);
  }

  public get path(): string {
    return this.budget.node.path;
  }

  /** Calls the listener for each covered entry, now and later. */
  public onEntry(listener: (entry: CostEntry) => void): void {
    onEntry(this.budget, (entry) => {
      if (isBelow(entry.construct, this.covers)) listener(entry);
    });
  }

  /** Calls the listener for each covered grant, now and later. */
  public onGrant(listener: (grant: GrantEntry) => void): void {
    onGrant(this.budget, (grant) => {
      if (isBelow(grant.construct, this.covers)) listener(grant);
    });
  }

  /** The covered entries that are still part of the construct tree. */
  public get entries(): CostEntry[] {
    return entriesBelow(this.covers);
  }

  /** The stacks whose covered costs are counted by a function. */
  public get stacks(): Stack[] {
    return [...this.plans.keys()];
  }

  /** The region of the budget, then the other regions that have costs. */
  public get regions(): string[] {
    return [...new Set([this.home, ...this.stacks].map(({ region }) => region))];
  }

  /** True for stacks whose costs the home stack adds up. */
  public isInAccount(stack: Stack): boolean {
    return isSameEnvironment(stack.account, this.home.account);
  }

  /** Read at synthesis, since the app may be configured after the budget was created. */
  public hoursPerMonth(): number {
    return allowedHoursPerMonth(this.budget);
  }

  /** The plan of the function that counts the costs of a stack for this budget. */
  public planOf(stack: Stack): StackMonitorPlan {
    let plan = this.plans.get(stack);
    if (!plan) this.plans.set(stack, (plan = new StackMonitorPlan(this, stack)));
    return plan;
  }

  /** The meter that already counts the tokens of an entry: a model that is called directly has one meter for all its callers. */
  public meterOf(entry: MeteredEntry): Meter | undefined {
    return this.meters.get(meterKey(entry));
  }

  /** Counts the tokens of an entry by a new meter, in the stack of the entry. */
  public addMeter(entry: MeteredEntry): Meter {
    const meter = new Meter(entry);
    this.meters.set(meterKey(entry), meter);
    this.planOf(Stack.of(entry.construct)).addMeter(meter);
    return meter;
  }

  /** Publishes the cost of the whole budget in the region of a stack, where an alarm starts the stop actions. */
  public addStop(stack: Stack): void {
    this.stoppedStacks.add(stack);
  }

  /** Publishes the cost of each resource, which the dashboard shows. */
  public addDashboard(): void {
    this.hasDashboard = true;
  }

  /** True for stacks whose resources the dashboard shows. Each resource is a custom metric of its own. */
  public isShown(stack: Stack): boolean {
    return this.hasDashboard && this.isInAccount(stack);
  }

  /** True if any cost is counted. If not, no alarm on the month-to-date cost can fire. */
  public get isCounting(): boolean {
    return this.plansOfAccount.some(({ isCounting }) => isCounting);
  }

  /** The meters of all stacks of the account. */
  public get metersOfAccount(): Meter[] {
    return this.plansOfAccount.flatMap(({ meters }) => meters);
  }

  /** True if a stack of the account has a meter. If not, no burn rate can be exceeded. */
  public get hasMeters(): boolean {
    return [...this.plans.values()].some(({ meters, stack }) => meters.length > 0 && this.isInAccount(stack) && isInTree(stack));
  }

  /**
   * True if alarms in the stack of the budget read token metrics, and no single alarm reads all metrics of the account: they are in several
   * stacks, or requests may name a model by its ARN as well. Then the cost of each burn-rate window is also published and monitored.
   */
  public get publishesWindows(): boolean {
    if (this.plans.get(this.home)?.hasTokenAlarms !== true) return false;
    const plans = this.plansOfAccount.filter(({ meters }) => meters.length > 0);
    const isInAlarm = ({ hasTokenAlarms, fitsOneAlarm, meters }: StackMonitorPlan) => (
      hasTokenAlarms && fitsOneAlarm && meters.every(({ modelIds }) => modelIds.length === 1));
    return plans.length > 1 || !plans.every(isInAlarm);
  }

  /** The burn-rate windows, in minutes, for which each part stores its token cost to be added up. */
  public get windowsMinutes(): number[] {
    if (!this.publishesWindows && this.plans.get(this.home)?.publishesBurnRatio !== true) return [];
    return [...new Set(this.settings.burnRates.flatMap(windowsOf).map((window) => window.toMinutes()))];
  }

  /** The stacks whose costs the function of the home stack adds to its own. */
  public get partStacks(): Stack[] {
    return this.plansOfAccount.filter(({ isHome }) => !isHome).map(({ stack }) => stack);
  }

  /** The request to add up the costs of all stacks of the account. */
  public get total(): TotalRequest {
    const regions = [...new Set([...this.stoppedStacks].map(({ region }) => region))];
    return {
      parts: this.partStacks.map((stack) => ({ stack: plainName(stack.node.path), region: stack.region, ledger: this.ledgerIn(stack) })),
      publishTo: regions.filter((region) => region !== this.home.region),
      ...this.limits,
    };
  }

  /** The name of the first SSM parameter of the ledger in which the function of a stack keeps the amounts of the month. */
  public ledgerIn(stack: Stack): string {
    return `${ledgerPath(StackPlans.of(stack).nameFor(this.name))}/1`;
  }

  /** The limits as the functions read them. */
  public get limits(): Pick<TotalRequest, 'limitUsd' | 'plannedLimitsUsd'> {
    const { limit, plannedLimitsUsd: planned } = this.settings;
    return {
      limitUsd: toText(limit),
      ...(planned ? { plannedLimitsUsd: Object.fromEntries(Object.entries(planned).map(([month, usd]) => [month, toText(decimal(usd))])) } : {}),
    };
  }

  /** The models that another stack of the same account and region counts. The first construct determines which of the stacks counts a model. */
  public countedElsewhere(stack: Stack): string[] {
    const isSamePlace = (other: Stack) => isSameEnvironment(other.account, stack.account) && isSameEnvironment(other.region, stack.region);
    return [...this.meters.values()]
      .filter((meter) => meter.shared && meter.stack !== stack && isSamePlace(meter.stack))
      .map(({ modelId }) => modelId);
  }

  /**
   * The share of the limit for tokens and images: the limit minus the planned cost of batch jobs, provisioned throughput and other usage.
   * It is at least the planned cost of tokens: a plan above the limit, which synth reports, would otherwise cause an alarm every day.
   *
   * It is computed once for all alarms, which read it in `Lazy` values.
   */
  public tokenAllowance(): Decimal {
    priceEntries(this.covers);
    const { length } = registryOf(this.budget).entries;
    if (this.allowance?.entries !== length) this.allowance = { entries: length, usd: tokenAllowance(this.settings.limit, this.entries) };
    return this.allowance.usd;
  }

  private get plansOfAccount(): StackMonitorPlan[] {
    return [...this.plans.values()].filter(({ stack }) => this.isInAccount(stack) && isInTree(stack));
  }
}

function tokenAllowance(limit: Decimal, entries: readonly CostEntry[]): Decimal {
  const planned = (some: readonly CostEntry[]) => sum(some.map(({ estimate }) => decimal(estimate.knownMonthlyUsd)));
  const left = limit.minus(planned(entries.filter((entry) => !isMetered(entry))));
  const tokens = planned(entries.filter(isMetered));
  return left.cmp(tokens) > 0 ? left : tokens;
}
