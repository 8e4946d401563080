import { minutesOf, WEEKDAYS } from './business-hours';
import { BusinessHours } from './contract';
import { PricingError } from '../../input/error';

const WORKWEEK_FIRST = [...WEEKDAYS.slice(1), WEEKDAYS[0]];
const CLOCK = /^([01]\d|2[0-3]):[0-5][05]$/;

/** What is wrong with business hours, if anything: each field that is not allowed, with what is. */
export function businessHoursProblems(hours: BusinessHours): PricingError[] {
  const { days, start, end, timeZone } = hours;
  const problems = [
    ...(areDays(days) ? [] : [new PricingError('schedule.days', days, `one or more of ${WORKWEEK_FIRST.join(', ')}, each once`)]),
    ...(isClock(start) ? [] : [new PricingError('schedule.start', start, 'HH:MM in steps of 5 minutes, from 00:00 to 23:55')]),
    ...(end === '24:00' || isClock(end) ? [] : [new PricingError('schedule.end', end, 'HH:MM in steps of 5 minutes, from 00:05 to 24:00')]),
    ...(isTimeZone(timeZone) ? [] : [new PricingError('schedule.timeZone', timeZone, 'the IANA name of a time zone, such as "Europe/Berlin"')]),
  ];
  if (problems.length > 0) return problems;
  // AWS takes some minutes to provide it, and callers are sent away some minutes before the end.
  if (minutesOf(end) < minutesOf(start) + 60) return [new PricingError('schedule.end', end, `a time at least an hour after start, ${start}, on the same day`)];
  if (days.length === WEEKDAYS.length && start === '00:00' && end === '24:00') {
    return [new PricingError('schedule', hours, 'hours that leave out a part of the week', 'Leave schedule out to have the units all the time.')];
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
