import { Duration } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { BurnRate } from './burn-rate';
import { BudgetTopics } from './topics';
import { Decimal } from '../../pricing/decimal';

/** What every part that watches a budget has to know of it. */
export interface WatchContext {
  readonly budget: IConstruct;
  readonly covers: IConstruct;
  /** The value of the metrics' dimension `Budget`. */
  readonly name: string;
  readonly limit: Decimal;
  readonly topics: BudgetTopics;
  readonly burnRates: readonly BurnRate[];
  /** At which parts of the limit, in percent, the money spent is told. */
  readonly thresholdPercents: readonly number[];
  /** At which parts of the limit, in percent, the forecast is told. */
  readonly forecastThresholdPercents: readonly number[];
  /** How often what has been spent is counted. */
  readonly interval: Duration;
  /** By which factor the jobs of a batch may cost more than estimated. */
  readonly batchCostFactor: number;
  /** The limits of months that have one of their own, by `YYYY-MM`. */
  readonly plannedLimitsUsd: { readonly [month: string]: number } | undefined;
  /** Read late: what the code configures for the app may come after the budget. */
  hoursPerMonth(): number;
  /** What a month has for tokens and images: the limit without what is planned for all else. */
  tokenAllowance(): Decimal;
  /** Over which of the last minutes the function that counts tells what tokens have cost, for alarms on the whole. */
  windowsMinutes(): number[];
}
