import { times } from './units';
import { Rate, RateUnit } from '../pricing/rate';

const TOKENS: readonly string[] = [RateUnit.THOUSAND_TOKENS, RateUnit.MILLION_TOKENS];

/** What a rate is the price of, without its price and dates: two rates of one key have to be equal, or follow each other. */
export function rateKey(rate: Rate): string {
  return [
    rate.model, rate.kind, rate.region, rate.scope, rate.tier, rate.context, rate.commitmentDuration, rate.customModel, rate.resolution, rate.quality,
    rate.termMonths, rate.policy, rate.customModelUnitVersion, rate.architecture,
    // Training by the token and by the hour are two things; tokens by the thousand and by the million are one.
    TOKENS.includes(rate.unit) ? 'tokens' : rate.unit,
  ].join('|');
}

/** The price in a unit that all rates of a key share, as exact text. */
export function comparablePrice({ usd, unit }: Rate): string {
  return times(usd, unit === RateUnit.THOUSAND_TOKENS ? 1000 : 1);
}
