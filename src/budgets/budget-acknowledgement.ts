import { Token } from 'aws-cdk-lib';
import { BudgetEnforcement } from './cost-budget-props';
import { isBlank, isTooFarAhead, MAX_ACCEPTED_DAYS } from '../gate/acceptance';
import { isDay } from '../pricing/book/day';
import { decimal, toText } from '../pricing/decimal';
import { describe } from '../pricing/error';
import { formatUsd } from '../pricing/format';

/**
 * Accepts costs above the limit of a CostBudget, up to a maximum and until a day.
 *
 * With a limit of $500 and a `maxMonthlyUsd` of 700, synth passes at $660 and fails at $700.01.
 */
export interface BudgetAcknowledgement {
  /** The reason for the overrun, such as `launch month`; not blank. It is printed at synth and by `check`. */
  readonly reason: string;
  /** The person or team that accepts the overrun; not blank. */
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

/** The budget that is acknowledged, and the day where it is known. */
interface Acknowledged {
  readonly enforcement: string;
  readonly monthlyLimitUsd: number;
  readonly today: string | undefined;
}

/** The first problem of an acknowledgement as a sentence about it; undefined when there is none. */
export function acknowledgementProblem(given: BudgetAcknowledgement, { enforcement, monthlyLimitUsd, today }: Acknowledged): string | undefined {
  if (typeof given !== 'object' || given === null) {
    return `acknowledge must be called with reason, owner, maxMonthlyUsd and expires, got ${describe(given)}. Pass all four.`;
  }
  if (enforcement === BudgetEnforcement.BLOCK) {
    return 'acknowledge has no effect with enforcement BLOCK, which always fails. Set enforcement to BudgetEnforcement.ACKNOWLEDGEABLE, or raise monthlyLimitUsd.';
  }
  const { reason, owner, maxMonthlyUsd, expires } = given;
  return textProblem('reason', reason, 'State why the overrun is accepted')
    ?? textProblem('owner', owner, 'Name the person or team that accepts the overrun')
    ?? ceilingProblem(maxMonthlyUsd, monthlyLimitUsd)
    ?? dayProblem(expires, today);
}

function textProblem(prop: string, value: unknown, fix: string): string | undefined {
  if (value === undefined) return `acknowledge.${prop} is required. ${fix}.`;
  if (typeof value !== 'string') return `acknowledge.${prop} must be a string, got ${describe(value)}. ${fix}.`;
  if (Token.isUnresolved(value)) return `acknowledge.${prop} must be known at synth, got a token. ${fix} as plain text.`;
  return isBlank(value) ? `acknowledge.${prop} must not be blank, got ${describe(value)}. ${fix}.` : undefined;
}

function ceilingProblem(value: unknown, monthlyLimitUsd: number): string | undefined {
  const fix = 'Set the highest cost a month that is accepted, in US dollars.';
  if (value === undefined) return `acknowledge.maxMonthlyUsd is required. ${fix}`;
  if (Token.isUnresolved(value)) return `acknowledge.maxMonthlyUsd must be known at synth, got a token. ${fix}`;
  if (typeof value !== 'number' || !Number.isFinite(value) || value <= 0) return `acknowledge.maxMonthlyUsd must be a number above 0, got ${describe(value)}. ${fix}`;
  if (value >= monthlyLimitUsd) return undefined;
  return `acknowledge.maxMonthlyUsd must not be below the limit of ${formatUsd(toText(decimal(monthlyLimitUsd)))}, got ${describe(value)}. `
    + 'Set the highest cost a month that is accepted, the part within the limit included.';
}

function dayProblem(value: unknown, today: string | undefined): string | undefined {
  const fix = 'Set the last day on which the overrun is accepted, such as "2027-01-31".';
  if (value === undefined) return `acknowledge.expires is required. ${fix}`;
  if (!isDay(value)) return `acknowledge.expires must be a day of the calendar as YYYY-MM-DD, got ${describe(value)}. ${fix}`;
  if (today === undefined || !isTooFarAhead(value, today)) return undefined;
  return `acknowledge.expires must be at most ${MAX_ACCEPTED_DAYS} days after ${today}, got ${describe(value)}. Set an earlier day.`;
}
