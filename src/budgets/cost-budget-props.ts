import { Duration } from 'aws-cdk-lib';
import { ITopic } from 'aws-cdk-lib/aws-sns';
import { IConstruct } from 'constructs';
import { BurnRate } from './burn-rate';

/** Behavior at synth when the known costs exceed the limit. */
export enum BudgetEnforcement {
  /** A warning, which fails `cdk synth --strict`. */
  WARN = 'WARN',
  /**
   * An error until the overrun is accepted with `budget.acknowledge({ reason, owner, maxMonthlyUsd, expires })`.
   *
   * It fails `cdk synth` of each stack that the budget covers, and every form of synth of an app whose stacks are all in stages.
   */
  ACKNOWLEDGEABLE = 'ACKNOWLEDGEABLE',
  /** An error that stops every form of synth, also with `--ignore-errors` and in nested stages. It cannot be acknowledged. */
  BLOCK = 'BLOCK',
}

/**
 * Behavior at synth, and in `cdk-bedrock-cost check`, when a cost that a budget covers is unknown.
 *
 * A cost is unknown if the price book has no price for it, as for a misspelt model id, or if the stack has no region. It is also unknown if
 * usage is known only at deployment, or if the template was changed after it was priced.
 */
export enum MissingPricePolicy {
  /** A warning, which fails `cdk synth --strict`. */
  WARN = 'WARN',
  /** An error, as if the limit were exceeded. With `BudgetEnforcement.BLOCK`, it stops every form of synth. */
  FAIL = 'FAIL',
  /** No message. Unknown costs are left out of the comparison with the limit; the report still shows them as unknown. */
  IGNORE = 'IGNORE',
}

/** Properties of a CostBudget. */
export interface CostBudgetProps {
  /** Monthly limit on the cost of Amazon Bedrock, in US dollars: a number of 0.01 or more that is known at synth. */
  readonly monthlyLimitUsd: number;
  /**
   * Construct whose costs count towards the limit, with all constructs below it: a construct, a stack, a stage or the app. With CDK
   * Pipelines, create the budget before `addStage()`, which synthesizes the stage: alarms cannot be added to it later.
   * @default - the construct that the budget is created in
   */
  readonly covers?: IConstruct;
  /**
   * Behavior at synth when the known costs exceed the limit.
   * @default BudgetEnforcement.ACKNOWLEDGEABLE
   */
  readonly enforcement?: BudgetEnforcement;
  /**
   * Behavior when a covered cost is unknown, so that the budget cannot be checked. The message names the one change that makes the cost
   * known.
   *
   * The costs of a stack without a region are unknown to a budget: they are estimated with the prices of `CDK_DEFAULT_REGION`, which is an
   * assumption. Set `env.region` on the stack, or the context key `cdk-bedrock-cost:region`. In unit tests, `Template.fromStack` of such a
   * stack throws with `ACKNOWLEDGEABLE` and `BLOCK` (in a `Stage` of an app with a top-level stack, only with `BLOCK`). To prevent this,
   * disable the enforcement: set the context key `cdk-bedrock-cost:enforcement` of the `App` to `off`.
   *
   * A budget that covers no priced construct causes a warning instead of an error.
   *
   * @default - MissingPricePolicy.FAIL; with `enforcement` BudgetEnforcement.WARN, MissingPricePolicy.WARN
   */
  readonly onMissingPrice?: MissingPricePolicy;
  /**
   * Standard topic (not FIFO) that alarms and AWS Budgets notify.
   *
   * The construct allows both to publish to it. In the policy of an imported topic, allow `cloudwatch.amazonaws.com` and
   * `budgets.amazonaws.com` yourself, and `costalerts.amazonaws.com` with `anomalyThresholdUsd`. Alarms in other stacks notify a topic of
   * this app only if it has a `topicName`: they refer to it by its name, because a reference between the stacks could create a dependency
   * cycle.
   * @default - a new topic
   */
  readonly notificationTopic?: ITopic;
  /**
   * E-mail addresses to subscribe to the topic, at most 10. Each must confirm its subscription. AWS Budgets also notifies them directly,
   * without a confirmation.
   * @default - no e-mail subscriptions
   */
  readonly emailAddresses?: string[];
  /**
   * Percentages of the limit at which the month-to-date cost triggers a notification: by an alarm within minutes, and by AWS Budgets when
   * the bill reaches them. Different numbers from 0.1 to 1000; with `forecastThresholdPercents`, at most 5, the limit of AWS Budgets.
   * @default [50, 80, 100]
   */
  readonly thresholdPercents?: number[];
  /**
   * Percentages of the limit at which the forecast of the month triggers a notification, by an alarm and by AWS Budgets. Different numbers
   * from 0.1 to 1000. AWS Budgets needs five weeks of bills for its forecast.
   * @default [100]
   */
  readonly forecastThresholdPercents?: number[];
  /**
   * Burn rates that trigger an alarm within minutes: 1 to 5 of them.
   *
   * The alarm comes up to one `countInterval` later in a stack with several budgets or more than 10 token metrics, where alarms read the
   * metrics of the month-to-date function.
   *
   * With a limit of $730 a month, a burn rate of 1 is $1 an hour. By default, an alarm fires when an hour costs more than $12, or when the
   * last 24 hours cost more than $48 and the last 6 hours more than $12.
   * @default - a burn rate of 12 over 1 hour, and of 2 over both 24 hours and 6 hours
   * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation-window.html
   */
  readonly burnRates?: BurnRate[];
  /**
   * Interval at which the month-to-date cost is counted: whole minutes from 5 to 60. Each count reads every active metric once, at $0.01
   * for 1,000 metrics. One function counts all budgets of a stack, at the shortest of their intervals.
   * @default Duration.minutes(15)
   */
  readonly countInterval?: Duration;
  /**
   * Ratio of the cost of all batch jobs of the last 24 hours to their estimate above which an alarm fires: a number above 1. The alarm of
   * `BatchInferenceProps.costAlarmFactor` judges each run instead.
   * @default 1.5
   */
  readonly batchCostFactor?: number;
  /**
   * Limits of single months in US dollars, by `YYYY-MM`: the month of the deployment and the next 11, each 0.01 or more.
   *
   * AWS Budgets refuses other months whenever the budget is created or changed: update the limits before each such deployment. With the
   * context key `cdk-bedrock-cost:today`, synth checks the first month. The month-to-date and forecast alarms and AWS Budgets use these
   * limits; synth and burn rates use `monthlyLimitUsd`.
   * @default - `monthlyLimitUsd` in every month
   * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-budgets-budget-budgetdata.html
   */
  readonly plannedLimitsUsd?: { [month: string]: number };
  /**
   * Limit for each calendar quarter in US dollars, monitored by a further AWS::Budgets::Budget: 0.01 or more.
   * @default - no quarterly limit
   */
  readonly quarterlyLimitUsd?: number;
  /**
   * Limit for each calendar year in US dollars, monitored by a further AWS::Budgets::Budget: 0.01 or more.
   * @default - no yearly limit
   */
  readonly yearlyLimitUsd?: number;
  /**
   * Minimum impact of an anomaly, in US dollars, that triggers a notification by AWS Cost Anomaly Detection: 0.01 or more.
   *
   * The notification is about a day late. AWS Cost Anomaly Detection does not support AWS Marketplace, which sells the models of Anthropic
   * and other providers.
   * @default - no anomaly monitor
   * @see https://docs.aws.amazon.com/cost-management/latest/userguide/manage-ad.html
   */
  readonly anomalyThresholdUsd?: number;
  /**
   * Reserved concurrent executions of each function that carries out stop actions: a whole number of 1 or more.
   *
   * The reservation prevents other functions of the account from delaying a stop. An account with a limit of 10 concurrent executions cannot
   * reserve any.
   * @default - no reservation; Lambda retries an event for six hours
   * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html
   */
  readonly stopReservedConcurrentExecutions?: number;
}

export const DEFAULT_THRESHOLD_PERCENTS: readonly number[] = [50, 80, 100];
export const DEFAULT_FORECAST_PERCENTS: readonly number[] = [100];
export const DEFAULT_COUNT_INTERVAL = Duration.minutes(15);
export const DEFAULT_BATCH_COST_FACTOR = 1.5;
