import { IConstruct } from 'constructs';
import { entriesBelow, priceEntries } from '../estimates/registry';
import { basePriceBook, priceBook } from '../estimates/settings';
import { MessageDefinition, MESSAGES } from '../messages';
import { ModelId } from '../pricing/model-id';
import { bookIds } from '../pricing/price-book/model-catalog';
import { PriceBook } from '../pricing/price-book/price-book';
import { PriceUse } from '../pricing/price-book/price-use';
import { PriceTier, Rate, RateKind } from '../pricing/price-book/rate';
import { rateName } from '../render/price-basis';
import { oneLine } from '../render/sanitize';

/** The number of rates that one warning names. */
const SHOWN = 5;

/** The warning of rates of your own that priced nothing: one that is misspelt would leave the list price in force unnoticed. */
export function unusedRates(root: IConstruct): (readonly [MessageDefinition, string])[] {
  priceEntries(root);
  const entries = entriesBelow(root);
  const judged = ratesInVain(priceBook(root), basePriceBook(root), entries.flatMap(({ priceUses = [] }) => priceUses));
  // An entry of an older copy of the library does not name the rates that priced it.
  const unjudged = new Set(entries.filter(({ priceUses }) => priceUses === undefined).map(({ model }) => ModelId.parse(model).bareId));
  const unused = [...new Set(judged.filter(({ model }) => !unjudged.has(model)).map(rateName))];
  if (unused.length === 0) return [];
  const more = unused.length - SHOWN;
  const shown = [...unused.slice(0, SHOWN), ...(more > 0 ? [`${more} more`] : [])].join('; ');
  return [[MESSAGES.unusedRates, oneLine(`rates of your own price nothing in this app: ${shown}`)]];
}

/**
 * The unused rates of a book that are probably misspelt. A set of rates may cover more kinds of use of a model than the app
 * has, and a file those of many apps. So these alone are reported: a rate of a kind and model that the app uses at another price, and a
 * rate of a model that no own rate prices. A rate of a file is reported only if the embedded book does not know the model either.
 *
 * @param base the book without the rates of the code and of the usage file
 */
function ratesInVain(book: PriceBook, base: PriceBook, uses: readonly PriceUse[]): Rate[] {
  const embedded = PriceBook.embedded();
  const used = new Set(uses.map(({ ownRate }) => ownRate));
  const written = book._ownRates(base);
  const usesOf = usesByModel(uses);
  return [...book._ownRates(embedded)].filter(([key, rate]) => {
    const ofModel = usesOf.get(rate.model) ?? [];
    return !used.has(key) && (isPassedOver(rate, ofModel) || (isOfNoUse(rate, ofModel) && (written.has(key) || !embedded._knows(rate.model))));
  }).map(([, rate]) => rate);
}

/** The uses by each id under which a rate of the model may be given: with and without context variant, and what it is an alias of. */
function usesByModel(uses: readonly PriceUse[]): ReadonlyMap<string, readonly PriceUse[]> {
  const byModel = new Map<string, PriceUse[]>();
  for (const use of uses) {
    for (const id of bookIds(use.model)) {
      const ofModel = byModel.get(id);
      if (ofModel) ofModel.push(use);
      else byModel.set(id, [use]);
    }
  }
  return byModel;
}

/** True where the app uses the kind of the rate at another price: in the tier of the rate or, where no rate of yours prices the kind, in any. */
function isPassedOver({ kind, tier = PriceTier.STANDARD }: Rate, ofModel: readonly PriceUse[]): boolean {
  const ofKind = ofModel.filter((use) => use.kind === kind);
  const isPricedByOther = ofKind.some(({ ownRate }) => ownRate !== undefined);
  return ofKind.some((use) => use.ownRate === undefined && (!isPricedByOther || use.tier === undefined || use.tier === tier));
}

/** True where no rate of yours prices the model, and model units of it are not compared with the rate. */
function isOfNoUse({ kind }: Rate, ofModel: readonly PriceUse[]): boolean {
  const isCompared = kind !== RateKind.MODEL_UNIT_HOUR && ofModel.some((use) => use.kind === RateKind.MODEL_UNIT_HOUR);
  return !isCompared && ofModel.every(({ ownRate }) => ownRate === undefined);
}
