import { Names, Stack, Token } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { WatchContext } from './context';
import { isMetered, Meter, MeteredEntry, meterKey } from './meter';
import { MonthToDateAlarms } from './month-to-date-alarms';
import { BatchEntry, ThroughputEntry } from './month-to-date-function';
import { ledgerPath, plainName } from './names';
import { StackWatch } from './stack-watch';
import { mayBeSame } from '../../estimates/environment';
import { addFinding } from '../../estimates/findings';
import { CostEntry, entriesBelow, isBelow, onEntry, priceLazyUsage, RegisteredGuard } from '../../estimates/registry';
import { TotalRequest } from '../../lambda/month-to-date/contract';
import { MESSAGES } from '../../messages';
import { OnDemandUsage } from '../../pricing/billing-modes/on-demand';
import { Decimal, decimal, sum, toText } from '../../pricing/decimal';

/**
 * Watches everything that a budget covers, now and later: each stack by itself, and the whole in the budget's own stack.
 *
 * Stacks of other accounts are watched by themselves only: nobody may read their metrics from here.
 */
export class BudgetWatch extends Construct {
  private readonly meters = new Map<string, Meter>();
  private readonly stacks = new Map<Stack, StackWatch>();
  public readonly context: WatchContext;
  private alarms: MonthToDateAlarms | undefined;
  /** Models that are called directly, and which stack counts each. */
  private readonly sharedMeters: { readonly stack: Stack; readonly modelId: string }[] = [];
  /** How many things with a known price are counted into the whole. */
  private counted = 0;
  /** How many alarms it takes to add up all token metrics that the budget's own account has. */
  private groups = 0;
  /** Whether alarms watch the spending that the function publishes of the whole budget. */
  private watchesWhole = false;
  private allowanceOf: { readonly entries: number; readonly usd: Decimal } | undefined;

  /** @param regionsOfStops the other regions in which the whole's money spent is waited for, to stop it */
  constructor(scope: Construct, id: string, context: Omit<WatchContext, 'tokenAllowance' | 'windowsMinutes'>, private readonly regionsOfStops: () => string[]) {
    super(scope, id);
    this.context = { ...context, tokenAllowance: () => this.tokenAllowance(), windowsMinutes: () => this.windowsMinutes() };
    onEntry(this, (entry) => {
      if (isBelow(entry.construct, context.covers)) this.watch(entry);
    });
  }

  /** Whether the cost of anything is counted, without which no alarm on the money spent can fire. */
  public get isCounting(): boolean {
    return this.counted > 0;
  }

  /** The stacks that are watched. */
  public get watched(): Stack[] {
    return [...this.stacks.keys()];
  }

  public guards(): RegisteredGuard[] {
    return [...[...this.stacks.values()].flatMap((stack) => stack.guards()), ...this.alarms?.guards() ?? []];
  }

  private watch(entry: CostEntry): void {
    const uncounted = uncountedFields(entry);
    if (uncounted.length > 0) {
      addFinding(this.context.budget, MESSAGES.notWatched, `${entry.construct.node.path} has ${uncounted.join(', ')}, which CloudWatch does not count`);
    }
    const tokens = uncountedTokens(entry);
    if (tokens.length > 0) {
      addFinding(this.context.budget, MESSAGES.notWatched, `the cost of ${entry.construct.node.path} is not counted, since ${tokens.join(', ')} is a token`);
    }
    if (isMetered(entry)) this.watchTokens(entry);
    if (entry.throughput) this.stackOf(entry).addThroughput(entry as ThroughputEntry);
    if (entry.batchJobs) this.stackOf(entry).addBatch(entry as BatchEntry);
    this.notifyFor(entry);
    if (entry.throughput?.usdPerModelUnitHour ?? entry.batchJobs?.prices) this.count(entry);
  }

  private notifyFor(entry: CostEntry): void {
    const stack = Stack.of(entry.construct);
    entry.notify?.(this.context.topics.arnIn(stack), (grantee) => this.context.topics.grantPublish(stack, grantee));
  }

  private count({ construct }: CostEntry): void {
    if (mayBeSame(Stack.of(construct).account, Stack.of(this).account)) this.counted += 1;
  }

  private watchTokens(entry: MeteredEntry): void {
    const stack = Stack.of(entry.construct);
    if (!Token.isUnresolved(stack.region) && entry.region !== stack.region) {
      addFinding(this.context.budget, MESSAGES.notWatched,
        `${entry.construct.node.path} is used in ${entry.region}, where an alarm in ${stack.node.path} (${stack.region}) sees nothing`);
      return;
    }
    const key = meterKey(entry);
    const known = this.meters.get(key);
    if (known) {
      const before = known.pricesDiffer;
      known.add(entry);
      if (known.pricesDiffer && !before) {
        addFinding(this.context.budget, MESSAGES.highestPriceCounts, `${known.resource} use ${known.modelId} at different prices, which CloudWatch counts together: the highest price counts`);
      }
      return;
    }
    const meter = new Meter(entry);
    this.meters.set(key, meter);
    if (meter.shared) this.sharedMeters.push({ stack, modelId: meter.modelId });
    const isNewGroup = this.stackOf(entry).addMeter(meter);
    this.count(entry);
    if (!mayBeSame(stack.account, Stack.of(this).account)) return;
    if (isNewGroup) this.groups += 1;
    // One alarm does not see all: several share the metrics, or requests may name a model by its ARN as well.
    if (this.watchesWhole || (this.groups < 2 && meter.modelIds.length < 2)) return;
    this.watchesWhole = true;
    this.stacks.get(Stack.of(this))!.addWhole();
  }

  /** The watch of the stack that an entry stands in. With the first one of its account, the budget's own stack adds up the whole. */
  private stackOf(entry: CostEntry): StackWatch {
    const stack = Stack.of(entry.construct);
    const home = Stack.of(this);
    if (!this.alarms && mayBeSame(stack.account, home.account)) {
      this.alarms = new MonthToDateAlarms(this, 'MonthToDate', this.context);
      this.stacks.set(home, new StackWatch(this, 'Home', this.context, { total: () => this.total(), countedElsewhere: () => this.countedOutside(home) }));
    }
    let watch = this.stacks.get(stack);
    if (!watch) {
      const id = `BedrockCostWatch${Names.nodeUniqueId(this.node).slice(-8)}`;
      this.stacks.set(stack, (watch = new StackWatch(stack, id, this.context, { countedElsewhere: () => this.countedOutside(stack) })));
      if (mayBeSame(stack.account, home.account)) this.stacks.get(home)!.addPart(stack);
    }
    return watch;
  }

  /** Which shared models other stacks of the same account and region count: with another order of the constructs it was this one. */
  private countedOutside(stack: Stack): string[] {
    return this.sharedMeters
      .filter((meter) => meter.stack !== stack && mayBeSame(meter.stack.account, stack.account) && mayBeSame(meter.stack.region, stack.region))
      .map(({ modelId }) => modelId);
  }

  private total(): TotalRequest {
    const home = Stack.of(this);
    const parts = this.watched.filter((stack) => stack !== home && mayBeSame(stack.account, home.account));
    const { limit, plannedLimitsUsd: planned } = this.context;
    return {
      parts: parts.map((stack) => ({ stack: plainName(stack.node.path), region: stack.region, ledger: `${ledgerPath(this.context.name, stack)}/1` })),
      publishTo: this.regionsOfStops(),
      limitUsd: toText(limit),
      plannedLimitsUsd: planned && Object.fromEntries(Object.entries(planned).map(([month, usd]) => [month, toText(decimal(usd))])),
    };
  }

  /**
   * The limit without what is planned for all else: batch, provisioned throughput, ... Never less than what is planned for
   * tokens: a plan over the limit, which synth has reported already, does not ring every day.
   */
  private tokenAllowance(): Decimal {
    priceLazyUsage(this);
    const covered = entriesBelow(this.context.covers);
    if (this.allowanceOf?.entries !== covered.length) {
      const planned = (entries: readonly CostEntry[]) => sum(entries.map(({ estimate }) => decimal(estimate.knownMonthlyUsd)));
      const left = this.context.limit.minus(planned(covered.filter((entry) => !isMetered(entry))));
      const tokens = planned(covered.filter(isMetered));
      this.allowanceOf = { entries: covered.length, usd: left.cmp(tokens) > 0 ? left : tokens };
    }
    return this.allowanceOf.usd;
  }

  private windowsMinutes(): number[] {
    if (!this.watchesWhole) return [];
    const windows = this.context.burnRates.flatMap(({ window, shortWindow }) => [window, ...(shortWindow ? [shortWindow] : [])]);
    return [...new Set(windows.map((window) => window.toMinutes()))];
  }
}

/** What is billed and not counted: CloudWatch has metrics of tokens of text, and of images that are made. */
const UNCOUNTED = [
  'imagesPerRequest', 'documentImagesPerRequest', 'audioSecondsPerRequest', 'videoSecondsPerRequest',
  'inputImageTokensPerRequest', 'inputAudioTokensPerRequest', 'inputVideoTokensPerRequest', 'outputImageTokensPerRequest',
] as const satisfies readonly (keyof OnDemandUsage)[];

function uncountedFields({ pricedUsage }: CostEntry): string[] {
  const usage = pricedUsage?.usage ?? {};
  return UNCOUNTED.filter((field) => Number(usage[field]) > 0);
}

/** The tokens because of which purchases and jobs are not counted: the function is given prices when the construct is created. */
function uncountedTokens({ throughput, batchJobs, pricedUsage }: CostEntry): readonly string[] {
  const isUncounted = (throughput && throughput.usdPerModelUnitHour === undefined) || (batchJobs && batchJobs.prices === undefined);
  return isUncounted ? pricedUsage?.unresolvedUsage ?? [] : [];
}
