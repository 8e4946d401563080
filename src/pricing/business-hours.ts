import { smallestCount } from './comparison/break-even';
import { decimal } from './decimal';
import { PricingError } from '../input/error';

/** The weekly hours in which provisioned throughput exists. */
export interface BusinessHours {
  /** `MON`, `TUE`, ... */
  readonly days: readonly string[];
  /** `HH:MM`, in steps of 5 minutes. */
  readonly start: string;
  /** `HH:MM` of the same day, in steps of 5 minutes, or `24:00`. */
  readonly end: string;
  /** IANA name, such as `Europe/Berlin`. */
  readonly timeZone: string;
}

/** The names of the days of a week, in the order in which `Date` counts them from 0. */
export const WEEKDAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'] as const;

const WORKWEEK_FIRST = [...WEEKDAYS.slice(1), WEEKDAYS[0]];
const WEEK_HOURS = 7 * 24;
/** The allowed values of the fields, in words. */
export const BUSINESS_HOURS = {
  days: `one or more of ${WORKWEEK_FIRST.join(', ')}, each once`,
  start: 'HH:MM in steps of 5 minutes, from 00:00 to 23:55',
  end: 'HH:MM in steps of 5 minutes, from 00:05 to 24:00',
  timeZone: 'the IANA name of a time zone, such as "Europe/Berlin"',
} as const satisfies { readonly [field in keyof BusinessHours]: string };

const CLOCK = /^([01]\d|2[0-3]):[0-5][05]$/;

/** Hours from start to end, all days of a week together. */
export function hoursPerWeek(hours: BusinessHours): number {
  return hours.days.length * minutesPerDay(hours) / 60;
}

/**
 * Hours that are billed in a month: those begun, in every window and in the month.
 *
 * Monday to Friday from 08:00 to 18:00 are 50 hours of the week's 168: 50 / 168 x 730 = 217.26, so 218. Until 18:30, 11
 * hours are begun each day: 55 / 168 x 730 = 238.99, so 239.
 */
export function hoursPerMonth(hours: BusinessHours, hoursInMonth: number): number {
  const billedPerWeek = hours.days.length * Math.ceil(minutesPerDay(hours) / 60);
  return smallestCount(decimal(billedPerWeek).times(decimal(hoursInMonth)), decimal(WEEK_HOURS))!.toNumber();
}

/** Minutes from start to end on one day. */
export function minutesPerDay({ start, end }: BusinessHours): number {
  return minutesOf(end) - minutesOf(start);
}

/** Minutes since midnight; `24:00` is the end of the day. */
export function minutesOf(clock: string): number {
  const [hour, minute] = clock.split(':').map(Number);
  return hour * 60 + minute;
}

/** The problems of business hours: each field that is not allowed, with the allowed values. */
export function businessHoursProblems(hours: BusinessHours): PricingError[] {
  const { days, start, end, timeZone } = hours;
  const problems = [
    ...(areDays(days) ? [] : [new PricingError('schedule.days', days, BUSINESS_HOURS.days)]),
    ...(isClock(start) ? [] : [new PricingError('schedule.start', start, BUSINESS_HOURS.start)]),
    ...(end === '24:00' || isClock(end) ? [] : [new PricingError('schedule.end', end, BUSINESS_HOURS.end)]),
    ...(isTimeZone(timeZone) ? [] : [new PricingError('schedule.timeZone', timeZone, BUSINESS_HOURS.timeZone)]),
  ];
  if (problems.length > 0) return problems;
  // AWS takes some minutes to provide it, and callers are sent away some minutes before the end.
  if (minutesOf(end) < minutesOf(start) + 60) return [new PricingError('schedule.end', end, `a time at least an hour after start, ${start}, on the same day`)];
  if (days.length === WEEKDAYS.length && start === '00:00' && end === '24:00') {
    return [new PricingError('schedule', hours, 'hours that leave out a part of the week', 'Use ProvisionedModelThroughput to have the units all the time.')];
  }
  return [];
}

function areDays(days: readonly string[]): boolean {
  return Array.isArray(days) && days.length > 0 && new Set(days).size === days.length
    && days.every((day) => (WEEKDAYS as readonly string[]).includes(day));
}

function isClock(text: string): boolean {
  return typeof text === 'string' && CLOCK.test(text);
}

/** EventBridge Scheduler takes names only, where Intl may know offsets such as `+01:00`, too. */
function isTimeZone(name: string): boolean {
  if (typeof name !== 'string' || !/^[A-Z]/i.test(name)) return false;
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
