import { Duration } from 'aws-cdk-lib';
import { ITopic } from 'aws-cdk-lib/aws-sns';
import { IConstruct } from 'constructs';
import { BurnRate } from './burn-rate';

/** What happens at synth when the known costs exceed the limit. */
export enum BudgetEnforcement {
  /** A warning, with which `cdk synth --strict` fails. */
  WARN = 'WARN',
  /**
   * An error until the overrun is accepted: `budget.acknowledge({ reason, owner, maxMonthlyUsd, expires })`.
   *
   * It fails `cdk synth` of each stack that the budget covers, and each form of synth of an app that has stacks in stages only.
   */
  ACKNOWLEDGEABLE = 'ACKNOWLEDGEABLE',
  /** Every form of synth stops, with `--ignore-errors` and inside nested stages too. No acknowledgement has an effect. */
  BLOCK = 'BLOCK',
}

/**
 * Behavior at synth, and in `cdk-bedrock-cost check`, when a cost that a budget covers is unknown.
 *
 * A cost is unknown, for example, if the book does not hold a price (a misspelt model id is one), a stack without a region, usage that is
 * known only at deployment, or a template that was changed after it was priced.
 */
export enum MissingPricePolicy {
  /** A warning, with which `cdk synth --strict` fails. */
  WARN = 'WARN',
  /** An error, as if the limit were exceeded: with `BudgetEnforcement.BLOCK` it stops every form of synth. */
  FAIL = 'FAIL',
  /** Nothing. The unknown costs count as nothing. */
  IGNORE = 'IGNORE',
}

/** Properties of a CostBudget. */
export interface CostBudgetProps {
  /** The limit for Amazon Bedrock in US dollars a month. Above 0. */
  readonly monthlyLimitUsd: number;
  /**
   * The construct whose costs count, with everything below it: a construct, a stack, a stage or the app. With CDK
   * Pipelines, create the budget before `addStage()`, which synthesizes the stage: alarms cannot be added to it later.
   * @default - the construct that the budget is created in
   */
  readonly covers?: IConstruct;
  /**
   * What happens at synth when the known costs exceed the limit.
   * @default BudgetEnforcement.ACKNOWLEDGEABLE
   */
  readonly enforcement?: BudgetEnforcement;
  /**
   * Behavior when a cost that the budget covers is unknown, so that the budget cannot be checked. The message names
   * the one change that makes the cost known.
   *
   * A stack without a region is such a case: its prices are those of `CDK_DEFAULT_REGION`, an assumption that is not good
   * enough for a budget. Set `env.region` on the stack, or the context key `cdk-bedrock-cost:region`. In unit tests,
   * `Template.fromStack` of such a stack throws, with `ACKNOWLEDGEABLE` and with `BLOCK` (within a `Stage` of an app
   * that has a stack at its top, only with `BLOCK`). The context key `cdk-bedrock-cost:enforcement` of the `App`, set to `off`, avoids it.
   *
   * A budget that covers no priced construct at all draws a warning instead of an error.
   *
   * @default - MissingPricePolicy.FAIL; with `enforcement` BudgetEnforcement.WARN, MissingPricePolicy.WARN
   */
  readonly onMissingPrice?: MissingPricePolicy;
  /**
   * The standard topic (not FIFO) that alarms and AWS Budgets notify. Both are allowed to publish to it; for an imported topic, allow
   * `cloudwatch.amazonaws.com` and `budgets.amazonaws.com` yourself, and `costalerts.amazonaws.com` with
   * `anomalyThresholdUsd`. Alarms in other stacks reach a topic of this app only if it has a `topicName`: they refer to it
   * by its name, because a reference between the stacks could create a dependency cycle.
   * @default - a topic of the budget's own
   */
  readonly notificationTopic?: ITopic;
  /**
   * E-mail addresses that are subscribed to the topic, at most 10. Each must confirm its subscription. AWS Budgets also writes to them
   * directly, without a confirmation.
   * @default - nobody is subscribed
   */
  readonly emailAddresses?: string[];
  /**
   * Percentages of the limit at which the spending of this month triggers a notification: of alarms within minutes, and of AWS Budgets from
   * the bill. Together with `forecastThresholdPercents` at most 5, as many as AWS Budgets takes.
   * @default [50, 80, 100]
   */
  readonly thresholdPercents?: number[];
  /**
   * Percentages of the limit at which the forecast of the month triggers a notification: of alarms, and of AWS Budgets, which forecasts
   * after five weeks.
   * @default [100]
   */
  readonly forecastThresholdPercents?: number[];
  /**
   * Burn rates that trigger an alarm, within minutes. Up to 15 minutes later in a stack with several budgets, or with more than 10 token
   * metrics, whose alarms read what the month-to-date function publishes.
   *
   * With a limit of $730 a month, the even pace is $1 an hour: the default tells when an hour costs more than $12, or both 24 hours more
   * than $48 and the last 6 of them more than $12.
   * @default - 12 times the even pace over 1 hour; 2 times over 24 hours and over 6 hours together
   * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation-window.html
   */
  readonly burnRates?: BurnRate[];
  /**
   * The time between two counts of the cost of this month: whole minutes, 5 to 60. Each count reads every metric that is in use once, at
   * $0.01 for 1,000 metrics. The budgets of a stack are counted by one function, at the shortest of their intervals.
   * @default Duration.minutes(15)
   */
  readonly countInterval?: Duration;
  /**
   * Factor by which batch jobs may cost more than estimated before an alarm fires. Above 1.
   * @default 1.5
   */
  readonly batchCostFactor?: number;
  /**
   * Limits in US dollars of months that differ from `monthlyLimitUsd`, by `YYYY-MM`: the month of the deployment and the next 11. AWS
   * Budgets refuses other months whenever the budget is created or changed: update the list before each such deployment. The alarms on the
   * money spent and AWS Budgets compare with them; synth and burn rates with `monthlyLimitUsd`. With the context key
   * `cdk-bedrock-cost:today` the first month is checked at synth.
   * @default - `monthlyLimitUsd` in every month
   * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-budgets-budget-budgetdata.html
   */
  readonly plannedLimitsUsd?: { [month: string]: number };
  /**
   * A limit in US dollars for each calendar quarter, watched by an AWS::Budgets::Budget of its own.
   * @default - none
   */
  readonly quarterlyLimitUsd?: number;
  /**
   * A limit in US dollars for each calendar year, watched by an AWS::Budgets::Budget of its own.
   * @default - none
   */
  readonly yearlyLimitUsd?: number;
  /**
   * Minimum impact of an anomaly, in US dollars, that triggers a notification by AWS Cost Anomaly Detection, about a day
   * late. It does not see what is sold through AWS Marketplace, as models of Anthropic and other providers are.
   * @default - no anomaly monitor
   * @see https://docs.aws.amazon.com/cost-management/latest/userguide/manage-ad.html
   */
  readonly anomalyThresholdUsd?: number;
  /**
   * Concurrent executions that are reserved for each function that carries out stop actions.
   *
   * 1 or more. Other functions of the account then cannot keep it from running. An account with a limit of 10 concurrent executions cannot
   * reserve any.
   * @default - none is reserved; an event that cannot be handled at once is tried again for six hours
   * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html
   */
  readonly stopReservedConcurrentExecutions?: number;
}

export const DEFAULT_THRESHOLD_PERCENTS: readonly number[] = [50, 80, 100];
export const DEFAULT_FORECAST_PERCENTS: readonly number[] = [100];
export const DEFAULT_COUNT_INTERVAL = Duration.minutes(15);
export const DEFAULT_BATCH_COST_FACTOR = 1.5;
