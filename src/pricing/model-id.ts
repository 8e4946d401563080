import { PriceScope } from './price-book/rate';

/** The prefixes of system-defined inference profiles: where AWS may route a request that is made through one. */
export const PROFILE_PREFIXES = ['us', 'eu', 'apac', 'jp', 'au', 'ca', 'in', 'us-gov', 'global'] as const;

/** What a model id says, apart from which model it is. */
export interface ParsedModelId {
  /** The id as the price book knows it: without profile prefix. */
  readonly bareId: string;
  /** `us`, `eu`, ..., `global`; undefined for a bare id. */
  readonly prefix?: string;
  readonly scope: PriceScope;
}

/**
 * Takes a model id, an inference profile id or the ARN of either apart.
 *
 * `us.amazon.nova-pro-v1:0` is Nova Pro through the US profile, priced in the scope `geo`; a bare id is priced
 * `in-region`; `global.` ids have rates of their own.
 */
export function parseModelId(id: string): ParsedModelId {
  const own = id.startsWith('arn:') ? id.slice(id.indexOf('/') + 1) : id;
  for (const prefix of PROFILE_PREFIXES) {
    if (own.startsWith(`${prefix}.`)) {
      return { bareId: own.slice(prefix.length + 1), prefix, scope: prefix === 'global' ? PriceScope.GLOBAL : PriceScope.GEO };
    }
  }
  return { bareId: own, scope: PriceScope.IN_REGION };
}

/** The context variants that provisioned throughput is bought by: `:300k`, `:mm`, `:512`. */
const CONTEXT_VARIANT = /^(.+):(?:\d+k|mm|512)$/;

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

/** The ids under which a bare id may stand in the price book. */
export interface PricingCandidates {
  /** Names of the same model, the given one first. */
  readonly same: readonly string[];
  /** Its name without version, which is the same model only where none of the others is known. */
  readonly orElse?: string;
}

/**
 * Provisioned throughput is bought by context variant (`amazon.nova-pro-v1:0:300k`, `cohere.command-text-v14:7:4k`), and
 * a variant is priced by the id without it. A version is another matter: `anthropic.claude-v2:1` is another model than
 * `anthropic.claude-v2`, with another price, so it is cut off only behind a variant and only from an id nobody knows.
 */
export function pricingCandidates(bareId: string): PricingCandidates {
  const variant = CONTEXT_VARIANT.exec(bareId);
  if (!variant) return { same: [bareId] };
  const version = /^(.+):\d+$/.exec(variant[1]);
  return { same: [bareId, variant[1]], orElse: version?.[1] };
}

/**
 * A bare id with the inference profile that was asked for; where the model has none of that name, with the global one, bare,
 * or with any that there is.
 *
 * @param profiles the prefixes that the id can be called with, `undefined` for the bare id itself
 */
export function withProfile(id: string, prefix: string | undefined, profiles: readonly (string | undefined)[]): string {
  if (prefix === undefined) return id;
  const chosen = [prefix, 'global', undefined].find((profile) => profiles.includes(profile)) ?? profiles[0];
  return chosen === undefined ? id : `${chosen}.${id}`;
}
