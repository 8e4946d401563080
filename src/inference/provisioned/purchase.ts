import { Stack, Token } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { ProvisionedModelThroughputProps } from './props';
import { allowedHoursPerMonth, isInputProblem, priceBook, pricingRegion } from '../../estimates/settings';
import { ThroughputPrice } from '../../lambda/provisioned-model-throughput/contract';
import { committedHours } from '../../pricing/billing-modes/hours-per-month';
import { CostCalculator } from '../../pricing/calculator';
import { Decimal, decimal, toText } from '../../pricing/decimal';
import { CostEstimate } from '../../pricing/estimate';
import { PriceBook } from '../../pricing/price-book/price-book';
import { CommitmentDuration, RateKind, RateUnit } from '../../pricing/price-book/rate';

const PRICED_PROPS = ['commitmentDuration', 'model', 'modelUnits', 'hourlyPricePerModelUnitUsd'] as const;
const CONFIRMED_PROPS = ['commitmentDuration', 'model', 'modelUnits', 'acknowledgeCommitmentUsd', 'hourlyPricePerModelUnitUsd'] as const;

/** A purchase as the template has it, whatever a usage file says about it. */
export interface Purchase {
  /** The id that prices are looked up by. */
  readonly model: string;
  readonly customModel: boolean;
  readonly modelUnits: number;
  readonly commitmentDuration: CommitmentDuration;
  readonly acknowledgeCommitmentUsd: number | undefined;
  /** The user's own price, which the book has unless it is a token. */
  readonly hourlyPricePerModelUnitUsd: number | undefined;
}

/** A purchase and its cost, priced once: the acknowledgement of a commitment, the handler and the report all read this estimate. */
export interface PricedPurchase extends Purchase {
  /** The app's prices, with the construct's own one above them if it has one. */
  readonly book: PriceBook;
  /** The cost in the region of the stack; undefined where a prop that the price depends on is a token. */
  readonly estimate: CostEstimate | undefined;
}

export function purchaseOf(props: ProvisionedModelThroughputProps): Purchase {
  const { model: { pricingModelId, customModel }, modelUnits, commitmentDuration = CommitmentDuration.NONE } = props;
  const { acknowledgeCommitmentUsd, hourlyPricePerModelUnitUsd } = props;
  return { model: pricingModelId, customModel, modelUnits, commitmentDuration, acknowledgeCommitmentUsd, hourlyPricePerModelUnitUsd };
}

/**
 * Prices a purchase in the region of the stack: that of a usage file or of the environment only serves estimates.
 *
 * @param hoursPerMonth the hours of a month that the units are there; all hours of the app's month when left out
 * @throws the problem of a context key or price book file that is not valid
 */
export function pricePurchase(construct: IConstruct, purchase: Purchase, hoursPerMonth = allowedHoursPerMonth(construct)): PricedPurchase {
  const book = bookWithOwnPrice(construct, purchase);
  const { model, modelUnits, commitmentDuration, customModel } = purchase;
  const isKnown = unresolvedIn(purchase, PRICED_PROPS).length === 0;
  const estimate = isKnown
    ? new CostCalculator(book).provisioned({ model, region: pricingRegion(construct), modelUnits, commitmentDuration, customModel, hoursPerMonth })
    : undefined;
  return { ...purchase, book, estimate };
}

/**
 * The price of a purchase, computed when it is first read. That makes the price settings of the app final, so that the construct reads
 * it at synthesis only.
 */
export class PurchasePricing {
  private priced: PricedPurchase | undefined;

  /** @param billedHours computes the hours of a month that are billed; left out for all hours */
  constructor(private readonly construct: IConstruct, public readonly purchase: Purchase, private readonly billedHours?: () => number) {}

  /** True for units that exist in business hours only. */
  public get hasBusinessHours(): boolean {
    return this.billedHours !== undefined;
  }

  /** The billed hours of a month; undefined for all hours. */
  public get hoursPerMonth(): number | undefined {
    return this.billedHours?.();
  }

  /** @throws the problem of a context key or price book file that is not valid */
  public get now(): PricedPurchase {
    return (this.priced ??= pricePurchase(this.construct, this.purchase, this.hoursPerMonth));
  }

  /** A value that follows from the price; undefined where a context key or price book file is not valid, which pricing refuses. */
  public unlessRefused<T>(value: (priced: PricedPurchase) => T): T | undefined {
    try {
      return value(this.now);
    } catch (problem) {
      if (!isInputProblem(problem)) throw problem;
      return undefined;
    }
  }
}

function bookWithOwnPrice(construct: IConstruct, purchase: Purchase): PriceBook {
  const { model, customModel, commitmentDuration, hourlyPricePerModelUnitUsd: hourlyUsd } = purchase;
  const book = priceBook(construct);
  if (hourlyUsd === undefined || Token.isUnresolved(hourlyUsd)) return book;
  const usd = toText(decimal(hourlyUsd));
  return book.withRates([{ model, customModel, commitmentDuration, kind: RateKind.MODEL_UNIT_HOUR, usd, unit: RateUnit.HOUR }]);
}

/** The price that the handler checks again before it buys, and reports; undefined where it is not known at synth. */
export function handlerPrice(construct: IConstruct, purchase: PricedPurchase): ThroughputPrice | undefined {
  const [line] = unresolvedIn(purchase).length > 0 ? [] : purchase.estimate?._toJson().lineItems ?? [];
  const isOwnPrice = purchase.hourlyPricePerModelUnitUsd !== undefined;
  return line && {
    hourlyUsd: line.unitPriceUsd,
    hoursPerMonth: toText(committedHoursOf(construct)),
    // A price of the user's own is valid in the stack's region, wherever that is.
    region: isOwnPrice && Token.isUnresolved(Stack.of(construct).region) ? undefined : pricingRegion(construct),
  };
}

/** The hours of a month that a commitment is billed for. */
export function committedHoursOf(construct: IConstruct): Decimal {
  return committedHours(decimal(allowedHoursPerMonth(construct)));
}

/** The props that are tokens, of those that the sum of a commitment depends on or is compared with. */
export function unresolvedIn(purchase: Purchase, props: readonly (keyof Purchase)[] = CONFIRMED_PROPS): string[] {
  return props.filter((prop) => Token.isUnresolved(purchase[prop]));
}
