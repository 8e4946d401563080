import { Lazy, Stack } from 'aws-cdk-lib';
import { CfnBudget, CfnBudgetsAction } from 'aws-cdk-lib/aws-budgets';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { DenyPolicy } from './deny-policy';
import { Limit } from '../../aws/limits';
import { RegisteredMonitor } from '../../estimates/registry';
import { registeredMonitor, RunningCost } from '../../estimates/running-cost';
import { acknowledgeWildcards } from '../../functions/nag-acknowledgements';
import { decimal } from '../../pricing/decimal';
import { budgetLimits } from '../aws-budgets/aws-budgets';
import { taggedCost } from '../aws-budgets/cost-allocation-tag';
import { BudgetScope } from '../scope/budget-scope';

export interface AwsBudgetsActionProps {
  readonly budget: BudgetScope;
  readonly denyPolicy: DenyPolicy;
  readonly tagKey: string;
  /** The AWS::Budgets::Budget of the budget if it is in this stack. Otherwise, one without notifications is created. */
  readonly awsBudget: CfnBudget | undefined;
}

/**
 * The AWS Budgets action that attaches a deny policy when the bill exceeds the limit, in case the function fails.
 *
 * It has a policy of its own: AWS Budgets detaches its policy at the start of its next period, and would also remove the policy that the
 * function attached early in the new month. AWS Budgets and the function never change the policy of each other.
 *
 * The ids of its constructs (`SecondLine`, `Denial`, `Billed`) are part of logical ids, and so keep their names.
 *
 * @see https://docs.aws.amazon.com/cost-management/latest/userguide/budgets-controls.html
 */
export class AwsBudgetsAction extends Construct {
  public readonly policyArn: string;
  private readonly actions: CfnBudgetsAction[] = [];
  private readonly awsBudget: CfnBudget;
  private readonly executionRole: Role;

  constructor(scope: Construct, id: string, private readonly props: AwsBudgetsActionProps) {
    super(scope, id);
    const { budget, denyPolicy, tagKey, awsBudget } = props;
    this.awsBudget = awsBudget ?? new CfnBudget(this, 'Billed', {
      budget: { ...taggedCost(tagKey, 'MONTHLY'), ...budgetLimits(budget.settings) },
    });
    this.policyArn = denyPolicy.createPolicy(new Construct(this, 'Denial'), `Attached by AWS Budgets while the bill exceeds ${budget.path}`);
    this.executionRole = new Role(this, 'Role', {
      description: 'AWS Budgets assumes it to deny invocations',
      assumedBy: new ServicePrincipal('budgets.amazonaws.com', { conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } } }),
    });
    this.executionRole.addToPolicy(denyPolicy.attachStatement(this.policyArn));
    acknowledgeWildcards(this, 'the deny policy may be attached to any role, and detached from it');
  }

  /** Adds an action if the roles of the policy exceed the maximum number of roles of the actions. */
  public extend(): void {
    const from = this.actions.length * Limit.ROLES_OF_BUDGET_ACTION;
    if (this.props.denyPolicy.roles.length <= from) return;
    const { denyPolicy, budget: { topics } } = this.props;
    const action = new CfnBudgetsAction(this, `Action${this.actions.length + 1}`, {
      budgetName: this.awsBudget.ref,
      actionType: 'APPLY_IAM_POLICY',
      actionThreshold: { type: 'PERCENTAGE', value: 100 },
      notificationType: 'ACTUAL',
      approvalModel: 'AUTOMATIC',
      definition: {
        iamActionDefinition: {
          policyArn: this.policyArn,
          roles: Lazy.list({ produce: () => denyPolicy.roles.slice(from, from + Limit.ROLES_OF_BUDGET_ACTION).map(({ roleName }) => roleName) }),
        },
      },
      executionRoleArn: this.executionRole.roleArn,
      subscribers: this.subscribers,
    });
    action.node.addDependency(...topics.dependencyIn(Stack.of(this)));
    this.actions.push(action);
  }

  public monitors(): RegisteredMonitor[] {
    const days = decimal(this.props.budget.hoursPerMonth()).div(decimal(24));
    return [registeredMonitor(this, 'AWS Budgets action', '8 to 12 hours', new RunningCost().add('budget-action-day', days, 'days of a budget with an action'))];
  }

  /** The subscribers: e-mail addresses if the topic is in another stack, since AWS Budgets refuses a topic that does not exist yet. */
  private get subscribers(): CfnBudgetsAction.SubscriberProperty[] {
    const { topics } = this.props.budget;
    const stack = Stack.of(this);
    const topic = [{ type: 'SNS', address: topics.arnIn(stack) }];
    const emails = topics.emailAddresses.map((address) => ({ type: 'EMAIL', address }));
    return topics.dependencyIn(stack).length > 0 || emails.length === 0 ? topic : emails;
  }
}
