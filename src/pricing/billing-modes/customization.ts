import { PricingError } from '../../input/error';
import { decimal } from '../decimal';
import { CostEstimate } from '../estimate';
import { checkWorkload, countOf, FieldsOf, MODEL, QUANTITY, quantityOf, REGION, requireOneOf } from './input';
import { Demand, PricingRun, together } from './pricing-run';
import { CustomizationWorkload } from './usage';
import { PriceBook } from '../price-book/price-book';
import { RateKind } from '../price-book/rate';

const FIELDS: FieldsOf<CustomizationWorkload> = {
  model: MODEL,
  region: REGION,
  trainingTokens: QUANTITY,
  epochs: countOf(),
  trainingImages: QUANTITY,
  trainingHours: QUANTITY,
  storedModels: QUANTITY,
};

const QUANTITIES = ['trainingTokens', 'trainingImages', 'trainingHours', 'storedModels'] as const;

/**
 * Customization: training tokens x epochs (or images seen, or hours) x Pt once, and stored models x Ps a month.
 *
 * Llama 3.1 70B in us-west-2, 10 million tokens in 3 epochs and one model kept: 30 x $7.99 = $239.70 once (units of a
 * million tokens), 1 x $1.95 a month. Calling it is provisioned throughput: another $24.00 for one hour of one unit.
 */
export function customization(book: PriceBook, workload: CustomizationWorkload): CostEstimate {
  checkWorkload(workload, FIELDS);
  requireOneOf(workload, QUANTITIES);
  const { model, region, epochs, trainingTokens } = workload;
  if (epochs !== undefined && trainingTokens === undefined) {
    throw PricingError.about('epochs', 'requires trainingTokens', 'trainingImages and trainingHours are counted over the whole training: remove epochs.');
  }
  const run = new PricingRun(book, { model, region }, decimal(1));
  run.addAll([
    ...training(workload, 'trainingTokens', { what: tokensText(epochs), unit: 'token' }, quantityOf('epochs', epochs, 1).toNumber()),
    ...training(workload, 'trainingImages', { what: 'training, images seen', unit: 'image' }),
    ...training(workload, 'trainingHours', { what: 'training hours', unit: 'hour' }),
    { what: 'storage of custom models', quantity: quantityOf('storedModels', workload.storedModels, 0), unit: 'month', kind: RateKind.MODEL_STORAGE },
  ]);
  return CostEstimate._of({
    ...together([run]),
    // What is known of the training is not what it costs.
    ...(run.missingPrices.some(({ kind }) => kind === RateKind.TRAINING) ? { oneTimeUsd: undefined } : {}),
  });
}

/** The one-time demand of a quantity of training, if it is given. */
function training(
  workload: CustomizationWorkload, field: 'trainingTokens' | 'trainingImages' | 'trainingHours', as: Pick<Demand, 'what' | 'unit'>, times = 1,
): Demand[] {
  if (workload[field] === undefined) return [];
  return [{ ...as, quantity: quantityOf(field, workload[field]).times(decimal(times)), kind: RateKind.TRAINING, oneTime: true }];
}

function tokensText(epochs = 1): string {
  return epochs === 1 ? 'training tokens' : `training tokens, ${epochs} epochs`;
}
