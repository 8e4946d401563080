import { firstRate, listed, marketplace, NOVA_2_LITE_INPUT, NAMES, ratesOf, reasonOf, scopesOf } from './listed';
import { PriceListImport } from '../../src/price-list/price-list-import';

const INPUT = { model: 'amazon.nova-2-lite-v1:0', kind: 'input', usd: '0.00033', unit: '1K tokens', scope: 'in-region' };

describe('trap 1: batch is stated only by feature, or only by the suffix of the usagetype', () => {
  test.each([
    ['feature', { ...NOVA_2_LITE_INPUT, feature: 'Batch Inference' }],
    ['usagetype', { ...NOVA_2_LITE_INPUT, usagetype: 'USE1-Nova2.0Lite-input-tokens-batch' }],
  ])('%s', (_, attributes) => {
    expect(firstRate(listed(attributes))).toEqual({ ...INPUT, tier: 'batch' });
  });

  test('a feature of batch and a suffix of another tier contradict each other', () => {
    expect(reasonOf(listed({ ...NOVA_2_LITE_INPUT, usagetype: 'USE1-Nova2.0Lite-input-tokens-flex', feature: 'Batch Inference' })))
      .toEqual({ notUnderstood: 'usagetype and feature contradict each other in the tier' });
  });
});

test('trap 2: a row of a custom model is never the price of the base model', () => {
  // Nova 2 Lite in us-east-1: 0.30 per 1M custom, 0.33 base. The custom row's inferenceType is that of the base row.
  const custom = { ...NOVA_2_LITE_INPUT, usagetype: 'USE1-Nova2.0Lite-input-tokens-custom-model', feature: 'Model Customization' };
  expect(firstRate(listed(custom, { usd: '0.0003000000' }))).toEqual({ ...INPUT, usd: '0.0003', customModel: true });
  expect(firstRate(listed({ ...custom, feature: 'On-demand Inference' }))).toMatchObject({ customModel: true });
  expect(firstRate(listed({ ...NOVA_2_LITE_INPUT, model: 'Llama 3.3 70B Custom' }))).toMatchObject({ model: 'meta.llama3-3-70b-instruct-v1:0', customModel: true });
  expect(reasonOf(listed({ ...NOVA_2_LITE_INPUT, usagetype: 'USE1-Nova2.0LiteDistilled-input-tokens' })))
    .toEqual({ notUnderstood: 'usagetype: the key has words that are not of the model' });
});

describe('trap 3: units are 1,000 times apart', () => {
  test.each([['1K tokens', '1K tokens'], ['1M tokens', '1M tokens'], ['1M Tokens', '1M tokens']])('%s is %s', (unit, expected) => {
    expect(firstRate(listed(NOVA_2_LITE_INPUT, { unit }))).toEqual({ ...INPUT, unit: expected });
  });

  test.each(['tokens', '', 'Units', '1B tokens', 'hour', 'TextUnit'])('the unit %j is not understood for tokens, there is no default', (unit) => {
    expect(reasonOf(listed(NOVA_2_LITE_INPUT, { unit }))).toEqual({ notUnderstood: expect.stringMatching(/^unit /) });
  });

  test('a unit that the description contradicts is not understood', () => {
    expect(reasonOf(listed(NOVA_2_LITE_INPUT, { unit: '1M tokens', description: '$0.00033 per 1K tokens for Nova 2.0 Lite' })))
      .toEqual({ notUnderstood: 'unit and description contradict each other in the scale' });
  });

  test('the scale of a Marketplace row is in its description', () => {
    expect(firstRate(marketplace('InputTokenCount', 'Million Input Tokens', '1.1'))).toMatchObject({ usd: '1.1', unit: '1M tokens' });
    expect(firstRate(marketplace('InputTokenCount', 'thousand Input Tokens', '0.0011'))).toMatchObject({ usd: '0.0011', unit: '1K tokens' });
    expect(firstRate(marketplace('InputTokenCount', 'Price per 1 million input tokens', '1.1'))).toMatchObject({ usd: '1.1', unit: '1M tokens' });
  });

  test('a Marketplace row whose description states no scale is not understood', () => {
    expect(reasonOf(marketplace('input_tokens_global_standard', 'Input Tokens - Standard, Global', '5')))
      .toEqual({ notUnderstood: 'unit Units, and the description states no scale' });
    expect(firstRate(marketplace('input_tokens_global_standard', 'Input Tokens - Standard, Global', '5', undefined, '1M tokens')))
      .toMatchObject({ kind: 'input', usd: '5', unit: '1M tokens', scope: 'global' });
  });

  test('a reserved row with the unit 1M TPM Hour states the price of 1K, and is not understood', () => {
    const row = marketplace('Reserved_1Month_InputTPM_Global', 'Per Hour per 1K Input TPM Reserved 1 Month Global', '0.18', 'Claude Sonnet 4.6 (Amazon Bedrock Edition)', '1M TPM Hour');
    expect(reasonOf(row)).toEqual({ notUnderstood: 'unit 1M TPM Hour: unknown for reserved tokens a minute' });
  });
});

describe('trap 4: a global row shares model and tier with the regional one', () => {
  test('and gives a rate of the scope global alone', () => {
    expect(scopesOf(listed({ ...NOVA_2_LITE_INPUT, usagetype: 'USE1-Nova2.0Lite-input-tokens-cross-region-global' }))).toEqual(['global']);
    expect(scopesOf(marketplace('InputTokenCount_Global', 'Million Input Tokens Global', '1'))).toEqual(['global']);
  });

  test('while a regional row holds for the bare id and for the geographic profiles', () => {
    expect(scopesOf(listed(NOVA_2_LITE_INPUT))).toEqual(['in-region', 'geo']);
    for (const described of ['Million Input Tokens', 'Million Input Tokens Regional', 'Million Input Tokens Regional CRIS']) {
      expect(scopesOf(marketplace('InputTokenCount', described, '1.1'))).toEqual(['in-region', 'geo']);
    }
  });

  test.each([
    ['usagetype of Geo', marketplace('InputTokenCount_Geo', 'Million Input Tokens Regional', '1.1'), ['geo']],
    ['usagetype of Global', marketplace('InputTokenCount_Global', 'Million Input Tokens Regional', '1'), ['global']],
    ['crossRegion Geo', listed({ ...NOVA_2_LITE_INPUT, crossRegion: 'Geo' }), ['geo']],
    ['crossRegion Global', listed({ ...NOVA_2_LITE_INPUT, crossRegion: 'Global' }), ['global']],
    ['cross-region-geo', listed({ ...NOVA_2_LITE_INPUT, usagetype: 'USE1-Nova2.0Lite-input-tokens-cross-region-geo' }), ['geo']],
  ])('%s beats the description', (_, sku, scopes) => {
    expect(scopesOf(sku)).toEqual(scopes);
  });

  test('usagetype and crossRegion must not contradict each other, nor be cross-region alone', () => {
    expect(reasonOf(listed({ ...NOVA_2_LITE_INPUT, usagetype: 'USE1-Nova2.0Lite-input-tokens-cross-region-geo', crossRegion: 'Global' })))
      .toEqual({ notUnderstood: 'usagetype and crossRegion contradict each other in the scope' });
    expect(reasonOf(listed({ ...NOVA_2_LITE_INPUT, usagetype: 'USE1-Nova2.0Lite-input-tokens-cross-region' })))
      .toEqual({ notUnderstood: 'usagetype: cross-region without geo or global' });
  });

  test('a row with the scope geo has precedence over the geo rate of the regional row, in either order', () => {
    const regional = listed(NOVA_2_LITE_INPUT, { sku: 'REGIONAL' });
    const geo = listed({ ...NOVA_2_LITE_INPUT, usagetype: 'USE1-Nova2.0Lite-input-tokens-cross-region-geo' }, { sku: 'GEO', usd: '0.00035' });
    for (const order of [[regional, geo], [geo, regional]]) {
      const rows = new PriceListImport(NAMES);
      order.forEach((sku) => rows.add(sku));
      expect(rows.result().rates.map(({ scope, usd, source }) => [scope, usd, source])).toEqual([
        ['geo', '0.00035', 'price-list-sku:GEO'], ['in-region', '0.00033', 'price-list-sku:REGIONAL'],
      ]);
    }
  });
});

describe('trap 5: $0.00 is real for some kinds and a placeholder for others', () => {
  const placeholder = { skipped: 'a price of $0, which is a placeholder' };

  test('it is real for cache writes of Nova and the regular expressions of a guardrail', () => {
    expect(firstRate(listed({ ...NOVA_2_LITE_INPUT, usagetype: 'USE1-Nova2.0Lite-cache-write-input-token-count', inferenceType: 'Prompt cache write input tokens' }, { usd: '0.0000000000' })))
      .toMatchObject({ kind: 'cache-write-5m', usd: '0' });
    expect(firstRate(listed({ usagetype: 'USE1-Guardrail-SensitiveInformationPolicyFreeUnitsConsumed' }, { unit: 'TextUnit', usd: '0' })))
      .toMatchObject({ policy: 'sensitive-information-regex', usd: '0' });
  });

  test.each([
    ['input tokens', listed(NOVA_2_LITE_INPUT, { usd: '0.0000000000' })],
    ['output tokens', listed({ ...NOVA_2_LITE_INPUT, usagetype: 'USE1-Nova2.0Lite-output-tokens', inferenceType: 'Output tokens' }, { usd: '0' })],
    ['cache reads', listed({ ...NOVA_2_LITE_INPUT, usagetype: 'USE1-Nova2.0Lite-cache-read-input-token-count', inferenceType: 'Prompt cache read input tokens' }, { usd: '0' })],
    ['cache writes of Titan', listed({ usagetype: 'USE1-TitanTextG1-Lite-cache-write-input-token-count', titanModel: 'Titan Text G1 Lite' }, { usd: '0' })],
    ['cache writes of Claude', marketplace('CacheWriteInputTokenCount', 'Million Cache Write Input Tokens', '0.00')],
    ['model units', listed({ usagetype: 'USE1-NovaLite-ProvisionedThroughput-NoCommit-ModelUnits', model: 'Nova Lite' }, { unit: 'hour', usd: '0' })],
    ['another policy of a guardrail', listed({ usagetype: 'USE1-Guardrail-ContentPolicyUnitsConsumed' }, { unit: 'TextUnit', usd: '0' })],
  ])('it is a placeholder for %s', (_, sku) => {
    expect(reasonOf(sku)).toEqual(placeholder);
  });
});

describe('trap 6: the price of a guardrail is for one text unit, and its description states that of 1K', () => {
  const units = { usagetype: 'EUS2-Guardrail-ContentPolicyUnitsConsumed', policyType: 'GuardrailContent' };

  test('0.00015 for one is 0.15 for a thousand', () => {
    expect(firstRate(listed(units, { unit: 'TextUnit', usd: '0.0001500000', description: '$0.15 per 1K text units for ContentPolicyUnitsConsumed in Europe (Spain)' })))
      .toEqual({ model: '*', kind: 'text-unit', usd: '0.15', unit: '1K text units', policy: 'content-text' });
    expect(firstRate(listed({ usagetype: 'USE1-GuardrailChecks-ContentFilterCheckUnitsConsumed' }, { unit: 'TextUnit', usd: '0.00007', description: '$0.00007 per TextUnit' })))
      .toMatchObject({ usd: '0.07', policy: 'checks-content-filter' });
  });

  test('an amount that fits neither is a contradiction', () => {
    expect(reasonOf(listed(units, { unit: 'TextUnit', usd: '0.15', description: '$0.15 per 1K text units for ContentPolicyUnitsConsumed' })))
      .toEqual({ notUnderstood: 'price and description contradict each other' });
  });

  test('another unit is not understood', () => {
    expect(reasonOf(listed(units, { unit: '1K text units', usd: '0.15' }))).toEqual({ notUnderstood: 'unit 1K text units: unknown for guardrails' });
  });
});

test('trap 7: latency-optimized inference is a model of another name', () => {
  const row = { usagetype: 'USE1-Llama3-1-70B-LatencyOptimized-input-tokens', inferenceType: 'Input tokens', model: 'Llama 3.1 70B Latency Optimized' };
  const expected = { model: 'meta.llama3-1-70b-instruct-v1:0', kind: 'input', tier: 'latency-optimized' };
  expect(firstRate(listed(row))).toMatchObject(expected);
  expect(firstRate(listed({ ...row, usagetype: 'USE1-Llama3-1-70B-input-tokens' }))).toMatchObject(expected);
  expect(firstRate(listed({ ...row, model: 'Llama 3.1 70B' }))).toMatchObject(expected);
  expect(firstRate(marketplace('InputTokenCount_LatencyOptimized', 'Million Input Tokens Latency Optimized', '1'))).toMatchObject({ tier: 'latency-optimized' });
});

test('trap 8: the storage of an imported model is for each custom model unit, though its unit is Model/month', () => {
  const row = { usagetype: 'USE1-Llama-CustomModelImport-Storage-v1:0', feature: 'Custom Model Import', featureType: 'Storage', architecture: 'Llama', customModelUnitVersion: 'v1.0' };
  expect(firstRate(listed(row, { unit: 'Model/month', usd: '1.95' })))
    .toEqual({ model: '*', kind: 'custom-model-unit-storage', usd: '1.95', unit: 'month', customModelUnitVersion: '1.0', architecture: 'Llama' });
});

describe('trap 9: no official key joins names to ids', () => {
  test('a name is looked up without case and whitespace', () => {
    expect(firstRate(listed({ ...NOVA_2_LITE_INPUT, model: ' nova  2.0 LITE' }))).toEqual(INPUT);
  });

  test.each(['Nova 2 Lite', 'Nova 2.0 Lite v2', 'Nova 2.0', 'Nova-2.0-Lite'])('the name %s is unknown, and nothing like it is taken', (model) => {
    expect(reasonOf(listed({ ...NOVA_2_LITE_INPUT, model }))).toEqual({ notUnderstood: 'unknown model name' });
  });

  test('the name of a Marketplace row is its servicename', () => {
    expect(firstRate(marketplace('InputTokenCount', 'Million Input Tokens', '15', 'Claude Opus 4 (Amazon Bedrock Edition)'))).toMatchObject({ model: 'anthropic.claude-opus-4-20250514-v1:0' });
    expect(reasonOf(marketplace('InputTokenCount', 'Million Input Tokens', '15', 'Claude Opus 9 (Amazon Bedrock Edition)'))).toEqual({ notUnderstood: 'unknown model name' });
    expect(reasonOf(marketplace('InputTokenCount', 'Million Input Tokens', '15', 'Claude Opus 4'))).toEqual({ notUnderstood: 'no model name' });
  });

  test('two names that differ are not understood', () => {
    expect(reasonOf(listed({ ...NOVA_2_LITE_INPUT, titanModel: 'Titan Text G1 Lite' }))).toEqual({ notUnderstood: 'several model names' });
  });
});

describe('trap 10: bedrock-mantle rows publish every rate twice', () => {
  const runtime = listed({ usagetype: 'USE1-Qwen3-32B-input-tokens', inferenceType: 'Input tokens', model: 'Qwen3 32B' }, { sku: 'RUNTIME', usd: '0.00015' });
  const mantle = (id: string, model: string, usd = '0.00016') => listed(
    { usagetype: `USE1-${id}-mantle-input-tokens-standard`, inferenceType: 'Input tokens', service_tier: 'standard', model }, { sku: 'MANTLE', usd },
  );

  test('a row whose model has an id on the runtime is skipped', () => {
    expect(reasonOf(mantle('qwen.qwen3-32b', 'Qwen3 32B'))).toEqual({ skipped: 'the rate of a runtime model, published a second time for bedrock-mantle' });
    // Also without a name: openai.gpt-oss-120b is an alias of openai.gpt-oss-120b-1:0.
    expect(reasonOf(mantle('openai.gpt-oss-120b', 'gpt-oss 120 billion'))).toEqual({ skipped: 'the rate of a runtime model, published a second time for bedrock-mantle' });
  });

  test('a row of a model that is known by its mantle id is priced', () => {
    expect(firstRate(mantle('xai.grok-4.3', 'xai.grok-4.3'))).toMatchObject({ model: 'xai.grok-4.3', kind: 'input', usd: '0.00016' });
    expect(firstRate(listed({ usagetype: 'USE1-xai.grok-4.3-mantle-output-tokens-global-standard', model: 'xai.grok-4.3' }))).toMatchObject({ kind: 'output', scope: 'global' });
    expect(reasonOf(mantle('zai.glm-99', 'GLM 99'))).toEqual({ notUnderstood: 'unknown model name' });
  });

  test('it never takes the place of a runtime row of the same id, in either order', () => {
    const own = mantle('mistral.ministral-3-8b-instruct', 'Ministral 8B 3.0', '0.0009');
    const ofRuntime = listed({ usagetype: 'USE1-Ministral-3-8b-Instruct-input-tokens', inferenceType: 'Input tokens', model: 'Ministral 8B 3.0' }, { sku: 'RUNTIME', usd: '0.00015' });
    for (const order of [[own, ofRuntime], [ofRuntime, own]]) {
      const rows = new PriceListImport(NAMES);
      order.forEach((sku) => rows.add(sku));
      const { rates, summary } = rows.result();
      expect(rates.map(({ scope, usd }) => [scope, usd])).toEqual([['geo', '0.00015'], ['in-region', '0.00015']]);
      expect(summary).toMatchObject({ skusRead: 2, priced: 1, skipped: 1, conflicting: 0 });
    }
  });

  test('Qwen3 Next 80B A3B has rates of its own on bedrock-mantle, listed under one name with those of the runtime', () => {
    expect(firstRate(mantle('qwen.qwen3-next-80b-a3b-instruct', 'Qwen3 Next 80B A3B'))).toMatchObject({ model: 'qwen.qwen3-next-80b-a3b-instruct' });
    for (const model of ['Qwen3 Next 80B A3B', 'qwen3-next-80b-a3b']) {
      expect(firstRate(listed({ usagetype: 'USE1-Qwen3-Next-80B-A3B-input-tokens', inferenceType: 'Input tokens', model }))).toMatchObject({ model: 'qwen.qwen3-next-80b-a3b' });
    }
    expect(firstRate(runtime)).toMatchObject({ model: 'qwen.qwen3-32b-v1:0' });
  });
});

test('trap 11: the region is that of regionCode, not the prefix of the usagetype', () => {
  const misleading = { ...NOVA_2_LITE_INPUT, usagetype: 'EUW3-Nova2.0Lite-input-tokens', regionCode: 'us-west-2' };
  expect(ratesOf(listed(misleading)).map(({ region }) => region)).toEqual(['us-west-2', 'us-west-2']);
  expect(reasonOf(listed({ ...misleading, regionCode: '' }))).toEqual({ notUnderstood: 'no regionCode' });
});
