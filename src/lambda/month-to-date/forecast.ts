export const HOUR = 3_600;
const HOURS_OF_DAY = 24;
const DAYS_OF_WEEK = 7;
const HOURS_OF_WEEK = HOURS_OF_DAY * DAYS_OF_WEEK;
export const DAY = HOURS_OF_DAY * HOUR;
const WEEK = DAYS_OF_WEEK * DAY;

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

/**
 * The beginning of the amounts that are needed: the beginning of the month, and three weeks for the forecast. It compares
 * two; the third distinguishes an idle day of an old habit from the time before the first use.
 */
export function historyStart(now: number): number {
  return Math.min(monthOf(now).start, hourOf(now) - 3 * WEEK);
}

/** The sum of the month up to now. */
export function monthToDate(hours: HourlyAmounts, now: number): number {
  const { start } = monthOf(now);
  let total = 0;
  for (const [hour, amount] of hours) if (hour >= start && hour <= now) total += amount;
  return total;
}

/**
 * The expected amount of the rest of the month if every hour is like the same hour of the last week (a seasonal naive forecast).
 *
 * By the week, since almost all use has a daily and a weekly rhythm: the pace since the month began would forecast too
 * much on every Friday. Only what recurred counts, of each day the smaller one of the last two weeks, so that one hour of
 * a runaway is not taken for a habit. Whole days are compared, not hours: a nightly job that ends at 2:10 one week and at
 * 1:50 in the next recurs all the same. Of use that is younger than two weeks the last one has to do, and younger than
 * one week it forecasts too little: the burn-rate alarms watch that.
 */
export function restOfMonth(hours: HourlyAmounts, now: number): number {
  const first = weekStart(now);
  const week = withNewUse(recurringWeek(hours, first), first, [{ hours, firstUse: firstUse(hours) }], now);
  return restByWeek(week, first, hours.get(hourOf(now)) ?? 0, now);
}

/**
 * The hour in which a recurring week begins that is made now, the one before the present: datapoints come late, and what the newest hour
 * lacks would be missing in every forecast that is made with that week.
 */
export function weekStart(now: number): number {
  return hourOf(now) - HOUR;
}

/**
 * The expected amount of the rest of the month if every week is like this one.
 *
 * @param week amounts of 168 hours, from `first` on
 * @param spentThisHour the amount of the present hour so far
 */
export function restByWeek(week: readonly number[], first: number, spentThisHour: number, now: number): number {
  const current = hourOf(now);
  const gone = (current - first) / HOUR;
  const hoursLeft = (monthOf(now).end - current) / HOUR;
  let rest = 0;
  for (let ahead = 1; ahead < hoursLeft; ahead++) rest += week[(gone + ahead) % HOURS_OF_WEEK];
  // The present hour has had a part of its amount.
  return rest + Math.max(0, week[gone % HOURS_OF_WEEK] - spentThisHour);
}

/** The hour that a time is in, named by the second that it begins with. */
export function hourOf(seconds: number): number {
  return seconds - (seconds % HOUR);
}

/** The hours of a week from the current one on, as they were in the weeks before it. */
export function recurringWeek(hours: HourlyAmounts, current: number): number[] {
  const first = firstUse(hours, current - 2 * WEEK);
  const week: number[] = [];
  for (let start = current; start < current + WEEK; start += DAY) {
    const [last, before] = [start - WEEK, start - 2 * WEEK];
    // Before the first use there is nothing to compare with: it was not an idle day.
    const isLess = first > before || amountOfDay(hours, last) <= amountOfDay(hours, before);
    for (let hour = isLess ? last : before, end = hour + DAY; hour < end; hour += HOUR) week.push(hours.get(hour) ?? 0);
  }
  return week;
}

/**
 * A recurring week with the hours that have passed since it was made. Of use that was new then, these hours are what can recur; other
 * use is compared with earlier weeks, and stays as it was.
 *
 * @param week amounts of 168 hours, from `first` on
 * @param uses the amounts since `first`, and the hour of the first use before; 0 for none
 */
export function withNewUse(
  week: readonly number[], first: number, uses: readonly { readonly hours: HourlyAmounts; readonly firstUse: number }[], now: number,
): number[] {
  const current = hourOf(now);
  return week.map((amount, i) => {
    const hour = first + i * HOUR;
    if (hour >= current) return amount;
    // The week before this hour is from before the first use, so that nothing of it is in the amount.
    const fresh = uses.filter(({ firstUse: used }) => used === 0 || used > hour - WEEK);
    return fresh.reduce((sum, { hours }) => sum + (hours.get(hour) ?? 0), amount);
  });
}

/** The hour of the first use; any of those up to `enough`, which are all as good. Infinity for none. */
export function firstUse(hours: HourlyAmounts, enough = -Infinity): number {
  let first = Infinity;
  for (const [hour, amount] of hours) {
    if (amount > 0 && hour < first) first = hour;
    if (first <= enough) break;
  }
  return first;
}

function amountOfDay(hours: HourlyAmounts, start: number): number {
  let total = 0;
  for (let hour = start; hour < start + DAY; hour += HOUR) total += hours.get(hour) ?? 0;
  return total;
}
