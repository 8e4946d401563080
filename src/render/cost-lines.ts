import { oneLine } from './sanitize';
import { decimal, sum, ZERO } from '../pricing/decimal';
import { EstimateJson, MissingPrice } from '../pricing/estimate';
import { formatMonthly, formatUsdOrUnknown } from '../pricing/format';
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

/** The assumptions of an average month, and the further ones of a slow or a busy month, which may need prices of another kind. */
export function assumptionsOfMonths(average: EstimateJson, low: EstimateJson | undefined, high: EstimateJson | undefined): string[] {
  const further = (month: string, estimate: EstimateJson | undefined) => (estimate?.assumptions ?? [])
    .filter((assumption) => !average.assumptions.includes(assumption))
    .map((assumption) => `in a ${month} month: ${assumption}`);
  return [...average.assumptions, ...further('slow', low), ...further('busy', high)];
}

/** The sum that cannot be cancelled, in a sentence. */
export function commitmentText(usd: string | null, months: number): string {
  const term = months > 0 ? ` over ${months} month${months === 1 ? '' : 's'}; it renews itself` : '';
  return `commitment that cannot be cancelled: ${formatUsdOrUnknown(usd)}${term}`;
}

/** A missing price, its remedy and the nearest names: one line each. */
export function missingPriceLines({ description, hint, nearestModels }: MissingPrice): string[] {
  return [
    `missing: ${description}`,
    `  ${hint}`,
    ...(nearestModels.length > 0 ? [`  nearest names: ${nearestModels.join(', ')}`] : []),
  ].map(oneLine);
}

/** The same on one line. */
export function missingPriceText(missing: MissingPrice): string {
  return missingPriceLines(missing).map((line) => line.trim()).join('; ');
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

/** The first line of a list of costs whose prices are not the embedded list prices. */
export function priceChangeLines(changes: readonly string[]): string[] {
  return changes.length === 0 ? [] : [oneLine(`Changed by you: ${changes.join('; ')}.`)];
}

/** `1 price`, `2 prices`. */
export function count(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`;
}

/** `$900.00 a month`, `at least $9.00`, `unknown`: the monthly cost of a list of costs. */
export function monthText(cost: Pick<EstimateJson, 'monthlyUsd' | 'knownMonthlyUsd'>): string {
  return `${formatMonthly(cost)}${cost.monthlyUsd === null ? '' : ' a month'}`;
}

/** `on-demand, amazon.nova-lite-v1:0, us-east-1`: the type, model and region of a workload. */
export function placeText({ type, model, region }: { readonly type: string; readonly model: string | null; readonly region: string | null }): string {
  return [type, ...(model === null ? [] : [model]), region ?? 'no region'].join(', ');
}

/** The number of regions that a line names; it counts further ones. */
const REGIONS_SHOWN = 3;

/** `eu-west-1, us-east-1`, or `ap-south-1, eu-west-1, us-east-1 and 9 more`. */
export function regionsText(regions: readonly string[]): string {
  const sorted = [...new Set(regions)].sort();
  const more = sorted.length - REGIONS_SHOWN;
  // "and 1 more" is no shorter than its name.
  return more <= 1 ? sorted.join(', ') : `${sorted.slice(0, REGIONS_SHOWN).join(', ')} and ${more} more`;
}
