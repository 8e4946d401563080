import { Rate } from '../pricing/price-book/rate';

/** The attributes of a product of the AWS Price List, as they stand there. All but `usagetype` and `regionCode` are optional. */
export type Attributes = { readonly [name: string]: string };

/** One price of a term. */
export interface ListedPrice {
  readonly unit: string;
  /** Dollars for one unit as a decimal text; undefined when the price is in other currencies only. */
  readonly usd?: string;
  /** The currencies that the price is stated in. */
  readonly currencies: readonly string[];
  readonly description: string;
  readonly beginRange?: string;
  readonly endRange?: string;
}

/** A term, from a day on: several prices where the price depends on the quantity. */
export interface ListedTerm {
  /** YYYY-MM-DD; as it is written where it is no such day. */
  readonly effectiveDate?: string;
  readonly prices: readonly ListedPrice[];
}

/** One SKU of a price list file, with its terms. */
export interface ListedSku {
  readonly sku: string;
  readonly offerCode: string;
  /** The day on which the list was published, as YYYY-MM-DD. */
  readonly publicationDate: string;
  readonly attributes: Attributes;
  readonly terms: readonly ListedTerm[];
}

/** One SKU with its one price: what a family of recognizers reads. */
export interface PriceRow {
  readonly offerCode: string;
  readonly attributes: Attributes;
  readonly unit: string;
  readonly usd: string;
  readonly description: string;
}

/**
 * Which of two rates of the same key stands: the lower rank. AWS states some rates in two places; where both are there,
 * the more explicit statement wins, without being a contradiction of the other.
 */
export enum Rank {
  STATED = 0,
  /** The geographic rate made from a regional row: a row that says geo beats it. */
  REGIONAL_AS_GEO = 1,
  /** A row of the bedrock-mantle endpoint: a row of the runtime beats it. */
  MANTLE = 2,
  MANTLE_REGIONAL_AS_GEO = 3,
}

/** A rate as a row gives it, before region, dates and source are added, which are the same for all families. */
export interface DraftRate extends Omit<Rate, 'region' | 'source' | 'asOf' | 'confirmed' | 'effectiveDate' | 'endDate' | 'reviewAfter' | 'derived'> {
  readonly rank?: Rank;
}

/** The result of reading a row. */
export type Reading<T = DraftRate> =
  | { readonly understood: readonly T[] }
  /** Understood as something that gives no rate. */
  | { readonly skipped: string }
  | { readonly notUnderstood: string };

/** The model ids behind the display names of the price list: an explicit map, no official key joins them. */
export type NameMap = { readonly [name: string]: string };

/** Reads the rows of one family of prices; undefined for a row of another family. */
export type Family = (row: PriceRow, names: NameMap) => Reading | undefined;

/** The reading of a row that cannot be priced: it is listed with its attributes, never guessed. */
export function notUnderstood(reason: string): { readonly notUnderstood: string } {
  return { notUnderstood: reason };
}
