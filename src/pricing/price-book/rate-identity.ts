import { decimal, Decimal, THOUSAND } from '../decimal';
import { ContextLength, PriceTier, Rate, RateUnit } from './rate';
import { UNITS } from './unit';

const SEPARATOR = '\u0000';

/**
 * Everything that a price is looked up by, without price and days: the same for two rates that price the same thing.
 *
 * What a source spells out (`tier: standard`) and what it leaves out are the same. Training by the token and by the hour
 * are two things; tokens by the thousand and by the million are one.
 */
export function rateIdentity(rate: Omit<Rate, 'region'>, region: string | undefined): string {
  return [
    rate.model, rate.kind, region, rate.scope, rate.tier ?? PriceTier.STANDARD, rate.context ?? ContextLength.STANDARD,
    rate.commitmentDuration, rate.customModel ?? false, rate.resolution?.toLowerCase(), rate.quality?.toLowerCase(),
    rate.termMonths, rate.policy, rate.customModelUnitVersion, rate.architecture?.toLowerCase(), UNITS[rate.unit].base,
  ].join(SEPARATOR);
}

/** The unit that prices are compared in: the sources write tokens by the thousand and by the million. */
export function comparableUnit({ unit }: Pick<Rate, 'unit'>): RateUnit {
  return unit === RateUnit.THOUSAND_TOKENS ? RateUnit.MILLION_TOKENS : unit;
}

/** Dollars for one `comparableUnit`. */
export function comparablePrice({ unit, usd }: Pick<Rate, 'unit' | 'usd'>): Decimal {
  return unit === RateUnit.THOUSAND_TOKENS ? decimal(usd).times(THOUSAND) : decimal(usd);
}

/** The first day of a rate; before all days for one that does not say. */
export function startOf({ effectiveDate }: Pick<Rate, 'effectiveDate'>): string {
  return effectiveDate ?? '';
}

/** The first day on which a rate no longer holds; after all days for one that does not say. */
export function endOf({ endDate }: Pick<Rate, 'endDate'>): string {
  return endDate ?? '9999-99-99';
}
