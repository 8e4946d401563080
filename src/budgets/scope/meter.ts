import { Stack } from 'aws-cdk-lib';
import { BedrockMetric, metricNames } from '../../aws/metrics';
import { directModelIds, idOf } from '../../estimates/model-arns';
import { CostEntry, TokenMetrics } from '../../estimates/registry';
import { decimal } from '../../pricing/decimal';

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
  /** Merges meters of several budgets that count the same tokens. */
  public static merged(meters: readonly Meter[]): Meter {
    if (meters.length === 1) return meters[0];
    const [first, ...others] = new Set(meters.flatMap(({ entries }) => entries));
    const merged = new Meter(first);
    others.forEach((entry) => merged.add(entry));
    return merged;
  }

  public readonly entries: MeteredEntry[] = [];
  /** The stack whose function counts it. */
  public readonly stack: Stack;
  /** The values of the dimension `ModelId`. A request is counted under one of them. */
  public readonly modelIds: readonly string[];
  public readonly shared: boolean;
  /** The identity of the meter, which is equal for meters of several budgets that count the same tokens. */
  public readonly key: string;
  /** The highest price of each metric. */
  private readonly highest = new Map<BedrockMetric, MeterTerm>();
  /** The different lists of prices of the entries. */
  private readonly priceLists = new Set<string>();
  /** The number of entries whose prices were read: an app may have thousands that share a model, each of which is read once. */
  private entriesRead = 0;

  constructor(first: MeteredEntry) {
    this.stack = Stack.of(first.construct);
    this.shared = first.tokenMetrics.shared;
    this.modelIds = meteredIds(first);
    this.key = meterKey(first);
    this.add(first);
  }

  /** The id that alarms monitor: all ids do not fit into one alarm. */
  public get modelId(): string {
    return this.modelIds[0];
  }

  public add(entry: MeteredEntry): void {
    this.entries.push(entry);
  }

  /** True if a price is known. If not, its metrics are read and counted as $0. */
  public get isPriced(): boolean {
    this.readPrices();
    return this.priceLists.size > 0;
  }

  /** True if its entries have different prices. The highest price of each metric applies. */
  public get pricesDiffer(): boolean {
    this.readPrices();
    return this.priceLists.size > 1;
  }

  /**
   * The price of each metric: the highest price of its entries, since CloudWatch does not separate, for example, two service tiers. Without a
   * known price, it is $0, since resources must not depend on prices.
   */
  public get terms(): readonly MeterTerm[] {
    this.readPrices();
    return this.highest.size > 0 ? [...this.highest.values()] : this.metrics.map((metric) => ({ metric, usdPerMillion: '0' }));
  }

  /** The number of metrics of each of its ids. */
  public get metricsOfId(): number {
    this.readPrices();
    return namesOf(this.highest.size > 0 ? [...this.highest.keys()] : this.metrics);
  }

  /** The number of metrics that an id may have, regardless of known prices: other entries of a shared model may add some. */
  public get room(): number {
    const { metrics } = this;
    return this.shared && !metrics.includes(BedrockMetric.OUTPUT_IMAGES) ? TOKEN_METRICS : namesOf(metrics);
  }

  /** The metrics of its entries, whether their prices are known or not. */
  private get metrics(): readonly BedrockMetric[] {
    return [...new Set(this.entries.flatMap(({ tokenMetrics }) => tokenMetrics.metrics))];
  }

  /** Reads the prices of the entries that were added since the last call. */
  private readPrices(): void {
    for (; this.entriesRead < this.entries.length; this.entriesRead++) {
      const { prices } = this.entries[this.entriesRead].tokenMetrics;
      const { size } = this.priceLists;
      if (prices.length > 0) this.priceLists.add(JSON.stringify(prices));
      if (this.priceLists.size > size) prices.forEach((term) => this.raise(term));
    }
  }

  private raise(term: MeterTerm): void {
    const known = this.highest.get(term.metric);
    if (known === undefined || decimal(term.usdPerMillion).cmp(decimal(known.usdPerMillion)) > 0) this.highest.set(term.metric, term);
  }

  /** The paths of the constructs that describe the usage. */
  public get resource(): string {
    return [...new Set(this.entries.map(({ construct }) => construct.node.path))].join(', ');
  }

  /** The id that determines the price of the usage. */
  public get model(): string {
    return this.entries[0].model;
  }
}

/** The finding about a meter whose prices differ. */
export function differentPrices({ resource, modelId }: Meter): string {
  return `${resource} use ${modelId} at different prices, which CloudWatch counts together: the highest price applies`;
}

/** The values of the dimension `ModelId` under which the tokens of an entry are counted. */
export function meteredIds({ construct, tokenMetrics: { modelId, shared } }: MeteredEntry): string[] {
  return shared ? directModelIds(construct, modelId) : [modelId];
}

/** The identity of a meter: the account, region and model for a shared `ModelId`, otherwise the resource. */
export function meterKey({ construct, tokenMetrics: { modelId, shared } }: MeteredEntry): string {
  const { account, region, node } = Stack.of(construct);
  return shared ? ['shared', account, region, idOf(modelId)].join('|') : ['own', node.addr, modelId].join('|');
}

function namesOf(metrics: readonly BedrockMetric[]): number {
  return metrics.flatMap(metricNames).length;
}
