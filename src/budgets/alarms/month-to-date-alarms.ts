import { Stack } from 'aws-cdk-lib';
import { CfnAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { RegisteredMonitor } from '../../estimates/registry';
import { registeredMonitor, RunningCost } from '../../estimates/running-cost';
import { MetricName } from '../../lambda/month-to-date/contract';
import { formatUsd } from '../../pricing/format';
import { budgetMetric, BudgetMetricName, limitText, shareOfLimit, shorten } from '../scope/budget-metrics';
import { BudgetScope } from '../scope/budget-scope';

/** Consecutive forecasts above the limit that trigger an alarm: a single count in the middle of an hour may be inaccurate. */
const FORECASTS_IN_A_ROW = 3;
const SILENT_HOURS = 3;

/** The alarms on the month-to-date cost, on the forecast of the month, and on missing counts. */
export class MonthToDateAlarms extends Construct {
  private metrics = 0;

  constructor(scope: Construct, id: string, private readonly budget: BudgetScope) {
    super(scope, id);
    const { path, settings: { limit, interval, thresholdPercents, forecastThresholdPercents } } = budget;
    for (const percent of thresholdPercents) {
      this.alarm(`Spent${idOf(percent)}`, MetricName.MONTH_TO_DATE, percent, 1,
        `Amazon Bedrock has cost ${percent >= 100 ? 'more than' : 'at least'} ${percent} % of the ${limitText(budget)} of ${path} since the month began (UTC)`
        + `${percent === 100 ? ': the budget is exceeded' : ''}. Counted from CloudWatch metrics every ${interval.toMinutes()} minutes.`);
    }
    for (const percent of forecastThresholdPercents) {
      this.alarm(`Forecast${idOf(percent)}`, MetricName.FORECAST, percent, FORECASTS_IN_A_ROW,
        `Amazon Bedrock is forecast to cost more than ${percent} % of the ${limitText(budget)} of ${path} by the end of the month (UTC), if usage continues as in the last weeks.`);
    }
    // The alarm on the function that the budgets of a stack share also fires when no cost is counted.
    if (!budget.planOf(budget.home).hasTokenAlarms) return;
    this.silence(`No cost has been counted for ${path} for ${SILENT_HOURS} hours: the cost of Amazon Bedrock this month is unknown, and the limit of ${formatUsd(limit)} a month is not monitored. `
      + 'Check the errors of the month-to-date function.');
  }

  public monitors(): RegisteredMonitor[] {
    const { interval } = this.budget.settings;
    return [registeredMonitor(this, 'month-to-date and forecast alarms', `up to ${interval.toMinutes()} minutes; the forecast ${FORECASTS_IN_A_ROW} times that`,
      new RunningCost().add('cloudwatch-alarm-metric', this.metrics, 'metrics that alarms read'))];
  }

  private alarm(id: string, metricName: BudgetMetricName, percent: number, inARow: number, description: string): void {
    this.metrics += this.budget.settings.plannedLimitsUsd ? 2 : 1;
    new CfnAlarm(this, id, {
      ...shareOfLimit(this.budget, metricName, percent),
      alarmDescription: shorten(description),
      evaluationPeriods: inARow,
      datapointsToAlarm: inARow,
      alarmActions: [this.topicArn],
    });
  }

  /** Creates an alarm that notifies when its data ends. Its first state is the one without data, so it does not notify before the first count. */
  private silence(description: string): void {
    this.metrics += 1;
    new CfnAlarm(this, 'NotCounted', {
      alarmDescription: shorten(description),
      comparisonOperator: 'LessThanThreshold',
      threshold: 0,
      evaluationPeriods: SILENT_HOURS,
      treatMissingData: 'missing',
      insufficientDataActions: [this.topicArn],
      ...budgetMetric(this.budget, MetricName.MONTH_TO_DATE),
      statistic: 'Maximum',
      period: 3600,
    });
  }

  private get topicArn(): string {
    return this.budget.topics.arnIn(Stack.of(this));
  }
}

/** Renders a percentage as part of an id: `100`, `87_5`. */
function idOf(percent: number): string {
  return String(percent).replace('.', '_');
}
