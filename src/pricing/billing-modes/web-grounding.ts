import { decimal } from '../decimal';
import { CostEstimate } from '../estimate';
import { checkWorkload, fieldTable, MODEL, quantity, REGION, required } from './field-table';
import { quantityOf } from './input';
import { PricingRun, together } from './pricing-run';
import { unitCosts } from './unit-cost';
import { PriceBook } from '../price-book/price-book';
import { RateKind } from '../price-book/rate';

/**
 * Requests that a model grounds on the web, paid by the request. The tokens of the requests are a workload of their own.
 *
 * @see https://docs.aws.amazon.com/nova/latest/userguide/grounding.html
 */
export interface WebGroundingWorkload {
  /** The model's id, with the prefix of the inference profile that it is called through, if any. */
  readonly model: string;
  /**
   * The region that the requests are made in.
   * @default - the region of the stack with `CostEstimates`; with `CostCalculator`, only rates that hold in every region are found
   */
  readonly region?: string;
  /** Requests a month that are grounded. */
  readonly requestsPerMonth: number;
}

export const WEB_GROUNDING_FIELDS = fieldTable<WebGroundingWorkload>({
  model: MODEL,
  region: REGION,
  requestsPerMonth: required(quantity('Requests a month that are grounded.')),
});

/**
 * Web grounding: requests / 1,000 x P of the model, besides the tokens.
 *
 * Nova Premier in us-east-1, 1,000 requests: 1 x $30.00 = $30.00.
 */
export function webGrounding(book: PriceBook, workload: WebGroundingWorkload): CostEstimate {
  checkWorkload(workload, WEB_GROUNDING_FIELDS);
  const { model, region } = workload;
  const run = new PricingRun(book, { model, region }, quantityOf('requestsPerMonth', workload.requestsPerMonth));
  run.assume('the tokens of the grounded requests are a workload of their own');
  run.addAll([{ what: 'grounded requests', quantity: decimal(1), unit: 'request', kind: RateKind.WEB_GROUNDING }]);
  return CostEstimate._of({ ...together([run]), unitCosts: unitCosts([run], '1,000 requests', 1000) });
}
