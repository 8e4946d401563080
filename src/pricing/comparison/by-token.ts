import { Access } from './access';
import { Candidate } from './candidate';
import { BillingMode } from './comparison';
import { allTokensIn } from './load';
import { accessTradeOffs, BATCH_SOLD_FROM, batchTradeOffs, isBelowOneJob, tierTradeOffs } from './trade-offs';
import { assumeJobsAreAccepted } from '../billing-modes/batch';
import { contextOf } from '../billing-modes/context';
import { quantityOf } from '../billing-modes/input';
import { InferenceLatency, MEDIA, onDemand, OnDemandWorkload, ServiceTier, tokensIn } from '../billing-modes/on-demand';
import { PricingRun } from '../billing-modes/pricing-run';
import { decimal } from '../decimal';
import { CostEstimate } from '../estimate';
import { PriceBook } from '../price-book/price-book';
import { PriceTier, RateKind } from '../price-book/rate';

/** The service tier and latency of the usage. */
const TIERS: readonly { readonly tier: PriceTier; readonly fields: Pick<OnDemandWorkload, 'serviceTier' | 'latency'> }[] = [
  { tier: PriceTier.STANDARD, fields: { serviceTier: undefined, latency: undefined } },
  { tier: PriceTier.FLEX, fields: { serviceTier: ServiceTier.FLEX, latency: undefined } },
  { tier: PriceTier.PRIORITY, fields: { serviceTier: ServiceTier.PRIORITY, latency: undefined } },
  { tier: PriceTier.ULTRAFAST, fields: { serviceTier: ServiceTier.ULTRAFAST, latency: undefined } },
  { tier: PriceTier.LATENCY_OPTIMIZED, fields: { serviceTier: undefined, latency: InferenceLatency.OPTIMIZED } },
];

/**
 * Every way that is paid by the token: each tier on demand, and batch. Also those that have no price.
 *
 * @param recordsPerJob where the usage runs in batch now
 */
export function byToken(book: PriceBook, usage: OnDemandWorkload, access: Access, recordsPerJob?: number): Candidate[] {
  return [
    ...TIERS.map(({ tier, fields }) => onDemandCandidate(book, { ...usage, ...fields }, access, tier)),
    batchCandidate(book, usage, access, recordsPerJob),
  ];
}

function onDemandCandidate(book: PriceBook, usage: OnDemandWorkload, access: Access, tier: PriceTier): Candidate {
  const tierName = tier === PriceTier.STANDARD ? '' : tier === PriceTier.LATENCY_OPTIMIZED ? `, ${tier}` : `, ${tier} tier`;
  const used = { ...usage, model: access.modelId };
  return {
    name: `on demand, ${access.name}${tierName}`,
    billingMode: BillingMode.ON_DEMAND,
    modelId: access.modelId,
    serviceTier: tier,
    estimate: onDemand(book, used),
    perRequest: onDemand(book, { ...used, requestsPerMonth: 1 })._monthly,
    tradeOffs: [...accessTradeOffs(access), ...tierTradeOffs(tier)],
  };
}

function batchCandidate(book: PriceBook, usage: OnDemandWorkload, access: Access, recordsPerJob: number | undefined): Candidate {
  const used = { ...usage, model: access.modelId };
  const usesCache = tokensIn(usage) > (usage.inputTokensPerRequest ?? 0);
  const records = { perMonth: usage.requestsPerMonth, perJob: recordsPerJob };
  return {
    name: `batch, ${access.name}`,
    billingMode: BillingMode.BATCH,
    modelId: access.modelId,
    estimate: inBatch(book, used, recordsPerJob),
    perRequest: inBatch(book, { ...used, requestsPerMonth: 1 })._monthly,
    ...(isBelowOneJob(records) ? { soldFrom: BATCH_SOLD_FROM } : {}),
    tradeOffs: [...accessTradeOffs(access), ...batchTradeOffs(records, usesCache)],
  };
}

/**
 * The same requests as records of batch jobs: without the prompt cache, so that every token which goes in is an input
 * token, but with the pictures, sound and film that they carry.
 *
 * @param recordsPerJob changes no cost, but AWS refuses small jobs
 */
export function inBatch(book: PriceBook, usage: OnDemandWorkload, recordsPerJob?: number): CostEstimate {
  const { model, region, customModel } = usage;
  const context = contextOf(model, tokensIn(usage));
  const run = new PricingRun(book, { model, region, customModel, context, tier: PriceTier.BATCH }, quantityOf('requestsPerMonth', usage.requestsPerMonth));
  if (recordsPerJob !== undefined) assumeJobsAreAccepted(run, decimal(recordsPerJob));
  run.addAll([
    { what: 'input tokens (batch)', quantity: allTokensIn(usage), unit: 'token', kind: RateKind.INPUT },
    { what: 'output tokens (batch)', quantity: decimal(usage.outputTokensPerRequest ?? 0), unit: 'token', kind: RateKind.OUTPUT },
    ...MEDIA.map(({ field, what, unit, kind }) => ({ what: `${what} (batch)`, unit, kind, quantity: decimal(usage[field] ?? 0) })),
  ]);
  const { lineItems, missingPrices, assumptions } = run;
  return CostEstimate._of({
    lineItems,
    missingPrices,
    assumptions,
    unitCosts: missingPrices.length > 0 ? [] : [{ unit: '1,000 records', usd: run.costOfOne.times(decimal(1000)) }],
  });
}
