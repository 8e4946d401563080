const HOUR = 3_600;
const HOURS_OF_WEEK = 168;
const WEEK = HOURS_OF_WEEK * HOUR;

/** A calendar month in UTC, by which AWS bills, in seconds since 1970: from `start` up to, but without, `end`. */
export interface Month {
  /** `YYYY-MM` */
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

/** The month that a time is in. */
export function monthOf(seconds: number): Month {
  const date = new Date(seconds * 1000);
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()];
  return { name: date.toISOString().slice(0, 7), start: Date.UTC(year, month) / 1000, end: Date.UTC(year, month + 1) / 1000 };
}

/** Amounts by the hour that they fell in, which is named by the second that it begins with. */
export type HourlyAmounts = ReadonlyMap<number, number>;

/** How far back the amounts have to reach: to the beginning of the month, and two weeks for the forecast. */
export function historyStart(now: number): number {
  return Math.min(monthOf(now).start, hourOf(now) - 2 * WEEK);
}

/** What the month has had up to now. */
export function monthToDate(hours: HourlyAmounts, now: number): number {
  return sumBetween(hours, monthOf(now).start, hourOf(now) + HOUR);
}

/**
 * What the rest of the month will bring if every hour is like the same hour of the last week (a seasonal naive forecast).
 *
 * By the week, since almost all use has a daily and a weekly rhythm: the pace since the month began would forecast too
 * much on every Friday. Only what recurred counts, the smaller of the last two weeks, so that one hour of a runaway is
 * not taken for a habit. Of use that is younger than two weeks the last one has to do, and younger than one week it
 * forecasts too little: the burn-rate alarms watch that.
 */
export function restOfMonth(hours: HourlyAmounts, now: number): number {
  const current = hourOf(now);
  const recurring = recurringWeek(hours, current);
  const hoursLeft = (monthOf(now).end - current) / HOUR;
  let sum = 0;
  for (let ahead = 1; ahead < hoursLeft; ahead++) sum += recurring[ahead % HOURS_OF_WEEK];
  // Of the hour that is not over yet, what it has not had so far.
  return sum + Math.max(0, recurring[0] - (hours.get(current) ?? 0));
}

/** The hours of a week from the current one on, as they were in the weeks before it. */
function recurringWeek(hours: HourlyAmounts, current: number): number[] {
  const weekBack = (weeks: number) => Array.from({ length: HOURS_OF_WEEK }, (_, i) => hours.get(current + i * HOUR - weeks * WEEK) ?? 0);
  const [last, before] = [weekBack(1), weekBack(2)];
  const isNew = before.every((amount) => amount === 0);
  return isNew ? last : last.map((amount, i) => Math.min(amount, before[i]));
}

function hourOf(seconds: number): number {
  return seconds - (seconds % HOUR);
}

function sumBetween(hours: HourlyAmounts, from: number, to: number): number {
  let sum = 0;
  for (const [hour, amount] of hours) if (hour >= from && hour < to) sum += amount;
  return sum;
}
