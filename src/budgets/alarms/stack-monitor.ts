import { Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { BatchAlarms } from './batch-alarms';
import { BurnRateAlarms } from './burn-rate-alarms';
import { MonthToDateFunction } from './month-to-date-function';
import { ThroughputAlarms } from './throughput-alarms';
import { RegisteredGuard } from '../../estimates/registry';
import { BatchEntry, isPriced, StackMonitorPlan, ThroughputEntry } from '../scope/stack-monitor-plan';

/**
 * The monitors of one stack's part of a budget.
 *
 * They are in the stack of the resources that they monitor: a CloudWatch alarm reads metrics of its own region only, and CDK
 * accepts an alarm in another region, where it would never fire.
 */
export class StackMonitor extends Construct {
  private readonly counting: MonthToDateFunction;
  private burnRates: BurnRateAlarms | undefined;
  private throughputs: ThroughputAlarms | undefined;
  private batches: BatchAlarms | undefined;

  constructor(scope: Construct, id: string, private readonly plan: StackMonitorPlan) {
    super(scope, id);
    this.counting = new MonthToDateFunction(this, 'MonthToDate', [plan]);
  }

  /** Adds up the costs that the function of another stack counts. */
  public addPart(stack: Stack): void {
    this.counting.grantReadPart(this.plan, stack);
  }

  /** Monitors the burn rates of meters that were added to the plan. */
  public updateBurnRateAlarms(): void {
    this.burnRateAlarms.update();
  }

  /** Monitors the burn rates of the whole budget. */
  public addTotalBurnRate(): void {
    this.burnRateAlarms.addTotal();
  }

  public addThroughput(entry: ThroughputEntry): void {
    (this.throughputs ??= new ThroughputAlarms(this, 'Throughput', this.plan.scope)).add(entry);
    this.plan.addThroughput(entry);
    this.counting.grantReadThroughput(entry);
  }

  public addBatch(entry: BatchEntry): void {
    (this.batches ??= new BatchAlarms(this, 'Batch', this.plan.scope)).add(entry);
    if (!isPriced(entry)) return;
    this.plan.addBatch(entry);
    this.counting.grantReadBatch(entry);
  }

  public monitors(): RegisteredGuard[] {
    return [this.burnRates, this.counting, this.throughputs, this.batches].flatMap((part) => part?.monitors() ?? []);
  }

  private get burnRateAlarms(): BurnRateAlarms {
    return (this.burnRates ??= new BurnRateAlarms(this, 'BurnRate', this.plan));
  }
}
