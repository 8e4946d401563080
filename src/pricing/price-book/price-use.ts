import { ModelId } from '../model-id';
import { RateGroup } from './rate-group';

/** A price that an estimate is made of or lacks, as plain data. */
export interface PriceUse {
  readonly kind: string;
  /** The id of the model without the prefix of an inference profile. */
  readonly model: string;
  /** Undefined for a price that is missing. */
  readonly tier?: string;
  /** The key of the rate that the price is, for a rate of the user's own. */
  readonly ownRate?: string;
}

/** A text that is the same for the same rate in every copy of the library. */
export function rateKey(rate: RateGroup): string {
  return JSON.stringify(rate);
}

/** Prices by the ids of their models without a prefix, each once. */
export function distinctUses(uses: readonly PriceUse[]): readonly PriceUse[] {
  return [...new Map(uses.map(({ kind, model, tier, ownRate }) => {
    const use = { kind, model: ModelId.parse(model).bareId, tier, ownRate };
    return [JSON.stringify(use), use];
  })).values()];
}

/** The prices of an average, a slow and a busy month, each once. */
export function priceUses(...months: readonly ({ readonly _priceUses: readonly PriceUse[] } | undefined)[]): readonly PriceUse[] {
  const [average, ...others] = months;
  if (average && others.every((month) => month === undefined)) return average._priceUses;
  return distinctUses(months.flatMap((month) => month?._priceUses ?? []));
}
