import { contextOf } from './context';
import { decimal, Decimal, toText, ZERO } from '../decimal';
import { CostEstimate } from '../estimate';
import { formatQuantity } from '../format';
import { BOOLEAN, checkWorkload, FieldsOf, MODEL, QUANTITY, quantityOf, REGION, requireOneOf } from './input';
import { PricingRun } from './pricing-run';
import { BatchWorkload } from './usage';
import { PriceBook } from '../price-book/price-book';
import { PriceTier, RateKind } from '../price-book/rate';

const FIELDS: FieldsOf<BatchWorkload> = {
  model: MODEL,
  region: REGION,
  jobsPerMonth: QUANTITY,
  recordsPerJob: QUANTITY,
  inputTokensPerRecord: QUANTITY,
  outputTokensPerRecord: QUANTITY,
  customModel: BOOLEAN,
};

/** Jobs of fewer records are refused by AWS, unless the quota was changed. */
export const MIN_RECORDS = 100;

/** Says so where the jobs have fewer records than AWS accepts; nothing where there are no records at all. */
export function assumeJobsAreAccepted(run: PricingRun, records: Decimal): void {
  if (records.cmp(ZERO) <= 0 || records.cmp(decimal(MIN_RECORDS)) >= 0) return;
  run.assume(`AWS refuses jobs of fewer than ${MIN_RECORDS} records unless the quota was changed; these have ${formatQuantity(toText(records))}`);
}

/**
 * Batch inference: jobs x records x (input x Pi + output x Po), at the model's own batch rates.
 *
 * `us.` Nova Pro in us-west-2, 30 jobs of 1,000 records of 10,000 + 1,000 tokens:
 * 300 x $0.40 + 30 x $1.60 = $168.00 (units of a million tokens).
 * A model without a batch rate is not offered in batch: its price is missing, never half of the other one.
 */
export function batch(book: PriceBook, workload: BatchWorkload): CostEstimate {
  checkWorkload(workload, FIELDS);
  const { model, region, customModel } = workload;
  const jobs = quantityOf('jobsPerMonth', workload.jobsPerMonth);
  const records = quantityOf('recordsPerJob', workload.recordsPerJob);
  const input = quantityOf('inputTokensPerRecord', workload.inputTokensPerRecord, 0);
  const output = quantityOf('outputTokensPerRecord', workload.outputTokensPerRecord, 0);
  // A record is a request: long ones are priced apart here, too.
  const context = contextOf(model, workload.inputTokensPerRecord ?? 0);
  const run = new PricingRun(book, { model, region, customModel, context, tier: PriceTier.BATCH }, jobs);
  assumeJobsAreAccepted(run, records);
  run.addAll([
    { what: 'input tokens (batch)', quantity: input.times(records), unit: 'token', kind: RateKind.INPUT },
    { what: 'output tokens (batch)', quantity: output.times(records), unit: 'token', kind: RateKind.OUTPUT },
  ]);
  run.assumeCallable();
  run.assumeShort(workload.inputTokensPerRecord ?? 0);
  if (run.missingPrices.length === 0) requireOneOf(workload, ['inputTokensPerRecord', 'outputTokensPerRecord']);
  return CostEstimate._of({
    lineItems: run.lineItems,
    missingPrices: run.missingPrices,
    assumptions: run.assumptions,
    unitCosts: run.missingPrices.length > 0 ? [] : [{ unit: 'job', usd: run.costOfOne }],
  });
}
