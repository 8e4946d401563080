import { Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { DEFAULTS } from './defaults';
import { BatchInferenceProps } from './props';
import { allowAlarms } from '../topic';

/** An alarm of a construct, to which topics of budgets can be added. */
export interface NotifyingAlarm {
  notify(topicArn: string): void;
}

/** Creates the alarm on runs that cost much more, or much less, than their estimate. */
export function costAlarm(scope: Construct, deviation: Metric, props: BatchInferenceProps): NotifyingAlarm {
  const { costAlarmFactor: factor = DEFAULTS.costAlarmFactor, notificationTopic } = props;
  const alarm = new Alarm(scope, 'CostAlarm', {
    metric: deviation.with({ period: Duration.minutes(5) }),
    threshold: factor,
    comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
    evaluationPeriods: 1,
    // No data is published while no run ends.
    treatMissingData: TreatMissingData.NOT_BREACHING,
    alarmDescription: `A run of ${scope.node.path} cost more than ${factor} times its estimate, or less than the estimate divided by ${factor}. summary.json of the run has both. `
      + 'Correct the usage, bytesPerToken or the prompts.',
  });
  return notifying(alarm, notificationTopic);
}

/** Lets an alarm notify the topic of its construct, if it has one, and the topics of the budgets that cover the construct. */
export function notifying(alarm: Alarm, notificationTopic: ITopic | undefined): NotifyingAlarm {
  if (notificationTopic) {
    allowAlarms(notificationTopic);
    alarm.addAlarmAction(new SnsAction(notificationTopic));
  }
  const notified = new Set([notificationTopic?.topicArn]);
  return {
    notify(topicArn) {
      // Several budgets and the construct itself may have the same topic.
      if (!notified.has(topicArn)) alarm.addAlarmAction({ bind: () => ({ alarmActionArn: topicArn }) });
      notified.add(topicArn);
    },
  };
}
