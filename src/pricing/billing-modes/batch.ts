import { contextOf } from './context';
import { decimal, Decimal, toText, ZERO } from '../decimal';
import { CostEstimate } from '../estimate';
import { formatQuantity } from '../format';
import { checkWorkload, fieldTable, flag, MODEL, oneOf, quantity, REGION, required, requireOneOf } from './field-table';
import { quantityOf } from './input';
import { PricingRun } from './pricing-run';
import { PriceBook } from '../price-book/price-book';
import { PriceTier, RateKind } from '../price-book/rate';

/**
 * Batch inference in an average month.
 *
 * @see https://docs.aws.amazon.com/bedrock/latest/userguide/batch-inference.html
 */
export interface BatchUsage {
  /**
   * Jobs a month.
   * @default - the runs of the `schedule` of a `BatchInference`; required without one
   */
  readonly jobsPerMonth?: number;
  /**
   * Records of one job. Of a `BatchInference`, they are the records of one run, which it splits into jobs. AWS refuses jobs of fewer than 100
   * records unless the quota was changed.
   */
  readonly recordsPerJob: number;
  /**
   * Input tokens of one record.
   * @default 0
   */
  readonly inputTokensPerRecord?: number;
  /**
   * Output tokens of one record.
   * @default 0
   */
  readonly outputTokensPerRecord?: number;
  /**
   * Whether a custom model is called, which has prices of its own.
   * @default false
   */
  readonly customModel?: boolean;
}

/** Batch inference with a model in a region. */
export interface BatchWorkload extends BatchUsage {
  /** The model's id, with the prefix of the inference profile that it is called through, if any. */
  readonly model: string;
  /**
   * The region that the jobs run in.
   * @default - the stack's with `CostEstimates`; with `CostCalculator`, only rates that hold in every region are found
   */
  readonly region?: string;
}

export const BATCH_FIELDS = fieldTable<BatchWorkload>({
  model: MODEL,
  region: REGION,
  jobsPerMonth: required(quantity('Jobs a month.')),
  recordsPerJob: required(quantity('Records of one job.')),
  inputTokensPerRecord: oneOf(quantity('Input tokens of one record.')),
  outputTokensPerRecord: oneOf(quantity('Output tokens of one record.')),
  customModel: flag('Whether a custom model is called, which has prices of its own.'),
});

/** Jobs of fewer records are refused by AWS, unless the quota was changed. */
export const MIN_RECORDS = 100;

/** Adds an assumption if the jobs have fewer records than AWS accepts. */
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
  checkWorkload(workload, BATCH_FIELDS);
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
  if (run.missingPrices.length === 0) requireOneOf(workload, BATCH_FIELDS);
  return CostEstimate._of({
    lineItems: run.lineItems,
    missingPrices: run.missingPrices,
    assumptions: run.assumptions,
    unitCosts: run.missingPrices.length > 0 ? [] : [{ unit: 'job', usd: run.costOfOne }],
  });
}
