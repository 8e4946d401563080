import { Lazy, Names, Stack, Token } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { ITopic, Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';

export interface NotificationTopicProps {
  /** The topic of the user; left out for a topic that the budget creates. */
  readonly given: ITopic | undefined;
  readonly emailAddresses: readonly string[];
  /** True if AWS Cost Anomaly Detection publishes to it, too. */
  readonly anomalies: boolean;
  /** True if other stacks will refer to it by name. Adding a name later would replace the topic and its subscriptions. */
  readonly named: boolean;
}

/**
 * The topic of a budget: the topic of the user, or a new one.
 *
 * Alarms in other stacks use its physical name instead of a reference: a reference would make the stacks depend on each other,
 * could create a cycle, and causes a CDK warning about the strength of the reference.
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

  /** The ARN of the topic for another stack of the same account and region; undefined for a topic of the user without a name. */
  public arnFrom(stack: Stack): string | undefined {
    const name = this.topic.node.scope === this ? this.physicalName() : nameOf(this.topic);
    this.named = true;
    return name === undefined ? undefined : stack.formatArn({ service: 'sns', resource: name });
  }

  /** The name of the topic. It contains the name of the stack: an app can be deployed twice into one account. */
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
 * Subscribes e-mail addresses to a topic, and allows CloudWatch alarms and AWS Budgets to publish to it.
 *
 * Both need a statement: the default policy of a topic allows alarms, but the first statement that is added replaces it, and
 * an alarm without the permission fails silently.
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
    // Publishing to an encrypted topic requires permission to use its key.
    topic.masterKey?.addToResourcePolicy(new PolicyStatement({
      principals: [new ServicePrincipal(service)],
      actions: ['kms:Decrypt', 'kms:GenerateDataKey*'],
      resources: ['*'],
      conditions,
    }));
  }
  // Two budgets may share a topic and the addresses.
  for (const address of new Set(emailAddresses)) {
    if (!topic.node.tryFindChild(address)) topic.addSubscription(new EmailSubscription(address));
  }
}
