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

/** Adds amounts. The sum is null if an amount is unknown. */
export function sumOrNull(amounts: readonly (string | null)[]): string | null {
  return amounts.includes(null) ? null : sumOf(amounts as readonly string[]);
}

/** Renders `$900.00 in a slow month, $3,000.00 in a busy one`; empty if neither is set. */
export function rangeText(low: string | null | undefined, high: string | null | undefined): string[] {
  const text = (usd: string | null | undefined, month: string) => (usd === undefined ? [] : [`${formatUsdOrUnknown(usd)} in a ${month}`]);
  const parts = [...text(low, 'slow month'), ...text(high, low === undefined ? 'busy month' : 'busy one')];
  return parts.length === 0 ? [] : [parts.join(', ')];
}

/** Dates of the prices of an average, a slow and a busy month. */
export function priceDatesOfMonths(...months: readonly (Pick<EstimateJson, 'lineItems'> | undefined)[]): PriceDates {
  return priceDatesOf(months.flatMap((estimate) => estimate?.lineItems ?? []));
}

/** Assumptions of an average month, and the additional ones of a slow or a busy month, which may need prices of another kind. */
export function assumptionsOfMonths(average: EstimateJson, low: EstimateJson | undefined, high: EstimateJson | undefined): string[] {
  const further = (month: string, estimate: EstimateJson | undefined) => (estimate?.assumptions ?? [])
    .filter((assumption) => !average.assumptions.includes(assumption))
    .map((assumption) => `in a ${month} month: ${assumption}`);
  return [...average.assumptions, ...further('slow', low), ...further('busy', high)];
}

/** Renders the sum that cannot be cancelled, as a sentence. */
export function commitmentText(usd: string | null, months: number): string {
  const term = months > 0 ? ` over ${months} month${months === 1 ? '' : 's'}; it renews itself` : '';
  return `commitment that cannot be cancelled: ${formatUsdOrUnknown(usd)}${term}`;
}

/** Renders a missing price, its remedy and the most similar names, one line for each. */
export function missingPriceLines({ description, hint, nearestModels }: MissingPrice): string[] {
  return [
    `missing: ${description}`,
    `  ${hint}`,
    ...(nearestModels.length > 0 ? [`  nearest names: ${nearestModels.join(', ')}`] : []),
  ].map(oneLine);
}

/** Renders a missing price on one line. */
export function missingPriceText(missing: MissingPrice): string {
  return missingPriceLines(missing).map((line) => line.trim()).join('; ');
}

/**
 * Renders the last line of every list of costs: the dates of the used prices, and the costs that they exclude.
 *
 * @param changes the differences from the embedded list prices
 */
export function priceDateText(dates: PriceDates, changes: readonly string[] = []): string {
  return [...priceSpanText(dates), changes.length === 0
    ? 'List prices in US dollars, without taxes, free tiers and agreed discounts.'
    : 'US dollars, without taxes and free tiers; list prices but for what you changed.'].join(' ');
}

/** Renders `Prices of 2026-07-24 to 2026-09-23.`, or one date if they are equal, and whether some prices have no date. */
export function priceSpanText({ oldest, newest, hasUndated }: PriceDates): string[] {
  return [
    ...(oldest === null ? [] : [oneLine(`Prices of ${oldest}${newest === oldest ? '' : ` to ${newest}`}.`)]),
    ...(hasUndated ? [oldest === null ? 'The prices state no date.' : 'Other prices state no date.'] : []),
  ];
}

/** Renders the first line of a list of costs whose prices are not the embedded list prices. */
export function priceChangeLines(changes: readonly string[]): string[] {
  return changes.length === 0 ? [] : [oneLine(`Changed by you: ${changes.join('; ')}.`)];
}

/** Renders a number with its noun: `1 price`, `2 prices`. */
export function count(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`;
}

/** Renders a monthly cost: `$900.00 a month`, `at least $9.00`, `unknown`. */
export function monthText(cost: Pick<EstimateJson, 'monthlyUsd' | 'knownMonthlyUsd'>): string {
  return `${formatMonthly(cost)}${cost.monthlyUsd === null ? '' : ' a month'}`;
}

/** Renders the type, model and region of a workload: `on-demand, amazon.nova-lite-v1:0, us-east-1`. */
export function placeText({ type, model, region }: { readonly type: string; readonly model: string | null; readonly region: string | null }): string {
  return [type, ...(model === null ? [] : [model]), region ?? 'no region'].join(', ');
}

/** Maximum number of regions that a line names. Further ones are counted. */
const REGIONS_SHOWN = 3;

/** Renders `eu-west-1, us-east-1`, or `ap-south-1, eu-west-1, us-east-1 and 9 more`. */
export function regionsText(regions: readonly string[]): string {
  const sorted = [...new Set(regions)].sort();
  const more = sorted.length - REGIONS_SHOWN;
  // "and 1 more" is not shorter than the name of the region.
  return more <= 1 ? sorted.join(', ') : `${sorted.slice(0, REGIONS_SHOWN).join(', ')} and ${more} more`;
}
