import { attachCustomSynthesis } from 'aws-cdk-lib';
import { AccountRootPrincipal, IGrantable, IPrincipal, Policy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { ThroughputProvider } from './provider';
import { addFinding } from '../../estimates/findings';
import { isBelow, once, registryOf } from '../../estimates/registry';
import { callerLocation } from '../../estimates/source-location';
import { acknowledgeWildcards } from '../../functions/nag-acknowledgements';
import { MessageDefinition } from '../../messages';
import { allowAlarms, publishing } from '../topic';

/** The topics that are notified of failures that leave a throughput billed: its own, and those of the budgets that cover it. */
export class ThroughputNotifications {
  private readonly budgetTopics: string[] = [];

  constructor(private readonly provider: ThroughputProvider, private readonly topic: ITopic | undefined) {}

  /** The topics of budgets, which may be added later: final at synthesis. */
  public get budgetTopicArns(): readonly string[] {
    return this.budgetTopics;
  }

  /**
   * Lets the alarm on errors of the functions notify the throughput's own topic.
   *
   * @returns the permissions that the functions need to notify it themselves
   */
  public notifyOwnTopic(): PolicyStatement[] {
    if (!this.topic) return [];
    allowAlarms(this.topic);
    this.provider.notifyErrors(this.topic.topicArn);
    return publishing(this.topic);
  }

  /**
   * Lets the functions, and the alarm on their errors, notify the topic of a budget.
   *
   * @param policy the policy of the functions for this throughput; created only if it is needed
   */
  public notifyBudget(policy: () => Policy, topicArn: string, grantPublish: (grantee: IGrantable) => void = () => undefined): void {
    if (topicArn === this.topic?.topicArn || this.budgetTopics.includes(topicArn)) return;
    this.budgetTopics.push(topicArn);
    grantPublish(granteeOf(policy()));
    acknowledgeWildcards(policy(), 'publishing to an encrypted topic requires all actions that generate a data key');
    this.provider.notifyErrors(topicArn);
  }
}

/** A policy as a grantee: the permissions go into this policy, not into those of the roles. */
function granteeOf(policy: Policy): IGrantable {
  const principal: IPrincipal = {
    get grantPrincipal() { return principal; },
    assumeRoleAction: 'sts:AssumeRole',
    // The policy of a key delegates the permissions of principals of the account to IAM policies such as this one.
    policyFragment: new AccountRootPrincipal().policyFragment,
    addToPrincipalPolicy: (statement) => {
      policy.addStatements(statement);
      return { statementAdded: true, policyDependable: policy };
    },
  };
  return principal;
}

/** A finding of throughput without a topic for its notifications. */
export interface UnnotifiedFinding {
  readonly message: MessageDefinition;
  readonly text: string;
}

/** Adds findings if no topic is notified of failures and of a renewal. It does so at synthesis, since a covering budget may be added until then. */
export function reviewNotifications(construct: Construct, findings: readonly UnnotifiedFinding[]): void {
  const source = callerLocation();
  attachCustomSynthesis(construct, {
    onSynthesize: () => {
      const registry = registryOf(construct);
      if (registry.budgets.some(({ covers }) => isBelow(construct, covers))) return;
      once(registry, `notifications:${construct.node.addr}`, () => findings.forEach(({ message, text }) => addFinding(construct, message, text, source)));
    },
  });
}
