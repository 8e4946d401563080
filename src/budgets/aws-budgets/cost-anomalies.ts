import { Names, Stack, Token } from 'aws-cdk-lib';
import { CfnAnomalyMonitor, CfnAnomalySubscription } from 'aws-cdk-lib/aws-ce';
import { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { COVERED } from './aws-budget';

/**
 * AWS's own watch for what is unexpected on the bill of the resources that carry a tag: about a day late, free of charge.
 * It does not support AWS Marketplace, through which current Claude models are sold.
 *
 * @see https://docs.aws.amazon.com/cost-management/latest/userguide/management-limits.html
 * @see https://docs.aws.amazon.com/cost-management/latest/userguide/manage-ad.html
 */
export function costAnomalies(
  scope: Construct, id: string, props: { readonly tagKey: string; readonly thresholdUsd: number; readonly topic: ITopic },
): CfnAnomalySubscription {
  const { region } = Stack.of(scope);
  const name = `${Names.uniqueResourceName(scope, { maxLength: 40, separator: '-' })}${Token.isUnresolved(region) ? '' : `-${region}`}`;
  const monitor = new CfnAnomalyMonitor(scope, `${id}Monitor`, {
    monitorName: `${name}-bedrock`,
    monitorType: 'CUSTOM',
    monitorSpecification: JSON.stringify({ Tags: { Key: props.tagKey, Values: [COVERED], MatchOptions: ['EQUALS'] } }),
  });
  return new CfnAnomalySubscription(scope, `${id}Subscription`, {
    subscriptionName: `${name}-bedrock`,
    frequency: 'IMMEDIATE',
    monitorArnList: [monitor.attrMonitorArn],
    subscribers: [{ type: 'SNS', address: props.topic.topicArn }],
    thresholdExpression: Stack.of(scope).toJsonString({
      Dimensions: { Key: 'ANOMALY_TOTAL_IMPACT_ABSOLUTE', MatchOptions: ['GREATER_THAN_OR_EQUAL'], Values: [String(props.thresholdUsd)] },
    }),
  });
}
