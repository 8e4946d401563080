import { Attributes, ListedPrice, ListedSku, NameMap } from '../../src/price-list/listed-sku';
import { understand } from '../../src/price-list/understand';
import { Rate } from '../../src/pricing/price-book/rate';

/** The names that the tests need, instead of the generated map. */
export const NAMES: NameMap = {
  'Nova Lite': 'amazon.nova-lite-v1:0',
  'Nova Pro': 'amazon.nova-pro-v1:0',
  'Nova Premier': 'amazon.nova-premier-v1:0',
  'Nova 2.0 Lite': 'amazon.nova-2-lite-v1:0',
  'Nova 2.0 Pro': 'amazon.nova-2-pro-preview-20251202-v1:0',
  'Nova Sonic 2.0': 'amazon.nova-2-sonic-v1:0',
  'Nova Canvas': 'amazon.nova-canvas-v1:0',
  'Nova Reel': 'amazon.nova-reel-v1:0',
  'Titan Text G1 Lite': 'amazon.titan-text-lite-v1',
  'TitanEmbeddingsG1-Image': 'amazon.titan-embed-image-v1',
  'Ministral 8B 3.0': 'mistral.ministral-3-8b-instruct',
  'gpt-oss-120b': 'openai.gpt-oss-120b-1:0',
  'Llama 3.1 70B': 'meta.llama3-1-70b-instruct-v1:0',
  'Llama 3.3 70B': 'meta.llama3-3-70b-instruct-v1:0',
  'Claude 3 Haiku': 'anthropic.claude-3-haiku-20240307-v1:0',
  'Claude 3.5 Sonnet v2': 'anthropic.claude-3-5-sonnet-20241022-v2:0',
  'Claude 3.7 Sonnet': 'anthropic.claude-3-7-sonnet-20250219-v1:0',
  'Claude Sonnet 4': 'anthropic.claude-sonnet-4-20250514-v1:0',
  'Claude Sonnet 4.5': 'anthropic.claude-sonnet-4-5-20250929-v1:0',
  'Claude Sonnet 4.6': 'anthropic.claude-sonnet-4-6',
  'Claude Haiku 4.5': 'anthropic.claude-haiku-4-5-20251001-v1:0',
  'Claude Opus 4': 'anthropic.claude-opus-4-20250514-v1:0',
  'Claude Opus 4.5': 'anthropic.claude-opus-4-5-20251101-v1:0',
  'Ray v2': 'luma.ray-v2:0',
  'Rerank 3.5': 'cohere.rerank-v3-5:0',
  'Qwen3 32B': 'qwen.qwen3-32b-v1:0',
  'Qwen3 Next 80B A3B': 'qwen.qwen3-next-80b-a3b-instruct',
  'qwen3-next-80b-a3b': 'qwen.qwen3-next-80b-a3b',
  'xai.grok-4.3': 'xai.grok-4.3',
};

export interface Listing extends Partial<ListedPrice> {
  readonly sku?: string;
  readonly offerCode?: string;
  readonly publicationDate?: string;
  readonly effectiveDate?: string;
}

/** An SKU of us-east-1 with one price: $0.00033 per 1K tokens since 2026-08-01, unless the arguments specify others. */
export function listed(attributes: Attributes, { sku = 'TESTSKU', offerCode = 'AmazonBedrock', publicationDate = '2026-09-11', effectiveDate = '2026-08-01', ...price }: Listing = {}): ListedSku {
  const prices = [{ unit: '1K tokens', usd: '0.0003300000', currencies: ['USD'], description: '', beginRange: '0', endRange: 'Inf', ...price }];
  return { sku, offerCode, publicationDate, attributes: { regionCode: 'us-east-1', ...attributes }, terms: [{ effectiveDate, prices }] };
}

/** Input tokens of Nova 2 Lite in us-east-1, as AWS lists them. */
export const NOVA_2_LITE_INPUT: Attributes = {
  usagetype: 'USE1-Nova2.0Lite-input-tokens', feature: 'On-demand Inference', inferenceType: 'Input tokens', model: 'Nova 2.0 Lite',
};

/** A row of the Marketplace, which has the model in `servicename` and the scale in the description. */
export function marketplace(dimension: string, described: string, usd: string, servicename = 'Claude Haiku 4.5 (Amazon Bedrock Edition)', unit = 'Units'): ListedSku {
  return listed(
    { usagetype: `USE1-MP:USE1_${dimension}-Units`, servicename },
    { offerCode: 'AmazonBedrockFoundationModels', unit, usd, description: `AWS Marketplace software usage|us-east-1|${described}` },
  );
}

/** The rates of an SKU that has to be understood. */
export function ratesOf(sku: ListedSku): readonly Rate[] {
  const reading = understand(sku, NAMES);
  if (!('understood' in reading)) throw new Error(JSON.stringify(reading));
  return reading.understood.map(({ rate }) => rate);
}

/** Its first rate without what all rates of a row share. */
export function firstRate(sku: ListedSku): Partial<Rate> {
  const { region: _region, asOf: _asOf, source: _source, effectiveDate: _effectiveDate, ...rate } = ratesOf(sku)[0];
  return rate;
}

export function scopesOf(sku: ListedSku): readonly (string | undefined)[] {
  return ratesOf(sku).map(({ scope }) => scope);
}

/** The reason why an SKU has no rate. */
export function reasonOf(sku: ListedSku): { readonly skipped: string } | { readonly notUnderstood: string } {
  const reading = understand(sku, NAMES);
  if ('understood' in reading) throw new Error(`understood as ${JSON.stringify(reading.understood)}`);
  return reading;
}
