import { Duration, Lazy, Stack } from 'aws-cdk-lib';
import { CfnAlarm, CfnCompositeAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { spentAlarm } from './budget-metrics';
import { BurnRate, describeBurnRate, describeLast } from './burn-rate';
import { WatchContext } from './context';
import { Meter } from './meter';
import { roundedDollars, shorten, spendAlarm } from './spend-alarm';
import { Limit } from '../../aws/limits';
import { RegisteredGuard } from '../../estimates/registry';
import { guard, RunningCost } from '../../estimates/running-cost';
import { Decimal, decimal } from '../../pricing/decimal';
import { formatUsd } from '../../pricing/format';

/** Children of one composite alarm, by the length of its rule: each is a name, with `ALARM("")`, operators and parentheses. */
const MAX_CHILDREN = Math.floor(Limit.ALARM_RULE / (Limit.ALARM_NAME + 25));

/** What is judged at one burn rate, over one window or two. */
interface Pair {
  readonly long: CfnAlarm;
  readonly short?: CfnAlarm;
}

/** Makes the alarm of one window; `kind` tells it from the other window's. */
type AlarmOf = (kind: 'Long' | 'Short', window: Duration) => CfnAlarm;

/**
 * The burn-rate alarms of a budget in one stack.
 *
 * One alarm adds up at most 10 metrics, so that many meters are spread over several. Each is compared with the pace of the
 * whole budget: whatever it adds up is a part of what is spent, so that it never fires while the whole is within the pace,
 * however the use is spread. What only all of them together exceed is told by the whole, which the function that counts
 * publishes (`addWhole`), and which has the requests that name a model by its ARN, too. As soon as there are several alarms for one burn rate, or two windows, they are children of a
 * composite alarm, which alone notifies.
 */
export class BurnRateAlarms extends Construct {
  /** Groups of meters, one alarm for each. */
  private readonly groups: Meter[][] = [];
  /** For each burn rate what is judged, and the composite alarms above it. */
  private readonly pairs: Pair[][];
  private readonly composites: CfnCompositeAlarm[][];
  private watchesWhole = false;

  constructor(scope: Construct, id: string, private readonly context: WatchContext) {
    super(scope, id);
    this.pairs = context.burnRates.map(() => []);
    this.composites = context.burnRates.map(() => []);
  }

  /** True when it makes another group of alarms necessary. */
  public add(meter: Meter): boolean {
    const last = this.groups[this.groups.length - 1];
    if (last && roomOf(last) + meter.room <= Limit.METRICS_OF_MATH_ALARM) {
      last.push(meter);
      return false;
    }
    const group = [meter];
    this.groups.push(group);
    const ordinal = this.groups.length;
    this.judge((rate, i) => (kind, window) => spendAlarm(this, `Burn${i + 1}${kind}${ordinal}`, {
      window,
      meters: group,
      threshold: () => this.threshold(rate, window),
      description: () => this.describe(rate, window, group),
      actions: () => this.actionsOf(i),
    }));
    return true;
  }

  /** Watches what the function that counts says of the whole budget. */
  public addWhole(): void {
    this.watchesWhole = true;
    this.judge((rate, i) => (kind, window) => spentAlarm(this, `Burn${i + 1}${kind}Whole`, this.context, {
      window, threshold: () => this.threshold(rate, window), description: () => this.describe(rate, window, []), actions: () => this.actionsOf(i),
    }));
  }

  /** What they cost a month themselves. */
  public guards(): RegisteredGuard[] {
    const windows = this.context.burnRates.reduce((count, { shortWindow }) => count + (shortWindow ? 2 : 1), 0);
    const metrics = this.groups.reduce((count, group) => count + metricsOf(group), 0) + (this.watchesWhole ? 1 : 0);
    const composites = this.composites.reduce((count, { length }) => count + length, 0);
    return metrics === 0 ? [] : [guard(this, 'burn-rate alarms', 'minutes after the pace is exceeded for its window', new RunningCost()
      .add('cloudwatch-alarm-metric', metrics * windows, 'metrics that alarms read')
      .add('cloudwatch-composite-alarm', composites, 'composite alarms'))];
  }

  private judge(alarmOf: (rate: BurnRate, i: number) => AlarmOf): void {
    this.context.burnRates.forEach((rate, i) => {
      const alarm = alarmOf(rate, i);
      this.pairs[i].push({ long: alarm('Long', rate.window), ...(rate.shortWindow ? { short: alarm('Short', rate.shortWindow) } : {}) });
      // Alone, an alarm with one window notifies by itself.
      if (rate.shortWindow || this.pairs[i].length > 1) this.compositeFor(rate, i);
    });
  }

  /** A composite for every so many children. */
  private compositeFor(rate: BurnRate, i: number): void {
    const [pairs, composites] = [this.pairs[i], this.composites[i]];
    const pairsOfOne = Math.floor(MAX_CHILDREN / (rate.shortWindow ? 2 : 1));
    for (let n = composites.length; n < Math.ceil(pairs.length / pairsOfOne); n++) {
      composites.push(new CfnCompositeAlarm(this, `Burn${i + 1}Any${n + 1}`, {
        alarmDescription: Lazy.string({ produce: () => shorten(this.describeComposite(rate)) }),
        alarmRule: Lazy.string({ produce: () => rule(pairs.slice(n * pairsOfOne, (n + 1) * pairsOfOne)) }),
        alarmActions: [this.topicArn],
      }));
    }
  }

  private actionsOf(i: number): string[] {
    return this.composites[i].length > 0 ? [] : [this.topicArn];
  }

  private get topicArn(): string {
    return this.context.topics.arnIn(Stack.of(this));
  }

  /** The even share of the window in the month, times the factor. */
  private threshold({ factor }: BurnRate, window: Duration): Decimal {
    const { tokenAllowance, hoursPerMonth } = this.context;
    return tokenAllowance().times(decimal(factor)).times(decimal(window.toMinutes())).div(decimal(hoursPerMonth()).times(decimal(60)));
  }

  private describe(rate: BurnRate, window: Duration, meters: readonly Meter[]): string {
    return [
      `Bedrock use of the ${describeLast(window)} costs more than ${formatUsd(roundedDollars(this.threshold(rate, window)))}: `
      + `${rate.factor} times the even pace of ${this.limitText}.`,
      ...this.consequence(rate, meters),
    ].join(' ');
  }

  private describeComposite(rate: BurnRate): string {
    return [`Bedrock use over the last ${describeBurnRate(rate)} of ${this.limitText}.`, ...this.consequence(rate, this.groups.flat())].join(' ');
  }

  private consequence({ factor }: BurnRate, meters: readonly Meter[]): string[] {
    const hours = Math.floor(this.context.hoursPerMonth() / factor);
    const shared = meters.filter((meter) => meter.shared).map(({ modelId }) => modelId);
    const basis = [...new Set(meters.flatMap(({ entries }) => entries.flatMap(({ tokenMetrics }) => tokenMetrics.priceBasis ?? [])))];
    return [
      `At that pace the month's budget is gone in ${hours < 72 ? `${hours} hours` : `${Math.floor(hours / 24)} days`}.`,
      ...(basis.length > 0 ? [`Priced with ${basis.join(', ')}.`] : []),
      ...(shared.length > 0 ? [`Counts every call of ${shared.join(', ')} in this account and region.`] : []),
      `Watches ${meters.length > 0 ? meters.map(({ resource }) => resource).join(', ') : 'all that the budget covers'}.`,
    ];
  }

  private get limitText(): string {
    const { budget, limit, tokenAllowance } = this.context;
    const allowance = tokenAllowance();
    const left = allowance.cmp(limit) < 0 ? `, which leaves ${formatUsd(allowance)} for tokens` : '';
    return `the ${formatUsd(limit)} a month of ${budget.node.path}${left}`;
  }
}

/** `(ALARM("a") AND ALARM("b")) OR ...` */
function rule(pairs: readonly Pair[]): string {
  const inAlarm = ({ ref }: CfnAlarm) => `ALARM("${ref}")`;
  return pairs.map(({ long, short }) => (short ? `(${inAlarm(long)} AND ${inAlarm(short)})` : inAlarm(long))).join(' OR ');
}

function roomOf(meters: readonly Meter[]): number {
  return meters.reduce((count, { room }) => count + room, 0);
}

function metricsOf(meters: readonly Meter[]): number {
  return meters.reduce((count, { metricsOfId }) => count + metricsOfId, 0);
}
