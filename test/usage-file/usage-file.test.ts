import { readFileSync } from 'fs';
import { join } from 'path';
import { REQUIRED_WITH_KIND, RateKind, UNITS_OF_KIND } from '../../src/pricing/price-book/rate';
import { WORKLOAD_TYPES } from '../../src/pricing/workload';
import { parseUsageFile, USAGE_FILE_RATE_KINDS } from '../../src/usage-file/usage-file';
import { UsageFileError } from '../../src/usage-file/usage-file-error';

const CHAT = '{ name: chat, type: on-demand, model: m, requestsPerMonth: 10, inputTokensPerRequest: 1 }';
const file = (workload: string, head = 'version: 1') => `${head}\nworkloads:\n  - ${workload}\n`;
const schema = JSON.parse(readFileSync(join(__dirname, '../../schemas/usage.schema.json'), 'utf8'));

/** The problems of a text that is refused. */
function problems(text: string): readonly string[] {
  try {
    parseUsageFile(text, 'u.yml');
  } catch (e) {
    expect(e).toBeInstanceOf(UsageFileError);
    return (e as UsageFileError).problems;
  }
  throw new Error('accepted');
}

test('a usage file in YAML and the same in JSON mean the same', () => {
  const yaml = parseUsageFile('version: 1\nregion: us-east-1\nhoursPerMonth: 744\nworkloads:\n  - name: a\n    type: flow\n    nodeTransitionsPerMonth: 5\n    low: { nodeTransitionsPerMonth: 1 }\n', 'u');
  const json = parseUsageFile(
    '{\n\t"version": 1, "region": "us-east-1", "hoursPerMonth": 744,\n\t"workloads": [{ "name": "a", "type": "flow", "nodeTransitionsPerMonth": 5, "low": { "nodeTransitionsPerMonth": 1 } }]\n}', 'u');
  expect(json).toEqual(yaml);
  expect(yaml).toEqual({
    region: 'us-east-1',
    hoursPerMonth: 744,
    rates: [],
    workloads: [{ name: 'a', type: 'flow', model: undefined, region: undefined, usage: { nodeTransitionsPerMonth: 5 }, low: { nodeTransitionsPerMonth: 1 }, high: undefined }],
  });
});

test('messages and schema list the same types', () => {
  const types = schema.properties.workloads.items.oneOf.map(({ $ref }: { $ref: string }) => schema.$defs[$ref.slice(8)].properties.type.const);
  expect(types).toEqual(WORKLOAD_TYPES);
});

describe('the rates of the schema', () => {
  interface RateSchema {
    readonly required: readonly string[];
    readonly additionalProperties: boolean;
    readonly properties: { readonly [field: string]: { readonly enum?: readonly string[] } };
  }
  const rates: readonly RateSchema[] = schema.properties.prices.items.oneOf.map(({ $ref }: { $ref: string }) => schema.$defs[$ref.slice(8)]);
  const ofKind = (kind: RateKind) => rates.filter(({ properties }) => properties.kind.enum!.includes(kind));

  test.each(Object.values(RateKind))('%s has one shape, with the units and the fields that the price book asks for', (kind) => {
    const [rate, ...others] = ofKind(kind);
    expect(others).toEqual([]);
    expect([...rate.properties.unit.enum!].sort()).toEqual([...UNITS_OF_KIND[kind]].sort());
    expect([...rate.required].sort()).toEqual(['model', 'kind', 'usd', 'unit', ...(REQUIRED_WITH_KIND[kind] ?? [])].sort());
    expect(rate.additionalProperties).toBe(false);
  });

  test.each([
    [RateKind.INPUT, 'customModel'], [RateKind.OUTPUT_IMAGE, 'customModel'], [RateKind.IMAGE, 'policy'], [RateKind.IMAGE, 'resolution'],
    [RateKind.CUSTOM_MODEL_UNIT, 'architecture'], [RateKind.CUSTOM_MODEL_UNIT_STORAGE, 'architecture'],
  ])('%s can be distinguished by its %s', (kind, field) => {
    expect(ofKind(kind)[0].properties).toHaveProperty(field);
  });

  test('are all known to the price book, and no others', () => {
    expect(rates.flatMap(({ properties }) => properties.kind.enum!).sort()).toEqual([...USAGE_FILE_RATE_KINDS].sort());
  });
});

test('every type refuses unknown fields, also in low and high', () => {
  for (const type of WORKLOAD_TYPES) {
    expect(schema.$defs[type].additionalProperties).toBe(false);
    expect(schema.$defs[`${type}-fields`].additionalProperties).toBe(false);
  }
});

test('rates of your own are taken over, of every kind', () => {
  const { rates } = parseUsageFile(file(CHAT, [
    'version: 1', 'prices:',
    '  - { model: m, kind: input, usd: "0.01102", unit: 1K tokens }',
    '  - { model: m, kind: output-image, usd: 40.10, unit: 1M tokens }',
    '  - { model: "*", kind: node-transition, usd: "0.035", unit: 1K transitions }',
    '  - { model: "*", kind: custom-model-unit, customModelUnitVersion: "1.0", architecture: Llama, usd: "0.05", unit: minute }',
    '  - { model: "*", kind: image, policy: content-image, usd: "0.001", unit: image }',
  ].join('\n')), 'u');
  expect(rates).toEqual([
    { model: 'm', kind: 'input', usd: '0.01102', unit: '1K tokens' },
    { model: 'm', kind: 'output-image', usd: '40.10', unit: '1M tokens' },
    { model: '*', kind: 'node-transition', usd: '0.035', unit: '1K transitions' },
    { model: '*', kind: 'custom-model-unit', customModelUnitVersion: '1.0', architecture: 'Llama', usd: '0.05', unit: 'minute' },
    { model: '*', kind: 'image', policy: 'content-image', usd: '0.001', unit: 'image' },
  ]);
});

test.each([['', undefined], ['allowDerivedRates: false', false], ['allowDerivedRates: true', true]])('derived rates: "%s" is read as %s', (line, allowed) => {
  expect(parseUsageFile(file(CHAT, `version: 1\n${line}`), 'u').allowDerivedRates).toBe(allowed);
});

test('-0 is 0', () => {
  const [{ usage }] = parseUsageFile(file('{ name: a, type: flow, nodeTransitionsPerMonth: -0.0 }'), 'u').workloads;
  expect(Object.is(usage.nodeTransitionsPerMonth, 0)).toBe(true);
});

test('fails for an unknown field with the nearest one', () => {
  expect(problems(file('{ name: a, type: batch, model: m, jobsPerMonth: 1, recordsPerJob: 1, inputTokenPerRecord: 1, outputTokensPerRecord: 1 }'))).toEqual([
    'workloads[0].inputTokenPerRecord is not a known field. Did you mean inputTokensPerRecord?',
  ]);
});

test('fails for a field that is left empty with the name of its workload', () => {
  expect(problems(file('{ name: App/Chat, type: flow, nodeTransitionsPerMonth: }')))
    .toEqual(['workload "App/Chat": nodeTransitionsPerMonth must be a number of 0 or more, got null. Fill it in.']);
});

test.each([
  ['-1', '-1'], ['.nan', 'NaN'], ['.inf', 'Infinity'], ['-.inf', '-Infinity'], ['1e400', 'Infinity'], ['"5"', '"5"'], ['9007199254740993', '9007199254740992'], ['[1]', '[1]'],
])('fails for a number of %s', (value, shown) => {
  expect(problems(file(`{ name: a, type: flow, nodeTransitionsPerMonth: ${value} }`)))
    .toEqual([`workloads[0].nodeTransitionsPerMonth must be a number ${Number(shown) > 9007199254740991 ? 'from 0 to 9007199254740991' : 'of 0 or more'}, got ${shown}.`]);
});

test.each([
  ['an empty file', '', /^is empty. Write version: 1 and workloads.$/],
  ['nothing but a comment', '# later\n', /^is empty. Write version: 1 and workloads.$/],
  ['another version', file(CHAT, 'version: 2'), /^version must be 1, got 2\.$/],
  ['no version', file(CHAT, 'region: us-east-1'), /^version is required\.$/],
  ['no workload', 'version: 1\nworkloads: []\n', /^workloads must be a list with at least one entry, got \[\]\.$/],
  ['a policy by the name that CloudFormation has for it', file('{ name: a, type: guardrail, policies: [content], textsPerMonth: 1, charactersPerText: 1 }'), /^workloads\[0\]\.policies\[0\] must be one of automated-reasoning, checks-content-filter, checks-prompt-attack, checks-sensitive-information, content-image, content-text, contextual-grounding, denied-topics, sensitive-information, sensitive-information-regex, got "content"\. Did you mean content-text\?$/],
  ['a type that does not exist', file('{ name: a, type: on-demnd }'), new RegExp(`^workloads\\[0\\]\\.type must be one of ${WORKLOAD_TYPES.join(', ')}, got "on-demnd"\\. Did you mean on-demand\\?$`)],
  ['no type', file('{ name: a }'), new RegExp(`^workloads\\[0\\]\\.type is required\\. Set one of ${WORKLOAD_TYPES.join(', ')}\\.`)],
  ['a field that is missing', file('{ name: a, type: provisioned-throughput, model: m }'), /^workloads\[0\]\.modelUnits is required for the type provisioned-throughput\.$/],
  ['requests of nothing', file('{ name: a, type: on-demand, model: m, requestsPerMonth: 9 }'), /workloads\[0\] must have at least one of the fields inputTokensPerRequest, outputTokensPerRequest, cacheReadTokensPerRequest, cacheWriteTokensPerRequest, imagesPerRequest, documentImagesPerRequest, audioSecondsPerRequest, videoSecondsPerRequest, inputImageTokensPerRequest, inputAudioTokensPerRequest, inputVideoTokensPerRequest, outputImageTokensPerRequest\./],
  ['hours that no month has', file(CHAT, 'version: 1\nhoursPerMonth: 745'), /^hoursPerMonth must be a number above 0 and at most 744, got 745\.$/],
  ['a month without hours', file(CHAT, 'version: 1\nhoursPerMonth: 0'), /^hoursPerMonth must be a number above 0 and at most 744, got 0\.$/],
  ['a workload in a month without hours', file(CHAT.replace(' }', ', hoursPerMonth: 0 }')), /^workloads\[0\]\.hoursPerMonth must be a number above 0 and at most 744, got 0\.$/],
  ['derived rates that are neither allowed nor not', file(CHAT, 'version: 1\nallowDerivedRates: "no"'), /^allowDerivedRates must be true or false, got "no"\.$/],
  ['an image that goes in by the second', file(CHAT, 'version: 1\nprices: [{ model: m, kind: input-image, usd: "1", unit: second }]'), /^prices\[0\]\.unit must be one of 1K tokens, 1M tokens, image, got "second"\./],
  ['no model units', file('{ name: a, type: provisioned-throughput, model: m, modelUnits: 0 }'), /^workloads\[0\]\.modelUnits must be a whole number of 1 or more, got 0\.$/],
  ['half a model unit', file('{ name: a, type: provisioned-throughput, model: m, modelUnits: 1.5 }'), /^workloads\[0\]\.modelUnits must be a whole number of 1 or more, got 1\.5\.$/],
  ['no model units in a slow month', file('{ name: a, type: provisioned-throughput, model: m, modelUnits: 1, low: { modelUnits: 0 } }'), /^workloads\[0\]\.low\.modelUnits must be a whole number of 1 or more, got 0\./],
  ['a name with control characters', file('{ name: "a\\u001b[31m", type: flow, nodeTransitionsPerMonth: 1 }'), /^workloads\[0\]\.name must be a text of 1 to 300 characters on one line, got "a\\u001b\[31m"\./],
  ['a name that stands twice', `${file(CHAT)}  - ${CHAT}\n`, /^workloads\[1\]\.name must differ from that of workloads\[0\], got "chat"\.$/],
  ['a key that stands twice', 'version: 1\nworkloads:\n  - name: a\n    name: b\n', /^line 4: the field "name" is given twice. Keep one of them.$/],
  ['YAML that ends too early', 'version: 1\nworkloads: [\n', /^line 3, column 1: not valid YAML or JSON/],
  ['two documents', 'version: 1\n---\nversion: 1\n', /^line 2: holds several YAML documents, separated by "---". Keep one document in a file.$/],
  ['a tag of a language', 'version: !ruby/object x\nworkloads: []\n', /Unresolved tag/],
  ['a latency that its tier is not sold with', file(CHAT.replace(' }', ', latency: optimized, serviceTier: flex }')), /^workloads\[0\]\.latency must be "standard" with serviceTier "flex", got "optimized"\./],
  ['a unit hour without its commitment', file(CHAT, 'version: 1\nprices: [{ model: m, kind: model-unit-hour, usd: "1", unit: hour, customModel: false }]'), /^prices\[0\]\.commitmentDuration is required for the kind model-unit-hour\./],
  ['a unit hour that leaves custom models open', file(CHAT, 'version: 1\nprices: [{ model: m, kind: model-unit-hour, usd: "1", unit: hour, commitmentDuration: none }]'), /^prices\[0\]\.customModel is required for the kind model-unit-hour\./],
  ['a price that is not written as digits', file(CHAT, 'version: 1\nprices: [{ model: m, kind: input, usd: 2e-3, unit: 1K tokens }]'), /^prices\[0\].usd must be written as digits, got 0.002. Write it as a text such as usd: "0.0008".$/],
  ['merge keys', file('{ <<: { a: 1 }, name: a }'), /^line \d+: YAML merge keys \(<<\) are not supported. Write the fields out in each entry.$/],
  ['a region in capitals', file(CHAT, 'version: 1\nregion: US-EAST-1'), /^region must be an AWS region, got "US-EAST-1". Did you mean us-east-1\?$/],
  ['a region that misses a hyphen', file('{ name: a, type: flow, region: us-east1, nodeTransitionsPerMonth: 1 }'), /^workloads\[0\].region must be an AWS region, got "us-east1". Did you mean us-east-1\?$/],
  ['a region of a rate that is none', file(CHAT, 'version: 1\nprices: [{ model: m, kind: input, usd: 2, unit: 1K tokens, region: Ohio }]'), /^prices\[0\].region must be an AWS region, got "Ohio"./],
  ['a unit of another kind', file(CHAT, 'version: 1\nprices: [{ model: m, kind: input, usd: "1", unit: hour }]'), /^prices\[0\]\.unit must be one of 1K tokens, 1M tokens, got "hour"\./],
])('fails for %s', (_, text, message) => {
  expect(problems(text)[0]).toMatch(message);
});

test('fails with a line for each problem, each with the name of the file', () => {
  const text = file('{ name: a, type: flow, nodeTransitionsPerMonth: -1, x: 1 }', 'version: 3');
  expect(() => parseUsageFile(text, 'usage.yml')).toThrow(/^usage.yml: version.*\nusage.yml: workloads\[0\].x.*\nusage.yml: workloads\[0\].nodeTransitionsPerMonth.*$/);
});

describe('hostile files', () => {
  const repeat = (name: string, of: string) => `${name}: &${name} [${Array(9).fill(of).join(', ')}]\n`;
  test.each([
    ['an alias bomb', repeat('a', 'x') + repeat('b', '*a') + repeat('c', '*b') + repeat('d', '*c') + repeat('e', '*d'), /Excessive alias count/],
    ['a value that contains itself', 'version: 1\nworkloads: &w [*w]\n', /^has an alias that makes a value contain itself. Write the values out, without aliases.$/],
    ['one that contains itself further down', 'version: 1\nworkloads: [{ name: a, type: flow, usage: &u { more: [{ again: *u }] } }]\n', /contain itself/],
    ['50 MB', 'a'.repeat(50_000_000), /^must be at most 2000000 characters, got 50000000. Split/],
    ['lists in lists in lists', '['.repeat(50_000), /^must not be nested more than 64 levels deep./],
    ['keys of the prototype', 'version: 1\n__proto__: { workloads: [] }\nconstructor: 1\nworkloads: []\n', /^__proto__ is not a known field\. The fields are \$schema, version, region, hoursPerMonth, allowDerivedRates, prices, workloads\./],
  ])('fails for %s', (_, text, message) => {
    expect(problems(text)[0]).toMatch(message);
    expect(({} as { workloads?: unknown }).workloads).toBeUndefined();
  });

  test('fails for thousands of problems with the first ones', () => {
    const text = `version: 1\nworkloads:\n${Array.from({ length: 2000 }, (_, i) => `  - { name: a${i}, type: flow, nodeTransitionsPerMonth: -1 }`).join('\n')}`;
    expect(() => parseUsageFile(text, 'u')).toThrow(/u: and 1975 more problems\.$/);
  });
});
