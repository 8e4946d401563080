import { toText } from '../pricing/decimal';
import { Rate } from '../pricing/price-book/rate';
import { comparablePrice, endOf, startOf } from '../pricing/price-book/rate-identity';

/**
 * The rates of one key and one SKU in the order of their days, each ending where the next one begins. A price that is
 * only published again is one rate: since its first day, read on the last one.
 *
 * undefined when two prices hold from the same day on, or when the days are not known.
 */
export function timelineOf(rates: readonly Rate[]): readonly Rate[] | undefined {
  const sorted = [...rates].sort((a, b) => ascending(startOf(a), startOf(b)) || ascending(a.asOf ?? '', b.asOf ?? ''));
  const line: Rate[] = [];
  for (const rate of sorted) {
    const last = line.at(-1);
    if (last !== undefined && priceText(last) === priceText(rate)) {
      line[line.length - 1] = { ...last, asOf: [last.asOf ?? '', rate.asOf ?? ''].sort().pop() };
      continue;
    }
    if (last !== undefined && (last.effectiveDate === undefined || last.effectiveDate === rate.effectiveDate)) return undefined;
    line.push(rate);
  }
  return line.map((rate, i) => (i + 1 < line.length ? { ...rate, endDate: line[i + 1].effectiveDate } : rate));
}

/** The price in a unit that all rates of a key share, as exact text. */
export function priceText(rate: Rate): string {
  return toText(comparablePrice(rate));
}

/** True when there is a day on which both hold. */
export function overlap(a: Rate, b: Rate): boolean {
  return startOf(a) < endOf(b) && startOf(b) < endOf(a);
}

/** True when the other rate holds on every day of this one. */
export function covers(other: Rate, rate: Rate): boolean {
  return startOf(other) <= startOf(rate) && endOf(rate) <= endOf(other);
}

/** The order of code units: days sort by it, and it is the same on every machine. */
export function ascending(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
