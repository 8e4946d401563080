import { decimal } from '../decimal';
import { CostEstimate } from '../estimate';
import { checkWorkload, FieldsOf, QUANTITY, quantityOf, REGION } from './input';
import { PricingRun, together } from './pricing-run';
import { unitCosts } from './unit-cost';
import { EvaluationWorkload } from './usage';
import { PriceBook } from '../price-book/price-book';
import { ANY_MODEL, RateKind } from '../price-book/rate';

const FIELDS: FieldsOf<EvaluationWorkload> = { region: REGION, humanTasks: QUANTITY };

/**
 * Evaluation: human tasks x P. The tokens of the models that are evaluated are on-demand use.
 *
 * 50 tasks: 50 x $0.21 = $10.50.
 */
export function evaluation(book: PriceBook, workload: EvaluationWorkload): CostEstimate {
  checkWorkload(workload, FIELDS);
  const run = new PricingRun(book, { model: ANY_MODEL, region: workload.region }, quantityOf('humanTasks', workload.humanTasks));
  run.assume('the tokens of the models that are evaluated are workloads of their own');
  run.addAll([{ what: 'human tasks', quantity: decimal(1), unit: 'task', kind: RateKind.HUMAN_TASK }]);
  return CostEstimate._of({ ...together([run]), unitCosts: unitCosts([run], 'task') });
}
