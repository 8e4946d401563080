import { Lazy, Stack } from 'aws-cdk-lib';
import { CfnBudget, CfnBudgetsAction } from 'aws-cdk-lib/aws-budgets';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { Denial } from './denial';
import { Limit } from '../../aws/limits';
import { RegisteredGuard } from '../../estimates/registry';
import { guard, RunningCost } from '../../estimates/running-cost';
import { acknowledgeWildcards } from '../../functions/nag-acknowledgements';
import { decimal } from '../../pricing/decimal';
import { WatchContext } from '../alarms/context';
import { budgetLimits, taggedCost } from '../aws-budgets/aws-budget';


export interface SecondLineProps {
  readonly context: WatchContext;
  readonly denial: Denial;
  readonly tagKey: string;
  /** The budget's own AWS::Budgets::Budget where it stands in this stack; else one is made, which notifies nobody. */
  readonly awsBudget: CfnBudget | undefined;
}

/**
 * AWS Budgets attaches a policy that denies invocations when the bill says so, in case that all of ours fails.
 *
 * A policy of its own: AWS Budgets detaches what it has attached at the start of its next period, and so would take away what
 * the function has attached early in the new month. Neither touches the policy of the other.
 *
 * @see https://docs.aws.amazon.com/cost-management/latest/userguide/budgets-controls.html
 */
export class SecondLine extends Construct {
  public readonly policyArn: string;
  private readonly actions: CfnBudgetsAction[] = [];
  private readonly awsBudget: CfnBudget;
  private readonly executionRole: Role;

  constructor(scope: Construct, id: string, private readonly props: SecondLineProps) {
    super(scope, id);
    const { context, denial, tagKey, awsBudget } = props;
    this.awsBudget = awsBudget ?? new CfnBudget(this, 'Billed', {
      budget: { ...taggedCost(tagKey, 'MONTHLY'), ...budgetLimits(context.limit, context.plannedLimitsUsd) },
    });
    this.policyArn = denial.policyIn(new Construct(this, 'Denial'), `Attached by AWS Budgets while the bill exceeds ${context.budget.node.path}`);
    this.executionRole = new Role(this, 'Role', {
      description: 'AWS Budgets takes it to deny invocations',
      assumedBy: new ServicePrincipal('budgets.amazonaws.com', { conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } } }),
    });
    this.executionRole.addToPolicy(denial.attachment(this.policyArn));
    acknowledgeWildcards(this, 'the one policy that denies may be attached to any role, and taken back from it');
  }

  /** Has room for the roles that the policy is for, however many they are by now. */
  public extend(): void {
    const from = this.actions.length * Limit.ROLES_OF_BUDGET_ACTION;
    if (this.props.denial.roles.length <= from) return;
    const { denial, context: { topics } } = this.props;
    const action = new CfnBudgetsAction(this, `Action${this.actions.length + 1}`, {
      budgetName: this.awsBudget.ref,
      actionType: 'APPLY_IAM_POLICY',
      actionThreshold: { type: 'PERCENTAGE', value: 100 },
      notificationType: 'ACTUAL',
      approvalModel: 'AUTOMATIC',
      definition: {
        iamActionDefinition: {
          policyArn: this.policyArn,
          roles: Lazy.list({ produce: () => denial.roles.slice(from, from + Limit.ROLES_OF_BUDGET_ACTION).map(({ roleName }) => roleName) }),
        },
      },
      executionRoleArn: this.executionRole.roleArn,
      subscribers: this.subscribers,
    });
    action.node.addDependency(...topics.dependencyIn(Stack.of(this)));
    this.actions.push(action);
  }

  /** What it costs a month itself. */
  public guards(): RegisteredGuard[] {
    const days = decimal(this.props.context.hoursPerMonth()).div(decimal(24));
    return [guard(this, 'AWS Budgets action, the second line', '8 to 12 hours', new RunningCost().add('budget-action-day', days, 'days of a budget with an action'))];
  }

  /** AWS Budgets refuses a topic that is not there yet, as that of another stack may be. */
  private get subscribers(): CfnBudgetsAction.SubscriberProperty[] {
    const { topics } = this.props.context;
    const stack = Stack.of(this);
    const topic = [{ type: 'SNS', address: topics.arnIn(stack) }];
    const emails = topics.emailAddresses.map((address) => ({ type: 'EMAIL', address }));
    return topics.dependencyIn(stack).length > 0 || emails.length === 0 ? topic : emails;
  }
}
