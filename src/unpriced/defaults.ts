import { declaredModels } from './model-names';
import { at, isObject, Resource, textsAt } from './plain-template';
import { ModelId } from '../pricing/model-id';

const MAX_DEPTH = 100;

/** Names of the limit of output tokens in requests of all models, in lower case without `_`: `max_tokens`, `maxTokenCount`, `MaximumLength`. */
const LIMITS: ReadonlySet<string> = new Set([
  'maxtokens', 'maxnewtokens', 'maxoutputtokens', 'maxcompletiontokens', 'maxtokenstosample', 'maxtokencount', 'maxgenlen', 'maximumlength',
]);
const MODEL_NAME = /(model(id|arn|identifier)?|copyfrom)$/i;
/** Settings of data sources, whose `MaxTokens` is the size of a chunk. */
const CHUNKING = /^(ChunkingConfiguration|VectorIngestionConfiguration)$/;

/** The limit of the output tokens of a request by the bare id of its model; by an empty text if the resources name no model. */
export type OutputLimits = ReadonlyMap<string, number>;

/**
 * Reads the limits of output tokens (`max_tokens`) that the resources of a use set for their models. A limit belongs to the model of the
 * smallest object that has both, such as a task of a state machine. Of several limits of a model, the highest one is returned.
 */
export function outputLimitsOf(parts: readonly Resource[]): OutputLimits {
  const limits = new Map<string, number>();
  const all = together(parts.filter(({ type }) => !type.startsWith('AWS::IAM::')).map(({ properties }) => settingsIn(properties, '', limits, 0)));
  if (all.models.size === 0 && all.limit !== undefined) limits.set('', all.limit);
  return limits;
}

/** The models and the highest limit below a value. */
interface Settings {
  readonly models: ReadonlySet<string>;
  readonly limit?: number;
}

const NONE: Settings = { models: new Set() };

function settingsIn(value: unknown, name: string, limits: Map<string, number>, depth: number): Settings {
  if (depth > MAX_DEPTH || CHUNKING.test(name)) return NONE;
  if (Array.isArray(value)) return together(value.map((part) => settingsIn(part, name, limits, depth + 1)));
  if (isObject(value)) {
    const found = together(Object.entries(value).map(([field, part]) => settingsIn(part, field, limits, depth + 1)));
    const [model] = found.models;
    if (found.models.size === 1 && found.limit !== undefined) limits.set(model, Math.max(found.limit, limits.get(model) ?? 0));
    return found;
  }
  if (isLimit(name)) return { models: NONE.models, limit: tokensOf(value) };
  if (typeof value !== 'string') return NONE;
  // Definitions of state machines and requests of schedules are texts with JSON.
  if (/^\s*[{[]/.test(value)) return settingsIn(parsed(value), name, limits, depth + 1);
  return MODEL_NAME.test(name) ? { models: new Set(declaredModels(value).map((id) => ModelId.parse(id).bareId)) } : NONE;
}

/** Field names of JSONata and JSONPath end with `.$`. */
function isLimit(name: string): boolean {
  return LIMITS.has(name.toLowerCase().split('_').join(''));
}

function together(found: readonly Settings[]): Settings {
  const tokens = found.flatMap(({ limit }) => limit ?? []);
  return { models: new Set(found.flatMap(({ models }) => [...models])), ...(tokens.length === 0 ? {} : { limit: Math.max(...tokens) }) };
}

/** A whole number above 0; undefined for one that is known only at deployment or at run time. */
function tokensOf(value: unknown): number | undefined {
  const text = typeof value === 'number' ? String(value) : value;
  return typeof text === 'string' && /^[1-9]\d{0,8}$/.test(text) ? Number(text) : undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Tokens of a chunk by the default chunking of a data source. */
const DEFAULT_CHUNK = 300;

/**
 * The tokens of a chunk, which the embedding model of a knowledge base reads in one request; of several data sources, the largest. Undefined
 * without a data source, and for one whose documents are not split.
 *
 * @see https://docs.aws.amazon.com/bedrock/latest/userguide/kb-chunking.html
 */
export function chunkTokensOf(parts: readonly Resource[]): number | undefined {
  const sources = parts.filter(({ type }) => type === 'AWS::Bedrock::DataSource');
  const sizes = sources.map(({ properties }) => chunkTokens(at(properties, 'VectorIngestionConfiguration', 'ChunkingConfiguration')));
  return sizes.length === 0 || sizes.includes(undefined) ? undefined : Math.max(...sizes.map(Number));
}

function chunkTokens(chunking: unknown): number | undefined {
  const strategies = textsAt(chunking, 'ChunkingStrategy');
  if (strategies.length === 0) return DEFAULT_CHUNK;
  // Of a hierarchy of chunks, the last level is embedded.
  const levels = textsAt(chunking, 'HierarchicalChunkingConfiguration', 'LevelConfigurations', 'MaxTokens');
  const sizes = [
    ...textsAt(chunking, 'FixedSizeChunkingConfiguration', 'MaxTokens'), ...textsAt(chunking, 'SemanticChunkingConfiguration', 'MaxTokens'), ...levels.slice(-1),
  ].map(tokensOf);
  return sizes.length === 0 || sizes.includes(undefined) ? undefined : Math.max(...sizes.map(Number));
}
