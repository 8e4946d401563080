import { IConstruct } from 'constructs';
import { registryOf } from '../estimates/registry';
import {
  acceptArguments, boolean, construct, list, number, required, requireArguments, ShapesOf, snapshot, struct, text,
} from '../estimates/shape';
import { Discount } from '../pricing/price-book/discount';
import { Rate } from '../pricing/price-book/rate';

/** The prices of all estimates of an app. Context keys override them. */
export interface PriceSettingsOptions {
  /**
   * Rates of your own, such as negotiated ones. They override the price book, and no discount applies to them.
   * @default - none
   */
  readonly rates?: Rate[];
  /**
   * Discounts that you have agreed on with AWS: on everything, on the models of a provider or on one model. If several discounts match a
   * model, only the most specific one applies.
   *
   * With 10 % on everything and 25 % on Anthropic, a rate of $3.00 of Claude is priced at $2.25.
   * @default - none, or those of the price-book file
   */
  readonly discounts?: Discount[];
  /**
   * Discount in percent on the rates of the price book, from 0 to 100.
   *
   * 25, not 0.25, for a quarter. For a value above 0 and below 1, synth warns.
   *
   * It is the general discount: it replaces the one among `discounts` that names neither model nor provider, and a more specific one overrides
   * it. The two do not add up: with a `discountPercent` of 10 and 25 % on Anthropic among `discounts`, a rate of $3.00 is priced at $2.25
   * for Claude (25 % off, not 35 %), and at $2.70 for models of other providers.
   * @default - none, or the general one of `discounts`
   */
  readonly discountPercent?: number;
  /**
   * Whether a rate that no source states may be derived from one that is stated, by a ratio that holds for all published pairs. The
   * estimate names each derived rate that it used. If `false`, the price is missing.
   * @default - true, or the setting of the price-book file
   */
  readonly allowDerivedRates?: boolean;
  /**
   * The path of a price-book file that replaces the embedded book.
   * @default - the embedded book
   */
  readonly priceBookFile?: string;
  /**
   * Hours in a month, above 0 and at most 744.
   * @default 730
   */
  readonly hoursPerMonth?: number;
}

/** Rates and discounts are checked field by field where they are first used. */
const OPTIONS: ShapesOf<PriceSettingsOptions> = {
  rates: list(struct('a rate such as { model, kind, usd, unit }'), 'a list of rates such as [{ model, kind, usd, unit }]'),
  discounts: list(struct('a discount such as { percent: 10 }'), 'a list of discounts such as [{ percent: 10 }]'),
  discountPercent: number('a number from 0 to 100'),
  allowDerivedRates: boolean(),
  priceBookFile: text('the path of a price-book file'),
  hoursPerMonth: number('a number above 0 and at most 744'),
};
const CONFIGURE_SHAPES = { options: required(struct('an object such as { discountPercent: 10 }', OPTIONS)) };

/**
 * The prices of an app: your own rates, discounts, another price book, the hours of a month.
 *
 * The settings may follow the constructs that they price: a price is looked up when a field of an estimate is first read, at synthesis
 * as a rule. They are final from then on. Which resources an app has does not depend on them.
 *
 * @example
 * PriceSettings.of(app).configure({ discountPercent: 10 });
 */
export class PriceSettings {
  /** The price settings of the app that a construct belongs to. */
  public static of(scope: IConstruct): PriceSettings {
    requireArguments('PriceSettings.of: ', { scope }, { scope: required(construct('a construct, a stack, a stage or the app')) });
    return new PriceSettings(scope);
  }

  private constructor(private readonly scope: IConstruct) {}

  /**
   * Sets the prices of all estimates of the app. Several calls add up: of a setting that is given twice, the later value applies.
   *
   * @throws if a price was read before, such as by a field of an estimate or by `CostEstimates.total()`
   */
  public configure(options: PriceSettingsOptions): PriceSettings {
    const registry = registryOf(this.scope);
    if (registry.pricesReadAt !== undefined) {
      throw new Error(`PriceSettings.configure must be called before a price is read, and that of ${registry.pricesReadAt || 'the app'} was read. `
        + 'Move the call before the first use of an estimate: its fields, CostEstimates.total(), or the synthesis of a stage.');
    }
    if (acceptArguments(this.scope, 'PriceSettings.configure', { options }, CONFIGURE_SHAPES)) registry.settings = { ...registry.settings, ...snapshot(options) };
    return this;
  }
}
