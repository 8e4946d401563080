import { Lazy, Names, Stack } from 'aws-cdk-lib';
import { CfnAlarm, CfnAlarmProps } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { RegisteredMonitor } from '../../estimates/registry';
import { registeredMonitor, RunningCost } from '../../estimates/running-cost';
import { MetricName } from '../../lambda/month-to-date/contract';
import { formatUsd } from '../../pricing/format';
import { resourceMetric, shorten } from '../scope/budget-metrics';
import { BudgetScope } from '../scope/budget-scope';
import { BatchEntry } from '../scope/stack-monitor-plan';

/** Alarms on runs of batch jobs that fail, do not end, or cost more than estimated. */
export class BatchAlarms extends Construct {
  private metrics = 0;

  constructor(scope: Construct, id: string, private readonly budget: BudgetScope) {
    super(scope, id);
  }

  public add(entry: BatchEntry): void {
    this.metrics += 3;
    const { construct, batchJobs: { stateMachineArn } } = entry;
    const { path } = construct.node;
    const id = Names.nodeUniqueId(construct.node).slice(-40);
    const executions = { namespace: 'AWS/States', dimensions: [{ name: 'StateMachineArn', value: stateMachineArn }], statistic: 'Sum', period: 300, threshold: 0 };
    this.alarm(`Failed${id}`, { ...executions, metricName: 'ExecutionsFailed' },
      () => `A run of ${path} was refused, failed, or left records without a result. Processed records are billed.${priceOf(entry)} The execution of the state machine has the reason.`);
    this.alarm(`Stuck${id}`, { ...executions, metricName: 'ExecutionsTimedOut' },
      () => `A run of ${path} did not end within a day of the timeout of its jobs. Check its jobs, and stop them if necessary.${priceOf(entry)}`);
    // Without a price, its metric is not published.
    this.alarm(`Costlier${id}`, {
      ...resourceMetric(this.budget, MetricName.BATCH_COST_RATIO, path),
      // Published at each count while a job is younger than a day: an hour without a value ends the alarm.
      period: 3600,
      treatMissingData: 'notBreaching',
      threshold: this.budget.settings.batchCostFactor,
    }, () => `The batch jobs of ${path} that ended within the last 24 hours cost more than ${this.budget.settings.batchCostFactor} times `
      + `their estimate.${priceOf(entry)} Correct the usage or the prompts.`);
  }

  public monitors(): RegisteredMonitor[] {
    if (this.metrics === 0) return [];
    return [registeredMonitor(this, 'batch jobs: failed, stuck, costlier', 'minutes after the end of a job; stuck a day after its timeout',
      new RunningCost().add('cloudwatch-alarm-metric', this.metrics, 'metrics that alarms read'))];
  }

  private alarm(id: string, metric: Partial<CfnAlarmProps>, description: () => string): void {
    new CfnAlarm(this, id, {
      evaluationPeriods: 1,
      comparisonOperator: 'GreaterThanThreshold',
      treatMissingData: 'notBreaching',
      ...metric,
      alarmDescription: Lazy.string({ produce: () => shorten(description()) }),
      alarmActions: [this.budget.topics.arnIn(Stack.of(this))],
    });
  }
}

function priceOf({ estimate }: BatchEntry): string {
  const perJob = estimate.unitCosts.find(({ unit }) => unit === 'job');
  return perJob ? ` A run is estimated to cost ${formatUsd(perJob.usd)}.` : '';
}
