import { modelFacts, providerOf } from './model-catalog';
import { ANY_MODEL } from './rate';
import { isObject } from '../../input/argument';
import { PricingError } from '../../input/error';
import { unknownField } from '../../input/unknown-field';
import { Decimal, decimal } from '../decimal';
import { ModelId } from '../model-id';

/**
 * A price reduction that you have agreed on with AWS: on everything, on one provider's models, or on one model.
 *
 * If several match a model, only the most specific one applies: they do not add up.
 */
export interface Discount {
  /** The discount in percent, from 0 to 100. With 10, a rate of $3.00 is $2.70. */
  readonly percent: number;
  /**
   * The model that it is given on, with or without an inference profile's prefix.
   * @default - every model
   */
  readonly model?: string;
  /**
   * The provider whose models it is given on, such as `Anthropic`.
   * @default - every provider
   */
  readonly provider?: string;
}

const FIELDS = ['percent', 'model', 'provider'];

/** A discount for people: `10 % on Anthropic`. */
export function describeDiscount({ percent, model, provider }: Discount): string {
  const whose = model ?? provider;
  return whose === undefined ? `${percent} %` : `${percent} % on ${whose}`;
}

/** The discount on the rates of a model: its own, else that of its provider, else the general one. */
export function discountOf(discounts: readonly Discount[], bareId: string): Discount | undefined {
  if (discounts.length === 0) return undefined;
  const provider = providerOf(bareId).toLowerCase();
  const own = modelOf(bareId);
  return discounts.find(({ model }) => model !== undefined && modelOf(model) === own)
    ?? discounts.find((discount) => discount.model === undefined && discount.provider !== undefined && discount.provider.toLowerCase() === provider)
    ?? discounts.find((discount) => discount.model === undefined && discount.provider === undefined);
}

/** The model itself, by any of its names: with a prefix, an alias, a context variant. */
function modelOf(id: string): string {
  return modelFacts(id)?.id ?? ModelId.parse(id).bareId;
}

/** The part of a dollar that remains. */
export function factorOf({ percent }: Discount): Decimal {
  return decimal(100).minus(decimal(percent)).times(decimal('0.01'));
}

/** @param place for messages, such as `discounts[0]` */
export function checkDiscount(discount: Discount, place: string, isKnownModel: (model: string) => boolean, providers: readonly string[]): void {
  if (!isObject(discount)) throw new PricingError(place, discount, 'a discount such as { percent: 10, provider: "Anthropic" }');
  const unknown = Object.keys(discount).find((field) => !FIELDS.includes(field));
  if (unknown !== undefined) throw unknownField(place, unknown, FIELDS);
  const { percent, model, provider } = discount;
  if (!(typeof percent === 'number' && percent >= 0 && percent <= 100)) throw new PricingError(`${place}.percent`, percent, 'a number from 0 to 100');
  if (model !== undefined && provider !== undefined) throw PricingError.about(`${place}.provider`, 'must be left out beside model');
  // A misspelt name would take nothing off without a word.
  if (model !== undefined && !(typeof model === 'string' && model !== ANY_MODEL && isKnownModel(model))) throw new PricingError(`${place}.model`, model, 'a model of the price book');
  if (provider !== undefined && !(typeof provider === 'string' && providers.some((known) => known.toLowerCase() === provider.toLowerCase()))) {
    throw new PricingError(`${place}.provider`, provider, `one of ${providers.join(', ')}`);
  }
}

/** The models of a discount. Two discounts on the same models would contradict each other. */
export function discountKey({ model, provider }: Discount): string {
  return model === undefined ? `provider ${provider?.toLowerCase()}` : `model ${modelOf(model)}`;
}
