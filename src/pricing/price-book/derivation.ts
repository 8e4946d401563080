import { Decimal, decimal, toText } from '../decimal';
import { modelOffers } from './model-catalog';
import { ModelId } from '../model-id';
import { ContextLength, PriceScope, PriceTier, RateKind, RateQuery, RateUnit } from './rate';
import { RateGroup } from './rate-group';
import { UNITS } from './unit';

/** The id of a model in the book, with the way of calling it. */
type CalledId = Pick<ModelId, 'bareId' | 'prefix' | 'scope'>;

/**
 * A rule by which a rate that AWS does not publish follows from one that it publishes.
 *
 * Only ratios that hold for at least ten pairs of published rates and are broken by none (test/pricing/price-book/derivation.test.ts
 * counts them in the book). Never from one region to another, never for batch, never for provisioned throughput: there
 * AWS's prices follow no rule.
 */
export interface DerivationRule {
  /** As it is shown beside a price that was made by it. */
  readonly text: string;
  readonly ratio: string;
  /** The rate from which the queried one follows; undefined if the rule does not apply. */
  readonly from: (query: RateQuery, id: CalledId) => { readonly query: RateQuery; readonly scope: PriceScope } | undefined;
  /** True where the rule is about what a model is sold as at all: it then needs a published rate of the same sort elsewhere. */
  readonly needsSibling: boolean;
}

const TOKENS_IN_AND_OUT = [RateKind.INPUT, RateKind.OUTPUT];

function isStandard({ tier, context, customModel }: RateQuery): boolean {
  return (tier ?? PriceTier.STANDARD) === PriceTier.STANDARD && (context ?? ContextLength.STANDARD) === ContextLength.STANDARD && !customModel;
}

/** A service tier as a multiple of the standard one. */
function tierRule(tier: PriceTier, ratio: string): DerivationRule {
  return {
    text: `${tier} = standard x ${ratio}`,
    ratio,
    needsSibling: true,
    from: (query, { scope }) => (query.tier === tier && TOKENS_IN_AND_OUT.includes(query.kind) && isStandard({ ...query, tier: undefined })
      ? { query: { ...query, tier: undefined }, scope }
      : undefined),
  };
}

/** A cache rate as a multiple of the input rate. */
function cacheRule(family: string, kind: RateKind, ratio: string): DerivationRule {
  return {
    text: `${family} ${kind} = input x ${ratio}`,
    ratio,
    needsSibling: true,
    from: (query, { bareId, scope }) => (query.kind === kind && bareId.startsWith(family === 'Claude' ? 'anthropic.claude-' : 'amazon.nova-') && isStandard(query)
      ? { query: { ...query, kind: RateKind.INPUT }, scope }
      : undefined),
  };
}

/** The regional rate as a multiple of the global profile's, where the model can be called that way in the region. */
function regionalRule(family: string, isOfFamily: (bareId: string) => boolean, ratio: string): DerivationRule {
  return {
    text: `${family} in-region and geographic = global x ${ratio}`,
    ratio,
    needsSibling: false,
    from: (query, { bareId, scope, prefix }) => {
      if (scope === PriceScope.GLOBAL || !isOfFamily(bareId) || !isStandard(query) || !isTokenKind(query.kind)) return undefined;
      const offer = query.region === undefined ? undefined : modelOffers(bareId)?.[query.region];
      const isOffered = scope === PriceScope.IN_REGION ? offer?.inRegion : offer?.geo.some((geo) => geo === prefix || geo === 'yes');
      return isOffered ? { query, scope: PriceScope.GLOBAL } : undefined;
    },
  };
}

/** Dollars for a thousand tokens a minute, held an hour, as a multiple of the standard rate of a million tokens. */
function reservedRule(termMonths: number, ratio: string): DerivationRule {
  return {
    text: `Claude reserved for ${termMonths} month${termMonths === 1 ? '' : 's'}, per 1K TPM hour = standard rate per 1M tokens x ${ratio}`,
    ratio,
    needsSibling: true,
    from: (query, { bareId, scope }) => {
      const kind = query.kind === RateKind.RESERVED_INPUT ? RateKind.INPUT : query.kind === RateKind.RESERVED_OUTPUT ? RateKind.OUTPUT : undefined;
      if (kind === undefined || query.termMonths !== termMonths || !bareId.startsWith('anthropic.claude-') || !isStandard(query)) return undefined;
      return { query: { ...query, kind, termMonths: undefined }, scope };
    },
  };
}

function isTokenKind(kind: RateKind): boolean {
  return TOKENS_IN_AND_OUT.includes(kind) || [RateKind.CACHE_READ, RateKind.CACHE_WRITE_5M, RateKind.CACHE_WRITE_1H].includes(kind);
}

/** `anthropic.claude-opus-4-5-20251101-v1:0` is 4.5 and so one of them, `anthropic.claude-opus-4-1-...` is not. */
function isClaudeFrom45(bareId: string): boolean {
  const [, major, minor = '0'] = /^anthropic\.claude-[a-z]+-(\d{1,2})(?:-(\d{1,2}))?(?:-|$)/.exec(bareId) ?? [];
  return major !== undefined && (Number(major) > 4 || (Number(major) === 4 && Number(minor) >= 5));
}

export const DERIVATION_RULES: readonly DerivationRule[] = [
  tierRule(PriceTier.FLEX, '0.5'),
  tierRule(PriceTier.PRIORITY, '1.75'),
  cacheRule('Claude', RateKind.CACHE_WRITE_5M, '1.25'),
  cacheRule('Claude', RateKind.CACHE_WRITE_1H, '2'),
  cacheRule('Nova', RateKind.CACHE_READ, '0.25'),
  regionalRule('Claude from 4.5 on,', isClaudeFrom45, '1.1'),
  regionalRule('Claude Sonnet 4,', (bareId) => bareId.startsWith('anthropic.claude-sonnet-4-2025'), '1'),
  reservedRule(1, '0.06'),
  reservedRule(3, '0.054'),
];

/**
 * The rate by a rule, for a query without a published one; undefined if no rule applies.
 *
 * @param rates every rate of the model
 * @param find looks a stated rate up among them
 */
export function derivedRate(
  query: RateQuery, id: CalledId, rates: readonly RateGroup[], find: (query: RateQuery, scope: PriceScope) => RateGroup | undefined,
): RateGroup | undefined {
  for (const { text, ratio, from, needsSibling } of DERIVATION_RULES) {
    const base = from(query, id);
    if (!base || (needsSibling && !rates.some((rate) => isSibling(rate, query)))) continue;
    const stated = find(base.query, base.scope);
    // Of a row with one side missing nothing is priced, so nothing follows from it either.
    if (!find({ ...base.query, kind: otherSide(base.query.kind) }, base.scope)) continue;
    if (stated && UNITS[stated.unit].base === 'token') return multiplied(stated, query, id.scope, decimal(ratio), text);
  }
  return undefined;
}

function otherSide(kind: RateKind): RateKind {
  return kind === RateKind.OUTPUT ? RateKind.INPUT : RateKind.OUTPUT;
}

/** A rate of the same sort in any region and scope, which shows that the model is sold that way. */
function isSibling(rate: RateGroup, { kind, tier, termMonths }: RateQuery): boolean {
  return rate.kind === kind && (rate.tier ?? PriceTier.STANDARD) === (tier ?? PriceTier.STANDARD) && rate.termMonths === termMonths;
}

function multiplied(stated: RateGroup, query: RateQuery, scope: PriceScope, ratio: Decimal, derived: string): RateGroup {
  const { kind, tier, termMonths } = query;
  const isReserved = termMonths !== undefined;
  // A reservation's rule starts from the price of a million tokens.
  const start = isReserved && stated.unit === RateUnit.THOUSAND_TOKENS ? decimal(stated.usd).times(decimal(1000)) : decimal(stated.usd);
  return {
    ...stated,
    kind,
    scope,
    ...(tier === undefined ? {} : { tier }),
    ...(isReserved ? { termMonths, unit: RateUnit.THOUSAND_TOKENS_PER_MINUTE_HOUR } : {}),
    usd: toText(start.times(ratio)),
    derived,
  };
}
