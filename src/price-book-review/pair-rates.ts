import { countRates, effectiveRates, groupBy, placed, PlacedRate } from './placed-rate';
import { PricingError } from '../input/error';
import { didYouMean } from '../input/nearest';
import { ModelId } from '../pricing/model-id';
import { isInForce } from '../pricing/price-book/match';
import { PriceBook } from '../pricing/price-book/price-book';
import { startOf } from '../pricing/price-book/rate-identity';

/** Selection of the compared prices; all without a filter. */
export interface DiffFilter {
  readonly model?: string;
  readonly region?: string;
}

/** A price in one region, before and after. */
export interface Pair {
  readonly before: PlacedRate | undefined;
  readonly after: PlacedRate | undefined;
}

/** Pairs each price of one book with that of the other. The time is linear in the number of rates. */
export function pairRates(before: PriceBook, after: PriceBook, filter: DiffFilter): Pair[] {
  if (filter.region !== undefined) requireRegion(filter.region, [before, after]);
  const day = [before._day, after._day].filter((one) => one !== undefined).sort().at(-1);
  return pairsOf(ratesByIdentity(before, filter), ratesByIdentity(after, filter), day);
}

/** Refuses a region that is in neither book, which would have no difference. If no rate names a region, every region is accepted. */
function requireRegion(region: string, books: readonly PriceBook[]): void {
  const known = [...new Set(books.flatMap(({ _layers }) => _layers.flat()).flatMap(({ regions = [] }) => regions))].sort();
  if (known.length === 0 || known.includes(region)) return;
  throw new PricingError('--region', region, 'a region that one of the price books holds', didYouMean(region, known, 3));
}

/** Groups the rates of a book by their key without dates. */
function ratesByIdentity(book: PriceBook, { model, region }: DiffFilter): Map<string, PlacedRate[]> {
  const bareId = model === undefined ? undefined : ModelId.parse(model).bareId;
  const rates = book._layers.flatMap(placed)
    .filter((rate) => (bareId === undefined || rate.rate.model === bareId) && (region === undefined || (rate.region ?? region) === region));
  return groupBy(effectiveRates(rates), ({ key }) => key);
}

type Rates = ReadonlyMap<string, readonly PlacedRate[]>;

/**
 * Pairs the rates of one key. A book has new dates each month, so dates distinguish rates only if a key has several prices.
 *
 * In that case, the rates that are in force on the day of the newer book are a pair, regardless of their dates. A price that began
 * since the older book is not a change if the older book announced it.
 */
function pairsOf(before: Rates, after: Rates, day: string | undefined): Pair[] {
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((key): Pair[] => {
    const [old = [], new_ = []] = [before.get(key), after.get(key)];
    if (old.length <= 1 && new_.length <= 1) return [{ before: old[0], after: new_[0] }];
    const [oldNow, newNow] = [old, new_].map((rates) => inForceOn(rates, day));
    const isPaired = oldNow !== undefined && newNow !== undefined;
    const rest = (rates: readonly PlacedRate[]) => (isPaired ? rates.filter((rate) => rate !== oldNow && rate !== newNow) : rates);
    const [olds, news] = [old, new_].map((rates) => new Map(rest(rates).map((one) => [startOf(one.rate), one])));
    const current: Pair[] = isPaired ? [{ before: oldNow, after: newNow }] : [];
    const others = [...new Set([...olds.keys(), ...news.keys()])].map((start) => ({ before: olds.get(start), after: news.get(start) }));
    return [...current, ...others];
  });
}

/** Rate in force on a day. Of several, the one that began last; undefined if no day is known. */
function inForceOn(rates: readonly PlacedRate[], day: string | undefined): PlacedRate | undefined {
  if (day === undefined) return undefined;
  const current = rates.filter(({ rate }) => isInForce(rate, day));
  return current.length === 0 ? undefined : current.reduce((last, one) => (startOf(one.rate) > startOf(last.rate) ? one : last));
}

export function changeOf({ before, after }: Pair): 'added' | 'removed' | 'changed' | 'unchanged' {
  if (before === undefined) return 'added';
  if (after === undefined) return 'removed';
  return before.price.cmp(after.price) === 0 && hasSameEnd(before.rate, after.rate) ? 'unchanged' : 'changed';
}

/** Whether two rates have the same last days, which are part of the price. The days on which prices were read are not. */
function hasSameEnd(one: PlacedRate['rate'], other: PlacedRate['rate']): boolean {
  return one.endDate === other.endDate && one.reviewAfter === other.reviewAfter;
}

/**
 * Number of prices, counted like those of a book. A price whose source names no region counts once, unless the other book
 * states it for each region.
 */
export function countPairs(pairs: readonly Pair[]): number {
  return countRates(pairs.map(({ before, after }) => {
    const [one, other = one] = [after, before].filter((placedRate) => placedRate !== undefined);
    return one.rate.regionAssumed ? other : one;
  }));
}
