import { Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { DEFAULTS } from './defaults';
import { BatchInferenceProps } from './props';
import { allowAlarms } from '../topic';

/** An alarm of a construct, and how the topics of budgets are added to it. */
export interface NotifyingAlarm {
  notify(topicArn: string): void;
}

/** Goes off when a run has cost much more, or much less, than it was estimated to cost before it was submitted. */
export function costAlarm(scope: Construct, deviation: Metric, props: BatchInferenceProps): NotifyingAlarm {
  const { costAlarmFactor: factor = DEFAULTS.costAlarmFactor, notificationTopic } = props;
  const alarm = new Alarm(scope, 'CostAlarm', {
    metric: deviation.with({ period: Duration.minutes(5) }),
    threshold: factor,
    comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
    evaluationPeriods: 1,
    // Most of the time no run ends.
    treatMissingData: TreatMissingData.NOT_BREACHING,
    alarmDescription: `A run of ${scope.node.path} cost more than ${factor} times what it was estimated to cost, or less than that part of it: summary.json of the run has both. `
      + 'Correct its usage, bytesPerToken, or its prompts.',
  });
  return notifying(alarm, notificationTopic);
}

/** Lets an alarm notify the topic of its construct, if it has one, and those of the budgets that cover it. */
export function notifying(alarm: Alarm, notificationTopic: ITopic | undefined): NotifyingAlarm {
  if (notificationTopic) {
    allowAlarms(notificationTopic);
    alarm.addAlarmAction(new SnsAction(notificationTopic));
  }
  const notified = new Set([notificationTopic?.topicArn]);
  return {
    notify(topicArn) {
      // Several budgets, or the construct itself, may have one topic.
      if (!notified.has(topicArn)) alarm.addAlarmAction({ bind: () => ({ alarmActionArn: topicArn }) });
      notified.add(topicArn);
    },
  };
}
