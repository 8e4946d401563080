/**
 * Exact decimal arithmetic.
 *
 * Money is never a float: `0.1 + 0.2` must be `0.3`. big.js does the arithmetic. It is bundled, since the package has no runtime
 * dependency, and only this file imports it, which keeps its types out of the API.
 */

/** An exact, immutable decimal number. */
export interface Decimal {
  plus(other: Decimal): Decimal;
  minus(other: Decimal): Decimal;
  times(other: Decimal): Decimal;
  /** Inexact when the quotient has no finite decimal expansion: 20 digits after the point. For shares, never for sums. */
  div(other: Decimal): Decimal;
  /** -1, 0 or 1. */
  cmp(other: Decimal): number;
  /** Rounded half up to so many digits after the point (all of them when left out), never with an exponent. */
  toFixed(digits?: number): string;
  toNumber(): number;
}

interface BigConstructor {
  new (value: string | number): Decimal;
}

/** Divides to 20 digits after the point, its default. */
const Big: BigConstructor = require('../../assets/vendor/big.js');

/** A decimal from its text, or from a number by the digits that JavaScript prints for it (0.1 is 0.1). */
export function decimal(value: string | number): Decimal {
  return new Big(value);
}

export const ZERO = decimal(0);
export const ONE = decimal(1);
export const THOUSAND = decimal(1000);
export const MILLION = decimal(1_000_000);
const HUNDRED = decimal(100);

/** Exact text: no exponent, no trailing zeros (`32608.8`). */
export function toText(value: Decimal): string {
  return value.toFixed();
}

export function sum(values: Iterable<Decimal>): Decimal {
  let total = ZERO;
  for (const value of values) total = total.plus(value);
  return total;
}

/** The sum, or undefined as soon as one of the values is unknown: an unknown amount never counts as 0. */
export function sumIfAllKnown(values: Iterable<Decimal | undefined>): Decimal | undefined {
  let total = ZERO;
  for (const value of values) {
    if (value === undefined) return undefined;
    total = total.plus(value);
  }
  return total;
}

/** `percentOf(10, 50)` is 5. */
export function percentOf(percent: Decimal, value: Decimal): Decimal {
  return percent.times(value).div(HUNDRED);
}

/** True for the text of a non-negative decimal number such as `0.0000008` or `21.18`. */
export function isDecimalText(text: unknown): text is string {
  return typeof text === 'string' && /^\d+(\.\d+)?$/.test(text);
}
