import { PriceBasis } from './price-basis';
import { formatQuantity } from '../pricing/format';
import { AdviceInputs } from '../pricing/optimization/technique';
import { PriceDates, priceDatesOf } from '../pricing/price-book/price-dates';
import { WorkloadAdvice } from '../usage-file/advise-usage-file';

/** Context of the advice. */
export interface AdviceContext extends PriceBasis {
  readonly inputs: Omit<AdviceInputs, 'hoursPerMonth'>;
}

export const ORDER = 'Ordered by the cost of the first year: the one-time cost and 12 times the monthly change; unknown costs last.';
export const SAMPLING = 'Temperature, top-k and top-p do not change the price.';

/** Dates of all prices of the techniques. */
export function priceDatesOfAdvice(workloads: readonly WorkloadAdvice[]): PriceDates {
  return priceDatesOf(workloads.flatMap(({ advice }) => advice?.techniques.flatMap(({ prices }) => prices) ?? []));
}

/** Renders the assumptions, each with the option that changes it. */
export function assumptionsOf({ inputs }: AdviceContext): string[] {
  const tokens = (number: number) => `${formatQuantity(number)} tokens`;
  const epochs = (number: number) => `${formatQuantity(number)} epoch${number === 1 ? '' : 's'}`;
  const { modelUnits = 1 } = inputs;
  return [
    `retrieval adds ${tokens(inputs.retrievedTokens)} to each request (--retrieved-tokens)`,
    `each request or record retrieves once, from an index of ${formatQuantity(inputs.indexGigabytes)} GB of its workload's own (--index-gigabytes)`,
    `fine-tuning takes ${tokens(inputs.trainingTokens)} (--training-tokens) in ${epochs(inputs.epochs)} (--epochs)`,
    `domain adaptation, which is continued pre-training, takes ${tokens(inputs.adaptationTokens)} (--adaptation-tokens) in ${epochs(inputs.adaptationEpochs)} (--adaptation-epochs), at the same price of training`,
    `a custom model that is not sold on demand takes ${formatQuantity(modelUnits)} model unit${modelUnits === 1 ? '' : 's'} without commitment (--model-units); AWS publishes no throughput of a unit`,
    'each workload is trained separately; one custom model is stored, and trained once in the year',
  ];
}
