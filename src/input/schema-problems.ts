import { mustBe } from './error';
import { didYouMean, nearestNames } from './nearest';

/** An error of a precompiled validator (tools/build-validators.ts). */
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

/** Names of a file's domain that are not in its schema. */
export interface SchemaNames {
  /** Values of the fields that determine the other fields. */
  readonly tags?: { readonly [field: string]: readonly string[] };
  /** Returns the sentence that follows an invalid region. */
  readonly regionAdvice: (value: unknown) => string;
  /** Returns the question that follows an unknown name at a place of the file; undefined for the question with the most similar name. */
  readonly didYouMean?: (instancePath: string, name: string, names: readonly string[]) => string | undefined;
}

/** Validates a value. Returns a text for each problem, with the field, the problem, the value and the remedy. */
export function schemaProblems(validate: SchemaValidator, value: unknown, names: SchemaNames): string[] {
  if (validate(value)) return [];
  const errors = validate.errors ?? [];
  const untagged = new Set(errors.filter(({ keyword }) => keyword === 'discriminator').map(({ instancePath }) => instancePath));
  const telling = errors.filter(({ keyword, schemaPath, instancePath }) =>
    // Errors of the parts of an anyOf are left out, since the anyOf has an error itself. A missing tag is reported by the tag.
    !schemaPath.includes('/anyOf/') && !(keyword === 'required' && untagged.has(instancePath)));
  const misspelt = new Set<string | undefined>(telling.flatMap(meantField));
  return [...new Set(telling.filter((error) => !misspelt.has(missingField(error))).map((error) => describeError(error, names)))];
}

/** Required field that an unknown field is similar to. It is not reported as missing, since this would report the same problem twice. */
function meantField({ keyword, instancePath, params, parentSchema }: SchemaError): string[] {
  if (keyword !== 'additionalProperties') return [];
  return nearestNames(String(params.additionalProperty).slice(0, 100), Object.keys(parentSchema.properties ?? {}), 1).map((name) => `${instancePath}/${name}`);
}

function missingField({ keyword, instancePath, params }: SchemaError): string | undefined {
  return keyword === 'required' ? `${instancePath}/${String(params.missingProperty)}` : undefined;
}

function describeError(error: SchemaError, domain: SchemaNames): string {
  const { keyword, params, parentSchema, data } = error;
  const field = fieldName(error.instancePath);
  if (keyword === 'pattern' && error.instancePath.endsWith('/region')) return `${mustBe(field, data, 'an AWS region', found(data))} ${domain.regionAdvice(data)}`;
  switch (keyword) {
    case 'additionalProperties': {
      const name = String(params.additionalProperty);
      const known = Object.keys(parentSchema.properties ?? {});
      const nearest = question(name, known);
      return `${fieldName(error.instancePath, name)} is not a known field.${nearest === '' ? ` The fields are ${known.join(', ')}.` : nearest}`;
    }
    case 'required':
      return `${fieldName(error.instancePath, String(params.missingProperty))} is required${requiredFor(data)}.`;
    case 'discriminator': {
      const tag = String(params.tag);
      const value = (data as { readonly [name: string]: unknown })[tag];
      const names = domain.tags?.[tag] ?? [];
      return mustBe(fieldName(error.instancePath, tag), value, `one of ${names.join(', ')}`, found(value))
        + (value === undefined ? '' : question(typeof value === 'string' ? value : '', names));
    }
    case 'anyOf':
      return `${field} must have at least one of the fields ${(parentSchema.anyOf ?? []).flatMap(({ required }) => required ?? []).join(', ')}.`;
    case 'enum': {
      const names = (parentSchema.enum ?? []).map(String);
      return mustBe(field, data, `one of ${names.join(', ')}`, found(data)) + question(String(data), names, domain.didYouMean?.(error.instancePath, String(data), names));
    }
    case 'uniqueItems':
      return mustBe(field, data, 'a list of different values', found(data));
    default:
      return mustBe(field === '' ? 'the file' : field, data, allowed(parentSchema, data), found(data));
  }
}

/** Renders the path `/workloads/2/low` as `workloads[2].low`. */
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
  if (typeof type === 'string') return ` for the type ${type}`;
  return typeof kind === 'string' ? ` for the kind ${kind}` : '';
}

/** Renders a question that follows a sentence; empty if no name is similar. */
function question(name: string, names: readonly string[], asked = didYouMean(name, names)): string {
  return asked === undefined || asked === '' ? '' : ` ${asked}`;
}

/** Describes the values that a schema allows. */
function allowed(schema: Schema, data: unknown): string {
  const { type, minimum, exclusiveMinimum, maximum, pattern, description } = schema;
  if ('const' in schema) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(', ');
  if (pattern !== undefined && description !== undefined) return inSentence(description);
  switch (type) {
    case 'integer': return maximum !== undefined && isAbove(data, maximum) ? `a whole number from ${minimum} to ${maximum}` : `a whole number of ${minimum} or more`;
    case 'number':
      if (exclusiveMinimum !== undefined) return `a number above ${exclusiveMinimum} and at most ${maximum}`;
      // Larger numbers are not exact. This limit is named only for a value that exceeds it.
      return maximum === undefined || (maximum === Number.MAX_SAFE_INTEGER && !isAbove(data, maximum))
        ? `a number of ${minimum} or more`
        : `a number from ${minimum} to ${maximum}`;
    case 'boolean': return 'true or false';
    case 'string': return 'a string';
    case 'array': return 'a list with at least one entry';
    case 'object': return `a mapping with the fields ${Object.keys(schema.properties ?? {}).join(', ') || 'name, type and those of the type'}`;
    default: return [type].flat().join(' or ');
  }
}

function isAbove(value: unknown, maximum: number): boolean {
  return typeof value === 'number' && value > maximum;
}

/** Renders a description as a part of a sentence. Abbreviations (US dollars) keep their capitals. */
function inSentence(description: string): string {
  const text = description.replace(/\.$/, '');
  return /^[A-Z][a-z ]/.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text;
}

/** Renders a value as JSON, shortened if it is long, and numbers that JSON cannot express in words. */
function found(value: unknown): string {
  if (value === undefined) return 'undefined';
  if (typeof value === 'number') return String(value);
  let json: string;
  try {
    json = JSON.stringify(value);
  } catch {
    return 'a value that contains itself';
  }
  return json.length > 80 ? `${json.slice(0, 77)}...` : json;
}
