import { Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { ITopic } from 'aws-cdk-lib/aws-sns';

/** The statements that allow a role to publish to a topic, and to use its encryption key. */
export function publishing(topic: ITopic): PolicyStatement[] {
  return [
    new PolicyStatement({ actions: ['sns:Publish'], resources: [topic.topicArn] }),
    ...(topic.masterKey ? [new PolicyStatement({ actions: ['kms:Decrypt', 'kms:GenerateDataKey'], resources: [topic.masterKey.keyArn] })] : []),
  ];
}

/**
 * Allows CloudWatch alarms of the account to publish to a topic. The default policy of a topic allows them, but the first added statement
 * replaces that policy (`enforceSSL` adds one), and an alarm without the permission fails silently.
 */
export function allowAlarms(topic: ITopic): void {
  const principals = [new ServicePrincipal('cloudwatch.amazonaws.com')];
  const conditions = { StringEquals: { 'aws:SourceAccount': Stack.of(topic).account } };
  topic.addToResourcePolicy(new PolicyStatement({ principals, actions: ['sns:Publish'], resources: [topic.topicArn], conditions }));
  topic.masterKey?.addToResourcePolicy(new PolicyStatement({ principals, actions: ['kms:Decrypt', 'kms:GenerateDataKey*'], resources: ['*'], conditions }));
}
