import { decimal } from '../pricing/decimal';

const HOURS: { readonly [unit: string]: number } = { minute: 1 / 60, hour: 1, day: 24 };
/** A year of 365 days, in which every day of the week occurs 52 or 53 times. */
const YEAR = 2027;
const DAYS = 365;

/** The used part of the class of croner, which is bundled into assets/vendor and loaded on first use. */
interface Cron {
  nextRun(after: Date): Date | null;
}
type CronConstructor = new (pattern: string, options: object) => Cron;

/**
 * The number of starts of a schedule in an average month. Undefined for schedules that start once or in some years only, or that are
 * unknown at synth.
 *
 * `cron(0 2 * * ? *)` in 730 hours: 730 / 24 = 30.42. Rounded up to the hundredth.
 *
 * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
 */
export function runsPerMonth(expression: string, hoursPerMonth: number): number | undefined {
  const perDay = runsPerDay(expression);
  return perDay === undefined ? undefined : Math.ceil(Math.round(perDay * hoursPerMonth / 24 * 1e6) / 1e4) / 100;
}

function runsPerDay(expression: string): number | undefined {
  const [, every, unit] = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression) ?? [];
  if (unit !== undefined) return 24 / (Number(every) * HOURS[unit]);
  const [, pattern] = /^cron\((.+)\)$/.exec(expression) ?? [];
  const [minutes, hours, days, months, weekdays, years] = pattern?.trim().split(/\s+/) ?? [];
  // The average month of a schedule for some years only is unknown.
  if (years !== '*') return undefined;
  const perDay = valuesIn(minutes, 60) * valuesIn(hours, 24);
  const share = isEveryDay(days, months, weekdays) ? 1 : daysIn(`0 0 0 ${days} ${months} ${weekdays}`.replace(/\?/g, '*')) / DAYS;
  return Number.isFinite(perDay * share) ? perDay * share : undefined;
}

function isEveryDay(...fields: string[]): boolean {
  return fields.every((field) => /^[*?]$/.test(field));
}

/** The number of values of a field of minutes or hours: `0,30`, `8-18`, `0/15`, `*`. */
function valuesIn(field: string, count: number): number {
  const values = new Set<number>();
  for (const part of field.split(',')) {
    const [, from, to, step] = /^(\*|\d+)(?:-(\d+))?(?:\/(\d+))?$/.exec(part) ?? [];
    if (from === undefined) return NaN;
    const first = from === '*' ? 0 : Number(from);
    const last = to !== undefined ? Number(to) : from === '*' || step !== undefined ? count - 1 : first;
    for (let value = first; value <= last; value += Number(step ?? 1)) values.add(value);
  }
  return values.size;
}

/** The number of days of a year that match a pattern; NaN for a pattern that cannot be parsed. */
function daysIn(pattern: string): number {
  const { Cron }: { Cron: CronConstructor } = require('../../assets/vendor/croner.js');
  try {
    // AWS numbers the days of the week from 1, which is Sunday.
    const cron = new Cron(pattern, { alternativeWeekdays: true, timezone: 'UTC', paused: true });
    let days = 0;
    const end = Date.UTC(YEAR + 1, 0, 1);
    for (let day = cron.nextRun(new Date(Date.UTC(YEAR, 0, 1) - 1000)); day && day.getTime() < end; day = cron.nextRun(day)) days++;
    return days;
  } catch {
    return NaN;
  }
}

/** True if a number of runs of the user is within a tenth of the runs of the schedule, since months differ by about a tenth. */
export function isAbout(given: number, counted: number): boolean {
  const [a, b] = [decimal(given), decimal(counted)];
  return a.times(decimal('1.1')).cmp(b) >= 0 && b.times(decimal('1.1')).cmp(a) >= 0;
}
