import { Decimal, decimal } from '../../pricing/decimal';
import { ContextLength, PriceTier, RateUnit } from '../../pricing/rate';
import { RateGroup } from '../../pricing/rate-group';
import { UNITS } from '../../pricing/unit';

/** A rate in one region: what books are judged and compared by. */
export interface PlacedRate {
  readonly rate: RateGroup;
  /** Undefined for a rate that holds in every region. */
  readonly region: string | undefined;
  /** The same for two rates that price the same thing. */
  readonly key: string;
  /** Dollars for `comparableUnit`. */
  readonly price: Decimal;
}

const THOUSAND = decimal(1000);
const SEPARATOR = '\u0000';

/** Every rate of a layer of a book in each of its regions. */
export function placed(groups: readonly RateGroup[]): PlacedRate[] {
  return groups.flatMap((rate) => {
    const price = comparablePrice(rate);
    return (rate.regions ?? [undefined]).map((region) => ({ rate, region, key: keyOf(rate, region), price }));
  });
}

/** Everything that a price is looked up by; what a source spells out (`tier: standard`) and what it leaves out are the same. */
export function keyOf(rate: RateGroup, region: string | undefined): string {
  return [
    rate.model, rate.kind, region, rate.scope, rate.tier ?? PriceTier.STANDARD, rate.context ?? ContextLength.STANDARD,
    rate.commitmentDuration, rate.customModel ?? false, rate.resolution?.toLowerCase(), rate.quality?.toLowerCase(),
    rate.termMonths, rate.policy, rate.customModelUnitVersion, rate.architecture?.toLowerCase(), UNITS[rate.unit].base,
  ].join(SEPARATOR);
}

/** The unit that prices are compared in: the sources write tokens by the thousand and by the million. */
export function comparableUnit({ unit }: RateGroup): RateUnit {
  return unit === RateUnit.THOUSAND_TOKENS ? RateUnit.MILLION_TOKENS : unit;
}

function comparablePrice({ unit, usd }: RateGroup): Decimal {
  return unit === RateUnit.THOUSAND_TOKENS ? decimal(usd).times(THOUSAND) : decimal(usd);
}

/** A list by what its entries have in common, in the order in which they come. */
export function groupBy<T>(entries: Iterable<T>, keyFor: (entry: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const entry of entries) {
    const key = keyFor(entry);
    const group = groups.get(key);
    if (group) group.push(entry);
    else groups.set(key, [entry]);
  }
  return groups;
}
