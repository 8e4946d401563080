import { Kind } from './billing-table';
import { at, constructPath, textsAt } from './plain-template';
import { ModelId } from '../pricing/model-id';
import { modelFacts } from '../pricing/price-book/model-catalog';

/** A use to be priced. */
interface Use {
  readonly stack: string;
  readonly path: string;
  readonly kind: Kind;
  readonly models: readonly string[];
  /** The properties of the resource, by which a managed knowledge base and the policies of a guardrail are known. */
  readonly properties: unknown;
}

/** The method of `CostEstimates` for a kind of use, and the fields that the user knows. */
interface Method {
  readonly name: string;
  readonly hasModel: boolean;
  readonly fields: readonly string[];
}

const ON_DEMAND: Method = { name: 'addOnDemand', hasModel: true, fields: ['requestsPerMonth', 'inputTokensPerRequest', 'outputTokensPerRequest'] };
const KNOWLEDGE_BASE: Method = { name: 'addKnowledgeBase', hasModel: false, fields: ['indexedGigabytes', 'retrievalsPerMonth'] };
const GUARDRAIL: Method = { name: 'addGuardrail', hasModel: false, fields: ['policies', 'textsPerMonth', 'charactersPerText'] };
const RERANK: Method = { name: 'addRerank', hasModel: true, fields: ['queriesPerMonth', 'documentsPerQuery'] };

/** Methods for purchases of the model itself, which no inference profile serves. */
const BARE = ['addProvisioned', 'addCustomization'];

const METHODS: { readonly [kind in Kind]?: Method } = {
  'batch-inference': { name: 'addBatch', hasModel: true, fields: ['jobsPerMonth', 'recordsPerJob', 'inputTokensPerRecord', 'outputTokensPerRecord'] },
  'knowledge-base': KNOWLEDGE_BASE,
  'flow': { name: 'addFlow', hasModel: false, fields: ['nodeTransitionsPerMonth'] },
  'guardrail': GUARDRAIL,
  'enforced-guardrail': GUARDRAIL,
  'rerank': RERANK,
  'web-grounding': { name: 'addWebGrounding', hasModel: true, fields: ['requestsPerMonth'] },
  'customization': { name: 'addCustomization', hasModel: true, fields: ['trainingTokens', 'epochs', 'storedModels'] },
  'model-import': { name: 'addCustomModelImport', hasModel: false, fields: ['customModelUnits', 'customModelUnitVersion', 'copies', 'activeWindowsPerMonth'] },
  'provisioned-throughput': { name: 'addProvisioned', hasModel: true, fields: ['modelUnits'] },
  'reservation': { name: 'addReserved', hasModel: true, fields: ['inputTokensPerMinute', 'outputTokensPerMinute', 'termMonths'] },
  'evaluation': { name: 'addEvaluation', hasModel: false, fields: ['humanTasks'] },
};

/** Methods for models that are not billed by text tokens, by modality. */
const BY_MODALITY: { readonly [modality: string]: Method } = {
  embedding: { name: 'addOnDemand', hasModel: true, fields: ['requestsPerMonth', 'inputTokensPerRequest'] },
  image: { name: 'addImage', hasModel: true, fields: ['imagesPerMonth', 'resolution', 'quality'] },
  video: { name: 'addVideo', hasModel: true, fields: ['secondsPerMonth', 'resolution'] },
  speech: { name: 'addSpeech', hasModel: true, fields: ['inputSpeechTokensPerMonth', 'outputSpeechTokensPerMonth'] },
  rerank: RERANK,
};

/**
 * The line of code that prices a use: `CostEstimates.of(stack).addOnDemand('Chat', { model: 'us.amazon.nova-pro-v1:0', requestsPerMonth: ... })`.
 * The estimate has the path of the construct, so that the use is priced then.
 */
export function suggestionOf(use: Use): string {
  const { stack, path, models: [model], properties } = use;
  const { name, hasModel, fields } = methodOf(use);
  const known = hasModel ? [`model: ${model === undefined ? '...' : quoted(BARE.includes(name) ? ModelId.parse(model).bareId : model)}`] : [];
  const policies = policiesOf(properties);
  const values = fields.map((field) => (field === 'policies' && policies.length > 0 ? `policies: [${policies.map(quoted).join(', ')}]` : `${field}: ...`));
  const { scope, id } = placeOf(stack, path);
  return `CostEstimates.of(${scope}).${name}(${quoted(id)}, { ${[...known, ...values].join(', ')} })`;
}

/** The properties of a guardrail that are billed, and the names of their policies. */
const POLICIES: { readonly [property: string]: string } = {
  ContentPolicyConfig: 'content-text',
  TopicPolicyConfig: 'denied-topics',
  SensitiveInformationPolicyConfig: 'sensitive-information',
  ContextualGroundingPolicyConfig: 'contextual-grounding',
};

function policiesOf(properties: unknown): string[] {
  return Object.entries(POLICIES).filter(([property]) => at(properties, property).length > 0).map(([, policy]) => policy);
}

function methodOf({ kind, models: [model], properties }: Use): Method {
  const isManaged = textsAt(properties, 'KnowledgeBaseConfiguration', 'Type').includes('MANAGED');
  // A flow and a knowledge base with vectors bill the tokens of their model, a managed knowledge base its index and retrievals.
  const isOfModel = METHODS[kind] === undefined || (model !== undefined && !isManaged && (kind === 'flow' || kind === 'knowledge-base'));
  if (!isOfModel) return METHODS[kind]!;
  const modality = model === undefined ? undefined : modelFacts(ModelId.parse(model).bareId)?.modality;
  return (modality !== undefined && Object.hasOwn(BY_MODALITY, modality) && BY_MODALITY[modality]) || ON_DEMAND;
}

/** The scope and the id of an estimate whose path is that of the construct. */
function placeOf(stack: string, path: string): { readonly scope: string; readonly id: string } {
  const construct = constructPath(path);
  const inner = construct.startsWith(`${stack}/`) ? construct.slice(stack.length + 1) : construct;
  const names = inner.split('/').filter((name) => name !== '');
  const id = names.pop() ?? 'Bedrock';
  return { scope: `stack${names.map((name) => `.node.findChild(${quoted(name)})`).join('')}`, id };
}

function quoted(text: string): string {
  return `'${JSON.stringify(text).slice(1, -1).split('\\"').join('"').split("'").join("\\'")}'`;
}
