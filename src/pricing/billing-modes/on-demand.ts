import { contextOf } from './context';
import { PricingError } from '../../input/error';
import { decimal } from '../decimal';
import { CostEstimate } from '../estimate';
import { BOOLEAN, checkWorkload, FieldsOf, memberOf, MODEL, QUANTITY, quantityOf, REGION, requireOneOf } from './input';
import { Demand, PricingRun } from './pricing-run';
import { PriceBook } from '../price-book/price-book';
import { ContextLength, PriceTier, RateKind } from '../price-book/rate';
import { CacheTtl, InferenceLatency, OnDemandUsage, OnDemandWorkload, ServiceTier } from './usage/on-demand';

/** The price tier of each service tier. */
export const PRICE_TIERS: { readonly [tier in ServiceTier]: PriceTier } = {
  [ServiceTier.STANDARD]: PriceTier.STANDARD,
  [ServiceTier.FLEX]: PriceTier.FLEX,
  [ServiceTier.PRIORITY]: PriceTier.PRIORITY,
  [ServiceTier.ULTRAFAST]: PriceTier.ULTRAFAST,
};

const CACHE_WRITES: { readonly [ttl in CacheTtl]: RateKind } = {
  [CacheTtl.FIVE_MINUTES]: RateKind.CACHE_WRITE_5M,
  [CacheTtl.THIRTY_MINUTES]: RateKind.CACHE_WRITE_30M,
  [CacheTtl.ONE_HOUR]: RateKind.CACHE_WRITE_1H,
};

/** What a request may carry: a price for each field. */
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

/** What a request may carry besides the tokens of its text, on demand or as a record of a batch. */
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
const THOUSAND = decimal(1000);
const MEDIA_FIELDS: ReadonlySet<string> = new Set(MEDIA.map(({ field }) => field));

export const FIELDS: FieldsOf<OnDemandWorkload> = {
  model: MODEL,
  region: REGION,
  requestsPerMonth: QUANTITY,
  cacheTtl: memberOf(CacheTtl),
  serviceTier: memberOf(ServiceTier),
  latency: memberOf(InferenceLatency),
  customModel: BOOLEAN,
  inputTokensPerRequest: QUANTITY,
  outputTokensPerRequest: QUANTITY,
  cacheReadTokensPerRequest: QUANTITY,
  cacheWriteTokensPerRequest: QUANTITY,
  imagesPerRequest: QUANTITY,
  documentImagesPerRequest: QUANTITY,
  audioSecondsPerRequest: QUANTITY,
  videoSecondsPerRequest: QUANTITY,
  inputImageTokensPerRequest: QUANTITY,
  inputAudioTokensPerRequest: QUANTITY,
  inputVideoTokensPerRequest: QUANTITY,
  outputImageTokensPerRequest: QUANTITY,
};

/**
 * On demand: requests x (input x Pi + output x Po + cache read x Pr + cache write x Pw), and so for images, audio and video.
 *
 * Claude Sonnet 4.6 through `us.` in us-west-2, 100,000 requests of 2,000 in, 500 out and 1,000 read from the cache:
 * 200 x $3.30 + 50 x $16.50 + 100 x $0.33 = $1,518.00 (units of a million tokens).
 */
export function onDemand(book: PriceBook, workload: OnDemandWorkload): CostEstimate {
  // Most requests carry text alone: asking for each medium would cost more than the sum itself.
  const carriesMedia = checkWorkload(workload, FIELDS).some((field) => MEDIA_FIELDS.has(field));
  const { model, region, customModel } = workload;
  const requests = quantityOf('requestsPerMonth', workload.requestsPerMonth);
  const tokens = carriesMedia ? tokensIn(workload) : textTokensIn(workload);
  const context = contextOf(model, tokens);
  const label = context === ContextLength.LONG ? ' (long context)' : '';
  const run = new PricingRun(book, { model, region, customModel, context, tier: tierOf(workload) }, requests);
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
  if (demands.length === 0 && run.missingPrices.length === 0) requireOneOf(workload, TEXT_AND_MEDIA.map(({ field }) => field));
  return CostEstimate._of({
    lineItems: run.lineItems,
    missingPrices: run.missingPrices,
    assumptions: run.assumptions,
    unitCosts: run.missingPrices.length > 0 ? [] : [{ unit: '1,000 requests', usd: run.costOfOne.times(THOUSAND) }],
  });
}

/** All tokens that go into one request, from the cache or not, whatever they stand for. */
export function tokensIn(usage: OnDemandUsage): number {
  const { inputImageTokensPerRequest = 0, inputAudioTokensPerRequest = 0, inputVideoTokensPerRequest = 0 } = usage;
  return textTokensIn(usage) + inputImageTokensPerRequest + inputAudioTokensPerRequest + inputVideoTokensPerRequest;
}

function textTokensIn({ inputTokensPerRequest = 0, cacheReadTokensPerRequest = 0, cacheWriteTokensPerRequest = 0 }: OnDemandUsage): number {
  return inputTokensPerRequest + cacheReadTokensPerRequest + cacheWriteTokensPerRequest;
}

function tierOf(workload: OnDemandWorkload): PriceTier {
  const tier = PRICE_TIERS[workload.serviceTier ?? ServiceTier.STANDARD];
  if (workload.latency !== InferenceLatency.OPTIMIZED) return tier;
  if (tier !== PriceTier.STANDARD) {
    throw new PricingError('latency', workload.latency, `"${InferenceLatency.STANDARD}" with serviceTier "${workload.serviceTier}"`);
  }
  return PriceTier.LATENCY_OPTIMIZED;
}

/** Without a stated lifetime, the shortest one that the model is sold with. */
function cacheWriteKind(run: PricingRun, { cacheTtl }: OnDemandWorkload): RateKind {
  if (cacheTtl !== undefined) return CACHE_WRITES[cacheTtl];
  return Object.values(CACHE_WRITES).find((kind) => run.find(kind) !== undefined) ?? RateKind.CACHE_WRITE_5M;
}
