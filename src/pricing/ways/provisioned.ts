import { decimal, sum, ZERO } from '../decimal';
import { CostEstimate } from '../estimate';
import { PriceBook } from '../price-book';
import { choiceOf, PricingRun, quantityOf } from '../pricing-run';
import { COMMITMENT_MONTHS, CommitmentDuration, RateKind } from '../rate';
import { DEFAULT_HOURS_PER_MONTH, ProvisionedWorkload } from '../usage';

/**
 * Provisioned throughput: units x P x hours, used or not. The commitment is that for each month of the whole term.
 *
 * Llama 3.1 70B in us-west-2, 2 units for one month of 730 hours: 2 x $21.18 x 730 = $30,922.80 a month, and as much
 * that cannot be cancelled; for six months 2 x $13.08 x 730 x 6 = $114,580.80.
 */
export function provisioned(book: PriceBook, workload: ProvisionedWorkload): CostEstimate {
  const { model, region } = workload;
  const commitmentDuration = choiceOf('commitmentDuration', workload.commitmentDuration, CommitmentDuration, CommitmentDuration.NONE);
  const months = COMMITMENT_MONTHS[commitmentDuration];
  const hours = quantityOf('hoursPerMonth', workload.hoursPerMonth, DEFAULT_HOURS_PER_MONTH);
  const run = new PricingRun(
    book,
    { model, region, commitmentDuration, customModel: workload.customModel ?? false },
    quantityOf('modelUnits', workload.modelUnits),
  );
  run.addAll([{
    what: months === 0 ? 'model unit hours, no commitment' : `model unit hours, ${commitmentDuration} commitment`,
    quantity: hours,
    kind: RateKind.MODEL_UNIT_HOUR,
  }]);
  const monthly = sum(run.lineItems.map(({ usd }) => usd));
  const known = run.missingPrices.length === 0;
  return CostEstimate._of({
    lineItems: run.lineItems,
    missingPrices: run.missingPrices,
    assumptions: run.assumptions,
    unitCosts: known ? [{ unit: 'model unit', usd: run.costOfOne }] : [],
    commitmentUsd: months === 0 ? ZERO : known ? monthly.times(decimal(months)) : undefined,
  });
}
