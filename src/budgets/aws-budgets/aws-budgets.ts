import { Names, Stack, Token } from 'aws-cdk-lib';
import { CfnBudget } from 'aws-cdk-lib/aws-budgets';
import { CfnAnomalyMonitor, CfnAnomalySubscription } from 'aws-cdk-lib/aws-ce';
import { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { COVERED, taggedCost } from './cost-allocation-tag';
import { addFinding } from '../../estimates/findings';
import { isMissingType } from '../../estimates/resource-types';
import { MESSAGES } from '../../messages';
import { Decimal, decimal } from '../../pricing/decimal';
import { CostBudgetProps, DEFAULT_FORECAST_PERCENTS, DEFAULT_THRESHOLD_PERCENTS } from '../cost-budget-props';

/** The resources of a budget that AWS Billing provides. */
interface BillingResource {
  readonly tagKey: string;
  readonly topic: ITopic;
}

/** The limits of a budget. */
interface BudgetLimits {
  readonly limit: Decimal;
  /** Limits of twelve consecutive months instead of the one limit, by `YYYY-MM`. */
  readonly plannedLimitsUsd?: { readonly [month: string]: number };
}

interface AwsBudgetProps extends BillingResource, BudgetLimits {
  readonly timeUnit: Parameters<typeof taggedCost>[1];
  /** Percentages of the limit at which the billed cost triggers a notification. */
  readonly actualPercents: readonly number[];
  /** Percentages of the limit at which the forecast of AWS triggers a notification. */
  readonly forecastPercents: readonly number[];
  readonly emailAddresses: readonly string[];
}

/**
 * Creates the AWS Budgets of the month, the quarter and the year, and the anomaly monitor, as the props require. Types that CloudFormation
 * does not have in the region are left out, with a finding.
 *
 * @returns the AWS Budget of the month
 */
export function awsBudgets(scope: Construct, props: CostBudgetProps, { tagKey, topic }: BillingResource): CfnBudget | undefined {
  const { monthlyLimitUsd, quarterlyLimitUsd, yearlyLimitUsd, anomalyThresholdUsd, plannedLimitsUsd, emailAddresses = [] } = props;
  const common = {
    tagKey,
    topic,
    emailAddresses,
    actualPercents: props.thresholdPercents ?? DEFAULT_THRESHOLD_PERCENTS,
    forecastPercents: props.forecastThresholdPercents ?? DEFAULT_FORECAST_PERCENTS,
  };
  const budget = (id: string, timeUnit: AwsBudgetProps['timeUnit'], usd: number) => {
    const created = awsBudget(scope, id, { ...common, timeUnit, limit: decimal(usd), plannedLimitsUsd: timeUnit === 'MONTHLY' ? plannedLimitsUsd : undefined });
    // AWS Budgets refuses a topic that it has no permission to publish to yet.
    created.node.addDependency(topic);
    return created;
  };
  const hasBudgets = !isLeftOut(scope, 'AWS::Budgets::Budget', 'does not compare the bill with its limits');
  const monthly = hasBudgets ? budget('Budget', 'MONTHLY', monthlyLimitUsd) : undefined;
  if (hasBudgets && quarterlyLimitUsd !== undefined) budget('Quarterly', 'QUARTERLY', quarterlyLimitUsd);
  if (hasBudgets && yearlyLimitUsd !== undefined) budget('Yearly', 'ANNUALLY', yearlyLimitUsd);
  if (anomalyThresholdUsd !== undefined && !isLeftOut(scope, 'AWS::CE::AnomalyMonitor', 'does not monitor anomalies')) {
    anomalySubscription(scope, anomalyThresholdUsd, { tagKey, topic }).node.addDependency(topic);
  }
  return monthly;
}

function isLeftOut(scope: Construct, type: Parameters<typeof isMissingType>[1], text: string): boolean {
  if (!isMissingType(scope, type)) return false;
  addFinding(scope, MESSAGES.notInRegion, `CloudFormation has no ${type} in ${Stack.of(scope).region}: ${scope.node.path} ${text}`);
  return true;
}

/**
 * An AWS::Budgets::Budget over the bill of the resources that carry a tag.
 *
 * It is filtered by tag and not by service, since third-party models are billed under other names. The bill is 8 to 12 hours late; the
 * alarms on token metrics are minutes late. Besides the topic, it notifies the e-mail addresses directly, since their subscriptions to the
 * topic may not be confirmed.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-budgets-budget.html
 */
function awsBudget(scope: Construct, id: string, props: AwsBudgetProps): CfnBudget {
  const { timeUnit, tagKey, actualPercents, forecastPercents } = props;
  const subscribers = [
    { subscriptionType: 'SNS', address: props.topic.topicArn },
    ...[...new Set(props.emailAddresses)].map((address) => ({ subscriptionType: 'EMAIL', address })),
  ];
  const notify = (notificationType: string, percents: readonly number[]) => percents.map((threshold) => ({
    notification: { notificationType, comparisonOperator: 'GREATER_THAN', threshold, thresholdType: 'PERCENTAGE' },
    subscribers,
  }));
  return new CfnBudget(scope, id, {
    budget: { ...taggedCost(tagKey, timeUnit), ...budgetLimits(props) },
    notificationsWithSubscribers: [...notify('ACTUAL', actualPercents), ...notify('FORECASTED', forecastPercents)],
  });
}

/** The limits as AWS Budgets accepts them: either one, or one for each month, by the second at which the month begins. */
export function budgetLimits({ limit, plannedLimitsUsd: planned }: BudgetLimits): Partial<CfnBudget.BudgetDataProperty> {
  if (planned === undefined) return { budgetLimit: { amount: limit.toNumber(), unit: 'USD' } };
  const spends = Object.entries(planned).map(([month, usd]) => [String(monthStart(month)), { Amount: decimal(usd).toFixed(), Unit: 'USD' }]);
  return { plannedBudgetLimits: Object.fromEntries(spends) };
}

/** Seconds since 1970 at the beginning of a month in UTC. */
function monthStart(month: string): number {
  const [year, number] = month.split('-').map(Number);
  return Date.UTC(year, number - 1) / 1000;
}

/**
 * Creates a subscription to unexpected costs of the resources that carry a tag. AWS Cost Anomaly Detection is about a day late, and free of
 * charge. It does not support AWS Marketplace, which sells current Claude models.
 *
 * @see https://docs.aws.amazon.com/cost-management/latest/userguide/management-limits.html
 * @see https://docs.aws.amazon.com/cost-management/latest/userguide/manage-ad.html
 */
function anomalySubscription(scope: Construct, thresholdUsd: number, { tagKey, topic }: BillingResource): CfnAnomalySubscription {
  const { region } = Stack.of(scope);
  const name = `${Names.uniqueResourceName(scope, { maxLength: 40, separator: '-' })}${Token.isUnresolved(region) ? '' : `-${region}`}`;
  const monitor = new CfnAnomalyMonitor(scope, 'AnomaliesMonitor', {
    monitorName: `${name}-bedrock`,
    monitorType: 'CUSTOM',
    monitorSpecification: JSON.stringify({ Tags: { Key: tagKey, Values: [COVERED], MatchOptions: ['EQUALS'] } }),
  });
  return new CfnAnomalySubscription(scope, 'AnomaliesSubscription', {
    subscriptionName: `${name}-bedrock`,
    frequency: 'IMMEDIATE',
    monitorArnList: [monitor.attrMonitorArn],
    subscribers: [{ type: 'SNS', address: topic.topicArn }],
    thresholdExpression: Stack.of(scope).toJsonString({
      Dimensions: { Key: 'ANOMALY_TOTAL_IMPACT_ABSOLUTE', MatchOptions: ['GREATER_THAN_OR_EQUAL'], Values: [String(thresholdUsd)] },
    }),
  });
}
