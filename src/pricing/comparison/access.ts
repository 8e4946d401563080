import { parseModelId } from '../model-id';
import { modelFacts, modelOffers } from '../price-book/model-catalog';
import { PriceScope } from '../price-book/rate';

/** One way to reach a model: in the region, or through an inference profile. */
export interface Access {
  readonly modelId: string;
  readonly scope: PriceScope;
  /** As a reader would call it: `in-region`, `us profile`, `global profile`. */
  readonly name: string;
}

/** How the names of the regions begin that a geographic profile is called from. */
const REGIONS_OF_PROFILE: { readonly [prefix: string]: string } = {
  'us': 'us-', 'eu': 'eu-', 'apac': 'ap-', 'jp': 'ap-northeast-', 'au': 'ap-southeast-', 'ca': 'ca-', 'in': 'ap-south-', 'us-gov': 'us-gov-',
};

export function accessOf(modelId: string): Access {
  const { bareId, prefix, scope } = parseModelId(modelId);
  return prefix === undefined ? { modelId: bareId, scope, name: 'in-region' } : { modelId: `${prefix}.${bareId}`, scope, name: `${prefix} profile` };
}

/** True where an availability list names the model at all; where none does, nothing is known of where it can be called. */
export function isListed(modelId: string): boolean {
  return Object.keys(modelOffers(modelId) ?? {}).length > 0;
}

/**
 * The ids under which a model can be called from a region: by the availability lists or, where they do not know the
 * model, every id that it may have there.
 */
export function accessesFrom(modelId: string, region: string | undefined): Access[] {
  const { bareId } = parseModelId(modelId);
  const profiles = (modelFacts(bareId)?.profiles ?? []).filter((prefix) => prefix === 'global' || covers(prefix, region));
  if (!isListed(bareId)) return [bareId, ...profiles.map((prefix) => `${prefix}.${bareId}`)].map(accessOf);
  const offer = region === undefined ? undefined : modelOffers(bareId)?.[region];
  if (offer === undefined) return [];
  const geo = offer.geo.flatMap((prefix) => (prefix === 'yes' ? profiles.filter((profile) => profile !== 'global') : [prefix]));
  return [
    ...(offer.inRegion ? [bareId] : []),
    ...[...new Set(geo)].map((prefix) => `${prefix}.${bareId}`),
    ...(offer.global ? [`global.${bareId}`] : []),
  ].map(accessOf);
}

function covers(prefix: string, region: string | undefined): boolean {
  return region !== undefined && Object.hasOwn(REGIONS_OF_PROFILE, prefix) && region.startsWith(REGIONS_OF_PROFILE[prefix]);
}
