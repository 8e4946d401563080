import { Duration } from 'aws-cdk-lib';
import { PricingError } from '../input/error';

/**
 * Burn rate that triggers an alarm, and the time window over which it is measured.
 *
 * A burn rate of 1 spends exactly the limit in a month. A burn rate of 12 over 1 hour triggers an alarm when an hour costs more than 12
 * times its even share of the limit: at this rate, the budget of the month is spent in two and a half days.
 */
export interface BurnRate {
  /** Time window over which the cost is added up: whole minutes from 15 minutes to 7 days, at least `countInterval`. */
  readonly window: Duration;
  /**
   * Shorter window over which the burn rate must be exceeded as well, which ends the alarm soon after the spending ends. Whole minutes, at
   * least 15 and at least `countInterval`, shorter than `window`.
   * @default - only `window` is evaluated
   */
  readonly shortWindow?: Duration;
  /** Burn rate: 1 or more. The hours of `window` times `factor` must be less than 672, the hours of February, or the alarm would come too late. */
  readonly factor: number;
}

/**
 * The default burn rates, chosen with the simulator in test/budgets: a burn rate of 20 triggers an alarm within an hour, and one of 3
 * within a day. Usage at the limit that follows office hours, every day or on weekdays only, triggers none.
 */
export const DEFAULT_BURN_RATES: readonly BurnRate[] = [
  { window: Duration.hours(1), factor: 12 },
  { window: Duration.hours(24), shortWindow: Duration.hours(6), factor: 2 },
];

/** All windows of a burn rate. The alarm fires when the rate is exceeded over each of them. */
export function windowsOf({ window, shortWindow }: BurnRate): Duration[] {
  return [window, ...(shortWindow ? [shortWindow] : [])];
}

/** Renders the end of a sentence: `12 over 1 hour`, `2 over both 24 hours and 6 hours`. */
export function describeBurnRate(rate: BurnRate): string {
  return `${rate.factor} over ${rate.shortWindow ? 'both ' : ''}${windowsOf(rate).map(describeHours).join(' and ')}`;
}

/** Renders a window: `24 hours`, `30 minutes`. */
function describeHours(window: Duration): string {
  const minutes = window.toMinutes();
  const [count, unit] = minutes % 60 === 0 ? [minutes / 60, 'hour'] : [minutes, 'minute'];
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}

/** Renders the window that ends now: `last hour`, `last 24 hours`. */
export function describeLast(window: Duration): string {
  return window.toMinutes() === 60 ? 'last hour' : `last ${describeHours(window)}`;
}

/** The CloudWatch limit on period x evaluation periods. */
const MAX_MINUTES = 7 * 24 * 60;
/** The default interval of counts: a shorter window would leave gaps. */
const MIN_MINUTES = 15;
/** The shortest month. With a larger product of window and factor, the budget would be spent before the alarm fires. */
const HOURS_OF_FEBRUARY = 672;
const MAX_RATES = 5;

/** The first problem of burn rates that a user sets, if there is one. */
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
