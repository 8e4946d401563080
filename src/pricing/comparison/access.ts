import { geographyOf, ModelId } from '../model-id';
import { modelFacts, modelOffers } from '../price-book/model-catalog';
import { PriceScope } from '../price-book/rate';

/** One way to reach a model: in the region, or through an inference profile. */
export interface Access {
  readonly modelId: string;
  readonly scope: PriceScope;
  /** As a reader would call it: `in-region`, `us profile`, `global profile`. */
  readonly name: string;
}

export function accessOf({ id, prefix, scope }: ModelId): Access {
  return { modelId: id, scope, name: prefix === undefined ? 'in-region' : `${prefix} profile` };
}

/** True where an availability list names the model at all; where none does, nothing is known of where it can be called. */
export function isListed(model: string): boolean {
  return Object.keys(modelOffers(model) ?? {}).length > 0;
}

/**
 * The ids under which a model can be called from a region: by the availability lists or, where they do not know the
 * model, every id that it may have there.
 */
export function accessesFrom(model: ModelId, region: string | undefined): Access[] {
  const { bareId } = model;
  const through = (prefix: string | undefined) => accessOf(model.through(prefix));
  const profiles = (modelFacts(bareId)?.profiles ?? []).filter((prefix) => isCalledFrom(prefix, region));
  if (!isListed(bareId)) return [undefined, ...profiles].map(through);
  const offer = region === undefined ? undefined : modelOffers(bareId)?.[region];
  if (offer === undefined) return [];
  const geo = offer.geo.flatMap((prefix) => (prefix === 'yes' ? profiles.filter((profile) => profile !== 'global') : [prefix]));
  return [...(offer.inRegion ? [undefined] : []), ...new Set(geo), ...(offer.global ? ['global'] : [])].map(through);
}

/** True where a profile may be called from a region; the global one from any, also an unknown one. */
function isCalledFrom(prefix: string, region: string | undefined): boolean {
  const geography = geographyOf(prefix);
  return geography !== undefined && (geography.scope === PriceScope.GLOBAL || region?.startsWith(geography.regions) === true);
}
