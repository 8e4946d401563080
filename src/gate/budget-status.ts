import { BudgetStatus } from './report-json';
import { decimal, Decimal, percentOf } from '../pricing/decimal';

/** From which part of the limit on a budget is near it. */
const NEAR_PERCENT = 80;

/** What a budget says of a cost. A missing price can only add to the cost, so `over` holds in spite of it. */
export function budgetStatus(knownMonthly: Decimal, priceMissing: boolean, limit: Decimal): BudgetStatus {
  if (knownMonthly.cmp(limit) > 0) return 'over';
  if (priceMissing) return 'unknown';
  return knownMonthly.cmp(percentOf(decimal(NEAR_PERCENT), limit)) >= 0 ? 'near' : 'ok';
}
