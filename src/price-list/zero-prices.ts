import { DraftRate } from './listed-sku';
import { decimal, ZERO } from '../pricing/decimal';
import { isGivenAway } from '../pricing/price-book/free-rates';

/** True for a price of $0 that only keeps a place in the list: a rate of it would price something at nothing. */
export function isPlaceholder(rate: DraftRate): boolean {
  return decimal(rate.usd).cmp(ZERO) === 0 && !isGivenAway(rate);
}
