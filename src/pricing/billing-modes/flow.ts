import { decimal } from '../decimal';
import { CostEstimate } from '../estimate';
import { checkWorkload, fieldTable, quantity, REGION, required } from './field-table';
import { quantityOf } from './input';
import { PricingRun, together } from './pricing-run';
import { PriceBook } from '../price-book/price-book';
import { ANY_MODEL, RateKind } from '../price-book/rate';

/**
 * Runs of a flow, paid by the step from node to node. What its nodes call is a workload of its own.
 *
 * @see https://docs.aws.amazon.com/bedrock/latest/userguide/flows.html
 */
export interface FlowWorkload {
  /**
   * The region of the flow.
   * @default - the region of the stack with `CostEstimates`; with `CostCalculator`, only rates that hold in every region are found
   */
  readonly region?: string;
  /** Node transitions a month: runs x nodes that one run executes. */
  readonly nodeTransitionsPerMonth: number;
}

export const FLOW_FIELDS = fieldTable<FlowWorkload>({
  region: REGION,
  nodeTransitionsPerMonth: required(quantity('Node transitions a month.')),
});

/**
 * Flow: node transitions / 1,000 x P.
 *
 * A million transitions: 1,000 x $0.035 = $35.00.
 */
export function flow(book: PriceBook, workload: FlowWorkload): CostEstimate {
  checkWorkload(workload, FLOW_FIELDS);
  const transitions = quantityOf('nodeTransitionsPerMonth', workload.nodeTransitionsPerMonth);
  const run = new PricingRun(book, { model: ANY_MODEL, region: workload.region }, decimal(1));
  run.assume('what the nodes of the flow call (models, knowledge bases, functions) is a workload of its own');
  run.addAll([{ what: 'node transitions', quantity: transitions, unit: 'transition', kind: RateKind.NODE_TRANSITION }]);
  return CostEstimate._of(together([run]));
}
