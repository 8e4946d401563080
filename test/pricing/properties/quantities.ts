import { Decimal, decimal, sum } from '../../../src/pricing/decimal';
import { CostEstimate } from '../../../src/pricing/estimate';
import { fc } from '../../fast-check';

/** A number of requests, records or other pieces of work. */
export const count = fc.integer({ min: 0, max: 1_000_000_000 });
/** A quantity with a fraction, such as an average. */
export const fraction = fc.integer({ min: 0, max: 1_000_000_000 }).map((thousandths) => thousandths / 1000);

/** The exact monthly cost. All prices of these tests are known. */
export function monthly(estimate: CostEstimate): Decimal {
  return decimal(estimate._toJson().monthlyUsd!);
}

/** The exact one-time cost. */
export function once(estimate: CostEstimate): Decimal {
  return decimal(estimate._toJson().oneTimeUsd!);
}

/** Exact equality of two amounts, compared as texts. */
export function expectSame(one: Decimal, other: Decimal): void {
  expect(one.toFixed()).toBe(other.toFixed());
}

export function expectNotBelow(one: Decimal, other: Decimal): void {
  expect(one.cmp(other)).toBeGreaterThanOrEqual(0);
}

/** Checks that each line is its quantity times its unit price, and that the monthly cost is the sum of the recurring lines. */
export function expectLinesToAddUp(estimate: CostEstimate): void {
  const { lineItems, monthlyUsd, oneTimeUsd } = estimate._toJson();
  for (const { quantity, unitPriceUsd, usd } of lineItems) expectSame(decimal(quantity).times(decimal(unitPriceUsd)), decimal(usd));
  const total = (isOnce: boolean) => sum(lineItems.filter(({ oneTime = false }) => oneTime === isOnce).map(({ usd }) => decimal(usd)));
  expectSame(total(false), decimal(monthlyUsd!));
  expectSame(total(true), decimal(oneTimeUsd!));
}
