import { BudgetJson, ReportJson, ResourceJson } from '../cost-report/report-json';
import { PricingError } from '../input/error';
import { Decimal, decimal, sum, toText } from '../pricing/decimal';

const FIX = 'Synthesize the app again.';

/**
 * Refuses a report that contradicts itself, such as one that was edited: lines, resources and totals must add up.
 *
 * @throws PricingError that names the field
 */
export function requireConsistent({ totals, resources, budgets }: ReportJson): void {
  resources.forEach(requireSumOfLines);
  const known = sum(resources.map(({ knownMonthlyUsd }) => decimal(knownMonthlyUsd)));
  requireAmount('totals.knownMonthlyUsd', totals.knownMonthlyUsd, known, 'the sum over the resources');
  const unknown = resources.findIndex(({ monthlyUsd }) => monthlyUsd === null);
  if (totals.monthlyUsd !== null && unknown >= 0) {
    throw new PricingError('totals.monthlyUsd', totals.monthlyUsd, `null, as resources[${unknown}].monthlyUsd`, FIX);
  }
  if (totals.monthlyUsd !== null) requireAmount('totals.monthlyUsd', totals.monthlyUsd, known, 'the sum over the resources');
  budgets.forEach(requireOver);
}

function requireSumOfLines({ monthlyUsd, knownMonthlyUsd, lineItems, missingPrices }: ResourceJson, i: number): void {
  const lines = sum(lineItems.filter(({ oneTime }) => !oneTime).map(({ usd }) => decimal(usd)));
  requireAmount(`resources[${i}].knownMonthlyUsd`, knownMonthlyUsd, lines, 'the sum of its monthly lines');
  if (monthlyUsd === null) return;
  if (missingPrices.length > 0) throw new PricingError(`resources[${i}].monthlyUsd`, monthlyUsd, 'null, since prices are missing', FIX);
  requireAmount(`resources[${i}].monthlyUsd`, monthlyUsd, lines, 'the sum of its monthly lines');
}

function requireAmount(field: string, found: string, amount: Decimal, what: string): void {
  if (amount.cmp(decimal(found)) !== 0) throw new PricingError(field, found, `${JSON.stringify(toText(amount))}, ${what}`, FIX);
}

function requireOver({ status, estimatedUsd, limitUsd }: BudgetJson, i: number): void {
  if (status !== 'over' || decimal(estimatedUsd).cmp(decimal(limitUsd)) > 0) return;
  throw new PricingError(`budgets[${i}].estimatedUsd`, estimatedUsd, `more than limitUsd, ${JSON.stringify(limitUsd)}, where the status is "over"`, FIX);
}
