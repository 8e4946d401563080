import { FieldSchema, HOURS_PER_MONTH } from '../src/pricing/billing-modes/field-table';
import { RateKind, REQUIRED_WITH_KIND, UNITS_OF_KIND } from '../src/pricing/price-book/rate';
import { DIMENSIONS_OF_KIND, dimensionsOf } from '../src/pricing/price-book/rate-dimensions';
import { BILLING_MODES, WORKLOAD_TYPES, WorkloadType } from '../src/pricing/workload';

interface ListSchema extends FieldSchema {
  readonly items: FieldSchema;
}

/** The part of the schema that is written by hand: the frame of a usage file, and the fields of rates. */
export interface SchemaFrame extends FieldSchema {
  readonly properties: { readonly prices: ListSchema; readonly workloads: ListSchema } & FieldSchema;
  readonly $defs: { readonly rateFields: { readonly properties: FieldSchema } & FieldSchema } & FieldSchema;
}

/** The fields that identify the model and its region: a low or a high month cannot change them. */
const PLACE: readonly string[] = ['model', 'region'];

/** Fields that a rate of any kind may state. The price book refuses `scope`, `tier` and `context` where no price depends on them. */
const OF_ANY_RATE: readonly string[] = [
  'model', 'usd', 'region', 'scope', 'tier', 'context', 'asOf', 'confirmed', 'source', 'effectiveDate', 'endDate', 'reviewAfter', 'derived',
];

/** The schema of a usage file: the frame, with a workload of each billing mode and a rate of each kind. */
export function usageSchema(frame: SchemaFrame): FieldSchema {
  const { prices, workloads } = frame.properties;
  const rates = rateDefinitions(Object.keys(frame.$defs.rateFields.properties));
  return {
    ...frame,
    properties: { ...frame.properties, prices: listOf(prices, Object.keys(rates)), workloads: listOf(workloads, WORKLOAD_TYPES) },
    $defs: { ...frame.$defs, ...rates, ...Object.assign({}, ...WORKLOAD_TYPES.map(definitions)) },
  };
}

function listOf(list: ListSchema, names: readonly string[]): ListSchema {
  return { ...list, items: { ...list.items, oneOf: names.map((name) => ref(name)) } };
}

/** A definition for all kinds of prices that have the same fields and units, named after the first of them. */
function rateDefinitions(fields: readonly string[]): { readonly [name: string]: FieldSchema } {
  const kinds = new Map<string, RateKind[]>();
  for (const kind of Object.values(RateKind)) {
    const shape = JSON.stringify([UNITS_OF_KIND[kind], DIMENSIONS_OF_KIND[kind], REQUIRED_WITH_KIND[kind]]);
    kinds.set(shape, [...kinds.get(shape) ?? [], kind]);
  }
  return Object.fromEntries([...kinds.values()].map((same) => [`${same[0]}-rate`, rateDefinition(same, fields)]));
}

function rateDefinition(kinds: readonly RateKind[], fields: readonly string[]): FieldSchema {
  const [kind] = kinds;
  // An image has other fields if a guardrail checks it, which its policy states.
  const allowed: readonly string[] = [...OF_ANY_RATE, ...dimensionsOf({ kind }), ...dimensionsOf({ kind, policy: 'content-image' })];
  const { model, usd, ...others } = Object.fromEntries(fields.filter((field) => allowed.includes(field)).map((field) => [field, ref(`rateFields/properties/${field}`)]));
  return {
    type: 'object',
    additionalProperties: false,
    required: ['model', 'kind', 'usd', 'unit', ...REQUIRED_WITH_KIND[kind] ?? []],
    properties: { model, kind: { enum: kinds }, usd, unit: { enum: UNITS_OF_KIND[kind] }, ...others },
  };
}

/** A workload of a billing mode, and its fields that may differ in a low and in a high month. */
function definitions(type: WorkloadType): FieldSchema {
  const { fields, required, oneOf } = BILLING_MODES[type].fields;
  const schemas = new Map(Object.entries({ ...fields, hoursPerMonth: HOURS_PER_MONTH }).map(([field, { schema }]) => [field, schema]));
  const place = [...schemas].filter(([field]) => PLACE.includes(field));
  const usage = [...schemas].filter(([field]) => !PLACE.includes(field));
  return {
    [`${type}-fields`]: { type: 'object', additionalProperties: false, minProperties: 1, properties: Object.fromEntries(usage) },
    [type]: {
      type: 'object',
      additionalProperties: false,
      required: ['name', 'type', ...required],
      ...(oneOf.length > 0 ? { anyOf: oneOf.map((field) => ({ required: [field] })) } : {}),
      properties: {
        name: { description: 'What the workload is called in every output; each name once.', ...ref('text') },
        type: { const: type },
        ...Object.fromEntries(place),
        ...Object.fromEntries(usage.map(([field, schema]) => [field, 'description' in schema ? ref(`${type}-fields/properties/${field}`) : schema])),
        low: { description: 'The fields that differ in a slow month.', ...ref(`${type}-fields`) },
        high: { description: 'The fields that differ in a busy month.', ...ref(`${type}-fields`) },
      },
    },
  };
}

function ref(definition: string): FieldSchema {
  return { $ref: `#/$defs/${definition}` };
}

/** The length of a line. */
const WIDTH = 150;

/** A schema as JSON: on one line where it fits. */
export function schemaText(schema: FieldSchema): string {
  return `${lines(schema, '', '')}\n`;
}

function lines(value: unknown, key: string, indent: string): string {
  const line = key + oneLine(value);
  // The outermost value is never on one line. A comma may follow a value.
  const fits = indent !== '' && indent.length + line.length < WIDTH;
  if (typeof value !== 'object' || value === null || fits) return line;
  const deeper = `${indent}  `;
  const items = Array.isArray(value)
    ? value.map((item) => lines(item, '', deeper))
    : Object.entries(value).map(([name, item]) => lines(item, `${JSON.stringify(name)}: `, deeper));
  const [open, close] = Array.isArray(value) ? '[]' : '{}';
  return `${key}${open}\n${items.map((item) => deeper + item).join(',\n')}\n${indent}${close}`;
}

function oneLine(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(oneLine).join(', ')}]`;
  return `{ ${Object.entries(value).map(([name, item]) => `${JSON.stringify(name)}: ${oneLine(item)}`).join(', ')} }`;
}
