import { DraftRate } from './listed-sku';
import { decimal, ZERO } from '../pricing/decimal';
import { RateKind } from '../pricing/rate';

const CACHE_WRITES: readonly RateKind[] = [RateKind.CACHE_WRITE_5M, RateKind.CACHE_WRITE_30M, RateKind.CACHE_WRITE_1H];

/** The prices of $0 that AWS means: writing to the cache of a Nova model, and the regular expressions of a guardrail. */
function isFree({ model, kind, policy }: DraftRate): boolean {
  return (CACHE_WRITES.includes(kind) && model.startsWith('amazon.nova-'))
    || (kind === RateKind.TEXT_UNIT && policy === 'sensitive-information-regex');
}

/** True for a price of $0 that only keeps a place in the list: a rate of it would price something at nothing. */
export function isPlaceholder(rate: DraftRate): boolean {
  return decimal(rate.usd).cmp(ZERO) === 0 && !isFree(rate);
}
