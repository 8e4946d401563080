import { PricingError } from '../../input/error';
import { decimal, sum, ZERO } from '../decimal';
import { CostEstimate } from '../estimate';
import { checkWorkload, choice, count, fieldTable, flag, HOURS_PER_MONTH, MODEL, REGION, required } from './field-table';
import { DEFAULT_HOURS_PER_MONTH } from './hours-per-month';
import { committedHoursAssumption, committedHoursOf, quantityOf } from './input';
import { ModelId } from '../model-id';
import { PricingRun } from './pricing-run';
import { PriceBook } from '../price-book/price-book';
import { COMMITMENT_MONTHS, CommitmentDuration, RateKind } from '../price-book/rate';

/**
 * Provisioned throughput: model units that are paid by the hour, used or not.
 *
 * @see https://docs.aws.amazon.com/bedrock/latest/userguide/prov-throughput.html
 */
export interface ProvisionedUsage {
  /** Model units. */
  readonly modelUnits: number;
  /**
   * The term for which the units are bought.
   * @default CommitmentDuration.NONE
   */
  readonly commitmentDuration?: CommitmentDuration;
  /**
   * Whether the units serve a custom model, which has prices of its own.
   * @default false
   */
  readonly customModel?: boolean;
  /**
   * Hours that the units are held in a month. With a commitment, which AWS bills for every hour, fewer than 730 count as 730.
   * @default 730
   */
  readonly hoursPerMonth?: number;
}

/** Provisioned throughput for a model in a region. */
export interface ProvisionedWorkload extends ProvisionedUsage {
  /** The base model's id, with or without its context variant. */
  readonly model: string;
  /**
   * The region that the units are bought in.
   * @default - the stack's with `CostEstimates`; with `CostCalculator`, only rates that hold in every region are found
   */
  readonly region?: string;
}

export const PROVISIONED_FIELDS = fieldTable<ProvisionedWorkload>({
  model: MODEL,
  region: REGION,
  modelUnits: required(count('Model units.')),
  commitmentDuration: choice('How long the units are bought for; none when left out.', CommitmentDuration),
  customModel: flag('Whether the units serve a custom model, which has prices of its own.'),
  hoursPerMonth: HOURS_PER_MONTH,
});

/**
 * Provisioned throughput: units x P x hours, used or not. The commitment is that for each month of the whole term.
 *
 * Cohere Embed English in us-west-2, 2 units for one month of 730 hours: 2 x $6.76 x 730 = $9,869.60 a month, and as much
 * that cannot be cancelled; for six months 2 x $6.41 x 730 x 6 = $56,151.60.
 */
export function provisioned(book: PriceBook, workload: ProvisionedWorkload): CostEstimate {
  checkWorkload(workload, PROVISIONED_FIELDS);
  const { model, region, modelUnits } = workload;
  if (ModelId.parse(model).prefix !== undefined) {
    throw new PricingError('model', model, 'an id without the prefix of an inference profile, since provisioned throughput is bought for the model itself');
  }
  const commitmentDuration = workload.commitmentDuration ?? CommitmentDuration.NONE;
  const months = COMMITMENT_MONTHS[commitmentDuration];
  const hours = months === 0 ? quantityOf('hoursPerMonth', workload.hoursPerMonth, DEFAULT_HOURS_PER_MONTH) : committedHoursOf(workload.hoursPerMonth);
  const run = new PricingRun(
    book,
    { model, region, commitmentDuration, customModel: workload.customModel ?? false },
    decimal(modelUnits),
  );
  if (months > 0) for (const assumption of committedHoursAssumption(workload.hoursPerMonth)) run.assume(assumption);
  run.addAll([{
    what: months === 0 ? 'model unit hours, no commitment' : `model unit hours, ${commitmentDuration} commitment`,
    quantity: hours,
    unit: 'hour',
    kind: RateKind.MODEL_UNIT_HOUR,
  }]);
  const monthly = sum(run.lineItems.map(({ usd }) => usd));
  const known = run.missingPrices.length === 0;
  return CostEstimate._of({
    lineItems: run.lineItems,
    missingPrices: run.missingPrices,
    assumptions: run.assumptions,
    unitCosts: known ? [{ unit: 'model unit', usd: run.costOfOne }] : [],
    commitmentUsd: months === 0 ? ZERO : known ? monthly.times(decimal(months)) : undefined,
  });
}
