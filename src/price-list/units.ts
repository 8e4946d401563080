import { decimal, toText } from '../pricing/decimal';
import { RateUnit } from '../pricing/price-book/rate';

const K = RateUnit.THOUSAND_TOKENS;
const M = RateUnit.MILLION_TOKENS;

/** Units are 1,000 apart between rows: what does not stand here is not understood, there is no default. */
const TOKEN_UNITS = new Map<string, RateUnit>([['1k tokens', K], ['1k token', K], ['1m tokens', M], ['1m token', M]]);

/** The number of tokens of a price, as descriptions state it. */
const SCALES: readonly (readonly [RegExp, RateUnit])[] = [
  [/\b(?:1k|1,?000(?!,?000)|thousand)\b/i, K],
  [/\b(?:1m|1,?000,?000|million)\b/i, M],
];

/** The unit of a token price; a text says why it is not clear. */
export function tokenUnit(unit: string, description: string): { readonly unit: RateUnit } | { readonly unclear: string } {
  const scale = SCALES.filter(([pattern]) => pattern.test(aboutTokens(description))).map(([, unitOfScale]) => unitOfScale);
  // The unit of Marketplace rows is "Units": only the description says how many tokens that is.
  const stated = unit === 'Units' ? scale[0] : TOKEN_UNITS.get(unit.toLowerCase());
  if (stated === undefined) return { unclear: unit === 'Units' ? 'unit Units, and the description states no scale' : `unit ${unit}: unknown for tokens` };
  if (scale.some((other) => other !== stated)) return { unclear: 'unit and description contradict each other in the scale' };
  return { unit: stated };
}

/** The part of a description that is about the unit: what stands behind is the name of a model, which may hold a 1M of its own. */
function aboutTokens(description: string): string {
  const own = description.slice(description.lastIndexOf('|') + 1);
  return /^(.*?\btokens?\b)/i.exec(own)?.[1] ?? own;
}

/** The price of so many: `0.00015` for one is `0.15` for a thousand. Exact. */
export function times(usd: string, factor: number): string {
  return toText(decimal(usd).times(decimal(factor)));
}
