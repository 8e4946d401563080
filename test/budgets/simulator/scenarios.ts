import { firstUse, HISTORY_MINUTES, monthNamed, Pace, spending, UsageSpec } from './traffic';

const DAY = 1_440;

/**
 * The expectation of the alarms on burn rate, forecast and the whole limit:
 * - `silence`: the month is within the limit, so an alarm is a false alarm
 * - `alarm`: the month exceeds the limit, or an hour of it has a burn rate that no month can sustain
 * - `pace`: the month is within the limit, but its last days have a burn rate that exceeds the limit in a month
 */
export type Expectation = 'silence' | 'alarm' | 'pace';

export interface Scenario extends UsageSpec {
  readonly name: string;
  readonly expected: Expectation;
  /** The first minute of the scenario in the month, from which the delay of alarms is measured. Default: 0 */
  readonly begins?: number;
  /** The maximum delay of the first alarm, and the maximum part of the limit spent by then; undefined if no alarm is expected. */
  readonly target?: Target;
}

export interface Target {
  readonly minutes: number;
  readonly gone: number;
}

const WITHIN_AN_HOUR: Target = { minutes: 60, gone: 0.03 };
const WITHIN_A_DAY: Target = { minutes: DAY, gone: 0.1 };
const WITHIN_HALF_A_MONTH: Target = { minutes: 14 * DAY, gone: 1 / 3 };

export const steady: Pace = () => 1;
export const daily = (hours: number): Pace => ({ minuteOfDay }) => Number(minuteOfDay >= 8 * 60 && minuteOfDay < (8 + hours) * 60);
export const wave: Pace = ({ minuteOfDay }) => 1 - Math.cos(2 * Math.PI * minuteOfDay / DAY);
export const weekdays = (hours: number): Pace => (moment) => (moment.weekday === 0 || moment.weekday === 6 ? 0 : daily(hours)(moment));

/** Random factors between 1 - amplitude and 1 + amplitude, each for a number of minutes, and the same in every run. */
export function noise(amplitude: number, everyMinutes: number): Pace {
  const draws: number[] = [];
  // Park and Miller's "minimal standard" generator.
  for (let i = 0, seed = everyMinutes; i < (HISTORY_MINUTES + 31 * DAY) / everyMinutes; i++) {
    seed = seed * 48_271 % 2_147_483_647;
    draws.push(1 + amplitude * (2 * seed / 2_147_483_647 - 1));
  }
  return ({ minute }) => draws[Math.floor((HISTORY_MINUTES + minute) / everyMinutes)];
}

/** Months that begin on every day of the week, of 28, 30 and 31 days. */
export const MONTHS = ['2026-02', '2027-02', '2026-09', '2026-04', '2026-10', '2026-05', '2026-08', '2026-11', '2026-06'];
/** 28 days from a Sunday on, 30 from a Wednesday on, 31 from a Thursday on. */
const LENGTHS = ['2026-02', '2026-04', '2026-10'];
/** They begin on a Monday, a Friday and a Saturday. */
const STARTS = ['2027-02', '2026-05', '2026-08'];

/** A recurring usage that spends a share of the limit, as in the weeks before. */
function rhythm(name: string, share: number, shape: Pace, months: readonly string[]): Scenario[] {
  return months.map((month) => {
    const pace = spending(share, month, shape);
    return { name, month, pace, paceBefore: pace, expected: 'silence' };
  });
}

/** The same, without earlier usage. */
function anew(before: readonly Scenario[]): Scenario[] {
  return before.map((scenario) => ({ ...scenario, name: `${scenario.name}, new`, paceBefore: undefined }));
}

/** A burn rate that is too high from the start of the month, without earlier usage and after weeks within the limit. */
function tooMuch(factor: number, what: string, shape: Pace, target: Target, months: readonly string[]): Scenario[] {
  return months.flatMap((month) => {
    const within = spending(1, month, shape);
    const begins = firstUse(month, within);
    const pace: Pace = (moment) => factor * within(moment);
    return [{ name: `${factor}x${what}, new`, paceBefore: undefined }, { name: `${factor}x${what}, after weeks within the limit`, paceBefore: within }]
      .map((before) => ({ ...before, month, pace, begins, target, expected: 'alarm' as const }));
  });
}

/** One hour of usage in a month that otherwise has little, starting at any minute of an hour. */
function runaway(factor: number, month: string, offset = 0): Scenario {
  const begins = 10 * DAY + 10 * 60 + offset;
  return {
    name: `one hour at ${factor}x in a month at 0.5x`,
    month,
    begins,
    pace: ({ minute }) => (minute >= begins && minute < begins + 60 ? factor : 0.5),
    paceBefore: () => 0.5,
    expected: 'alarm',
    target: factor < 40 ? WITHIN_AN_HOUR : { ...WITHIN_AN_HOUR, gone: 0.03 * 40 / 20 },
  };
}

function lastDays(share: number, month: string, expected: Expectation): Scenario {
  const { start, end } = monthNamed(month);
  const begins = (end - start) / 60 - 5 * DAY;
  return {
    name: `${share * 100} % of the limit within the last 5 days`,
    month,
    begins,
    pace: spending(share, month, ({ minute }) => Number(minute >= begins)),
    expected,
    target: WITHIN_A_DAY,
  };
}

export function scenarios(): Scenario[] {
  const evenly = rhythm('steady, exactly the limit', 1, steady, LENGTHS);
  const everyDay = rhythm('every day, 8 office hours, exactly the limit', 1, daily(8), LENGTHS);
  const waves = rhythm('every day, a smooth wave, exactly the limit', 1, wave, LENGTHS);
  const onWeekdays = rhythm('weekdays, 8 office hours, exactly the limit', 1, weekdays(8), MONTHS);
  const noisy = [1, 60].flatMap((every) => rhythm('noise of 30 % by the minute or hour, 95 % of the limit', 0.95, noise(0.3, every), ['2026-04']));
  return [
    ...evenly, ...anew(evenly),
    ...everyDay, ...anew(everyDay.slice(0, 1)),
    ...waves, ...anew(waves.slice(0, 1)),
    ...onWeekdays, ...anew(onWeekdays.filter(({ month }) => STARTS.includes(month))),
    ...rhythm('weekdays, 9 office hours, exactly the limit', 1, weekdays(9), LENGTHS),
    ...noisy, ...anew(noisy),
    ...rhythm('noise of 30 % by the day, 80 % of the limit', 0.8, noise(0.3, DAY), LENGTHS),
    ...tooMuch(20, ' steady', steady, WITHIN_AN_HOUR, LENGTHS),
    ...tooMuch(3, ' steady', steady, WITHIN_A_DAY, LENGTHS),
    ...tooMuch(1.5, ' steady', steady, WITHIN_HALF_A_MONTH, LENGTHS),
    ...tooMuch(3, ' on weekdays in 8 office hours', weekdays(8), WITHIN_A_DAY, STARTS),
    ...tooMuch(1.5, ' on weekdays in 8 office hours', weekdays(8), WITHIN_HALF_A_MONTH, STARTS),
    ...[0, 17, 43].map((offset) => runaway(20, '2026-10', offset)),
    ...[0, 17, 43].map((offset) => runaway(40, '2026-10', offset)),
    ...LENGTHS.map((month) => lastDays(0.8, month, 'pace')),
    ...LENGTHS.map((month) => lastDays(1.5, month, 'alarm')),
  ];
}
