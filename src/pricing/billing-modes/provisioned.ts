import { PricingError } from '../../input/error';
import { decimal, sum, ZERO } from '../decimal';
import { CostEstimate } from '../estimate';
import { BOOLEAN, checkWorkload, committedHoursAssumption, committedHoursOf, countOf, FieldsOf, HOURS, memberOf, MODEL, quantityOf, REGION } from './input';
import { ModelId } from '../model-id';
import { PricingRun } from './pricing-run';
import { DEFAULT_HOURS_PER_MONTH, ProvisionedWorkload } from './usage';
import { PriceBook } from '../price-book/price-book';
import { COMMITMENT_MONTHS, CommitmentDuration, RateKind } from '../price-book/rate';

const FIELDS: FieldsOf<ProvisionedWorkload> = {
  model: MODEL,
  region: REGION,
  modelUnits: countOf(),
  commitmentDuration: memberOf(CommitmentDuration),
  customModel: BOOLEAN,
  hoursPerMonth: HOURS,
};

/**
 * Provisioned throughput: units x P x hours, used or not. The commitment is that for each month of the whole term.
 *
 * Cohere Embed English in us-west-2, 2 units for one month of 730 hours: 2 x $6.76 x 730 = $9,869.60 a month, and as much
 * that cannot be cancelled; for six months 2 x $6.41 x 730 x 6 = $56,151.60.
 */
export function provisioned(book: PriceBook, workload: ProvisionedWorkload): CostEstimate {
  checkWorkload(workload, FIELDS);
  const { model, region, modelUnits } = workload;
  if (modelUnits === undefined) throw FIELDS.modelUnits.problem('modelUnits', undefined);
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
