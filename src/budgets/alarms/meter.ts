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

/** The metrics that count tokens, by all their names: no model has more, whatever constructs come later. */
const TOKEN_METRICS = namesOf([
  BedrockMetric.INPUT_TOKENS, BedrockMetric.OUTPUT_TOKENS, BedrockMetric.CACHE_READ_TOKENS, BedrockMetric.CACHE_WRITE_TOKENS,
]);

export interface MeterTerm {
  readonly metric: BedrockMetric;
  /** What a million tokens or images cost, as a plain decimal text. */
  readonly usdPerMillion: string;
}

/**
 * The token metrics of one `ModelId` in one account and region, with their prices, and whose use they count.
 *
 * A model that is called directly has one count for the whole account and region, whoever calls it. However many
 * constructs describe such calls, it is one meter: two would count every token twice.
 */
export class Meter {
  readonly entries: MeteredEntry[] = [];
  /** Whether its entries have prices of their own, of which the highest ones count. */
  pricesDiffer = false;
  private readonly prices = new Map<BedrockMetric, Decimal>();

  /** The values of the dimension `ModelId`: what is counted under one of them is not counted under the others. */
  readonly modelIds: readonly string[];

  readonly shared: boolean;

  constructor(first: MeteredEntry) {
    this.shared = first.tokenMetrics.shared;
    this.modelIds = meteredIds(first);
    this.add(first);
  }

  /** The id that alarms watch: one alarm has no room for all of them. */
  get modelId(): string {
    return this.modelIds[0];
  }

  /** Where the same metric is priced differently (two service tiers, say), the dearer price counts: it is not told apart. */
  add(entry: MeteredEntry): void {
    this.entries.push(entry);
    const told = JSON.stringify(entry.tokenMetrics.prices);
    if (this.entries.length > 1 && told !== JSON.stringify(this.entries[0].tokenMetrics.prices)) this.pricesDiffer = true;
    for (const { metric, usdPerMillion } of entry.tokenMetrics.prices) {
      const price = decimal(usdPerMillion);
      const known = this.prices.get(metric);
      if (known === undefined || price.cmp(known) > 0) this.prices.set(metric, price);
    }
  }

  get terms(): MeterTerm[] {
    return [...this.prices].map(([metric, price]) => ({ metric, usdPerMillion: price.toFixed() }));
  }

  /** How many metrics each of its ids has. */
  get metricsOfId(): number {
    return namesOf([...this.prices.keys()]);
  }

  /** How many metrics an id may come to have: a model that others describe as well may get some. */
  get room(): number {
    return this.shared && !this.prices.has(BedrockMetric.OUTPUT_IMAGES) ? Math.max(TOKEN_METRICS, this.metricsOfId) : this.metricsOfId;
  }

  /** The constructs that describe the use, by their paths. */
  get resource(): string {
    return [...new Set(this.entries.map(({ construct }) => construct.node.path))].join(', ');
  }

  /** The id that the use is priced by. */
  get model(): string {
    return this.entries[0].model;
  }
}

/** The values of the dimension `ModelId` under which the tokens of an entry are counted. */
export function meteredIds({ construct, tokenMetrics: { modelId, shared } }: MeteredEntry): string[] {
  return shared ? directModelIds(construct, modelId) : [modelId];
}

/** What tells meters apart: for a shared `ModelId` the account and region, for one of its own the resource. */
export function meterKey({ construct, tokenMetrics: { modelId, shared } }: MeteredEntry): string {
  const { account, region, node } = Stack.of(construct);
  return shared ? ['shared', account, region, idOf(modelId)].join('|') : ['own', node.addr, modelId].join('|');
}

function namesOf(metrics: readonly BedrockMetric[]): number {
  return metrics.flatMap(metricNames).length;
}
