import { toText } from '../pricing/decimal';
import { Rate } from '../pricing/price-book/rate';
import { comparablePrice, endOf, startOf } from '../pricing/price-book/rate-identity';

/**
 * Returns the rates of one key and one SKU in the order of their days. Each ends on the day on which the next one begins. A price
 * that is published repeatedly is one rate, which begins on its first day and was read on the last one.
 *
 * Returns undefined if two prices begin on the same day, or if a day is not known.
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

/** Returns the exact price in a unit that is common to all rates of a key. */
export function priceText(rate: Rate): string {
  return toText(comparablePrice(rate));
}

/** True if both rates hold on at least one common day. */
export function overlap(a: Rate, b: Rate): boolean {
  return startOf(a) < endOf(b) && startOf(b) < endOf(a);
}

/** True if the other rate holds on every day of this one. */
export function covers(other: Rate, rate: Rate): boolean {
  return startOf(other) <= startOf(rate) && endOf(rate) <= endOf(other);
}

/** Compares two texts by code units, which sorts days and is the same on every machine. */
export function ascending(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
