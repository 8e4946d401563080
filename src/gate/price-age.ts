/** From how many days on prices count as too old, unless the user says otherwise. AWS changes some every few weeks. */
export const DEFAULT_MAX_PRICE_AGE_DAYS = 120;

const DAY_MS = 86_400_000;

/** True for a day that the calendar has, as YYYY-MM-DD. */
export function isDay(text: unknown): text is string {
  const [, year, month, day] = (typeof text === 'string' && /^(\d{4})-(\d\d)-(\d\d)$/.exec(text)) || [];
  if (year === undefined) return false;
  const inMonth = Number(month) >= 1 && Number(month) <= 12;
  return inMonth && Number(day) >= 1 && Date.UTC(Number(year), Number(month) - 1, Number(day)) < Date.UTC(Number(year), Number(month), 1);
}

/** How many days a price that was read on one day is old on another; negative for a day that is still to come. */
export function ageInDays(asOf: string, today: string): number {
  return (Date.parse(today) - Date.parse(asOf)) / DAY_MS;
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
