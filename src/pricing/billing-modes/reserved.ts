import { decimal, sum } from '../decimal';
import { CostEstimate } from '../estimate';
import { checkWorkload, Field, fieldTable, HOURS_PER_MONTH, MODEL, oneOf, quantity, REGION, required, requireOneOf } from './field-table';
import { committedHoursAssumption, committedHoursOf, countOf, quantityOf } from './input';
import { PricingRun, together } from './pricing-run';
import { unitCosts } from './unit-cost';
import { PriceBook } from '../price-book/price-book';
import { RateKind } from '../price-book/rate';

/**
 * The reserved tier: tokens a minute that are held for you for a term, used or not.
 *
 * @see https://docs.aws.amazon.com/bedrock/latest/userguide/service-tiers-inference.html
 */
export interface ReservedWorkload {
  /** The model's id, with the prefix of the inference profile that the reservation is for, if any. */
  readonly model: string;
  /**
   * The region that the tokens are reserved in.
   * @default - the region of the stack with `CostEstimates`; with `CostCalculator`, only rates that hold in every region are found
   */
  readonly region?: string;
  /**
   * Input tokens a minute that are reserved. AWS reserves at least 100,000.
   * @default 0
   */
  readonly inputTokensPerMinute?: number;
  /**
   * Output tokens a minute that are reserved. AWS reserves at least 10,000.
   * @default 0
   */
  readonly outputTokensPerMinute?: number;
  /** The length of the reservation in months: a whole number above 0. AWS sells 1 and 3. */
  readonly termMonths: number;
  /**
   * Hours in a month, each of which is billed. Fewer than 730 count as 730.
   * @default 730
   */
  readonly hoursPerMonth?: number;
}

/** Whole months in code; a usage file accepts the terms that AWS has sold. */
const TERM_MONTHS: Field = { ...countOf(' of months'), schema: { description: 'The length of the reservation in months.', enum: [1, 3, 6] } };

export const RESERVED_FIELDS = fieldTable<ReservedWorkload>({
  model: MODEL,
  region: REGION,
  inputTokensPerMinute: oneOf(quantity('Input tokens a minute that are reserved.')),
  outputTokensPerMinute: oneOf(quantity('Output tokens a minute that are reserved.')),
  termMonths: required(TERM_MONTHS),
  hoursPerMonth: HOURS_PER_MONTH,
});

/** The least that AWS reserves. */
const MINIMUM_INPUT = decimal(100_000);
const MINIMUM_OUTPUT = decimal(10_000);

/**
 * Reserved tier: (input tokens a minute / 1,000 x Pi + output tokens a minute / 1,000 x Po) x hours, used or not. The
 * commitment is that for each month of the whole term.
 *
 * `us.` Claude Sonnet 4.5 in us-east-1, 100,000 in and 10,000 out a minute for one month of 730 hours:
 * (100 x $0.198 + 10 x $0.99) x 730 = $29.70 x 730 = $21,681.00.
 */
export function reserved(book: PriceBook, workload: ReservedWorkload): CostEstimate {
  checkWorkload(workload, RESERVED_FIELDS);
  const { model, region, termMonths } = workload;
  const input = quantityOf('inputTokensPerMinute', workload.inputTokensPerMinute, 0);
  const output = quantityOf('outputTokensPerMinute', workload.outputTokensPerMinute, 0);
  requireOneOf(workload, RESERVED_FIELDS);
  const hours = committedHoursOf(workload.hoursPerMonth);
  const term = `reserved for ${termMonths} month${termMonths === 1 ? '' : 's'}`;
  const run = new PricingRun(book, { model, region, termMonths }, hours);
  run.assume('reserved capacity is sold by the AWS account team; requests beyond it are charged on demand, which is a workload of its own');
  for (const assumption of committedHoursAssumption(workload.hoursPerMonth)) run.assume(assumption);
  if (input.cmp(MINIMUM_INPUT) < 0 || output.cmp(MINIMUM_OUTPUT) < 0) {
    run.assume('AWS reserves at least 100,000 input and 10,000 output tokens a minute; the amounts given here are below that');
  }
  run.addAll([
    { what: `input tokens a minute, ${term}`, quantity: input, unit: 'TPM hour', kind: RateKind.RESERVED_INPUT },
    { what: `output tokens a minute, ${term}`, quantity: output, unit: 'TPM hour', kind: RateKind.RESERVED_OUTPUT },
  ]);
  const known = run.missingPrices.length === 0;
  return CostEstimate._of({
    ...together([run]),
    unitCosts: unitCosts([run], 'hour'),
    commitmentUsd: known ? sum(run.lineItems.map(({ usd }) => usd)).times(decimal(termMonths)) : undefined,
  });
}
