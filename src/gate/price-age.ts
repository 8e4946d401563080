export { isDay } from '../pricing/book/day';

/** From how many days on prices count as too old, unless the user says otherwise. AWS changes some every few weeks. */
export const DEFAULT_MAX_PRICE_AGE_DAYS = 120;

const DAY_MS = 86_400_000;

/** How many days a price that was read on one day is old on another; negative for a day that is still to come. */
export function ageInDays(asOf: string, today: string): number {
  return (Date.parse(today) - Date.parse(asOf)) / DAY_MS;
}

/** A day that is still to come, in a sentence; undefined for any other. A price cannot have been read on it, nor be of no age. */
export function inTheFutureText(asOf: string, { today }: Pick<PriceAgeLimit, 'today'>): string | undefined {
  return asOf > today ? `the prices are dated in the future: the newest one was read on ${asOf}, which is after ${today}` : undefined;
}

/** What prices may be judged by: the day, and how old they may be on it. */
export interface PriceAgeLimit {
  readonly today: string;
  readonly maxDays: number;
}

/** Prices too old for a limit, in a sentence; undefined while they are not. Exactly as old as allowed is not too old. */
export function tooOldText(asOf: string, { today, maxDays }: PriceAgeLimit): string | undefined {
  const days = ageInDays(asOf, today);
  return days > maxDays ? `the newest price was read on ${asOf}, ${days} days before ${today}; ${maxDays} days are allowed` : undefined;
}
