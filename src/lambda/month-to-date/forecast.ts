export const HOUR = 3_600;
const HOURS_OF_DAY = 24;
const DAYS_OF_WEEK = 7;
const HOURS_OF_WEEK = HOURS_OF_DAY * DAYS_OF_WEEK;
export const DAY = HOURS_OF_DAY * HOUR;
const WEEK = DAYS_OF_WEEK * DAY;

/** A calendar month in UTC, by which AWS bills, in seconds since 1970: `start` is inclusive, `end` exclusive. */
export interface Month {
  /** `YYYY-MM` */
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

/** The month of a time. */
export function monthOf(seconds: number): Month {
  const date = new Date(seconds * 1000);
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()];
  return { name: date.toISOString().slice(0, 7), start: Date.UTC(year, month) / 1000, end: Date.UTC(year, month + 1) / 1000 };
}

/** Amounts by hour. The key is the first second of the hour. */
export type HourlyAmounts = ReadonlyMap<number, number>;

/**
 * The beginning of the required amounts: the beginning of the month, and three weeks for the forecast. The forecast compares two
 * weeks; the third one distinguishes an idle day of established use from the time before the first use.
 */
export function historyStart(now: number): number {
  return Math.min(monthOf(now).start, hourOf(now) - 3 * WEEK);
}

/** The sum of the current month until now. */
export function monthToDate(hours: HourlyAmounts, now: number): number {
  const { start } = monthOf(now);
  let total = 0;
  for (const [hour, amount] of hours) if (hour >= start && hour <= now) total += amount;
  return total;
}

/**
 * The expected amount of the rest of the month if every hour is like the same hour of the last week (a seasonal naive forecast).
 *
 * The forecast is weekly, since almost all use has a daily and a weekly rhythm: the average since the beginning of the month would
 * forecast too much on every Friday. Only recurring use counts: of each day, the smaller amount of the last two weeks, so that a single
 * hour of runaway use is not extrapolated. Whole days are compared, not hours, so that a nightly job that ends at 2:10 in one week and at
 * 1:50 in the next one recurs. For use that began less than two weeks ago, only the last week is available. For use that began less than
 * a week ago, the forecast is too low; the burn-rate alarms cover that case.
 */
export function restOfMonth(hours: HourlyAmounts, now: number): number {
  const first = weekStart(now);
  const week = withNewUse(recurringWeek(hours, first), first, [{ hours, firstUse: firstUse(hours) }], now);
  return restByWeek(week, first, hours.get(hourOf(now)) ?? 0, now);
}

/**
 * The first hour of a recurring week that is computed now: the hour before the current one. Datapoints arrive late, and points missing
 * from the newest hour would be missing in every forecast with that week.
 */
export function weekStart(now: number): number {
  return hourOf(now) - HOUR;
}

/**
 * The expected amount of the rest of the month if every week is like this one.
 *
 * @param week amounts of 168 hours from `first`
 * @param spentThisHour the amount of the current hour so far
 */
export function restByWeek(week: readonly number[], first: number, spentThisHour: number, now: number): number {
  const current = hourOf(now);
  const gone = (current - first) / HOUR;
  const hoursLeft = (monthOf(now).end - current) / HOUR;
  let rest = 0;
  for (let ahead = 1; ahead < hoursLeft; ahead++) rest += week[(gone + ahead) % HOURS_OF_WEEK];
  // A part of the current hour's amount is already spent.
  return rest + Math.max(0, week[gone % HOURS_OF_WEEK] - spentThisHour);
}

/** The first second of the hour of a time. */
export function hourOf(seconds: number): number {
  return seconds - (seconds % HOUR);
}

/** The expected hours of a week from `current`, from the weeks before it. */
export function recurringWeek(hours: HourlyAmounts, current: number): number[] {
  const first = firstUse(hours, current - 2 * WEEK);
  const week: number[] = [];
  for (let start = current; start < current + WEEK; start += DAY) {
    const [last, before] = [start - WEEK, start - 2 * WEEK];
    // A day before the first use is not an idle day, so it is not compared.
    const isLess = first > before || amountOfDay(hours, last) <= amountOfDay(hours, before);
    for (let hour = isLess ? last : before, end = hour + DAY; hour < end; hour += HOUR) week.push(hours.get(hour) ?? 0);
  }
  return week;
}

/**
 * A recurring week with the hours that have passed since its computation. For use that was new then, these hours can recur. Other use is
 * compared with earlier weeks, and is not changed.
 *
 * @param week amounts of 168 hours from `first`
 * @param uses the amounts since `first`, and the hour of the first use before that; 0 for none
 */
export function withNewUse(
  week: readonly number[], first: number, uses: readonly { readonly hours: HourlyAmounts; readonly firstUse: number }[], now: number,
): number[] {
  const current = hourOf(now);
  return week.map((amount, i) => {
    const hour = first + i * HOUR;
    if (hour >= current) return amount;
    // The week before this hour is before the first use, so the amount includes nothing of it.
    const fresh = uses.filter(({ firstUse: used }) => used === 0 || used > hour - WEEK);
    return fresh.reduce((sum, { hours }) => sum + (hours.get(hour) ?? 0), amount);
  });
}

/** The hour of the first use, or any used hour up to `enough`. Infinity for none. */
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
