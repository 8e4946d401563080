import { IConstruct } from 'constructs';
import { addFinding } from './findings';
import { priceAgeLimit, priceBook } from './settings';
import { tooOldText } from '../gate/price-age';
import { MESSAGES } from '../messages';

/** Says it when the prices are older than the context allows on the day that it names. For information: `check` judges. */
export function reportPriceAge(construct: IConstruct): void {
  const limit = priceAgeLimit(construct);
  const { asOf } = priceBook(construct);
  const text = limit && asOf !== undefined ? tooOldText(asOf, limit) : undefined;
  if (text !== undefined) addFinding(construct, MESSAGES.pricesTooOld, text);
}
