import { combine, Conflict, PricedRow } from './combine';
import { Attributes, ListedSku, NameMap } from './listed-sku';
import { keyOf, nameOf, UNKNOWN_NAME } from './model-names';
import { understand } from './understand';
import { UnknownName, unknownNames } from './unknown-names';
import { Rate } from '../pricing/price-book/rate';

/** An SKU that gives no rate because we do not know what it is the price of. */
export interface NotUnderstood {
  readonly sku: string;
  readonly offerCode: string;
  readonly reason: string;
  readonly attributes: Attributes;
  /** Its prices, for the one who reads the list. */
  readonly prices: readonly { readonly usd?: string; readonly unit: string; readonly description: string }[];
}

export interface ReasonCount {
  readonly reason: string;
  readonly skus: number;
}

/** The results of all SKUs: `skusRead` is the sum of `priced`, `skipped`, `notUnderstood` and `conflicting`. */
export interface ImportSummary {
  readonly skusRead: number;
  readonly priced: number;
  readonly skipped: number;
  readonly notUnderstood: number;
  readonly conflicting: number;
  /** Rates of the book. */
  readonly rates: number;
  /** Rates that say what another one says as well, and stand in the book once. */
  readonly mergedRates: number;
  readonly skippedByReason: readonly ReasonCount[];
  readonly notUnderstoodByReason: readonly ReasonCount[];
  readonly notUnderstoodSkus: readonly NotUnderstood[];
  readonly conflicts: readonly Conflict[];
  /** The names behind the SKUs that are not understood because no model id is known for them. */
  readonly unknownModelNames: readonly UnknownName[];
  /** The user's own names that no SKU has. */
  readonly unusedModelNames: readonly string[];
}

export interface ImportResult {
  readonly rates: readonly Rate[];
  readonly summary: ImportSummary;
}

const OUTRANKED = 'the rate of a runtime row, published a second time for bedrock-mantle';

/**
 * Makes the rates of a price book of the SKUs of AWS Price List files: any number of files and offers, in any order.
 *
 * It keeps the rates and what it cannot read, not the files.
 */
export class PriceListImport {
  private read = 0;
  private readonly rows: PricedRow[] = [];
  private readonly skipped = new Map<string, number>();
  private readonly unread: NotUnderstood[] = [];

  private readonly names: NameMap;
  /** The user's own names that no SKU has had so far, by key. */
  private readonly unused: Map<string, string>;

  /**
   * @param known the names that the importer knows
   * @param own the user's names, apart from those
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

  /** For what the reader of a file finds amiss itself, such as a price without a product. */
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
