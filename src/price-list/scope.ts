import { Facets } from './facets';
import { DraftRate, Rank } from './listed-sku';
import { PriceScope } from '../pricing/price-book/rate';

/**
 * Returns the rates of a price, one for each scope that it holds for.
 *
 * A regional row holds for the bare id and for the geographic profiles; a row with the scope geo or global holds for that scope only.
 * `explicit` is the scope of usagetype and attributes, which has precedence over the description.
 */
export function inScopes(rate: DraftRate, explicit: Facets['scope'], described?: Facets['scope'], mantle = false): DraftRate[] {
  const stated = mantle ? Rank.MANTLE : Rank.STATED;
  switch (explicit ?? described) {
    case 'geo': return [{ ...rate, scope: PriceScope.GEO, rank: stated }];
    case 'global': return [{ ...rate, scope: PriceScope.GLOBAL, rank: stated }];
    default: return [
      { ...rate, scope: PriceScope.IN_REGION, rank: stated },
      { ...rate, scope: PriceScope.GEO, rank: mantle ? Rank.MANTLE_REGIONAL_AS_GEO : Rank.REGIONAL_AS_GEO },
    ];
  }
}
