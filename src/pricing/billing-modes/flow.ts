import { decimal } from '../decimal';
import { CostEstimate } from '../estimate';
import { checkWorkload, FieldsOf, QUANTITY, quantityOf, REGION } from './input';
import { PricingRun, together } from './pricing-run';
import { FlowWorkload } from './usage';
import { PriceBook } from '../price-book/price-book';
import { ANY_MODEL, RateKind } from '../price-book/rate';

const FIELDS: FieldsOf<FlowWorkload> = { region: REGION, nodeTransitionsPerMonth: QUANTITY };

/**
 * Flow: node transitions / 1,000 x P.
 *
 * A million transitions: 1,000 x $0.035 = $35.00.
 */
export function flow(book: PriceBook, workload: FlowWorkload): CostEstimate {
  checkWorkload(workload, FIELDS);
  const transitions = quantityOf('nodeTransitionsPerMonth', workload.nodeTransitionsPerMonth);
  const run = new PricingRun(book, { model: ANY_MODEL, region: workload.region }, decimal(1));
  run.assume('what the nodes of the flow call (models, knowledge bases, functions) is a workload of its own');
  run.addAll([{ what: 'node transitions', quantity: transitions, unit: 'transition', kind: RateKind.NODE_TRANSITION }]);
  return CostEstimate._of(together([run]));
}
