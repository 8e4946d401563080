import { decimal, sum } from '../decimal';
import { CostEstimate } from '../estimate';
import { checkWorkload, committedHoursAssumption, committedHoursOf, countOf, FieldsOf, HOURS, MODEL, QUANTITY, quantityOf, REGION, requireOneOf } from './input';
import { PricingRun, together } from './pricing-run';
import { unitCosts } from './unit-cost';
import { ReservedWorkload } from './usage';
import { PriceBook } from '../price-book/price-book';
import { RateKind } from '../price-book/rate';

const FIELDS: FieldsOf<ReservedWorkload> = {
  model: MODEL,
  region: REGION,
  inputTokensPerMinute: QUANTITY,
  outputTokensPerMinute: QUANTITY,
  termMonths: countOf(' of months'),
  hoursPerMonth: HOURS,
};

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
  checkWorkload(workload, FIELDS);
  const { model, region, termMonths } = workload;
  if (termMonths === undefined) throw FIELDS.termMonths.problem('termMonths', undefined);
  const input = quantityOf('inputTokensPerMinute', workload.inputTokensPerMinute, 0);
  const output = quantityOf('outputTokensPerMinute', workload.outputTokensPerMinute, 0);
  requireOneOf(workload, ['inputTokensPerMinute', 'outputTokensPerMinute']);
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
