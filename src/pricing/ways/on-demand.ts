import { contextOf } from '../context';
import { decimal, sum } from '../decimal';
import { PricingError } from '../error';
import { CostEstimate } from '../estimate';
import { PriceBook } from '../price-book';
import { checkWorkload, choiceOf, PricingRun, quantityOf, requireOneOf } from '../pricing-run';
import { ContextLength, PriceTier, RateKind } from '../rate';
import { CacheTtl, InferenceLatency, OnDemandWorkload, ServiceTier } from '../usage';

const TIERS: { readonly [tier in ServiceTier]: PriceTier } = {
  [ServiceTier.STANDARD]: PriceTier.STANDARD,
  [ServiceTier.FLEX]: PriceTier.FLEX,
  [ServiceTier.PRIORITY]: PriceTier.PRIORITY,
};

const CACHE_WRITES: { readonly [ttl in CacheTtl]: RateKind } = {
  [CacheTtl.FIVE_MINUTES]: RateKind.CACHE_WRITE_5M,
  [CacheTtl.THIRTY_MINUTES]: RateKind.CACHE_WRITE_30M,
  [CacheTtl.ONE_HOUR]: RateKind.CACHE_WRITE_1H,
};

const QUANTITIES = [
  'inputTokensPerRequest', 'outputTokensPerRequest', 'cacheReadTokensPerRequest', 'cacheWriteTokensPerRequest',
  'imagesPerRequest', 'documentImagesPerRequest', 'audioSecondsPerRequest', 'videoSecondsPerRequest',
] as const;
const FIELDS: { readonly [field in keyof Required<OnDemandWorkload>]: true } = {
  model: true,
  region: true,
  requestsPerMonth: true,
  cacheTtl: true,
  serviceTier: true,
  latency: true,
  customModel: true,
  inputTokensPerRequest: true,
  outputTokensPerRequest: true,
  cacheReadTokensPerRequest: true,
  cacheWriteTokensPerRequest: true,
  imagesPerRequest: true,
  documentImagesPerRequest: true,
  audioSecondsPerRequest: true,
  videoSecondsPerRequest: true,
};

/**
 * On demand: requests x (input x Pi + output x Po + cache read x Pr + cache write x Pw).
 *
 * Claude Sonnet 4.6 through `us.` in us-west-2, 100,000 requests of 2,000 in, 500 out and 1,000 read from the cache:
 * 200 x $3.30 + 50 x $16.50 + 100 x $0.33 = $1,518.00 (units of a million tokens).
 */
export function onDemand(book: PriceBook, workload: OnDemandWorkload): CostEstimate {
  checkWorkload(workload, FIELDS);
  const { model, region, customModel } = workload;
  const requests = quantityOf('requestsPerMonth', workload.requestsPerMonth);
  const perRequest = {
    input: quantityOf('inputTokensPerRequest', workload.inputTokensPerRequest, 0),
    output: quantityOf('outputTokensPerRequest', workload.outputTokensPerRequest, 0),
    cacheRead: quantityOf('cacheReadTokensPerRequest', workload.cacheReadTokensPerRequest, 0),
    cacheWrite: quantityOf('cacheWriteTokensPerRequest', workload.cacheWriteTokensPerRequest, 0),
  };
  const context = contextOf(model, sum([perRequest.input, perRequest.cacheRead, perRequest.cacheWrite]));
  const run = new PricingRun(book, { model, region, customModel, context, tier: tierOf(workload) }, requests);
  const label = context === ContextLength.LONG ? ' (long context)' : '';
  run.addAll([
    { what: `input tokens${label}`, quantity: perRequest.input, unit: 'token', kind: RateKind.INPUT },
    { what: `output tokens${label}`, quantity: perRequest.output, unit: 'token', kind: RateKind.OUTPUT },
    { what: `tokens read from the cache${label}`, quantity: perRequest.cacheRead, unit: 'token', kind: RateKind.CACHE_READ },
    { what: `tokens written to the cache${label}`, quantity: perRequest.cacheWrite, unit: 'token', kind: cacheWriteKind(run, workload) },
    { what: 'images', quantity: quantityOf('imagesPerRequest', workload.imagesPerRequest, 0), unit: 'image', kind: RateKind.INPUT_IMAGE },
    { what: 'document images', quantity: quantityOf('documentImagesPerRequest', workload.documentImagesPerRequest, 0), unit: 'image', kind: RateKind.INPUT_DOCUMENT_IMAGE },
    { what: 'seconds of audio', quantity: quantityOf('audioSecondsPerRequest', workload.audioSecondsPerRequest, 0), unit: 'second', kind: RateKind.INPUT_AUDIO },
    { what: 'seconds of video', quantity: quantityOf('videoSecondsPerRequest', workload.videoSecondsPerRequest, 0), unit: 'second', kind: RateKind.INPUT_VIDEO },
  ]);
  if (run.missingPrices.length === 0) requireOneOf(workload, QUANTITIES);
  return CostEstimate._of({
    lineItems: run.lineItems,
    missingPrices: run.missingPrices,
    assumptions: run.assumptions,
    unitCosts: run.missingPrices.length > 0 ? [] : [{ unit: '1,000 requests', usd: run.costOfOne.times(decimal(1000)) }],
  });
}

function tierOf(workload: OnDemandWorkload): PriceTier {
  const tier = TIERS[choiceOf('serviceTier', workload.serviceTier, ServiceTier, ServiceTier.STANDARD)];
  if (choiceOf('latency', workload.latency, InferenceLatency, InferenceLatency.STANDARD) === InferenceLatency.STANDARD) return tier;
  if (tier !== PriceTier.STANDARD) {
    throw new PricingError('latency', workload.latency, `${InferenceLatency.STANDARD} together with serviceTier ${workload.serviceTier}`);
  }
  return PriceTier.LATENCY_OPTIMIZED;
}

/** Without a stated lifetime, the shortest one that the model is sold with. */
function cacheWriteKind(run: PricingRun, { cacheTtl, cacheWriteTokensPerRequest }: OnDemandWorkload): RateKind {
  if (cacheTtl !== undefined) return CACHE_WRITES[choiceOf('cacheTtl', cacheTtl, CacheTtl, CacheTtl.FIVE_MINUTES)];
  if (cacheWriteTokensPerRequest === undefined) return RateKind.CACHE_WRITE_5M;
  return Object.values(CACHE_WRITES).find((kind) => run.find(kind) !== undefined) ?? RateKind.CACHE_WRITE_5M;
}
