import type { TokenCounts, TokenPrices } from './contract';
import { decimal, Decimal, toText } from '../../pricing/decimal';

const MILLION = decimal(1_000_000);

/** What so many tokens cost, an exact decimal; undefined where prices or counts are not known. */
export function costOf(tokens: TokenCounts | undefined, prices: TokenPrices | undefined): Decimal | undefined {
  if (!tokens || !prices) return undefined;
  const input = decimal(tokens.input).times(decimal(prices.usdPerMillionInput));
  return input.plus(decimal(tokens.output).times(decimal(prices.usdPerMillionOutput))).div(MILLION);
}

/** As a decimal text. */
export function textOf(usd: Decimal | undefined): string | undefined {
  return usd === undefined ? undefined : toText(usd);
}

export function addTokens(counts: readonly TokenCounts[]): TokenCounts {
  return counts.reduce((sum, { input, output }) => ({ input: sum.input + input, output: sum.output + output }), { input: 0, output: 0 });
}
