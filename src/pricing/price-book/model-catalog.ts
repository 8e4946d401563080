import { ModelId, pricingCandidates } from '../model-id';

/** The facts about a model besides its prices. */
export interface ModelFacts {
  /** As the price book knows it. */
  readonly id: string;
  readonly name: string;
  readonly provider: string;
  /** `text`, `multimodal`, `embedding`, `image`, `video`, `speech` or `rerank`. */
  readonly modality: string;
  /** The prefixes of the inference profiles that it is offered through (`us`, `eu`, `global`, ...). */
  readonly profiles: readonly string[];
  /** The input tokens from which a request has the price of a long context; undefined if there is no such price. */
  readonly longContextFromInputTokens?: number;
  /** The reason for missing rates of long requests, if any. */
  readonly longContextGap?: string;
  /** `active`, or `legacy` for a model that AWS is going to withdraw; undefined where no source states it. */
  readonly status?: 'active' | 'legacy';
  /** The sources of a legacy status, an entry for each group of regions; see `legacyOf`. */
  readonly lifecycle?: readonly ModelEnd[];
  /** A note on all its prices in the book, such as that a launch price may have ended. */
  readonly priceNote?: string;
}

/** A source's statement that a model is legacy, in some regions or in all that no other statement names. */
export interface ModelEnd {
  /** The day from which AWS no longer serves the model, as YYYY-MM-DD; undefined where the source states none. */
  readonly endOfLife?: string;
  /** The regions of the statement; undefined for every region that no other statement of the model names. */
  readonly regions?: readonly string[];
  /** The day of the source, as YYYY-MM-DD. */
  readonly asOf: string;
  readonly source: string;
}

/** The offers of a model in a region. */
export interface Offer {
  readonly inRegion: boolean;
  /** Prefixes of the geographic profiles that can be called from the region; `yes` when only the fact is known. */
  readonly geo: readonly string[];
  readonly global: boolean;
}

/**
 * The catalogue as it is stored (data/model-catalog.json, generated from prices/).
 *
 * An offer is one text, its parts apart by spaces: `i` for in-region, `g` for global, and geographic prefixes.
 */
export interface StoredCatalog {
  readonly aliases: { readonly [id: string]: string };
  readonly models: { readonly [id: string]: Omit<ModelFacts, 'id'> & { readonly offers?: { readonly [region: string]: string } } };
}

let stored: StoredCatalog | undefined;
function catalog(): StoredCatalog {
  return (stored ??= require('../data/model-catalog.json') as StoredCatalog);
}

type Offers = { readonly [region: string]: Offer };
const offersById = new Map<string, Offers>();
const factsById = new Map<string, ModelFacts | undefined>();

/**
 * The ids under which rates of a bare id may be listed, best first: the id, the id without context variant, the id of which it is an alias.
 * `isKnown` is true for an id with rates in a book, which the catalogue may not have.
 */
export function bookIds(bareId: string, isKnown: (id: string) => boolean = () => false): readonly string[] {
  const { aliases, models } = catalog();
  const { same, orElse } = pricingCandidates(bareId);
  const ids = same.flatMap((id) => (Object.hasOwn(aliases, id) ? [id, aliases[id]] : [id]));
  return orElse === undefined || ids.some((id) => Object.hasOwn(models, id) || isKnown(id)) ? ids : [...ids, orElse];
}

/** The facts about a model, by its id with or without prefix and context variant; undefined for an unknown model. */
export function modelFacts(id: string): ModelFacts | undefined {
  if (!factsById.has(id)) {
    const { models } = catalog();
    const known = bookIds(ModelId.parse(id).bareId).find((candidate) => Object.hasOwn(models, candidate));
    const { offers: _, ...facts } = known === undefined ? { offers: undefined } : models[known];
    factsById.set(id, known === undefined ? undefined : { id: known, ...(facts as Omit<ModelFacts, 'id'>) });
  }
  return factsById.get(id);
}

/** Every model of the catalogue. */
export function catalogModels(): ModelFacts[] {
  return Object.keys(catalog().models).flatMap((id) => modelFacts(id) ?? []);
}

let providersByIdPart: Map<string, string> | undefined;

/**
 * The provider of a model, with or without prefix: that of the catalogue or, for a model that only a book of the user has, that of models
 * whose ids have the same first part. If no provider is known, the first part of the id.
 */
export function providerOf(id: string): string {
  const first = ModelId.parse(id).provider;
  return modelFacts(id)?.provider ?? providersById().get(first) ?? first;
}

/** True for the part of model ids that is a provider's, such as `anthropic`. */
export function isProviderId(part: string): boolean {
  return providersById().has(part);
}

function providersById(): Map<string, string> {
  return (providersByIdPart ??= new Map(Object.entries(catalog().models).map(([known, { provider }]) => [ModelId.parse(known).provider, provider])));
}

/** The names of all providers, sorted. */
export function providers(): string[] {
  return [...new Set(Object.values(catalog().models).map(({ provider }) => provider))].sort();
}

/** The offers of a model by region; undefined if no availability list has it. */
export function modelOffers(id: string): Offers | undefined {
  const facts = modelFacts(id);
  const offers = facts && catalog().models[facts.id].offers;
  if (!facts || !offers) return undefined;
  let decoded = offersById.get(facts.id);
  if (!decoded) {
    decoded = Object.fromEntries(Object.entries(offers).map(([region, offer]) => [region, decodeOffer(offer)]));
    offersById.set(facts.id, decoded);
  }
  return decoded;
}

/** Every region that an availability list names, sorted. */
export function offeredRegions(): string[] {
  return [...new Set(Object.values(catalog().models).flatMap(({ offers = {} }) => Object.keys(offers)))].sort();
}

function decodeOffer(text: string): Offer {
  const parts = text.split(' ').filter((part) => part !== '');
  return { inRegion: parts.includes('i'), global: parts.includes('g'), geo: parts.filter((part) => part !== 'i' && part !== 'g') };
}
