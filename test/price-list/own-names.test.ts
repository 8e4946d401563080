import Ajv2020 from 'ajv/dist/2020';
import { NAMES } from './listed';
import { knownNames } from '../../src/price-list/model-names';
import { needlessNames, ownNames } from '../../src/price-list/own-names';
import { PROFILE_PREFIXES } from '../../src/pricing/model-id';

const isValid = new Ajv2020({ strict: true }).compile(require('../../schemas/model-names.schema.json'));

function problemsOf(content: unknown): readonly string[] {
  const checked = ownNames(content, NAMES);
  if ('names' in checked) throw new Error(`accepted as ${JSON.stringify(checked.names)}`);
  return checked.problems;
}

test.each([
  ['a name', { 'Nova 9 Ultra': 'amazon.nova-9-ultra-v1:0' }],
  ['an id with points and a version', { 'GPT-9.1 Luna': 'openai.gpt-9.1-luna', 'Old': 'anthropic.claude-v2:1', 'Small': 'cohere.command-text-v14:7:4k' }],
  ['a name in two spellings, for one id', { 'Foo 9': 'provider.foo', 'foo9': 'provider.foo' }],
  ['two names of one id', { 'Nova 9': 'amazon.nova-9-v1:0', 'Amazon Nova 9': 'amazon.nova-9-v1:0' }],
  ['the schema for editors', { $schema: '../schemas/model-names.schema.json', Foo: 'provider.foo' }],
])('%s is accepted, by the schema as well', (_, content) => {
  const { $schema: _schema, ...names } = content as { readonly [name: string]: string };
  expect(ownNames(content, NAMES)).toEqual({ names });
  expect(isValid(content)).toBe(true);
});

test('the name of a Marketplace product is the one in front of the edition', () => {
  expect(ownNames({ 'Claude Opus 9 (Amazon Bedrock Edition)': 'anthropic.claude-opus-9' }, NAMES)).toEqual({ names: { 'Claude Opus 9': 'anthropic.claude-opus-9' } });
});

test.each<[unknown, string]>([
  ['Foo', 'must map names to model ids, got "Foo". Write a line for each name, such as "Nova Lite": amazon.nova-lite-v1:0.'],
  [['Foo'], 'must map names to model ids, got ["Foo"]. Write a line for each name, such as "Nova Lite": amazon.nova-lite-v1:0.'],
  [{}, 'must hold at least one name. Write a line for each name, such as "Nova Lite": amazon.nova-lite-v1:0.'],
  [{ Foo: 5 }, '"Foo": must be a model id, got 5. Write a line such as "Nova Lite": amazon.nova-lite-v1:0.'],
  [{ Foo: null }, '"Foo": must be a model id, got null. Write a line such as "Nova Lite": amazon.nova-lite-v1:0.'],
  [{ Foo: 'Foo 9' }, '"Foo": must be a model id such as amazon.nova-lite-v1:0, got "Foo 9". Write the id that requests name.'],
  [{ Foo: 'foo-9' }, '"Foo": must be a model id such as amazon.nova-lite-v1:0, got "foo-9". Write the id that requests name.'],
  [{ Foo: 'arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-lite-v1:0' },
    '"Foo": must be a model id such as amazon.nova-lite-v1:0, got "arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-lite-v1:0". Write the id that requests name.'],
  [{ Foo: 'us.provider.foo' }, '"Foo": must be a model id without the prefix of an inference profile, got "us.provider.foo". Write provider.foo: the prices of its profiles come with it.'],
  [{ Foo: 'global.provider.foo' }, '"Foo": must be a model id without the prefix of an inference profile, got "global.provider.foo". Write provider.foo: the prices of its profiles come with it.'],
])('%j is refused', (content, problem) => {
  expect(problemsOf(content)).toEqual([problem]);
  expect(isValid(content)).toBe(false);
});

test.each<[object, string]>([
  [{ ' ': 'provider.foo' }, '" ": must be a name as the Price List writes it, got an empty text. Remove the line.'],
  [{ 'Foo 9': 'provider.foo', 'foo9': 'provider.bar' }, '"foo9": is the same name as "Foo 9", for "provider.foo", got "provider.bar". Keep one of the two lines.'],
  [{ 'Foo': 'provider.foo', 'Foo (Amazon Bedrock Edition)': 'provider.bar' },
    '"Foo (Amazon Bedrock Edition)": is the same name as "Foo", for "provider.foo", got "provider.bar". Keep one of the two lines.'],
  [{ 'Nova Lite': 'amazon.nova-pro-v1:0' }, '"Nova Lite": is known to the importer as amazon.nova-lite-v1:0, got "amazon.nova-pro-v1:0". Remove the line.'],
  [{ 'Llama 3.3 70B Custom': 'meta.llama3-3-70b-instruct-v1:0' },
    '"Llama 3.3 70B Custom": is known to the importer as meta.llama3-3-70b-instruct-v1:0 as a custom model, got "meta.llama3-3-70b-instruct-v1:0". Remove the line.'],
  [{ 'Nova Pro Latency Optimized': 'amazon.nova-pro-v1:0' },
    '"Nova Pro Latency Optimized": is known to the importer as amazon.nova-pro-v1:0 with optimized latency, got "amazon.nova-pro-v1:0". Remove the line.'],
  [{ 'Foo Custom': 'provider.foo' }, '"Foo Custom": must be the name of the model alone. Write "Foo".'],
])('%j is refused, for the names that there are', (content, problem) => {
  expect(problemsOf(content)).toEqual([problem]);
});

test.each(PROFILE_PREFIXES)('the prefix %s of an inference profile is refused, by the schema as well', (prefix) => {
  const content = { Foo: `${prefix}.provider.foo` };
  expect(problemsOf(content)).toEqual([expect.stringContaining('must be a model id without the prefix of an inference profile')]);
  expect(isValid(content)).toBe(false);
});

test('every problem of a file is named', () => {
  expect(problemsOf({ 'Foo': 1, 'Bar': 'eu.provider.bar', 'Nova Lite': 'provider.foo' })).toHaveLength(3);
});

test('a name that the importer knows under the same id does no harm, and is not needed', () => {
  const own = { 'nova lite': 'amazon.nova-lite-v1:0', 'Foo': 'provider.foo' };
  expect(ownNames(own, NAMES)).toEqual({ names: own });
  expect(needlessNames(own, NAMES)).toEqual(['nova lite']);
});

test('every name that the importer knows would be valid in a file', () => {
  expect(ownNames(knownNames(), {})).toEqual({ names: knownNames() });
  expect(isValid(knownNames())).toBe(true);
});
