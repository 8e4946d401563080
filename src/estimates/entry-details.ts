import { Token } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { UsageEstimates, UsageRequest } from './estimate-usage';
import { CostEntry, TokenMetrics } from './registry';
import { priceBook } from './settings';
import { contextOf } from '../pricing/context';
import { decimal, toText } from '../pricing/decimal';
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
  if (priced.problem || Token.isUnresolved(request.model)) return undefined;
  const usage = priced.usage as OnDemandUsage;
  const book = request.book ?? priceBook(scope);
  // Of one declared request: a mix of long and short ones cannot be told apart in the metrics.
  const context = priced.unresolved.length > 0 ? undefined : contextOf(request.model, tokensIn(usage));
  const rates = book._pricesOf({ model: request.model, region: priced.region, tier: tierOf(usage), customModel: usage.customModel, context });
  const prices = METRIC_KINDS.flatMap(({ metricName, kinds }) => {
    const found = kinds.flatMap((kind) => {
      const rate = rates.find(kind);
      return rate === undefined ? [] : [rate.rate.unit === RateUnit.THOUSAND_TOKENS ? rate.price.times(decimal(1000)) : rate.price];
    });
    const [dearest] = found.sort((a, b) => b.cmp(a));
    return dearest === undefined || dearest.cmp(decimal(0)) === 0 ? [] : [{ metricName, usdPerMillion: toText(dearest) }];
  });
  return prices.length === 0 ? undefined : { ...model, prices };
}

function tierOf({ serviceTier, latency }: Partial<OnDemandUsage>): PriceTier {
  if (latency === InferenceLatency.OPTIMIZED) return PriceTier.LATENCY_OPTIMIZED;
  return serviceTier === ServiceTier.FLEX ? PriceTier.FLEX : serviceTier === ServiceTier.PRIORITY ? PriceTier.PRIORITY : PriceTier.STANDARD;
}
