import { ContextLength, PriceScope, PriceTier, RateQuery } from './rate';
import { RateGroup } from './rate-group';

/** The fields that a query may leave open if all remaining rates have the same value. */
export const OPEN = ['resolution', 'quality', 'architecture'] as const;

/** The query leaves open what the price depends on: a guess is not a price, and another book's rate is not it either. */
export const AMBIGUOUS = 'ambiguous';

/**
 * Of the rates that match a query, the most specific one. Of two that are equally specific, the one with dates or the later start.
 *
 * @param day the day whose rates are in force; undefined without a day
 */
export function mostSpecific(
  rates: readonly RateGroup[], query: RateQuery, scope: PriceScope, day: string | undefined,
): RateGroup | typeof AMBIGUOUS | undefined {
  const fitting = rates.filter((rate) => fits(rate, query, scope) && isInForce(rate, day));
  if (fitting.length <= 1) return fitting[0];
  const stated = fitting.filter((rate) => !leavesOpen(query, rate));
  const candidates = stated.length > 0 ? stated : fitting;
  if (stated.length === 0 && new Set(candidates.map(({ usd, unit }) => `${usd} ${unit}`)).size > 1) return AMBIGUOUS;
  return candidates.reduce((best, rate) => (isBetter(rate, best) ? rate : best));
}

/** True if the rate holds for one resolution, quality or architecture, and the query has none. */
export function leavesOpen(query: RateQuery, rate: RateGroup): boolean {
  return OPEN.some((field) => rate[field] !== undefined && query[field] === undefined);
}

function fits(rate: RateGroup, query: RateQuery, scope: PriceScope): boolean {
  return rate.kind === query.kind
    && (rate.tier ?? PriceTier.STANDARD) === (query.tier ?? PriceTier.STANDARD)
    && (rate.context ?? ContextLength.STANDARD) === (query.context ?? ContextLength.STANDARD)
    && (rate.scope === undefined || rate.scope === scope)
    && rate.commitmentDuration === query.commitmentDuration
    && (rate.customModel ?? false) === (query.customModel ?? false)
    && rate.termMonths === query.termMonths
    && rate.policy === query.policy
    && rate.customModelUnitVersion === query.customModelUnitVersion
    && OPEN.every((field) => rate[field] === undefined || query[field] === undefined || rate[field]!.toLowerCase() === query[field]!.toLowerCase())
    && (rate.regions === undefined || (query.region !== undefined && rate.regions.includes(query.region)));
}

/** True on the days from `effectiveDate` on, up to and without `endDate`. */
export function isInForce({ effectiveDate, endDate }: Pick<RateGroup, 'effectiveDate' | 'endDate'>, day: string | undefined): boolean {
  return day === undefined || ((effectiveDate === undefined || effectiveDate <= day) && !isEnded({ endDate }, day));
}

/** True from `endDate` on. */
export function isEnded({ endDate }: Pick<RateGroup, 'endDate'>, day: string): boolean {
  return endDate !== undefined && endDate <= day;
}

/** True for a rate that was first read after a day, and whose source does not state since when it is charged. */
export function isReadAfter({ asOf, effectiveDate }: Pick<RateGroup, 'asOf' | 'effectiveDate'>, day: string): boolean {
  return effectiveDate === undefined && asOf !== undefined && asOf > day;
}

/** When a rate holds, in words: `from 2026-09-01`, `before 2026-09-01`. */
export function periodText({ effectiveDate, endDate }: Pick<RateGroup, 'effectiveDate' | 'endDate'>): string {
  return [...(effectiveDate === undefined ? [] : [`from ${effectiveDate}`]), ...(endDate === undefined ? [] : [`before ${endDate}`])].join(' and ');
}

function isBetter(rate: RateGroup, than: RateGroup): boolean {
  const difference = specificity(rate) - specificity(than);
  if (difference !== 0) return difference > 0;
  // A rate with dates is more specific than one without; of several, the one that began last.
  if (isDated(rate) !== isDated(than)) return isDated(rate);
  return (rate.effectiveDate ?? '') >= (than.effectiveDate ?? '');
}

function isDated({ effectiveDate, endDate }: RateGroup): boolean {
  return effectiveDate !== undefined || endDate !== undefined;
}

/** The region weighs more than the scope, the scope more than what a picture looks like. */
function specificity(rate: RateGroup): number {
  const region = rate.regions === undefined ? 0 : rate.regionAssumed ? 2 : 4;
  return 8 * region + (rate.scope === undefined ? 0 : 4) + OPEN.filter((field) => rate[field] !== undefined).length;
}
