import { PriceScope } from './price-book/rate';

/** A geography in which AWS routes the requests that are made through a system-defined inference profile. */
export interface Geography {
  /** The prefix of the ids of its profiles. */
  readonly prefix: string;
  /** The beginning of the names of its regions; empty for all regions. */
  readonly regions: string;
  readonly scope: PriceScope.GEO | PriceScope.GLOBAL;
  /** Names that people write instead of the prefix. */
  readonly otherNames: readonly string[];
}

const { GEO, GLOBAL } = PriceScope;

/**
 * Every geography of system-defined inference profiles.
 *
 * @see https://docs.aws.amazon.com/bedrock/latest/userguide/inference-profiles-support.html
 */
export const GEOGRAPHIES: readonly Geography[] = [
  { prefix: 'us', regions: 'us-', scope: GEO, otherNames: ['usa'] },
  { prefix: 'eu', regions: 'eu-', scope: GEO, otherNames: ['europe', 'emea'] },
  { prefix: 'apac', regions: 'ap-', scope: GEO, otherNames: ['ap', 'asia'] },
  { prefix: 'jp', regions: 'ap-northeast-', scope: GEO, otherNames: ['japan'] },
  { prefix: 'au', regions: 'ap-southeast-', scope: GEO, otherNames: ['australia'] },
  { prefix: 'ca', regions: 'ca-', scope: GEO, otherNames: ['canada'] },
  { prefix: 'in', regions: 'ap-south-', scope: GEO, otherNames: ['india'] },
  { prefix: 'us-gov', regions: 'us-gov-', scope: GEO, otherNames: ['gov'] },
  { prefix: 'global', regions: '', scope: GLOBAL, otherNames: ['world'] },
];

/** The prefixes of all inference profiles. */
export const PROFILE_PREFIXES: readonly string[] = GEOGRAPHIES.map(({ prefix }) => prefix);

const BY_PREFIX: ReadonlyMap<string, Geography> = new Map(GEOGRAPHIES.map((geography) => [geography.prefix, geography]));

/** Geographies that an app declared, since AWS may add one before this library knows it. */
const declared = new Map<string, Geography>();

/** The geography of a prefix; undefined for any other text. */
export function geographyOf(prefix: string): Geography | undefined {
  return BY_PREFIX.get(prefix) ?? declared.get(prefix);
}

/** The geography of a prefix. One that is not known yet is known from now on, with profiles that are priced in the scope `geo`. */
export function declareGeography(prefix: string, regions: string): Geography {
  const known = geographyOf(prefix);
  if (known) return known;
  const geography: Geography = { prefix, regions, scope: GEO, otherNames: [] };
  declared.set(prefix, geography);
  for (const text of parsed.keys()) if (ModelId.parse(text).id.startsWith(`${prefix}.`)) parsed.delete(text);
  return geography;
}

/** True for a geography that only the app knows. */
export function isDeclared(geography: Geography | undefined): boolean {
  return geography !== undefined && declared.has(geography.prefix);
}

/** The context variants that provisioned throughput is bought by: `:300k`, `:mm`, `:512`. */
const CONTEXT_VARIANT = /^(.+):(\d+k|mm|512)$/;

/** The form of a model id, with or without the prefix of an inference profile. */
export const MODEL_ID = /^[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,3}(?::[a-z0-9-]{1,63}){0,2}$/;

const parsed = new Map<string, ModelId>();

/**
 * A model id, an inference profile id or the ARN of either, in its parts.
 *
 * `us.amazon.nova-pro-v1:0` is Nova Pro through the US profile, priced in the scope `geo`; a bare id is priced
 * `in-region`; `global.` ids have rates of their own.
 */
export class ModelId {
  /** The parts of a text, which are the same object for the same text. Any text is accepted. */
  public static parse(text: string): ModelId {
    let model = parsed.get(text);
    if (model === undefined) parsed.set(text, (model = new ModelId(text)));
    return model;
  }

  /** The id without the rest of an ARN: `us.amazon.nova-pro-v1:0`. */
  public readonly id: string;
  /** The id as the price book knows it: without the prefix of an inference profile. */
  public readonly bareId: string;
  /** The geography of the inference profile; undefined for a bare id. */
  public readonly geography: Geography | undefined;
  /** `us`, `eu`, ..., `global`; undefined for a bare id. */
  public readonly prefix: string | undefined;
  public readonly scope: PriceScope;

  private constructor(
    /** The text that was parsed. */
    public readonly text: string,
  ) {
    this.id = text.startsWith('arn:') ? text.slice(text.indexOf('/') + 1) : text;
    const end = this.id.indexOf('.');
    this.geography = end < 0 ? undefined : geographyOf(this.id.slice(0, end));
    this.bareId = this.geography === undefined ? this.id : this.id.slice(end + 1);
    this.prefix = this.geography?.prefix;
    this.scope = this.geography?.scope ?? PriceScope.IN_REGION;
  }

  /** The first part of the bare id: `anthropic`. */
  public get provider(): string {
    return this.bareId.split('.', 1)[0];
  }

  /** The region that an ARN names; undefined for an id, and empty or undefined for an ARN without a region. */
  public get regionOfArn(): string | undefined {
    return this.text.startsWith('arn:') ? this.text.split(':')[3] : undefined;
  }

  /** The context variant that provisioned throughput is bought by: `300k`; undefined for an id without one. */
  public get contextVariant(): string | undefined {
    return CONTEXT_VARIANT.exec(this.bareId)?.[2];
  }

  /** The same model with another inference profile or, without a prefix, called by its bare id. */
  public through(prefix: string | undefined): ModelId {
    return ModelId.parse(prefix === undefined ? this.bareId : `${prefix}.${this.bareId}`);
  }
}

/** True for a model id without the prefix of an inference profile. */
export function isBareModelId(text: string): boolean {
  return MODEL_ID.test(text) && ModelId.parse(text).prefix === undefined;
}

/**
 * An id or ARN without its context variant: `amazon.nova-pro-v1:0` for `amazon.nova-pro-v1:0:24k`; the same where it has
 * none.
 */
export function withoutContextVariant(id: string): string {
  return CONTEXT_VARIANT.exec(id)?.[1] ?? id;
}

/**
 * A model's ARN as it is, and without its context variant if it has one. AWS does not document which of the two it
 * authorizes a purchase of provisioned throughput on.
 */
export function purchaseArns(modelArn: string): string[] {
  return [...new Set([modelArn, withoutContextVariant(modelArn)])];
}

/** Names of a model in the price book. */
export interface PricingCandidates {
  /** Names of the same model, the given one first. */
  readonly same: readonly string[];
  /** Its name without version, which is the same model only where none of the others is known. */
  readonly orElse?: string;
}

/**
 * The ids under which the rates of a bare id may be in the price book.
 *
 * Provisioned throughput is bought by context variant (`amazon.nova-pro-v1:0:300k`, `cohere.command-text-v14:7:4k`), and
 * a variant is priced by the id without it. A version is another matter: `anthropic.claude-v2:1` is another model than
 * `anthropic.claude-v2`, with another price, so it is cut off only behind a variant and only from an unknown id.
 */
export function pricingCandidates(bareId: string): PricingCandidates {
  const variant = CONTEXT_VARIANT.exec(bareId);
  if (!variant) return { same: [bareId] };
  const version = /^(.+):\d+$/.exec(variant[1]);
  return { same: [bareId, variant[1]], orElse: version?.[1] };
}

/**
 * The id of a model with the inference profile that was asked for; where the model has no such profile, with the global one
 * or else the first of its profiles.
 *
 * @param profiles the prefixes that the id can be called with, `undefined` for the bare id itself
 */
export function withProfile(id: string, prefix: string | undefined, profiles: readonly (string | undefined)[]): string {
  if (prefix === undefined) return id;
  const chosen = [prefix, 'global'].find((profile) => profiles.includes(profile)) ?? profiles[0];
  return chosen === undefined ? id : `${chosen}.${id}`;
}
