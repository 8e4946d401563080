import { CostEstimate } from '../estimate';
import { PriceBook } from '../price-book';
import { PricingRun, quantityOf } from '../pricing-run';
import { PriceTier, RateKind } from '../rate';
import { BatchWorkload } from '../usage';

/**
 * Batch inference: jobs x records x (input x Pi + output x Po), at the model's own batch rates.
 *
 * `us.` Nova Pro in us-west-2, 30 jobs of 1,000 records of 10,000 + 1,000 tokens:
 * 300 x $0.40 + 30 x $1.60 = $168.00 (units of a million tokens).
 * A model without a batch rate is not offered in batch: its price is missing, never half of the other one.
 */
export function batch(book: PriceBook, workload: BatchWorkload): CostEstimate {
  const { model, region } = workload;
  const jobs = quantityOf('jobsPerMonth', workload.jobsPerMonth);
  const records = quantityOf('recordsPerJob', workload.recordsPerJob);
  const run = new PricingRun(book, { model, region, tier: PriceTier.BATCH }, jobs);
  run.addAll([
    { what: 'input tokens (batch)', quantity: quantityOf('inputTokensPerRecord', workload.inputTokensPerRecord, 0).times(records), kind: RateKind.INPUT },
    { what: 'output tokens (batch)', quantity: quantityOf('outputTokensPerRecord', workload.outputTokensPerRecord, 0).times(records), kind: RateKind.OUTPUT },
  ]);
  return CostEstimate._of({
    lineItems: run.lineItems,
    missingPrices: run.missingPrices,
    assumptions: run.assumptions,
    unitCosts: run.missingPrices.length > 0 ? [] : [{ unit: 'job', usd: run.costOfOne }],
  });
}
