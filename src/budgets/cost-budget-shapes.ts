import { BurnRate } from './burn-rate';
import { BudgetEnforcement, CostBudgetProps, MissingPricePolicy } from './cost-budget-props';
import { BudgetDashboardProps } from './dashboard';
import { choice, construct, duration, list, marked, number, required, ShapesOf, struct, text, topic } from '../estimates/shape';

const USD = 'a number of US dollars of 0.01 or more';
const PERCENTS = 'a list of numbers from 0.1 to 1000';

/** The shapes of the props of a `CostBudget`. */
export const BUDGET_SHAPES: ShapesOf<CostBudgetProps> = {
  monthlyLimitUsd: required(number(USD)),
  covers: construct('a construct, a stack, a stage or the app'),
  enforcement: choice(BudgetEnforcement),
  onMissingPrice: choice(MissingPricePolicy),
  notificationTopic: topic(),
  emailAddresses: list(text('an e-mail address'), 'a list of e-mail addresses'),
  thresholdPercents: list(number('a number from 0.1 to 1000'), PERCENTS),
  forecastThresholdPercents: list(number('a number from 0.1 to 1000'), PERCENTS),
  burnRates: list(struct('a burn rate, such as { window: Duration.hours(1), factor: 12 }', {
    window: required(duration('a Duration, such as Duration.hours(1)')),
    shortWindow: duration('a Duration, such as Duration.minutes(15)'),
    factor: required(number('a number of 1 or more')),
  } satisfies ShapesOf<BurnRate>), 'a list of burn rates, such as [{ window: Duration.hours(1), factor: 12 }]'),
  countInterval: duration('a Duration in whole minutes from 5 to 60 minutes, such as Duration.minutes(15)'),
  batchCostFactor: number('a number above 1'),
  plannedLimitsUsd: struct('a mapping of months as YYYY-MM to US dollars'),
  quarterlyLimitUsd: number(USD),
  yearlyLimitUsd: number(USD),
  anomalyThresholdUsd: number(USD),
  stopReservedConcurrentExecutions: number('a whole number of 1 or more'),
};

export const DASHBOARD_SHAPE = struct('an object such as { dashboardName: "bedrock-cost" }', {
  dashboardName: text(),
} satisfies ShapesOf<BudgetDashboardProps>);

export const STOP_ACTION = marked('StopAction', 'a StopAction, such as StopAction.denyInvocations()');
