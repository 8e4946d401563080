import { readFileSync } from 'fs';
import { join } from 'path';
import { BILLING_MODES, WORKLOAD_TYPES } from '../../src/pricing/workload';
import { schemaText, usageSchema } from '../../tools/usage-schema';

const textOf = (...path: string[]) => readFileSync(join(__dirname, '../..', ...path), 'utf8');
const frame = JSON.parse(textOf('tools', 'usage-schema-frame.json'));

test('the committed schema is that of the billing modes (otherwise: npm run build)', () => {
  expect(textOf('schemas', 'usage.schema.json')).toBe(schemaText(usageSchema(frame)));
});

test('the text of a schema is its JSON', () => {
  expect(JSON.parse(schemaText(usageSchema(frame)))).toEqual(usageSchema(frame));
});

test.each(WORKLOAD_TYPES)('%s: a usage file states each field of the billing mode, the required ones and one of those that go together', (type) => {
  const { checks, required, oneOf } = BILLING_MODES[type].fields;
  const schema = JSON.parse(textOf('schemas', 'usage.schema.json')).$defs[type];
  expect(Object.keys(schema.properties)).toEqual(['name', 'type', ...new Set([...checks.keys(), 'hoursPerMonth']), 'low', 'high']);
  expect(schema.required).toEqual(['name', 'type', ...required]);
  expect((schema.anyOf ?? []).flatMap((part: { readonly required: string[] }) => part.required)).toEqual(oneOf);
});

test('guardrails and their rates have the same policies', () => {
  const { $defs } = JSON.parse(textOf('schemas', 'usage.schema.json'));
  expect($defs.rateFields.properties.policy.enum).toEqual($defs['guardrail-fields'].properties.policies.items.enum);
});
