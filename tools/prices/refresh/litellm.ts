import { GOVCLOUD, LeftOut, NO_UNIT, NOT_BEDROCK, PriceSource, SCOPE_DOUBTFUL, StatedBorder, StatedRate, Statement, Target } from './stated-rate';
import { targetOf } from './target';
import { decimal } from '../../../src/pricing/decimal';
import { CommitmentDuration, ContextLength, PriceScope, PriceTier, RateKind, RateUnit } from '../../../src/pricing/price-book/rate';

/** LiteLLM's table: model_prices_and_context_window_backup.json of its package. */
export interface LitellmTable {
  readonly [id: string]: { readonly [field: string]: unknown };
}

const MILLION = decimal(1_000_000);
const SECONDS_AN_HOUR = decimal(3600);

/** Fields of a price for one token: what they price, before `_above_Nk_tokens` and the tier. */
const TOKEN_FIELDS: { readonly [field: string]: RateKind } = {
  input_cost_per_token: RateKind.INPUT,
  output_cost_per_token: RateKind.OUTPUT,
  cache_read_input_token_cost: RateKind.CACHE_READ,
  cache_creation_input_token_cost: RateKind.CACHE_WRITE_5M,
  cache_creation_input_token_cost_above_1hr: RateKind.CACHE_WRITE_1H,
  input_cost_per_image_token: RateKind.INPUT_IMAGE,
};

const TIERS: { readonly [suffix: string]: PriceTier } = {
  batches: PriceTier.BATCH,
  flex: PriceTier.FLEX,
  priority: PriceTier.PRIORITY,
  ultrafast: PriceTier.ULTRAFAST,
};

const GUARDRAIL_UNITS: { readonly [unit: string]: readonly [kind: RateKind, policies: readonly string[]] } = {
  contentPolicyUnits: [RateKind.TEXT_UNIT, ['content-text']],
  topicPolicyUnits: [RateKind.TEXT_UNIT, ['denied-topics']],
  sensitiveInformationPolicyUnits: [RateKind.TEXT_UNIT, ['sensitive-information']],
  contextualGroundingPolicyUnits: [RateKind.TEXT_UNIT, ['contextual-grounding']],
  automatedReasoningPolicyUnits: [RateKind.TEXT_UNIT, ['automated-reasoning']],
  contentPolicyImageUnits: [RateKind.IMAGE, ['content-image']],
};

/** The field of a model unit's price for one second. */
const MODEL_UNIT_FIELD = 'input_cost_per_second';

/** Everything that LiteLLM's table states of Amazon Bedrock. */
export function readLitellm(table: LitellmTable, source: PriceSource): Statement {
  const rates: StatedRate[] = [];
  const borders: StatedBorder[] = [];
  const leftOut: LeftOut[] = [];
  for (const [rawId, row] of Object.entries(table)) {
    if (!String(row?.litellm_provider ?? '').startsWith('bedrock')) continue;
    const leave = (what: string, why: string) => leftOut.push({ source, rawId, what, why });
    const fields = Object.entries(row).filter(([field, value]) => isPrice(field) && value !== 0);
    const placed = placeOf(rawId);
    if (typeof placed === 'string') {
      fields.forEach(([field]) => leave(field, placed));
      continue;
    }
    const { target, commitmentDuration } = placed;
    const isGlobalPrice = carriesGlobalRate(target, rawId, table);
    for (const [field, value] of fields) {
      if (isGlobalPrice) {
        leave(field, `${SCOPE_DOUBTFUL}: the table gives this bare id the rate of the global profile`);
        continue;
      }
      const read = rawId === 'bedrock/guardrails' ? undefined : readField(field, value, commitmentDuration);
      if (read === undefined) {
        leave(field, NO_UNIT);
        continue;
      }
      const { border, ...rate } = read;
      rates.push({ source, rawId, ...target, ...rate });
      if (border !== undefined) borders.push({ source, model: target.model, longContextFromInputTokens: border });
    }
  }
  return { source, rates: [...rates, ...guardrailRates(table['bedrock/guardrails'], source)], borders, flat: [], leftOut, names: {} };
}

function isPrice(field: string): boolean {
  return /_cost/.test(field) && !/^search_context/.test(field) || field === 'cost_per_second';
}

/**
 * The table gives some bare ids the rate of the global profile: those of Claude and Nova 2, and of newer models that are called through
 * profiles. A bare id that has such siblings counts only where it has the price of the US one; what a region or bedrock-mantle names is its own.
 */
function carriesGlobalRate({ model, scope, region, isMantle }: Target, rawId: string, table: LitellmTable): boolean {
  if (scope !== PriceScope.IN_REGION || region !== undefined || isMantle) return false;
  if (/^(anthropic\.claude|amazon\.nova-2-(?!5-))/.test(model)) return true;
  const price = (id: string) => table[id]?.input_cost_per_token;
  const [own, global, geo] = [rawId, `global.${model}`, `us.${model}`].map(price);
  return own !== undefined && (geo === undefined ? global !== undefined : geo !== own);
}

interface Place {
  readonly target: Target;
  readonly commitmentDuration?: CommitmentDuration;
}

function placeOf(rawId: string): Place | string {
  if (/claude_platform/.test(rawId)) return NOT_BEDROCK;
  if (/^(\d+-x-\d+|max-x-max)\//.test(rawId)) return `${NO_UNIT}: an image by steps`;
  const parts = rawId.split('/');
  const id = parts.pop()!;
  const commitment = parts.find((part) => /-month-commitment$/.test(part));
  const region = parts.find((part) => /^[a-z]{2}(-gov)?-[a-z]+-\d$/.test(part));
  if (parts.some((part) => part.startsWith('us-gov'))) return GOVCLOUD;
  const unknown = parts.find((part) => part !== region && part !== commitment && !['bedrock', 'bedrock_mantle', 'invoke', '*'].includes(part));
  if (unknown !== undefined) return `no region: ${JSON.stringify(unknown)}`;
  if (id === 'guardrails') return { target: { model: '*', scope: PriceScope.IN_REGION } };
  const target = targetOf(id, region);
  if (typeof target === 'string') return target;
  return {
    target: parts[0] === 'bedrock_mantle' ? { ...target, isMantle: true } : target,
    ...(commitment === undefined ? {} : {
      commitmentDuration: commitment.startsWith('6') ? CommitmentDuration.SIX_MONTHS : CommitmentDuration.ONE_MONTH,
    }),
  };
}

type Price = Pick<StatedRate, 'kind' | 'tier' | 'context' | 'commitmentDuration' | 'customModel' | 'usd' | 'unit'>;

function readField(field: string, value: unknown, commitmentDuration?: CommitmentDuration): (Price & { readonly border?: number }) | undefined {
  if (typeof value !== 'number' || !Number.isFinite(value)) return undefined;
  const price = decimal(String(value));
  if (commitmentDuration !== undefined) {
    return field === MODEL_UNIT_FIELD
      ? { kind: RateKind.MODEL_UNIT_HOUR, commitmentDuration, customModel: false, usd: price.times(SECONDS_AN_HOUR).toFixed(), unit: RateUnit.HOUR }
      : undefined;
  }
  const other = OTHER_FIELDS[field];
  if (other) return { kind: other.kind, usd: price.times(decimal(other.times)).toFixed(), unit: other.unit };
  const [, base, above, tier] = /^(.*?)(?:_above_(\d+)k_tokens)?(?:_(batches|flex|priority|ultrafast))?$/.exec(field)!;
  const kind = TOKEN_FIELDS[base];
  if (kind === undefined) return undefined;
  return {
    kind,
    ...(tier === undefined ? {} : { tier: TIERS[tier] }),
    ...(above === undefined ? {} : { context: ContextLength.LONG, border: Number(above) * 1000 + 1 }),
    usd: price.times(MILLION).toFixed(),
    unit: RateUnit.MILLION_TOKENS,
  };
}

const OTHER_FIELDS: { readonly [field: string]: { readonly kind: RateKind; readonly unit: RateUnit; readonly times: number } } = {
  input_cost_per_query: { kind: RateKind.RERANK_QUERY, unit: RateUnit.THOUSAND_REQUESTS, times: 1000 },
  input_cost_per_image: { kind: RateKind.INPUT_IMAGE, unit: RateUnit.IMAGE, times: 1 },
  input_cost_per_video_per_second: { kind: RateKind.INPUT_VIDEO, unit: RateUnit.SECOND, times: 1 },
  input_cost_per_audio_per_second: { kind: RateKind.INPUT_AUDIO, unit: RateUnit.SECOND, times: 1 },
  input_cost_per_audio_token: { kind: RateKind.INPUT_SPEECH, unit: RateUnit.MILLION_TOKENS, times: 1_000_000 },
  output_cost_per_audio_token: { kind: RateKind.OUTPUT_SPEECH, unit: RateUnit.MILLION_TOKENS, times: 1_000_000 },
};

function guardrailRates(row: LitellmTable[string] | undefined, source: PriceSource): StatedRate[] {
  const units = (row?.guardrail_cost_per_unit ?? {}) as { readonly [unit: string]: number };
  return Object.entries(GUARDRAIL_UNITS).flatMap(([unit, [kind, policies]]) => (isPositive(units[unit]) ? policies.map((policy) => ({
    source,
    rawId: `bedrock/guardrails ${unit}`,
    model: '*',
    scope: PriceScope.IN_REGION,
    kind,
    policy,
    ...(kind === RateKind.IMAGE
      ? { usd: decimal(String(units[unit])).toFixed(), unit: RateUnit.IMAGE }
      : { usd: decimal(String(units[unit])).times(decimal(1000)).toFixed(), unit: RateUnit.THOUSAND_TEXT_UNITS }),
  })) : []));
}

function isPositive(value: unknown): boolean {
  return typeof value === 'number' && Number.isFinite(value) && value > 0;
}
