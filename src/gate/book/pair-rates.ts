import { groupBy, placed, PlacedRate } from './placed-rate';
import { parseModelId } from '../../pricing/model-id';
import { PriceBook } from '../../pricing/price-book';

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
  return pairsOf(ratesByIdentity(before, filter), ratesByIdentity(after, filter));
}

/**
 * The rates of a book by what they price. Of several that price the same thing, the user's own wins, then one whose source
 * names the region; those of different days stand side by side.
 */
function ratesByIdentity(book: PriceBook, { model, region }: DiffFilter): Map<string, PlacedRate[]> {
  const bareId = model === undefined ? undefined : parseModelId(model).bareId;
  const rates = book._layers.flatMap(placed)
    .filter((rate) => (bareId === undefined || rate.rate.model === bareId) && (region === undefined || (rate.region ?? region) === region));
  return new Map([...groupBy(rates, ({ key }) => key)].map(([key, alike]) => [key, withoutDoubles(alike)]));
}

function withoutDoubles(alike: readonly PlacedRate[]): PlacedRate[] {
  if (alike.length === 1) return [...alike];
  const stated = alike.filter(({ rate }) => !rate.regionAssumed);
  const byStart = groupBy(stated.length > 0 ? stated : alike, startOf);
  return [...byStart.values()].map(([first]) => first);
}

function startOf({ rate }: PlacedRate): string {
  return rate.effectiveDate ?? '';
}

/** A book restates its dates each month: they tell rates apart only where one thing has several prices. */
function pairsOf(before: ReadonlyMap<string, readonly PlacedRate[]>, after: ReadonlyMap<string, readonly PlacedRate[]>): Pair[] {
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((key): Pair[] => {
    const [old = [], new_ = []] = [before.get(key), after.get(key)];
    if (old.length <= 1 && new_.length <= 1) return [{ before: old[0], after: new_[0] }];
    const [olds, news] = [old, new_].map((rates) => new Map(rates.map((rate) => [startOf(rate), rate])));
    return [...new Set([...olds.keys(), ...news.keys()])].map((start) => ({ before: olds.get(start), after: news.get(start) }));
  });
}

export function changeOf({ before, after }: Pair): 'added' | 'removed' | 'changed' | 'unchanged' {
  if (before === undefined) return 'added';
  if (after === undefined) return 'removed';
  return before.price.cmp(after.price) === 0 ? 'unchanged' : 'changed';
}
