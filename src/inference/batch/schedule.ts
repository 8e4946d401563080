import { Duration, Stack } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, Stats, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { ContextAttribute, Schedule, ScheduleExpression, ScheduleTargetInput } from 'aws-cdk-lib/aws-scheduler';
import { StepFunctionsStartExecution } from 'aws-cdk-lib/aws-scheduler-targets';
import { ITopic } from 'aws-cdk-lib/aws-sns';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { NotifyingAlarm, notifying } from './cost-alarm';
import { acknowledgeRules } from '../../functions/nag-acknowledgements';

/**
 * Starts runs on a schedule. EventBridge Scheduler may start a run twice, and retries a failed start for an hour: with the scheduled time as
 * the `requestId`, all of these starts are one run. A start that fails for an hour is sent to a queue, and an alarm on the queue notifies.
 *
 * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/configuring-schedule-dlq.html
 */
export function runOnSchedule(
  scope: Construct, stateMachine: IStateMachine, schedule: ScheduleExpression, topic: ITopic | undefined,
): NotifyingAlarm {
  const role = new Role(scope, 'ScheduleRole', {
    assumedBy: new ServicePrincipal('scheduler.amazonaws.com', { conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(scope).account } } }),
  });
  const unstarted = new Queue(scope, 'UnstartedRuns', { enforceSSL: true, retentionPeriod: Duration.days(14) });
  acknowledgeRules(unstarted, 'it is a dead-letter queue itself', 'SQS3');
  const input = ScheduleTargetInput.fromObject({ requestId: `schedule ${ContextAttribute.scheduledTime}`, isEvent: true });
  const target = new StepFunctionsStartExecution(stateMachine, { role, input, deadLetterQueue: unstarted, maxEventAge: Duration.hours(1) });
  new Schedule(scope, 'Schedule', { schedule, target });
  const alarm = new Alarm(scope, 'UnstartedRunsAlarm', {
    metric: unstarted.metricApproximateNumberOfMessagesVisible({ statistic: Stats.MAXIMUM, period: Duration.minutes(5) }),
    threshold: 0,
    comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
    evaluationPeriods: 1,
    treatMissingData: TreatMissingData.NOT_BREACHING,
    alarmDescription: `EventBridge Scheduler could not start a run of ${scope.node.path} for an hour. The message in the dead-letter queue has the reason and the input: `
      + 'start the state machine with that input, and delete the message.',
  });
  return notifying(alarm, topic);
}
