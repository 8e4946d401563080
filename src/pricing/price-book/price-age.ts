import { daysBetween } from './day';
import { formatDays } from '../format';

/** Default maximum number of days since a price was last confirmed. AWS changes some prices every few weeks. */
export const DEFAULT_MAX_PRICE_AGE_DAYS = 120;

/** The limit on the age of prices, and the day on which it is judged. */
export interface PriceAgeLimit {
  readonly today: string;
  readonly maxDays: number;
}

/** True for prices that are older than allowed. Exactly as old as allowed is not too old. */
export function isTooOld(confirmed: string, { today, maxDays }: PriceAgeLimit): boolean {
  return daysBetween(confirmed, today) > maxDays;
}

/** The age of a price and the limit that it exceeds. */
export function tooOldText(what: string, confirmed: string, { today, maxDays }: PriceAgeLimit): string {
  return `${what} was last confirmed on ${confirmed}, ${formatDays(daysBetween(confirmed, today))} before ${today}; `
    + `${formatDays(maxDays)} ${maxDays === 1 ? 'is' : 'are'} allowed`;
}
