import { USAGE_FILE_RATE_KINDS, WORKLOAD_TYPES } from './workload-types';
import { nearestNames } from '../pricing/nearest';
import { nearestPolicy } from '../pricing/nearest-policy';
import { regionAdvice } from '../pricing/region';

/** What a precompiled validator says of a value (tools/build-validators.ts). */
export interface SchemaError {
  readonly keyword: string;
  readonly instancePath: string;
  readonly schemaPath: string;
  readonly params: { readonly [name: string]: unknown };
  readonly parentSchema: Schema;
  readonly data: unknown;
}

export interface SchemaValidator {
  (data: unknown): boolean;
  errors?: readonly SchemaError[] | null;
}

interface Schema {
  readonly type?: string | readonly string[];
  readonly properties?: object;
  readonly required?: readonly string[];
  readonly anyOf?: readonly Schema[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly description?: string;
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly maximum?: number;
  readonly pattern?: string;
}

/** The values of the fields that decide which other fields there are. */
const TAGS: { readonly [field: string]: readonly string[] } = { type: WORKLOAD_TYPES, kind: USAGE_FILE_RATE_KINDS };

/** What is wrong with a value, one text for each problem: the field, what was found, what is allowed. */
export function schemaProblems(validate: SchemaValidator, value: unknown): string[] {
  if (validate(value)) return [];
  const errors = validate.errors ?? [];
  const untagged = new Set(errors.filter(({ keyword }) => keyword === 'discriminator').map(({ instancePath }) => instancePath));
  const telling = errors.filter(({ keyword, schemaPath, instancePath }) =>
    // A part of an anyOf that does not hold says nothing: the anyOf itself does. A missing tag is told by the tag.
    !schemaPath.includes('/anyOf/') && !(keyword === 'required' && untagged.has(instancePath)));
  return [...new Set(telling.map(describeError))];
}

function describeError(error: SchemaError): string {
  const { keyword, params, parentSchema, data } = error;
  const field = fieldName(error.instancePath);
  if (keyword === 'pattern' && error.instancePath.endsWith('/region')) return `${field} must be an AWS region, got ${found(data)}. ${regionAdvice(data)}`;
  switch (keyword) {
    case 'additionalProperties': {
      const name = String(params.additionalProperty);
      return `${fieldName(error.instancePath, name)}: unknown field; ${allowedNames(name, Object.keys(parentSchema.properties ?? {}))}`;
    }
    case 'required':
      return `${fieldName(error.instancePath, String(params.missingProperty))}: missing${requiredFor(data)}`;
    case 'discriminator': {
      const tag = String(params.tag);
      const value = (data as { readonly [name: string]: unknown })[tag];
      return `${fieldName(error.instancePath, tag)}: found ${found(value)}; ${allowedNames(typeof value === 'string' ? value : '', TAGS[tag] ?? [])}`;
    }
    case 'anyOf':
      return `${field}: needs at least one of ${(parentSchema.anyOf ?? []).flatMap(({ required }) => required ?? []).join(', ')}`;
    case 'enum':
      return `${field}: found ${found(data)}; ${allowedNames(String(data), (parentSchema.enum ?? []).map(String), POLICY.test(error.instancePath))}`;
    case 'uniqueItems':
      return `${field}: found ${found(data)}; allowed: each value once`;
    default:
      return `${field === '' ? '' : `${field}: `}found ${found(data)}; allowed: ${allowed(parentSchema)}`;
  }
}

/** `/workloads/2/low` as people write it: `workloads[2].low`. */
function fieldName(instancePath: string, last?: string): string {
  const pointer = instancePath.split('/').slice(1).map((part) => part.replace(/~1/g, '/').replace(/~0/g, '~'));
  return [...pointer, ...(last === undefined ? [] : [last])].map(fieldPart).join('').replace(/^\./, '');
}

function fieldPart(part: string): string {
  if (/^\d+$/.test(part)) return `[${part}]`;
  return /^[$\w]{1,80}$/.test(part) ? `.${part}` : `[${found(part)}]`;
}

function requiredFor(data: unknown): string {
  const { type, kind } = data as { readonly type?: unknown; readonly kind?: unknown };
  if (typeof type === 'string') return `; a workload of type ${type} needs it`;
  return typeof kind === 'string' ? `; a rate of kind ${kind} needs it` : '';
}

/** The place of a guardrail's policy, whose names have synonyms. */
const POLICY = /\/policies\/\d+$|\/policy$/;

function allowedNames(name: string, names: readonly string[], arePolicies = false): string {
  const nearest = arePolicies ? nearestPolicy(name, names) : nearestNames(name.slice(0, 100), names, 1)[0];
  return `allowed: ${names.join(', ')}${nearest === undefined || nearest === name ? '' : `; did you mean "${nearest}"?`}`;
}

/** What a schema allows, in words. */
function allowed(schema: Schema): string {
  const { type, minimum, exclusiveMinimum, maximum, pattern, description } = schema;
  if ('const' in schema) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(', ');
  if (pattern !== undefined && description !== undefined) return inSentence(description);
  switch (type) {
    case 'integer': return `a whole number of ${minimum} or more`;
    case 'number':
      if (exclusiveMinimum !== undefined) return `a number above ${exclusiveMinimum}, at most ${maximum}`;
      // Beyond it numbers are no longer exact: no limit that anybody has to be told of.
      return maximum === undefined || maximum === Number.MAX_SAFE_INTEGER
        ? `a number of ${minimum} or more`
        : `a number from ${minimum} to ${maximum}`;
    case 'boolean': return 'true or false';
    case 'string': return 'a text';
    case 'array': return 'a list with at least one entry';
    case 'object': return `fields and their values: ${Object.keys(schema.properties ?? {}).join(', ') || 'name, type and what belongs to them'}`;
    default: return [type].flat().join(' or ');
  }
}

/** A description as a part of a sentence; abbreviations (US dollars) keep their capitals. */
function inSentence(description: string): string {
  const text = description.replace(/\.$/, '');
  return /^[A-Z][a-z ]/.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text;
}

/** A value as JSON, cut where it gets long; also the numbers that JSON has no word for. */
function found(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'number') return String(value);
  let json: string;
  try {
    json = JSON.stringify(value);
  } catch {
    return 'a value that contains itself';
  }
  return json.length > 80 ? `${json.slice(0, 77)}...` : json;
}
