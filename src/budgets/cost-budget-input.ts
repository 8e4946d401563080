import { Duration, Token } from 'aws-cdk-lib';
import { burnRateProblem } from './burn-rate';
import {
  BudgetEnforcement, CostBudgetProps, DEFAULT_COUNT_INTERVAL, DEFAULT_FORECAST_PERCENTS, DEFAULT_THRESHOLD_PERCENTS, MissingPricePolicy,
} from './cost-budget-props';
import { Limit } from '../aws/limits';
import { PricingError } from '../input/error';

/**
 * The number of months of planned limits that AWS Budgets requires.
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-budgets-budget-budgetdata.html
 */
const MONTHS = 12;

/**
 * The first problem of the props, if there is one.
 *
 * @param thisMonth the month of the deployment as `YYYY-MM`, if it is known
 */
export function inputProblem(props: CostBudgetProps, thisMonth?: string): Error | undefined {
  const { monthlyLimitUsd, enforcement, onMissingPrice, burnRates, countInterval, batchCostFactor, plannedLimitsUsd } = props;
  const emails = [...new Set(props.emailAddresses ?? [])];
  return positive('monthlyLimitUsd', monthlyLimitUsd)
    ?? emails.map(emailProblem).find((problem) => problem !== undefined)
    ?? (emails.length > Limit.EMAILS_OF_NOTIFICATION ? new PricingError('emailAddresses', emails.length, `a list of at most ${Limit.EMAILS_OF_NOTIFICATION} addresses, the limit of AWS Budgets`, 'Subscribe further addresses to the topic.') : undefined)
    ?? (props.notificationTopic?.fifo ? PricingError.about('notificationTopic', 'must be a standard topic, got a FIFO topic', 'AWS Budgets and Lambda do not publish to FIFO topics, and e-mail addresses cannot subscribe to them.') : undefined)
    ?? choice('enforcement', enforcement, BudgetEnforcement)
    ?? choice('onMissingPrice', onMissingPrice, MissingPricePolicy)
    ?? percentsProblem(props)
    ?? (countInterval && intervalProblem(countInterval))
    ?? (burnRates && burnRateProblem(burnRates, countInterval ?? DEFAULT_COUNT_INTERVAL))
    ?? (batchCostFactor === undefined || Token.isUnresolved(batchCostFactor) || (Number.isFinite(batchCostFactor) && batchCostFactor > 1) ? undefined : new PricingError('batchCostFactor', batchCostFactor, 'a number above 1'))
    ?? (plannedLimitsUsd && plannedProblem(plannedLimitsUsd, thisMonth))
    ?? (['quarterlyLimitUsd', 'yearlyLimitUsd', 'anomalyThresholdUsd'] as const)
      .map((field) => (props[field] === undefined ? undefined : positive(field, props[field])))
      .find((problem) => problem !== undefined)
    ?? concurrencyProblem(props.stopReservedConcurrentExecutions);
}

/** With 0, Lambda would never run the function. */
function concurrencyProblem(value: number | undefined): Error | undefined {
  if (value === undefined || Token.isUnresolved(value) || (Number.isInteger(value) && value >= 1)) return undefined;
  return new PricingError('stopReservedConcurrentExecutions', value, 'a whole number of 1 or more');
}

function positive(field: string, value: number): Error | undefined {
  if (Token.isUnresolved(value)) return PricingError.about(field, 'must be a number above 0 that is known at synth, got a token');
  if (typeof value === 'number' && Number.isFinite(value) && value >= 0.01) return undefined;
  return new PricingError(field, value, 'a number of US dollars of 0.01 or more');
}

function choice(field: string, value: string | undefined, values: object): Error | undefined {
  if (value === undefined || Object.values(values).includes(value)) return undefined;
  return new PricingError(field, value, `one of ${Object.values(values).join(', ')}`);
}

function emailProblem(address: string): Error | undefined {
  return Token.isUnresolved(address) || /^[^\s@]+@[^\s@]+$/.test(address) ? undefined : new PricingError('emailAddresses', address, 'a list of e-mail addresses');
}

function percentsProblem(props: CostBudgetProps): Error | undefined {
  const { thresholdPercents = DEFAULT_THRESHOLD_PERCENTS, forecastThresholdPercents = DEFAULT_FORECAST_PERCENTS } = props;
  for (const [field, percents] of Object.entries({ thresholdPercents, forecastThresholdPercents })) {
    const wrong = percents.find((percent) => !(typeof percent === 'number' && percent >= 0.1 && percent <= 1000));
    if (wrong !== undefined) return new PricingError(field, wrong, 'a list of numbers from 0.1 to 1000');
    if (new Set(percents).size < percents.length) return new PricingError(field, percents, 'a list of different numbers');
  }
  const count = thresholdPercents.length + forecastThresholdPercents.length;
  if (count >= 1 && count <= Limit.NOTIFICATIONS_OF_BUDGET) return undefined;
  return new PricingError('thresholdPercents and forecastThresholdPercents', count, `1 to ${Limit.NOTIFICATIONS_OF_BUDGET} percentages together, the limit of AWS Budgets`);
}

function intervalProblem(interval: Duration): Error | undefined {
  const minutes = interval.isUnresolved() ? undefined : interval.toMinutes({ integral: false });
  if (minutes !== undefined && Number.isInteger(minutes) && minutes >= 5 && minutes <= 60) return undefined;
  return new PricingError('countInterval', minutes === undefined ? 'a token' : `${minutes} minutes`, 'a Duration in whole minutes from 5 to 60 minutes');
}

/** @see https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_budgets_Budget.html */
function plannedProblem(planned: { readonly [month: string]: number }, thisMonth?: string): Error | undefined {
  const months = Object.keys(planned).sort();
  const wrong = months.find((month) => !/^\d{4}-(0[1-9]|1[0-2])$/.test(month));
  if (wrong !== undefined) return new PricingError('plannedLimitsUsd', wrong, 'a mapping whose keys are months as YYYY-MM');
  const numbers = months.map((month) => Number(month.slice(0, 4)) * MONTHS + Number(month.slice(5))).sort((a, b) => a - b);
  if (numbers.length !== MONTHS || numbers[MONTHS - 1] - numbers[0] !== MONTHS - 1) {
    return new PricingError('plannedLimitsUsd', months.join(', '), `a mapping with ${MONTHS} consecutive months, as AWS Budgets requires`);
  }
  if (thisMonth !== undefined && months[0] !== thisMonth) {
    return new PricingError('plannedLimitsUsd', `${months[0]} to ${months[MONTHS - 1]}`, `a mapping for the month of the deployment, ${thisMonth}, and the next ${MONTHS - 1}, since AWS Budgets refuses other months`);
  }
  return Object.entries(planned).map(([month, usd]) => positive(`plannedLimitsUsd[${JSON.stringify(month)}]`, usd)).find((problem) => problem !== undefined);
}
