import { AdviceInputs } from './technique';
import { onDemand, OnDemandWorkload, tokensIn } from '../billing-modes/on-demand';
import { provisioned } from '../billing-modes/provisioned';
import { allTokensIn } from '../comparison/load';
import { CostEstimate } from '../estimate';
import { formatUsd } from '../format';
import { PriceBook } from '../price-book/price-book';

/** The input of a technique. */
export interface TechniqueRequest {
  readonly book: PriceBook;
  readonly usage: OnDemandWorkload;
  readonly isBatch: boolean;
  readonly inputs: AdviceInputs;
  /** Prices a usage in the way that it is bought now. */
  readonly price: (usage: OnDemandWorkload) => CostEstimate;
  readonly current: CostEstimate;
}

/** The cost of calling a custom model instead. */
export interface CustomInference {
  readonly estimate: CostEstimate;
  readonly what: string;
  readonly notes: readonly string[];
  /** True where the number of model units was taken, not given. */
  readonly isGuess: boolean;
}

/** On demand or in batch where the custom model is sold that way; else on model units of its own. */
export function customInference({ book, usage, isBatch, inputs, price }: TechniqueRequest, model: string): CustomInference {
  const used = asCustom(usage, model);
  const usesCache = tokensIn(usage) > (usage.inputTokensPerRequest ?? 0);
  const notes = usesCache ? ['no prompt cache is counted for the custom model: all tokens are input tokens'] : [];
  const byToken = (estimate: CostEstimate, way: string): CustomInference | undefined =>
    estimate._monthly && { estimate, what: `inference with the custom model ${way}, ${formatUsd(estimate._monthly)}`, notes, isGuess: false };
  const sold = (isBatch ? byToken(price(used), 'in batch') : undefined) ?? byToken(onDemand(book, used), 'on demand');
  if (sold) return sold;

  const { modelUnits = 1, hoursPerMonth } = inputs;
  const units = provisioned(book, { model, region: usage.region, modelUnits, customModel: true, hoursPerMonth });
  const what = `provisioned throughput for the custom model (${modelUnits} model unit${modelUnits === 1 ? '' : 's'}, no commitment)`;
  return {
    estimate: units,
    what: units._monthly ? `${what}, ${formatUsd(units._monthly)}` : what,
    notes: units._monthly ? ['the custom model has no on-demand price, so it takes model units: paid by the hour, used or not'] : [],
    isGuess: inputs.modelUnits === undefined,
  };
}

/** The same requests to a custom model: it is sold in one tier, and no price of its prompt cache is known. */
function asCustom(usage: OnDemandWorkload, model: string): OnDemandWorkload {
  const { cacheReadTokensPerRequest: _read, cacheWriteTokensPerRequest: _write, cacheTtl: _ttl, ...uncached } = usage;
  return {
    ...uncached, model, customModel: true, serviceTier: undefined, latency: undefined, inputTokensPerRequest: allTokensIn(usage).toNumber(),
  };
}
