import { readBookFile } from './book-file';
import { decimal, Decimal, isDecimalText, percentOf } from './decimal';
import { PricingError } from './error';
import { bookIds } from './model-catalog';
import { parseModelId } from './model-id';
import { nearestNames } from './nearest';
import { CommitmentDuration, ContextLength, PriceScope, PriceTier, Rate, RateKind, RateQuery, RateUnit, UNITS_OF_KIND } from './rate';
import { decodeModel, EncodedBook, RateGroup } from './rate-group';

/** A rate as it was found for a query, ready to be multiplied. */
export interface FoundRate {
  readonly rate: RateGroup;
  /** The same for the user to read, of the region that was asked for. */
  readonly asRate: Rate;
  /** Dollars for one unit, after the discount. */
  readonly price: Decimal;
  /** True for a rate that the user gave, false for one of the book. */
  readonly own: boolean;
  readonly discounted: boolean;
}

/** What prices are looked up by, apart from what is priced. */
export type PriceQuery = Omit<RateQuery, 'kind'>;

/** The rates of one query by kind, each searched for when it is first asked for. */
export class Prices {
  private readonly found = new Map<RateKind, FoundRate | undefined>();

  constructor(private readonly search: (kind: RateKind) => FoundRate | undefined) {}

  public find(kind: RateKind): FoundRate | undefined {
    const known = this.found.get(kind);
    if (known !== undefined || this.found.has(kind)) return known;
    const found = this.search(kind);
    this.found.set(kind, found);
    return found;
  }
}

/** Where rates come from: the embedded book, a file, or the user's own list. */
interface RateSource {
  modelIds(): string[];
  ratesOf(model: string): readonly RateGroup[];
  /** Where and when the rates were read. */
  provenance(): readonly Pick<Rate, 'source' | 'asOf'>[];
}

interface OwnRates extends RateSource {
  readonly groups: readonly RateGroup[];
}

/**
 * The prices that estimates are made of: a book of rates, the user's own rates above it, and a discount.
 *
 * Immutable: `withRates` and `withDiscountPercent` give a new book. Everything is offline.
 *
 * @see https://aws.amazon.com/bedrock/pricing/
 */
export class PriceBook {
  /** The book that ships inside the library: Amazon Bedrock's published list prices. */
  public static embedded(): PriceBook {
    return (PriceBook.embeddedBook ??= new PriceBook(encodedSource(require('./data/price-book.json') as EncodedBook), ownSource([]), decimal(0)));
  }

  /**
   * A book from a file, in place of the embedded one.
   *
   * @param path a YAML or JSON file `{ schemaVersion: "1", rates: [...] }` (schemas/price-book.schema.json)
   * @throws if the file is missing, not readable, or a rate in it is not valid: the message names file and field
   */
  public static fromFile(path: string): PriceBook {
    return new PriceBook(ownSource(readBookFile(path).map((rate, i) => toGroup(rate, `${path}: rates[${i}]`))), ownSource([]), decimal(0));
  }

  private static embeddedBook?: PriceBook;

  private readonly found = new Map<string, Prices>();
  private readonly known = new Map<string, boolean>();

  private constructor(private readonly book: RateSource, private readonly own: OwnRates, private readonly discount: Decimal) {}

  /** The newest day on which a rate of the book was read, as YYYY-MM-DD; undefined when no rate states one. */
  public get asOf(): string | undefined {
    return this.book.provenance().map(({ asOf }) => asOf).filter((asOf) => asOf !== undefined).sort().pop();
  }

  /** Where the rates were read, sorted. */
  public get sources(): string[] {
    return [...new Set(this.book.provenance().flatMap(({ source }) => source ?? []))].sort();
  }

  /** The discount in percent that is taken off the book's rates (never off the user's own). */
  public get discountPercent(): number {
    return this.discount.toNumber();
  }

  /** The ids of all models that the book holds a rate of, sorted. */
  public get modelIds(): string[] {
    return [...new Set([...this.book.modelIds(), ...this.own.modelIds()])].filter((id) => id !== '*').sort();
  }

  /**
   * This book with rates of your own, which win over the book's. A discount is not taken off them.
   *
   * @throws if a rate is not valid: the message names its place in the list, the field and what is allowed
   */
  public withRates(rates: Rate[]): PriceBook {
    return new PriceBook(this.book, ownSource([...this.own.groups, ...rates.map((rate, i) => toGroup(rate, `rates[${i}]`))]), this.discount);
  }

  /**
   * This book with a discount on its rates, in place of one given before.
   *
   * @param percent from 0 to 100; 10 makes a rate of $3.00 count $2.70
   */
  public withDiscountPercent(percent: number): PriceBook {
    if (!(typeof percent === 'number' && percent >= 0 && percent <= 100)) {
      throw new PricingError('discountPercent', percent, 'a number from 0 to 100');
    }
    return new PriceBook(this.book, this.own, decimal(percent));
  }

  /** The rate that a query is priced at, before any discount; undefined when the book holds none. */
  public findRate(query: RateQuery): Rate | undefined {
    return this._find(query)?.asRate;
  }

  /**
   * Every rate of a model, one for each region: all scopes, tiers and contexts of the id with or without prefix.
   *
   * @param region only the rates that hold in this region
   */
  public ratesOf(model: string, region?: string): Rate[] {
    const { bareId, prefix, scope } = parseModelId(model);
    return this.groupsOf(bareId)
      .filter((group) => prefix === undefined || group.scope === undefined || group.scope === scope)
      .flatMap((group) => (group.regions ?? [undefined]).map((r) => toRate(group, r)))
      .filter((rate) => region === undefined || rate.region === undefined || rate.region === region);
  }

  /** The ids of the book that look most like the given one, best first. */
  public nearestModels(model: string): string[] {
    const { bareId } = parseModelId(model);
    return nearestNames(bareId, this.modelIds);
  }

  /** True when the book holds any rate of the model. */
  public knows(model: string): boolean {
    let known = this.known.get(model);
    if (known === undefined) this.known.set(model, (known = this.groupsOf(parseModelId(model).bareId).length > 0));
    return known;
  }

  /**
   * `findRate`, with all that a line item needs.
   * @internal
   */
  public _find(query: RateQuery): FoundRate | undefined {
    return this._pricesOf(query).find(query.kind);
  }

  /**
   * The prices of one query for every kind of rate. Remembers its answers: one estimate then costs one access to a map,
   * and one more for each of its lines.
   * @internal
   */
  public _pricesOf(query: PriceQuery): Prices {
    const key = `${query.model}|${query.region}|${query.tier}|${query.context}|${query.commitmentDuration}|${query.customModel}`;
    let prices = this.found.get(key);
    if (prices === undefined) this.found.set(key, (prices = new Prices((kind) => this.search({ ...query, kind }))));
    return prices;
  }

  private search(query: RateQuery): FoundRate | undefined {
    const { bareId, scope } = parseModelId(query.model);
    for (const [source, own] of [[this.own, true], [this.book, false]] as const) {
      for (const id of this.idsOf(bareId)) {
        const rate = mostSpecific(source.ratesOf(id), query, scope);
        if (rate) {
          const discounted = !own && this.discount.cmp(decimal(0)) > 0;
          const list = decimal(rate.usd);
          return { rate, asRate: toRate(rate, query.region), own, discounted, price: discounted ? list.minus(percentOf(this.discount, list)) : list };
        }
      }
    }
    return undefined;
  }

  private idsOf(bareId: string): readonly string[] {
    return bookIds(bareId, (id) => this.own.ratesOf(id).length > 0 || this.book.ratesOf(id).length > 0);
  }

  private groupsOf(bareId: string): RateGroup[] {
    for (const id of this.idsOf(bareId)) {
      const groups = [...this.own.ratesOf(id), ...this.book.ratesOf(id)];
      if (groups.length > 0) return groups;
    }
    return [];
  }
}

/** Of the rates that fit the query, the one that states most of it; of two alike, the later one. */
function mostSpecific(rates: readonly RateGroup[], query: RateQuery, scope: PriceScope): RateGroup | undefined {
  let best: RateGroup | undefined;
  let bestScore = -1;
  for (const rate of rates) {
    if (!fits(rate, query, scope)) continue;
    const score = (rate.regions === undefined ? 0 : rate.regionAssumed ? 2 : 4) + (rate.scope === undefined ? 0 : 1);
    if (score >= bestScore) {
      best = rate;
      bestScore = score;
    }
  }
  return best;
}

function fits(rate: RateGroup, query: RateQuery, scope: PriceScope): boolean {
  return rate.kind === query.kind
    && (rate.tier ?? PriceTier.STANDARD) === (query.tier ?? PriceTier.STANDARD)
    && (rate.context ?? ContextLength.STANDARD) === (query.context ?? ContextLength.STANDARD)
    && (rate.scope === undefined || rate.scope === scope)
    && rate.commitmentDuration === query.commitmentDuration
    && (rate.customModel ?? false) === (query.customModel ?? false)
    && (rate.regions === undefined || (query.region !== undefined && rate.regions.includes(query.region)));
}

function encodedSource(book: EncodedBook): RateSource {
  const decoded = new Map<string, RateGroup[]>();
  return {
    modelIds: () => Object.keys(book.models),
    provenance: () => book.sources.map(([source, asOf]) => ({ source, asOf })),
    ratesOf: (model) => {
      let groups = decoded.get(model);
      if (!groups) decoded.set(model, (groups = decodeModel(book, model)));
      return groups;
    },
  };
}

function ownSource(groups: readonly RateGroup[]): OwnRates {
  const byModel = new Map<string, RateGroup[]>();
  for (const group of groups) byModel.set(group.model, [...(byModel.get(group.model) ?? []), group]);
  return { groups, modelIds: () => [...byModel.keys()], ratesOf: (model) => byModel.get(model) ?? [], provenance: () => groups };
}

/** Every field of a Rate: an unknown one is an error, since a misspelt `region` would make a rate hold everywhere. */
const RATE_FIELDS: { readonly [field in keyof Required<Rate>]: true } = {
  model: true,
  kind: true,
  usd: true,
  unit: true,
  region: true,
  scope: true,
  tier: true,
  context: true,
  commitmentDuration: true,
  customModel: true,
  asOf: true,
  source: true,
  effectiveDate: true,
  endDate: true,
  derived: true,
};

/** Checks a rate of the user's (by hand or from a file) and files it under the id without prefix. */
function toGroup(rate: Rate, place: string): RateGroup {
  const check = (field: keyof Rate, valid: boolean, allowed: string) => {
    if (!valid) throw new PricingError(`${place}.${field}`, rate[field], allowed);
  };
  const oneOf = (field: keyof Rate, values: object) => {
    const allowed = Object.values(values);
    check(field, rate[field] === undefined || allowed.includes(rate[field]), `one of ${allowed.join(', ')}`);
  };
  if (typeof rate !== 'object' || rate === null) throw new PricingError(place, rate, 'a rate: { model, kind, usd, unit, ... }');
  const unknown = Object.keys(rate).find((field) => !Object.hasOwn(RATE_FIELDS, field));
  if (unknown !== undefined) throw new PricingError(`${place}.${unknown}`, (rate as unknown as { [field: string]: unknown })[unknown], `no such field; the fields of a rate are ${Object.keys(RATE_FIELDS).join(', ')}`);
  check('model', typeof rate.model === 'string' && rate.model !== '', 'a model id, or "*"');
  check('kind', rate.kind !== undefined, `one of ${Object.values(RateKind).join(', ')}`);
  check('unit', rate.unit !== undefined, `one of ${Object.values(RateUnit).join(', ')}`);
  for (const field of ['region', 'asOf', 'source', 'effectiveDate', 'endDate', 'derived'] as const) {
    check(field, rate[field] === undefined || typeof rate[field] === 'string', 'a text');
  }
  check('customModel', rate.customModel === undefined || typeof rate.customModel === 'boolean', 'true or false');
  oneOf('commitmentDuration', CommitmentDuration);
  oneOf('kind', RateKind);
  oneOf('unit', RateUnit);
  check('unit', UNITS_OF_KIND[rate.kind].includes(rate.unit), `one of ${UNITS_OF_KIND[rate.kind].join(', ')} for the kind ${rate.kind}`);
  oneOf('scope', PriceScope);
  oneOf('tier', PriceTier);
  oneOf('context', ContextLength);
  check('usd', isDecimalText(rate.usd), 'dollars for one unit as a decimal text such as "0.0008"');
  if (rate.kind === RateKind.MODEL_UNIT_HOUR) {
    check('commitmentDuration', rate.commitmentDuration !== undefined, 'none, one-month or six-months: a model-unit-hour rate always states it');
    check('customModel', typeof rate.customModel === 'boolean', 'true or false: a model-unit-hour rate always states it');
  }
  const { bareId, prefix, scope } = parseModelId(rate.model);
  const { region, ...rest } = rate;
  return {
    ...rest,
    model: bareId,
    ...(rate.scope === undefined && prefix !== undefined ? { scope } : {}),
    ...(region === undefined ? {} : { regions: [region] }),
  };
}

function toRate({ regions: _regions, regionAssumed: _assumed, ...rate }: RateGroup, region: string | undefined): Rate {
  return region === undefined ? rate : { ...rate, region };
}
