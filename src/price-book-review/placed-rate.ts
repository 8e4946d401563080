import { Decimal } from '../pricing/decimal';
import { RateGroup } from '../pricing/price-book/rate-group';
import { comparablePrice, rateIdentity, startOf } from '../pricing/price-book/rate-identity';

/** A rate in one region: what books are judged and compared by. */
export interface PlacedRate {
  readonly rate: RateGroup;
  /** Undefined for a rate that holds in every region. */
  readonly region: string | undefined;
  /** The same for two rates that price the same thing. */
  readonly key: string;
  /** Dollars for `comparableUnit`. */
  readonly price: Decimal;
}

/** Every rate of a layer of a book in each of its regions. */
export function placed(groups: readonly RateGroup[]): PlacedRate[] {
  return groups.flatMap((rate) => {
    const price = comparablePrice(rate);
    return (rate.regions ?? [undefined]).map((region) => ({ rate, region, key: rateIdentity(rate, region), price }));
  });
}

/**
 * The rates of a book without those that another one takes the place of: of several that price the same thing from the same
 * day on, the user's own is used, then one whose source names the region.
 */
export function effectiveRates(rates: readonly PlacedRate[]): PlacedRate[] {
  return [...groupBy(rates, ({ key }) => key).values()].flatMap((alike) => {
    if (alike.length === 1) return alike;
    const stated = alike.filter(({ rate }) => !rate.regionAssumed);
    return [...groupBy(stated.length > 0 ? stated : alike, ({ rate }) => startOf(rate)).values()].map(([first]) => first);
  });
}

/** Number of rates: each counts once for each region that it holds in, and once where its source names no region. */
export function countRates(rates: readonly PlacedRate[]): number {
  const assumed = rates.filter(({ rate }) => rate.regionAssumed);
  return rates.length - assumed.length + new Set(assumed.map(({ rate }) => rate)).size;
}

/** A list by what its entries have in common, in the order in which they come. */
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
