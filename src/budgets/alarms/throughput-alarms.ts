import { Fn, Lazy, Names, Stack } from 'aws-cdk-lib';
import { CfnAlarm, CfnAlarmProps } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { BEDROCK_NAMESPACE, BedrockMetric, largestOf, MODEL_ID } from '../../aws/metrics';
import { RegisteredMonitor } from '../../estimates/registry';
import { registeredMonitor, RunningCost } from '../../estimates/running-cost';
import { MetricName } from '../../lambda/month-to-date/contract';
import { decimal } from '../../pricing/decimal';
import { formatUsd } from '../../pricing/format';
import { resourceMetric, shorten } from '../scope/budget-metrics';
import { BudgetScope } from '../scope/budget-scope';
import { ThroughputEntry } from '../scope/stack-monitor-plan';

const IDLE_HOURS = 24;
const THROTTLED_PERIOD = 300;
const THROTTLED_PERIODS = 3;
const THROTTLED_MINUTES = THROTTLED_PERIOD * THROTTLED_PERIODS / 60;
const RENEWAL_DAYS = 14;

/** Alarms on provisioned throughput that is idle, throttles requests, or renews soon. It is billed regardless of traffic. */
export class ThroughputAlarms extends Construct {
  private metrics = 0;

  constructor(scope: Construct, id: string, private readonly budget: BudgetScope) {
    super(scope, id);
  }

  public add(entry: ThroughputEntry): void {
    const { construct, commitment, throughput: { arn, hasBusinessHours } } = entry;
    // Throughput with business hours is never idle for a day, and its ARN, by which throttled requests are counted, changes daily.
    if (arn === undefined || hasBusinessHours) return;
    const { path } = construct.node;
    const id = Names.nodeUniqueId(construct.node).slice(-40);

    this.alarm(`Idle${id}`, {
      ...resourceMetric(this.budget, MetricName.IDLE_HOURS, path),
      comparisonOperator: 'GreaterThanOrEqualToThreshold',
      threshold: IDLE_HOURS,
    }, () => `The provisioned throughput ${path} has processed no requests for ${IDLE_HOURS} hours. `
      + `Its ${unitsOf(entry)} still cost ${unitsUsd(entry, 1)} an hour, ${unitsUsd(entry, 24)} a day. ${remedy(entry)}`);

    this.alarm(`Throttled${id}`, {
      metrics: throttles(arn),
      evaluationPeriods: THROTTLED_PERIODS,
      datapointsToAlarm: THROTTLED_PERIODS,
      comparisonOperator: 'GreaterThanThreshold',
      threshold: 0,
      treatMissingData: 'notBreaching',
    }, () => `Requests to the provisioned throughput ${path} have been throttled for ${THROTTLED_MINUTES} minutes: ${unitsOf(entry)} are not enough. `
      + `A further model unit costs ${unitsUsd(entry, 1, 1)} an hour, ${unitsUsd(entry, this.budget.hoursPerMonth(), 1)} a month.`);

    if (commitment === undefined) return;
    this.alarm(`Renewal${id}`, {
      ...resourceMetric(this.budget, MetricName.COMMITMENT_DAYS_LEFT, path),
      comparisonOperator: 'LessThanOrEqualToThreshold',
      threshold: RENEWAL_DAYS,
    }, () => `The commitment of the provisioned throughput ${path} ends within ${RENEWAL_DAYS} days, and then renews itself: the next term costs ${termUsd(entry)}, `
      + 'and may be impossible to cancel, like the first. To prevent the renewal, delete the throughput at the end of the term.');
  }

  public monitors(): RegisteredMonitor[] {
    if (this.metrics === 0) return [];
    const delay = `idle after ${IDLE_HOURS} hours, throttled after ${THROTTLED_MINUTES} minutes, ${RENEWAL_DAYS} days before a renewal`;
    return [registeredMonitor(this, 'provisioned throughput', delay, new RunningCost().add('cloudwatch-alarm-metric', this.metrics, 'metrics that alarms read'))];
  }

  private alarm(id: string, props: Pick<CfnAlarmProps, 'comparisonOperator'> & Partial<CfnAlarmProps>, description: () => string): void {
    // Metric math is billed by its metrics; the expression is free of charge.
    this.metrics += Array.isArray(props.metrics) ? props.metrics.length - 1 : 1;
    new CfnAlarm(this, id, {
      evaluationPeriods: 1,
      ...props,
      alarmDescription: Lazy.string({ produce: () => shorten(description()) }),
      alarmActions: [this.budget.topics.arnIn(Stack.of(this))],
    });
  }
}

/** The metrics of throttled requests, which CloudWatch counts by the ARN or by its last part. */
function throttles(arn: string): CfnAlarm.MetricDataQueryProperty[] {
  // CloudFormation splits the ARN, which is known only at deployment.
  const lastPart = Fn.select(1, Fn.split('/', arn));
  const series = [arn, lastPart].map((modelId, i) => ({ id: `m${i}`, modelId }));
  return [
    { id: 'refused', label: 'throttled requests', expression: largestOf(series.map(({ id }) => id)), returnData: true },
    ...series.map(({ id, modelId }) => ({
      id,
      metricStat: {
        metric: { namespace: BEDROCK_NAMESPACE, metricName: BedrockMetric.INVOCATION_THROTTLES, dimensions: [{ name: MODEL_ID, value: modelId }] },
        period: THROTTLED_PERIOD,
        stat: 'Sum',
      },
      returnData: false,
    })),
  ];
}

function unitsOf({ throughput: { modelUnits } }: ThroughputEntry): string {
  return `${modelUnits} model unit${modelUnits === 1 ? '' : 's'}`;
}

function unitsUsd({ throughput: { modelUnits, usdPerModelUnitHour } }: ThroughputEntry, hours: number, units = modelUnits): string {
  return usdPerModelUnitHour === undefined ? 'an unknown price' : formatUsd(decimal(usdPerModelUnitHour).times(decimal(units)).times(decimal(hours)));
}

function termUsd({ estimate: { commitmentUsd } }: ThroughputEntry): string {
  return commitmentUsd === null ? 'an unknown sum' : formatUsd(commitmentUsd);
}

function remedy({ throughput: { committed } }: ThroughputEntry): string {
  return committed ? 'Its commitment is billed until the end of its term. Use it, and delete it then.' : 'Use it, or remove it.';
}
