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

/** A purchase as in the template, regardless of a usage file. */
export interface Purchase {
  /** The id that determines the price. */
  readonly model: string;
  readonly customModel: boolean;
  readonly modelUnits: number;
  readonly commitmentDuration: CommitmentDuration;
  readonly acknowledgeCommitmentUsd: number | undefined;
  /** The custom price, which the book includes unless it is a token. */
  readonly hourlyPricePerModelUnitUsd: number | undefined;
}

/** A purchase and its cost. The acknowledgement of a commitment, the handler and the report read the same estimate. */
export interface PricedPurchase extends Purchase {
  /** The prices of the app, with the custom price of the construct if it has one. */
  readonly book: PriceBook;
  /** The cost in the region of the stack; undefined if a prop that the price depends on is a token. */
  readonly estimate: CostEstimate | undefined;
}

export function purchaseOf(props: ProvisionedModelThroughputProps): Purchase {
  const { model: { pricingModelId, customModel }, modelUnits, commitmentDuration = CommitmentDuration.NONE } = props;
  const { acknowledgeCommitmentUsd, hourlyPricePerModelUnitUsd } = props;
  return { model: pricingModelId, customModel, modelUnits, commitmentDuration, acknowledgeCommitmentUsd, hourlyPricePerModelUnitUsd };
}

/**
 * Prices a purchase in the region of the stack. The region of a usage file or of the environment applies to estimates only.
 *
 * @param hoursPerMonth the hours of a month in which the units exist; by default all hours of the app's month
 * @throws if a context key or price book file is invalid
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
 * The price of a purchase, computed when it is first read. This makes the price settings of the app final, so the construct reads
 * it at synthesis only.
 */
export class PurchasePricing {
  private priced: PricedPurchase | undefined;

  /** @param billedHours computes the billed hours of a month; undefined for all hours */
  constructor(private readonly construct: IConstruct, public readonly purchase: Purchase, private readonly billedHours?: () => number) {}

  /** True for units that exist in business hours only. */
  public get hasBusinessHours(): boolean {
    return this.billedHours !== undefined;
  }

  /** The billed hours of a month; undefined for all hours. */
  public get hoursPerMonth(): number | undefined {
    return this.billedHours?.();
  }

  /** @throws if a context key or price book file is invalid */
  public get now(): PricedPurchase {
    return (this.priced ??= pricePurchase(this.construct, this.purchase, this.hoursPerMonth));
  }

  /** A value that is derived from the price; undefined if a context key or price book file is invalid, which pricing refuses. */
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

/** The price that the handler checks before a purchase, and reports; undefined if it is unknown at synth. */
export function handlerPrice(construct: IConstruct, purchase: PricedPurchase): ThroughputPrice | undefined {
  const [line] = unresolvedIn(purchase).length > 0 ? [] : purchase.estimate?._toJson().lineItems ?? [];
  const isOwnPrice = purchase.hourlyPricePerModelUnitUsd !== undefined;
  return line && {
    hourlyUsd: line.unitPriceUsd,
    hoursPerMonth: toText(committedHoursOf(construct)),
    // A custom price is valid in the region of the stack, also if the region is a token.
    region: isOwnPrice && Token.isUnresolved(Stack.of(construct).region) ? undefined : pricingRegion(construct),
  };
}

/** The billed hours of a month of a commitment. */
export function committedHoursOf(construct: IConstruct): Decimal {
  return committedHours(decimal(allowedHoursPerMonth(construct)));
}

/** The props that are tokens, among the props that determine the cost of a commitment or are compared with it. */
export function unresolvedIn(purchase: Purchase, props: readonly (keyof Purchase)[] = CONFIRMED_PROPS): string[] {
  return props.filter((prop) => Token.isUnresolved(purchase[prop]));
}
