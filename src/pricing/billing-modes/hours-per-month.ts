import { Decimal, decimal } from '../decimal';

/** Hours in an average month: 365 x 24 / 12. AWS's own examples use 744 (31 days). */
export const DEFAULT_HOURS_PER_MONTH = 730;

/** Hours in the longest month. */
export const MAX_HOURS_PER_MONTH = 744;

/**
 * The hours of a month that a commitment is billed for: those given, but at least those of an average month. AWS bills
 * every hour of a term, so fewer would confirm and show a sum that is too small.
 */
export function committedHours(hoursPerMonth: Decimal): Decimal {
  const least = decimal(DEFAULT_HOURS_PER_MONTH);
  return hoursPerMonth.cmp(least) < 0 ? least : hoursPerMonth;
}
