import { describeDiscount } from './book/discount';
import { isInForce, OPEN, periodText } from './book/match';
import { Decimal, decimal, sum, ZERO } from './decimal';
import { PricingError } from './error';
import { EstimateParts, ExactLineItem, MissingPrice } from './estimate';
import { modelFacts } from './model-catalog';
import { parseModelId } from './model-id';
import { callNote } from './offered';
import { FoundRate, PriceBook, PriceQuery, Prices } from './price-book';
import { ANY_MODEL, PriceTier, Rate, RateKind } from './rate';
import { ASSUMED_REGIONS } from './rate-group';
import { BaseUnit, UNITS } from './unit';
import { DEFAULT_HOURS_PER_MONTH } from './usage/hours-per-month';

/** What one piece of work (a request, a job, a unit) needs, and how a reader would call it. */
export interface Demand {
  readonly what: string;
  readonly quantity: Decimal;
  readonly unit: BaseUnit;
  readonly kind: RateKind;
  /** True for what is paid once, not every month. */
  readonly oneTime?: boolean;
}

/** What is missed first of a model that nobody knows, where not even a demand is named. */
const UNKNOWN_DEMAND = { kind: RateKind.INPUT, what: 'input tokens' };

/** A line of so many equal pieces of work. What only a reader asks for is worked out when it is asked for. */
class PricedLine implements ExactLineItem {
  readonly description: string;
  readonly unit: string;
  readonly unitPriceUsd: Decimal;
  readonly source?: string;
  readonly asOf?: string;
  readonly effectiveDate?: string;
  readonly derived?: string;
  readonly oneTime?: boolean;
  private total?: Decimal;

  constructor(
    private readonly demand: Demand,
    private readonly found: FoundRate,
    private readonly usdOfOne: Decimal,
    private readonly count: Decimal,
  ) {
    const { rate } = found;
    this.description = demand.what;
    this.unit = rate.unit;
    this.unitPriceUsd = found.price;
    this.source = rate.source ?? (found.own ? 'your own rate' : undefined);
    this.asOf = rate.asOf;
    this.effectiveDate = rate.effectiveDate;
    this.derived = rate.derived;
    this.oneTime = demand.oneTime;
  }

  get quantity(): Decimal {
    return this.demand.quantity.times(UNITS[this.found.rate.unit].part).times(this.count);
  }

  get usd(): Decimal {
    return (this.total ??= this.usdOfOne.times(this.count));
  }
}

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

  /** Says so when the model is called from its region in a way that no availability list names: a price says nothing of that. */
  assumeCallable(): void {
    const { model, region, customModel } = this.query;
    const note = region === undefined || customModel ? undefined : callNote(model, region);
    if (note !== undefined && this.lineItems.length > 0) this.assume(note);
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
    const { rate, base } = found;
    if (base !== demand.unit) {
      // A model that counts an image as so many tokens: the number of images says nothing of the price.
      this.miss(demand.kind, `${demand.what}, counted by the ${demand.unit},`, `it is priced by the ${base}: give that quantity, or a rate of your own`);
      return;
    }
    const usdOfOne = demand.quantity.times(found.pricePerBase);
    this.costOfOne = this.costOfOne.plus(usdOfOne);
    this.lineItems.push(new PricedLine(demand, found, usdOfOne, this.count));
    if (rate.regionAssumed) {
      const whose = rate.model === ANY_MODEL ? 'the' : "this model's";
      this.assume(`the source names no region for ${whose} ${rate.kind} rate; it is taken to hold in ${ASSUMED_REGIONS.join(', ')}`);
    }
    if (found.discount) this.assume(`a discount of ${describeDiscount(found.discount)} is taken off the price book's rates`);
    if (found.note) this.assume(found.note);
    const priceNote = found.own ? undefined : modelFacts(rate.model)?.priceNote;
    if (priceNote) this.assume(`${rate.model}: ${priceNote}`);
    if (rate.derived) this.assume(`the ${rate.kind} rate is derived, not published: ${rate.derived}`);
  }

  /** Records a price that is missing. */
  miss(kind: RateKind, what: string, hint?: string): void {
    const { model, region, tier } = this.query;
    const known = this.book.knows(model);
    const { scope } = parseModelId(model);
    const tierName = tier === undefined || tier === PriceTier.STANDARD ? '' : ` ${tier}`;
    const whose = model === ANY_MODEL ? '' : ` of ${model} (${scope})`;
    this.missingPrices.push({
      model,
      kind,
      description: `no${tierName} price for ${what}${whose} ${region === undefined ? 'without a region' : `in ${region}`}`,
      hint: hint ?? this.hint(known, region, kind),
      nearestModels: known || model === ANY_MODEL ? [] : this.book.nearestModels(model),
    });
  }

  private hint(known: boolean, region: string | undefined, kind: RateKind): string {
    if (!known && this.query.model !== ANY_MODEL) return 'check the model id, or give a rate of your own for it';
    if (region === undefined) return "set the region: of the stack, of the workload, or with the context key 'cdk-bedrock-cost:region'";
    const { bareId, scope } = parseModelId(this.query.model);
    const isOfSort = (rate: Rate) => rate.kind === kind && ALWAYS_ASKED.every((field) => (rate[field] ?? false) === (this.query[field] ?? false));
    const ofKind = this.book.ratesOf(bareId).filter(isOfSort);
    if (ofKind.length === 0) return 'give a rate of your own for it: the price book holds none';
    const { tier = PriceTier.STANDARD, commitmentDuration, termMonths } = this.query;
    const alike = ofKind.filter((rate) => (rate.scope === undefined || rate.scope === scope)
      && (rate.tier ?? PriceTier.STANDARD) === tier && rate.commitmentDuration === commitmentDuration && rate.termMonths === termMonths);
    const regions = [...new Set(alike.flatMap((rate) => rate.region ?? []))].sort();
    if (regions.length > 0 && !regions.includes(region)) {
      return `the price book holds it in ${regions.slice(0, 6).join(', ')}${regions.length > 6 ? ', ...' : ''}; or give a rate of your own`;
    }
    const ofAnotherDay = alike.find((rate) => !isInForce(rate, this.book._day));
    if (ofAnotherDay) {
      return `the price book holds it ${periodText(ofAnotherDay)}, not on ${this.book._day}; ask for another day, or give a rate of your own`;
    }
    return this.choiceHint(alike) ?? 'the price book holds it only with another scope, tier, commitment, term or length of request; change that, or give a rate of your own';
  }

  /** Where the price depends on something that the usage does not say, or says in a way that no rate knows. */
  private choiceHint(rates: readonly Rate[]): string | undefined {
    const depends = OPEN.flatMap((field) => {
      const values = [...new Set(rates.flatMap((rate) => rate[field] ?? []))].sort();
      return values.length > 1 || (values.length === 1 && this.query[field] !== undefined) ? [`${field}: one of ${values.join(', ')}`] : [];
    });
    return depends.length === 0 ? undefined : `the price depends on it, so give the ${depends.join('; ')}`;
  }
}

/** What tells rates of one kind so far apart that one of another sort is no help. */
const ALWAYS_ASKED = ['customModel', 'policy', 'customModelUnitVersion'] as const;

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
 *
 * @returns the names of the fields that are there
 */
export function checkWorkload(
  workload: { readonly model?: string; readonly region?: string }, fields: { readonly [field: string]: true },
): readonly string[] {
  const { model, region } = workload;
  if ('model' in fields && (typeof model !== 'string' || model === '')) throw new PricingError('model', model, 'a model id such as "amazon.nova-pro-v1:0"');
  if (region !== undefined && typeof region !== 'string') throw new PricingError('region', region, 'a region such as "us-east-1"');
  const given = Object.keys(workload);
  for (const field of given) {
    if (!Object.hasOwn(fields, field) && field !== 'hoursPerMonth') {
      throw new PricingError(field, (workload as { readonly [name: string]: unknown })[field], `no such field; the fields are ${Object.keys(fields).join(', ')}`);
    }
  }
  return given;
}

/** What several pricings of one workload found, together: each has a query of its own. */
export function together(runs: readonly PricingRun[]): Required<Pick<EstimateParts, 'lineItems' | 'missingPrices' | 'assumptions'>> & { readonly costOfOne: Decimal } {
  return {
    lineItems: runs.flatMap(({ lineItems }) => lineItems),
    missingPrices: runs.flatMap(({ missingPrices }) => missingPrices),
    assumptions: [...new Set(runs.flatMap(({ assumptions }) => assumptions))],
    costOfOne: sum(runs.map(({ costOfOne }) => costOfOne)),
  };
}

/** Hours of a month in which something is held: none would make a commitment cost nothing. */
export function hoursOf(value: number | undefined): Decimal {
  const hours = quantityOf('hoursPerMonth', value, DEFAULT_HOURS_PER_MONTH);
  if (hours.cmp(ZERO) <= 0) throw new PricingError('hoursPerMonth', value, 'a number above 0');
  return hours;
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
