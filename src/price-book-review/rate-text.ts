import { ContextLength, PriceTier, Rate } from '../pricing/price-book/rate';

/** Subject of a rate, with every dimension except region, scope and tier. */
export function whatText(rate: Omit<Rate, 'region'>): string {
  const { kind, context, commitmentDuration, termMonths, customModel, policy, resolution, quality } = rate;
  const { customModelUnitVersion, architecture, derived } = rate;
  return [
    kind,
    ...(context === ContextLength.LONG ? ['long context'] : []),
    ...(commitmentDuration === undefined ? [] : [commitmentDuration === 'none' ? 'no commitment' : commitmentDuration]),
    ...(termMonths === undefined ? [] : [`${termMonths} month${termMonths === 1 ? '' : 's'}`]),
    ...(customModel ? ['custom model'] : []),
    ...[policy, resolution, quality].filter((text) => text !== undefined),
    ...(customModelUnitVersion === undefined ? [] : [`version ${customModelUnitVersion}`]),
    ...(architecture === undefined ? [] : [architecture]),
    ...(derived === undefined ? [] : ['derived']),
  ].join(', ');
}

/** Subject of a rate with scope and tier, for a sentence. */
export function rateText(rate: Omit<Rate, 'region'>): string {
  const { scope, tier = PriceTier.STANDARD } = rate;
  return [whatText(rate), ...(scope === undefined ? [] : [scope]), ...(tier === PriceTier.STANDARD ? [] : [tier])].join(', ');
}

/** Days between which a rate is in force; empty if its source states neither. */
export function inForceText({ effectiveDate, endDate }: Pick<Rate, 'effectiveDate' | 'endDate'>): string {
  return [...(effectiveDate === undefined ? [] : [`from ${effectiveDate}`]), ...(endDate === undefined ? [] : [`until ${endDate}`])].join(' ');
}
