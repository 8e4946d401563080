import { oneLine } from './text-table';
import { ANY_MODEL, Rate } from '../pricing/rate';

/** What a list of prices rests on. */
export interface PriceBasis {
  /** The day on which the newest price was read. */
  readonly asOf: string | null;
  /** What sets the prices apart from the embedded list prices, in words. */
  readonly changes: readonly string[];
  /** The user's own rates that priced nothing, in words. */
  readonly unused?: readonly string[];
}

export function priceBookJson({ asOf, changes, unused = [] }: PriceBasis): object {
  return { asOf, ...(changes.length > 0 ? { changes } : {}), ...(unused.length > 0 ? { unusedRates: unused } : {}) };
}

/** A rate for people: `input of amazon.nova-pro-v1:0 in us-east-1`. */
export function rateName({ kind, model, region }: Rate): string {
  return `${kind}${model === ANY_MODEL ? '' : ` of ${model}`}${region === undefined ? '' : ` in ${region}`}`;
}

/** Own rates that priced nothing: one that is misspelt would leave the list price in force without a word. */
export function unusedRateLines({ unused = [] }: PriceBasis): string[] {
  return unused.length === 0 ? [] : [oneLine(`Rates of your own that priced nothing here: ${unused.join('; ')}. Check model, kind, region and tier.`)];
}
