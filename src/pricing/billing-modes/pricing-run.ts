import { oneLine } from '../../input/one-line';
import { Decimal, sum, ZERO } from '../decimal';
import { EstimateParts, ExactLineItem, MissingPrice, OWN_RATE } from '../estimate';
import { ModelId } from '../model-id';
import { describeDiscount } from '../price-book/discount';
import { FoundRate, PriceQuery, Prices } from '../price-book/find-rate';
import { legacyOf, legacyText } from '../price-book/lifecycle';
import { missingPriceHint } from '../price-book/missing-price';
import { modelFacts } from '../price-book/model-catalog';
import { callNote } from '../price-book/offered';
import { PriceBook } from '../price-book/price-book';
import { PriceUse, rateKey } from '../price-book/price-use';
import { ANY_MODEL, ContextLength, PriceTier, RateKind } from '../price-book/rate';
import { ASSUMED_REGIONS, SECOND_HAND } from '../price-book/rate-group';
import { BaseUnit, UNITS } from '../price-book/unit';

/** The demand of one piece of work (a request, a job, a unit), with its description. */
export interface Demand {
  readonly what: string;
  readonly quantity: Decimal;
  readonly unit: BaseUnit;
  readonly kind: RateKind;
  /** True for one-time costs. */
  readonly oneTime?: boolean;
}

/** The lowest threshold of AWS: shorter requests are standard ones for any model. */
const LOWEST_THRESHOLD = 100_000;
const LONG_KINDS: readonly RateKind[] = [RateKind.INPUT, RateKind.OUTPUT];

/** The missing price of an unknown model without a demand. */
const UNKNOWN_DEMAND = { kind: RateKind.INPUT, what: 'input tokens' };

/** A line of so many equal pieces of work. What only a reader asks for is worked out when it is asked for. */
class PricedLine implements ExactLineItem {
  readonly description: string;
  readonly unit: string;
  readonly unitPriceUsd: Decimal;
  readonly source?: string;
  readonly asOf?: string;
  readonly confirmed?: string;
  readonly effectiveDate?: string;
  readonly endDate?: string;
  readonly reviewAfter?: string;
  readonly derived?: string;
  readonly own?: boolean;
  readonly oneTime?: boolean;
  private total?: Decimal;

  constructor(
    private readonly demand: Demand,
    private readonly found: FoundRate,
    private readonly usdOfOne: Decimal,
    private readonly count: Decimal,
    private readonly query: PriceQuery,
  ) {
    const { rate } = found;
    this.description = demand.what;
    this.unit = rate.unit;
    this.unitPriceUsd = found.price;
    this.source = rate.source ?? (found.own ? OWN_RATE : undefined);
    this.asOf = rate.asOf;
    this.confirmed = rate.confirmed;
    this.effectiveDate = rate.effectiveDate;
    this.endDate = rate.endDate;
    this.reviewAfter = rate.reviewAfter;
    this.derived = rate.derived;
    this.own = found.own ? true : undefined;
    this.oneTime = demand.oneTime;
  }

  get quantity(): Decimal {
    return this.demand.quantity.times(UNITS[this.found.rate.unit].part).times(this.count);
  }

  get use(): PriceUse {
    const { model, tier = PriceTier.STANDARD } = this.query;
    const { own, rate } = this.found;
    return { kind: this.demand.kind, model, tier, ownRate: own ? rateKey(rate) : undefined };
  }

  get usd(): Decimal {
    return (this.total ??= this.usdOfOne.times(this.count));
  }
}

/**
 * The pricing of a number of pieces of work with the same demands. Collects line items, assumptions and missing prices.
 *
 * The formula of each billing mode adds its demands to a run.
 */
export class PricingRun {
  readonly lineItems: ExactLineItem[] = [];
  readonly missingPrices: MissingPrice[] = [];
  /** The known cost of one piece of work. It has a sum of its own, which avoids a division. */
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

  /** Adds an assumption if no availability list has the model for the region and scope of the call, which may still have a price. */
  assumeCallable(): void {
    const { model, region, customModel } = this.query;
    const note = region === undefined || customModel ? undefined : callNote(model, region);
    if (note !== undefined && this.lineItems.length > 0) this.assume(note);
  }

  /**
   * Notes that a request may cost more than it was priced at: the book has long-context rates of a model whose threshold is
   * not known, as of one that only the book of the user holds.
   */
  assumeShort(tokensIn: number): void {
    const { model, context } = this.query;
    if (tokensIn < LOWEST_THRESHOLD || context === ContextLength.LONG || modelFacts(model)?.longContextFromInputTokens !== undefined) return;
    const long = this.book._pricesOf({ ...this.query, context: ContextLength.LONG });
    if (this.lineItems.length > 0 && LONG_KINDS.some((kind) => long.find(kind) !== undefined)) {
      this.assume(`${model} has long-context prices, but from how many input tokens on is not known: its requests are priced as standard ones`);
    }
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
    if (!this.book._knows(this.query.model)) {
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
      // A model that counts an image as a number of tokens: the price does not depend on the number of images.
      this.miss(demand.kind, `${demand.what}, counted by the ${demand.unit},`, `it is priced by the ${base}: give that quantity, or a rate of your own`);
      return;
    }
    const usdOfOne = demand.quantity.times(found.pricePerBase);
    this.costOfOne = this.costOfOne.plus(usdOfOne);
    this.lineItems.push(new PricedLine(demand, found, usdOfOne, this.count, this.query));
    if (rate.regionAssumed) {
      const whose = rate.model === ANY_MODEL ? 'the' : "this model's";
      this.assume(`the source names no region for ${whose} ${rate.kind} rate; it is taken to hold in ${ASSUMED_REGIONS.join(', ')}`);
    }
    if (found.discount) this.assume(`a discount of ${describeDiscount(found.discount)} is taken off the price book's rates`);
    if (found.note) this.assume(found.note);
    const readLater = this.book._readLaterNote(rate);
    if (readLater) this.assume(readLater);
    this.assumeUntil(found);
    const priceNote = found.own ? undefined : modelFacts(rate.model)?.priceNote;
    if (priceNote) this.assume(`${rate.model}: ${priceNote}`);
    if (rate.source?.endsWith(SECOND_HAND)) {
      this.assume(`prices from ${rate.source.slice(0, -SECOND_HAND.length)} are second-hand: AWS's own price list, as far as it was read, does not have them`);
    }
    if (rate.derived) this.assume(`the ${rate.kind} rate is derived, not published: ${rate.derived}`);
  }

  /** States how long the price holds, and the end of a legacy model. */
  private assumeUntil({ rate: { model, kind, endDate, reviewAfter }, own }: FoundRate): void {
    const whose = model === ANY_MODEL ? '' : ` of ${model}`;
    if (reviewAfter !== undefined) this.assume(`the ${kind} rate${whose} is promotional: guaranteed until ${reviewAfter}`);
    if (endDate !== undefined) this.assume(`the ${kind} rate${whose} ends: it holds before ${endDate}`);
    const legacy = own ? undefined : legacyOf(model, this.query.region);
    if (legacy !== undefined) this.assume(`${model}: ${legacyText(legacy)}`);
  }

  /** Records a price that is missing. */
  miss(kind: RateKind, what: string, hint?: string): void {
    const { model, region, tier } = this.query;
    const known = this.book._knows(model);
    const { scope } = ModelId.parse(model);
    const tierName = tier === undefined || tier === PriceTier.STANDARD ? '' : ` ${tier}`;
    const whose = model === ANY_MODEL ? '' : ` of ${oneLine(model)} (${scope})`;
    this.missingPrices.push({
      model,
      kind,
      description: `no${tierName} price for ${what}${whose} ${region === undefined ? 'without a region' : `in ${region}`}`,
      hint: hint ?? missingPriceHint(this.book, { ...this.query, kind }),
      nearestModels: known || model === ANY_MODEL ? [] : this.book._nearestModels(model),
    });
  }
}


/** The results of several pricings of one workload, each with a query of its own. */
export function together(runs: readonly PricingRun[]): Required<Pick<EstimateParts, 'lineItems' | 'missingPrices' | 'assumptions'>> & { readonly costOfOne: Decimal } {
  return {
    lineItems: runs.flatMap(({ lineItems }) => lineItems),
    missingPrices: runs.flatMap(({ missingPrices }) => missingPrices),
    assumptions: [...new Set(runs.flatMap(({ assumptions }) => assumptions))],
    costOfOne: sum(runs.map(({ costOfOne }) => costOfOne)),
  };
}
