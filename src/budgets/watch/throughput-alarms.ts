import { Names, Stack } from 'aws-cdk-lib';
import { CfnAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { WatchContext } from './context';
import { ThroughputEntry } from './month-to-date-function';
import { plainName } from './names';
import { guard, RunningCost } from './running-cost';
import { shorten } from './spend-alarm';
import { RegisteredGuard } from '../../estimates/registry';
import { Dimension, MetricName, NAMESPACE } from '../../handlers/month-to-date.contract';
import { decimal } from '../../pricing/decimal';
import { formatUsd } from '../../pricing/format';

const IDLE_HOURS = 24;
const THROTTLED_PERIOD = 300;
const THROTTLED_PERIODS = 3;

/** Alarms on provisioned throughput, which costs the same whatever its traffic: nobody uses it, or it is too small. */
export class ThroughputAlarms extends Construct {
  private watched = 0;

  constructor(scope: Construct, id: string, private readonly context: WatchContext) {
    super(scope, id);
  }

  public add(entry: ThroughputEntry): void {
    const { construct, throughput: { arn, modelUnits, usdPerModelUnitHour } } = entry;
    if (arn === undefined) return;
    this.watched += 1;
    const { path } = construct.node;
    const hourly = decimal(usdPerModelUnitHour).times(decimal(modelUnits));
    const id = Names.nodeUniqueId(construct.node).slice(-40);
    const topicArn = this.context.topics.arnIn(Stack.of(this));
    const units = `${modelUnits} model unit${modelUnits === 1 ? '' : 's'}`;
    new CfnAlarm(this, `Idle${id}`, {
      alarmDescription: shorten(`Nobody has used the provisioned throughput ${path} for ${IDLE_HOURS} hours. Its ${units} cost ${formatUsd(hourly)} an hour all the same, `
        + `${formatUsd(hourly.times(decimal(24)))} a day. ${whatToDo(entry)}`),
      namespace: NAMESPACE,
      metricName: MetricName.IDLE_HOURS,
      dimensions: [{ name: Dimension.BUDGET, value: this.context.name }, { name: Dimension.RESOURCE, value: plainName(path) }],
      statistic: 'Maximum',
      period: this.context.interval.toSeconds(),
      evaluationPeriods: 1,
      comparisonOperator: 'GreaterThanOrEqualToThreshold',
      threshold: IDLE_HOURS,
      treatMissingData: 'ignore',
      alarmActions: [topicArn],
    });
    new CfnAlarm(this, `Throttled${id}`, {
      alarmDescription: shorten(`Requests to the provisioned throughput ${path} have been refused for ${THROTTLED_PERIOD * THROTTLED_PERIODS / 60} minutes: ${units} are too few. `
        + `One more costs ${formatUsd(usdPerModelUnitHour)} an hour, ${formatUsd(decimal(usdPerModelUnitHour).times(decimal(this.context.hoursPerMonth())))} a month.`),
      namespace: 'AWS/Bedrock',
      metricName: 'InvocationThrottles',
      dimensions: [{ name: 'ModelId', value: arn }],
      statistic: 'Sum',
      period: THROTTLED_PERIOD,
      evaluationPeriods: THROTTLED_PERIODS,
      datapointsToAlarm: THROTTLED_PERIODS,
      comparisonOperator: 'GreaterThanThreshold',
      threshold: 0,
      treatMissingData: 'notBreaching',
      alarmActions: [topicArn],
    });
  }

  public guards(): RegisteredGuard[] {
    if (this.watched === 0) return [];
    return [guard(this, 'provisioned throughput: idle and throttled', `idle after ${IDLE_HOURS} hours, throttled after ${THROTTLED_PERIOD * THROTTLED_PERIODS / 60} minutes`,
      new RunningCost().add('cloudwatch-alarm-metric', 2 * this.watched, 'metrics that alarms read'))];
  }
}

function whatToDo({ throughput: { committed } }: ThroughputEntry): string {
  return committed ? 'Its commitment is billed to the end of its term: use it, and let it end then.' : 'Remove it, or use it.';
}
