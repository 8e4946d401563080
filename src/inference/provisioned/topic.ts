import { Stack, Token } from 'aws-cdk-lib';
import { AccountRootPrincipal, IGrantable, IPrincipal, Policy, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';

/** What lets somebody publish to a topic, and use the key that it is encrypted with. */
export function publishing(topic: ITopic): PolicyStatement[] {
  return [
    new PolicyStatement({ actions: ['sns:Publish'], resources: [topic.topicArn] }),
    ...(topic.masterKey ? [new PolicyStatement({ actions: ['kms:Decrypt', 'kms:GenerateDataKey'], resources: [topic.masterKey.keyArn] })] : []),
  ];
}

/**
 * Lets CloudWatch alarms of the account publish to a topic. Its default policy admits them, and is replaced by the first
 * statement that anybody adds (`enforceSSL` adds one); an alarm that may not publish fails silently.
 */
export function allowAlarms(topic: ITopic): void {
  const principals = [new ServicePrincipal('cloudwatch.amazonaws.com')];
  const conditions = { StringEquals: { 'aws:SourceAccount': Stack.of(topic).account } };
  topic.addToResourcePolicy(new PolicyStatement({ principals, actions: ['sns:Publish'], resources: [topic.topicArn], conditions }));
  topic.masterKey?.addToResourcePolicy(new PolicyStatement({ principals, actions: ['kms:Decrypt', 'kms:GenerateDataKey*'], resources: ['*'], conditions }));
}

/** A policy as somebody that permissions can be granted to: they are in this policy and not in the roles' own. */
export function granteeOf(policy: Policy): IGrantable {
  const principal: IPrincipal = {
    get grantPrincipal() { return principal; },
    assumeRoleAction: 'sts:AssumeRole',
    // A key's policy leaves it to policies such as this one who of the account may use the key.
    policyFragment: new AccountRootPrincipal().policyFragment,
    addToPrincipalPolicy: (statement) => {
      policy.addStatements(statement);
      return { statementAdded: true, policyDependable: policy };
    },
  };
  return principal;
}

/** What keeps a topic from being told, in words; undefined when nothing does as far as is known at synth. */
export function whyNeverTold(construct: Construct, topic: ITopic): string | undefined {
  if (topic.fifo) return 'must be a standard topic, since EventBridge Scheduler cannot publish to a FIFO topic';
  const [here, there] = [Stack.of(construct).region, topic.env.region];
  if (Token.isUnresolved(here) || Token.isUnresolved(there) || here === there) return undefined;
  return `must be a topic in ${here}, the region of the stack, got a topic in ${there}`;
}
