import { Token } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { UsageEstimates, UsageRequest } from './estimate-usage';
import { CostEntry, TokenMetrics } from './registry';
import { priceBook, settingsProblem } from './settings';
import { ResourceUsageJson, UsageJson } from '../gate/report-json';
import { describeDiscount } from '../pricing/book/discount';
import { FoundRate } from '../pricing/book/find-rate';
import { contextOf } from '../pricing/context';
import { decimal, Decimal, toText, ZERO } from '../pricing/decimal';
import { COMMITMENT_MONTHS, CommitmentDuration, PriceTier, RateKind, RateUnit } from '../pricing/rate';
import { InferenceLatency, OnDemandUsage, ServiceTier } from '../pricing/usage';
import { tokensIn } from '../pricing/ways/on-demand';

/** Which CloudWatch metric counts which kind of token. Cache writes are counted together, so they take the dearer price. */
const METRIC_KINDS: readonly { readonly metricName: string; readonly kinds: readonly RateKind[] }[] = [
  { metricName: 'InputTokenCount', kinds: [RateKind.INPUT] },
  { metricName: 'OutputTokenCount', kinds: [RateKind.OUTPUT] },
  { metricName: 'CacheReadInputTokens', kinds: [RateKind.CACHE_READ] },
  { metricName: 'CacheWriteInputTokens', kinds: [RateKind.CACHE_WRITE_5M, RateKind.CACHE_WRITE_30M, RateKind.CACHE_WRITE_1H] },
];

export function commitmentOf(duration: CommitmentDuration | undefined): CostEntry['commitment'] {
  const months = duration === undefined ? 0 : COMMITMENT_MONTHS[duration] ?? 0;
  return months > 0 ? { duration: duration!, months } : undefined;
}

/**
 * How CloudWatch counts the tokens of on-demand use, and what a million of each costs; undefined when no price is known.
 *
 * Every price that the model has is taken, also those that the declared usage does not touch: an alarm has to see what
 * nobody planned.
 *
 * @see https://docs.aws.amazon.com/bedrock/latest/userguide/monitoring.html
 */
export function tokenMetrics(
  scope: IConstruct, request: UsageRequest, priced: UsageEstimates, model: Pick<TokenMetrics, 'modelId' | 'shared'>,
): TokenMetrics | undefined {
  // Usage that is known only at deployment is not priced, so that a setting that is not allowed has not shown yet; it is told once for the app.
  if (priced.problem || Token.isUnresolved(request.model) || settingsProblem(scope)) return undefined;
  const usage = priced.usage as OnDemandUsage;
  const book = request.book ?? priceBook(scope);
  // Of one declared request: a mix of long and short ones cannot be told apart in the metrics.
  const context = priced.unresolved.length > 0 ? undefined : contextOf(request.model, tokensIn(usage));
  const rates = book._pricesOf({ model: request.model, region: priced.region, tier: tierOf(usage), customModel: usage.customModel, context });
  const found = METRIC_KINDS.flatMap(({ metricName, kinds }) => {
    const [dearest] = kinds.flatMap((kind) => rates.find(kind) ?? []).sort((a, b) => b.pricePerBase.cmp(a.pricePerBase));
    return dearest === undefined || dearest.price.cmp(ZERO) === 0 ? [] : [{ metricName, dearest }];
  });
  const basis = [...new Set(found.flatMap(({ dearest }) => basisOf(dearest)))];
  return found.length === 0 ? undefined : {
    ...model,
    prices: found.map(({ metricName, dearest }) => ({ metricName, usdPerMillion: toText(perMillion(dearest)) })),
    ...(basis.length > 0 ? { priceBasis: basis } : {}),
  };
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

function tierOf({ serviceTier, latency }: Partial<OnDemandUsage>): PriceTier {
  if (latency === InferenceLatency.OPTIMIZED) return PriceTier.LATENCY_OPTIMIZED;
  return serviceTier === ServiceTier.FLEX ? PriceTier.FLEX : serviceTier === ServiceTier.PRIORITY ? PriceTier.PRIORITY : PriceTier.STANDARD;
}

/** The usage that was priced, as plain data: without what is known only at deployment, which is named apart. */
export function pricedUsage(model: string, { usage, lowUsage, highUsage }: UsageEstimates): ResourceUsageJson {
  const low = lowUsage && differing(lowUsage, usage);
  const high = highUsage && differing(highUsage, usage);
  const unresolved = [
    ...unresolvedNames({ model, ...usage }),
    ...unresolvedNames(low ?? {}).map((field) => `low.${field}`),
    ...unresolvedNames(high ?? {}).map((field) => `high.${field}`),
  ];
  return {
    usage: plainFields(usage),
    ...(low ? { lowUsage: plainFields(low) } : {}),
    ...(high ? { highUsage: plainFields(high) } : {}),
    ...(unresolved.length > 0 ? { unresolvedUsage: unresolved } : {}),
  };
}

function differing(fields: object, average: object): object {
  return Object.fromEntries(Object.entries(fields).filter(([field, value]) => value !== (average as { readonly [name: string]: unknown })[field]));
}

function unresolvedNames(fields: object): string[] {
  return Object.entries(fields).filter(([, value]) => Token.isUnresolved(value)).map(([field]) => field);
}

/** What stays the same in JSON: a number that is not finite would come out as null. */
function plainFields(fields: object): UsageJson {
  return Object.fromEntries(Object.entries(fields).flatMap(([field, value]): [string, UsageJson[string]][] => {
    if (Token.isUnresolved(value)) return [];
    if (typeof value === 'string' || typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value))) return [[field, value]];
    return Array.isArray(value) && value.every((item) => typeof item === 'string') ? [[field, value]] : [];
  }));
}
