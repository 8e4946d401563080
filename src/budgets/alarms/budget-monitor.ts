import { Names, Stack, Token } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { buildAtSynthesis } from './build-at-synthesis';
import { MonthToDateAlarms } from './month-to-date-alarms';
import { StackMonitor } from './stack-monitor';
import { addFinding } from '../../estimates/findings';
import { CostEntry, isInTree, priceEntries, RegisteredMonitor, whenPriced } from '../../estimates/registry';
import { callerLocation } from '../../estimates/source-location';
import { MESSAGES } from '../../messages';
import { OnDemandUsage } from '../../pricing/billing-modes/on-demand';
import { BudgetScope } from '../scope/budget-scope';
import { differentPrices, isMetered, Meter, MeteredEntry } from '../scope/meter';
import { isBatchEntry, isThroughputEntry } from '../scope/stack-monitor-plan';

/**
 * The monitors of a budget: a function and alarms in each covered stack, and alarms on the total in the stack of the budget. The
 * function and the alarms that depend on it are created at synthesis.
 *
 * The ids of its constructs (`BedrockCostWatch...`) are part of logical ids, and so keep their names.
 */
export class BudgetMonitor extends Construct {
  private readonly stacks = new Map<Stack, StackMonitor>();
  private totalAlarms: MonthToDateAlarms | undefined;
  /** The meters whose prices were reported to differ. */
  private readonly differing = new Set<Meter>();
  private readonly source = callerLocation();

  constructor(scope: Construct, id: string, private readonly budget: BudgetScope) {
    super(scope, id);
    budget.onEntry((entry) => this.monitor(entry));
  }

  /** The monitors with their detection delays and their own costs. */
  public monitors(): RegisteredMonitor[] {
    return [...[...this.stacks.values()].flatMap((stack) => stack.monitors()), ...this.totalAlarms?.monitors() ?? []];
  }

  private monitor(entry: CostEntry): void {
    const stack = Stack.of(entry.construct);
    whenPriced(entry.construct, () => this.review(entry));
    if (isMetered(entry)) this.monitorTokens(entry, stack);
    if (isThroughputEntry(entry)) this.monitorOf(stack).addThroughput(entry);
    if (isBatchEntry(entry)) this.monitorOf(stack).addBatch(entry);
    for (const monitor of this.stacks.values()) monitor.update();
    const { topics } = this.budget;
    entry.notify?.(topics.arnIn(stack), (grantee) => topics.grantPublish(stack, grantee));
  }

  /** Reports the usage of an entry that is not counted. Called when it is priced. */
  private review(entry: CostEntry): void {
    const { path } = entry.construct.node;
    const uncounted = uncountedFields(entry);
    if (uncounted.length > 0) this.warn(`${path} has ${uncounted.join(', ')}, which CloudWatch does not count`);
    const tokens = uncountedTokens(entry);
    if (tokens.length > 0) this.warn(`the cost of ${path} is not counted, since ${tokens.join(', ')} is a token`);
    const meter = isMetered(entry) ? this.budget.meterOf(entry) : undefined;
    if (!meter?.pricesDiffer || this.differing.has(meter)) return;
    this.differing.add(meter);
    addFinding(this.budget.budget, MESSAGES.highestPriceCounts, differentPrices(meter), this.source);
  }

  private monitorTokens(entry: MeteredEntry, stack: Stack): void {
    const { region } = entry.tokenMetrics;
    if (!Token.isUnresolved(stack.region) && region !== stack.region) {
      this.warn(`${entry.construct.node.path} is used in ${region ?? 'a region that is a token'}, which alarms in ${stack.node.path} (${stack.region}) cannot monitor`);
      return;
    }
    const known = this.budget.meterOf(entry);
    if (known) {
      known.add(entry);
      return;
    }
    this.monitorOf(stack);
    this.budget.addMeter(entry);
  }

  /** The monitor of a stack. The first one of the account of the budget comes with the monitor of the total, in the home stack. */
  private monitorOf(stack: Stack): StackMonitor {
    const { home } = this.budget;
    if (!this.stacks.has(home) && this.budget.isInAccount(stack)) {
      this.build(home, () => { this.totalAlarms = new MonthToDateAlarms(this, 'MonthToDate', this.budget); });
      this.addMonitor(home, this, 'Home');
    }
    return this.stacks.get(stack) ?? this.addMonitor(stack, stack, `BedrockCostWatch${Names.nodeUniqueId(this.node).slice(-8)}`);
  }

  private addMonitor(stack: Stack, scope: Construct, id: string): StackMonitor {
    const monitor = new StackMonitor(scope, id, this.budget.planOf(stack));
    this.stacks.set(stack, monitor);
    this.build(stack, () => monitor.build());
    return monitor;
  }

  /**
   * Builds at synthesis, unless the budget or the stack was removed from the tree by then. Monitors have the prices of the usage, whose
   * `Lazy` values are resolved before.
   */
  private build(stack: Stack, build: () => void): void {
    buildAtSynthesis(stack, () => {
      if (![this.budget.budget, stack].every(isInTree)) return;
      priceEntries(this.budget.covers);
      build();
    });
  }

  private warn(text: string): void {
    addFinding(this.budget.budget, MESSAGES.notWatched, text, this.source);
  }
}

/** Usage that is billed and not counted: CloudWatch has metrics of text tokens and of output images only. */
const UNCOUNTED = [
  'imagesPerRequest', 'documentImagesPerRequest', 'audioSecondsPerRequest', 'videoSecondsPerRequest',
  'inputImageTokensPerRequest', 'inputAudioTokensPerRequest', 'inputVideoTokensPerRequest', 'outputImageTokensPerRequest',
] as const satisfies readonly (keyof OnDemandUsage)[];

function uncountedFields({ pricedUsage }: CostEntry): string[] {
  const usage = pricedUsage?.usage ?? {};
  return UNCOUNTED.filter((field) => Number(usage[field]) > 0);
}

/** The CDK tokens because of which requests, purchases and jobs are not counted. */
function uncountedTokens({ isModelToken, throughput, batchJobs, pricedUsage }: CostEntry): readonly string[] {
  if (isModelToken) return ['model'];
  const isUncounted = (throughput && throughput.usdPerModelUnitHour === undefined) || (batchJobs && batchJobs.prices === undefined);
  return isUncounted ? pricedUsage?.unresolvedUsage ?? [] : [];
}
