import { Decimal } from '../pricing/decimal';
import { RateGroup } from '../pricing/price-book/rate-group';
import { comparablePrice, rateIdentity, startOf } from '../pricing/price-book/rate-identity';

/** A rate in one region, the unit in which books are verified and compared. */
export interface PlacedRate {
  readonly rate: RateGroup;
  /** Undefined for a rate that holds in every region. */
  readonly region: string | undefined;
  /** Key, which is the same for two rates of the same usage. */
  readonly key: string;
  /** US dollars per `comparableUnit`. */
  readonly price: Decimal;
}

/** Returns every rate of a layer of a book in each of its regions. */
export function placed(groups: readonly RateGroup[]): PlacedRate[] {
  return groups.flatMap((rate) => {
    const price = comparablePrice(rate);
    return (rate.regions ?? [undefined]).map((region) => ({ rate, region, key: rateIdentity(rate, region), price }));
  });
}

/**
 * Returns the rates of a book that are not replaced by another one. Of several rates of the same usage from the same day, the user's
 * own has precedence, then the one whose source names the region.
 */
export function effectiveRates(rates: readonly PlacedRate[]): PlacedRate[] {
  return [...groupBy(rates, ({ key }) => key).values()].flatMap((alike) => {
    if (alike.length === 1) return alike;
    const stated = alike.filter(({ rate }) => !rate.regionAssumed);
    return [...groupBy(stated.length > 0 ? stated : alike, ({ rate }) => startOf(rate)).values()].map(([first]) => first);
  });
}

/** Number of rates. Each counts once for each region that it holds in, and once if its source names no region. */
export function countRates(rates: readonly PlacedRate[]): number {
  const assumed = rates.filter(({ rate }) => rate.regionAssumed);
  return rates.length - assumed.length + new Set(assumed.map(({ rate }) => rate)).size;
}

/** Groups entries by key, in their order. */
export function groupBy<T>(entries: Iterable<T>, keyFor: (entry: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const entry of entries) {
    const key = keyFor(entry);
    const group = groups.get(key);
    if (group) group.push(entry);
    else groups.set(key, [entry]);
  }
  return groups;
}
