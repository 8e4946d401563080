import { Duration, Lazy, Stack } from 'aws-cdk-lib';
import { CfnAlarm, CfnCompositeAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { BurnRate, describeBurnRate, describeLast } from './burn-rate';
import { WatchContext } from './context';
import { Meter } from './meter';
import { guard, RunningCost } from './running-cost';
import { MAX_METRICS, roundedDollars, shorten, spendAlarm } from './spend-alarm';
import { RegisteredGuard } from '../../estimates/registry';
import { Decimal, decimal } from '../../pricing/decimal';
import { formatUsd } from '../../pricing/format';

/**
 * How many children a composite alarm gets here. CloudWatch takes 100, but a rule of 10,240 characters, and the name of an
 * alarm may have 255.
 */
const MAX_CHILDREN = 36;

/** Alarms of one group of meters at one burn rate. */
interface Pair {
  readonly long: CfnAlarm;
  readonly short?: CfnAlarm;
}

/**
 * The burn-rate alarms of a budget in one stack.
 *
 * One alarm adds up at most 10 metrics, so that many meters are spread over several, each with its part of the allowance:
 * together they can never spend more than the whole unseen. As soon as there are several alarms for one burn rate, or two
 * windows, they are children of a composite alarm, which alone notifies.
 */
export class BurnRateAlarms extends Construct {
  /** Groups of meters, one alarm for each. */
  private readonly groups: Meter[][] = [];
  /** For each burn rate the alarms, and the composite alarms above them. */
  private readonly pairs: Pair[][];
  private readonly composites: CfnCompositeAlarm[][];

  constructor(scope: Construct, id: string, private readonly context: WatchContext) {
    super(scope, id);
    this.pairs = context.burnRates.map(() => []);
    this.composites = context.burnRates.map(() => []);
  }

  public add(meter: Meter): void {
    const last = this.groups[this.groups.length - 1];
    if (last && roomOf(last) + meter.room <= MAX_METRICS) {
      last.push(meter);
      return;
    }
    const group = [meter];
    this.groups.push(group);
    this.context.burnRates.forEach((rate, i) => this.addAlarms(rate, i, group));
  }

  /** What they cost a month themselves. */
  public guards(): RegisteredGuard[] {
    if (this.groups.length === 0) return [];
    const metrics = this.groups.reduce((count, group) => count + metricsOf(group), 0);
    const windows = this.context.burnRates.reduce((count, { shortWindow }) => count + (shortWindow ? 2 : 1), 0);
    const composites = this.composites.reduce((count, { length }) => count + length, 0);
    return [guard(this, 'burn-rate alarms', 'minutes after the pace is exceeded for its window', new RunningCost()
      .add('cloudwatch-alarm-metric', metrics * windows, 'metrics that alarms read')
      .add('cloudwatch-composite-alarm', composites, 'composite alarms'))];
  }

  private addAlarms(rate: BurnRate, i: number, group: readonly Meter[]): void {
    const pairs = this.pairs[i];
    const composites = this.composites[i];
    const ordinal = pairs.length + 1;
    const alarm = (kind: string, window: Duration) => spendAlarm(this, `Burn${i + 1}${kind}${ordinal}`, {
      window,
      meters: group,
      threshold: () => this.threshold(rate, window, group),
      description: () => this.describe(rate, window, group),
      actions: () => (composites.length > 0 ? [] : this.actions),
    });
    pairs.push({ long: alarm('Long', rate.window), ...(rate.shortWindow ? { short: alarm('Short', rate.shortWindow) } : {}) });
    // Alone, an alarm with one window notifies by itself.
    if (rate.shortWindow || ordinal > 1) this.compositeFor(rate, i);
  }

  /** A composite for every so many children. */
  private compositeFor(rate: BurnRate, i: number): void {
    const [pairs, composites] = [this.pairs[i], this.composites[i]];
    const pairsOfOne = Math.floor(MAX_CHILDREN / (rate.shortWindow ? 2 : 1));
    const needed = Math.ceil(pairs.length / pairsOfOne);
    for (let n = composites.length; n < needed; n++) {
      const part = <T>(all: readonly T[]) => all.slice(n * pairsOfOne, (n + 1) * pairsOfOne);
      composites.push(new CfnCompositeAlarm(this, `Burn${i + 1}Any${n + 1}`, {
        alarmDescription: Lazy.string({ produce: () => shorten(this.describeComposite(rate, part(this.groups))) }),
        alarmRule: Lazy.string({ produce: () => rule(part(pairs)) }),
        alarmActions: this.actions,
      }));
    }
  }

  private get actions(): string[] {
    return [this.context.topics.arnIn(Stack.of(this))];
  }

  /** The even share of the window in the month, times the factor. */
  private threshold({ factor }: BurnRate, window: Duration, meters: readonly Meter[]): Decimal {
    const { allowance, hoursPerMonth } = this.context;
    return allowance(meters).times(decimal(factor)).times(decimal(window.toMinutes())).div(decimal(hoursPerMonth()).times(decimal(60)));
  }

  private describe(rate: BurnRate, window: Duration, meters: readonly Meter[]): string {
    const { budget, limit, allowance } = this.context;
    const part = this.groups.length > 1 ? `, of which ${formatUsd(allowance(meters))} are for these` : '';
    return [
      `Bedrock use of the ${describeLast(window)} costs more than ${formatUsd(roundedDollars(this.threshold(rate, window, meters)))}: `
      + `${rate.factor} times the even pace of the ${formatUsd(limit)} a month of ${budget.node.path}${part}.`,
      ...this.consequence(rate),
      ...basisOf(meters),
      ...sharedOf(meters),
      `Watches ${meters.map(({ resource }) => resource).join(', ')}.`,
    ].join(' ');
  }

  private describeComposite(rate: BurnRate, groups: readonly (readonly Meter[])[]): string {
    const { budget, limit } = this.context;
    const meters = groups.flat();
    return [
      `Bedrock use over the last ${describeBurnRate(rate)} of the ${formatUsd(limit)} a month of ${budget.node.path}.`,
      ...this.consequence(rate),
      ...basisOf(meters),
      ...sharedOf(meters),
      `Watches ${meters.map(({ resource }) => resource).join(', ')}.`,
    ].join(' ');
  }

  private consequence({ factor }: BurnRate): string[] {
    const hours = Math.floor(this.context.hoursPerMonth() / factor);
    return [`At that pace the month's budget is gone in ${hours < 72 ? `${hours} hours` : `${Math.floor(hours / 24)} days`}.`];
  }
}

/** `(ALARM("a") AND ALARM("b")) OR ...` */
function rule(pairs: readonly Pair[]): string {
  const inAlarm = ({ ref }: CfnAlarm) => `ALARM("${ref}")`;
  return pairs.map(({ long, short }) => (short ? `(${inAlarm(long)} AND ${inAlarm(short)})` : inAlarm(long))).join(' OR ');
}

function basisOf(meters: readonly Meter[]): string[] {
  const basis = [...new Set(meters.flatMap(({ entries }) => entries.flatMap(({ tokenMetrics }) => tokenMetrics.priceBasis ?? [])))];
  return basis.length > 0 ? [`Priced with ${basis.join(', ')}.`] : [];
}

function sharedOf(meters: readonly Meter[]): string[] {
  const shared = meters.filter((meter) => meter.shared).map(({ modelId }) => modelId);
  return shared.length > 0 ? [`Counts every call of ${shared.join(', ')} in this account and region.`] : [];
}

function roomOf(meters: readonly Meter[]): number {
  return meters.reduce((count, { room }) => count + room, 0);
}

function metricsOf(meters: readonly Meter[]): number {
  return meters.reduce((count, { terms }) => count + terms.length, 0);
}
