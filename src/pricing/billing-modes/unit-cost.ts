import { decimal, sum } from '../decimal';
import { EstimateParts } from '../estimate';
import { PricingRun } from './pricing-run';

/** The cost of a number of pieces of work, over all pricings of one piece; undefined if a price is missing. */
export function unitCosts(runs: readonly PricingRun[], unit: string, pieces = 1): Required<EstimateParts>['unitCosts'] {
  if (runs.some(({ missingPrices }) => missingPrices.length > 0)) return [];
  return [{ unit, usd: sum(runs.map(({ costOfOne }) => costOfOne)).times(decimal(pieces)) }];
}
