import { countRates, effectiveRates, groupBy, placed, PlacedRate } from './placed-rate';
import { PricingError } from '../input/error';
import { didYouMean } from '../input/nearest';
import { ModelId } from '../pricing/model-id';
import { isInForce } from '../pricing/price-book/match';
import { PriceBook } from '../pricing/price-book/price-book';
import { startOf } from '../pricing/price-book/rate-identity';

/** Which prices are compared; left out: all. */
export interface DiffFilter {
  readonly model?: string;
  readonly region?: string;
}

/** A price in one region, before and after. */
export interface Pair {
  readonly before: PlacedRate | undefined;
  readonly after: PlacedRate | undefined;
}

/** Every price of two books beside what became of it. Linear in the number of rates. */
export function pairRates(before: PriceBook, after: PriceBook, filter: DiffFilter): Pair[] {
  if (filter.region !== undefined) requireRegion(filter.region, [before, after]);
  const day = [before._day, after._day].filter((one) => one !== undefined).sort().at(-1);
  return pairsOf(ratesByIdentity(before, filter), ratesByIdentity(after, filter), day);
}

/** A misspelt region would show no difference at all. Where no rate names a region, none is wrong. */
function requireRegion(region: string, books: readonly PriceBook[]): void {
  const known = [...new Set(books.flatMap(({ _layers }) => _layers.flat()).flatMap(({ regions = [] }) => regions))].sort();
  if (known.length === 0 || known.includes(region)) return;
  throw new PricingError('--region', region, 'a region that one of the price books holds', didYouMean(region, known, 3));
}

/** The rates of a book by what they price; those of different days are side by side. */
function ratesByIdentity(book: PriceBook, { model, region }: DiffFilter): Map<string, PlacedRate[]> {
  const bareId = model === undefined ? undefined : ModelId.parse(model).bareId;
  const rates = book._layers.flatMap(placed)
    .filter((rate) => (bareId === undefined || rate.rate.model === bareId) && (region === undefined || (rate.region ?? region) === region));
  return groupBy(effectiveRates(rates), ({ key }) => key);
}

type Rates = ReadonlyMap<string, readonly PlacedRate[]>;

/**
 * A book restates its dates each month: they tell rates apart only where one thing has several prices.
 *
 * Then what is in force on one side belongs to what is in force on the other, whatever dates they state: on the day of the
 * newer book, so that a price that began since is no change of a book that announced it.
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

/** The rate in force on a day: of several the one that began last. Nothing is in force where no day is known. */
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

/** Unlike the days on which prices were read, the days until which they hold are part of the price. */
function hasSameEnd(one: PlacedRate['rate'], other: PlacedRate['rate']): boolean {
  return one.endDate === other.endDate && one.reviewAfter === other.reviewAfter;
}

/**
 * Number of prices, counted as a book's own are. A price whose source names no region counts once, unless the other book
 * states it region by region.
 */
export function countPairs(pairs: readonly Pair[]): number {
  return countRates(pairs.map(({ before, after }) => {
    const [one, other = one] = [after, before].filter((placedRate) => placedRate !== undefined);
    return one.rate.regionAssumed ? other : one;
  }));
}
