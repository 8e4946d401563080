import { Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { BatchAlarms } from './batch-alarms';
import { BurnRateAlarms } from './burn-rate-alarms';
import { WatchContext } from './context';
import { Meter } from './meter';
import { BatchEntry, CountingRole, MonthToDateFunction, ThroughputEntry } from './month-to-date-function';
import { ThroughputAlarms } from './throughput-alarms';
import { RegisteredGuard } from '../../estimates/registry';

/**
 * What watches the part of a budget that one stack is.
 *
 * It stands in the stack of the resources that it watches: CloudWatch alarms see only their own region, and CDK would let
 * one in another region watch nothing for ever, without a word.
 */
export class StackWatch extends Construct {
  private readonly counting: MonthToDateFunction;
  private burnRates: BurnRateAlarms | undefined;
  private throughputs: ThroughputAlarms | undefined;
  private batches: BatchAlarms | undefined;

  constructor(scope: Construct, id: string, private readonly context: WatchContext, role: CountingRole) {
    super(scope, id);
    this.counting = new MonthToDateFunction(this, 'MonthToDate', context, role);
  }

  /** Adds up what the function of another stack counts. */
  public addPart(stack: Stack): void {
    this.counting.addPart(stack);
  }

  /** True when one more alarm is needed to add up all token metrics of the budget. */
  public addMeter(meter: Meter): boolean {
    this.counting.addMeter(meter);
    return this.burnRateAlarms.add(meter);
  }

  /** Watches the pace of the whole budget. */
  public addWhole(): void {
    this.burnRateAlarms.addWhole();
  }

  public addThroughput(entry: ThroughputEntry): void {
    (this.throughputs ??= new ThroughputAlarms(this, 'Throughput', this.context)).add(entry);
    this.counting.addThroughput(entry);
  }

  public addBatch(entry: BatchEntry): void {
    (this.batches ??= new BatchAlarms(this, 'Batch', this.context)).add(entry);
    this.counting.addBatch(entry);
  }

  private get burnRateAlarms(): BurnRateAlarms {
    return (this.burnRates ??= new BurnRateAlarms(this, 'BurnRate', this.context));
  }

  public guards(): RegisteredGuard[] {
    return [this.burnRates, this.counting, this.throughputs, this.batches].flatMap((part) => part?.guards() ?? []);
  }
}
