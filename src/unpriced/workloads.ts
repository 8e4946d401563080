import { Kind } from './billing-table';
import { chunkTokensOf, OutputLimits, outputLimitsOf } from './defaults';
import { at, Resource, textsAt } from './plain-template';
import { ModelId } from '../pricing/model-id';
import { modelFacts } from '../pricing/price-book/model-catalog';
import { hasModel, UsageFields, WorkloadType } from '../pricing/workload';

/** A use to be priced. */
export interface Use {
  readonly kind: Kind;
  readonly models: readonly string[];
  /** The resource by which the use is reported first, then the others that make it up. */
  readonly parts: readonly Resource[];
}

/** A part of a use that is billed by itself: the tokens of one model, the transitions of a flow, the policies of a guardrail. */
export interface FoundWorkload {
  readonly type: WorkloadType;
  /** Undefined if the templates do not name it, and for a billing mode without a model. */
  readonly model?: string;
  /** The fields that the templates state. */
  readonly known: UsageFields;
  /** The fields that only the user knows, the required ones first. */
  readonly asked: readonly UsageField[];
}

export type UsageField = keyof UsageFields;

/** The billing of a use, and the fields of its workload. */
interface Mode {
  readonly type: WorkloadType;
  readonly fields: readonly UsageField[];
}

const ON_DEMAND: Mode = { type: 'on-demand', fields: ['requestsPerMonth', 'inputTokensPerRequest', 'outputTokensPerRequest'] };
const EMBEDDING: Mode = { type: 'on-demand', fields: ['requestsPerMonth', 'inputTokensPerRequest'] };
const FLOW: Mode = { type: 'flow', fields: ['nodeTransitionsPerMonth'] };
const KNOWLEDGE_BASE: Mode = { type: 'knowledge-base', fields: ['indexedGigabytes', 'retrievalsPerMonth'] };
const RERANK: Mode = { type: 'rerank', fields: ['queriesPerMonth', 'documentsPerQuery'] };

/** Kinds with a billing mode of their own. Other kinds bill by the modality of their model. */
const BY_KIND: { readonly [kind in Kind]?: Mode } = {
  'batch-inference': { type: 'batch', fields: ['jobsPerMonth', 'recordsPerJob', 'inputTokensPerRecord', 'outputTokensPerRecord'] },
  'rerank': RERANK,
  'web-grounding': { type: 'web-grounding', fields: ['requestsPerMonth'] },
  'customization': { type: 'customization', fields: ['trainingTokens', 'epochs', 'storedModels'] },
  'model-import': { type: 'custom-model-import', fields: ['customModelUnits', 'customModelUnitVersion', 'copies', 'activeWindowsPerMonth'] },
  'provisioned-throughput': { type: 'provisioned-throughput', fields: ['modelUnits'] },
  'reservation': { type: 'reserved', fields: ['inputTokensPerMinute', 'outputTokensPerMinute', 'termMonths'] },
  'evaluation': { type: 'evaluation', fields: ['humanTasks'] },
};

/** Models that are not billed by text tokens, by modality. */
const BY_MODALITY: ReadonlyMap<string, Mode> = new Map([
  ['embedding', EMBEDDING],
  ['image', { type: 'image', fields: ['imagesPerMonth', 'resolution', 'quality'] }],
  ['video', { type: 'video', fields: ['secondsPerMonth', 'resolution'] }],
  ['speech', { type: 'speech', fields: ['inputSpeechTokensPerMonth', 'outputSpeechTokensPerMonth'] }],
  ['rerank', RERANK],
]);

/** Billing modes of purchases of the model itself, which no inference profile serves. */
const OF_BARE_MODEL: readonly WorkloadType[] = ['provisioned-throughput', 'customization'];

/** The sources of known values, as a sentence about a field continues. */
export const KNOWN_FROM: { readonly [field in UsageField]?: string } = {
  inputTokensPerRequest: 'the tokens of a chunk of the data sources',
  outputTokensPerRequest: 'the most that the requests allow (max_tokens)',
};

/** The workloads of a use, the one that the resource itself bills first. A use of several models has one for each of them. */
export function workloadsOf(use: Use): FoundWorkload[] {
  const { kind, models, parts } = use;
  const properties = parts[0]?.properties;
  const mode = BY_KIND[kind];
  if (mode !== undefined) return hasModel(mode.type) ? ofModels(models, (model) => ofMode(mode, model)) : [ofMode(mode)];
  const limits = outputLimitsOf(parts);
  switch (kind) {
    case 'guardrail':
    case 'enforced-guardrail': return [ofGuardrail(policiesOf(parts))];
    case 'flow': return [ofMode(FLOW), ...models.map((model) => ofModality(model, limits))];
    case 'knowledge-base': {
      const types = textsAt(properties, 'KnowledgeBaseConfiguration', 'Type');
      // A knowledge base with vectors bills the tokens of its models, a managed one its index and retrievals.
      const isOfModel = types.includes('VECTOR') || models.length > 0;
      if (types.includes('MANAGED') || !isOfModel) return [ofMode(KNOWLEDGE_BASE)];
      return ofModels(models, (model) => ofChunks(model, limits, chunkTokensOf(parts)));
    }
    default: return ofModels(models, (model) => ofModality(model, limits));
  }
}

/** A workload whose model only the user knows, or that the templates name without the prefix of its inference profile. */
export function ofNamedModel({ type, known, asked }: FoundWorkload, model: string): FoundWorkload {
  const mode = type === 'on-demand' ? modeOf(model) : undefined;
  return mode === undefined || mode === EMBEDDING ? { type, model, known, asked } : ofMode(mode, model);
}

/** A workload for each model; one without a model if the templates name none. */
function ofModels(models: readonly string[], of: (model?: string) => FoundWorkload): FoundWorkload[] {
  return models.length === 0 ? [of()] : models.map(of);
}

function ofMode({ type, fields }: Mode, model?: string, known: UsageFields = {}): FoundWorkload {
  const named = model === undefined || !hasModel(type) ? {} : { model: OF_BARE_MODEL.includes(type) ? ModelId.parse(model).bareId : model };
  return { type, ...named, known, asked: fields.filter((field) => known[field] === undefined) };
}

function ofModality(model: string | undefined, limits: OutputLimits): FoundWorkload {
  const mode = modeOf(model) ?? ON_DEMAND;
  const limit = mode !== ON_DEMAND ? undefined : limits.get(model === undefined ? '' : ModelId.parse(model).bareId) ?? limits.get('');
  return ofMode(mode, model, limit === undefined ? {} : { outputTokensPerRequest: limit });
}

/** A model of a knowledge base: it embeds chunks, unless it parses documents or ranks the results. */
function ofChunks(model: string | undefined, limits: OutputLimits, chunkTokens: number | undefined): FoundWorkload {
  const isOther = model !== undefined && modeOf(model) !== EMBEDDING;
  return isOther ? ofModality(model, limits) : ofMode(EMBEDDING, model, chunkTokens === undefined ? {} : { inputTokensPerRequest: chunkTokens });
}

function modeOf(model: string | undefined): Mode | undefined {
  const modality = model === undefined ? undefined : modelFacts(ModelId.parse(model).bareId)?.modality;
  return modality === undefined ? undefined : BY_MODALITY.get(modality);
}

const IMAGE_POLICY = 'content-image';

function ofGuardrail(policies: readonly string[]): FoundWorkload {
  const checksTexts = policies.length === 0 || policies.some((policy) => policy !== IMAGE_POLICY);
  const fields: readonly UsageField[] = [
    'policies', ...(checksTexts ? ['textsPerMonth', 'charactersPerText'] as const : []), ...(policies.includes(IMAGE_POLICY) ? ['imagesPerMonth'] as const : []),
  ];
  return ofMode({ type: 'guardrail', fields }, undefined, policies.length === 0 ? {} : { policies: [...policies] });
}

/** The billed policies of guardrails, by the paths of their properties and, for the kinds of content, by a text there. Word filters are free. */
const POLICIES: readonly (readonly [policy: string, path: readonly string[], text?: string])[] = [
  ['content-text', ['ContentPolicyConfig']],
  [IMAGE_POLICY, ['ContentPolicyConfig', 'FiltersConfig', 'InputModalities'], 'IMAGE'],
  [IMAGE_POLICY, ['ContentPolicyConfig', 'FiltersConfig', 'OutputModalities'], 'IMAGE'],
  ['denied-topics', ['TopicPolicyConfig']],
  ['sensitive-information', ['SensitiveInformationPolicyConfig', 'PiiEntitiesConfig']],
  ['sensitive-information-regex', ['SensitiveInformationPolicyConfig', 'RegexesConfig']],
  ['contextual-grounding', ['ContextualGroundingPolicyConfig']],
  ['automated-reasoning', ['AutomatedReasoningPolicyConfig']],
];

function policiesOf(parts: readonly Resource[]): string[] {
  const found = POLICIES.filter(([, path, text]) => parts.some(({ type, properties }) => type === 'AWS::Bedrock::Guardrail'
    && (text === undefined ? at(properties, ...path).length > 0 : textsAt(properties, ...path).includes(text))));
  return [...new Set(found.map(([policy]) => policy))];
}
