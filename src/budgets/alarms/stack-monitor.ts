import { Construct } from 'constructs';
import { BatchAlarms } from './batch-alarms';
import { BurnRateAlarms } from './burn-rate-alarms';
import { BurnRatioAlarm } from './burn-ratio-alarm';
import { MonthToDateFunction } from './month-to-date-function';
import { ThroughputAlarms } from './throughput-alarms';
import { RegisteredMonitor } from '../../estimates/registry';
import { BatchEntry, StackMonitorPlan, ThroughputEntry } from '../scope/stack-monitor-plan';

/**
 * The monitors of one stack's part of a budget.
 *
 * They are in the stack of the resources that they monitor: a CloudWatch alarm reads metrics of its own region only, and CDK
 * accepts an alarm in another region, where it would never fire.
 */
export class StackMonitor extends Construct {
  private counting: MonthToDateFunction | undefined;
  private burnRates: BurnRateAlarms | undefined;
  private burnRatio: BurnRatioAlarm | undefined;
  private throughputs: ThroughputAlarms | undefined;
  private batches: BatchAlarms | undefined;

  constructor(scope: Construct, id: string, private readonly plan: StackMonitorPlan) {
    super(scope, id);
  }

  /** Creates the function, unless the budgets of the stack share one, and the alarms on burn rates. Called at synthesis. */
  public build(): void {
    this.counting = this.plan.hasTokenAlarms
      ? new MonthToDateFunction(this, 'MonthToDate', [this.plan]) : MonthToDateFunction.sharedIn(this.plan.stack);
    this.update();
  }

  /** Follows a plan that has grown after the monitors were created. */
  public update(): void {
    if (!this.counting) return;
    const { hasTokenAlarms, meters, isHome, scope, publishesBurnRatio } = this.plan;
    this.counting.update();
    if (hasTokenAlarms && meters.length > 0) this.burnRateAlarms.addMeters();
    if (isHome && scope.publishesWindows) this.burnRateAlarms.addTotal();
    if (publishesBurnRatio) this.burnRatio ??= new BurnRatioAlarm(this, 'BurnRatio', this.plan);
  }

  public addThroughput(entry: ThroughputEntry): void {
    (this.throughputs ??= new ThroughputAlarms(this, 'Throughput', this.plan.scope)).add(entry);
    this.plan.addThroughput(entry);
  }

  public addBatch(entry: BatchEntry): void {
    (this.batches ??= new BatchAlarms(this, 'Batch', this.plan.scope)).add(entry);
    this.plan.addBatch(entry);
  }

  public monitors(): RegisteredMonitor[] {
    return [
      ...[this.burnRates, this.burnRatio].flatMap((part) => part?.monitors() ?? []),
      ...this.counting?.monitorsOf(this.plan) ?? [],
      ...[this.throughputs, this.batches].flatMap((part) => part?.monitors() ?? []),
    ];
  }

  private get burnRateAlarms(): BurnRateAlarms {
    return (this.burnRates ??= new BurnRateAlarms(this, 'BurnRate', this.plan));
  }
}
