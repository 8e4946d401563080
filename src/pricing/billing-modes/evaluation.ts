import { decimal } from '../decimal';
import { CostEstimate } from '../estimate';
import { checkWorkload, fieldTable, quantity, REGION, required } from './field-table';
import { quantityOf } from './input';
import { PricingRun, together } from './pricing-run';
import { unitCosts } from './unit-cost';
import { PriceBook } from '../price-book/price-book';
import { ANY_MODEL, RateKind } from '../price-book/rate';

/**
 * Evaluation of models by people, paid by the task. The tokens of the models are workloads of their own.
 *
 * @see https://docs.aws.amazon.com/bedrock/latest/userguide/evaluation.html
 */
export interface EvaluationWorkload {
  /**
   * The region of the evaluation.
   * @default - the region of the stack with `CostEstimates`; with `CostCalculator`, only rates that hold in every region are found
   */
  readonly region?: string;
  /** Tasks that people complete, a month. */
  readonly humanTasks: number;
}

export const EVALUATION_FIELDS = fieldTable<EvaluationWorkload>({
  region: REGION,
  humanTasks: required(quantity('Tasks that people complete.')),
});

/**
 * Evaluation: human tasks x P. The tokens of the models that are evaluated are on-demand use.
 *
 * 50 tasks: 50 x $0.21 = $10.50.
 */
export function evaluation(book: PriceBook, workload: EvaluationWorkload): CostEstimate {
  checkWorkload(workload, EVALUATION_FIELDS);
  const run = new PricingRun(book, { model: ANY_MODEL, region: workload.region }, quantityOf('humanTasks', workload.humanTasks));
  run.assume('the tokens of the models that are evaluated are workloads of their own');
  run.addAll([{ what: 'human tasks', quantity: decimal(1), unit: 'task', kind: RateKind.HUMAN_TASK }]);
  return CostEstimate._of({ ...together([run]), unitCosts: unitCosts([run], 'task') });
}
