import { countRates, groupBy, PlacedRate } from './placed-rate';
import { daysBetween } from '../pricing/price-book/day';
import { isTooOld, PriceAgeLimit } from '../pricing/price-book/price-age';
import { DatedPrice, lastConfirmed } from '../pricing/price-book/price-dates';

/** Rates of a source, and the age of the oldest one. */
export interface SourceAge {
  readonly source: string;
  readonly rates: number;
  /** Earliest day on which one of them was last confirmed; null if none states a day. */
  readonly asOf: string | null;
  readonly days: number | null;
  /** Number of its rates that are older than the limit. */
  readonly ratesTooOld: number;
}

/** Lists the sources of a book, the oldest first. Rows of one price list (`price-list-sku:<SKU>`) are one source. */
export function sourceTable(rates: readonly PlacedRate[], limit: PriceAgeLimit): SourceAge[] {
  return [...groupBy(rates, ({ rate }) => sourceName(rate.source))]
    .map(([source, ofSource]) => {
      const [asOf = null] = ofSource.flatMap(({ rate }) => lastConfirmed(rate) ?? []).sort();
      return {
        source,
        rates: countRates(ofSource),
        asOf,
        days: asOf === null ? null : daysBetween(asOf, limit.today),
        ratesTooOld: countRates(ofSource.filter(({ rate }) => isRateTooOld(rate, limit))),
      };
    })
    .sort((a, b) => ((a.asOf ?? '') < (b.asOf ?? '') ? -1 : (a.asOf ?? '') > (b.asOf ?? '') ? 1 : 0));
}

function isRateTooOld(rate: DatedPrice, limit: PriceAgeLimit): boolean {
  const day = lastConfirmed(rate);
  return day !== undefined && isTooOld(day, limit);
}

function sourceName(source: string | undefined): string {
  return source === undefined ? 'not stated' : source.split(':')[0];
}
