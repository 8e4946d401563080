import { changeOf, countPairs, DiffFilter, Pair, pairRates } from './pair-rates';
import { groupBy } from './placed-rate';
import { inForceText, whatText } from './rate-text';
import { decimal, Decimal, toText, ZERO } from '../pricing/decimal';
import { PriceBook } from '../pricing/price-book/price-book';
import { PriceTier } from '../pricing/price-book/rate';
import { comparableUnit } from '../pricing/price-book/rate-identity';

/** A change of a price, in all regions with the same change. */
export interface PriceChange {
  readonly change: 'added' | 'removed' | 'changed';
  readonly model: string;
  /** Subject of the price: the kind, and the dimensions that distinguish it from others of that kind. */
  readonly what: string;
  readonly kind: string;
  readonly scope: string | null;
  readonly tier: string;
  /** Empty for a price that holds in every region. */
  readonly regions: readonly string[];
  /** Unit of the comparison. Prices of tokens are converted to a million tokens. */
  readonly unit: string;
  readonly oldUsd: string | null;
  readonly newUsd: string | null;
  /** New price minus the old one. */
  readonly deltaUsd: string | null;
  /** Difference in percent of the old price, rounded to six decimals; null if the old price is $0 or missing. */
  readonly percent: string | null;
  /** First day on which the old price no longer holds; null if its source states none. */
  readonly oldEndDate: string | null;
  readonly newEndDate: string | null;
  /** Last day for which the source guarantees the old price; null if it names none. */
  readonly oldReviewAfter: string | null;
  readonly newReviewAfter: string | null;
}

export interface BookDiff {
  readonly schemaVersion: '1';
  readonly old: { readonly name: string; readonly asOf: string | null };
  readonly new: { readonly name: string; readonly asOf: string | null };
  /** Numbers of prices, counted like those of `verify`: once for each region, and once if the source names no region. */
  readonly summary: {
    readonly added: number;
    readonly removed: number;
    readonly changed: number;
    readonly unchanged: number;
    readonly largestRise: PriceChange | null;
    readonly largestFall: PriceChange | null;
  };
  readonly models: readonly { readonly model: string; readonly changes: readonly PriceChange[] }[];
}

export interface NamedBook {
  readonly name: string;
  readonly book: PriceBook;
}

/** Compares the list prices of two price books, without discounts. The time is linear in the number of rates. */
export function diffBooks(before: NamedBook, after: NamedBook, filter: DiffFilter = {}): BookDiff {
  const pairs = pairRates(before.book, after.book, filter);
  const different = pairs.filter((pair) => changeOf(pair) !== 'unchanged');
  const changes = [...groupBy(different, foldKey).values()].map(folded).sort(byModelAndKind);
  const count = (change: ReturnType<typeof changeOf>) => countPairs(pairs.filter((pair) => changeOf(pair) === change));
  const named = ({ name, book }: NamedBook) => ({ name, asOf: book.asOf ?? null });
  return {
    schemaVersion: '1',
    old: named(before),
    new: named(after),
    summary: {
      added: count('added'),
      removed: count('removed'),
      changed: count('changed'),
      unchanged: count('unchanged'),
      largestRise: extreme(changes, 1),
      largestFall: extreme(changes, -1),
    },
    models: [...groupBy(changes, ({ model }) => model)].map(([model, ofModel]) => ({ model, changes: ofModel })),
  };
}

/** Key of a change, which does not include its region. */
function foldKey(pair: Pair): string {
  const { rate } = (pair.after ?? pair.before)!;
  return [
    rate.model, rate.scope, rate.tier ?? PriceTier.STANDARD, whatOf(pair), comparableUnit(rate),
    ...[pair.before, pair.after].flatMap((one) => [one?.price.toFixed(), one?.rate.endDate, one?.rate.reviewAfter]),
  ].join('\u0000');
}

/** Subject of a price, with its dates if there are several prices of the same subject. */
function whatOf({ before, after }: Pair): string {
  const { rate } = (after ?? before)!;
  const when = before === undefined || after === undefined ? inForceText(rate) : '';
  return `${whatText(rate)}${when === '' ? '' : `, ${when}`}`;
}

function folded(pairs: readonly Pair[]): PriceChange {
  const [pair] = pairs;
  const { before, after } = pair;
  const { rate } = (after ?? before)!;
  const delta = before && after ? after.price.minus(before.price) : undefined;
  return {
    change: changeOf(pair) as PriceChange['change'],
    model: rate.model,
    what: whatOf(pair),
    kind: rate.kind,
    scope: rate.scope ?? null,
    tier: rate.tier ?? PriceTier.STANDARD,
    regions: pairs.flatMap((p) => (p.after ?? p.before)!.region ?? []).sort(),
    unit: comparableUnit(rate),
    oldUsd: before ? toText(before.price) : null,
    newUsd: after ? toText(after.price) : null,
    deltaUsd: delta ? toText(delta) : null,
    percent: delta && before ? percentText(delta, before.price) : null,
    oldEndDate: before?.rate.endDate ?? null,
    newEndDate: after?.rate.endDate ?? null,
    oldReviewAfter: before?.rate.reviewAfter ?? null,
    newReviewAfter: after?.rate.reviewAfter ?? null,
  };
}

function percentText(delta: Decimal, of: Decimal): string | null {
  return of.cmp(ZERO) === 0 ? null : toText(decimal(delta.times(decimal(100)).div(of).toFixed(6)));
}

function byModelAndKind(a: PriceChange, b: PriceChange): number {
  const order = (change: PriceChange) => [change.model, change.what, change.scope ?? '', change.tier, change.change].join('\u0000');
  return order(a) < order(b) ? -1 : order(a) > order(b) ? 1 : 0;
}

/** Change with the largest increase (1) or decrease (-1), relative to the old price. */
function extreme(changes: readonly PriceChange[], direction: 1 | -1): PriceChange | null {
  const moved = changes.filter(({ percent }) => percent !== null && decimal(percent).cmp(ZERO) === direction);
  return moved.reduce<PriceChange | null>((most, change) =>
    (most === null || decimal(change.percent!).cmp(decimal(most.percent!)) === direction ? change : most), null);
}
