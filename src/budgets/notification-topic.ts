import { Lazy, Names, Stack, Token } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { ITopic, Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';

export interface NotificationTopicProps {
  /** The user's; left out for one of the budget's own. */
  readonly given: ITopic | undefined;
  readonly emailAddresses: readonly string[];
  /** Whether AWS Cost Anomaly Detection publishes to it, too. */
  readonly anomalies: boolean;
  /** Whether other stacks will name it: a name that comes later would replace the topic, and its subscriptions with it. */
  readonly named: boolean;
}

/**
 * The topic of a budget: the user's, or one of its own.
 *
 * Alarms in other stacks name it by a physical name and not by a reference: a reference would tie the stacks together,
 * could close a circle between them, and draws a warning of CDK about its strength.
 */
export class NotificationTopic extends Construct {
  public readonly topic: ITopic;
  private named: boolean;

  constructor(scope: Construct, id: string, { given, emailAddresses, anomalies, named }: NotificationTopicProps) {
    super(scope, id);
    this.named = named;
    this.topic = given ?? new Topic(this, 'Resource', {
      enforceSSL: true,
      topicName: Lazy.string({ produce: () => (this.named ? this.physicalName() : undefined) }),
    });
    subscribeAndAllow(this.topic, emailAddresses, anomalies);
  }

  /** The topic's ARN as another stack of the same account and region names it; undefined for a topic of the user's without a name. */
  public arnFrom(stack: Stack): string | undefined {
    const name = this.topic.node.scope === this ? this.physicalName() : nameOf(this.topic);
    this.named = true;
    return name === undefined ? undefined : stack.formatArn({ service: 'sns', resource: name });
  }

  /** With the stack's name, so that an app can be deployed twice into one account. */
  private physicalName(): string {
    const { stackName } = Stack.of(this);
    const prefix = Token.isUnresolved(stackName) ? '' : `${stackName}-`;
    return `${prefix}${Names.uniqueResourceName(this, { maxLength: 100, separator: '-' })}`;
  }
}

/** The name that the user gave a topic of this app. */
function nameOf(topic: ITopic): string | undefined {
  const { topicName } = (topic.node.defaultChild ?? {}) as { readonly topicName?: string };
  return Token.isUnresolved(topicName) ? undefined : topicName;
}

/**
 * Subscribes people to a topic, and lets CloudWatch alarms and AWS Budgets publish to it.
 *
 * Both need to be allowed: a topic's default policy admits alarms, but it is replaced by the first statement that is
 * added, and an alarm that may not publish fails without a word.
 *
 * @see https://docs.aws.amazon.com/cost-management/latest/userguide/budgets-sns-policy.html
 */
export function subscribeAndAllow(topic: ITopic, emailAddresses: readonly string[], anomalies = false): void {
  const { account } = Stack.of(topic);
  const conditions = { StringEquals: { 'aws:SourceAccount': account } };
  const publishers = [
    ['AllowAlarms', 'cloudwatch.amazonaws.com'], ['AllowBudgets', 'budgets.amazonaws.com'],
    ...(anomalies ? [['AllowAnomalies', 'costalerts.amazonaws.com']] : []),
  ];
  for (const [sid, service] of publishers) {
    topic.addToResourcePolicy(new PolicyStatement({
      sid,
      principals: [new ServicePrincipal(service)],
      actions: ['sns:Publish'],
      resources: [topic.topicArn],
      conditions,
    }));
    // Whoever publishes to an encrypted topic has to be allowed to use its key.
    topic.masterKey?.addToResourcePolicy(new PolicyStatement({
      principals: [new ServicePrincipal(service)],
      actions: ['kms:Decrypt', 'kms:GenerateDataKey*'],
      resources: ['*'],
      conditions,
    }));
  }
  // Two budgets may share a topic and the people.
  for (const address of new Set(emailAddresses)) {
    if (!topic.node.tryFindChild(address)) topic.addSubscription(new EmailSubscription(address));
  }
}
