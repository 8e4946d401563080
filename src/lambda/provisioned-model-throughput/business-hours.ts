import { TICK_MINUTES } from './contract';
import { BusinessHours, minutesOf, minutesPerDay, WEEKDAYS } from '../../pricing/business-hours';
import { MINUTE } from '../shared/time';

/** The phase of a time. `closing` is the last tick of a window, in which callers are redirected before the deletion. */
export type Phase = 'open' | 'closing' | 'closed';

const TICK_MS = TICK_MINUTES * MINUTE;
const DAY_MINUTES = 24 * 60;
/** 1970-01-01 was a Thursday. */
const FIRST_WEEKDAY = WEEKDAYS.indexOf('THU');
/** The maximum by which clocks are set back, with a margin: usually one hour, two hours at the Antarctic station Troll. */
const LONGEST_REPEAT_MS = 3 * 60 * MINUTE;

/** The phase at a time. */
export function phaseAt(hours: BusinessHours, time: Date): Phase {
  const tick = Math.floor(time.getTime() / TICK_MS) * TICK_MS;
  if (!isInside(hours, tick)) return 'closed';
  // Reads the next tick, not the clock, which never shows the last minutes of a window if it is set forward over the end.
  return isInside(hours, tick + TICK_MS) ? 'open' : 'closing';
}

/**
 * The id of a window, of letters, digits and hyphens (`2026-03-27-0800`): constant from its start to its end, and different for the
 * next window. Outside of all windows it is the id of the last one.
 *
 * Windows that meet at midnight (`00:00` to `24:00` on Monday and Tuesday) are one window.
 */
export function windowOf(hours: BusinessHours, time: Date): string {
  const now = furthestWallMinutes(hours.timeZone, time.getTime());
  const start = minutesOf(hours.start);
  const today = Math.floor(now / DAY_MINUTES);
  let first = [0, 1, 2, 3, 4, 5, 6, 7].map((back) => today - back).find((day) => isDay(hours, day) && day * DAY_MINUTES + start <= now)!;
  if (isWholeDay(hours)) for (let back = 1; back < 7 && isDay(hours, first - 1); back++) first -= 1;
  const date = new Date(first * DAY_MINUTES * MINUTE).toISOString().slice(0, 'YYYY-MM-DD'.length);
  return `${date}-${hours.start.replace(':', '')}`;
}

function isWholeDay(hours: BusinessHours): boolean {
  return minutesPerDay(hours) === DAY_MINUTES;
}

function isDay({ days }: BusinessHours, day: number): boolean {
  return days.includes(WEEKDAYS[(FIRST_WEEKDAY + day) % 7]);
}

function isInside(hours: BusinessHours, ms: number): boolean {
  const now = furthestWallMinutes(hours.timeZone, ms);
  const ofDay = now % DAY_MINUTES;
  return isDay(hours, Math.floor(now / DAY_MINUTES)) && minutesOf(hours.start) <= ofDay && ofDay < minutesOf(hours.end);
}

/**
 * The latest local time that the clock has shown.
 *
 * It does not change while a clock that was set back repeats an hour. So each time of day is reached once on each day, and a window
 * whose start or end exists twice begins and ends once, at the first of the two. A time that does not exist is reached when the
 * clock is set forward over it.
 */
function furthestWallMinutes(timeZone: string, ms: number): number {
  const now = wallMinutes(timeZone, ms);
  const before = ms - LONGEST_REPEAT_MS;
  if (now - wallMinutes(timeZone, before) === LONGEST_REPEAT_MS / MINUTE) return now;
  let furthest = now;
  for (let at = before; at < ms; at += TICK_MS) furthest = Math.max(furthest, wallMinutes(timeZone, at));
  return furthest;
}

/** Formatters by time zone. Creating one takes a thousand times as long as using it. */
const clocks = new Map<string, Intl.DateTimeFormat>();

/** The time of the local clock, in minutes since it showed 1970-01-01 00:00. */
function wallMinutes(timeZone: string, ms: number): number {
  const clock = clocks.get(timeZone) ?? new Intl.DateTimeFormat('en-US', {
    timeZone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric',
  });
  clocks.set(timeZone, clock);
  const shown = Object.fromEntries(clock.formatToParts(ms).map(({ type, value }) => [type, Number(value)]));
  return Date.UTC(shown.year, shown.month - 1, shown.day, shown.hour, shown.minute) / MINUTE;
}
