import { comparablePrice } from './rate-key';
import { Rate } from '../pricing/rate';

/**
 * The rates of one key and one SKU in the order of their days, each ending where the next one begins. A price that is
 * only published again is one rate: since its first day, read on the last one.
 *
 * undefined when two prices hold from the same day on, or when the days are not known.
 */
export function timelineOf(rates: readonly Rate[]): readonly Rate[] | undefined {
  const sorted = [...rates].sort((a, b) => ascending(a.effectiveDate ?? '', b.effectiveDate ?? '') || ascending(a.asOf ?? '', b.asOf ?? ''));
  const line: Rate[] = [];
  for (const rate of sorted) {
    const last = line.at(-1);
    if (last !== undefined && comparablePrice(last) === comparablePrice(rate)) {
      line[line.length - 1] = { ...last, asOf: [last.asOf ?? '', rate.asOf ?? ''].sort().pop() };
      continue;
    }
    if (last !== undefined && (last.effectiveDate === undefined || last.effectiveDate === rate.effectiveDate)) return undefined;
    line.push(rate);
  }
  return line.map((rate, i) => (i + 1 < line.length ? { ...rate, endDate: line[i + 1].effectiveDate } : rate));
}

/** True when there is a day on which both hold. */
export function overlap(a: Rate, b: Rate): boolean {
  return startsBeforeEnd(a, b) && startsBeforeEnd(b, a);
}

/** True when the other rate holds on every day of this one. */
export function covers(other: Rate, rate: Rate): boolean {
  return (other.effectiveDate ?? '') <= (rate.effectiveDate ?? '')
    && (other.endDate === undefined || (rate.endDate !== undefined && rate.endDate <= other.endDate));
}

function startsBeforeEnd(a: Rate, b: Rate): boolean {
  return b.endDate === undefined || (a.effectiveDate ?? '') < b.endDate;
}

/** The order of code units: days sort by it, and it is the same on every machine. */
export function ascending(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
