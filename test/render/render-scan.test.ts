import Ajv2020 from 'ajv/dist/2020';
import { renderScanJson, renderScanTable } from '../../src/render/render-scan';
import { KINDS } from '../../src/unpriced/billing-table';
import { usagesOf } from '../../src/unpriced/usages';
import { allow, caller, NOVA, resource, stack } from '../unpriced/templates';

const schema = require('../../schemas/scan.schema.json');
const isValid = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(schema);

const USAGES = usagesOf([stack({
  ...caller(allow('bedrock:InvokeModel')),
  Agent: resource('AWS::Bedrock::Agent', { FoundationModel: NOVA }),
  Prompt: resource('AWS::Bedrock::Prompt'),
  Runtime: resource('AWS::BedrockAgentCore::Runtime'),
})]).map((usage) => ({ usage, priced: usage.kind === 'agent' }));

test('the kinds of the schema are those of the table', () => {
  expect(schema.$defs.usage.properties.kind.enum).toEqual(KINDS);
});

test('the JSON is valid by the published schema', () => {
  const scan = JSON.parse(renderScanJson(USAGES));
  expect(scan.usages.map(({ billing, priced }: { billing: string; priced: boolean }) => [billing, priced])).toEqual([['spends', false], ['spends', true], ['free', false], ['not-covered', false]]);
  isValid(scan);
  expect(isValid.errors).toBeNull();
});

test('the JSON of no use is valid', () => {
  expect(isValid(JSON.parse(renderScanJson([])))).toBe(true);
});

const [USAGE] = JSON.parse(renderScanJson(USAGES)).usages;

test.each(Object.keys(schema.$defs.usage.properties))('%s of a use is required and has a type', (field) => {
  const { [field]: _, ...others } = USAGE;
  expect(isValid({ schemaVersion: '1', usages: [others] })).toBe(false);
  expect(isValid({ schemaVersion: '1', usages: [{ ...USAGE, [field]: 1 }] })).toBe(false);
});

test('a field that the contract does not have is not valid', () => {
  expect(isValid({ schemaVersion: '1', usages: [{ ...USAGE, paths: [] }] })).toBe(false);
});

test('the table counts the uses by their billing', () => {
  expect(renderScanTable(USAGES)).toContain('\n1 of 4 uses of Amazon Bedrock priced, 1 without a price, 1 free, 1 not covered by the price book.\n');
});
