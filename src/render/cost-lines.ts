import { oneLine } from './sanitize';
import { decimal, sum, ZERO } from '../pricing/decimal';
import { EstimateJson, MissingPrice } from '../pricing/estimate';
import { formatUsdOrUnknown } from '../pricing/format';
import { PriceDates, priceDatesOf } from '../pricing/price-book/price-dates';

export function isPositive(usd: string | null): boolean {
  return usd !== null && decimal(usd).cmp(ZERO) > 0;
}

export function sumOf(amounts: readonly string[]): string {
  return sum(amounts.map((amount) => decimal(amount))).toFixed();
}

/** A sum with an unknown part is unknown. */
export function sumOrNull(amounts: readonly (string | null)[]): string | null {
  return amounts.includes(null) ? null : sumOf(amounts as readonly string[]);
}

/** `$900.00 in a slow month, $3,000.00 in a busy one`; nothing where neither was given. */
export function rangeText(low: string | null | undefined, high: string | null | undefined): string[] {
  const text = (usd: string | null | undefined, month: string) => (usd === undefined ? [] : [`${formatUsdOrUnknown(usd)} in a ${month}`]);
  const parts = [...text(low, 'slow month'), ...text(high, low === undefined ? 'busy month' : 'busy one')];
  return parts.length === 0 ? [] : [parts.join(', ')];
}

/** The age of the prices of an average, a slow and a busy month. */
export function priceDatesOfMonths(...months: readonly (Pick<EstimateJson, 'lineItems'> | undefined)[]): PriceDates {
  return priceDatesOf(months.flatMap((estimate) => estimate?.lineItems ?? []));
}

/** What an average month takes for granted, and what a slow or a busy one does besides: it may need prices of another kind. */
export function assumptionsOfMonths(average: EstimateJson, low: EstimateJson | undefined, high: EstimateJson | undefined): string[] {
  const further = (month: string, estimate: EstimateJson | undefined) => (estimate?.assumptions ?? [])
    .filter((assumption) => !average.assumptions.includes(assumption))
    .map((assumption) => `in a ${month} month: ${assumption}`);
  return [...average.assumptions, ...further('slow', low), ...further('busy', high)];
}

/** What cannot be cancelled, in a sentence. */
export function commitmentText(usd: string | null, months: number): string {
  const term = months > 0 ? ` over ${months} month${months === 1 ? '' : 's'}; it renews itself` : '';
  return `commitment that cannot be cancelled: ${formatUsdOrUnknown(usd)}${term}`;
}

/** What is not known, and what to do about it: one line each. */
export function missingPriceLines({ description, hint, nearestModels }: MissingPrice): string[] {
  return [
    `missing: ${description}`,
    `  ${hint}`,
    ...(nearestModels.length > 0 ? [`  nearest names: ${nearestModels.join(', ')}`] : []),
  ].map(oneLine);
}

/**
 * The last line of every list of costs: the age of the prices that were used, and what they leave out.
 *
 * @param changes what sets the prices apart from the embedded list prices
 */
export function priceDateText(dates: PriceDates, changes: readonly string[] = []): string {
  return [...priceSpanText(dates), changes.length === 0
    ? 'List prices in US dollars, without taxes, free tiers and agreed discounts.'
    : 'US dollars, without taxes and free tiers; list prices but for what you changed.'].join(' ');
}

/** `Prices of 2026-07-24 to 2026-09-23.`, one date where they are equal, and whether some prices state none. */
export function priceSpanText({ oldest, newest, hasUndated }: PriceDates): string[] {
  return [
    ...(oldest === null ? [] : [oneLine(`Prices of ${oldest}${newest === oldest ? '' : ` to ${newest}`}.`)]),
    ...(hasUndated ? [oldest === null ? 'The prices state no date.' : 'Other prices state no date.'] : []),
  ];
}

/** What a list of costs begins with when its prices are not the embedded list prices. */
export function priceChangeLines(changes: readonly string[]): string[] {
  return changes.length === 0 ? [] : [oneLine(`Changed by you: ${changes.join('; ')}.`)];
}

/** `1 price`, `2 prices`. */
export function count(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`;
}
