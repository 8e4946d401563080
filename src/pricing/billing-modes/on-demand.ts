import { contextOf } from './context';
import { PricingError } from '../../input/error';
import { THOUSAND } from '../decimal';
import { CostEstimate } from '../estimate';
import { checkWorkload, choice, fieldTable, flag, MODEL, oneOf, quantity, REGION, required, requireOneOf } from './field-table';
import { quantityOf } from './input';
import { Demand, PricingRun } from './pricing-run';
import { PriceBook } from '../price-book/price-book';
import { ContextLength, PriceTier, RateKind } from '../price-book/rate';

/** The service tier of on-demand requests: their priority, and their price. */
export enum ServiceTier {
  /** The default tier, at the on-demand price. */
  STANDARD = 'standard',
  /** About half the price, for requests that can wait. */
  FLEX = 'flex',
  /** About 1.75 times the price, served first. */
  PRIORITY = 'priority',
  /** Six times the price, for the fastest output. Only some models have it, such as GPT-6 Astra. */
  ULTRAFAST = 'ultrafast',
}

/** Latency-optimized inference, where a model offers it. */
export enum InferenceLatency {
  /** Standard latency, at the on-demand price. */
  STANDARD = 'standard',
  /** Latency-optimized inference, at its own price. */
  OPTIMIZED = 'optimized',
}

/** The lifetime of a prompt in the prompt cache, on which the price of a cache write depends. */
export enum CacheTtl {
  /** A lifetime of 5 minutes. */
  FIVE_MINUTES = '5m',
  /** A lifetime of 30 minutes. */
  THIRTY_MINUTES = '30m',
  /** A lifetime of one hour. */
  ONE_HOUR = '1h',
}

/**
 * On-demand use in an average month, paid by what each request carries.
 *
 * @see https://docs.aws.amazon.com/bedrock/latest/userguide/inference.html
 */
export interface OnDemandUsage {
  /** Requests a month. */
  readonly requestsPerMonth: number;
  /**
   * Input tokens of one request, without those read from or written to the prompt cache.
   * @default 0
   */
  readonly inputTokensPerRequest?: number;
  /**
   * Output tokens of one request.
   * @default 0
   */
  readonly outputTokensPerRequest?: number;
  /**
   * Tokens of one request that are read from the prompt cache, besides `inputTokensPerRequest`.
   * @default 0
   */
  readonly cacheReadTokensPerRequest?: number;
  /**
   * Tokens of one request that are written to the prompt cache, besides `inputTokensPerRequest`.
   * @default 0
   */
  readonly cacheWriteTokensPerRequest?: number;
  /**
   * The lifetime of cached tokens.
   * @default - the shortest lifetime that the model offers
   */
  readonly cacheTtl?: CacheTtl;
  /**
   * The service tier of the requests.
   * @default ServiceTier.STANDARD
   */
  readonly serviceTier?: ServiceTier;
  /**
   * Latency-optimized inference.
   * @default InferenceLatency.STANDARD
   */
  readonly latency?: InferenceLatency;
  /**
   * Whether a custom model is called, which has prices of its own.
   * @default false
   */
  readonly customModel?: boolean;
  /**
   * Images of one request, for models that price them apart from tokens.
   * @default 0
   */
  readonly imagesPerRequest?: number;
  /**
   * Images of document pages of one request, for models that price them apart.
   * @default 0
   */
  readonly documentImagesPerRequest?: number;
  /**
   * Seconds of audio of one request.
   * @default 0
   */
  readonly audioSecondsPerRequest?: number;
  /**
   * Seconds of video of one request.
   * @default 0
   */
  readonly videoSecondsPerRequest?: number;
  /**
   * Tokens of the images of one request, for models with a separate price for them. They are part of the length of the request.
   * @default 0
   */
  readonly inputImageTokensPerRequest?: number;
  /**
   * Tokens of the audio of one request, for models with a separate price for them. They are part of the length of the request.
   * @default 0
   */
  readonly inputAudioTokensPerRequest?: number;
  /**
   * Tokens of the video of one request, for models with a separate price for them. They are part of the length of the request.
   * @default 0
   */
  readonly inputVideoTokensPerRequest?: number;
  /**
   * Tokens of the images that one request gives back, for models that price these apart from text tokens.
   * @default 0
   */
  readonly outputImageTokensPerRequest?: number;
}

/** On-demand use of a model in a region. */
export interface OnDemandWorkload extends OnDemandUsage {
  /** The model's id, with the prefix of the inference profile that it is called through, if any. */
  readonly model: string;
  /**
   * The region that the requests are made in.
   * @default - the stack's with `CostEstimates`; with `CostCalculator`, only rates that hold in every region are found
   */
  readonly region?: string;
}

/** The price tier of each service tier. */
export const PRICE_TIERS: { readonly [tier in ServiceTier]: PriceTier } = {
  [ServiceTier.STANDARD]: PriceTier.STANDARD,
  [ServiceTier.FLEX]: PriceTier.FLEX,
  [ServiceTier.PRIORITY]: PriceTier.PRIORITY,
  [ServiceTier.ULTRAFAST]: PriceTier.ULTRAFAST,
};

/** The kind of rate of a cache write by its lifetime. */
export const CACHE_WRITES: { readonly [ttl in CacheTtl]: RateKind } = {
  [CacheTtl.FIVE_MINUTES]: RateKind.CACHE_WRITE_5M,
  [CacheTtl.THIRTY_MINUTES]: RateKind.CACHE_WRITE_30M,
  [CacheTtl.ONE_HOUR]: RateKind.CACHE_WRITE_1H,
};

/** The fields of a request that have a price each. */
interface Carried extends Omit<Demand, 'quantity' | 'kind'> {
  readonly field: Quantity;
  /** A cache write is priced by its lifetime. */
  readonly kind: RateKind | 'cache-write';
}
type Quantity = Extract<keyof OnDemandWorkload, `${string}PerRequest`>;

const TEXT: readonly Carried[] = [
  { field: 'inputTokensPerRequest', what: 'input tokens', unit: 'token', kind: RateKind.INPUT },
  { field: 'outputTokensPerRequest', what: 'output tokens', unit: 'token', kind: RateKind.OUTPUT },
  { field: 'cacheReadTokensPerRequest', what: 'tokens read from the cache', unit: 'token', kind: RateKind.CACHE_READ },
  { field: 'cacheWriteTokensPerRequest', what: 'tokens written to the cache', unit: 'token', kind: 'cache-write' },
];

/** The priced fields of a request besides the tokens of its text, on demand or as a record of a batch. */
export const MEDIA: readonly (Carried & { readonly kind: RateKind })[] = [
  { field: 'imagesPerRequest', what: 'images', unit: 'image', kind: RateKind.INPUT_IMAGE },
  { field: 'documentImagesPerRequest', what: 'document images', unit: 'image', kind: RateKind.INPUT_DOCUMENT_IMAGE },
  { field: 'audioSecondsPerRequest', what: 'seconds of audio', unit: 'second', kind: RateKind.INPUT_AUDIO },
  { field: 'videoSecondsPerRequest', what: 'seconds of video', unit: 'second', kind: RateKind.INPUT_VIDEO },
  { field: 'inputImageTokensPerRequest', what: 'input image tokens', unit: 'token', kind: RateKind.INPUT_IMAGE },
  { field: 'inputAudioTokensPerRequest', what: 'input audio tokens', unit: 'token', kind: RateKind.INPUT_AUDIO },
  { field: 'inputVideoTokensPerRequest', what: 'input video tokens', unit: 'token', kind: RateKind.INPUT_VIDEO },
  { field: 'outputImageTokensPerRequest', what: 'output image tokens', unit: 'token', kind: RateKind.OUTPUT_IMAGE },
];

const TEXT_AND_MEDIA = [...TEXT, ...MEDIA];
const MEDIA_FIELDS: ReadonlySet<string> = new Set(MEDIA.map(({ field }) => field));

export const ON_DEMAND_FIELDS = fieldTable<OnDemandWorkload>({
  model: MODEL,
  region: REGION,
  requestsPerMonth: required(quantity('Requests a month.')),
  inputTokensPerRequest: oneOf(quantity('Input tokens of one request, without those read from or written to the prompt cache.')),
  outputTokensPerRequest: oneOf(quantity('Output tokens of one request.')),
  cacheReadTokensPerRequest: oneOf(quantity('Tokens of one request that are read from the prompt cache.')),
  cacheWriteTokensPerRequest: oneOf(quantity('Tokens of one request that are written to the prompt cache.')),
  cacheTtl: choice('How long cached tokens live; left out, the shortest lifetime that the model offers.', CacheTtl),
  serviceTier: choice('The service tier of the requests; standard when left out.', ServiceTier),
  latency: choice('Latency-optimized inference; standard when left out.', InferenceLatency),
  customModel: flag('Whether a custom model is called, which has prices of its own.'),
  imagesPerRequest: oneOf(quantity('Images of one request.')),
  documentImagesPerRequest: oneOf(quantity('Images of document pages of one request.')),
  audioSecondsPerRequest: oneOf(quantity('Seconds of audio of one request.')),
  videoSecondsPerRequest: oneOf(quantity('Seconds of video of one request.')),
  inputImageTokensPerRequest: oneOf(quantity('Tokens of the images of one request, for models with a separate price for them.')),
  inputAudioTokensPerRequest: oneOf(quantity('Tokens of the audio of one request, for models with a separate price for them.')),
  inputVideoTokensPerRequest: oneOf(quantity('Tokens of the video of one request, for models with a separate price for them.')),
  outputImageTokensPerRequest: oneOf(quantity('Tokens of the images that one request returns, for models with a separate price for them.')),
});

/**
 * On demand: requests x (input x Pi + output x Po + cache read x Pr + cache write x Pw), and so for images, audio and video.
 *
 * Claude Sonnet 4.6 through `us.` in us-west-2, 100,000 requests of 2,000 in, 500 out and 1,000 read from the cache:
 * 200 x $3.30 + 50 x $16.50 + 100 x $0.33 = $1,518.00 (units of a million tokens).
 */
export function onDemand(book: PriceBook, workload: OnDemandWorkload): CostEstimate {
  checkWorkload(workload, ON_DEMAND_FIELDS);
  // Most requests carry text alone: asking for each medium would cost more than the sum itself.
  const carriesMedia = Object.keys(workload).some((field) => MEDIA_FIELDS.has(field));
  const { model, region, customModel } = workload;
  const requests = quantityOf('requestsPerMonth', workload.requestsPerMonth);
  const tokens = carriesMedia ? tokensIn(workload) : textTokensIn(workload);
  const context = contextOf(model, tokens);
  const label = context === ContextLength.LONG ? ' (long context)' : '';
  requireOneTier(workload);
  const run = new PricingRun(book, { model, region, customModel, context, tier: priceTierOf(workload) }, requests);
  const demands: Demand[] = [];
  for (const { field, what, unit, kind } of carriesMedia ? TEXT_AND_MEDIA : TEXT) {
    if (workload[field] === undefined) continue;
    demands.push({
      what: unit === 'token' ? what + label : what,
      unit,
      quantity: quantityOf(field, workload[field]),
      kind: kind === 'cache-write' ? cacheWriteKind(run, workload) : kind,
    });
  }
  run.addAll(demands);
  run.assumeCallable();
  run.assumeShort(tokens);
  if (demands.length === 0 && run.missingPrices.length === 0) requireOneOf(workload, ON_DEMAND_FIELDS);
  return CostEstimate._of({
    lineItems: run.lineItems,
    missingPrices: run.missingPrices,
    assumptions: run.assumptions,
    unitCosts: run.missingPrices.length > 0 ? [] : [{ unit: '1,000 requests', usd: run.costOfOne.times(THOUSAND) }],
  });
}

type TokensOfRequest = Partial<OnDemandUsage>;

/** All input tokens of one request, of text and media, cached or not. */
export function tokensIn(usage: TokensOfRequest): number {
  const { inputImageTokensPerRequest = 0, inputAudioTokensPerRequest = 0, inputVideoTokensPerRequest = 0 } = usage;
  return textTokensIn(usage) + inputImageTokensPerRequest + inputAudioTokensPerRequest + inputVideoTokensPerRequest;
}

function textTokensIn({ inputTokensPerRequest = 0, cacheReadTokensPerRequest = 0, cacheWriteTokensPerRequest = 0 }: TokensOfRequest): number {
  return inputTokensPerRequest + cacheReadTokensPerRequest + cacheWriteTokensPerRequest;
}

/** The tier of the rates of requests. */
export function priceTierOf({ serviceTier, latency }: Pick<OnDemandUsage, 'serviceTier' | 'latency'>): PriceTier {
  return latency === InferenceLatency.OPTIMIZED ? PriceTier.LATENCY_OPTIMIZED : PRICE_TIERS[serviceTier ?? ServiceTier.STANDARD];
}

/** Optimized latency has a price of its own in the standard tier only. */
function requireOneTier({ serviceTier, latency }: OnDemandWorkload): void {
  if (latency === InferenceLatency.OPTIMIZED && PRICE_TIERS[serviceTier ?? ServiceTier.STANDARD] !== PriceTier.STANDARD) {
    throw new PricingError('latency', latency, `"${InferenceLatency.STANDARD}" with serviceTier "${serviceTier}"`);
  }
}

/** Without a stated lifetime, the shortest one that the model is sold with. */
function cacheWriteKind(run: PricingRun, { cacheTtl }: OnDemandWorkload): RateKind {
  if (cacheTtl !== undefined) return CACHE_WRITES[cacheTtl];
  return Object.values(CACHE_WRITES).find((kind) => run.find(kind) !== undefined) ?? RateKind.CACHE_WRITE_5M;
}
