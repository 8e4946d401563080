import { Match, Template } from 'aws-cdk-lib/assertions';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { batch } from './batch';
import { BedrockModel } from '../../../src/inference/bedrock-model';
import { stackIn } from '../synth';

describe('the alarm on what runs cost', () => {
  test('watches how far off the estimate was, and tells who is to be told', () => {
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

  test('is not there where no price is known: it could never go off', () => {
    const { stack } = batch({ model: BedrockModel.of('example.unknown-v1:0') });
    Template.fromStack(stack).resourceCountIs('AWS::CloudWatch::Alarm', 0);
  });
});
