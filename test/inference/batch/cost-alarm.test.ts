import { Match, Template } from 'aws-cdk-lib/assertions';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { batch } from './batch';
import { BedrockModel } from '../../../src/inference/bedrock-model';
import { stackIn } from '../synth';

describe('the alarm on the cost of runs', () => {
  test('monitors the deviation from the estimate, and notifies the topic', () => {
    const stack = stackIn();
    batch({ costAlarmFactor: 3, notificationTopic: new Topic(stack, 'Topic') }, stack);
    Template.fromStack(stack).hasResourceProperties('AWS::CloudWatch::Alarm', {
      Namespace: 'CdkBedrockCost',
      MetricName: 'BatchRunCostDeviation',
      Dimensions: [{ Name: 'Resource', Value: 'Stack/Nightly' }],
      Statistic: 'Maximum',
      Threshold: 3,
      ComparisonOperator: 'GreaterThanThreshold',
      TreatMissingData: 'notBreaching',
      AlarmActions: [{ Ref: Match.stringLikeRegexp('^Topic') }],
    });
  });

  test('is the same without a known price: without data, it does not fire', () => {
    const alarmOf = (model: string) => {
      const { stack } = batch({ model: BedrockModel.of(model) });
      return Template.fromStack(stack).findResources('AWS::CloudWatch::Alarm');
    };
    expect(Object.values(alarmOf('example.unknown-v1:0'))).toMatchObject([{ Properties: { TreatMissingData: 'notBreaching' } }]);
    expect(alarmOf('example.unknown-v1:0')).toEqual(alarmOf('amazon.nova-pro-v1:0'));
  });
});
