import { Duration } from 'aws-cdk-lib';
import { PricingError } from '../input/error';

/**
 * A pace of spending at which the month's budget is gone early, and over how long a time it is judged.
 *
 * Over 1 hour with the factor 12, an alarm fires when an hour has cost 12 times its even share of the month: at that pace
 * the budget is gone in two and a half days.
 */
export interface BurnRate {
  /** The time over which the spending is added up: whole minutes, 15 minutes to 7 days, and not below `countInterval`. */
  readonly window: Duration;
  /**
   * A shorter time over which the pace has to be exceeded as well, so that the alarm ends soon after the spending does.
   * @default - only `window` counts
   */
  readonly shortWindow?: Duration;
  /** Multiple of the even pace of the limit. 1 or more, and such that `window` times `factor` is less than a month. */
  readonly factor: number;
}

/**
 * Chosen with the simulator of test/budgets: 20 times the even pace triggers an alarm within an hour, 3 times within a day. Usage
 * at the limit that follows office hours, every day or on weekdays only, triggers none.
 */
export const DEFAULT_BURN_RATES: readonly BurnRate[] = [
  { window: Duration.hours(1), factor: 12 },
  { window: Duration.hours(24), shortWindow: Duration.hours(6), factor: 2 },
];

/** All windows of a burn rate, of which each has to be exceeded. */
export function windowsOf({ window, shortWindow }: BurnRate): Duration[] {
  return [window, ...(shortWindow ? [shortWindow] : [])];
}

/** `1 hour at 12 x the pace` */
export function describeBurnRate(rate: BurnRate): string {
  return `${windowsOf(rate).map(describeHours).join(' and ')} at ${rate.factor} times the pace`;
}

/** `24 hours`, `30 minutes` */
function describeHours(window: Duration): string {
  const minutes = window.toMinutes();
  const [count, unit] = minutes % 60 === 0 ? [minutes / 60, 'hour'] : [minutes, 'minute'];
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}

/** `last hour`, `last 24 hours` */
export function describeLast(window: Duration): string {
  return window.toMinutes() === 60 ? 'last hour' : `last ${describeHours(window)}`;
}

/** The CloudWatch limit on period x evaluation periods. It is a day for periods below an hour, which have one evaluation period here. */
const MAX_MINUTES = 7 * 24 * 60;
/** The default interval of counts: a shorter window would leave gaps. */
const MIN_MINUTES = 15;
/** The shortest month. With a larger product of window and factor, the budget would be spent before the alarm fires. */
const HOURS_OF_FEBRUARY = 672;
const MAX_RATES = 5;

/** The first problem of the burn rates of a user, if there is one. */
export function burnRateProblem(rates: readonly BurnRate[], countInterval: Duration): PricingError | undefined {
  const shortest = Math.max(MIN_MINUTES, countInterval.toMinutes());
  const isWindow = (window: Duration) => isWhole(window, shortest);
  if (rates.length === 0 || rates.length > MAX_RATES) return new PricingError('burnRates', rates.length, `a list of 1 to ${MAX_RATES} burn rates`);
  for (const [i, { window, shortWindow, factor }] of rates.entries()) {
    const field = `burnRates[${i}]`;
    if (!isWindow(window)) return new PricingError(`${field}.window`, shown(window), `a Duration in whole minutes from ${shortest} minutes to 7 days`);
    if (shortWindow && !(isWindow(shortWindow) && shortWindow.toMinutes() < window.toMinutes())) {
      return new PricingError(`${field}.shortWindow`, shown(shortWindow), `a Duration in whole minutes that is shorter than window (${shown(window)})`);
    }
    if (typeof factor !== 'number' || !(factor >= 1 && Number.isFinite(factor))) return new PricingError(`${field}.factor`, factor, 'a number of 1 or more');
    if (window.toHours({ integral: false }) * factor >= HOURS_OF_FEBRUARY) {
      return new PricingError(`${field}.factor`, factor, `less than ${HOURS_OF_FEBRUARY / window.toHours({ integral: false })} with this window, since the budget of the month would be spent before the alarm fires`);
    }
  }
  return undefined;
}

function isWhole(window: Duration, shortest: number): boolean {
  if (window.isUnresolved()) return false;
  const minutes = window.toMinutes({ integral: false });
  return Number.isInteger(minutes) && minutes >= shortest && minutes <= MAX_MINUTES;
}

function shown(window: Duration): string {
  return window.isUnresolved() ? 'a token' : `${window.toSeconds({ integral: false })} seconds`;
}
