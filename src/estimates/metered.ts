import { Token } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { plainFields } from './entry-details';
import { countedUsage, namedRegion, UsageEstimates, UsageRequest } from './estimate-usage';
import { unresolvedFields } from './lazy-usage';
import { BatchFacts, BatchIdentity, BatchPrices, ThroughputFacts, ThroughputPurchase, TokenMetrics } from './registry';
import { assumedRegion, priceBook, pricingRegion, settingsProblem, today, usageFile } from './settings';
import { BedrockMetric } from '../aws/metrics';
import { contextOf } from '../pricing/billing-modes/context';
import { CACHE_WRITES, priceTierOf, tokensIn } from '../pricing/billing-modes/on-demand';
import { Decimal, decimal, MILLION, toText, ZERO } from '../pricing/decimal';
import { describeDiscount } from '../pricing/price-book/discount';
import { FoundRate, Prices } from '../pricing/price-book/find-rate';
import { PriceBook } from '../pricing/price-book/price-book';
import { CommitmentDuration, PriceTier, RateKind, RateUnit } from '../pricing/price-book/rate';
import { UsageFields } from '../pricing/workload';

/** The CloudWatch metric of each kind of token. */
const METRIC_KINDS: readonly { readonly metric: BedrockMetric; readonly kinds: readonly RateKind[] }[] = [
  { metric: BedrockMetric.INPUT_TOKENS, kinds: [RateKind.INPUT] },
  { metric: BedrockMetric.OUTPUT_TOKENS, kinds: [RateKind.OUTPUT] },
  { metric: BedrockMetric.CACHE_READ_TOKENS, kinds: [RateKind.CACHE_READ] },
  { metric: BedrockMetric.CACHE_WRITE_TOKENS, kinds: [RateKind.CACHE_WRITE_5M, RateKind.CACHE_WRITE_30M, RateKind.CACHE_WRITE_1H] },
];

/**
 * The CloudWatch metrics of on-demand use, and the price of a million of each; undefined for a model that is a token.
 *
 * All prices of the model are included, since an alarm must also detect use that was not declared.
 *
 * @param priced prices the usage; called when the prices of the metrics are read. Another result means that `Lazy` values are resolved
 * @see https://docs.aws.amazon.com/bedrock/latest/userguide/monitoring.html
 */
export function tokenMetrics(
  scope: IConstruct, request: UsageRequest, priced: () => UsageEstimates, model: Pick<TokenMetrics, 'modelId' | 'shared'>,
): TokenMetrics | undefined {
  if (typeof request.model !== 'string' || Token.isUnresolved(request.model)) return undefined;
  let found: { readonly of: UsageEstimates; readonly prices: MetricPrices } | undefined;
  const read = () => {
    const of = priced();
    if (found?.of !== of) found = { of, prices: pricesOfMetrics(scope, request, of) };
    return found.prices;
  };
  const region = namedRegion(scope, request);
  let metrics: readonly BedrockMetric[] | undefined;
  return {
    ...model,
    region,
    // Only budgets need them.
    get metrics() { return (metrics ??= metricsOf(scope, request, region ?? assumedRegion())); },
    get prices() { return read().prices; },
    get priceBasis() { return read().basis; },
  };
}

/**
 * The metrics of the kinds of tokens that the embedded price book has for the use; input and output tokens of a model that it does not
 * know. Independent of the prices of the app: the number of metrics decides which resources monitor them.
 */
function metricsOf(scope: IConstruct, request: UsageRequest, region: string | undefined): readonly BedrockMetric[] {
  if (request.type === 'image') return [BedrockMetric.OUTPUT_IMAGES];
  const counted = countedUsage(scope, request);
  // Input that is not allowed is refused when it is priced.
  const usage = plainFields(counted) as UsageFields;
  const hasTokens = unresolvedFields(counted).length > 0;
  const day = today(scope);
  const key = JSON.stringify([request.model, region, day, usage, hasTokens]);
  let metrics = knownMetrics.get(key);
  if (metrics === undefined) knownMetrics.set(key, (metrics = metricsOfUsage(request.model!, region, day, usage, hasTokens)));
  return metrics;
}

/** By model, region, day and usage, which many constructs of an app share. */
const knownMetrics = new Map<string, readonly BedrockMetric[]>();

function metricsOfUsage(
  model: string, region: string | undefined, day: string | undefined, usage: UsageFields, hasTokens: boolean,
): readonly BedrockMetric[] {
  const book = PriceBook.embedded();
  const rates = ratesOf(day === undefined ? book : book.forDay(day), model, region, usage, hasTokens);
  const metrics = metricPrices(rates, declaredCacheWrite(usage)).prices.map(({ metric }) => metric);
  return metrics.length > 0 ? metrics : [BedrockMetric.INPUT_TOKENS, BedrockMetric.OUTPUT_TOKENS];
}

function pricesOfMetrics(scope: IConstruct, request: UsageRequest, priced: UsageEstimates): MetricPrices {
  // Usage that is known only at deployment is not priced, so that a setting that is not allowed has not shown yet.
  if (priced.problem || settingsProblem(scope)) return { prices: [], basis: [] };
  if (request.type === 'image') return imagePrices(priced);
  const { usage } = priced;
  const rates = ratesOf(request.book ?? priceBook(scope), request.model!, priced.region, usage, priced.unresolved.length > 0);
  const { prices, basis } = metricPrices(rates, declaredCacheWrite(usage));
  const assumed = priced.regionAssumed ? [`prices of ${priced.region}, since the stack has no region`] : [];
  return { prices, basis: prices.length === 0 ? [] : [...basis, ...assumed] };
}

function ratesOf(book: PriceBook, model: string, region: string | undefined, usage: UsageFields, hasTokens: boolean): Prices {
  // The context of one declared request: the metrics do not separate long requests from short ones.
  const context = hasTokens ? undefined : contextOf(model, tokensIn(usage));
  return book._pricesOf({ model, region, tier: priceTierOf(usage), customModel: usage.customModel, context });
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

/** CloudWatch counts images by model, not by size and quality: all of them have the price of the declared ones. */
function imagePrices({ estimate }: UsageEstimates): MetricPrices {
  const [line] = estimate._toJson().lineItems;
  if (line === undefined) return { prices: [], basis: [] };
  return { prices: [{ metric: BedrockMetric.OUTPUT_IMAGES, usdPerMillion: toText(decimal(line.unitPriceUsd).times(MILLION)) }], basis: [] };
}

/**
 * The identity of a purchase and, if the price is known, its cost of an hour.
 *
 * @param priced prices the usage; called when a price is read
 */
export function throughputFacts(
  request: UsageRequest & { readonly throughput?: ThroughputPurchase }, priced: () => UsageEstimates,
): ThroughputFacts | undefined {
  const { modelUnits: units, commitmentDuration } = request.usage;
  if (request.type !== 'provisioned-throughput' || units === undefined) return undefined;
  return {
    arn: undefined,
    ...request.throughput,
    committed: (commitmentDuration ?? CommitmentDuration.NONE) !== CommitmentDuration.NONE,
    get modelUnits() { return priced().usage.modelUnits ?? units; },
    get usdPerModelUnitHour() { return priced().estimate._toJson().lineItems[0]?.unitPriceUsd; },
    get businessHoursPerMonth() { return request.throughput?.hasBusinessHours ? priced().usage.hoursPerMonth : undefined; },
  };
}

/**
 * The identity of the jobs of a batch construct and, if they are known, the prices of their tokens.
 *
 * @param priced prices the usage; called when a price is read
 */
export function batchFacts(scope: IConstruct, request: UsageRequest, priced: () => UsageEstimates, jobs: BatchIdentity): BatchFacts {
  return { ...jobs, get prices() { return batchPrices(scope, request, priced()); } };
}

/** The prices of a million tokens in one tier; undefined if a price that the usage needs is unknown. */
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

function batchPrices(scope: IConstruct, request: UsageRequest, priced: UsageEstimates): BatchPrices | undefined {
  if (priced.problem || priced.unresolved.length > 0 || priced.estimate.missingPrices.length > 0 || settingsProblem(scope)) return undefined;
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

/** The differences from list prices, and derived prices, which the text of an alarm names. */
function basisOf({ own, discount, rate }: FoundRate): string[] {
  return [
    ...(own ? ['your own rates'] : discount ? [`a discount of ${describeDiscount(discount)}`] : []),
    ...(rate.derived === undefined ? [] : ['derived rates']),
  ];
}
