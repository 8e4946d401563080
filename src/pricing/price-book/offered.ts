import { modelFacts, modelOffers, Offer } from './model-catalog';
import { ModelId } from '../model-id';

/** Partitions whose regions the availability lists do not cover. */
const UNLISTED_PARTITION = /^(us-gov|cn|us-iso\w*|eu-isoe|eusc)-/;

const notes = new Map<string, string | undefined>();

/** True when the availability lists name the model in a region in the way that the id calls it. */
export function isOffered({ prefix }: ModelId, offer: Offer | undefined): boolean {
  if (offer === undefined) return false;
  if (prefix === undefined) return offer.inRegion;
  return prefix === 'global' ? offer.global : offer.geo.includes(prefix) || offer.geo.includes('yes');
}

/** The offers of a model by the lists; undefined if they do not have the model or the partition of the region. */
export function listedOffers(model: string, region: string): ReturnType<typeof modelOffers> {
  const offers = UNLISTED_PARTITION.test(region) ? undefined : modelOffers(model);
  return offers === undefined || Object.keys(offers).length === 0 ? undefined : offers;
}

/** The form of a call that stays in its region: the bare model id. */
export const IN_REGION_CALL = 'in-region';

/** The id under which a model is called in a form of `callsFrom` other than `geo`. */
export function idOfCall(model: ModelId, call: string): string {
  return model.through(call === IN_REGION_CALL ? undefined : call).id;
}

/**
 * The ways in which a model can be called from a region: `in-region`, and prefixes of inference profiles (`us`, `global`,
 * or `geo` where the lists name none). Empty where the lists name none; undefined where they know nothing of it.
 */
export function callsFrom(model: string, region: string): readonly string[] | undefined {
  const offers = listedOffers(model, region);
  if (offers === undefined) return undefined;
  const offer = offers[region];
  if (offer === undefined) return [];
  const { profiles = [] } = modelFacts(model) ?? {};
  // Only the fact is known: a profile of the model whose name the region begins with is the one that is meant.
  const unnamed = () => profiles.filter((prefix) => region.startsWith(`${prefix}-`)).slice(0, 1);
  const geo = offer.geo.flatMap((prefix) => (prefix !== 'yes' ? [prefix] : unnamed().length > 0 ? unnamed() : ['geo']));
  return [...(offer.inRegion ? [IN_REGION_CALL] : []), ...geo, ...(offer.global ? ['global'] : [])];
}

/** The doubt whether a model can be called from a region, which its price does not show; undefined without one. */
export function callNote(model: string, region: string): string | undefined {
  const key = `${model}|${region}`;
  if (!notes.has(key)) notes.set(key, noteOf(model, region));
  return notes.get(key);
}

function noteOf(model: string, region: string): string | undefined {
  const called = ModelId.parse(model);
  const { regionOfArn } = called;
  if (regionOfArn && regionOfArn !== region) return `the ARN names ${regionOfArn}, but it is priced as called from ${region}`;
  const facts = modelFacts(model);
  if (facts !== undefined && facts.status === undefined && Object.keys(modelOffers(model) ?? {}).length === 0) {
    return `no list of model ids or of availability names ${called.bareId}: see whether it can be called from ${region}`;
  }
  const offers = listedOffers(model, region);
  return offers === undefined || isOffered(called, offers[region])
    ? undefined
    : `the availability lists do not name ${model} in ${region}: see whether it can be called there`;
}
