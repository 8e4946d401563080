import { Names, Stack, Stage, Token } from 'aws-cdk-lib';
import { IGrantable, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { ITopic, Topic } from 'aws-cdk-lib/aws-sns';
import { IConstruct } from 'constructs';
import { addFinding } from '../../estimates/findings';
import { MESSAGES } from '../../messages';
import { NotificationTopic, subscribeAndAllow } from '../notification-topic';

/** Which topic notifies on behalf of a budget in each stack. */
export class BudgetTopics {
  private readonly arns = new Map<Stack, string>();

  constructor(
    private readonly budget: IConstruct, private readonly notifications: NotificationTopic, private readonly emailAddresses: readonly string[],
  ) {}

  /**
   * The ARN that an alarm in a stack notifies: the budget's topic where CloudWatch allows it, which is in its own region
   * and account; else a topic in that stack, to which the same people are subscribed.
   */
  public arnIn(stack: Stack): string {
    let arn = this.arns.get(stack);
    if (arn === undefined) this.arns.set(stack, (arn = this.findOrMake(stack)));
    return arn;
  }

  /** Lets somebody in a stack publish to the topic there. */
  public grantPublish(stack: Stack, grantee: IGrantable): void {
    const resources = [this.arnIn(stack)];
    grantee.grantPrincipal.addToPrincipalPolicy(new PolicyStatement({ actions: ['sns:Publish'], resources }));
    const { topic } = this.notifications;
    if (stack === Stack.of(topic)) topic.masterKey?.grant(grantee, 'kms:Decrypt', 'kms:GenerateDataKey*');
  }

  private findOrMake(stack: Stack): string {
    const { topic } = this.notifications;
    const home = Stack.of(topic);
    const sameEnvironment = topic.env.region === stack.region && topic.env.account === stack.account;
    if (sameEnvironment && (stack === home || !Token.isUnresolved(topic.topicArn))) return topic.topicArn;
    if (Stage.of(stack) === Stage.of(home) && sameEnvironment) return this.notifications.arnFrom(stack);
    return this.substituteIn(stack).topicArn;
  }

  private substituteIn(stack: Stack): ITopic {
    const local = new Topic(stack, `BedrockCostAlerts${Names.nodeUniqueId(this.budget.node).slice(-8)}`, { enforceSSL: true });
    subscribeAndAllow(local, this.emailAddresses);
    addFinding(this.budget, MESSAGES.substituteTopic, `the alarms in ${stack.node.path} notify ${local.node.path}, with ${this.emailAddresses.length} e-mail addresses, `
      + `since CloudWatch or CDK does not let them reach ${this.notifications.topic.node.path} from there`);
    if (this.emailAddresses.length === 0) {
      addFinding(this.budget, MESSAGES.nobodyNotified, `nobody is subscribed to ${local.node.path}, which the alarms in ${stack.node.path} notify`);
    }
    return local;
  }
}
