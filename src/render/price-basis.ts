import { oneLine } from './sanitize';
import { ResourceJson } from '../cost-report/report-json';
import { DatedPrice, PriceDates, priceDatesOf } from '../pricing/price-book/price-dates';
import { ANY_MODEL, ContextLength, PriceTier, Rate } from '../pricing/price-book/rate';

/** Basis of a list of prices. */
export interface PriceBasis {
  /** Day on which the newest price of the book was read, used or not. */
  readonly asOf: string | null;
  /** Differences from the embedded list prices, as texts. */
  readonly changes: readonly string[];
  /** Requested day of the prices, as YYYY-MM-DD; left out without one. */
  readonly day?: string;
  /** Rates of the user that priced nothing, as texts. */
  readonly unused?: readonly string[];
}

/** Dates of the prices of resources, including those of slow and busy months, whose lines are not in a report. */
export function priceDatesOfResources(resources: readonly ResourceJson[]): PriceDates {
  return priceDatesOf(resources.flatMap(({ lineItems, oldestPriceDate, newestPriceDate }): DatedPrice[] =>
    [...lineItems, ...[oldestPriceDate, newestPriceDate].flatMap((day) => (day ? [{ asOf: day }] : []))]));
}

export function priceBookJson({ asOf, changes, unused = [] }: PriceBasis): object {
  return { asOf, ...(changes.length > 0 ? { changes } : {}), ...(unused.length > 0 ? { unusedRates: unused } : {}) };
}

/** Renders a rate with all its dimensions: `batch input of amazon.nova-pro-v1:0 (geo) in us-east-1`. */
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

/** Renders the user's own rates that priced nothing. Without this note, a misspelt rate would silently leave the list price in force. */
export function unusedRateLines({ unused = [] }: PriceBasis): string[] {
  return unused.length === 0 ? [] : [oneLine(`Rates of your own that priced nothing here: ${unused.join('; ')}. Check model, kind, region and tier.`)];
}
