import { firstRate, listed, Listing, marketplace, NOVA_2_LITE_INPUT, ratesOf, reasonOf, scopesOf } from './listed';
import { Attributes } from '../../src/price-list/listed-sku';

const notUnderstood = (reason: unknown) => ({ notUnderstood: reason });
const unread = (name: string, value: string) => notUnderstood(`attribute ${name}: ${JSON.stringify(value)} may affect the price`);

describe('a capitalised word in front of input or output', () => {
  const row = (key: string, model = 'Nova Pro') => listed({ usagetype: `USE1-${key}-input-tokens`, model });

  test.each([
    ['NovaPro-Batch', { tier: 'batch' }],
    ['NovaProBatch', { tier: 'batch' }],
    ['NovaPro-Flex', { tier: 'flex' }],
    ['NovaPro-Priority', { tier: 'priority' }],
    ['NovaPro-LatencyOptimized', { tier: 'latency-optimized' }],
    ['NovaPro-Standard', {}],
    ['NovaPro-Global', { scope: 'global' }],
    ['NovaPro-Geo', { scope: 'geo' }],
    ['NovaPro-CrossRegion-Global', { scope: 'global' }],
    ['NovaPro-LongContext', { context: 'long' }],
    ['NovaPro-CustomModel', { customModel: true }],
    ['NovaPro-Image', { kind: 'input-image' }],
  ])('is read: %s', (key, more) => {
    expect(firstRate(row(key))).toEqual({ model: 'amazon.nova-pro-v1:0', kind: 'input', usd: '0.00033', unit: '1K tokens', scope: 'in-region', ...more });
  });

  test.each(['NovaPro-Reserved', 'NovaPro-Provisioned', 'NovaPro-Commit', 'NovaPro-CrossRegion', 'NovaPro-Cache', 'NovaPro-1M', 'NovaPro-FineTuned', 'NovaPro-Evaluation', 'NovaPro-1H', 'NovaPro-Extended'])(
    'or is not understood: %s', (key) => {
      expect(reasonOf(row(key))).toEqual(notUnderstood(expect.any(String)));
    });

  test('and contradicts the text after it', () => {
    expect(reasonOf(listed({ usagetype: 'USE1-NovaPro-Batch-input-tokens-flex', model: 'Nova Pro' }))).toEqual(notUnderstood('usagetype contradicts itself in the tier'));
    expect(firstRate(listed({ usagetype: 'APN1-Claude4Sonnet-LongContext-input-tokens', model: 'Claude Sonnet 4' }))).toMatchObject({ context: 'long' });
  });

  test('is a part of the name when the model is named so', () => {
    expect(firstRate(row('TitanEmbeddingsG1-Image', 'TitanEmbeddingsG1-Image'))).toMatchObject({ kind: 'input' });
    expect(firstRate(row('Llama3-3-70B-Custom', 'Llama 3.3 70B Custom'))).toMatchObject({ customModel: true });
  });
});

describe('an attribute that a family does not read', () => {
  const image: [Attributes, Listing] = [{ usagetype: 'USE1-NovaCanvas-T2I-1024-Standard', model: 'Nova Canvas' }, { unit: 'image' }];
  const video: [Attributes, Listing] = [{ usagetype: 'USE1-NovaReel-T2V-Medfps-HDRes', model: 'Nova Reel' }, { unit: 'second' }];
  const grounding: [Attributes, Listing] = [{ usagetype: 'USE1-NovaPremier-nova-grounding', model: 'Nova Premier' }, { unit: 'Requests' }];
  const units: [Attributes, Listing] = [{ usagetype: 'USE1-NovaLite-ProvisionedThroughput-1month-ModelUnits', model: 'Nova Lite' }, { unit: 'hour' }];
  const guardrail: [Attributes, Listing] = [{ usagetype: 'USE1-Guardrail-TopicPolicyUnitsConsumed' }, { unit: 'TextUnit' }];
  const training: [Attributes, Listing] = [{ usagetype: 'USE1-Nova2.0Lite-Customization-Training', model: 'Nova 2.0 Lite' }, {}];
  const all = { image, video, grounding, units, guardrail, training };
  const cases = Object.entries(all).flatMap(([family, [attributes, price]]) => [['crossRegion', 'Global'], ['crossRegion', 'Geo'], ['serviceTier', 'batch'], ['service_tier', 'priority'], ['contextWindow', '1M'],
    ['group', 'Batch'], ['operation', 'CreateModelInvocationJob'], ['tokenType', 'Output Tokens'], ['featuretype', 'Prompt cache read']].map(([name, value]) => [family, name, value, attributes, price] as const));

  test.each(cases)('of %s is not understood: %s %s', (_, name, value, attributes, price) => {
    expect(ratesOf(listed(attributes, price))).not.toEqual([]);
    expect(reasonOf(listed({ ...attributes, [name]: value }, price))).toEqual(unread(name, value));
  });

  test.each(Object.entries(all))('of %s may state the default', (_, [attributes, price]) => {
    const usual = { crossRegion: 'Regional', serviceTier: 'standard', service_tier: 'Standard', operation: '', provider: 'Amazon', imagequality: 'N/A' };
    expect(ratesOf(listed({ ...attributes, ...usual }, price))).toEqual(ratesOf(listed(attributes, price)));
  });

  test.each([['contextWindow', '1M'], ['group', 'Batch'], ['operation', 'CreateModelInvocationJob'], ['modelUnit', 'Nova 2.0 Lite 300K'], ['imagequality', 'Premium'], ['constructor', 'x']])(
    'of tokens is not understood: %s %s', (name, value) => {
      expect(reasonOf(listed({ ...NOVA_2_LITE_INPUT, [name]: value }))).toEqual(unread(name, value));
    });

  test('of imported models is not understood', () => {
    const row = { usagetype: 'USE1-Llama-CustomModelImport-Storage-v1:0', architecture: 'Llama' };
    expect(reasonOf(listed({ ...row, serviceTier: 'flex' }, { unit: 'Model/month' }))).toEqual(unread('serviceTier', 'flex'));
    expect(reasonOf(listed({ ...row, feature: 'Batch Inference' }, { unit: 'Model/month' }))).toEqual(notUnderstood('usagetype and feature contradict each other'));
  });

  test.each([
    ['imagequality', 'Premium', image], ['imageresolution', '2048', image], ['imagequality', 'Premium', video], ['imageresolution', 'UHD', video],
  ])('and %s %s contradicts the usagetype', (name, value, [attributes, price]) => {
    expect(reasonOf(listed({ ...attributes, [name]: value }, price))).toEqual(notUnderstood(`usagetype and ${name} contradict each other`));
  });

  test('and pictures of a batch job are no standard price', () => {
    expect(reasonOf(listed({ ...image[0], feature: 'Batch Inference' }, image[1]))).toEqual(notUnderstood('media: unknown feature'));
  });

  test.each([['training', 'Nova 2.0 Lite Latency Optimized'], ['training', 'Nova 2.0 Lite Custom'], ['grounding', 'Nova Premier Custom'], ['grounding', 'Nova Premier Latency Optimized']] as const)(
    'and the model name of %s has a suffix: %s', (family, model) => {
      const [attributes, price] = all[family];
      expect(reasonOf(listed({ ...attributes, model }, price))).toEqual(notUnderstood(expect.stringMatching(/: the model name has a suffix$/)));
    });

  test('and a price book would refuse a rate with a dimension that its kind does not depend on', () => {
    expect(reasonOf(listed({ usagetype: 'USE1-NovaSonic2.0-speech-input-tokens-custom-model', model: 'Nova Sonic 2.0' })))
      .toEqual(notUnderstood('customModel true: prices of the kind input-speech do not depend on it'));
  });
});

describe('provisioned throughput', () => {
  const units = (feature: string) => listed({ usagetype: 'USE1-NovaLite-ProvisionedThroughput-1month-ModelUnits', model: 'Nova Lite', feature }, { unit: 'hour' });

  test.each([['1 month', false], ['1 month commitment', false], ['1 month, custom model', true], ['custom models - 1 month', true], ['1-month custom model', true]])(
    'of the feature %s is of a custom model: %s', (feature, customModel) => {
      expect(firstRate(units(`Provisioned Throughput Inference - ${feature}`))).toMatchObject({ commitmentDuration: 'one-month', customModel });
    });

  test.each(['1 month Batch', '1 month - latency optimized', '1 month (300K)'])('of the feature %s is not understood', (feature) => {
    expect(reasonOf(units(`Provisioned Throughput Inference - ${feature}`))).toEqual(notUnderstood('provisioned throughput: the feature has more than the commitment'));
  });
});

describe('a text of the list that is also a name of the language', () => {
  test.each(['constructor', '__proto__', 'toString', 'valueOf'])('%s is no unit', (unit) => {
    expect(reasonOf(listed(NOVA_2_LITE_INPUT, { unit }))).toEqual(notUnderstood(`unit ${unit}: unknown for tokens`));
    expect(reasonOf(listed({ usagetype: 'USE1-NovaPremier-nova-grounding', model: 'Nova Premier' }, { unit }))).toEqual(notUnderstood(expect.stringMatching(/^unit /)));
    expect(reasonOf(listed({ ...NOVA_2_LITE_INPUT, inferenceType: `Input tokens ${unit.toLowerCase()}` }))).toEqual(notUnderstood(expect.stringMatching(/^inferenceType: unknown word/)));
  });
});

test.each(['2026-13-45', '2026-02-31', '2026-09-11 noon', ''])('fails on the effectiveDate %j', (effectiveDate) => {
  expect(reasonOf(listed(NOVA_2_LITE_INPUT, { effectiveDate }))).toEqual(notUnderstood(`effectiveDate ${JSON.stringify(effectiveDate)}: not a day of the calendar`));
});

test.each(['useast1', 'US-EAST-1', 'us-east', 'global', 'us-east-1 '])('fails on the regionCode %j', (regionCode) => {
  expect(reasonOf(listed({ ...NOVA_2_LITE_INPUT, regionCode }))).toEqual(notUnderstood(`regionCode ${JSON.stringify(regionCode)}: no region`));
});

test('an imported architecture has the name of the price book', () => {
  const row = (attributes: Attributes) => listed({ usagetype: 'USE1-MLlama-CustomModelImport-Storage-v1:0', ...attributes }, { unit: 'Model/month' });
  for (const attributes of [{ architecture: 'MLlama' }, { architecture: 'MLlama', architectureName: 'Multimodal Llama' }, { architectureName: 'Multimodal Llama' }] as Attributes[]) {
    expect(firstRate(row(attributes))).toMatchObject({ architecture: 'Multimodal Llama' });
  }
  expect(reasonOf(row({}))).toEqual(notUnderstood('custom model import: no architecture'));
});

test('a price in dollars that is not a text is distinguished from one in other currencies', () => {
  expect(reasonOf(listed(NOVA_2_LITE_INPUT, { usd: undefined }))).toEqual(notUnderstood('a price in USD that is not a text'));
  expect(reasonOf(listed(NOVA_2_LITE_INPUT, { usd: undefined, currencies: ['CNY'] }))).toEqual(notUnderstood('no price in USD, only in CNY'));
});

test('a Marketplace row is read as before', () => {
  expect(scopesOf(marketplace('InputTokenCount_Global', 'Million Input Tokens Global', '1'))).toEqual(['global']);
});
