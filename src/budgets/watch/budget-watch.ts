import { Names, Stack, Token } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { WatchContext } from './context';
import { isMetered, Meter, MeteredEntry, meterKey } from './meter';
import { MonthToDateAlarms } from './month-to-date-alarms';
import { BatchEntry, ThroughputEntry } from './month-to-date-function';
import { plainName } from './names';
import { StackWatch } from './stack-watch';
import { addFinding } from '../../estimates/findings';
import { CostEntry, entriesBelow, isBelow, onEntry, RegisteredGuard } from '../../estimates/registry';
import { TotalRequest } from '../../handlers/month-to-date.contract';
import { MESSAGES } from '../../messages';
import { Decimal, decimal, sum, toText, ZERO } from '../../pricing/decimal';

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
  private slackOf: { readonly entries: number; readonly perMeter: Decimal } | undefined;

  /** @param regionsOfStops the other regions in which the whole's money spent is waited for, to stop it */
  constructor(scope: Construct, id: string, context: Omit<WatchContext, 'allowance'>, private readonly regionsOfStops: () => string[]) {
    super(scope, id);
    this.context = { ...context, allowance: (meters) => this.allowance(meters) };
    onEntry(this, (entry) => {
      if (isBelow(entry.construct, context.covers)) this.watch(entry);
    });
  }

  /** The stacks that are watched. */
  public get watched(): Stack[] {
    return [...this.stacks.keys()];
  }

  public guards(): RegisteredGuard[] {
    return [...[...this.stacks.values()].flatMap((stack) => stack.guards()), ...this.alarms?.guards() ?? []];
  }

  private watch(entry: CostEntry): void {
    if (isMetered(entry)) this.watchTokens(entry);
    if (entry.throughput) this.stackOf(entry).addThroughput(entry as ThroughputEntry);
    if (entry.batchJobs) this.stackOf(entry).addBatch(entry as BatchEntry);
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
      known.add(entry);
      return;
    }
    const meter = new Meter(entry.tokenMetrics.modelId, entry.tokenMetrics.shared);
    meter.add(entry);
    this.meters.set(key, meter);
    this.stackOf(entry).addMeter(meter);
  }

  /** The watch of the stack that an entry stands in. With the first one of its account, the budget's own stack adds up the whole. */
  private stackOf(entry: CostEntry): StackWatch {
    const stack = Stack.of(entry.construct);
    const home = Stack.of(this);
    if (stack.account === home.account && !this.alarms) {
      this.alarms = new MonthToDateAlarms(this, 'MonthToDate', this.context);
      this.stacks.set(home, new StackWatch(this, 'Home', this.context, { total: () => this.total() }));
    }
    let watch = this.stacks.get(stack);
    if (!watch) {
      const id = `BedrockCostWatch${Names.nodeUniqueId(this.node).slice(-8)}`;
      this.stacks.set(stack, (watch = new StackWatch(stack, id, this.context, {})));
    }
    return watch;
  }

  private total(): TotalRequest {
    const home = Stack.of(this);
    const parts = this.watched.filter((stack) => stack !== home && stack.account === home.account);
    const { limit, plannedLimitsUsd: planned } = this.context;
    return {
      parts: parts.map(({ node, region }) => ({ stack: plainName(node.path), region })),
      publishTo: this.regionsOfStops(),
      limitUsd: toText(limit),
      plannedLimitsUsd: planned && Object.fromEntries(Object.entries(planned).map(([month, usd]) => [month, toText(decimal(usd))])),
    };
  }

  private allowance(meters: readonly Meter[]): Decimal {
    return sum(meters.map((meter) => meter.plannedMonthly)).plus(this.slackPerMeter().times(decimal(meters.length)));
  }

  /**
   * What the limit leaves above all that is planned (tokens, batch, provisioned throughput), for each meter. Never below
   * 0: a plan over the limit, which synth has reported already, does not ring every day.
   */
  private slackPerMeter(): Decimal {
    const covered = entriesBelow(this.context.covers);
    if (this.slackOf?.entries !== covered.length) {
      const left = this.context.limit.minus(sum(covered.map(({ estimate }) => decimal(estimate.knownMonthlyUsd))));
      this.slackOf = { entries: covered.length, perMeter: left.cmp(ZERO) > 0 ? left.div(decimal(this.meters.size)) : ZERO };
    }
    return this.slackOf.perMeter;
  }
}
