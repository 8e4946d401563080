import { oneLine } from './sanitize';
import { ResourceJson } from '../cost-report/report-json';
import { DatedPrice, PriceDates, priceDatesOf } from '../pricing/price-book/price-dates';
import { ANY_MODEL, ContextLength, PriceTier, Rate } from '../pricing/price-book/rate';

/** The basis of a list of prices. */
export interface PriceBasis {
  /** The day on which the newest price of the book was read, whichever prices are used. */
  readonly asOf: string | null;
  /** The differences from the embedded list prices, in words. */
  readonly changes: readonly string[];
  /** The day that the prices are asked for, as YYYY-MM-DD; left out where none was given. */
  readonly day?: string;
  /** The user's own rates that priced nothing, in words. */
  readonly unused?: readonly string[];
}

/** The age of the prices of resources, those of slow and busy months included, whose lines a report does not list. */
export function priceDatesOfResources(resources: readonly ResourceJson[]): PriceDates {
  return priceDatesOf(resources.flatMap(({ lineItems, oldestPriceDate, newestPriceDate }): DatedPrice[] =>
    [...lineItems, ...[oldestPriceDate, newestPriceDate].flatMap((day) => (day ? [{ asOf: day }] : []))]));
}

export function priceBookJson({ asOf, changes, unused = [] }: PriceBasis): object {
  return { asOf, ...(changes.length > 0 ? { changes } : {}), ...(unused.length > 0 ? { unusedRates: unused } : {}) };
}

/** A rate for people, with all that it states: `batch input of amazon.nova-pro-v1:0 (geo) in us-east-1`. */
export function rateName(rate: Rate): string {
  const { kind, model, region, tier, termMonths, customModel, context } = rate;
  const stated = [
    rate.scope, context === ContextLength.LONG ? 'long context' : undefined, rate.commitmentDuration, customModel ? 'custom model' : undefined,
    rate.resolution, rate.quality, termMonths === undefined ? undefined : `${termMonths} months`, rate.policy, rate.customModelUnitVersion, rate.architecture,
  ].filter((part) => part !== undefined);
  return [
    ...(tier === undefined || tier === PriceTier.STANDARD ? [] : [tier]), kind, ...(model === ANY_MODEL ? [] : [`of ${model}`]),
    ...(stated.length > 0 ? [`(${stated.join(', ')})`] : []), ...(region === undefined ? [] : [`in ${region}`]),
  ].join(' ');
}

/** Own rates that priced nothing: one that is misspelt would leave the list price in force without a word. */
export function unusedRateLines({ unused = [] }: PriceBasis): string[] {
  return unused.length === 0 ? [] : [oneLine(`Rates of your own that priced nothing here: ${unused.join('; ')}. Check model, kind, region and tier.`)];
}
