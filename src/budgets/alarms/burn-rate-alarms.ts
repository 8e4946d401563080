import { Duration, Lazy, Stack } from 'aws-cdk-lib';
import { CfnAlarm, CfnCompositeAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { meterSpendAlarm, SpendAlarmProps, totalSpendAlarm } from './spend-alarm';
import { Limit } from '../../aws/limits';
import { RegisteredGuard } from '../../estimates/registry';
import { guard, RunningCost } from '../../estimates/running-cost';
import { Decimal, decimal } from '../../pricing/decimal';
import { formatUsd } from '../../pricing/format';
import { BurnRate, describeBurnRate, describeLast } from '../burn-rate';
import { roundedDollars, shorten } from '../scope/budget-metrics';
import { Meter } from '../scope/meter';
import { StackMonitorPlan } from '../scope/stack-monitor-plan';

/** The maximum number of children of a composite alarm, by the length of its rule: each has a name, `ALARM("")`, operators and parentheses. */
const MAX_CHILDREN = Math.floor(Limit.ALARM_RULE / (Limit.ALARM_NAME + 25));

/** The alarms of one burn rate on the same metrics: for its window, and for its short window if it has one. */
interface Pair {
  readonly long: CfnAlarm;
  readonly short?: CfnAlarm;
}

/** Creates the alarm of one window of a burn rate. The id begins with `Burn1Long` or the like. */
type AlarmOf = (idPrefix: string, props: SpendAlarmProps) => CfnAlarm;

/**
 * The burn-rate alarms of a budget in one stack.
 *
 * One alarm adds up at most 10 metrics, so that many meters need several alarms (`meterGroups` of the plan). Each is compared
 * with the even pace of the whole budget: it adds up a part of the cost, so that it never fires while the whole budget is within
 * the pace, regardless of how the usage is distributed. If only all groups together exceed the pace, the alarm on the total fires
 * (`addTotal`). The total also has the requests that name a model by its ARN. If a burn rate has several alarms or two windows,
 * they are children of a composite alarm, and only that one notifies.
 */
export class BurnRateAlarms extends Construct {
  /** For each burn rate its alarms, and the composite alarms above them. */
  private readonly pairs: Pair[][];
  private readonly composites: CfnCompositeAlarm[][];
  /** The number of meter groups that have alarms. */
  private groups = 0;
  private hasTotal = false;

  constructor(scope: Construct, id: string, private readonly plan: StackMonitorPlan) {
    super(scope, id);
    this.pairs = this.burnRates.map(() => []);
    this.composites = this.burnRates.map(() => []);
  }

  /** Creates the alarms of new meter groups of the plan. Meters that join a group later are added to its alarms at synth. */
  public update(): void {
    const { meterGroups } = this.plan;
    while (this.groups < meterGroups.length) {
      const meters = meterGroups[this.groups];
      this.groups += 1;
      const ordinal = this.groups;
      this.addPairs(meters, (idPrefix, props) => meterSpendAlarm(this, `${idPrefix}${ordinal}`, meters, props));
    }
  }

  /** Monitors the cost of the whole budget, which the month-to-date function publishes. */
  public addTotal(): void {
    if (this.hasTotal) return;
    this.hasTotal = true;
    this.addPairs([], (idPrefix, props) => totalSpendAlarm(this, `${idPrefix}Whole`, this.plan.scope, props));
  }

  public monitors(): RegisteredGuard[] {
    const windows = this.burnRates.reduce((count, { shortWindow }) => count + (shortWindow ? 2 : 1), 0);
    const metrics = this.plan.meters.reduce((count, { metricsOfId }) => count + metricsOfId, 0) + (this.hasTotal ? 1 : 0);
    const composites = this.composites.reduce((count, { length }) => count + length, 0);
    return metrics === 0 ? [] : [guard(this, 'burn-rate alarms', 'minutes after the pace is exceeded for its window', new RunningCost()
      .add('cloudwatch-alarm-metric', metrics * windows, 'metrics that alarms read')
      .add('cloudwatch-composite-alarm', composites, 'composite alarms'))];
  }

  private addPairs(meters: readonly Meter[], alarmOf: AlarmOf): void {
    this.burnRates.forEach((rate, i) => {
      const alarm = (kind: 'Long' | 'Short', window: Duration) => alarmOf(`Burn${i + 1}${kind}`, {
        window,
        threshold: () => this.threshold(rate, window, this.plan.scope.tokenAllowance()),
        description: () => this.describe(rate, window, meters),
        actions: () => (this.composites[i].length > 0 ? [] : [this.topicArn]),
      });
      this.pairs[i].push({ long: alarm('Long', rate.window), ...(rate.shortWindow ? { short: alarm('Short', rate.shortWindow) } : {}) });
      // A single alarm with one window notifies by itself.
      if (rate.shortWindow || this.pairs[i].length > 1) this.addComposites(rate, i);
    });
  }

  /** Creates the composite alarms that the pairs of a burn rate need. */
  private addComposites(rate: BurnRate, i: number): void {
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

  private get burnRates(): readonly BurnRate[] {
    return this.plan.scope.settings.burnRates;
  }

  private get topicArn(): string {
    return this.plan.scope.topics.arnIn(Stack.of(this));
  }

  /** The even share of the window in the month, times the factor. */
  private threshold({ factor }: BurnRate, window: Duration, allowance: Decimal): Decimal {
    const hours = decimal(this.plan.scope.hoursPerMonth());
    return allowance.times(decimal(factor)).times(decimal(window.toMinutes())).div(hours.times(decimal(60)));
  }

  private describe(rate: BurnRate, window: Duration, meters: readonly Meter[]): string {
    const allowance = this.plan.scope.tokenAllowance();
    return [
      `Bedrock use of the ${describeLast(window)} costs more than ${formatUsd(roundedDollars(this.threshold(rate, window, allowance)))}: `
      + `${rate.factor} times the even pace of ${this.limitText(allowance)}.`,
      ...this.consequence(rate, meters),
    ].join(' ');
  }

  private describeComposite(rate: BurnRate): string {
    const limit = this.limitText(this.plan.scope.tokenAllowance());
    return [`Bedrock use over the last ${describeBurnRate(rate)} of ${limit}.`, ...this.consequence(rate, this.plan.meters)].join(' ');
  }

  private consequence({ factor }: BurnRate, meters: readonly Meter[]): string[] {
    const hours = Math.floor(this.plan.scope.hoursPerMonth() / factor);
    const shared = meters.filter((meter) => meter.shared).map(({ modelId }) => modelId);
    const basis = [...new Set(meters.flatMap(({ entries }) => entries.flatMap(({ tokenMetrics }) => tokenMetrics.priceBasis ?? [])))];
    return [
      `At that pace the month's budget is gone in ${hours < 72 ? `${hours} hours` : `${Math.floor(hours / 24)} days`}.`,
      ...(basis.length > 0 ? [`Priced with ${basis.join(', ')}.`] : []),
      ...(shared.length > 0 ? [`Counts every call of ${shared.join(', ')} in this account and region.`] : []),
      `Watches ${meters.length > 0 ? meters.map(({ resource }) => resource).join(', ') : 'all that the budget covers'}.`,
    ];
  }

  private limitText(allowance: Decimal): string {
    const { path, settings: { limit } } = this.plan.scope;
    const left = allowance.cmp(limit) < 0 ? `, which leaves ${formatUsd(allowance)} for tokens` : '';
    return `the ${formatUsd(limit)} a month of ${path}${left}`;
  }
}

/** `(ALARM("a") AND ALARM("b")) OR ...` */
function rule(pairs: readonly Pair[]): string {
  const inAlarm = ({ ref }: CfnAlarm) => `ALARM("${ref}")`;
  return pairs.map(({ long, short }) => (short ? `(${inAlarm(long)} AND ${inAlarm(short)})` : inAlarm(long))).join(' OR ');
}
