import { Decimal, decimal, sum, sumIfAllKnown, toText, ZERO } from './decimal';
import { priceDatesOf } from './price-book/price-dates';
import { distinctUses, PriceUse } from './price-book/price-use';

/** The source of a rate that the user gave without one. */
export const OWN_RATE = 'your own rate';

/** One line of an estimate, which is a quantity times a unit price. */
export interface CostLineItem {
  /** The description of the use that is paid for. */
  readonly description: string;
  /** The number of units, a month for recurring costs. */
  readonly quantity: number;
  /** The unit that the price is for, such as `1M tokens`. */
  readonly unit: string;
  /** The price of one unit in US dollars. */
  readonly unitPriceUsd: number;
  /** `quantity` times `unitPriceUsd` in US dollars. */
  readonly usd: number;
  /**
   * The source of the price.
   * @default - not stated by the rate
   */
  readonly source?: string;
  /**
   * The day on which the price was read, as YYYY-MM-DD.
   * @default - not stated by the rate
   */
  readonly asOf?: string;
  /**
   * The last day on which a source stated the same price again, as YYYY-MM-DD.
   * @default - the day on which the price was read
   */
  readonly confirmed?: string;
  /**
   * The day since which AWS charges the price, as YYYY-MM-DD.
   * @default - not stated by the source
   */
  readonly effectiveDate?: string;
  /**
   * The first day on which the price no longer holds, as YYYY-MM-DD.
   * @default - not stated by the source
   */
  readonly endDate?: string;
  /**
   * The last day for which the source guarantees the price, as YYYY-MM-DD. It may change after it.
   * @default - the source names no such day
   */
  readonly reviewAfter?: string;
  /**
   * The rule that gives the price where no source states it.
   * @default - the price is stated by its source
   */
  readonly derived?: string;
  /**
   * True for a rate that you gave yourself, above those of the price book.
   * @default false
   */
  readonly own?: boolean;
  /**
   * True for one-time costs, such as training.
   * @default false
   */
  readonly oneTime?: boolean;
}

/** The cost of one piece of work. */
export interface UnitCost {
  /** The piece of work, such as `1,000 requests` or `job`. */
  readonly unit: string;
  /** The cost in US dollars. */
  readonly usd: number;
}

/** A price that was looked for and not found. */
export interface MissingPrice {
  /** The model as it was asked for. */
  readonly model: string;
  /** The kind of the missing price, such as `input`. */
  readonly kind: string;
  /** The missing price as a sentence. */
  readonly description: string;
  /** The remedy. */
  readonly hint: string;
  /** The most similar model ids, best first, with the requested inference profile. Empty if the model itself is known. */
  readonly nearestModels: string[];
}

/** The exact form of a line item, as the engine and the report keep it. */
export interface ExactLineItem {
  readonly description: string;
  readonly quantity: Decimal;
  readonly unit: string;
  readonly unitPriceUsd: Decimal;
  readonly usd: Decimal;
  readonly source?: string;
  readonly asOf?: string;
  readonly confirmed?: string;
  readonly effectiveDate?: string;
  readonly endDate?: string;
  readonly reviewAfter?: string;
  readonly derived?: string;
  /** True for a rate of the user's own. */
  readonly own?: boolean;
  /** True for a one-time cost. */
  readonly oneTime?: boolean;
  /** The price that was asked for; left out where the line was read from JSON. */
  readonly use?: PriceUse;
}

/** The result of a billing mode. All other fields of an estimate follow from it. */
export interface EstimateParts {
  /** The recurring and the one-time costs. */
  readonly lineItems: readonly ExactLineItem[];
  readonly missingPrices?: readonly MissingPrice[];
  readonly assumptions?: readonly string[];
  readonly unitCosts?: readonly { readonly unit: string; readonly usd: Decimal }[];
  /** The one-time cost; the sum of the one-time lines if left out, undefined if unknown. */
  readonly oneTimeUsd?: Decimal | undefined;
  /** The commitment over the whole term; 0 if left out, undefined if unknown. */
  readonly commitmentUsd?: Decimal | undefined;
  /** The monthly cost of other AWS services for it. */
  readonly otherServicesMonthlyUsd?: Decimal;
}

/** An estimate as plain data with exact decimal texts: what the report holds and what crosses library copies. */
export interface EstimateJson {
  readonly monthlyUsd: string | null;
  readonly knownMonthlyUsd: string;
  readonly oneTimeUsd: string | null;
  readonly commitmentUsd: string | null;
  readonly otherServicesMonthlyUsd: string;
  readonly unitCosts: readonly { readonly unit: string; readonly usd: string }[];
  readonly lineItems: readonly LineItemJson[];
  readonly assumptions: readonly string[];
  readonly missingPrices: readonly MissingPrice[];
}

export interface LineItemJson {
  readonly description: string;
  readonly quantity: string;
  readonly unit: string;
  readonly unitPriceUsd: string;
  readonly usd: string;
  readonly source: string | null;
  readonly asOf: string | null;
  /** Only on lines whose price a source has stated again since it was read. */
  readonly confirmed?: string;
  readonly effectiveDate: string | null;
  /** Only on lines whose price ends on a stated day. */
  readonly endDate?: string;
  /** Only on lines whose price is guaranteed until a stated day. */
  readonly reviewAfter?: string;
  /** Only on lines whose price follows from another by a rule. */
  readonly derived?: string;
  /** Only on lines that are priced at a rate of the user's own. */
  readonly own?: true;
  /** Only on lines that are paid once. */
  readonly oneTime?: true;
}

/**
 * The cost of usage: the sums, their line items, assumptions and missing prices.
 *
 * The numbers are for reading. Calculations and JSON output have exact decimals.
 */
export class CostEstimate {
  /** @internal */
  public static _of(parts: EstimateParts): CostEstimate {
    return new CostEstimate(() => parts);
  }

  /**
   * An estimate that is read when one of its fields is.
   * @internal
   */
  public static _unread(read: () => CostEstimate): CostEstimate {
    return new CostEstimate(() => read().parts);
  }

  /** @internal */
  public static _fromJson(json: EstimateJson): CostEstimate {
    return CostEstimate._of({
      lineItems: json.lineItems.map((line) => ({
        description: line.description,
        quantity: decimal(line.quantity),
        unit: line.unit,
        unitPriceUsd: decimal(line.unitPriceUsd),
        usd: decimal(line.usd),
        ...withoutNulls({
          source: line.source,
          asOf: line.asOf,
          confirmed: line.confirmed ?? null,
          effectiveDate: line.effectiveDate,
          endDate: line.endDate ?? null,
          reviewAfter: line.reviewAfter ?? null,
          derived: line.derived ?? null,
        }),
        ...(line.own ? { own: true } : {}),
        ...(line.oneTime ? { oneTime: true } : {}),
      })),
      missingPrices: json.missingPrices,
      assumptions: json.assumptions,
      unitCosts: json.unitCosts.map(({ unit, usd }) => ({ unit, usd: decimal(usd) })),
      oneTimeUsd: json.oneTimeUsd === null ? undefined : decimal(json.oneTimeUsd),
      commitmentUsd: json.commitmentUsd === null ? undefined : decimal(json.commitmentUsd),
      otherServicesMonthlyUsd: decimal(json.otherServicesMonthlyUsd),
    });
  }

  /**
   * The sum of several estimates. A sum with an unknown part is unknown.
   * @internal
   */
  public static _sum(estimates: readonly CostEstimate[]): CostEstimate {
    return CostEstimate._of({
      lineItems: estimates.flatMap(({ parts }) => parts.lineItems),
      missingPrices: estimates.flatMap(({ parts }) => parts.missingPrices ?? []),
      assumptions: [...new Set(estimates.flatMap(({ parts }) => parts.assumptions ?? []))],
      oneTimeUsd: sumIfAllKnown(estimates.map(({ _oneTime }) => _oneTime)),
      commitmentUsd: sumIfAllKnown(estimates.map(({ _commitment }) => _commitment)),
      otherServicesMonthlyUsd: sum(estimates.map(({ parts }) => parts.otherServicesMonthlyUsd ?? ZERO)),
    });
  }


  private constructor(private readonly read: () => EstimateParts) {}

  private get parts(): EstimateParts {
    return this.read();
  }

  /** @internal */
  public get _knownMonthly(): Decimal {
    const { lineItems } = this.parts;
    return knownMonthly.of(lineItems, () => sumOf(lineItems, false));
  }

  /** @internal */
  public _withOtherServices(otherServicesMonthlyUsd: Decimal): CostEstimate {
    const isSame = otherServicesMonthlyUsd.cmp(this.parts.otherServicesMonthlyUsd ?? ZERO) === 0;
    return isSame ? this : CostEstimate._of({ ...this.parts, otherServicesMonthlyUsd });
  }

  /** @internal */
  public _withAssumption(assumption: string): CostEstimate {
    return CostEstimate._of({ ...this.parts, assumptions: [...this.parts.assumptions ?? [], assumption] });
  }

  /** @internal */
  public get _monthly(): Decimal | undefined {
    return (this.parts.missingPrices?.length ?? 0) > 0 ? undefined : this._knownMonthly;
  }

  /** @internal */
  public get _oneTime(): Decimal | undefined {
    return 'oneTimeUsd' in this.parts ? this.parts.oneTimeUsd : sumOf(this.parts.lineItems, true);
  }

  /** @internal */
  public get _commitment(): Decimal | undefined {
    return 'commitmentUsd' in this.parts ? this.parts.commitmentUsd : ZERO;
  }

  /**
   * The prices of the lines, and those that are missing, each once.
   * @internal
   */
  public get _priceUses(): readonly PriceUse[] {
    const { lineItems, missingPrices = [] } = this.parts;
    return uses.of(this.parts, () => distinctUses([...lineItems.flatMap(({ use }) => use ?? []), ...missingPrices]));
  }

  /** US dollars a month for Amazon Bedrock. Undefined, never 0, if a price is missing. */
  public get monthlyUsd(): number | undefined {
    return this._monthly?.toNumber();
  }

  /** US dollars a month as far as the prices are known. */
  public get knownMonthlyUsd(): number {
    return this._knownMonthly.toNumber();
  }

  /** US dollars that are paid once, such as for training. Undefined if there is such a cost and its price is missing. */
  public get oneTimeUsd(): number | undefined {
    return this._oneTime?.toNumber();
  }

  /** US dollars over the whole term that cannot be cancelled. Undefined if there is a commitment and its price is missing. */
  public get commitmentUsd(): number | undefined {
    return this._commitment?.toNumber();
  }

  /** US dollars a month for other AWS services that the resource needs (orchestration, alarms, functions). */
  public get otherServicesMonthlyUsd(): number {
    return (this.parts.otherServicesMonthlyUsd ?? ZERO).toNumber();
  }

  /**
   * The earliest day on which one of the prices that were used was last confirmed by its source, as YYYY-MM-DD. The
   * estimate is no fresher than that.
   */
  public get oldestPriceDate(): string | undefined {
    return priceDatesOf(this.parts.lineItems).oldest ?? undefined;
  }

  /** The latest day on which one of the prices that were used was last confirmed by its source, as YYYY-MM-DD. */
  public get newestPriceDate(): string | undefined {
    return priceDatesOf(this.parts.lineItems).newest ?? undefined;
  }

  /** The costs of one piece of work: 1,000 requests, one job, one hour. */
  public get unitCosts(): UnitCost[] {
    return (this.parts.unitCosts ?? []).map(({ unit, usd }) => ({ unit, usd: usd.toNumber() }));
  }

  /** The line items of the cost, recurring and one-time. */
  public get lineItems(): CostLineItem[] {
    return this.parts.lineItems.map(({ description, quantity, unit, unitPriceUsd, usd, ...line }) => ({
      description,
      quantity: quantity.toNumber(),
      unit,
      unitPriceUsd: unitPriceUsd.toNumber(),
      usd: usd.toNumber(),
      source: line.source,
      asOf: line.asOf,
      confirmed: line.confirmed,
      effectiveDate: line.effectiveDate,
      endDate: line.endDate,
      reviewAfter: line.reviewAfter,
      derived: line.derived,
      own: line.own,
      oneTime: line.oneTime,
    }));
  }

  /** The assumptions, which may be wrong for your use. */
  public get assumptions(): string[] {
    return [...(this.parts.assumptions ?? [])];
  }

  /** The prices that were looked for and not found. */
  public get missingPrices(): MissingPrice[] {
    return [...(this.parts.missingPrices ?? [])];
  }

  /**
   * Plain data with exact decimal texts.
   * @internal
   */
  public _toJson(): EstimateJson {
    return json.of(this.parts, () => this.plain());
  }

  private plain(): EstimateJson {
    const [knownMonthly, oneTime, commitment] = [toText(this._knownMonthly), this._oneTime, this._commitment];
    return {
      monthlyUsd: this._monthly ? knownMonthly : null,
      knownMonthlyUsd: knownMonthly,
      oneTimeUsd: oneTime ? toText(oneTime) : null,
      commitmentUsd: commitment ? toText(commitment) : null,
      otherServicesMonthlyUsd: toText(this.parts.otherServicesMonthlyUsd ?? ZERO),
      unitCosts: (this.parts.unitCosts ?? []).map(({ unit, usd }) => ({ unit, usd: toText(usd) })),
      lineItems: this.parts.lineItems.map((line) => ({
        description: line.description,
        quantity: toText(line.quantity),
        unit: line.unit,
        unitPriceUsd: toText(line.unitPriceUsd),
        usd: toText(line.usd),
        source: line.source ?? null,
        asOf: line.asOf ?? null,
        ...(line.confirmed === undefined ? {} : { confirmed: line.confirmed }),
        effectiveDate: line.effectiveDate ?? null,
        ...(line.endDate === undefined ? {} : { endDate: line.endDate }),
        ...(line.reviewAfter === undefined ? {} : { reviewAfter: line.reviewAfter }),
        ...(line.derived === undefined ? {} : { derived: line.derived }),
        ...(line.own ? { own: true as const } : {}),
        ...(line.oneTime ? { oneTime: true as const } : {}),
      })),
      assumptions: this.parts.assumptions ?? [],
      missingPrices: this.parts.missingPrices ?? [],
    };
  }
}

/** Values that are computed once for each source: an estimate that is read before synthesis may have other parts at synthesis. */
class Computed<S extends object, V extends object> {
  private readonly values = new WeakMap<S, V>();

  public of(source: S, compute: () => V): V {
    const known = this.values.get(source) ?? compute();
    this.values.set(source, known);
    return known;
  }
}

const knownMonthly = new Computed<EstimateParts['lineItems'], Decimal>();
const uses = new Computed<EstimateParts, readonly PriceUse[]>();
const json = new Computed<EstimateParts, EstimateJson>();

/** The sum of the lines that recur, or of those that are paid once. */
function sumOf(lines: readonly ExactLineItem[], oneTime: boolean): Decimal {
  let total = ZERO;
  for (const line of lines) if ((line.oneTime ?? false) === oneTime) total = total.plus(line.usd);
  return total;
}

function withoutNulls(fields: { readonly [name: string]: string | null }): { [name: string]: string } {
  return Object.fromEntries(Object.entries(fields).filter((entry): entry is [string, string] => entry[1] !== null));
}
