import { groupBy, PlacedRate } from './placed-rate';
import { isDay } from '../../pricing/book/day';
import { ageInDays } from '../price-age';

/** The rates of one source, and how old the oldest of them is. */
export interface SourceAge {
  readonly source: string;
  readonly rates: number;
  /** The oldest day on which one of them was read; null when none states it. */
  readonly asOf: string | null;
  readonly days: number | null;
}

/** The sources of a book, the oldest first. Rows of one price list (`price-list-sku:<SKU>`) are one source. */
export function sourceTable(rates: readonly PlacedRate[], today: string): SourceAge[] {
  return [...groupBy(rates, ({ rate }) => sourceName(rate.source))]
    .map(([source, ofSource]) => {
      const [asOf = null] = ofSource.flatMap(({ rate }) => rate.asOf ?? []).sort();
      return { source, rates: countRates(ofSource), asOf, days: !isDay(asOf) ? null : ageInDays(asOf, today) };
    })
    .sort((a, b) => ((a.asOf ?? '') < (b.asOf ?? '') ? -1 : (a.asOf ?? '') > (b.asOf ?? '') ? 1 : 0));
}

function sourceName(source: string | undefined): string {
  return source === undefined ? 'not stated' : source.split(':')[0];
}

/** A rate counts once for each region it holds in, and once where its source names no region. */
export function countRates(rates: readonly PlacedRate[]): number {
  const assumed = rates.filter(({ rate }) => rate.regionAssumed);
  return rates.length - assumed.length + new Set(assumed.map(({ rate }) => rate)).size;
}
