import { ListedModel } from './bedrock-models';
import { BookLines, OPEN, priceText, providerOf, Uniformity } from './book-lines';
import { SCOPE_DOUBTFUL, StatedRate } from './stated-rate';
import { ContextLength, PriceScope, RateKind } from '../../../src/pricing/price-book/rate';
import { ASSUMED_REGIONS } from '../../../src/pricing/price-book/rate-group';

/** The regions in which a stated rate holds, or the reason why they are unknown. */
export type Placed = { readonly regions: readonly string[] } | { readonly doubt: string };

export interface Places {
  readonly book: BookLines;
  readonly listed: ReadonlyMap<string, ListedModel>;
  readonly uniformity: (model: string, scope: PriceScope) => Uniformity;
  readonly geographies: ReadonlyMap<string, ReadonlySet<string>>;
}

/**
 * The regions that a rate holds in.
 *
 * An id seldom names a region. Its rates hold where the book has its standard input and output prices: a source that states the prices of
 * one group of regions states its cache, flex or long-context prices of the same group. Beyond those, and for a model that the book lacks,
 * where the availability list has the profile, unless the provider is known to ask several prices in one geography; else the region is open.
 */
export function place(rate: StatedRate, ofSameId: readonly StatedRate[], places: Places): Placed {
  if (rate.region !== undefined) return { regions: [rate.region] };
  const { model, scope, prefix } = rate;
  const { book } = places;
  const uniformity = places.uniformity(model, scope);
  const isUniform = uniformity === Uniformity.SEEN || (uniformity === Uniformity.NOT_REFUTED && scope !== PriceScope.IN_REGION);
  const inGeography = prefix === undefined ? () => true : (region: string) => places.geographies.get(prefix)?.has(region) ?? false;
  const held = book.standardRegions(model, scope).filter(inGeography);
  const available = !isUniform ? [] : availableRegions(rate, places, uniformity)
    .filter((region) => !held.includes(region) && (scope !== PriceScope.GEO || isAtPriceOf(ofSameId.map(asInRegion), book, region)));
  if (held.length > 0) {
    const level = held.filter((region) => isAtPriceOf(ofSameId, book, region));
    if (level.length > 0) {
      const named = scope === PriceScope.IN_REGION && !isUniform ? level.filter((region) => ASSUMED_REGIONS.includes(region)) : level;
      return named.length + available.length > 0 ? { regions: [...named, ...available] } : { doubt: `${SCOPE_DOUBTFUL}: no region named, and its prices are not those of the US` };
    }
    const assumed = held.filter((region) => ASSUMED_REGIONS.includes(region));
    if (isStandard(rate) && isUniform) return { regions: held };
    if (isStandard(rate) && assumed.length > 0) return { regions: assumed };
    return { doubt: `${SCOPE_DOUBTFUL}: its standard prices are those of no region of the book` };
  }
  if (available.length > 0) return { regions: available };
  return scope === PriceScope.GEO && prefix !== undefined && prefix !== 'us'
    ? { doubt: `${SCOPE_DOUBTFUL}: no list names the regions of ${prefix}.${model}` }
    : { regions: [OPEN] };
}

export function isStandard({ kind, tier, context }: StatedRate): boolean {
  return (kind === RateKind.INPUT || kind === RateKind.OUTPUT) && tier === undefined && context === undefined;
}

/** A geographic profile costs what the region costs: where AWS states another price of the region, the profile's is that of other ones. */
function asInRegion(rate: StatedRate): StatedRate {
  return { ...rate, scope: PriceScope.IN_REGION };
}

/** True where every standard price of the id is the book's. */
function isAtPriceOf(ofSameId: readonly StatedRate[], book: BookLines, region: string): boolean {
  return ofSameId.filter(isStandard).every((rate) => {
    const price = book.standardPrice(rate.model, rate.kind, rate.scope, region);
    return price === undefined || price === priceText(rate);
  });
}

/**
 * The regions beyond those of the book in which an id can be called: those of the availability list or, of a provider that asks one
 * price throughout, those of the geography in the id; else those in which the provider's other models have such a profile. In-region
 * and geographic prices of such a provider are equal, so the regions of its geographic profiles count for in-region prices, too.
 */
function availableRegions({ model, scope, prefix }: StatedRate, { listed, geographies }: Places, uniformity: Uniformity): readonly string[] {
  const availability = listed.get(model)?.availability;
  const ofProvider = [...listed].filter(([id]) => providerOf(id) === providerOf(model)).flatMap(([, other]) => other.availability.geo[prefix ?? 'us'] ?? []);
  const geography = scope !== PriceScope.GEO ? [] : uniformity === Uniformity.SEEN ? [...geographies.get(prefix ?? 'us') ?? []] : [...new Set(ofProvider)];
  if (!availability) return geography;
  const ofProfiles = [...new Set(Object.values(availability.geo).flat())];
  if (scope === PriceScope.GLOBAL) return availability.global;
  if (scope === PriceScope.IN_REGION) return [...new Set([...availability.inRegion, ...ofProfiles])];
  return prefix === undefined ? ofProfiles : availability.geo[prefix] ?? geography;
}

/** The regions from which profiles of each prefix are called, of all models together. */
export function geographiesOf(listed: Iterable<ListedModel>): Map<string, Set<string>> {
  const geographies = new Map<string, Set<string>>();
  for (const { availability } of listed) {
    for (const [prefix, regions] of Object.entries(availability.geo)) {
      if (!geographies.has(prefix)) geographies.set(prefix, new Set());
      regions.forEach((region) => geographies.get(prefix)!.add(region));
    }
  }
  return geographies;
}

export function isLong({ context }: Pick<StatedRate, 'context'>): boolean {
  return context === ContextLength.LONG;
}
