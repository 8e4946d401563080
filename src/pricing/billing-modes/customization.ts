import { PricingError } from '../../input/error';
import { decimal } from '../decimal';
import { CostEstimate } from '../estimate';
import { checkWorkload, count, fieldTable, MODEL, oneOf, quantity, REGION, requireOneOf } from './field-table';
import { quantityOf } from './input';
import { Demand, PricingRun, together } from './pricing-run';
import { PriceBook } from '../price-book/price-book';
import { RateKind } from '../price-book/rate';

/**
 * Training of a custom model, paid once by tokens, images or hours, and keeping it, paid every month.
 *
 * Calling it is a workload of its own: provisioned throughput or, where offered, on demand, with `customModel: true`.
 *
 * @see https://docs.aws.amazon.com/bedrock/latest/userguide/custom-models.html
 */
export interface CustomizationWorkload {
  /** The id of the base model. */
  readonly model: string;
  /**
   * The region that the model is trained and kept in.
   * @default - the region of the stack with `CostEstimates`; with `CostCalculator`, only rates that hold in every region are found
   */
  readonly region?: string;
  /**
   * Tokens of the training data, for models that are trained by the token.
   * @default 0
   */
  readonly trainingTokens?: number;
  /**
   * The number of epochs: passes over the training tokens. Only with `trainingTokens`.
   * @default 1
   */
  readonly epochs?: number;
  /**
   * Images seen in training (steps x batch size), for models that are trained by the image.
   * @default 0
   */
  readonly trainingImages?: number;
  /**
   * Hours of training, for models that are trained by the hour (reinforcement fine-tuning).
   * @default 0
   */
  readonly trainingHours?: number;
  /**
   * Custom models that are kept, each paid by the month.
   * @default 0
   */
  readonly storedModels?: number;
}

export const CUSTOMIZATION_FIELDS = fieldTable<CustomizationWorkload>({
  model: MODEL,
  region: REGION,
  trainingTokens: oneOf(quantity('Tokens of the training data.')),
  epochs: count('How many times the training data is gone through; 1 when left out.'),
  trainingImages: oneOf(quantity('Images seen in training: steps x batch size.')),
  trainingHours: oneOf(quantity('Hours of training.')),
  storedModels: oneOf(quantity('Custom models that are stored.')),
});

/**
 * Customization: training tokens x epochs (or images seen, or hours) x Pt once, and stored models x Ps a month.
 *
 * Llama 3.1 70B in us-west-2, 10 million tokens in 3 epochs and one model kept: 30 x $7.99 = $239.70 once (units of a
 * million tokens), 1 x $1.95 a month. Calling it is provisioned throughput: another $24.00 for one hour of one unit.
 */
export function customization(book: PriceBook, workload: CustomizationWorkload): CostEstimate {
  checkWorkload(workload, CUSTOMIZATION_FIELDS);
  requireOneOf(workload, CUSTOMIZATION_FIELDS);
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
    // A known part of the training cost is not the training cost.
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
