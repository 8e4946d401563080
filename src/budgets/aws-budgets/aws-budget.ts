import { Names, Stack, Token } from 'aws-cdk-lib';
import { CfnBudget } from 'aws-cdk-lib/aws-budgets';
import { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { Decimal, decimal } from '../../pricing/decimal';

/** The value of the cost-allocation tag; the key names the budget, so that overlapping budgets have a tag each. */
export const COVERED = 'covered';

/**
 * The key of the cost-allocation tag that every resource covered by a budget carries. With the region, where it is known:
 * one stack may be deployed into several under one name, and each has a budget of its own.
 */
export function budgetTagKey(budget: Construct): string {
  const { region } = Stack.of(budget);
  const place = Token.isUnresolved(region) ? '' : `-${region}`;
  return `bedrock-cost-budget:${Names.uniqueResourceName(budget, { maxLength: 80, separator: '-' })}${place}`;
}

export interface AwsBudgetProps {
  readonly timeUnit: 'MONTHLY' | 'QUARTERLY' | 'ANNUALLY';
  readonly limit: Decimal;
  /** Limits of twelve months in a row in place of the one limit, by `YYYY-MM`. */
  readonly plannedLimitsUsd?: { readonly [month: string]: number };
  readonly tagKey: string;
  /** At which parts of the limit, in percent, what is billed is told. */
  readonly actualPercents: readonly number[];
  /** At which parts of the limit, in percent, AWS's forecast is told. */
  readonly forecastPercents: readonly number[];
  readonly topic: ITopic;
  readonly emailAddresses: readonly string[];
}

/**
 * An AWS::Budgets::Budget over what AWS bills for the resources that carry a tag.
 *
 * By tag and not by service, since third-party models are billed under names of their own. It is 8 to 12 hours late;
 * the alarms on token metrics are minutes late. It writes e-mails itself besides notifying the topic: a subscription that
 * nobody has confirmed would leave it unheard.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-budgets-budget.html
 */
export function awsBudget(scope: Construct, id: string, props: AwsBudgetProps): CfnBudget {
  const { timeUnit, plannedLimitsUsd, tagKey, actualPercents, forecastPercents } = props;
  const subscribers = [
    { subscriptionType: 'SNS', address: props.topic.topicArn },
    ...[...new Set(props.emailAddresses)].map((address) => ({ subscriptionType: 'EMAIL', address })),
  ];
  const notify = (notificationType: string, percents: readonly number[]) => percents.map((threshold) => ({
    notification: { notificationType, comparisonOperator: 'GREATER_THAN', threshold, thresholdType: 'PERCENTAGE' },
    subscribers,
  }));
  return new CfnBudget(scope, id, {
    budget: { ...taggedCost(tagKey, timeUnit), ...budgetLimits(props.limit, plannedLimitsUsd) },
    notificationsWithSubscribers: [...notify('ACTUAL', actualPercents), ...notify('FORECASTED', forecastPercents)],
  });
}

/** What a budget counts: everything on the bill that carries the tag. */
export function taggedCost(tagKey: string, timeUnit: AwsBudgetProps['timeUnit']): Pick<CfnBudget.BudgetDataProperty, 'budgetType' | 'timeUnit' | 'costFilters'> {
  return { budgetType: 'COST', timeUnit, costFilters: { TagKeyValue: [`user:${tagKey}$${COVERED}`] } };
}

/** AWS takes either one limit or one for each month, by the second that the month begins with. */
export function budgetLimits(limit: Decimal, planned: { readonly [month: string]: number } | undefined): Partial<CfnBudget.BudgetDataProperty> {
  if (planned === undefined) return { budgetLimit: { amount: limit.toNumber(), unit: 'USD' } };
  const spends = Object.entries(planned).map(([month, usd]) => [String(monthStart(month)), { Amount: decimal(usd).toFixed(), Unit: 'USD' }]);
  return { plannedBudgetLimits: Object.fromEntries(spends) };
}

/** Seconds since 1970 at the beginning of a month in UTC. */
function monthStart(month: string): number {
  const [year, number] = month.split('-').map(Number);
  return Date.UTC(year, number - 1) / 1000;
}
