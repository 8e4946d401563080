import { FieldSchema, HOURS_PER_MONTH } from '../src/pricing/billing-modes/field-table';
import { BILLING_MODES, WORKLOAD_TYPES, WorkloadType } from '../src/pricing/workload';

/** The part of the schema that is written by hand: the frame of a usage file, and its rates. */
export interface SchemaFrame extends FieldSchema {
  readonly properties: { readonly workloads: { readonly items: FieldSchema } & FieldSchema } & FieldSchema;
  readonly $defs: FieldSchema;
}

/** The fields that say which model is used where: a slow or a busy month cannot state others. */
const PLACE: readonly string[] = ['model', 'region'];

/** The schema of a usage file: the frame, with a workload of each billing mode. */
export function usageSchema(frame: SchemaFrame): FieldSchema {
  const { workloads } = frame.properties;
  const items = { ...workloads.items, oneOf: WORKLOAD_TYPES.map((type) => ref(type)) };
  return {
    ...frame,
    properties: { ...frame.properties, workloads: { ...workloads, items } },
    $defs: { ...frame.$defs, ...Object.assign({}, ...WORKLOAD_TYPES.map(definitions)) },
  };
}

/** A workload of a billing mode, and the fields of it that may differ in a slow and in a busy month. */
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
  // The top is never on one line; a comma may follow.
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
