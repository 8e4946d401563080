import { Stack } from 'aws-cdk-lib';
import { CfnAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { budgetMetric, BudgetMetricName, limitText, shareOfLimit } from './budget-metrics';
import { WatchContext } from './context';
import { shorten } from './spend-alarm';
import { RegisteredGuard } from '../../estimates/registry';
import { guard, RunningCost } from '../../estimates/running-cost';
import { MetricName } from '../../lambda/month-to-date/contract';
import { formatUsd } from '../../pricing/format';

/** How often in a row the forecast has to be over the limit: one count in the middle of an hour may be off. */
const FORECASTS_IN_A_ROW = 3;
const SILENT_HOURS = 3;

/** The alarms on what has been spent since the month began, on what it will be, and on nobody counting any more. */
export class MonthToDateAlarms extends Construct {
  private metrics = 0;

  constructor(scope: Construct, id: string, private readonly context: WatchContext) {
    super(scope, id);
    const { budget, limit, thresholdPercents, forecastThresholdPercents } = context;
    for (const percent of thresholdPercents) {
      this.alarm(`Spent${idOf(percent)}`, MetricName.MONTH_TO_DATE, percent, 1,
        `Bedrock has cost ${percent >= 100 ? 'more than' : 'at least'} ${percent} % of the ${limitText(context)} of ${budget.node.path} since the month began (UTC)`
        + `${percent === 100 ? ': it is over its limit' : ''}. Counted from CloudWatch metrics every ${context.interval.toMinutes()} minutes.`);
    }
    for (const percent of forecastThresholdPercents) {
      this.alarm(`Forecast${idOf(percent)}`, MetricName.FORECAST, percent, FORECASTS_IN_A_ROW,
        `Bedrock will have cost more than ${percent} % of the ${limitText(context)} of ${budget.node.path} by the end of the month (UTC), if the rest of it is like the last weeks.`);
    }
    this.silence(`Nothing has been counted for ${budget.node.path} for ${SILENT_HOURS} hours: what Bedrock costs this month is not known, and its limit of ${formatUsd(limit)} a month is not watched. `
      + 'Look at the errors of the function that counts.');
  }

  public guards(): RegisteredGuard[] {
    const { interval } = this.context;
    return [guard(this, 'month-to-date and forecast alarms', `up to ${interval.toMinutes()} minutes; the forecast ${FORECASTS_IN_A_ROW} times that`,
      new RunningCost().add('cloudwatch-alarm-metric', this.metrics, 'metrics that alarms read'))];
  }

  private alarm(id: string, metricName: BudgetMetricName, percent: number, inARow: number, description: string): void {
    this.metrics += this.context.plannedLimitsUsd ? 2 : 1;
    new CfnAlarm(this, id, {
      ...shareOfLimit(this.context, metricName, percent),
      alarmDescription: shorten(description),
      evaluationPeriods: inARow,
      datapointsToAlarm: inARow,
      alarmActions: [this.topicArn],
    });
  }

  /** An alarm that is told when it gets no data: at its creation it is in that state already, and says nothing. */
  private silence(description: string): void {
    this.metrics += 1;
    new CfnAlarm(this, 'NotCounted', {
      alarmDescription: shorten(description),
      comparisonOperator: 'LessThanThreshold',
      threshold: 0,
      evaluationPeriods: SILENT_HOURS,
      treatMissingData: 'missing',
      insufficientDataActions: [this.topicArn],
      ...budgetMetric(this.context, MetricName.MONTH_TO_DATE),
      statistic: 'Maximum',
      period: 3600,
    });
  }

  private get topicArn(): string {
    return this.context.topics.arnIn(Stack.of(this));
  }
}

/** `100`, `87_5` */
function idOf(percent: number): string {
  return String(percent).replace('.', '_');
}
