import { accessesFrom, isListed } from './access';
import { inBatch } from './by-token';
import { cheapestFirst, savingFields } from './candidate';
import { ModelAlternative } from './comparison';
import { onDemand, OnDemandWorkload } from '../billing-modes/on-demand';
import { CostEstimate } from '../estimate';
import { ModelId } from '../model-id';
import { modelFacts } from '../price-book/model-catalog';
import { PriceBook } from '../price-book/price-book';
import { PriceScope } from '../price-book/rate';

/**
 * The same usage with each other model of the provider for the same kind of work that can be called from the region: at the standard tier
 * (or in batch, like the usage), through the same kind of access if it is offered, else the cheapest one. Models without a price and legacy
 * models are left out. Only cost is compared, not quality.
 */
export function otherModels(book: PriceBook, usage: OnDemandWorkload, isBatch: boolean, current: CostEstimate): ModelAlternative[] {
  const own = modelFacts(usage.model);
  // A custom model is a work of its own: another base model would have to be trained first.
  if (own === undefined || usage.customModel) return [];
  const price = (model: string) => {
    const used = { ...usage, model, serviceTier: undefined, latency: undefined };
    return isBatch ? inBatch(book, used) : onDemand(book, used);
  };
  const { scope } = ModelId.parse(usage.model);
  const alternatives = book._modelIds.flatMap((id) => {
    const facts = modelFacts(id);
    if (facts === undefined || facts.id !== id || id === own.id || facts.provider !== own.provider || facts.modality !== own.modality) return [];
    if (facts.status === 'legacy') return [];
    const cheapest = cheapestAccess(id, usage.region, scope, price);
    if (cheapest === undefined) return [];
    return [{ ...cheapest, name: facts.name, ...savingFields(current, cheapest.estimate) }];
  });
  return cheapestFirst(alternatives);
}

/** The cheapest access of a scope, which is that of the usage; where none of them has a price, of all. */
function cheapestAccess(id: string, region: string | undefined, scope: PriceScope, price: (modelId: string) => CostEstimate) {
  const accesses = isListed(id) ? accessesFrom(ModelId.parse(id), region) : [];
  const priced = accesses.map((access) => ({ ...access, estimate: price(access.modelId) })).filter(({ estimate }) => estimate._monthly !== undefined);
  const [cheapest] = cheapestFirst(priced.some((access) => access.scope === scope) ? priced.filter((access) => access.scope === scope) : priced);
  return cheapest && { modelId: cheapest.modelId, estimate: cheapest.estimate };
}
