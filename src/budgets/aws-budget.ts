import { Names } from 'aws-cdk-lib';
import { CfnBudget } from 'aws-cdk-lib/aws-budgets';
import { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { Decimal } from '../pricing/decimal';

/** When AWS Budgets speaks: at parts of the limit that are spent, and when the month is forecast to go over it. */
const NOTIFICATIONS = [
  { notificationType: 'ACTUAL', threshold: 80 },
  { notificationType: 'ACTUAL', threshold: 100 },
  { notificationType: 'FORECASTED', threshold: 100 },
] as const;

/** The value of the cost-allocation tag; the key names the budget, so that overlapping budgets have a tag each. */
export const COVERED = 'covered';

/** The key of the cost-allocation tag that every resource covered by a budget carries. */
export function budgetTagKey(budget: Construct): string {
  return `bedrock-cost-budget:${Names.uniqueResourceName(budget, { maxLength: 80, separator: '-' })}`;
}

/**
 * A monthly AWS::Budgets::Budget over what AWS bills for the resources that carry a tag.
 *
 * By tag and not by service, since third-party models are billed under names of their own. It is 8 to 12 hours late;
 * the alarms on token metrics are minutes late.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-budgets-budget.html
 */
export function awsBudget(
  scope: Construct, id: string, props: { readonly limit: Decimal; readonly tagKey: string; readonly topic: ITopic },
): CfnBudget {
  return new CfnBudget(scope, id, {
    budget: {
      budgetType: 'COST',
      timeUnit: 'MONTHLY',
      budgetLimit: { amount: props.limit.toNumber(), unit: 'USD' },
      costFilters: { TagKeyValue: [`user:${props.tagKey}$${COVERED}`] },
    },
    notificationsWithSubscribers: NOTIFICATIONS.map(({ notificationType, threshold }) => ({
      notification: { notificationType, comparisonOperator: 'GREATER_THAN', threshold, thresholdType: 'PERCENTAGE' },
      subscribers: [{ subscriptionType: 'SNS', address: props.topic.topicArn }],
    })),
  });
}
