import { BOOLEAN, countOf, FieldCheck, HOURS, LARGEST, memberOf, QUANTITY, textOf } from './input';
import { isObject } from '../../input/argument';
import { PricingError } from '../../input/error';
import { unknownField } from '../../input/unknown-field';
import { isRegion, regionAdvice } from '../region';

/** A JSON schema. */
export interface FieldSchema {
  readonly [keyword: string]: unknown;
}

/** `required`: every workload states the field; `one-of`: every workload states at least one of the fields so marked. */
type Presence = 'required' | 'one-of';

interface TableField extends FieldCheck {
  readonly presence?: Presence;
}

/** A field of a billing mode: its check, and its schema in a usage file. */
export interface Field extends TableField {
  readonly schema: FieldSchema;
}

/** A field for each property of a struct: the compiler reports a property that has none, and a required one that is not marked. */
export type FieldsOf<W, F extends TableField = Field> = {
  readonly [field in keyof W]-?: undefined extends W[field] ? F : F & { readonly presence: 'required' };
};

/** The fields of a workload, in the order of the schema of usage files and of messages that list them. */
export interface FieldTable<W, F extends TableField = Field> {
  readonly fields: FieldsOf<W, F>;
  readonly checks: ReadonlyMap<string, TableField>;
  readonly required: readonly string[];
  /** The fields of which at least one is stated. */
  readonly oneOf: readonly string[];
}

/** Hours of a month, which may be stated with any usage. */
export interface HoursPerMonth {
  readonly hoursPerMonth?: number;
}

export function fieldTable<W extends object, F extends TableField = Field>(fields: FieldsOf<W, F>): FieldTable<W, F> {
  const checks = new Map<string, TableField>(Object.entries(fields));
  const namesOf = (presence: Presence) => [...checks].filter(([, field]) => field.presence === presence).map(([name]) => name);
  return { fields, checks, required: namesOf('required'), oneOf: namesOf('one-of') };
}

/** Marks a field that every workload states. */
export const required = <F extends FieldCheck>(field: F): F & { readonly presence: 'required' } => ({ ...field, presence: 'required' });

/** Marks a field of which, with the others so marked, a workload states at least one. */
export const oneOf = <F extends FieldCheck>(field: F): F & { readonly presence: 'one-of' } => ({ ...field, presence: 'one-of' });

export const quantity = (description: string): Field => ({ ...QUANTITY, schema: { description, $ref: '#/$defs/quantity' } });

/** A whole number of 1 or more. */
export const count = (description: string): Field => ({ ...countOf(), schema: { description, type: 'integer', minimum: 1, maximum: LARGEST } });

export const flag = (description: string): Field => ({ ...BOOLEAN, schema: { description, type: 'boolean' } });

/** A member of an enum. */
export const choice = (description: string, members: object): Field => ({
  ...memberOf(members), schema: { description, enum: Object.values(members) },
});

/** A text; a usage file refuses long texts and control characters, besides. */
export const text = (description: string, check: string | FieldCheck): Field => ({
  ...(typeof check === 'string' ? textOf(check) : check), schema: { description, $ref: '#/$defs/text' },
});

export const MODEL = required<Field>({ ...textOf('a model id such as "amazon.nova-pro-v1:0"'), schema: { $ref: '#/$defs/model' } });

export const REGION: Field = {
  accepts: isRegion,
  problem: (field, value) => new PricingError(field, value, 'an AWS region', regionAdvice(value)),
  schema: { $ref: '#/$defs/region' },
};

export const HOURS_PER_MONTH: Field = { ...HOURS, schema: { $ref: '#/$defs/hoursPerMonth' } };

/**
 * Checks every field of a workload, whether its price depends on the field or not, for callers without a compiler. A misspelt
 * field would count as 0. Hours in a month may be given with any usage.
 */
export function checkWorkload<W extends object>(workload: unknown, table: FieldTable<W, TableField>): asserts workload is W & HoursPerMonth {
  const { checks } = table;
  if (!isObject(workload)) throw new PricingError('usage', workload, `an object with the fields ${[...checks.keys()].join(', ')}`);
  for (const field of Object.keys(workload)) {
    const check = field === 'hoursPerMonth' ? HOURS : checks.get(field);
    if (check === undefined) throw unknownField('', field, [...checks.keys()]);
    const value = workload[field];
    if (value !== undefined && !check.accepts(value)) throw check.problem(field, value);
  }
  for (const field of table.required) {
    if (workload[field] === undefined) throw checks.get(field)!.problem(field, undefined);
  }
}

/** Refuses usage that states none of its quantities: it would cost $0 without a word. */
export function requireOneOf<W extends object>(usage: W, { oneOf: names }: FieldTable<W>): void {
  if (!Object.entries(usage).some(([field, value]) => value !== undefined && names.includes(field))) throw PricingError.oneOf(names);
}
