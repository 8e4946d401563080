import { firstRate, listed, Listing, marketplace, NOVA_2_LITE_INPUT, reasonOf, scopesOf } from './listed';
import { Attributes, ListedSku } from '../../src/price-list/listed-sku';

describe('tokens', () => {
  const nova = (dimension: string, inferenceType?: string): Attributes => (
    { usagetype: `USE1-Nova2.0Lite-${dimension}`, model: 'Nova 2.0 Lite', ...(inferenceType === undefined ? {} : { inferenceType }) }
  );

  test.each([
    ['input-tokens', 'Input tokens', { kind: 'input' }],
    ['input-tokens', undefined, { kind: 'input' }],
    ['output-tokens', 'Output tokens', { kind: 'output' }],
    ['input-tokens-flex', 'Input tokens flex', { kind: 'input', tier: 'flex' }],
    ['output-tokens-priority', 'Output tokens priority', { kind: 'output', tier: 'priority' }],
    ['output-tokens-batch', 'Output tokens', { kind: 'output', tier: 'batch' }],
    ['cache-read-input-token-count', 'Prompt cache read input tokens', { kind: 'cache-read' }],
    ['cache-read-input-token-count-flex', 'Prompt cache read input tokens flex', { kind: 'cache-read', tier: 'flex' }],
    ['cache-write-input-token-count', 'Prompt cache write input tokens', { kind: 'cache-write-5m' }],
    ['cache-write-input-token-count-1h', undefined, { kind: 'cache-write-1h' }],
    ['cache-write-tokens-30m', 'Cache write tokens 30m', { kind: 'cache-write-30m' }],
    ['input-image-token-count', 'Input Image Token Count', { kind: 'input-image' }],
    ['input-audio-token-count', 'Input Audio Token Count', { kind: 'input-audio' }],
    ['input-video-token-count', 'Input Video Token Count', { kind: 'input-video' }],
    ['output-image-token-count', 'Output Image Token Count', { kind: 'output-image' }],
    ['input-token-count-long-context', 'Input token count long context', { kind: 'input', context: 'long' }],
    ['output-token-count-long-context-cross-region-global', 'Output token count long context', { kind: 'output', context: 'long', scope: 'global' }],
  ])('%s (%s)', (dimension, inferenceType, expected) => {
    expect(firstRate(listed(nova(dimension, inferenceType)))).toEqual({ model: 'amazon.nova-2-lite-v1:0', usd: '0.00033', unit: '1K tokens', scope: 'in-region', ...expected });
  });

  test('speech and text of a speech model', () => {
    const sonic = (dimension: string, inferenceType: string) => listed({ usagetype: `USE1-NovaSonic2.0-${dimension}`, inferenceType, model: 'Nova Sonic 2.0' });
    expect(firstRate(sonic('speech-input-tokens', 'Speech Input Tokens'))).toMatchObject({ kind: 'input-speech' });
    expect(firstRate(sonic('speech-output-tokens', 'Speech Output Tokens'))).toMatchObject({ kind: 'output-speech' });
    expect(firstRate(sonic('text-input-tokens', 'Text Input Tokens'))).toMatchObject({ kind: 'input' });
  });

  test('the key of a model is no part of the price', () => {
    expect(firstRate(listed({ usagetype: 'USE1-TitanEmbeddingsG1-Image-input-tokens', inferenceType: 'Input tokens', model: 'TitanEmbeddingsG1-Image' }))).toMatchObject({ kind: 'input' });
  });

  test.each([
    ['serviceTier', { serviceTier: 'priority' }],
    ['service_tier', { service_tier: 'priority' }],
  ])('%s states the tier', (_, tier) => {
    expect(firstRate(listed({ ...NOVA_2_LITE_INPUT, ...tier }))).toMatchObject({ tier: 'priority' });
  });

  test('tokenType states the kind', () => {
    expect(firstRate(listed({ ...NOVA_2_LITE_INPUT, tokenType: 'Input Tokens' }))).toMatchObject({ kind: 'input' });
  });

  test('of two attributes, the more specific one wins', () => {
    expect(firstRate(listed({ ...nova('cache-read-input-token-count', 'Input token count'), featuretype: 'Prompt cache read' }))).toMatchObject({ kind: 'cache-read' });
  });

  test.each([
    ['usagetype and inferenceType contradict each other in the direction', nova('input-tokens', 'Output tokens')],
    ['usagetype and service_tier contradict each other in the tier', { ...nova('input-tokens-flex'), service_tier: 'batch' }],
    ['inferenceType: unknown word "turbo"', nova('input-tokens', 'Input tokens turbo')],
    ['usagetype: unknown word "newthing"', nova('cache-read-newthing-input-token-count', 'Prompt cache read input tokens')],
    ['usagetype: unknown word "turbo"', nova('input-tokens-turbo', 'Input tokens')],
    ['feature: unknown word "evaluation"', { ...nova('input-tokens', 'Input tokens'), feature: 'Evaluation' }],
    ['crossRegion: unknown word "elsewhere"', { ...nova('input-tokens'), crossRegion: 'Elsewhere' }],
    ['tokens of an unknown kind', nova('output-video-token-count', 'Output Video Token Count')],
    ['tokens of an unknown kind', nova('input-tokens-1h')],
    ['no model name', { usagetype: 'USE1-Nova2.0Lite-input-tokens', inferenceType: 'Input tokens' }],
    ['of no known family', { usagetype: 'USE1-Nova2.0Lite-thoughts', model: 'Nova 2.0 Lite' }],
  ])('%s: not understood', (reason, attributes) => {
    expect(reasonOf(listed(attributes))).toEqual({ notUnderstood: reason });
  });
});

describe('tokens of the Marketplace', () => {
  test.each([
    ['OutputTokenCount', 'Million Response Tokens', { kind: 'output', scope: 'in-region' }],
    ['OutputTokenCount_Global', 'Million Response Tokens Global', { kind: 'output', scope: 'global' }],
    ['InputTokenCount_Batch', 'Million Batch Input Tokens Regional', { kind: 'input', tier: 'batch', scope: 'in-region' }],
    ['InputTokenCount_Global_Batch', 'Million Batch Input Tokens Global', { kind: 'input', tier: 'batch', scope: 'global' }],
    ['CacheReadInputTokenCount', 'Million Cache Read Input Tokens', { kind: 'cache-read', scope: 'in-region' }],
    ['CacheWriteInputTokenCount', 'Million Cache Write Input Tokens', { kind: 'cache-write-5m', scope: 'in-region' }],
    ['CacheWrite1hInputTokenCount_Global', 'Million 1 hour Cache Write Input Tokens Global', { kind: 'cache-write-1h', scope: 'global' }],
    ['CacheReadInputTokenCount_LCtx', 'Million Cache Read Input Tokens Long Context', { kind: 'cache-read', context: 'long', scope: 'in-region' }],
    ['input_tokens_standard', 'Million Input Tokens Standard', { kind: 'input', scope: 'in-region' }],
    ['cache_write_tokens_1h_long_ctx_global_standard', 'Million Cache Write Tokens (1h TTL) Long Context - Standard, Global', { kind: 'cache-write-1h', context: 'long', scope: 'global' }],
  ])('%s', (dimension, described, expected) => {
    expect(firstRate(marketplace(dimension, described, '3.3'))).toEqual({ model: 'anthropic.claude-haiku-4-5-20251001-v1:0', usd: '3.3', unit: '1M tokens', ...expected });
  });

  test('a description of another direction or tier is a contradiction', () => {
    expect(reasonOf(marketplace('OutputTokenCount', 'Million Input Tokens', '1'))).toEqual({ notUnderstood: 'attributes and description contradict each other in the direction' });
    expect(reasonOf(marketplace('InputTokenCount', 'Million Fast Input Tokens', '1'))).toEqual({ notUnderstood: 'description: unknown word "fast"' });
  });
});

describe('provisioned throughput', () => {
  const units = (usagetype: string, more: Attributes = {}, price: Listing = {}) => listed({ usagetype, model: 'Nova Lite', ...more }, { unit: 'hour', usd: '60.5', ...price });

  test.each([
    ['USE1-NovaLite-ProvisionedThroughput-NoCommit-ModelUnits', {}, { commitmentDuration: 'none', customModel: false }],
    ['USE1-NovaLite-ProvisionedThroughput-1month-ModelUnits', { feature: 'Provisioned Throughput Inference - 1 month' }, { commitmentDuration: 'one-month', customModel: false }],
    ['USE1-NovaLite-ProvisionedThroughput-6month-ModelUnits', { feature: 'Provisioned Throughput Inference - 6 months' }, { commitmentDuration: 'six-months', customModel: false }],
    ['USE1-NovaLite-ProvisionedThroughput-NoCommit-ModelUnits-custom-model', { feature: 'Provisioned Throughput Inference - no commitment' }, { commitmentDuration: 'none', customModel: true }],
    ['USE1-MP:USE1_ProvisionedThroughput_6MonthsCommit_CustomModel_ModelUnits_Usage-Units', {}, { commitmentDuration: 'six-months', customModel: true }],
    // The Marketplace's own spellings: base models as in AWS's list of us-west-2 of 2026-09-25, custom models with the word in front.
    ['USW2-MP:USW2_ProvisionedThroughput_NoCommit_ModelUnits_Usage-Units', {}, { commitmentDuration: 'none', customModel: false }],
    ['USW2-MP:USW2_ProvisionedThroughput_1MonthCommit_ModelUnits_Usage-Units', {}, { commitmentDuration: 'one-month', customModel: false }],
    ['USW2-MP:USW2_ProvisionedThroughput_6MonthsCommit_ModelUnits_Usage-Units', {}, { commitmentDuration: 'six-months', customModel: false }],
    ['USW2-MP:USW2_ProvisionedThroughput_1MonthCommit-Units', {}, { commitmentDuration: 'one-month', customModel: false }],
    ['USE1-MP:USE1_CustomModel_ProvisionedThroughput_NoCommit-Units', {}, { commitmentDuration: 'none', customModel: true }],
    ['USE1-MP:USE1_CustomModel_ProvisionedThroughput_1MonthCommit-Units', {}, { commitmentDuration: 'one-month', customModel: true }],
    ['USE1-MP:USE1_CustomModel_ProvisionedThroughput_6MonthsCommit-Units', {}, { commitmentDuration: 'six-months', customModel: true }],
    ['MP:USE1_CustomModel_ProvisionedThroughput_6MonthCommit_ModelUnits_Usage-Units', {}, { commitmentDuration: 'six-months', customModel: true }],
  ])('%s', (usagetype, more, expected) => {
    expect(firstRate(units(usagetype, more))).toEqual({ model: 'amazon.nova-lite-v1:0', kind: 'model-unit-hour', usd: '60.5', unit: 'hour', ...expected });
  });

  test.each([
    ['usagetype and feature contradict each other in the commitment', units('USE1-NovaLite-ProvisionedThroughput-1month-ModelUnits', { feature: 'Provisioned Throughput Inference - 6 months' })],
    ['provisioned throughput: unknown usagetype', units('USE1-NovaLite-ProvisionedThroughput-1year-ModelUnits')],
    ['unit month: unknown for model units', units('USE1-NovaLite-ProvisionedThroughput-NoCommit-ModelUnits', {}, { unit: 'month' })],
    ['unit Units: unknown for model units', units('USE1-MP:USE1_ProvisionedThroughput_NoCommit_ModelUnits_Usage-Units', {}, { unit: 'Units' })],
    ...[
      'ProvisionedThroughput_3MonthsCommit_ModelUnits_Usage', 'CustomModel_ProvisionedThroughput_1YearCommit', 'ProvisionedThroughput_Commit',
      'Distilled_ProvisionedThroughput_1MonthCommit', 'CustomModel_ProvisionedThroughput_1MonthCommit_LongContext', 'ProvisionedThroughput_1MonthCommit_Tokens',
    ].map((dimension): [string, ListedSku] => ['provisioned throughput: unknown usagetype', units(`USE1-MP:USE1_${dimension}-Units`)]),
    ['usagetype and description contradict each other in the commitment',
      units('USE1-MP:USE1_CustomModel_ProvisionedThroughput_1MonthCommit-Units', {}, { description: 'AWS Marketplace software usage|us-east-1|6 Months Commit per hour' })],
    ['provisioned throughput: the model unit is not the model', units('USE1-NovaLite-ProvisionedThroughput-NoCommit-ModelUnits', { modelUnit: 'Nova Lite 300K' })],
  ])('%s: not understood', (reason, sku) => {
    expect(reasonOf(sku)).toEqual({ notUnderstood: reason });
  });
});

test('a Marketplace row of model units names its model in servicename and the hour in its unit or its description', () => {
  // AWS's list of us-west-2 of 2026-09-25: Claude 3.7 Sonnet, one month, $158.40 per hour.
  const dimension = 'ProvisionedThroughput_1MonthCommit_ModelUnits_Usage';
  const expected = { model: 'anthropic.claude-3-7-sonnet-20250219-v1:0', kind: 'model-unit-hour', usd: '158.4', unit: 'hour', commitmentDuration: 'one-month', customModel: false };
  const sku = (unit: string, described: string) => marketplace(dimension, described, '158.4000000000', 'Claude 3.7 Sonnet (Amazon Bedrock Edition)', unit);
  expect(firstRate(sku('hour', 'Provisioned Throughput 1 Month Commit'))).toEqual(expected);
  expect(firstRate(sku('Units', 'Per Hour per Model Unit 1 Month Commit'))).toEqual(expected);
  expect(reasonOf(sku('Units', 'Provisioned Throughput 1 Month Commit'))).toEqual({ notUnderstood: 'unit Units: unknown for model units' });
});

describe('managed knowledge bases', () => {
  const row = (usage: string, usd: string, unit: string, more: Attributes = {}, price: Listing = {}) => listed(
    { usagetype: `USE1-${usage}`, type: 'Consumption-based', ...more }, { offerCode: 'AmazonBedrockAgentCore', usd, unit, ...price },
  );

  // AWS's Price List of 2026-08: $5 per GB-month, $0.001 per retrieval ($1 per 1,000), $0.004 per agentic one ($4 per 1,000).
  test.each([
    ['Knowledge-Base:Consumption-based:Storage', '5.0000000000', 'GB-Month', { kind: 'index-storage', usd: '5', unit: 'GB-month' }],
    ['Knowledge-Base:Consumption-based:Retrieval', '0.0010000000', 'Queries', { kind: 'retrieval', usd: '1', unit: '1K requests' }],
    ['Knowledge-Base:Consumption-based:AgenticRetrieval', '0.0040000000', 'Queries', { kind: 'agentic-retrieval', usd: '4', unit: '1K requests' }],
  ])('%s', (usage, usd, unit, expected) => {
    expect(firstRate(row(usage, usd, unit))).toEqual({ model: '*', ...expected });
    expect(firstRate(row(usage, usd, unit, { resource: '', operation: '' }))).toEqual({ model: '*', ...expected });
  });

  test.each([
    ['knowledge base: unknown usagetype', row('Knowledge-Base:Consumption-based:Parsing', '1', 'Pages')],
    ['knowledge base: unknown usagetype', row('Knowledge-Base:Instance-based:Storage', '1', 'GB-Month')],
    ['usagetype and type contradict each other', row('Knowledge-Base:Consumption-based:Storage', '5', 'GB-Month', { type: 'Instance-based' })],
    ['usagetype and resource contradict each other', row('Knowledge-Base:Consumption-based:Retrieval', '0.001', 'Queries', { resource: 'Rerank' })],
    ['unit Queries: unknown for the storage of knowledge bases', row('Knowledge-Base:Consumption-based:Storage', '5', 'Queries')],
    ['unit GB-Hours: unknown for the storage of knowledge bases', row('Knowledge-Base:Consumption-based:Storage', '5', 'GB-Hours')],
    ['unit GB-Month: unknown for retrievals', row('Knowledge-Base:Consumption-based:Retrieval', '5', 'GB-Month')],
    ['unit and description contradict each other in the scale', row('Knowledge-Base:Consumption-based:Retrieval', '1', 'Queries', {}, { description: '$1 per 1,000 queries' })],
  ])('%s: not understood', (reason, sku) => {
    expect(reasonOf(sku)).toEqual({ notUnderstood: reason });
  });

  test.each([
    ['Runtime:Consumption-based:vCPU', 'vCPU-Hours'], ['Gateway:Consumption-based:API-Invocations', 'Invocations'],
    ['Memory:Consumption-based:Long-Term-Memory-Storage:Built-in-memory', 'Memory-Stored'], ['WebSearchTool:Consumption-based:Queries', 'Queries'],
  ])('%s is outside of a price book, also where its price depends on the quantity', (usage, unit) => {
    const skipped = { skipped: expect.stringMatching(/^Amazon Bedrock AgentCore apart from managed knowledge bases/) };
    expect(reasonOf(row(usage, '0.0895', unit))).toEqual(skipped);
    expect(reasonOf(row(usage, '0.0895', unit, {}, { endRange: '1000' }))).toEqual(skipped);
    expect(reasonOf(listed({ usagetype: `USE1-${usage}` }, { offerCode: 'AmazonBedrock', unit }))).toHaveProperty('notUnderstood');
  });
});

describe('reserved', () => {
  const reserved = (attributes: Attributes) => listed({ model: 'Claude Sonnet 4.5', ...attributes }, { unit: '1K TPM Hour', usd: '0.99' });
  const usagetype = 'CAN1-Claude4.5Sonnet-reserved-1-month-input-tokens-per-minute';

  test('without a scope it holds in region and through geographic profiles', () => {
    expect(firstRate(reserved({ usagetype, feature: 'Reserved - 1 Month', tokenType: 'Input Tokens Per Minute' })))
      .toEqual({ model: 'anthropic.claude-sonnet-4-5-20250929-v1:0', kind: 'reserved-input', usd: '0.99', unit: '1K TPM hour', termMonths: 1, scope: 'in-region' });
    expect(scopesOf(reserved({ usagetype, crossRegion: 'Geo' }))).toEqual(['geo']);
    expect(scopesOf(marketplace('Reserved_1Month_InputTPM', 'Per Hour per 1K Input TPM Reserved 1 Month Regional', '0.2'))).toEqual(['in-region', 'geo']);
  });

  test.each([
    ['usagetype and feature contradict each other in the term', reserved({ usagetype, feature: 'Reserved - 3 Month' })],
    ['usagetype and tokenType contradict each other in the direction', reserved({ usagetype, tokenType: 'Output Tokens Per Minute' })],
    ['usagetype and crossRegion contradict each other in the scope', reserved({ usagetype: `${usagetype}-cross-region-geo`, crossRegion: 'Global' })],
    ['usagetype and description contradict each other', marketplace('Reserved_1Month_InputTPM_Global', 'Per Hour per 1K Output TPM Reserved 1 Month Global', '0.3')],
    ['unit Units: unknown for reserved tokens a minute', marketplace('Reserved_1Month_InputTPM_Global', 'Input TPM Reserved 1 Month Global', '0.3')],
    ['reserved: unknown usagetype', reserved({ usagetype: 'CAN1-Claude4.5Sonnet-reserved-forever' })],
  ])('%s: not understood', (reason, sku) => {
    expect(reasonOf(sku)).toEqual({ notUnderstood: reason });
  });
});

test.each([
  ['USE1-Nova2.0Lite-Customization-Training', '1K tokens', '0.00378', { kind: 'training', unit: '1K tokens' }],
  ['USE1-NovaCanvas-Customization-Training', 'image', '0.005', { kind: 'training', unit: 'image' }],
  ['USE1-Nova2.0Lite-RFT-Training-Hours', 'hour', '80', { kind: 'training', unit: 'hour' }],
  ['USE1-Nova2.0Lite-Customization-Storage', 'Model/month', '1.95', { kind: 'model-storage', unit: 'month' }],
])('customization: %s', (usagetype, unit, usd, expected) => {
  expect(firstRate(listed({ usagetype, model: 'Nova 2.0 Lite' }, { unit, usd }))).toEqual({ model: 'amazon.nova-2-lite-v1:0', usd, ...expected });
  expect(reasonOf(listed({ usagetype, model: 'Nova 2.0 Lite' }, { unit: 'furlong', usd }))).toEqual({ notUnderstood: expect.stringMatching(/^unit furlong: unknown for /) });
});

test('customization: fails to understand another usagetype or feature', () => {
  expect(reasonOf(listed({ usagetype: 'USE1-NovaLite-Customization-Magic', model: 'Nova Lite' }))).toEqual({ notUnderstood: 'customization: unknown usagetype' });
  expect(reasonOf(listed({ usagetype: 'USE1-NovaLite-Customization-Storage', model: 'Nova Lite', feature: 'On-demand Inference' }))).toEqual({ notUnderstood: 'usagetype and feature contradict each other' });
});

test.each([
  ['Guardrail-TopicPolicyUnitsConsumed', 'denied-topics'],
  ['Guardrail-SensitiveInformationPolicyPaidUnitsConsumed', 'sensitive-information'],
  ['Guardrail-ContextualGroundingPolicyUnitsConsumed', 'contextual-grounding'],
  ['Guardrail-AutomatedReasoningPolicyUnitsConsumed', 'automated-reasoning'],
  ['GuardrailChecks-PromptAttackCheckUnitsConsumed', 'checks-prompt-attack'],
  ['GuardrailChecks-SensitiveInformationCheckUnitsConsumed', 'checks-sensitive-information'],
])('guardrails: %s is %s', (usage, policy) => {
  expect(firstRate(listed({ usagetype: `USE1-${usage}` }, { unit: 'TextUnit', usd: '0.0001' }))).toEqual({ model: '*', kind: 'text-unit', usd: '0.1', unit: '1K text units', policy });
});

test('guardrails: images by the piece, word filters free, an unknown policy or a contradiction not understood', () => {
  expect(firstRate(listed({ usagetype: 'USE1-Guardrail-ContentPolicyImageUnitsConsumed' }, { unit: 'Image', usd: '0.00075' })))
    .toEqual({ model: '*', kind: 'image', usd: '0.00075', unit: 'image', policy: 'content-image' });
  expect(reasonOf(listed({ usagetype: 'USE1-Guardrail-WordPolicyUnitsConsumed' }, { unit: 'TextUnit', usd: '0.0000000000' }))).toEqual({ skipped: 'word filters of a guardrail are free' });
  expect(reasonOf(listed({ usagetype: 'USE1-Guardrail-WordPolicyUnitsConsumed' }, { unit: 'TextUnit', usd: '0.1' }))).toEqual({ notUnderstood: 'guardrail: unknown policy' });
  expect(reasonOf(listed({ usagetype: 'USE1-Guardrail-TopicPolicyUnitsConsumed', policyType: 'GuardrailContent' }, { unit: 'TextUnit' })))
    .toEqual({ notUnderstood: 'usagetype and policyType contradict each other' });
});

describe('media', () => {
  const canvas = { usagetype: 'USE1-NovaCanvas-I2I-2048-Premium', inferenceType: 'I2I 2048 Premium', model: 'Nova Canvas' };
  const ray = { usagetype: 'USW2-Ray-V2-Medfps-HDRes', inferenceType: 'Video', imagequality: 'N/A', imageresolution: 'HD', model: 'Ray v2' };

  test('images by size and quality, videos by resolution', () => {
    expect(firstRate(listed(canvas, { unit: 'image', usd: '0.08' })))
      .toEqual({ model: 'amazon.nova-canvas-v1:0', kind: 'image', usd: '0.08', unit: 'image', resolution: '2048x2048', quality: 'premium', scope: 'in-region' });
    expect(firstRate(listed({ usagetype: 'USE1-NovaReel-T2V-Medfps-HDRes', model: 'Nova Reel' }, { unit: 'Second', usd: '0.08' })))
      .toEqual({ model: 'amazon.nova-reel-v1:0', kind: 'video', usd: '0.08', unit: 'second', resolution: '720p', scope: 'in-region' });
  });

  test.each([
    ['usagetype and inferenceType contradict each other', listed({ ...canvas, inferenceType: 'I2I 1024 Premium' }, { unit: 'image' })],
    ['unit 1K tokens: unknown for images', listed(canvas)],
    ['usagetype and imageresolution contradict each other', listed({ ...ray, imageresolution: 'SD' }, { unit: 'Second' })],
    ['video: unknown resolution SD', listed({ ...ray, usagetype: 'USW2-Ray-V2-Medfps-SDRes', imageresolution: 'SD' }, { unit: 'Second' })],
    ['unit Minute: unknown for videos', listed(ray, { unit: 'Minute' })],
  ])('%s: not understood', (reason, sku) => {
    expect(reasonOf(sku)).toEqual({ notUnderstood: reason });
  });
});

describe('requests', () => {
  test('web grounding: $0.03 for a request is $30 for a thousand', () => {
    expect(firstRate(listed({ usagetype: 'USE1-NovaPremier-nova-grounding', model: 'Nova Premier' }, { unit: 'Requests', usd: '0.0300000000' })))
      .toEqual({ model: 'amazon.nova-premier-v1:0', kind: 'web-grounding', usd: '30', unit: '1K requests', scope: 'in-region' });
  });

  test('rerank: only a description with a scale is understood', () => {
    const servicename = 'Rerank 3.5 (Amazon Bedrock Edition)';
    expect(firstRate(marketplace('search_units', 'Price per 1K search units', '2', servicename)))
      .toEqual({ model: 'cohere.rerank-v3-5:0', kind: 'rerank-query', usd: '2', unit: '1K requests', scope: 'in-region' });
    expect(reasonOf(marketplace('search_units', 'Search units', '0.002', servicename))).toEqual({ notUnderstood: expect.stringMatching(/^unit Units: unknown for rerank-query/) });
  });
});

test('custom model import: contradictions are not understood', () => {
  const row = { usagetype: 'USE1-Llama-CustomModelImport-Inference-v1:0', feature: 'Custom Model Import', featureType: 'Inference', architecture: 'Llama', customModelUnitVersion: 'v1.0' };
  const price = { unit: 'Custom Model Unit per Min', usd: '0.05718' };
  expect(reasonOf(listed({ ...row, featureType: 'Storage' }, price))).toEqual({ notUnderstood: 'usagetype and featureType contradict each other' });
  expect(reasonOf(listed({ ...row, customModelUnitVersion: 'v2.0' }, price))).toEqual({ notUnderstood: 'usagetype and customModelUnitVersion contradict each other' });
  expect(reasonOf(listed(row, { ...price, unit: 'Custom Model Unit per Hour' }))).toEqual({ notUnderstood: 'unit Custom Model Unit per Hour: unknown for custom model import' });
});

test('what a price book has no kind for is skipped by name', () => {
  expect(reasonOf(listed({ usagetype: 'USE1-DataAutomation-Standard-ImagesProcessed' }, { unit: 'image' }))).toEqual({ skipped: expect.stringContaining('Data Automation') });
});
