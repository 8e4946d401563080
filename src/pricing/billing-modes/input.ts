import { committedHours, DEFAULT_HOURS_PER_MONTH, MAX_HOURS_PER_MONTH } from './hours-per-month';
import { PricingError } from '../../input/error';
import { Decimal, decimal, ZERO } from '../decimal';

/** The check of a field that is given. */
export interface FieldCheck {
  readonly accepts: (value: unknown) => boolean;
  readonly problem: (field: string, value: unknown) => PricingError;
}

/** The largest quantity: beyond it numbers are no longer exact. */
export const LARGEST = Number.MAX_SAFE_INTEGER;

/** A check whose problem is the same for every value. */
const accepting = (allowed: string, accepts: FieldCheck['accepts']): FieldCheck => ({
  accepts, problem: (field, value) => new PricingError(field, value, allowed),
});

export const QUANTITY: FieldCheck = {
  accepts: (value) => typeof value === 'number' && value >= 0 && value <= LARGEST,
  problem: (field, value) => new PricingError(field, value, isTooLarge(value) ? `a number from 0 to ${LARGEST}` : 'a number of 0 or more'),
};

/** A whole number of 1 or more; `unit` follows `a whole number`. */
export const countOf = (unit = ''): FieldCheck => ({
  accepts: (value) => Number.isSafeInteger(value) && (value as number) >= 1,
  problem: (field, value) => new PricingError(field, value, isTooLarge(value) ? `a whole number${unit} from 1 to ${LARGEST}` : `a whole number${unit === '' ? '' : `${unit},`} of 1 or more`),
});

export const ONE_OR_MORE = accepting('a number of 1 or more', (value) => typeof value === 'number' && value >= 1 && value <= LARGEST);

export const BOOLEAN = accepting('true or false', (value) => typeof value === 'boolean');

export const textOf = (allowed: string): FieldCheck => accepting(allowed, (value) => typeof value === 'string' && value !== '');

/** A member of an enum. */
export const memberOf = (members: object): FieldCheck => {
  const values: readonly unknown[] = Object.values(members);
  return accepting(`one of ${values.join(', ')}`, (value) => values.includes(value));
};

export const HOURS = accepting(`a number above 0 and at most ${MAX_HOURS_PER_MONTH}`, (value) => typeof value === 'number' && value > 0 && value <= MAX_HOURS_PER_MONTH);

function isTooLarge(value: unknown): boolean {
  return typeof value === 'number' && value > LARGEST && Number.isFinite(value);
}

/** A quantity that the user gave: a number of 0 or more. Null is no quantity: only a field that is left out takes the fallback. */
export function quantityOf(field: string, value: number | undefined, fallback?: number): Decimal {
  const given = value === undefined ? fallback : value;
  if (given === 0) return ZERO;
  if (!QUANTITY.accepts(given)) throw QUANTITY.problem(field, given);
  return decimal(given!);
}

/** The hours of a month that a commitment is billed for. */
export function committedHoursOf(value: number | undefined): Decimal {
  const hours = quantityOf('hoursPerMonth', value, DEFAULT_HOURS_PER_MONTH);
  return committedHours(hours);
}

/** The assumption of a commitment that is priced for more hours than were given. */
export function committedHoursAssumption(given: number | undefined): string[] {
  if (given === undefined || given >= DEFAULT_HOURS_PER_MONTH) return [];
  return [`a commitment is billed for every hour of its term: ${DEFAULT_HOURS_PER_MONTH} hours a month are counted, not ${given}`];
}
