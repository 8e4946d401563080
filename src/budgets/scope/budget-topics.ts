import { Names, Stack, Token } from 'aws-cdk-lib';
import { IGrantable, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { ITopic, Topic } from 'aws-cdk-lib/aws-sns';
import { IConstruct } from 'constructs';
import { NotificationTopic, subscribeAndAllow } from './notification-topic';
import { isSameEnvironment } from '../../estimates/environment';
import { addFinding } from '../../estimates/findings';
import { MESSAGES } from '../../messages';

/** The topics of a budget, one for each stack. */
export class BudgetTopics {
  private readonly arns = new Map<Stack, string>();
  private readonly substitutes = new Map<Stack, ITopic>();

  constructor(
    private readonly budget: IConstruct, private readonly notifications: NotificationTopic, public readonly emailAddresses: readonly string[],
  ) {}

  /**
   * The ARN of the topic that alarms in a stack notify: the budget's topic, if it is in the same region and account, as CloudWatch requires,
   * and can be named without a reference between stacks. Otherwise, a topic in that stack with the same e-mail subscriptions.
   */
  public arnIn(stack: Stack): string {
    let arn = this.arns.get(stack);
    if (arn === undefined) this.arns.set(stack, (arn = this.findOrMake(stack)));
    return arn;
  }

  /** Grants a principal of a stack permission to publish to the topic of that stack. */
  public grantPublish(stack: Stack, grantee: IGrantable): void {
    const resources = [this.arnIn(stack)];
    grantee.grantPrincipal.addToPrincipalPolicy(new PolicyStatement({ actions: ['sns:Publish'], resources }));
    const { topic } = this.notifications;
    if (stack === Stack.of(topic)) topic.masterKey?.grant(grantee, 'kms:Decrypt', 'kms:GenerateDataKey*');
  }

  private findOrMake(stack: Stack): string {
    const { topic } = this.notifications;
    const isReachable = isSameEnvironment(topic.env.region, stack.region) && isSameEnvironment(topic.env.account, stack.account);
    if (!isReachable) return this.substituteIn(stack).topicArn;
    if (stack === Stack.of(topic) || !Token.isUnresolved(topic.topicArn)) return topic.topicArn;
    return this.notifications.arnFrom(stack) ?? this.substituteIn(stack).topicArn;
  }

  /** The topic that resources of a stack depend on, if it is in that stack. */
  public dependencyIn(stack: Stack): IConstruct[] {
    const { topic } = this.notifications;
    return [this.substitutes.get(stack) ?? topic].filter((it) => Stack.of(it) === stack);
  }

  private substituteIn(stack: Stack): ITopic {
    const local = new Topic(stack, `BedrockCostAlerts${Names.nodeUniqueId(this.budget.node).slice(-8)}`, { enforceSSL: true });
    this.substitutes.set(stack, local);
    subscribeAndAllow(local, this.emailAddresses);
    addFinding(this.budget, MESSAGES.substituteTopic, `the alarms in ${stack.node.path} notify ${local.node.path}, with ${this.emailAddresses.length} e-mail addresses, `
      + `since alarms in that stack cannot notify ${this.notifications.topic.node.path}`);
    if (this.emailAddresses.length === 0) {
      addFinding(this.budget, MESSAGES.nobodyNotified, `${local.node.path}, which the alarms in ${stack.node.path} notify, has no subscription`);
    }
    return local;
  }
}
