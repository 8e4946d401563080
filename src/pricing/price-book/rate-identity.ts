import { decimal, Decimal, THOUSAND } from '../decimal';
import { ContextLength, PriceTier, Rate, RateUnit } from './rate';
import { UNITS } from './unit';

const SEPARATOR = '\u0000';

/**
 * The fields by which a price is looked up, without price and days: equal for two rates of the same use.
 *
 * A stated default (`tier: standard`) equals a field that is left out. Training by the token and by the hour are different; tokens by the
 * thousand and by the million are the same.
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

/** The first day of a rate; before all days without one. */
export function startOf({ effectiveDate }: Pick<Rate, 'effectiveDate'>): string {
  return effectiveDate ?? '';
}

/** The first day after the end of a rate; after all days without an end. */
export function endOf({ endDate }: Pick<Rate, 'endDate'>): string {
  return endDate ?? '9999-99-99';
}
