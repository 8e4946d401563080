import { decimal, toText } from '../pricing/decimal';
import { RateUnit } from '../pricing/price-book/rate';

const K = RateUnit.THOUSAND_TOKENS;
const M = RateUnit.MILLION_TOKENS;

/** Known units of token prices. Other units are not understood, and there is no default, since units differ by a factor of 1,000. */
const TOKEN_UNITS = new Map<string, RateUnit>([['1k tokens', K], ['1k token', K], ['1m tokens', M], ['1m token', M]]);

/** Number of tokens of a price in descriptions. */
const SCALES: readonly (readonly [RegExp, RateUnit])[] = [
  [/\b(?:1k|1,?000(?!,?000)|thousand)\b/i, K],
  [/\b(?:1m|1,?000,?000|million)\b/i, M],
];

/** Returns the unit of a token price, or the reason if it is not clear. */
export function tokenUnit(unit: string, description: string): { readonly unit: RateUnit } | { readonly unclear: string } {
  const scale = SCALES.filter(([pattern]) => pattern.test(aboutTokens(description))).map(([, unitOfScale]) => unitOfScale);
  // The unit of Marketplace rows is "Units": only the description has the number of tokens.
  const stated = unit === 'Units' ? scale[0] : TOKEN_UNITS.get(unit.toLowerCase());
  if (stated === undefined) return { unclear: unit === 'Units' ? 'unit Units, and the description states no scale' : `unit ${unit}: unknown for tokens` };
  if (scale.some((other) => other !== stated)) return { unclear: 'unit and description contradict each other in the scale' };
  return { unit: stated };
}

/** Part of a description that is about the unit. The rest is the name of a model, which may contain "1M". */
function aboutTokens(description: string): string {
  const own = description.slice(description.lastIndexOf('|') + 1);
  return /^(.*?\btokens?\b)/i.exec(own)?.[1] ?? own;
}

/** Multiplies a price exactly: `0.00015` for one is `0.15` for a thousand. */
export function times(usd: string, factor: number): string {
  return toText(decimal(usd).times(decimal(factor)));
}
