import { effectiveRates, groupBy, placed, PlacedRate } from './placed-rate';
import { isInForce } from '../pricing/price-book/match';
import { PriceAgeLimit } from '../pricing/price-book/price-age';
import { RateGroup } from '../pricing/price-book/rate-group';

/** A book, prepared for the rules. */
export interface JudgedBook {
  readonly limit: PriceAgeLimit;
  /** Layers of the book. Rates of different layers do not contradict each other: the user's own rates have precedence. */
  readonly layers: readonly (readonly PlacedRate[])[];
  readonly rates: readonly PlacedRate[];
  /** Rates that are not replaced by another one. */
  readonly effective: readonly PlacedRate[];
  /** Rates in force today by their key, which the other rates are compared with. */
  readonly inForce: ReadonlyMap<string, PlacedRate>;
  /** Prices that are known to be correct, for comparison. */
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
    // The first of several rates: the user's own rates precede those of the book.
    inForce: new Map([...groupBy(current, ({ key }) => key)].map(([key, [first]]) => [key, first])),
    reference: placed(reference.flat()),
  };
}
