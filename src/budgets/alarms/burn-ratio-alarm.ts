import { Lazy } from 'aws-cdk-lib';
import { CfnAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { describeRates } from './burn-rate-text';
import { RegisteredMonitor } from '../../estimates/registry';
import { registeredMonitor, RunningCost } from '../../estimates/running-cost';
import { Dimension, MetricName } from '../../lambda/month-to-date/contract';
import { budgetMetric, shorten } from '../scope/budget-metrics';
import { plainName } from '../scope/names';
import { StackMonitorPlan } from '../scope/stack-monitor-plan';

/**
 * The alarm on the highest burn rate of a budget. The month-to-date function publishes it as one ratio: the cost within the windows of a
 * burn rate, divided by their thresholds.
 */
export class BurnRatioAlarm extends Construct {
  constructor(scope: Construct, id: string, private readonly plan: StackMonitorPlan) {
    super(scope, id);
    const { stack, scope: budget, isHome } = plan;
    const { dimensions, ...metric } = budgetMetric(budget, MetricName.BURN_RATIO);
    new CfnAlarm(this, 'Resource', {
      alarmDescription: Lazy.string({ produce: () => shorten(describeRates(budget, isHome ? budget.metersOfAccount : plan.meters)) }),
      ...metric,
      // The function of a stack in another account publishes its own part only.
      dimensions: [...dimensions, ...(isHome ? [] : [{ name: Dimension.STACK, value: plainName(stack.node.path) }])],
      statistic: 'Maximum',
      period: budget.settings.interval.toSeconds(),
      evaluationPeriods: 1,
      comparisonOperator: 'GreaterThanThreshold',
      threshold: 1,
      // A gap between two counts does not end the alarm.
      treatMissingData: 'ignore',
      alarmActions: [budget.topics.arnIn(stack)],
    });
  }

  public monitors(): RegisteredMonitor[] {
    const minutes = this.plan.scope.settings.interval.toMinutes();
    return [registeredMonitor(this, 'burn-rate alarm', `up to ${minutes} minutes after the burn rate is exceeded over its window`, new RunningCost()
      .add('cloudwatch-alarm-metric', 1, 'metrics that alarms read'))];
  }
}
