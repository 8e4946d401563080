import { Facets } from './facets';
import { DraftRate, Rank } from './listed-sku';
import { PriceScope } from '../pricing/price-book/rate';

/**
 * The rates of one price, one for each way of reaching the model that it holds for.
 *
 * A regional row serves the bare id and the geographic profiles alike; a row that says geo or global serves that alone.
 * `explicit` is what usagetype and attributes say, which beats the description.
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
