import { Duration, Lazy, Stack } from 'aws-cdk-lib';
import { CfnAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';

/** The maximum number of actions of an alarm. */
const MAX_TOPICS = 5;
const PERIOD = Duration.minutes(5).toSeconds();
/** Periods of five minutes in which one failure keeps the alarm in its state, so gaps between failures do not end it. */
const PERIODS = 3;

/**
 * The alarm on errors of the functions that buy and delete the provisioned throughput of a stack. The functions cannot notify of an
 * error that ends them, such as a timeout or a missing permission.
 *
 * It notifies once for a series of failures.
 */
export class ThroughputErrors extends Construct {
  private readonly topicArns: string[] = [];

  /** @param functions all functions of the stack, at synthesis */
  constructor(scope: Construct, id: string, private readonly functions: () => readonly LambdaFunction[]) {
    super(scope, id);
  }

  public notify(topicArn: string): void {
    if (this.topicArns.includes(topicArn)) return;
    if (this.topicArns.length % MAX_TOPICS === 0) this.alarm(this.topicArns.length / MAX_TOPICS);
    this.topicArns.push(topicArn);
  }

  private alarm(index: number): void {
    new CfnAlarm(this, `Alarm${index === 0 ? '' : index + 1}`, {
      alarmDescription: `A function that buys and deletes the Amazon Bedrock provisioned throughput of ${Stack.of(this).node.path} has failed: throughput may be billed that should have been deleted. `
        + 'Read the last errors in its log group, compare the provisioned throughput in the Amazon Bedrock console with the stack, and delete throughput that is not part of it.',
      metrics: Lazy.any({ produce: () => this.metrics() }) as unknown as CfnAlarm.MetricDataQueryProperty[],
      comparisonOperator: 'GreaterThanThreshold',
      threshold: 0,
      evaluationPeriods: PERIODS,
      datapointsToAlarm: 1,
      // A function that does not run has no errors.
      treatMissingData: 'notBreaching',
      alarmActions: Lazy.list({ produce: () => this.topicArns.slice(index * MAX_TOPICS, (index + 1) * MAX_TOPICS) }),
    });
  }

  private metrics(): CfnAlarm.MetricDataQueryProperty[] {
    const errors = this.functions().map(({ functionName }, i): CfnAlarm.MetricDataQueryProperty => ({
      id: `errors${i}`,
      metricStat: {
        metric: { namespace: 'AWS/Lambda', metricName: 'Errors', dimensions: [{ name: 'FunctionName', value: functionName }] },
        period: PERIOD,
        stat: 'Sum',
      },
      returnData: false,
    }));
    return [{ id: 'errors', expression: 'SUM(METRICS())', label: 'Errors', returnData: true }, ...errors];
  }
}
