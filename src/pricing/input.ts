import { isObject } from './argument';
import { Decimal, decimal, ZERO } from './decimal';
import { PricingError } from './error';
import { unknownField } from './unknown-field';
import { committedHours, DEFAULT_HOURS_PER_MONTH } from './usage/hours-per-month';

/** A quantity that the user gave: a finite number, not negative. */
export function quantityOf(field: string, value: number | undefined, fallback?: number): Decimal {
  if (value === undefined && fallback === 0) return ZERO;
  // null counts as a wrong value, not as one that is left out.
  const given = value === undefined ? fallback : value;
  if (typeof given !== 'number' || !Number.isFinite(given) || given < 0) {
    throw new PricingError(field, value, 'a number of 0 or more');
  }
  return decimal(given);
}

/**
 * Checks, for callers without a compiler, that every field exists, the model, the region and customModel. A misspelt quantity would
 * count as 0. Hours in a month may be set on any usage.
 *
 * @returns the names of the fields that are there
 */
export function checkWorkload(
  workload: { readonly model?: string; readonly region?: string; readonly customModel?: boolean }, fields: { readonly [field: string]: true },
): readonly string[] {
  if (!isObject(workload)) throw new PricingError('usage', workload, `an object with the fields ${Object.keys(fields).join(', ')}`);
  const given = Object.keys(workload);
  for (const field of given) {
    if (!Object.hasOwn(fields, field) && field !== 'hoursPerMonth') throw unknownField('', field, Object.keys(fields));
  }
  const { model, region, customModel } = workload;
  if ('model' in fields && (typeof model !== 'string' || model === '')) throw new PricingError('model', model, 'a model id such as "amazon.nova-pro-v1:0"');
  if (region !== undefined && typeof region !== 'string') throw new PricingError('region', region, 'a region such as "us-east-1"');
  // Any text would be true, "false" among them.
  if (customModel !== undefined && typeof customModel !== 'boolean') throw new PricingError('customModel', customModel, 'true or false');
  return given;
}

/** The hours of a month that a commitment is billed for. */
export function committedHoursOf(value: number | undefined): Decimal {
  const hours = quantityOf('hoursPerMonth', value, DEFAULT_HOURS_PER_MONTH);
  if (hours.cmp(ZERO) <= 0) throw new PricingError('hoursPerMonth', value, 'a number above 0');
  return committedHours(hours);
}

/** The assumption of a commitment that is priced for more hours than were given. */
export function committedHoursAssumption(given: number | undefined): string[] {
  if (given === undefined || given >= DEFAULT_HOURS_PER_MONTH) return [];
  return [`a commitment is billed for every hour of its term: ${DEFAULT_HOURS_PER_MONTH} hours a month are counted, not ${given}`];
}

/** Refuses usage that names none of its quantities: it would cost $0 without a word. */
export function requireOneOf(usage: object, fields: readonly string[]): void {
  if (fields.every((field) => (usage as { readonly [field: string]: unknown })[field] === undefined)) {
    throw fields.length === 1 ? new PricingError(fields[0], undefined, 'a number of 0 or more')
      : PricingError.oneOf(fields);
  }
}

/** A choice that the user gave: one of the values of an enum. */
export function choiceOf<T extends string>(field: string, value: T | undefined, values: { readonly [name: string]: T }, fallback: T): T {
  if (value === undefined) return fallback;
  if (!Object.values(values).includes(value)) {
    throw new PricingError(field, value, `one of ${Object.values(values).join(', ')}`);
  }
  return value;
}
