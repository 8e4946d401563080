import { decimal } from '../decimal';
import { CostEstimate } from '../estimate';
import { checkWorkload, FieldsOf, MODEL, QUANTITY, quantityOf, REGION } from './input';
import { PricingRun, together } from './pricing-run';
import { unitCosts } from './unit-cost';
import { WebGroundingWorkload } from './usage';
import { PriceBook } from '../price-book/price-book';
import { RateKind } from '../price-book/rate';

const FIELDS: FieldsOf<WebGroundingWorkload> = { model: MODEL, region: REGION, requestsPerMonth: QUANTITY };

/**
 * Web grounding: requests / 1,000 x P of the model, besides the tokens.
 *
 * Nova Premier in us-east-1, 1,000 requests: 1 x $30.00 = $30.00.
 */
export function webGrounding(book: PriceBook, workload: WebGroundingWorkload): CostEstimate {
  checkWorkload(workload, FIELDS);
  const { model, region } = workload;
  const run = new PricingRun(book, { model, region }, quantityOf('requestsPerMonth', workload.requestsPerMonth));
  run.assume('the tokens of the grounded requests are a workload of their own');
  run.addAll([{ what: 'grounded requests', quantity: decimal(1), unit: 'request', kind: RateKind.WEB_GROUNDING }]);
  return CostEstimate._of({ ...together([run]), unitCosts: unitCosts([run], '1,000 requests', 1000) });
}
