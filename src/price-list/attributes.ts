import { Attributes } from './listed-sku';
import { namesIn } from './model-names';
import { wordsOf } from './words';

/** The attributes that a family of prices reads of its rows. */
export interface ReadAttributes {
  /** The attributes that it reads, and holds against the usagetype. */
  readonly reads: readonly string[];
  /** Words that only repeat what the family is: texts made of nothing else say no more than the usagetype. */
  readonly ownWords?: readonly string[];
}

/** The attributes that name the model of a row. */
export const MODEL_NAMES: readonly string[] = ['model', 'titanModel', 'modelUnit', 'titanModelUnit'];

/** Attributes that every family reads, or that say nothing of the price: who sells the model and where it is. */
const SILENT = new Set(['usagetype', 'regionCode', 'servicecode', 'servicename', 'location', 'locationType', 'provider']);

/** The calls that rows are of which are priced by their usagetype alone. A batch job is made by another one. */
const OPERATIONS = new Set([
  'ApplyGuardrail', 'InvokeGuardrailChecks', 'InvokeModel', 'InvokeModelInference', 'InvokeModelStreamingInference', 'Converse', 'ConverseStream',
  'Retrieve', 'RetrieveAndGenerate', 'RetrieveAndGenerateStream', 'AgenticRetrieveStream',
]);

/** Values of attributes that mean the same as their absence. */
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
 * The first attribute of a row that nobody has read, in words: what it says may be what sets the price apart, so the row is
 * not understood. undefined when there is none.
 */
export function unreadAttribute(attributes: Attributes, read: ReadAttributes): string | undefined {
  const unread = Object.entries(attributes).find(([name, value]) => value !== '' && !isKnown(name, value, attributes, read));
  return unread && `attribute ${unread[0]}: ${JSON.stringify(unread[1])} is not known to say nothing of the price`;
}

function isKnown(name: string, value: string, attributes: Attributes, { reads, ownWords = [] }: ReadAttributes): boolean {
  if (SILENT.has(name)) return true;
  if (name === 'operation') return OPERATIONS.has(value);
  // A model unit of another name may be of a variant with a price of its own.
  if (name === 'modelUnit' || name === 'titanModelUnit') return reads.includes(name) && namesIn(attributes).includes(value);
  if (reads.includes(name) || USUAL.get(name)?.test(value)) return true;
  return TEXTS.includes(name) && wordsOf(value).every((word) => ownWords.includes(word));
}
