import { Duration, Lazy, Stack } from 'aws-cdk-lib';
import { CfnAlarm, CfnCompositeAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { describeRate, describeWindow } from './burn-rate-text';
import { meterSpendAlarm, SpendAlarmProps, totalSpendAlarm } from './spend-alarm';
import { RegisteredMonitor } from '../../estimates/registry';
import { registeredMonitor, RunningCost } from '../../estimates/running-cost';
import { BurnRate, windowsOf } from '../burn-rate';
import { burnThreshold, shorten } from '../scope/budget-metrics';
import { Meter } from '../scope/meter';
import { StackMonitorPlan } from '../scope/stack-monitor-plan';

/** The alarms of one burn rate on the same metrics: for its window, and for its short window if it has one. */
interface Pair {
  readonly long: CfnAlarm;
  readonly short?: CfnAlarm;
}

/** Creates the alarm of one window of a burn rate, with an id prefix such as `Burn1Long`. */
type AlarmOf = (idPrefix: string, props: SpendAlarmProps) => CfnAlarm;

/**
 * The burn-rate alarms of a budget in a stack whose alarms read its token metrics.
 *
 * Each cost is compared with the limit of the whole budget. If the budget covers other stacks as well, or requests that name a model by
 * its ARN, alarms on the total monitor all of it (`addTotal`). If a burn rate has several alarms or two windows, they are children of a
 * composite alarm, and only the composite alarm notifies.
 */
export class BurnRateAlarms extends Construct {
  /** The alarms of each burn rate. */
  private readonly pairs: Pair[][];
  /** The composite alarm of each burn rate that needs one. */
  private readonly composites: (CfnCompositeAlarm | undefined)[];
  private hasMeters = false;
  private hasTotal = false;

  constructor(scope: Construct, id: string, private readonly plan: StackMonitorPlan) {
    super(scope, id);
    this.pairs = this.burnRates.map(() => []);
    this.composites = this.burnRates.map(() => undefined);
  }

  /** Monitors the meters of the plan that fit into one alarm. */
  public addMeters(): void {
    if (this.hasMeters) return;
    this.hasMeters = true;
    const meters = () => this.plan.alarmMeters;
    this.addPairs(meters, (idPrefix, props) => meterSpendAlarm(this, `${idPrefix}1`, meters, props));
  }

  /** Monitors the cost of the whole budget, which the month-to-date function publishes. */
  public addTotal(): void {
    if (this.hasTotal) return;
    this.hasTotal = true;
    this.addPairs(() => [], (idPrefix, props) => totalSpendAlarm(this, `${idPrefix}Whole`, this.plan.scope, props));
  }

  public monitors(): RegisteredMonitor[] {
    const windows = this.burnRates.flatMap(windowsOf).length;
    const metrics = this.plan.alarmMeters.reduce((count, { metricsOfId }) => count + metricsOfId, 0) + (this.hasTotal ? 1 : 0);
    return [registeredMonitor(this, 'burn-rate alarms', 'minutes after the burn rate is exceeded over its window', new RunningCost()
      .add('cloudwatch-alarm-metric', metrics * windows, 'metrics that alarms read')
      .add('cloudwatch-composite-alarm', this.composites.filter((composite) => composite !== undefined).length, 'composite alarms'))];
  }

  private addPairs(meters: () => readonly Meter[], alarmOf: AlarmOf): void {
    const { scope } = this.plan;
    this.burnRates.forEach((rate, i) => {
      const alarm = (kind: 'Long' | 'Short', window: Duration) => alarmOf(`Burn${i + 1}${kind}`, {
        window,
        threshold: () => Number(burnThreshold(scope, rate, window)),
        description: () => describeWindow(scope, rate, window, meters()),
        actions: () => (this.composites[i] ? [] : [this.topicArn]),
      });
      this.pairs[i].push({ long: alarm('Long', rate.window), ...(rate.shortWindow ? { short: alarm('Short', rate.shortWindow) } : {}) });
      // A single alarm with one window notifies by itself.
      if (rate.shortWindow || this.pairs[i].length > 1) this.composites[i] ??= this.composite(rate, i);
    });
  }

  private composite(rate: BurnRate, i: number): CfnCompositeAlarm {
    return new CfnCompositeAlarm(this, `Burn${i + 1}Any1`, {
      alarmDescription: Lazy.string({ produce: () => shorten(describeRate(this.plan.scope, rate, this.plan.meters)) }),
      alarmRule: Lazy.uncachedString({ produce: () => rule(this.pairs[i]) }),
      alarmActions: [this.topicArn],
    });
  }

  private get burnRates(): readonly BurnRate[] {
    return this.plan.scope.settings.burnRates;
  }

  private get topicArn(): string {
    return this.plan.scope.topics.arnIn(Stack.of(this));
  }
}

/** Renders the rule of a composite alarm: `(ALARM("a") AND ALARM("b")) OR ...`. */
function rule(pairs: readonly Pair[]): string {
  const inAlarm = ({ ref }: CfnAlarm) => `ALARM("${ref}")`;
  return pairs.map(({ long, short }) => (short ? `(${inAlarm(long)} AND ${inAlarm(short)})` : inAlarm(long))).join(' OR ');
}
