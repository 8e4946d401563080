import { Decimal, decimal, ZERO } from './decimal';
import { PricingError } from './error';
import { ExactLineItem, MissingPrice } from './estimate';
import { parseModelId } from './model-id';
import { FoundRate, PriceBook, PriceQuery, Prices } from './price-book';
import { PriceTier, RateKind, RateUnit } from './rate';
import { ASSUMED_REGIONS } from './rate-group';

/** What quantities are counted in. */
export type BaseUnit = 'token' | 'image' | 'second' | 'hour';

/** Which base unit a rate's unit counts, and what part of the rate's unit one of them is. */
const UNITS: { readonly [unit in RateUnit]: { readonly base: BaseUnit; readonly part: Decimal } } = {
  [RateUnit.THOUSAND_TOKENS]: { base: 'token', part: decimal('0.001') },
  [RateUnit.MILLION_TOKENS]: { base: 'token', part: decimal('0.000001') },
  [RateUnit.IMAGE]: { base: 'image', part: decimal(1) },
  [RateUnit.SECOND]: { base: 'second', part: decimal(1) },
  [RateUnit.HOUR]: { base: 'hour', part: decimal(1) },
};

/** What one piece of work (a request, a job, a unit) needs, and how a reader would call it. */
export interface Demand {
  readonly what: string;
  readonly quantity: Decimal;
  readonly unit: BaseUnit;
  readonly kind: RateKind;
}

/** What is missed first of a model that nobody knows, where not even a demand is named. */
const UNKNOWN_DEMAND = { kind: RateKind.INPUT, what: 'input tokens' };

/**
 * One pricing: so many pieces of work, each with the same demands. Collects line items, assumptions and missing prices.
 *
 * Every way of paying is a function that feeds one of these.
 */
export class PricingRun {
  readonly lineItems: ExactLineItem[] = [];
  readonly missingPrices: MissingPrice[] = [];
  /** What one piece of work costs, as far as the prices are known. Summed on its own, so that nothing is ever divided. */
  costOfOne: Decimal = ZERO;
  private readonly notes = new Set<string>();

  private readonly prices: Prices;

  constructor(private readonly book: PriceBook, private readonly query: PriceQuery, private readonly count: Decimal) {
    this.prices = book._pricesOf(query);
  }

  get assumptions(): string[] {
    return [...this.notes];
  }

  assume(note: string): void {
    this.notes.add(note);
  }

  /** The rate of one kind, or undefined; nothing is recorded. */
  find(kind: RateKind): FoundRate | undefined {
    return this.prices.find(kind);
  }

  /**
   * Adds a line for each demand, or the price that is missing for it.
   *
   * Nothing is asked for a demand of 0. But a model that the book does not know is a missing price even when nothing
   * is used of it: a misspelt id must not come out as $0.
   */
  addAll(demands: readonly Demand[]): void {
    if (!this.book.knows(this.query.model)) {
      const [{ kind, what } = UNKNOWN_DEMAND] = demands;
      this.miss(kind, what);
      return;
    }
    for (const demand of demands) {
      if (demand.quantity.cmp(ZERO) > 0) this.add(demand);
    }
  }

  private add(demand: Demand): void {
    const found = this.find(demand.kind);
    if (!found) {
      this.miss(demand.kind, demand.what);
      return;
    }
    const { rate, price } = found;
    const { base, part } = UNITS[rate.unit];
    if (base !== demand.unit) {
      // A model that counts an image as so many tokens: the number of images says nothing of the price.
      this.miss(demand.kind, `${demand.what} by the ${demand.unit}: it is priced by the ${base}, so`);
      return;
    }
    const { count } = this;
    const ofOne = demand.quantity.times(part);
    const usdOfOne = ofOne.times(price);
    this.costOfOne = this.costOfOne.plus(usdOfOne);
    this.lineItems.push({
      description: demand.what,
      quantity: ofOne.times(count),
      unit: rate.unit,
      unitPriceUsd: price,
      usd: usdOfOne.times(count),
      source: rate.source ?? (found.own ? 'your own rate' : undefined),
      asOf: rate.asOf,
      effectiveDate: rate.effectiveDate,
    });
    if (rate.regionAssumed) {
      this.assume(`the source names no region for this model's ${rate.kind} rate; it is taken to hold in ${ASSUMED_REGIONS.join(', ')}`);
    }
    if (found.discounted) this.assume(`a discount of ${this.book.discountPercent} % is taken off the price book's rates`);
    if (rate.derived) this.assume(`the ${rate.kind} rate is derived, not published: ${rate.derived}`);
  }

  private miss(kind: RateKind, what: string): void {
    const { model, region, tier } = this.query;
    const known = this.book.knows(model);
    const { scope } = parseModelId(model);
    const tierName = tier === undefined || tier === PriceTier.STANDARD ? '' : ` ${tier}`;
    this.missingPrices.push({
      model,
      kind,
      description: `no${tierName} price for ${what} of ${model} (${scope}) ${region === undefined ? 'without a region' : `in ${region}`}`,
      hint: this.hint(known, region, kind),
      nearestModels: known ? [] : this.book.nearestModels(model),
    });
  }

  private hint(known: boolean, region: string | undefined, kind: RateKind): string {
    if (!known) return 'check the model id, or give a rate of your own for it';
    if (region === undefined) return "set the region: of the stack, of the workload, or with the context key 'cdk-bedrock-cost:region'";
    const { tier = PriceTier.STANDARD, commitmentDuration, customModel = false } = this.query;
    const ofKind = this.book.ratesOf(this.query.model).filter((rate) => rate.kind === kind && (rate.customModel ?? false) === customModel);
    if (ofKind.length === 0) return 'give a rate of your own for it: the price book holds none';
    const alike = ofKind.filter((rate) => (rate.tier ?? PriceTier.STANDARD) === tier && rate.commitmentDuration === commitmentDuration);
    const regions = [...new Set(alike.flatMap((rate) => rate.region ?? []))].sort();
    return regions.length === 0 || regions.includes(region)
      ? 'the price book holds it only with another scope, tier, commitment or length of request; change that, or give a rate of your own'
      : `the price book holds it in ${regions.slice(0, 6).join(', ')}${regions.length > 6 ? ', ...' : ''}; or give a rate of your own`;
  }
}

/** A quantity that the user gave: a finite number, not negative. */
export function quantityOf(field: string, value: number | undefined, fallback?: number): Decimal {
  if (value === undefined && fallback === 0) return ZERO;
  const given = value ?? fallback;
  if (typeof given !== 'number' || !Number.isFinite(given) || given < 0) {
    throw new PricingError(field, value, 'a number of 0 or more');
  }
  return decimal(given);
}

/**
 * Checks what no compiler has seen, when JavaScript calls: the model, the region, and that every field exists. A misspelt
 * one would count as 0. Hours in a month may stand on any usage.
 */
export function checkWorkload(workload: { readonly model: string; readonly region?: string }, fields: { readonly [field: string]: true }): void {
  const { model, region } = workload;
  if (typeof model !== 'string' || model === '') throw new PricingError('model', model, 'a model id such as "amazon.nova-pro-v1:0"');
  if (region !== undefined && typeof region !== 'string') throw new PricingError('region', region, 'a region such as "us-east-1"');
  for (const field of Object.keys(workload)) {
    if (!Object.hasOwn(fields, field) && field !== 'hoursPerMonth') {
      throw new PricingError(field, (workload as { readonly [field: string]: unknown })[field], `no such field; the fields are ${Object.keys(fields).join(', ')}`);
    }
  }
}

/** Refuses usage that names none of its quantities: it would cost $0 without a word. */
export function requireOneOf(usage: object, fields: readonly string[]): void {
  if (fields.every((field) => (usage as { readonly [field: string]: unknown })[field] === undefined)) {
    throw new PricingError(fields[0], undefined, `at least one of ${fields.join(', ')}`);
  }
}

/** A choice that the user gave: one of the values of an enum. */
export function choiceOf<T extends string>(field: string, value: T | undefined, values: { readonly [name: string]: T }, fallback: T): T {
  if (value === undefined) return fallback;
  if (!Object.values(values).includes(value)) {
    throw new PricingError(field, value, `one of ${Object.values(values).join(', ')}`);
  }
  return value;
}
