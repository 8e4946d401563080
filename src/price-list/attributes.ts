import { Attributes } from './listed-sku';
import { namesIn } from './model-names';
import { wordsOf } from './words';

/** Attributes that a family of prices reads. */
export interface ReadAttributes {
  /** Attributes that it reads, and compares with the usagetype. */
  readonly reads: readonly string[];
  /** Words that repeat the name of the family: a text of only these words adds nothing to the usagetype. */
  readonly ownWords?: readonly string[];
}

/** Attributes that name the model of a row. */
export const MODEL_NAMES: readonly string[] = ['model', 'titanModel', 'modelUnit', 'titanModelUnit'];

/** Attributes that every family reads, or that do not affect the price: the seller of the model and its location. */
const IRRELEVANT = new Set(['usagetype', 'regionCode', 'servicecode', 'servicename', 'location', 'locationType', 'provider']);

/** Operations of rows that are priced by their usagetype alone. A batch job has another operation. */
const OPERATIONS = new Set([
  'ApplyGuardrail', 'InvokeGuardrailChecks', 'InvokeModel', 'InvokeModelInference', 'InvokeModelStreamingInference', 'Converse', 'ConverseStream',
  'Retrieve', 'RetrieveAndGenerate', 'RetrieveAndGenerateStream', 'AgenticRetrieveStream',
]);

/** Values of attributes with the same meaning as their absence. */
const USUAL = new Map<string, RegExp>([
  ['feature', /^on-?demand inference$/i],
  ['crossRegion', /^regional$/i],
  ['serviceTier', /^standard$/i],
  ['service_tier', /^standard$/i],
  ['imagequality', /^n\/a$/i],
  ['imageresolution', /^n\/a$/i],
]);

const TEXTS: readonly string[] = ['feature', 'featureType', 'featuretype', 'inferenceType', 'tokenType'];

/**
 * Describes the first attribute of a row that is not read; undefined if there is none. The attribute may distinguish the price, so
 * the row is not understood.
 */
export function unreadAttribute(attributes: Attributes, read: ReadAttributes): string | undefined {
  const unread = Object.entries(attributes).find(([name, value]) => value !== '' && !isKnown(name, value, attributes, read));
  return unread && `attribute ${unread[0]}: ${JSON.stringify(unread[1])} may affect the price`;
}

function isKnown(name: string, value: string, attributes: Attributes, { reads, ownWords = [] }: ReadAttributes): boolean {
  if (IRRELEVANT.has(name)) return true;
  if (name === 'operation') return OPERATIONS.has(value);
  // A model unit of another name may be of a variant with another price.
  if (name === 'modelUnit' || name === 'titanModelUnit') return reads.includes(name) && namesIn(attributes).includes(value);
  if (reads.includes(name) || USUAL.get(name)?.test(value)) return true;
  return TEXTS.includes(name) && wordsOf(value).every((word) => ownWords.includes(word));
}
