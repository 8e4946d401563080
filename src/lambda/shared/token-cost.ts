import { Decimal, decimal, MILLION } from '../../pricing/decimal';

interface Tokens {
  readonly input: number;
  readonly output: number;
}

/** Decimal texts, as the contracts of the functions hold prices. */
interface TokenPrices {
  readonly usdPerMillionInput: string;
  readonly usdPerMillionOutput: string;
}

/** The exact cost of input and output tokens: 2,000 input tokens at $3 a million cost $0.006. */
export function tokenCost({ input, output }: Tokens, { usdPerMillionInput, usdPerMillionOutput }: TokenPrices): Decimal {
  return decimal(input).times(decimal(usdPerMillionInput)).plus(decimal(output).times(decimal(usdPerMillionOutput))).div(MILLION);
}
