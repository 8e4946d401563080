import { IConstruct } from 'constructs';
import { rateName } from './price-basis';
import { oneLine } from './sanitize';
import { addFinding } from '../estimates/findings';
import { registryOf } from '../estimates/registry';
import { basePriceBook, priceBook } from '../estimates/settings';
import { MESSAGES } from '../messages';
import { PriceBook } from '../pricing/price-book';
import { Rate, RateKind } from '../pricing/rate';

/** The number of rates that one warning names. */
const SHOWN = 5;

/** Rates of your own that priced nothing: one that is misspelt would leave the list price in force unnoticed. */
export function warnOfUnusedRates(construct: IConstruct): void {
  // A construct with hourlyPricePerModelUnitUsd is not priced by the same rate of a usage file.
  const { entries } = registryOf(construct);
  const pricedAtOwn = new Set(entries.filter(({ estimate }) => estimate.lineItems.some(({ own }) => own)).map(({ model }) => model));
  const inVain = ratesInVain(priceBook(construct), basePriceBook(construct))
    .filter(({ kind, model }) => kind !== RateKind.MODEL_UNIT_HOUR || !pricedAtOwn.has(model));
  // One name for all tiers and scopes of a rate.
  const unused = [...new Set(inVain.map(rateName))];
  if (unused.length === 0) return;
  const more = unused.length - SHOWN;
  const shown = [...unused.slice(0, SHOWN), ...(more > 0 ? [`${more} more`] : [])].join('; ');
  addFinding(construct, MESSAGES.unusedRates, oneLine(`rates of your own price nothing in this app: ${shown}`));
}

/**
 * The unused rates of a book that are probably misspelt. A set of rates may cover more kinds of use of a model than the app
 * has, and a file those of many apps. So only these count: a rate of a kind and model that the app uses at another price, and a rate
 * of a model that has no used rate; of a file, only if the embedded book does not know the model either.
 *
 * @param base the book without the rates of the code and of the usage file
 */
function ratesInVain(book: PriceBook, base: PriceBook): Rate[] {
  const embedded = PriceBook.embedded();
  const unused = book._unusedOwnRates(embedded);
  const written = new Set(book._unusedOwnRates(base).map(keyOf));
  const [ofAll, ofUnused] = [countByModel(book._layers[0]), countByModel(unused)];
  const isUsed = (model: string) => ofAll.get(model)! > (ofUnused.get(model) ?? 0);
  return unused.filter((rate) => book._isPricedWithout(rate) || (!isUsed(rate.model) && (written.has(keyOf(rate)) || !embedded.knows(rate.model))));
}

function countByModel(rates: readonly { readonly model: string }[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { model } of rates) counts.set(model, (counts.get(model) ?? 0) + 1);
  return counts;
}

function keyOf(rate: Rate): string {
  return JSON.stringify(rate);
}
