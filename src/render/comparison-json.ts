import { savingOf } from '../pricing/comparison/candidate';
import { CostComparison, ModelAlternative, PurchaseOption } from '../pricing/comparison/comparison';
import { toText } from '../pricing/decimal';
import { CostEstimate } from '../pricing/estimate';

/** An option for programs. Its fields stand in the same order for each, null where something is not known or there is none. */
export function optionJson(option: PurchaseOption, { asIs }: CostComparison): object {
  const { name, way, modelId, serviceTier, commitment, isAsIs, estimate, asks, breakEven, unknownBecause } = option;
  return {
    name,
    way,
    modelId,
    serviceTier: serviceTier ?? null,
    commitment: commitment ?? null,
    isAsIs,
    ...optionCostJson(asIs.estimate, estimate),
    breakEvenRequestsPerMonth: option.breakEvenRequestsPerMonth ?? null,
    breakEvenUpToRequestsPerMonth: option.breakEvenUpToRequestsPerMonth ?? null,
    breakEven: breakEven ?? null,
    asks,
    unknownBecause: unknownBecause ?? null,
    ...detailsJson(estimate),
  };
}

export function alternativeJson({ modelId, name, estimate }: ModelAlternative, { asIs }: CostComparison): object {
  return { modelId, name, ...optionCostJson(asIs.estimate, estimate), ...detailsJson(estimate) };
}

function optionCostJson(asIs: CostEstimate, estimate: CostEstimate): object {
  const { monthlyUsd, knownMonthlyUsd, commitmentUsd } = estimate._toJson();
  const saving = savingOf(asIs, estimate);
  return {
    monthlyUsd,
    knownMonthlyUsd,
    commitmentUsd,
    savingUsd: saving ? toText(saving.usd) : null,
    savingPercent: saving?.percent ?? null,
  };
}

function detailsJson(estimate: CostEstimate): object {
  const { lineItems, assumptions, missingPrices } = estimate._toJson();
  return { lineItems, assumptions, missingPrices };
}
