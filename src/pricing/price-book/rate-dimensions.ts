import { Rate, RateKind } from './rate';

/** The fields that identify rates of one kind, besides their model and region. */
export type RateDimension = Extract<keyof Rate,
  | 'scope' | 'tier' | 'context' | 'commitmentDuration' | 'customModel' | 'resolution' | 'quality' | 'termMonths' | 'policy'
  | 'customModelUnitVersion' | 'architecture'>;

const OF_REQUESTS: readonly RateDimension[] = ['scope', 'tier', 'context'];
const OF_IMPORTS: readonly RateDimension[] = ['customModelUnitVersion', 'architecture'];

/** The optional fields of each kind of rate; REQUIRED_WITH_KIND has the required ones. No query has another field. */
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

/** Whether a model is part of the rates of each kind. */
const HAS_MODEL: { readonly [kind in RateKind]: boolean } = {
  [RateKind.INPUT]: true,
  [RateKind.OUTPUT]: true,
  [RateKind.CACHE_READ]: true,
  [RateKind.CACHE_WRITE_5M]: true,
  [RateKind.CACHE_WRITE_30M]: true,
  [RateKind.CACHE_WRITE_1H]: true,
  [RateKind.INPUT_IMAGE]: true,
  [RateKind.INPUT_DOCUMENT_IMAGE]: true,
  [RateKind.INPUT_AUDIO]: true,
  [RateKind.INPUT_VIDEO]: true,
  [RateKind.OUTPUT_IMAGE]: true,
  [RateKind.INPUT_SPEECH]: true,
  [RateKind.OUTPUT_SPEECH]: true,
  [RateKind.MODEL_UNIT_HOUR]: true,
  [RateKind.RESERVED_INPUT]: true,
  [RateKind.RESERVED_OUTPUT]: true,
  [RateKind.TRAINING]: true,
  [RateKind.MODEL_STORAGE]: true,
  [RateKind.CUSTOM_MODEL_UNIT]: false,
  [RateKind.CUSTOM_MODEL_UNIT_STORAGE]: false,
  [RateKind.IMAGE]: true,
  [RateKind.VIDEO]: true,
  [RateKind.RERANK_QUERY]: true,
  [RateKind.RETRIEVAL]: false,
  [RateKind.AGENTIC_RETRIEVAL]: false,
  [RateKind.INDEX_STORAGE]: false,
  [RateKind.WEB_GROUNDING]: true,
  [RateKind.TEXT_UNIT]: false,
  [RateKind.NODE_TRANSITION]: false,
  [RateKind.HUMAN_TASK]: false,
};

/** True for prices without a model. An image that a guardrail checks has a policy, one that a model generates has none. */
export function isFeatureRate({ kind, policy }: Pick<Rate, 'kind' | 'policy'>): boolean {
  return !HAS_MODEL[kind] || (kind === RateKind.IMAGE && policy !== undefined);
}

/** The dimensions that a rate may state: an image that a guardrail checks has a policy alone. */
export function dimensionsOf(rate: Pick<Rate, 'kind' | 'policy'>): readonly RateDimension[] {
  return rate.kind === RateKind.IMAGE && rate.policy !== undefined ? ['policy'] : DIMENSIONS_OF_KIND[rate.kind];
}
