import { Stack } from 'aws-cdk-lib';
import { BedrockMetric, metricNames } from '../../aws/metrics';
import { directModelIds, idOf } from '../../estimates/model-arns';
import { CostEntry, TokenMetrics } from '../../estimates/registry';
import { Decimal, decimal } from '../../pricing/decimal';

/** An entry whose tokens CloudWatch counts. */
export type MeteredEntry = CostEntry & { readonly tokenMetrics: TokenMetrics };

export function isMetered(entry: CostEntry): entry is MeteredEntry {
  return entry.tokenMetrics !== undefined;
}

/** The number of names of the metrics that count tokens: no model has more. */
const TOKEN_METRICS = namesOf([
  BedrockMetric.INPUT_TOKENS, BedrockMetric.OUTPUT_TOKENS, BedrockMetric.CACHE_READ_TOKENS, BedrockMetric.CACHE_WRITE_TOKENS,
]);

export interface MeterTerm {
  readonly metric: BedrockMetric;
  /** The price of a million tokens or images, as a decimal text. */
  readonly usdPerMillion: string;
}

/**
 * The token metrics of one `ModelId` in one account and region, with their prices.
 *
 * A model that is called directly has one count for the whole account and region, regardless of the caller. All constructs
 * that describe such calls share one meter: two meters would count each token twice.
 */
export class Meter {
  /** One meter for those of several budgets that count the same tokens. */
  public static merged(meters: readonly Meter[]): Meter {
    if (meters.length === 1) return meters[0];
    const [first, ...others] = new Set(meters.flatMap(({ entries }) => entries));
    const merged = new Meter(first);
    others.forEach((entry) => merged.add(entry));
    return merged;
  }

  public readonly entries: MeteredEntry[] = [];
  /** True if its entries have different prices, of which the highest apply. */
  public pricesDiffer = false;
  /** The stack whose function counts it. */
  public readonly stack: Stack;
  /** The values of the dimension `ModelId`. A request is counted under one of them. */
  public readonly modelIds: readonly string[];
  public readonly shared: boolean;
  /** The same for the meters of several budgets that count the same tokens. */
  public readonly key: string;
  private readonly prices = new Map<BedrockMetric, Decimal>();
  private knownTerms?: readonly MeterTerm[];

  constructor(first: MeteredEntry) {
    this.stack = Stack.of(first.construct);
    this.shared = first.tokenMetrics.shared;
    this.modelIds = meteredIds(first);
    this.key = meterKey(first);
    this.add(first);
  }

  /** The id that alarms monitor: one alarm has no room for all ids. */
  public get modelId(): string {
    return this.modelIds[0];
  }

  /** Adds an entry. The highest price of a metric applies, since CloudWatch does not separate, for example, two service tiers. */
  public add(entry: MeteredEntry): void {
    const { prices } = entry.tokenMetrics;
    this.entries.push(entry);
    this.knownTerms = undefined;
    const [{ tokenMetrics: { prices: ofFirst } }] = this.entries;
    if (prices !== ofFirst && JSON.stringify(prices) !== JSON.stringify(ofFirst)) this.pricesDiffer = true;
    for (const { metric, usdPerMillion } of prices) {
      const price = decimal(usdPerMillion);
      const known = this.prices.get(metric);
      if (known === undefined || price.cmp(known) > 0) this.prices.set(metric, price);
    }
  }

  public get terms(): readonly MeterTerm[] {
    return (this.knownTerms ??= [...this.prices].map(([metric, price]) => ({ metric, usdPerMillion: price.toFixed() })));
  }

  /** The number of metrics of each of its ids. */
  public get metricsOfId(): number {
    return namesOf([...this.prices.keys()]);
  }

  /** The highest number of metrics that an id may get: other entries of a shared model may add some. */
  public get room(): number {
    return this.shared && !this.prices.has(BedrockMetric.OUTPUT_IMAGES) ? Math.max(TOKEN_METRICS, this.metricsOfId) : this.metricsOfId;
  }

  /** The paths of the constructs that describe the usage. */
  public get resource(): string {
    return [...new Set(this.entries.map(({ construct }) => construct.node.path))].join(', ');
  }

  /** The id by which the usage is priced. */
  public get model(): string {
    return this.entries[0].model;
  }
}

/** The finding about a meter whose prices differ. */
export function differentPrices({ resource, modelId }: Meter): string {
  return `${resource} use ${modelId} at different prices, which CloudWatch counts together: the highest price counts`;
}

/** The values of the dimension `ModelId` under which the tokens of an entry are counted. */
export function meteredIds({ construct, tokenMetrics: { modelId, shared } }: MeteredEntry): string[] {
  return shared ? directModelIds(construct, modelId) : [modelId];
}

/** The identity of a meter: of a shared `ModelId` the account and region, of any other the resource. */
export function meterKey({ construct, tokenMetrics: { modelId, shared } }: MeteredEntry): string {
  const { account, region, node } = Stack.of(construct);
  return shared ? ['shared', account, region, idOf(modelId)].join('|') : ['own', node.addr, modelId].join('|');
}

function namesOf(metrics: readonly BedrockMetric[]): number {
  return metrics.flatMap(metricNames).length;
}
