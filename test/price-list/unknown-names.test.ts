import { fc } from '../fast-check';
import { agentCoreList } from './agent-core';
import { excerpt, IndexJson, OFFERS } from './excerpts';
import { listed, marketplace, NAMES } from './listed';
import { Attributes, ListedSku, NameMap } from '../../src/price-list/listed-sku';
import { knownNames } from '../../src/price-list/model-names';
import { ownNames } from '../../src/price-list/own-names';
import { PriceListFile } from '../../src/price-list/price-list-file';
import { ImportResult, PriceListImport } from '../../src/price-list/price-list-import';
import { unknownNames } from '../../src/price-list/unknown-names';
import { renderImportText } from '../../src/render/render-import';
import { parseYamlText } from '../../src/usage-file/yaml-text';

function importSkus(skus: readonly ListedSku[], known: NameMap, own: NameMap = {}): ImportResult {
  const rows = new PriceListImport(known, own);
  skus.forEach((sku) => rows.add(sku));
  return rows.result();
}

function skusOf({ products, terms, ...header }: IndexJson): ListedSku[] {
  const skus: ListedSku[] = [];
  const file = new PriceListFile({ add: (sku) => skus.push(sku), addNotUnderstood: (sku) => skus.push(sku) });
  for (const [name, value] of Object.entries(header)) file.addField(name, value);
  for (const [sku, product] of Object.entries(products)) file.addProduct(sku, product);
  for (const [sku, of] of Object.entries(terms.OnDemand)) file.addTerms(sku, of);
  file.end();
  return skus;
}

/** The lines that the screen shows for unknown names, as a person pastes them into a file. */
function pasted({ summary }: ImportResult): string {
  const lines = renderImportText(summary, []).split('\n');
  return lines.slice(lines.findIndex((line) => line.startsWith('Unknown model names.')) + 1).join('\n');
}

function namesOf(text: string, known: NameMap): NameMap {
  const checked = ownNames(parseYamlText(text, 'names.yml'), known);
  if ('problems' in checked) throw new Error(checked.problems.join('\n'));
  return checked.names;
}

const row = (model: string, usagetype = 'USE1-New-input-tokens', more: Attributes = {}) => listed({ usagetype, model, ...more });

test('are counted by name without case, spaces and suffixes, with most SKUs first', () => {
  const { summary } = importSkus([
    row('Nova Lite'), row('Bar 2'), row('Foo 9'), row('foo9', 'USE1-New-output-tokens'), row('Foo 9 Latency Optimized'), row('Foo 9 Custom'),
  ], NAMES);
  expect(summary.unknownModelNames).toEqual([
    { name: 'Foo 9', skus: 4, suggestedId: 'provider.foo-9' },
    { name: 'Bar 2', skus: 1, suggestedId: 'provider.bar-2' },
  ]);
});

test('are shown as lines for a file of model names', () => {
  expect(pasted(importSkus([row('Foo 9'), row('Foo 9', 'USE1-New-output-tokens'), row('Say "x"')], NAMES)))
    .toBe('"Foo 9": provider.foo-9  # 2 SKUs\n"Say \\"x\\"": provider.say-x  # 1 SKU\n');
});

test.each<[string, Attributes, string]>([
  ['Claude Opus 9', {}, 'anthropic.claude-opus-9'],
  ['Claude Opus 9.1', {}, 'anthropic.claude-opus-9-1'],
  ['OpenAI GPT-9 Astra', {}, 'openai.gpt-9-astra'],
  ['GPT-9.1 Luna', { provider: 'OpenAI' }, 'openai.gpt-9.1-luna'],
  ['Nova 3.0 Pro', { provider: 'Amazon' }, 'amazon.nova-3-0-pro'],
  ['GLM 9.1', {}, 'zai.glm-9.1'],
  ['Mistral Large 9', { provider: 'Mistral' }, 'mistral.mistral-large-9'],
  ['DeepSeek V9', {}, 'deepseek.v9'],
  ['Foo 1.5', { provider: 'New Provider AI' }, 'new-provider.foo-1-5'],
  ['Foo', { provider: 'EU AI' }, 'provider.foo'],
  ['模型', {}, 'provider.model'],
  ['Grok 9', { usagetype: 'USE1-xai.grok-9-mantle-input-tokens-standard' }, 'xai.grok-9'],
])('%s %j: the line suggests %s', (model, attributes, suggestedId) => {
  expect(unknownNames([{ model, ...attributes }], knownNames())).toEqual([{ name: model, skus: 1, suggestedId }]);
});

test('a row of bedrock-mantle without a name goes by the id in its usagetype', () => {
  const sku = listed({ usagetype: 'USE1-qwen.qwen9-mantle-input-tokens-standard' });
  const first = importSkus([sku], NAMES);
  expect(first.summary.unknownModelNames).toEqual([{ name: 'qwen.qwen9', skus: 1, suggestedId: 'qwen.qwen9' }]);
  expect(importSkus([sku], NAMES, { 'qwen.qwen9': 'qwen.qwen9' }).rates[0]).toMatchObject({ model: 'qwen.qwen9', kind: 'input', usd: '0.00033' });
  expect(importSkus([sku], NAMES, { 'qwen.qwen9': 'qwen.qwen9-v1:0' }).rates[0]).toMatchObject({ model: 'qwen.qwen9-v1:0', kind: 'input' });
});

test('a mapped name is priced with all suffixes of its rows', () => {
  const own = { 'Foo 9': 'newprovider.foo-9-v1:0' };
  const skus = [
    row('Foo 9'), row('Foo 9 Latency Optimized'), row('Foo 9 Custom'),
    listed({ usagetype: 'USE1-Foo9-ProvisionedThroughput-1month-ModelUnits', model: 'Foo 9' }, { unit: 'hour' }),
    marketplace('OutputTokenCount_Global', 'Million Output Tokens Global', '12', 'Foo 9 (Amazon Bedrock Edition)'),
  ].map((sku, i) => ({ ...sku, sku: `SKU${i}` }));
  const { rates, summary } = importSkus(skus, NAMES, own);
  expect(summary).toMatchObject({ priced: 5, notUnderstood: 0, unknownModelNames: [], unusedModelNames: [] });
  expect(new Set(rates.map(({ model }) => model))).toEqual(new Set(['newprovider.foo-9-v1:0']));
  const bySku = (i: number) => rates.find(({ source }) => source === `price-list-sku:SKU${i}`);
  expect(bySku(1)).toMatchObject({ tier: 'latency-optimized' });
  expect(bySku(2)).toMatchObject({ customModel: true });
  expect(bySku(3)).toMatchObject({ kind: 'model-unit-hour', commitmentDuration: 'one-month', customModel: false });
  expect(bySku(4)).toMatchObject({ kind: 'output', usd: '12', scope: 'global' });
});

test('names of the user that no SKU has are reported', () => {
  const { summary } = importSkus([row('Foo 9')], NAMES, { 'foo 9': 'provider.foo-9', 'Fo 9': 'provider.foo-9' });
  expect(summary.unusedModelNames).toEqual(['Fo 9']);
});

const REAL = [...OFFERS.map(excerpt), agentCoreList()].flatMap(skusOf);

test('for all sets of unknown names, every real SKU is imported or listed under its name, and the listed lines make all of them known', () => {
  fc.assert(fc.property(fc.subarray(Object.keys(NAMES)), (unknown) => {
    const known = Object.fromEntries(Object.entries(NAMES).filter(([name]) => !unknown.includes(name)));
    const first = importSkus(REAL, known);
    const { skusRead, priced, skipped, notUnderstood, unknownModelNames } = first.summary;
    // 36 SKUs of the excerpts, 3 of knowledge bases; 4 other SKUs of AgentCore are outside of a book.
    expect({ skusRead, skipped, accountedFor: priced + skipped + notUnderstood }).toEqual({ skusRead: 43, skipped: 4, accountedFor: 43 });
    expect(unknownModelNames.reduce((total, { skus }) => total + skus, 0)).toBe(notUnderstood);
    if (unknownModelNames.length === 0) return;
    const second = importSkus(REAL, known, namesOf(pasted(first), known)).summary;
    expect(second).toMatchObject({ priced: 39, notUnderstood: 0, unknownModelNames: [], unusedModelNames: [] });
  }));
});

test('the listed lines of any names can be pasted into a file, which then knows all of them', () => {
  const words = fc.constantFrom('Foo', 'foo', 'Custom', 'Latency Optimized', '9', '4.5', 'Nova', 'Nova Lite', 'Claude', 'OpenAI', '(latency-optimized)', '#', ':', '"');
  const name = fc.oneof(fc.array(words, { minLength: 1, maxLength: 4 }).map((all) => all.join(' ')), fc.string({ unit: 'binary', minLength: 1 }))
    .filter((text) => text.trim() !== '' && text !== '$schema');
  const attributes = fc.record({ name, provider: fc.constantFrom('', 'Amazon', 'Mistral', 'Global', '模型'), servicename: fc.boolean() });
  fc.assert(fc.property(fc.array(attributes, { minLength: 1, maxLength: 8 }), (all) => {
    const skus = all.map(({ name: model, provider, servicename }) => (
      servicename ? marketplace('InputTokenCount', 'Million Input Tokens', '1', `${model} (Amazon Bedrock Edition)`) : row(model, undefined, { provider })
    ));
    const first = importSkus(skus, NAMES);
    if (first.summary.unknownModelNames.length === 0) return;
    const second = importSkus(skus, NAMES, namesOf(pasted(first), NAMES)).summary;
    expect(second).toMatchObject({ unknownModelNames: [], unusedModelNames: [] });
  }));
});
