import { existsSync, readFileSync } from 'fs';
import { join } from 'path';
import { readModelNames } from '../../../src/cli/download/model-names-file';
import { Progress } from '../../../src/cli/download/progress';
import { refresh } from '../../../src/cli/download/refresh';
import { PATIENT_NETWORK } from '../../../src/cli/download/retry';
import { indexPath, PriceListServer } from '../../fakes/price-list-server';
import { CliFolder, CliResult } from '../../harness/cli/run-cli';
import { agentCoreList } from '../../price-list/agent-core';
import { excerptPath } from '../../price-list/excerpts';

let folder: CliFolder;
beforeEach(() => { folder = new CliFolder(); });
afterEach(() => folder.remove());

type Row = readonly [attributes: { readonly [name: string]: string }, usd: string, unit: string, description?: string];

/** An index.json in AWS's shape with rows of us-east-1. */
function indexOf(offerCode: string, rows: readonly Row[]): object {
  const sku = (i: number) => `${offerCode}${i}`;
  return {
    formatVersion: 'v1.0',
    offerCode,
    publicationDate: '2026-11-20T12:44:08Z',
    products: Object.fromEntries(rows.map(([attributes], i) => [sku(i), { sku: sku(i), attributes: { regionCode: 'us-east-1', ...attributes } }])),
    terms: {
      OnDemand: Object.fromEntries(rows.map(([, usd, unit, description = ''], i) => [sku(i), {
        [`${sku(i)}.T`]: { effectiveDate: '2026-11-01T00:00:00Z', priceDimensions: { D: { unit, description, beginRange: '0', endRange: 'Inf', pricePerUnit: { USD: usd } } } },
      }])),
    },
  };
}

/** A new model of a known provider and one of a new provider, in two offers; Nova Lite is known. */
function writeLists(): string[] {
  const edition = { servicename: 'Claude Opus 9 (Amazon Bedrock Edition)' };
  return [
    folder.write('bedrock.json', indexOf('AmazonBedrock', [
      [{ usagetype: 'USE1-NovaLite-input-tokens', model: 'Nova Lite' }, '0.00006', '1K tokens'],
      [{ usagetype: 'USE1-NewModel-input-tokens', model: 'New Model 1', provider: 'Newprovider' }, '0.002', '1K tokens'],
      [{ usagetype: 'USE1-NewModel-output-tokens', model: 'New Model 1', provider: 'Newprovider' }, '0.008', '1K tokens'],
      [{ usagetype: 'USE1-NewModel-input-tokens-batch', model: 'New Model 1', provider: 'Newprovider' }, '0.001', '1K tokens'],
    ])),
    folder.write('models.json', indexOf('AmazonBedrockFoundationModels', [
      [{ usagetype: 'USE1-MP:USE1_input_tokens_global_standard-Units', ...edition }, '4', '1M tokens', 'AWS Marketplace software usage|us-east-1|Million Input Tokens Global Standard'],
      [{ usagetype: 'USE1-MP:USE1_CustomModel_ProvisionedThroughput_1MonthCommit-Units', ...edition }, '120', 'hour'],
    ])),
  ];
}

function importLists(lists: readonly string[], ...args: readonly string[]): CliResult {
  return folder.run('prices', 'import', ...lists, '-o', 'book.json', ...args);
}

/** The ready-made lines, as a person copies them from the screen. */
function linesOf(err: string): string[] {
  return err.split('\n').filter((line) => /^".*": \S+ {2}# \d+ SKUs?$/.test(line));
}

test('names that the importer does not know are listed ready-made; mapped to ids, their rows are priced', () => {
  const lists = writeLists();
  const first = importLists(lists);
  expect(first.code).toBe(0);
  expect(first.err).toMatch(/^unknown model name +5$/m);
  expect(linesOf(first.err)).toEqual(['"New Model 1": newprovider.new-model-1  # 3 SKUs', '"Claude Opus 9": anthropic.claude-opus-9  # 2 SKUs']);

  // The lines as they are, but for the id of the first one, which a person corrects.
  const names = folder.write('names.yml', linesOf(first.err).join('\n').replace('newprovider.new-model-1', 'newprovider.new-model-v1:0'));
  const second = importLists(lists, '--model-names', names);
  expect(second.code).toBe(0);
  expect(second.err).toMatch(/^priced +6$/m);
  expect(second.err).not.toContain('unknown model name');
  expect(linesOf(second.err)).toEqual([]);
  expect(second.err).not.toContain('note:');

  // 1,000 requests of 1,000 tokens in and 500 out: 1M x $2.00 + 0.5M x $8.00 = 6; Opus: 1M x $4.00 globally = 4; one unit: 730 h x $120 = 87600
  const usage = folder.write('usage.yml', `
version: 1
region: us-east-1
workloads:
  - { name: new, type: on-demand, model: us.newprovider.new-model-v1:0, requestsPerMonth: 1000, inputTokensPerRequest: 1000, outputTokensPerRequest: 500 }
  - { name: opus, type: on-demand, model: global.anthropic.claude-opus-9, requestsPerMonth: 1000, inputTokensPerRequest: 1000 }
  - { name: units, type: provisioned-throughput, model: anthropic.claude-opus-9, customModel: true, modelUnits: 1, commitmentDuration: one-month }
`);
  const { estimates } = JSON.parse(folder.run('estimate', usage, '--price-book', 'book.json', '--format', 'json').out);
  expect(estimates.map(({ name, monthlyUsd, missingPrices }: any) => [name, monthlyUsd, missingPrices])).toEqual([['new', '6', []], ['opus', '4', []], ['units', '87600', []]]);
});

test('names may be JSON, and lists of several offers are read with them in one call', () => {
  const [, models] = writeLists();
  const names = folder.write('names.json', { '$schema': 'https://example.com/model-names.schema.json', 'Claude Opus 9': 'anthropic.claude-opus-9' });
  const agentCore = folder.write('agentcore.json', agentCoreList());
  const { code, out } = importLists([excerptPath('AmazonBedrock'), models, agentCore], '--model-names', names, '--format', 'json');
  expect(code).toBe(0);
  // 26 real SKUs, 2 of the new model, 3 of knowledge bases; 4 of AgentCore are outside.
  expect(JSON.parse(out)).toMatchObject({ skus: { read: 35, priced: 31, skipped: 4, notUnderstood: 0, conflicting: 0 } });
  expect(JSON.parse(out)).not.toHaveProperty('unknownModelNames');
});

test('programs get unknown and unused names as JSON, with the number of SKUs', () => {
  const lists = writeLists();
  const { out, err } = importLists(lists, '--format', 'json', '--model-names', folder.write('names.yml', '"New Modle 1": newprovider.new-model-v1:0\nNova Lite: amazon.nova-lite-v1:0\n'));
  expect(JSON.parse(out)).toMatchObject({
    unknownModelNames: [{ name: 'New Model 1', skus: 3, suggestedId: 'newprovider.new-model-1' }, { name: 'Claude Opus 9', skus: 2, suggestedId: 'anthropic.claude-opus-9' }],
    unusedModelNames: ['New Modle 1'],
  });
  expect(err).toContain('names.yml: "New Modle 1": no SKU of these lists has the name.\n');
  expect(err).toContain('names.yml: "Nova Lite": the importer knows the name. The line is not needed.\n');
});

test.each([
  ['a name that is mapped twice', 'Foo: provider.foo\nFoo: provider.bar\n', 'names.yml: line 2: the field "Foo" is given twice. Keep one of them.'],
  ['an id with a profile prefix', 'Foo: us.provider.foo\n', 'names.yml: "Foo": must be a model id without the prefix of an inference profile, got "us.provider.foo". Write provider.foo'],
  ['no model id', 'Foo: Foo 9\n', 'names.yml: "Foo": must be a model id such as amazon.nova-lite-v1:0, got "Foo 9".'],
  ['another id of a known name', 'Nova Lite: amazon.nova-pro-v1:0\n', 'names.yml: "Nova Lite": is known to the importer as amazon.nova-lite-v1:0, got "amazon.nova-pro-v1:0". Remove the line.'],
  ['no YAML', 'Foo: [\n', 'names.yml: line 2, column 1: not valid YAML or JSON: '],
  ['a list', '- Foo\n', 'names.yml: must map names to model ids, got ["Foo"].'],
  ['an empty file', '# later\n', 'names.yml: must hold at least one name. Write a line for each name'],
])('%s is refused before anything is read or written', (_, text, message) => {
  folder.write('names.yml', text);
  for (const command of [['import', ...writeLists()], ['refresh', '--endpoint', 'http://127.0.0.1:9']]) {
    const { code, out, err } = folder.run('prices', ...command, '-o', 'book.json', '--model-names', 'names.yml');
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(`error: ${message}`);
    expect(err).not.toContain('read ');
    expect(existsSync(join(folder.path, 'book.json'))).toBe(false);
  }
});

test('a file that is not there, or that the book would take the place of, is refused', () => {
  const lists = writeLists();
  expect(importLists(lists, '--model-names', 'none.yml')).toMatchObject({ code: 2, err: expect.stringContaining('none.yml: cannot be read: there is no such file') });
  folder.write('book.json', { Foo: 'provider.foo' });
  expect(importLists(lists, '--model-names', 'book.json', '--force')).toMatchObject({ code: 2, err: expect.stringContaining('which the command reads or writes, too') });
  expect(folder.run('prices', 'refresh', '-o', 'book.json', '--model-names', 'book.json', '--force', '--endpoint', 'http://127.0.0.1:9'))
    .toMatchObject({ code: 2, err: expect.stringContaining('which the command reads or writes, too') });
});

test('refresh prices mapped names, and lists the others', async () => {
  const server = await PriceListServer.start();
  try {
    const path = (offer: string) => `/offers/v1.0/aws/${offer}/20261120124408/us-east-1/index.json`;
    for (const [file, offer] of [['bedrock.json', 'AmazonBedrock'], ['models.json', 'AmazonBedrockFoundationModels']]) {
      writeLists();
      server.set(path(offer), { ...JSON.parse(readFileSync(join(folder.path, file), 'utf8')), version: '20261120124408' });
      server.set(indexPath(offer), { regions: { 'us-east-1': { regionCode: 'us-east-1', currentVersionUrl: path(offer) } } });
    }
    const names = readModelNames(folder.write('names.yml', 'New Model 1: newprovider.new-model-v1:0\n'));
    const { rates, summary } = await refresh(
      { endpoint: server.url, regions: ['us-east-1'], output: join(folder.path, 'book.json'), force: false, names },
      { network: PATIENT_NETWORK, progress: new Progress({ write: () => {} }) },
    );
    expect(rates.filter(({ model }) => model === 'newprovider.new-model-v1:0').map(({ kind, tier, scope }) => `${kind} ${tier} ${scope}`).sort()).toEqual([
      'input batch geo', 'input batch in-region', 'input undefined geo', 'input undefined in-region', 'output undefined geo', 'output undefined in-region',
    ]);
    expect(summary.unknownModelNames).toEqual([{ name: 'Claude Opus 9', skus: 2, suggestedId: 'anthropic.claude-opus-9' }]);
  } finally {
    await server.close();
  }
});

test.each(['import', 'refresh'])('prices %s --help describes a line of the file', (command) => {
  expect(folder.run('prices', command, '--help').out.replace(/\s+/g, ' ')).toContain('--model-names <file> model ids of names that the importer does not know');
});

test.each(['a: &a [*a]\n', '"New Model": &a { more: [*a] }\n'])('a file whose alias makes a value contain itself is one error with exit code 2: %j', (text) => {
  const lists = writeLists();
  const { code, out, err } = importLists(lists, '--model-names', folder.write('names.yaml', text));
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(err).toContain('names.yaml: has an alias that makes a value contain itself. Write the values out, without aliases.\n');
});
