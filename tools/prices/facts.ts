import { ModelEnd } from '../../src/pricing/price-book/model-catalog';
import { Rate } from '../../src/pricing/price-book/rate';

/** The regions of a rate or, when its source names none, `open`. */
export type Regions = readonly string[] | 'open';

/** A rate as prices/ has it: once for all regions that share it, always with date and source. */
export interface PricedRate extends Omit<Rate, 'model' | 'region' | 'asOf' | 'source'> {
  readonly asOf: string;
  readonly source: string;
  readonly regions: Regions;
}

export interface Alias {
  readonly id: string;
  readonly kind: string;
}

/** The regions in which a model can be called, by the form of the call. */
export interface Availability {
  readonly inRegion: readonly string[];
  readonly geo: { readonly [prefix: string]: readonly string[] };
  readonly global: readonly string[];
  /** Regions that the lists name without any way to call the model there. */
  readonly none: readonly string[];
}

export interface PricedModel {
  readonly id: string;
  readonly name: string;
  /** The name that the AWS Price List gives it. */
  readonly priceListName?: string;
  /** More names that AWS has for it. */
  readonly otherNames: readonly string[];
  readonly provider: string;
  readonly modality: string;
  /** `active` or `legacy` as AWS marks it; left out where no source states it. */
  readonly status?: 'active' | 'legacy';
  /** The source of a legacy status, with the end of life where the source states one: an entry for each group of regions. */
  readonly lifecycle: readonly ModelEnd[];
  /** A note that applies to all prices of the model. */
  readonly priceNote?: string;
  readonly profiles: readonly string[];
  readonly aliases: readonly Alias[];
  readonly longContextFromInputTokens?: number;
  /** The reason why a rate of long requests is missing, from gaps.yaml. */
  readonly longContextGap?: string;
  readonly availability?: Availability;
  readonly rates: readonly PricedRate[];
  /** For messages: the file and the model. */
  readonly place: string;
}

/** A name or table of AWS whose model is unknown: kept here, but not in the book. */
export interface UnmappedName {
  readonly name: string;
  readonly why: string;
  readonly rates: readonly PricedRate[];
}

/** Something that costs nothing of its own, since another price includes it. */
export interface IncludedItem {
  readonly name: string;
  readonly note: string;
  readonly asOf: string;
  readonly source: string;
}

/** A gap or a reservation of the book that counting the data cannot find. */
export interface Gap {
  readonly about: string;
  readonly what: string;
  /** Models whose rates of long requests are missing or disputed: estimates of such requests state the gap. */
  readonly longContextOf?: readonly string[];
}

export interface ServicePrice {
  readonly key: string;
  readonly service: string;
  readonly item: string;
  readonly usd: string;
  readonly unit: string;
  readonly region: string;
  readonly asOf: string;
  readonly source: string;
  readonly note?: string;
}

export interface Source {
  readonly key: string;
  readonly what: string;
  readonly date: string;
  /** True if a third party states AWS's price. AWS's own list and page have priority, and estimates mark the price as second-hand. */
  readonly secondHand?: boolean;
}

/** A price on which sources disagree. */
export interface Dispute {
  readonly model: string;
  readonly why: string;
  readonly inBook: 'b' | 'nothing';
  readonly a: string;
  readonly b?: string;
  readonly rates: readonly DisputedRate[];
}

export interface DisputedRate {
  readonly kind: string;
  readonly scope?: string;
  readonly tier?: string;
  readonly context?: string;
  readonly a: string;
  readonly b?: string;
  readonly regions?: Regions;
}

/** The content of prices/. */
export interface PriceFacts {
  readonly models: readonly PricedModel[];
  /** Rates that no model is part of. */
  readonly features: readonly PricedRate[];
  readonly included: readonly IncludedItem[];
  readonly unmapped: readonly UnmappedName[];
  readonly services: readonly ServicePrice[];
  readonly sources: readonly Source[];
  readonly disputed: readonly Dispute[];
  readonly gaps: readonly Gap[];
}
