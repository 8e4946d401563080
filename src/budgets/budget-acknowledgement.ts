import { Token } from 'aws-cdk-lib';
import { BudgetEnforcement } from './cost-budget-props';
import { misspeltNames } from '../estimates/shape';
import { isBlank, isTooFarAhead, MAX_ACCEPTED_DAYS } from '../gate/acceptance';
import { isObject } from '../input/argument';
import { describe, PricingError } from '../input/error';
import { decimal, toText } from '../pricing/decimal';
import { formatUsd } from '../pricing/format';
import { isDay } from '../pricing/price-book/day';

/**
 * Accepts costs above the limit of a CostBudget, up to a maximum and until a day.
 *
 * With a limit of $500 and a `maxMonthlyUsd` of 700, synth passes at $660 and fails at $700.01.
 */
export interface BudgetAcknowledgement {
  /** Reason for the overrun, such as `launch month`. Must not be blank. Synth and `check` print it. */
  readonly reason: string;
  /** Person or team that accepts the overrun. Must not be blank. */
  readonly owner: string;
  /**
   * Maximum total cost per month in US dollars (not the amount above the limit): a number that is known at synth, at least
   * `monthlyLimitUsd`. Only known costs count towards it.
   */
  readonly maxMonthlyUsd: number;
  /**
   * Last valid day, inclusive, in UTC, as `YYYY-MM-DD`, at most 366 days ahead. `cdk-bedrock-cost check` compares it with the current
   * date; synth with the context key `cdk-bedrock-cost:today`, if that is set.
   */
  readonly expires: string;
}

/** The acknowledged budget, and the current day if it is known. */
interface Acknowledged {
  readonly enforcement: string;
  readonly monthlyLimitUsd: number;
  readonly today: string | undefined;
}

/** The first problem of an acknowledgement; undefined when there is none. */
export function acknowledgementProblem(
  given: BudgetAcknowledgement, { enforcement, monthlyLimitUsd, today }: Acknowledged,
): PricingError | undefined {
  if (!isObject(given)) {
    return PricingError.about('acknowledge', `must be called with reason, owner, maxMonthlyUsd and expires, got ${describe(given)}`, 'Pass all four.');
  }
  if (enforcement === BudgetEnforcement.BLOCK) {
    return PricingError.about('acknowledge', 'has no effect with enforcement BLOCK, which always fails',
      'Set enforcement to BudgetEnforcement.ACKNOWLEDGEABLE, or raise monthlyLimitUsd.');
  }
  const { reason, owner, maxMonthlyUsd, expires } = given;
  return missingProblem(given)
    ?? textProblem('reason', reason)
    ?? textProblem('owner', owner)
    ?? ceilingProblem(maxMonthlyUsd, monthlyLimitUsd)
    ?? dayProblem(expires, today);
}

const FIXES: { readonly [field in keyof BudgetAcknowledgement]: string } = {
  reason: 'State why the overrun is accepted.',
  owner: 'Name the person or team that accepts the overrun.',
  maxMonthlyUsd: 'Set the highest cost a month that is accepted, in US dollars.',
  expires: 'Set the last day on which the overrun is accepted, such as "2027-01-31".',
};

function problemOf(field: keyof BudgetAcknowledgement, problem: string, fix = FIXES[field]): PricingError {
  return PricingError.about(`acknowledge.${field}`, problem, fix);
}

function missingProblem(given: BudgetAcknowledgement): PricingError | undefined {
  const missing = (Object.keys(FIXES) as (keyof BudgetAcknowledgement)[]).find((field) => given[field] === undefined);
  if (missing === undefined) return undefined;
  const wrong = misspeltNames({ ...given }, FIXES).get(missing);
  return problemOf(missing, 'is required', wrong && `${FIXES[missing]} ${wrong} is not a known field: rename it.`);
}

function textProblem(field: 'reason' | 'owner', value: unknown): PricingError | undefined {
  if (typeof value !== 'string') return problemOf(field, `must be a string, got ${describe(value)}`);
  if (Token.isUnresolved(value)) return problemOf(field, 'must be known at synth, got a token', FIXES[field].replace(/\.$/, ' as plain text.'));
  return isBlank(value) ? problemOf(field, `must not be blank, got ${describe(value)}`) : undefined;
}

function ceilingProblem(value: unknown, monthlyLimitUsd: number): PricingError | undefined {
  if (Token.isUnresolved(value)) return problemOf('maxMonthlyUsd', 'must be known at synth, got a token');
  if (typeof value !== 'number' || !Number.isFinite(value) || value <= 0) return problemOf('maxMonthlyUsd', `must be a number above 0, got ${describe(value)}`);
  if (value >= monthlyLimitUsd) return undefined;
  return problemOf('maxMonthlyUsd', `must not be below the limit of ${formatUsd(toText(decimal(monthlyLimitUsd)))}, got ${describe(value)}`,
    'Set the highest cost a month that is accepted, the part within the limit included.');
}

function dayProblem(value: unknown, today: string | undefined): PricingError | undefined {
  if (!isDay(value)) return problemOf('expires', `must be a day of the calendar as YYYY-MM-DD, got ${describe(value)}`);
  if (today === undefined || !isTooFarAhead(value, today)) return undefined;
  return problemOf('expires', `must be at most ${MAX_ACCEPTED_DAYS} days after ${today}, got ${describe(value)}`, 'Set an earlier day.');
}
