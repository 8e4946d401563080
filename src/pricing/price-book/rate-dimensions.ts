import { Rate, RateKind } from './rate';

/** What rates of one kind are told apart by, besides their model and region. */
export type RateDimension = Extract<keyof Rate,
  | 'scope' | 'tier' | 'context' | 'commitmentDuration' | 'customModel' | 'resolution' | 'quality' | 'termMonths' | 'policy'
  | 'customModelUnitVersion' | 'architecture'>;

const OF_REQUESTS: readonly RateDimension[] = ['scope', 'tier', 'context'];
const OF_IMPORTS: readonly RateDimension[] = ['customModelUnitVersion', 'architecture'];

/** What a rate of each kind may state. What it must is in REQUIRED_WITH_KIND. A field beyond it would never be asked for. */
export const DIMENSIONS_OF_KIND: { readonly [kind in RateKind]: readonly RateDimension[] } = {
  [RateKind.INPUT]: [...OF_REQUESTS, 'customModel'],
  [RateKind.OUTPUT]: [...OF_REQUESTS, 'customModel'],
  [RateKind.CACHE_READ]: [...OF_REQUESTS, 'customModel'],
  [RateKind.CACHE_WRITE_5M]: [...OF_REQUESTS, 'customModel'],
  [RateKind.CACHE_WRITE_30M]: [...OF_REQUESTS, 'customModel'],
  [RateKind.CACHE_WRITE_1H]: [...OF_REQUESTS, 'customModel'],
  [RateKind.INPUT_IMAGE]: [...OF_REQUESTS, 'customModel'],
  [RateKind.INPUT_DOCUMENT_IMAGE]: [...OF_REQUESTS, 'customModel'],
  [RateKind.INPUT_AUDIO]: [...OF_REQUESTS, 'customModel'],
  [RateKind.INPUT_VIDEO]: [...OF_REQUESTS, 'customModel'],
  [RateKind.OUTPUT_IMAGE]: [...OF_REQUESTS, 'customModel'],
  [RateKind.INPUT_SPEECH]: OF_REQUESTS,
  [RateKind.OUTPUT_SPEECH]: OF_REQUESTS,
  [RateKind.MODEL_UNIT_HOUR]: ['commitmentDuration', 'customModel'],
  [RateKind.RESERVED_INPUT]: ['scope', 'termMonths'],
  [RateKind.RESERVED_OUTPUT]: ['scope', 'termMonths'],
  [RateKind.TRAINING]: [],
  [RateKind.MODEL_STORAGE]: [],
  [RateKind.CUSTOM_MODEL_UNIT]: OF_IMPORTS,
  [RateKind.CUSTOM_MODEL_UNIT_STORAGE]: OF_IMPORTS,
  [RateKind.IMAGE]: ['scope', 'resolution', 'quality'],
  [RateKind.VIDEO]: ['scope', 'resolution'],
  [RateKind.RERANK_QUERY]: [],
  [RateKind.RETRIEVAL]: [],
  [RateKind.AGENTIC_RETRIEVAL]: [],
  [RateKind.INDEX_STORAGE]: [],
  [RateKind.WEB_GROUNDING]: [],
  [RateKind.TEXT_UNIT]: ['policy'],
  [RateKind.NODE_TRANSITION]: [],
  [RateKind.HUMAN_TASK]: [],
};

/** The kinds that no model is part of. */
const FEATURE_KINDS: ReadonlySet<RateKind> = new Set([
  RateKind.CUSTOM_MODEL_UNIT, RateKind.CUSTOM_MODEL_UNIT_STORAGE, RateKind.RETRIEVAL, RateKind.AGENTIC_RETRIEVAL, RateKind.INDEX_STORAGE,
  RateKind.TEXT_UNIT, RateKind.NODE_TRANSITION, RateKind.HUMAN_TASK,
]);

/** True for what no model is part of. An image has a policy when a guardrail checks it, and none when a model makes it. */
export function isFeatureRate({ kind, policy }: Pick<Rate, 'kind' | 'policy'>): boolean {
  return FEATURE_KINDS.has(kind) || (kind === RateKind.IMAGE && policy !== undefined);
}

/** The dimensions that a rate may state: an image that a guardrail checks has a policy alone. */
export function dimensionsOf(rate: Pick<Rate, 'kind' | 'policy'>): readonly RateDimension[] {
  return rate.kind === RateKind.IMAGE && rate.policy !== undefined ? ['policy'] : DIMENSIONS_OF_KIND[rate.kind];
}
