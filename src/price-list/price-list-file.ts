import { Attributes, ListedPrice, ListedSku, ListedTerm } from './listed-sku';
import { isDay } from '../pricing/price-book/day';

/** The offer of managed knowledge bases. Price books have no kind of rate for its other services. */
export const AGENT_CORE_OFFER = 'AmazonBedrockAgentCore';

/** The offers with prices of Amazon Bedrock. */
export const BEDROCK_OFFERS: readonly string[] = ['AmazonBedrock', 'AmazonBedrockService', 'AmazonBedrockFoundationModels', AGENT_CORE_OFFER];

/** A file that is not a price list of Bedrock. The caller adds the file: `FILE: must be ...`. */
export class PriceListError extends Error {
  constructor(readonly found: string, readonly allowed: string) {
    super(`must be ${allowed}, got ${found}.`);
    this.name = 'PriceListError';
  }
}

/** Receives the SKUs of a file. */
export interface SkuSink {
  add(sku: ListedSku): void;
  addNotUnderstood(sku: ListedSku, reason: string): void;
}

/** Header fields of a file. */
export interface PriceListHeader {
  readonly offerCode: string;
  /** YYYY-MM-DD. */
  readonly publicationDate: string;
}

const ALLOWED = `an index.json of the AWS Price List with offerCode, publicationDate, products and terms; offers: ${BEDROCK_OFFERS.join(', ')}`;
/** Attributes that are the same for all products or repeat regionCode. They are not read. */
const LEFT_OUT: readonly string[] = ['servicecode', 'location', 'locationType'];

/**
 * Joins the products of a file with their terms, in any order. A complete SKU is passed to the sink immediately, so only
 * incomplete SKUs are in memory.
 */
export class PriceListFile {
  public skus = 0;
  private offerCode?: string;
  private publicationDate?: string;
  private readonly products = new Map<string, Attributes>();
  private readonly terms = new Map<string, readonly ListedTerm[]>();
  /** SKUs that are complete. A second occurrence is an error of the file, not a product without a price. */
  private readonly joined = new Set<string>();
  private readonly withoutHeader: Omit<ListedSku, keyof PriceListHeader>[] = [];
  /** Texts of attributes, which occur thousands of times and are in memory once. Usagetypes are excluded, since they are unique. */
  private readonly texts = new Map<string, string>();

  constructor(private readonly sink: SkuSink) {}

  /** Adds a header field. */
  public addField(name: string, value: unknown): void {
    if (name === 'offerCode') {
      if (typeof value !== 'string' || !BEDROCK_OFFERS.includes(value)) throw new PriceListError(`the offerCode ${JSON.stringify(value)}`, ALLOWED);
      this.offerCode = value;
    }
    if (name === 'publicationDate') {
      this.publicationDate = dayOf(value);
      if (this.publicationDate === undefined) throw new PriceListError(`the publicationDate ${JSON.stringify(value)}`, 'an index.json with a publicationDate such as 2026-09-11T12:44:08Z');
    }
  }

  public addProduct(sku: string, product: unknown): void {
    if (this.products.has(sku) || this.joined.has(sku)) throw new PriceListError(`the SKU ${sku} twice among the products`, 'an index.json that lists each SKU once');
    const attributes = this.attributesOf(product);
    const terms = this.terms.get(sku);
    if (terms === undefined) {
      this.products.set(sku, attributes);
    } else {
      this.terms.delete(sku);
      this.pass({ sku, attributes, terms });
    }
  }

  /** Adds the terms of an SKU, from terms.OnDemand. */
  public addTerms(sku: string, listed: unknown): void {
    if (this.terms.has(sku) || this.joined.has(sku)) throw new PriceListError(`the SKU ${sku} twice among the terms`, 'an index.json that lists each SKU once');
    const terms = Object.values(fieldsOf(listed)).map(termOf);
    const attributes = this.products.get(sku);
    if (attributes === undefined) {
      this.terms.set(sku, terms);
    } else {
      this.products.delete(sku);
      this.pass({ sku, attributes, terms });
    }
  }

  /** Ends the file. Call it after all of its content has been added. */
  public end(): PriceListHeader {
    const found = this.skus + this.products.size + this.withoutHeader.length;
    if (this.offerCode === undefined || this.publicationDate === undefined || found + this.terms.size === 0) {
      const missing = [
        ...(this.offerCode === undefined ? ['offerCode'] : []),
        ...(this.publicationDate === undefined ? ['publicationDate'] : []),
        ...(found === 0 ? ['products'] : []),
      ];
      throw new PriceListError(`a file without ${missing.join(', ')}`, ALLOWED);
    }
    for (const joined of this.withoutHeader.splice(0)) this.pass(joined);
    for (const [sku, attributes] of this.products) this.pass({ sku, attributes, terms: [] });
    for (const [sku, terms] of this.terms) {
      this.skus++;
      this.sink.addNotUnderstood({ ...this.header()!, sku, attributes: {}, terms }, 'a price without a product');
    }
    return this.header()!;
  }

  private pass(joined: Omit<ListedSku, keyof PriceListHeader>): void {
    const header = this.header();
    this.joined.add(joined.sku);
    if (header === undefined) {
      this.withoutHeader.push(joined);
    } else {
      this.skus++;
      this.sink.add({ ...header, ...joined });
    }
  }

  private header(): PriceListHeader | undefined {
    const { offerCode, publicationDate } = this;
    return offerCode === undefined || publicationDate === undefined ? undefined : { offerCode, publicationDate };
  }

  private attributesOf(product: unknown): Attributes {
    const { attributes } = fieldsOf(product);
    const kept = Object.entries(fieldsOf(attributes)).filter(([name, value]) => value !== '' && value !== null && !LEFT_OUT.includes(name));
    // fromEntries accepts every name, `__proto__` included. A value that is not a text is kept as JSON, since it may affect the price.
    return Object.fromEntries(kept.map(([name, value]) => {
      const text = typeof value === 'string' ? value : JSON.stringify(value);
      return [name, name === 'usagetype' ? text : this.once(text)];
    }));
  }

  private once(text: string): string {
    const known = this.texts.get(text);
    if (known === undefined) this.texts.set(text, text);
    return known ?? text;
  }
}

function termOf(listed: unknown): ListedTerm {
  const { effectiveDate, priceDimensions } = fieldsOf(listed);
  const stated = effectiveDate === undefined ? undefined : dayOf(effectiveDate) ?? textOf(effectiveDate) ?? JSON.stringify(effectiveDate);
  return { ...(stated === undefined ? {} : { effectiveDate: stated }), prices: Object.values(fieldsOf(priceDimensions)).map(priceOf) };
}

function priceOf(listed: unknown): ListedPrice {
  const { unit, description, beginRange, endRange, pricePerUnit } = fieldsOf(listed);
  const prices = fieldsOf(pricePerUnit);
  return {
    unit: textOf(unit) ?? '',
    ...(typeof prices.USD === 'string' ? { usd: prices.USD } : {}),
    currencies: Object.keys(prices),
    description: textOf(description) ?? '',
    ...(typeof beginRange === 'string' ? { beginRange } : {}),
    ...(typeof endRange === 'string' ? { endRange } : {}),
  };
}

function fieldsOf(value: unknown): { readonly [name: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value as { [name: string]: unknown } : {};
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** Returns the day of a time such as `2026-09-11T12:44:08Z`. */
function dayOf(value: unknown): string | undefined {
  const day = typeof value === 'string' ? /^(\d{4}-\d{2}-\d{2})(?:T|$)/.exec(value)?.[1] : undefined;
  return isDay(day) ? day : undefined;
}
