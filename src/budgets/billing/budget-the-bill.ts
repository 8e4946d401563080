import { CfnBudget } from 'aws-cdk-lib/aws-budgets';
import { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { awsBudget, AwsBudgetProps } from './aws-budget';
import { costAnomalies } from './cost-anomalies';
import { decimal } from '../../pricing/decimal';
import { CostBudgetProps, DEFAULT_FORECAST_PERCENTS, DEFAULT_THRESHOLD_PERCENTS } from '../cost-budget-props';

/** AWS Budgets of the month, which is returned, and, if they are asked for, of quarter and year; and the anomaly monitor. */
export function budgetTheBill(
  scope: Construct, props: CostBudgetProps, { tagKey, topic }: { readonly tagKey: string; readonly topic: ITopic },
): CfnBudget {
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
  const monthly = budget('Budget', 'MONTHLY', monthlyLimitUsd);
  if (quarterlyLimitUsd !== undefined) budget('Quarterly', 'QUARTERLY', quarterlyLimitUsd);
  if (yearlyLimitUsd !== undefined) budget('Yearly', 'ANNUALLY', yearlyLimitUsd);
  if (anomalyThresholdUsd !== undefined) costAnomalies(scope, 'Anomalies', { tagKey, thresholdUsd: anomalyThresholdUsd, topic }).node.addDependency(topic);
  return monthly;
}
