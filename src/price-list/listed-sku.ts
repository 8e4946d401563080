import { Rate } from '../pricing/price-book/rate';

/** Attributes of a product of the AWS Price List, unchanged. All but `usagetype` and `regionCode` are optional. */
export type Attributes = { readonly [name: string]: string };

/** A price of a term. */
export interface ListedPrice {
  readonly unit: string;
  /** US dollars for one unit as a decimal text; undefined if the price is in other currencies only. */
  readonly usd?: string;
  /** Currencies of the price. */
  readonly currencies: readonly string[];
  readonly description: string;
  readonly beginRange?: string;
  readonly endRange?: string;
}

/** A term. It has several prices if the price depends on the quantity. */
export interface ListedTerm {
  /** First day of the term as YYYY-MM-DD, or the listed text if it is not a date. */
  readonly effectiveDate?: string;
  readonly prices: readonly ListedPrice[];
}

/** One SKU of a price list file, with its terms. */
export interface ListedSku {
  readonly sku: string;
  readonly offerCode: string;
  /** Day on which the list was published, as YYYY-MM-DD. */
  readonly publicationDate: string;
  readonly attributes: Attributes;
  readonly terms: readonly ListedTerm[];
}

/** An SKU with its only price, as the families read it. */
export interface PriceRow {
  readonly offerCode: string;
  readonly attributes: Attributes;
  readonly unit: string;
  readonly usd: string;
  readonly description: string;
}

/**
 * Precedence of rates with the same key: the lowest rank wins. AWS states some rates in two places; the more explicit statement
 * wins, and the other one is not a contradiction.
 */
export enum Rank {
  STATED = 0,
  /** The geographic rate of a regional row. A row with the scope geo has precedence. */
  REGIONAL_AS_GEO = 1,
  /** A row of the bedrock-mantle endpoint. A row of the runtime has precedence. */
  MANTLE = 2,
  MANTLE_REGIONAL_AS_GEO = 3,
}

/** A rate of a row without region, dates and source, which are added in the same way for all families. */
export interface DraftRate extends Omit<Rate, 'region' | 'source' | 'asOf' | 'confirmed' | 'effectiveDate' | 'endDate' | 'reviewAfter' | 'derived'> {
  readonly rank?: Rank;
}

/** Result of reading a row. */
export type Reading<T = DraftRate> =
  | { readonly understood: readonly T[] }
  /** The reason for which an understood row gives no rate. */
  | { readonly skipped: string }
  | { readonly notUnderstood: string };

/** Model ids by the display names of the price list. The map is explicit, because AWS publishes no key for both. */
export type NameMap = { readonly [name: string]: string };

/** Reads the rows of one family of prices; undefined for a row of another family. */
export type Family = (row: PriceRow, names: NameMap) => Reading | undefined;

/** Returns the result for a row that cannot be priced. The row is listed with its attributes; its price is never guessed. */
export function notUnderstood(reason: string): { readonly notUnderstood: string } {
  return { notUnderstood: reason };
}
