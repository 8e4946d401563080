import { savingOf } from '../pricing/comparison/candidate';
import { CostComparison, ModelAlternative, PurchaseOption } from '../pricing/comparison/comparison';
import { toText } from '../pricing/decimal';
import { CostEstimate } from '../pricing/estimate';

/** Renders an option as JSON. All options have the same fields in the same order, null for unknown and missing values. */
export function optionJson(option: PurchaseOption, { current }: CostComparison): object {
  const { name, billingMode, modelId, serviceTier, commitment, isCurrent, estimate, tradeOffs, breakEven, unavailableReason } = option;
  return {
    name,
    billingMode,
    modelId,
    serviceTier: serviceTier ?? null,
    commitment: commitment ?? null,
    isCurrent,
    ...optionCostJson(current.estimate, estimate),
    breakEvenRequestsPerMonth: option.breakEvenRequestsPerMonth ?? null,
    breakEvenUpToRequestsPerMonth: option.breakEvenUpToRequestsPerMonth ?? null,
    breakEven: breakEven ?? null,
    tradeOffs,
    unavailableReason: unavailableReason ?? null,
    ...detailsJson(estimate),
  };
}

export function alternativeJson({ modelId, name, estimate }: ModelAlternative, { current }: CostComparison): object {
  return { modelId, name, ...optionCostJson(current.estimate, estimate), ...detailsJson(estimate) };
}

function optionCostJson(current: CostEstimate, estimate: CostEstimate): object {
  const { monthlyUsd, knownMonthlyUsd, commitmentUsd } = estimate._toJson();
  const saving = savingOf(current, estimate);
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
