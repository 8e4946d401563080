import { readBookFile } from './book-file';
import { checkedRates, refuseContradictions } from './check-rate';
import { isDay } from './day';
import { checkDiscount, describeDiscount, Discount, discountKey } from './discount';
import { findRate, FoundRate, keyOf, PriceQuery, Prices, toRate } from './find-rate';
import { isGone } from './lifecycle';
import { isInForce, isReadAfter } from './match';
import { bookIds, modelFacts, providerOf, providers } from './model-catalog';
import { nearestModelIds } from './nearest-models';
import { rateKey } from './price-use';
import { ANY_MODEL, PriceScope, Rate, RateQuery } from './rate';
import { EncodedBook, RateGroup } from './rate-group';
import { encodedSource, OwnRates, ownSource, RateSource } from './rate-source';
import { SYNTH_SILENCE_MS } from '../../files/text-file';
import { isText, requireArgument } from '../../input/argument';
import { markAs } from '../../input/brand';
import { PricingError } from '../../input/error';
import { ModelId } from '../model-id';

/** The parts of a book besides its rates. */
interface Terms {
  readonly own: OwnRates;
  readonly discounts: readonly Discount[];
  /** The day whose rates are in force. */
  readonly day?: string;
  readonly allowDerivedRates: boolean;
  /** The file that the book came from. */
  readonly file?: string;
}

const NO_TERMS: Terms = { own: ownSource([]), discounts: [], allowDerivedRates: true };

/**
 * The prices that estimates are made of: a book of rates, the user's own rates above it, and discounts.
 *
 * Immutable: `withRates`, `withDiscounts`, `forDay` and the like give a new book. Everything is offline.
 *
 * @see https://aws.amazon.com/bedrock/pricing/
 */
export class PriceBook {
  /** The book that ships inside the library: Amazon Bedrock's published list prices. */
  public static embedded(): PriceBook {
    return (PriceBook.embeddedBook ??= new PriceBook(encodedSource(require('../data/price-book.json') as EncodedBook), NO_TERMS));
  }

  /**
   * A book from a file, which replaces the embedded one or, with `base: embedded`, overrides its rates.
   *
   * @param path a YAML or JSON file with `rates`, and optionally `discounts` and `allowDerivedRates` (schemas/price-book.schema.json)
   * @throws if the file is missing or not readable, a rate in it is not valid, or two rates differ in nothing but the price
   */
  public static fromFile(path: string): PriceBook {
    requireArgument('PriceBook.fromFile', 'path', path, isText(path), 'the path of a price-book file');
    return PriceBook._fromFile(path, SYNTH_SILENCE_MS);
  }

  /**
   * `fromFile`, with the time in milliseconds that a pipe may send nothing.
   * @internal
   */
  public static _fromFile(path: string, silenceMs: number): PriceBook {
    const { base, rates, discounts, allowDerivedRates } = readBookFile(path, silenceMs);
    const checked = checkedRates(rates, `${path}: rates`);
    refuseContradictions(checked, `${path}: rates`);
    const groups = ownSource(checked);
    const embedded = PriceBook.embedded();
    const book = base === 'embedded'
      ? new PriceBook(embedded.book, { ...NO_TERMS, own: groups, file: path })
      : new PriceBook(groups, { ...NO_TERMS, file: path });
    return book.discounted(discounts, `${path}: discounts`).withDerivedRates(allowDerivedRates);
  }

  private static embeddedBook?: PriceBook;

  /** The newest day on which a rate of the book was read, as YYYY-MM-DD. Undefined if no rate states one. */
  public readonly asOf?: string;

  private readonly newestDay?: string;
  private readonly found = new Map<string, Prices>();
  private readonly known = new Map<string, boolean>();
  private readonly nearest = new Map<string, readonly string[]>();

  private constructor(private readonly book: RateSource, private readonly terms: Terms) {
    markAs('PriceBook', this);
    this.asOf = newest(book.provenance());
    this.newestDay = newest([{ asOf: this.asOf }, ...terms.own.provenance()]);
  }

  /**
   * The sources of the rates, sorted.
   * @internal
   */
  public get _sources(): string[] {
    return [...new Set(this.book.provenance().flatMap(({ source }) => source ?? []))].sort();
  }

  /**
   * The discounts of the book, from wherever they come.
   * @internal
   */
  public get _discounts(): readonly Discount[] {
    return this.terms.discounts;
  }

  /**
   * The differences from the embedded book, in words: another file, own rates, discounts, a day. Empty for the embedded book.
   * @internal
   */
  public get _changes(): string[] {
    const { own, discounts, day, allowDerivedRates, file } = this.terms;
    return [
      ...(file === undefined ? [] : [`price book ${file}${this.book === PriceBook.embedded().book ? ' above the embedded one' : ' in place of the embedded one'}`]),
      ...(own.groups.length === 0 ? [] : [`${own.groups.length} rate${own.groups.length === 1 ? '' : 's'} of your own`]),
      ...discounts.map((discount) => `discount of ${describeDiscount(discount)}`),
      ...(day === undefined ? [] : [`rates as of ${day}`]),
      ...(allowDerivedRates ? [] : ['no derived rates']),
    ];
  }

  /**
   * The ids of all models that the book holds a rate of, sorted.
   * @internal
   */
  public get _modelIds(): string[] {
    return [...new Set([...this.book.modelIds(), ...this.terms.own.modelIds()])].filter((id) => id !== ANY_MODEL).sort();
  }

  /**
   * This book with rates of your own, which win over the book's. A discount is not taken off them.
   *
   * @throws if a rate is not valid, or two rates differ in nothing but the price
   */
  public withRates(rates: Rate[]): PriceBook {
    requireArgument('PriceBook.withRates', 'rates', rates, Array.isArray(rates), 'a list of rates such as [{ model, kind, usd, unit }]');
    return this._withRates(rates, 'rates');
  }

  /**
   * `withRates`, with the name of the list that messages name places in, such as `prices`.
   * @internal
   */
  public _withRates(rates: readonly Rate[], place: string): PriceBook {
    if (rates.length === 0) return this;
    const checked = checkedRates(rates, place);
    refuseContradictions(checked, place);
    return this.with({ own: ownSource([...this.terms.own.groups, ...checked]) });
  }

  /**
   * This book with a discount on all its rates, which replaces an earlier general discount.
   *
   * @param percent from 0 to 100; with 10, a rate of $3.00 is $2.70
   */
  public withDiscountPercent(percent: number): PriceBook {
    if (!(typeof percent === 'number' && percent >= 0 && percent <= 100)) {
      throw new PricingError('discountPercent', percent, 'a number from 0 to 100');
    }
    const specific = this.terms.discounts.filter(({ model, provider }) => model !== undefined || provider !== undefined);
    return this.with({ discounts: percent === 0 ? specific : [...specific, { percent }] });
  }

  /**
   * This book with discounts on all models, on those of a provider or on a single one, which replace earlier discounts. Of several
   * discounts on a model, the most specific one applies.
   *
   * @throws if a percentage is not from 0 to 100, or a model or provider is not one of the book
   */
  public withDiscounts(discounts: Discount[]): PriceBook {
    requireArgument('PriceBook.withDiscounts', 'discounts', discounts, Array.isArray(discounts), 'a list of discounts such as [{ percent: 10 }]');
    return this.discounted(discounts, 'discounts');
  }

  /**
   * This book with discounts above those that it has: one on the same takes the place of the old one.
   * @internal
   */
  public _withMoreDiscounts(discounts: readonly Discount[]): PriceBook {
    // The given ones alone first, so that their keys can be read.
    const keys = new Set(this.withDiscounts([...discounts]).terms.discounts.map(discountKey));
    return this.withDiscounts([...discounts, ...this.terms.discounts.filter((discount) => !keys.has(discountKey(discount)))]);
  }

  /**
   * This book with the rates that are in force on a day. Without `forDay`, the book uses the rates in force on the day on which its newest
   * rate was read, including rates of your own. A rate that was read after the day, and has no date since when AWS charges it, is used with an
   * assumption on the estimate. A model that has reached its end of life by the day has no price, apart from rates of your own.
   *
   * @param day as YYYY-MM-DD
   */
  public forDay(day: string): PriceBook {
    if (!isDay(day)) throw new PricingError('day', day, 'a day as YYYY-MM-DD');
    return this.with({ day });
  }

  /**
   * This book with or without derived rates, which follow from a published rate by a verified ratio. They are allowed by default. An
   * estimate names each derived rate.
   */
  public withDerivedRates(allowed: boolean): PriceBook {
    requireArgument('PriceBook.withDerivedRates', 'allowed', allowed, typeof allowed === 'boolean', 'true or false');
    return allowed === this.terms.allowDerivedRates ? this : this.with({ allowDerivedRates: allowed });
  }

  /**
   * The rates of your own that this book has above another one, by the key that an estimate names them by.
   * @internal
   */
  public _ownRates(above: PriceBook): ReadonlyMap<string, Rate> {
    const before = new Set(above.terms.own.groups);
    return new Map(this.terms.own.groups
      .filter((group) => !before.has(group))
      .map((group) => [rateKey(group), toRate(group, group.regions?.[0])]));
  }

  /**
   * Every rate of a model, one for each region: all scopes, tiers and contexts of the id with or without prefix, on every
   * day. `*` gives the rates that no model is part of.
   *
   * @param region only the rates that hold in this region
   * @internal
   */
  public _ratesOf(model: string, region?: string): Rate[] {
    return this._ratesOn(undefined, model, region);
  }

  /**
   * As `ratesOf`, those in force on a day: without the book's own rates of a model that has reached its end of life by then.
   * @internal
   */
  public _ratesOn(day: string | undefined, model: string, region?: string): Rate[] {
    const { bareId, prefix, scope } = ModelId.parse(model);
    const own = new Set(this.terms.own.groups);
    const isServed = (group: RateGroup, of: string | undefined) => day === undefined || own.has(group) || !isGone(bareId, of, day);
    return this.groupsOf(bareId)
      .filter((group) => prefix === undefined || group.scope === undefined || group.scope === scope)
      .flatMap((group) => (group.regions ?? [undefined]).filter((r) => isServed(group, r ?? region)).map((r) => toRate(group, r)))
      .filter((rate) => (region === undefined || rate.region === undefined || rate.region === region) && isInForce(rate, day));
  }

  /**
   * The ids of the book that were most probably meant, best first: of the same family and version before others, and with
   * the inference profile that was asked for where the model has it.
   *
   * @param model an id, an ARN or a name, such as `us.anthropic.claude-sonnet-4-6-v1:0` or `Claude Sonnet 4.6`
   * @internal
   */
  public _nearestModels(model: string): string[] {
    let nearest = this.nearest.get(model);
    if (nearest === undefined) this.nearest.set(model, (nearest = nearestModelIds(model, this._modelIds, (id) => this.profilesOf(id))));
    return [...nearest];
  }

  /**
   * True when the book holds any rate of the model.
   * @internal
   */
  public _knows(model: string): boolean {
    let known = this.known.get(model);
    if (known === undefined) this.known.set(model, (known = this.groupsOf(ModelId.parse(model).bareId).length > 0));
    return known;
  }

  /**
   * The rate that a query is priced at, before any discount, with all that a line item needs; undefined when the book holds none.
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
    const key = keyOf(query);
    let prices = this.found.get(key);
    if (prices === undefined) this.found.set(key, (prices = new Prices((kind) => this.search({ ...query, kind }))));
    return prices;
  }

  /**
   * Every rate, once for all its regions: your own, which win, apart from the book's. For what judges or compares books.
   * @internal
   */
  public get _layers(): readonly (readonly RateGroup[])[] {
    return [this.terms.own.groups, this.book.modelIds().flatMap((id) => this.book.ratesOf(id))];
  }

  private with(terms: Partial<Terms>): PriceBook {
    return new PriceBook(this.book, { ...this.terms, ...terms });
  }

  private discounted(discounts: readonly Discount[], place: string): PriceBook {
    if (!Array.isArray(discounts)) throw new PricingError(place, discounts, 'a list of discounts such as [{ percent: 10 }]');
    if (discounts.length === 0) return this.with({ discounts: [] });
    const known = [...new Set([...providers(), ...this._modelIds.map(providerOf)])].sort();
    Array.from(discounts).forEach((discount, i) => {
      checkDiscount(discount, `${place}[${i}]`, (model) => this._knows(model), known);
      const first = discounts.findIndex((other) => discountKey(other) === discountKey(discount));
      if (first < i) throw PricingError.about(`${place}[${i}]`, `is on the same models as ${place}[${first}] (${describeDiscount(discounts[first])})`, 'Remove one of the two.');
    });
    return this.with({ discounts: discounts.map((discount) => ({ ...discount })) });
  }

  private search(query: RateQuery): FoundRate | undefined {
    const { own, discounts, allowDerivedRates } = this.terms;
    const model = ModelId.parse(query.model);
    const found = findRate({ own, book: this.book, discounts, allowDerivedRates, day: this._day }, model, this.idsOf(model.bareId), query);
    // A rate of the user's own may come from a private arrangement, which can outlast the public end of life.
    return found && !found.own && this._isGone(query) ? undefined : found;
  }

  /**
   * The day whose rates are in force; undefined without a day.
   * @internal
   */
  public get _day(): string | undefined {
    return this.terms.day ?? this.newestDay;
  }

  /**
   * The day of `forDay`; undefined for a book without one.
   * @internal
   */
  public get _askedDay(): string | undefined {
    return this.terms.day;
  }

  /**
   * The first day for which the book has a price: the day since which it is charged, or else on which it was read;
   * undefined where a price states neither, and so holds on any day.
   * @internal
   */
  public get _firstDay(): string | undefined {
    const days = this._layers.flat().map(({ effectiveDate, asOf }) => effectiveDate ?? asOf);
    return days.includes(undefined) ? undefined : (days as string[]).sort()[0];
  }

  /**
   * A note on a rate that was read after the day of this book and does not state since when it is charged; undefined for
   * any other rate. The price of that day is not known, and the later one is used in its place.
   * @internal
   */
  public _readLaterNote(rate: Rate | RateGroup): string | undefined {
    const { day } = this.terms;
    return day === undefined || !isReadAfter(rate, day) ? undefined
      : `the price book has no ${rate.kind} price of ${day}: the one that was read on ${rate.asOf} is used, which may differ`;
  }

  /**
   * Whether a model has reached its end of life on the day of `forDay`; false for a book without a day.
   * @internal
   */
  public _isGone({ model, region }: Pick<RateQuery, 'model' | 'region'>): boolean {
    return this.terms.day !== undefined && isGone(model, region, this.terms.day);
  }

  private idsOf(bareId: string): readonly string[] {
    return bookIds(bareId, (id) => this.terms.own.ratesOf(id).length > 0 || this.book.ratesOf(id).length > 0);
  }

  /** The prefixes that a model can be called with, as far as anything states them: profiles that are offered, then the bare id. */
  private profilesOf(bareId: string): readonly (string | undefined)[] {
    const scopes = new Set(this.groupsOf(bareId).map(({ scope }) => scope));
    const { profiles = [] } = modelFacts(bareId) ?? {};
    return [
      ...profiles,
      ...(scopes.has(PriceScope.GLOBAL) && !profiles.includes('global') ? ['global'] : []),
      ...(scopes.has(undefined) || scopes.has(PriceScope.IN_REGION) || profiles.length === 0 ? [undefined] : []),
    ];
  }

  private groupsOf(bareId: string): RateGroup[] {
    for (const id of this.idsOf(bareId)) {
      const groups = [...this.terms.own.ratesOf(id), ...this.book.ratesOf(id)];
      if (groups.length > 0) return groups;
    }
    return [];
  }
}

function newest(provenance: readonly Pick<Rate, 'asOf'>[]): string | undefined {
  let day: string | undefined;
  for (const { asOf } of provenance) if (asOf !== undefined && (day === undefined || asOf > day)) day = asOf;
  return day;
}
