import { Stack } from 'aws-cdk-lib';
import { OUTPUT_IMAGES } from '../../estimates/metered';
import { CostEntry, TokenMetrics } from '../../estimates/registry';
import { Decimal, decimal } from '../../pricing/decimal';

/** An entry whose tokens CloudWatch counts. */
export type MeteredEntry = CostEntry & { readonly tokenMetrics: TokenMetrics };

export function isMetered(entry: CostEntry): entry is MeteredEntry {
  return entry.tokenMetrics !== undefined;
}

/** The kinds of tokens that CloudWatch counts: no model has more metrics, whatever constructs come later. */
const TOKEN_METRICS = 4;

export interface MeterTerm {
  readonly metricName: string;
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
  /** Whether its entries have prices of their own, of which the dearest ones count. */
  pricesDiffer = false;
  private readonly prices = new Map<string, Decimal>();

  constructor(readonly modelId: string, readonly shared: boolean) {}

  /** Where the same metric is priced differently (two service tiers, say), the dearer price counts: it is not told apart. */
  add(entry: MeteredEntry): void {
    this.entries.push(entry);
    const told = JSON.stringify(entry.tokenMetrics.prices);
    if (this.entries.length > 1 && told !== JSON.stringify(this.entries[0].tokenMetrics.prices)) this.pricesDiffer = true;
    for (const { metricName, usdPerMillion } of entry.tokenMetrics.prices) {
      const price = decimal(usdPerMillion);
      const known = this.prices.get(metricName);
      if (known === undefined || price.cmp(known) > 0) this.prices.set(metricName, price);
    }
  }

  get terms(): MeterTerm[] {
    return [...this.prices].map(([metricName, price]) => ({ metricName, usdPerMillion: price.toFixed() }));
  }

  /** How many metrics it may come to have: a model that others describe as well may get some. */
  get room(): number {
    return this.shared && !this.prices.has(OUTPUT_IMAGES) ? Math.max(TOKEN_METRICS, this.prices.size) : this.prices.size;
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

/** What tells meters apart: for a shared `ModelId` the account and region, for one of its own the resource. */
export function meterKey({ construct, tokenMetrics: { modelId, shared } }: MeteredEntry): string {
  const { account, region, node } = Stack.of(construct);
  return shared ? ['shared', account, region, modelId].join('|') : ['own', node.addr, modelId].join('|');
}
