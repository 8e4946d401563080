import { decimal, Decimal } from '../decimal';

/**
 * The number of units of a size that a quantity fills or begins: 1,001 characters are 2 units of 1,000, 0 are none.
 *
 * By the remainder, which is exact, and not by `Math.ceil` of a quotient, which is rounded.
 */
export function wholeUnits(quantity: Decimal, size: number): Decimal {
  const given = quantity.toNumber();
  const begun = given % size;
  return decimal((given - begun) / size + (begun > 0 ? 1 : 0));
}
