import { decimal, Decimal } from '../decimal';

/**
 * How many units of a size a quantity fills, the last one begun or full: 1,001 characters are 2 units of 1,000, 0 are none.
 *
 * By the remainder, which is exact, and not by `Math.ceil` of a quotient, which is rounded.
 */
export function wholeUnits(quantity: Decimal, size: number): Decimal {
  const given = quantity.toNumber();
  const begun = given % size;
  return decimal((given - begun) / size + (begun > 0 ? 1 : 0));
}
