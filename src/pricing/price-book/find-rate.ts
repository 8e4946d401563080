import { derivedRate } from './derivation';
import { Discount, discountOf, factorOf } from './discount';
import { AMBIGUOUS, leavesOpen, mostSpecific, periodText } from './match';
import { RateSource } from './rate-source';
import { decimal, Decimal } from '../decimal';
import { ModelId } from '../model-id';
import { PriceScope, Rate, RateKind, RateQuery } from './rate';
import { RateGroup } from './rate-group';
import { BaseUnit, UNITS } from './unit';

/** A rate as it was found for a query, ready to be multiplied. */
export interface FoundRate {
  readonly rate: RateGroup;
  /** The same for the user to read, of the region that was asked for. */
  readonly asRate: Rate;
  /** Dollars for one unit of the rate, after the discount. */
  readonly price: Decimal;
  /** Dollars for one token, image, second, ..., after the discount. */
  readonly pricePerBase: Decimal;
  readonly base: BaseUnit;
  /** True for a rate that the user gave, false for one of the book. */
  readonly own: boolean;
  /** The discount on the list price, if any. */
  readonly discount?: Discount;
  /** Notes for the reader, such as an own rate that is not in force. */
  readonly note?: string;
}

/** The fields of a query besides the kind of the price. */
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

/** The sources of rates, in the order of a look-up, and the changes to a found rate. */
export interface RateLayers {
  readonly own: RateSource;
  readonly book: RateSource;
  readonly discounts: readonly Discount[];
  readonly allowDerivedRates: boolean;
  /** The day whose rates are in force; undefined without a day. */
  readonly day: string | undefined;
}

/**
 * The rate of a query: the own one of the user, else that of the book, else one that is derived from the book.
 *
 * @param model the model of the query
 * @param ids the ids under which rates of the model may be listed, best first
 */
export function findRate(layers: RateLayers, model: ModelId, ids: readonly string[], query: RateQuery): FoundRate | undefined {
  const { scope } = model;
  const own = rateIn(layers.own, ids, query, scope, layers.day);
  if (own === AMBIGUOUS) return undefined;
  const stated = rateIn(layers.book, ids, query, scope, layers.day);
  // For example, a rate of one resolution does not answer a query without a resolution if the book has other ones.
  if (own) return leavesOpen(query, own) && stated && !isSamePrice(stated, own) ? undefined : foundRate(own, query, layers, true);
  if (stated === AMBIGUOUS) return undefined;
  const found = stated ?? derived(layers, model, ids, query);
  return found && { ...foundRate(found, query, layers, false), ...noteOn(rateIn(layers.own, ids, query, scope, undefined), layers.day) };
}

/** Only from the book's rates: what you have negotiated follows no published rule. */
function derived(
  { book, allowDerivedRates, day }: RateLayers, { prefix, scope }: ModelId, ids: readonly string[], query: RateQuery,
): RateGroup | undefined {
  if (!allowDerivedRates) return undefined;
  for (const id of ids) {
    const rates = book.ratesOf(id);
    const rate = derivedRate(query, { bareId: id, prefix, scope }, rates, (base, scopeOfBase) => {
      const stated = mostSpecific(rates, base, scopeOfBase, day);
      return stated === AMBIGUOUS ? undefined : stated;
    });
    if (rate) return rate;
  }
  return undefined;
}

function foundRate(rate: RateGroup, query: RateQuery, { discounts }: RateLayers, own: boolean): FoundRate {
  const discount = own ? undefined : discountOf(discounts, rate.model);
  const price = discount ? decimal(rate.usd).times(factorOf(discount)) : decimal(rate.usd);
  const { base, part } = UNITS[rate.unit];
  return { rate, asRate: toRate(rate, query.region), own, discount, price, base, pricePerBase: price.times(part) };
}

function rateIn(
  source: RateSource, ids: readonly string[], query: RateQuery, scope: PriceScope, day: string | undefined,
): RateGroup | typeof AMBIGUOUS | undefined {
  for (const id of ids) {
    const rate = mostSpecific(source.ratesOf(id), query, scope, day);
    if (rate) return rate;
  }
  return undefined;
}

function isSamePrice(stated: RateGroup | typeof AMBIGUOUS, own: RateGroup): boolean {
  return stated !== AMBIGUOUS && stated.usd === own.usd && stated.unit === own.unit;
}

/** A rate that the user gave and that is passed over must not be passed over in silence. */
function noteOn(passedOver: RateGroup | typeof AMBIGUOUS | undefined, day: string | undefined): Pick<FoundRate, 'note'> {
  if (passedOver === undefined || passedOver === AMBIGUOUS) return {};
  const { kind } = passedOver;
  return { note: `your own ${kind} rate, which holds ${periodText(passedOver)}, is passed over: it is not in force on ${day}, the day of these prices` };
}

/** The key of all fields of a query, unique to it. Rare fields are in it only if they are stated. */
export function keyOf(query: PriceQuery): string {
  const { model, region, tier, context, commitmentDuration, customModel } = query;
  const key = `${model}|${region}|${tier}|${context}|${commitmentDuration}|${customModel}`;
  const { resolution, quality, termMonths, policy, customModelUnitVersion, architecture } = query;
  return resolution ?? quality ?? termMonths ?? policy ?? customModelUnitVersion ?? architecture
    ? `${key}|${resolution}|${quality}|${termMonths}|${policy}|${customModelUnitVersion}|${architecture}`
    : key;
}

/** A rate for the user to read, of one region. */
export function toRate({ regions: _regions, regionAssumed: _assumed, ...rate }: RateGroup, region: string | undefined): Rate {
  return region === undefined ? rate : { ...rate, region };
}
