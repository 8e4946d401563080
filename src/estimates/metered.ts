import { Token } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { UsageEstimates, UsageRequest } from './estimate-usage';
import { BatchFacts, BatchIdentity, BatchPrices, ThroughputFacts, ThroughputPurchase, TokenMetrics } from './registry';
import { priceBook, pricingRegion, settingsProblem, usageFile } from './settings';
import { BedrockMetric } from '../aws/metrics';
import { contextOf } from '../pricing/billing-modes/context';
import { CACHE_WRITES, priceTierOf, tokensIn } from '../pricing/billing-modes/on-demand';
import { Decimal, decimal, MILLION, toText, ZERO } from '../pricing/decimal';
import { describeDiscount } from '../pricing/price-book/discount';
import { FoundRate, Prices } from '../pricing/price-book/find-rate';
import { CommitmentDuration, PriceTier, RateKind, RateUnit } from '../pricing/price-book/rate';
import { UsageFields } from '../pricing/workload';

/** Which CloudWatch metric counts which kind of token. */
const METRIC_KINDS: readonly { readonly metric: BedrockMetric; readonly kinds: readonly RateKind[] }[] = [
  { metric: BedrockMetric.INPUT_TOKENS, kinds: [RateKind.INPUT] },
  { metric: BedrockMetric.OUTPUT_TOKENS, kinds: [RateKind.OUTPUT] },
  { metric: BedrockMetric.CACHE_READ_TOKENS, kinds: [RateKind.CACHE_READ] },
  { metric: BedrockMetric.CACHE_WRITE_TOKENS, kinds: [RateKind.CACHE_WRITE_5M, RateKind.CACHE_WRITE_30M, RateKind.CACHE_WRITE_1H] },
];

/**
 * How CloudWatch counts the tokens of on-demand use, and what a million of each costs; undefined when no price is known. For
 * an app whose settings are allowed.
 *
 * Every price that the model has is taken, also those that the declared usage does not touch: an alarm has to see what
 * nobody planned.
 *
 * @see https://docs.aws.amazon.com/bedrock/latest/userguide/monitoring.html
 */
export function tokenMetrics(
  scope: IConstruct, request: UsageRequest, priced: UsageEstimates, model: Pick<TokenMetrics, 'modelId' | 'shared'>,
): TokenMetrics | undefined {
  const { model: id } = request;
  if (priced.problem || id === undefined || Token.isUnresolved(id)) return undefined;
  if (request.type === 'image') return imageMetrics(priced, model);
  const { usage } = priced;
  const book = request.book ?? priceBook(scope);
  // Of one declared request: a mix of long and short ones cannot be told apart in the metrics.
  const context = priced.unresolved.length > 0 ? undefined : contextOf(id, tokensIn(usage));
  const rates = book._pricesOf({ model: id, region: priced.region, tier: priceTierOf(usage), customModel: usage.customModel, context });
  const { prices, basis } = metricPrices(rates, declaredCacheWrite(usage));
  const assumed = priced.regionAssumed ? [`prices of ${priced.region}, since the stack has no region`] : [];
  return prices.length === 0 ? undefined : { ...model, prices, ...(basis.length + assumed.length > 0 ? { priceBasis: [...basis, ...assumed] } : {}) };
}

/** The prices of the metrics, and what sets them apart from list prices. */
interface MetricPrices {
  readonly prices: TokenMetrics['prices'];
  readonly basis: readonly string[];
}

/** By the kind of cache write that was declared. Most constructs of an app share a few models, and so the rates. */
const knownMetricPrices = new WeakMap<Prices, Map<RateKind | undefined, MetricPrices>>();

function metricPrices(rates: Prices, cacheWrite: RateKind | undefined): MetricPrices {
  const ofRates = knownMetricPrices.get(rates) ?? new Map<RateKind | undefined, MetricPrices>();
  knownMetricPrices.set(rates, ofRates);
  const known = ofRates.get(cacheWrite);
  if (known) return known;
  const found = METRIC_KINDS.flatMap(({ metric, kinds }) => {
    const [highest] = kindsCounted(kinds, cacheWrite).flatMap((kind) => rates.find(kind) ?? []).sort((a, b) => b.pricePerBase.cmp(a.pricePerBase));
    return highest === undefined || highest.price.cmp(ZERO) === 0 ? [] : [{ metric, highest }];
  });
  const result = {
    prices: found.map(({ metric, highest }) => ({ metric, usdPerMillion: toText(perMillion(highest)) })),
    basis: [...new Set(found.flatMap(({ highest }) => basisOf(highest)))],
  };
  ofRates.set(cacheWrite, result);
  return result;
}

/** Cache writes of all lifetimes are counted together: they take the price of the declared one, else the highest. */
function kindsCounted(kinds: readonly RateKind[], declared: RateKind | undefined): readonly RateKind[] {
  return declared !== undefined && kinds.includes(declared) ? [declared] : kinds;
}

/** The kind of rate of the lifetime of cached tokens; undefined where none is declared, or a token. */
function declaredCacheWrite({ cacheTtl }: UsageFields): RateKind | undefined {
  return cacheTtl !== undefined && !Token.isUnresolved(cacheTtl) ? CACHE_WRITES[cacheTtl] : undefined;
}

/** Images are counted by the model, whatever their size and quality: they take the price of the declared ones. */
function imageMetrics({ estimate }: UsageEstimates, model: Pick<TokenMetrics, 'modelId' | 'shared'>): TokenMetrics | undefined {
  const [line] = estimate._toJson().lineItems;
  return line && { ...model, prices: [{ metric: BedrockMetric.OUTPUT_IMAGES, usdPerMillion: toText(decimal(line.unitPriceUsd).times(MILLION)) }] };
}

/** How a purchase is known, and what AWS bills by the hour for it, as far as a price is known. */
export function throughputFacts(
  request: UsageRequest & { readonly throughput?: ThroughputPurchase }, { estimate, usage }: UsageEstimates,
): ThroughputFacts | undefined {
  const { modelUnits, commitmentDuration } = usage;
  if (request.type !== 'provisioned-throughput' || modelUnits === undefined) return undefined;
  return {
    arn: undefined,
    ...request.throughput,
    modelUnits,
    usdPerModelUnitHour: estimate._toJson().lineItems[0]?.unitPriceUsd,
    committed: (commitmentDuration ?? CommitmentDuration.NONE) !== CommitmentDuration.NONE,
  };
}

/** How the jobs of a batch construct are known, and what their tokens cost, as far as prices are known. */
export function batchFacts(scope: IConstruct, request: UsageRequest, priced: UsageEstimates, jobs: BatchIdentity): BatchFacts {
  const isKnown = !priced.problem && priced.unresolved.length === 0 && priced.estimate.missingPrices.length === 0 && !settingsProblem(scope);
  return { ...jobs, prices: isKnown ? batchPrices(scope, request, priced) : undefined };
}

/** What a million tokens cost in one tier; undefined where a price that the usage needs is not known. */
export function tokenPrices(
  scope: IConstruct, { model, customModel, inputTokens, outputTokens, tier }: {
    readonly model: string; readonly customModel: boolean; readonly inputTokens: number; readonly outputTokens: number; readonly tier: PriceTier;
  },
): Pick<BatchPrices, 'usdPerMillionInput' | 'usdPerMillionOutput'> | undefined {
  if (Token.isUnresolved(model) || settingsProblem(scope)) return undefined;
  const context = contextOf(model, inputTokens);
  const rates = priceBook(scope)._pricesOf({ model, region: pricingRegion(scope) ?? usageFile(scope)?.region, tier, customModel, context });
  const [input, output] = [rates.find(RateKind.INPUT), rates.find(RateKind.OUTPUT)];
  if (!input || (!output && outputTokens > 0)) return undefined;
  return { usdPerMillionInput: toText(perMillion(input)), usdPerMillionOutput: toText(output ? perMillion(output) : ZERO) };
}

function batchPrices(scope: IConstruct, request: UsageRequest, priced: UsageEstimates): BatchPrices {
  const { customModel, inputTokensPerRecord = 0, outputTokensPerRecord = 0 } = priced.usage;
  const { model = '' } = request;
  const context = contextOf(model, inputTokensPerRecord);
  const book = request.book ?? priceBook(scope);
  const rates = book._pricesOf({ model, region: priced.region, tier: PriceTier.BATCH, customModel, context });
  const price = (kind: RateKind) => { const found = rates.find(kind); return found ? perMillion(found) : ZERO; };
  const [input, output] = [price(RateKind.INPUT), price(RateKind.OUTPUT)];
  const record = input.times(decimal(inputTokensPerRecord)).plus(output.times(decimal(outputTokensPerRecord))).div(MILLION);
  return { usdPerMillionInput: toText(input), usdPerMillionOutput: toText(output), usdPerRecord: toText(record) };
}

function perMillion({ rate, price }: FoundRate): Decimal {
  return rate.unit === RateUnit.THOUSAND_TOKENS ? price.times(decimal(1000)) : price;
}

/** Who is woken by an alarm has to know that it was not made of list prices, or of prices that no source states. */
function basisOf({ own, discount, rate }: FoundRate): string[] {
  return [
    ...(own ? ['your own rates'] : discount ? [`a discount of ${describeDiscount(discount)}`] : []),
    ...(rate.derived === undefined ? [] : ['derived rates']),
  ];
}
