import type { TokenCounts, TokenPrices } from './contract';
import { Decimal, toText } from '../../pricing/decimal';
import { tokenCost } from '../shared/token-cost';

/** The cost of tokens; undefined if prices or counts are not known. */
export function costOf(tokens: TokenCounts | undefined, prices: TokenPrices | undefined): Decimal | undefined {
  return tokens && prices && tokenCost(tokens, prices);
}

/** An amount as a decimal text. */
export function usdText(usd: Decimal | undefined): string | undefined {
  return usd === undefined ? undefined : toText(usd);
}

export function addTokens(counts: readonly TokenCounts[]): TokenCounts {
  return counts.reduce((sum, { input, output }) => ({ input: sum.input + input, output: sum.output + output }), { input: 0, output: 0 });
}
