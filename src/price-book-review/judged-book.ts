import { effectiveRates, groupBy, placed, PlacedRate } from './placed-rate';
import { isInForce } from '../pricing/price-book/match';
import { PriceAgeLimit } from '../pricing/price-book/price-age';
import { RateGroup } from '../pricing/price-book/rate-group';

/** A book as the rules see it. */
export interface JudgedBook {
  readonly limit: PriceAgeLimit;
  /** Rates of different layers do not contradict each other: the user's own win over the book that they stand above. */
  readonly layers: readonly (readonly PlacedRate[])[];
  readonly rates: readonly PlacedRate[];
  /** The same without those that another one takes the place of. */
  readonly effective: readonly PlacedRate[];
  /** The rates in force today by their key: what the others are compared with. */
  readonly inForce: ReadonlyMap<string, PlacedRate>;
  /** Prices that are known to be right, to see by whether those of this book can be. */
  readonly reference: readonly PlacedRate[];
}

/** A finding of a rule on one rate in one region. The same text of several regions becomes one finding. */
export interface Spotted {
  readonly model: string;
  readonly text: string;
  readonly region?: string;
}

export function judgedBook(
  layers: readonly (readonly RateGroup[])[], limit: PriceAgeLimit, reference: readonly (readonly RateGroup[])[],
): JudgedBook {
  const byLayer = layers.map(placed);
  const rates = byLayer.flat();
  const current = rates.filter(({ rate }) => isInForce(rate, limit.today));
  return {
    limit,
    layers: byLayer,
    rates,
    effective: effectiveRates(rates),
    // The first of several: the user's own stand before those of the book.
    inForce: new Map([...groupBy(current, ({ key }) => key)].map(([key, [first]]) => [key, first])),
    reference: placed(reference.flat()),
  };
}
