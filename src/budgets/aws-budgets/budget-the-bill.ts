import { Stack } from 'aws-cdk-lib';
import { CfnBudget } from 'aws-cdk-lib/aws-budgets';
import { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { awsBudget, AwsBudgetProps } from './aws-budget';
import { costAnomalies } from './cost-anomalies';
import { addFinding } from '../../estimates/findings';
import { isMissingType } from '../../estimates/resource-types';
import { MESSAGES } from '../../messages';
import { decimal } from '../../pricing/decimal';
import { CostBudgetProps, DEFAULT_FORECAST_PERCENTS, DEFAULT_THRESHOLD_PERCENTS } from '../cost-budget-props';

/**
 * AWS Budgets of the month, which is returned, and, if they are asked for, of quarter and year; and the anomaly monitor. What
 * CloudFormation lacks in the region is left out.
 */
export function budgetTheBill(
  scope: Construct, props: CostBudgetProps, { tagKey, topic }: { readonly tagKey: string; readonly topic: ITopic },
): CfnBudget | undefined {
  const { monthlyLimitUsd, quarterlyLimitUsd, yearlyLimitUsd, anomalyThresholdUsd, plannedLimitsUsd, emailAddresses = [] } = props;
  const common = {
    tagKey,
    topic,
    emailAddresses,
    actualPercents: props.thresholdPercents ?? DEFAULT_THRESHOLD_PERCENTS,
    forecastPercents: props.forecastThresholdPercents ?? DEFAULT_FORECAST_PERCENTS,
  };
  const budget = (id: string, timeUnit: AwsBudgetProps['timeUnit'], usd: number) => {
    const made = awsBudget(scope, id, { ...common, timeUnit, limit: decimal(usd), plannedLimitsUsd: timeUnit === 'MONTHLY' ? plannedLimitsUsd : undefined });
    // AWS Budgets refuses a topic that it may not publish to yet.
    made.node.addDependency(topic);
    return made;
  };
  const isWatched = !leftOut(scope, 'AWS::Budgets::Budget', 'does not compare the bill with its limits');
  const monthly = isWatched ? budget('Budget', 'MONTHLY', monthlyLimitUsd) : undefined;
  if (isWatched && quarterlyLimitUsd !== undefined) budget('Quarterly', 'QUARTERLY', quarterlyLimitUsd);
  if (isWatched && yearlyLimitUsd !== undefined) budget('Yearly', 'ANNUALLY', yearlyLimitUsd);
  if (anomalyThresholdUsd !== undefined && !leftOut(scope, 'AWS::CE::AnomalyMonitor', 'does not look for anomalies')) {
    costAnomalies(scope, 'Anomalies', { tagKey, thresholdUsd: anomalyThresholdUsd, topic }).node.addDependency(topic);
  }
  return monthly;
}

function leftOut(scope: Construct, type: Parameters<typeof isMissingType>[1], text: string): boolean {
  if (!isMissingType(scope, type)) return false;
  addFinding(scope, MESSAGES.notInRegion, `CloudFormation has no ${type} in ${Stack.of(scope).region}: ${scope.node.path} ${text}`);
  return true;
}
