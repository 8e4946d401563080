import { PriceScope } from './rate';

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

/**
 * The ids under which a bare id may stand in the price book, best first.
 *
 * Provisioned throughput is bought by context variant (`amazon.nova-pro-v1:0:300k`, `cohere.command-text-v14:7:4k`),
 * and a variant is priced by the id without it. Only a context variant is ever cut off: `anthropic.claude-v2:1` is
 * another model than `anthropic.claude-v2`, with another price.
 */
export function pricingCandidates(bareId: string): string[] {
  const variant = /^(.+):(?:\d+k|mm|512)$/.exec(bareId);
  if (!variant) return [bareId];
  const version = /^(.+):\d+$/.exec(variant[1]);
  return version ? [bareId, variant[1], version[1]] : [bareId, variant[1]];
}
