import { combine, Conflict, PricedRow } from './combine';
import { Attributes, ListedSku, NameMap } from './listed-sku';
import { keyOf, nameOf, UNKNOWN_NAME } from './model-names';
import { understand } from './understand';
import { UnknownName, unknownNames } from './unknown-names';
import { Rate } from '../pricing/price-book/rate';

/** An SKU without a rate, because the meaning of its price is not known. */
export interface NotUnderstood {
  readonly sku: string;
  readonly offerCode: string;
  readonly reason: string;
  readonly attributes: Attributes;
  /** Its prices, for the reader of the list. */
  readonly prices: readonly { readonly usd?: string; readonly unit: string; readonly description: string }[];
}

export interface ReasonCount {
  readonly reason: string;
  readonly skus: number;
}

/** Results of all SKUs: `skusRead` is the sum of `priced`, `skipped`, `notUnderstood` and `conflicting`. */
export interface ImportSummary {
  readonly skusRead: number;
  readonly priced: number;
  readonly skipped: number;
  readonly notUnderstood: number;
  readonly conflicting: number;
  /** Number of rates of the book. */
  readonly rates: number;
  /** Number of rates that are equal to another one, of which the book has one. */
  readonly mergedRates: number;
  readonly skippedByReason: readonly ReasonCount[];
  readonly notUnderstoodByReason: readonly ReasonCount[];
  readonly notUnderstoodSkus: readonly NotUnderstood[];
  readonly conflicts: readonly Conflict[];
  /** Model names without a known model id. Their SKUs are not understood. */
  readonly unknownModelNames: readonly UnknownName[];
  /** Names of the user that no SKU has. */
  readonly unusedModelNames: readonly string[];
}

export interface ImportResult {
  readonly rates: readonly Rate[];
  readonly summary: ImportSummary;
}

const OUTRANKED = 'the rate of a runtime row, published a second time for bedrock-mantle';

/**
 * Converts the SKUs of AWS Price List files to the rates of a price book. Files and offers may be added in any order.
 *
 * Only the rates and the SKUs that are not understood are in memory, not the files.
 */
export class PriceListImport {
  private read = 0;
  private readonly rows: PricedRow[] = [];
  private readonly skipped = new Map<string, number>();
  private readonly unread: NotUnderstood[] = [];

  private readonly names: NameMap;
  /** Names of the user that no SKU has had so far, by key. */
  private readonly unused: Map<string, string>;

  /**
   * @param known the names that the importer knows
   * @param own the additional names of the user
   */
  constructor(known: NameMap, own: NameMap = {}) {
    this.names = { ...known, ...own };
    this.unused = new Map(Object.keys(own).map((name) => [keyOf(name), name]));
  }

  public add(listed: ListedSku): void {
    const name = this.unused.size === 0 ? undefined : nameOf(listed.attributes);
    if (name !== undefined) this.unused.delete(keyOf(name));
    const reading = understand(listed, this.names);
    if ('notUnderstood' in reading) {
      this.addNotUnderstood(listed, reading.notUnderstood);
      return;
    }
    this.read++;
    if ('skipped' in reading) {
      count(this.skipped, reading.skipped);
    } else {
      this.rows.push({ sku: listed.sku, usagetype: listed.attributes.usagetype, rates: reading.understood });
    }
  }

  /** Adds an SKU that the reader of the file could not understand, such as a price without a product. */
  public addNotUnderstood({ sku, offerCode, attributes, terms }: ListedSku, reason: string): void {
    this.read++;
    const prices = terms.flatMap((term) => term.prices.map(({ usd, unit, description }) => ({ usd, unit, description })));
    this.unread.push({ sku, offerCode, reason, attributes, prices });
  }

  public result(): ImportResult {
    const { rates, conflicts, conflicting, outranked, merged } = combine(this.rows);
    const skipped = new Map(this.skipped);
    for (const _row of outranked) count(skipped, OUTRANKED);
    const reasons = new Map<string, number>();
    for (const { reason } of this.unread) count(reasons, reason);
    return {
      rates,
      summary: {
        skusRead: this.read,
        priced: this.rows.length - conflicting.size - outranked.size,
        skipped: sum(skipped),
        notUnderstood: this.unread.length,
        conflicting: conflicting.size,
        rates: rates.length,
        mergedRates: merged,
        skippedByReason: byCount(skipped),
        notUnderstoodByReason: byCount(reasons),
        notUnderstoodSkus: this.unread,
        conflicts,
        unknownModelNames: unknownNames(this.unread.filter(({ reason }) => reason === UNKNOWN_NAME).map(({ attributes }) => attributes), this.names),
        unusedModelNames: [...this.unused.values()],
      },
    };
  }
}

function count(counts: Map<string, number>, reason: string): void {
  counts.set(reason, (counts.get(reason) ?? 0) + 1);
}

function sum(counts: ReadonlyMap<string, number>): number {
  return [...counts.values()].reduce((total, n) => total + n, 0);
}

function byCount(counts: ReadonlyMap<string, number>): ReasonCount[] {
  return [...counts].map(([reason, skus]) => ({ reason, skus })).sort((a, b) => b.skus - a.skus || (a.reason < b.reason ? -1 : 1));
}
