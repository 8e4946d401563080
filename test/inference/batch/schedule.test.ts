import { Duration } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { batch } from './batch';
import { stackIn, warnings } from '../synth';

describe('the schedule', () => {
  test('does not exist by default', () => {
    Template.fromStack(batch().stack).resourceCountIs('AWS::Scheduler::Schedule', 0);
  });

  test('tries to start one run for each time, for an hour', () => {
    const { stack } = batch({ schedule: ScheduleExpression.cron({ hour: '2', minute: '0' }) });
    Template.fromStack(stack).hasResourceProperties('AWS::Scheduler::Schedule', {
      ScheduleExpression: 'cron(0 2 * * ? *)',
      Target: {
        Arn: { Ref: Match.stringLikeRegexp('^NightlyStateMachine') },
        // 185 is the maximum of EventBridge Scheduler.
        RetryPolicy: { MaximumRetryAttempts: 185, MaximumEventAgeInSeconds: 3600 },
        // If it is delivered twice for one time, it is one request: the second execution runs no records.
        Input: '{"requestId":"schedule <aws.scheduler.scheduled-time>","isEvent":true}',
      },
    });
    expect(warnings(stack)).toEqual([]);
  });

  test('sends a failed start to a queue, and notifies the topic of the construct', () => {
    const stack = stackIn();
    batch({ schedule: ScheduleExpression.rate(Duration.days(1)), notificationTopic: new Topic(stack, 'Costs') }, stack);
    const template = Template.fromStack(stack);
    const [queue, ...more] = Object.keys(template.findResources('AWS::SQS::Queue'));
    expect(more).toEqual([]);
    const [{ Properties: { Target } }] = Object.values(template.findResources('AWS::Scheduler::Schedule'));
    expect(Target.DeadLetterConfig).toEqual({ Arn: { 'Fn::GetAtt': [queue, 'Arn'] } });
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      Namespace: 'AWS/SQS',
      MetricName: 'ApproximateNumberOfMessagesVisible',
      Dimensions: [{ Name: 'QueueName', Value: { 'Fn::GetAtt': [queue, 'QueueName'] } }],
      Threshold: 0,
      ComparisonOperator: 'GreaterThanThreshold',
      AlarmActions: [{ Ref: Match.stringLikeRegexp('^Costs') }],
    });
    // Without this statement, EventBridge Scheduler drops the event.
    template.hasResourceProperties('AWS::IAM::Policy', {
      Roles: [{ Ref: Match.stringLikeRegexp('NightlyScheduleRole') }],
      PolicyDocument: { Statement: Match.arrayWith([Match.objectLike({ Action: 'sqs:SendMessage', Resource: { 'Fn::GetAtt': [queue, 'Arn'] } })]) },
    });
  });
});
