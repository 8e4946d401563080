import { ResourceJson } from '../cost-report/report-json';
import { LineItemJson, OWN_RATE } from '../pricing/estimate';
import { formatUnitPrice, ofModel } from '../pricing/format';
import { isDay } from '../pricing/price-book/day';
import { isTooOld, PriceAgeLimit, tooOldText } from '../pricing/price-book/price-age';
import { lastConfirmed } from '../pricing/price-book/price-dates';

/** A resource with its used prices, in a report or in an estimate at synth. */
export type PricedResource = Pick<ResourceJson, 'path' | 'model' | 'oldestPriceDate' | 'newestPriceDate'> & { readonly lineItems: readonly LineItemJson[] };

/** A price in the estimate of a resource. */
export interface UsedPrice {
  readonly path: string;
  /** Description, such as `the price of input tokens of amazon.nova-pro-v1:0 ($0.80 per 1M tokens, aws-page-2026-07-24)`. */
  readonly what: string;
  /** Day of its last confirmation; undefined if it states none. */
  readonly day: string | undefined;
  /** Stated date if it is not in the calendar; undefined otherwise. */
  readonly noDay?: string;
  /** True for a rate of the user without a source, whose age is not judged. */
  readonly isOwn: boolean;
}

/** Returns every price in the estimates of resources, those of slow and busy months included. */
export function usedPrices(resources: readonly PricedResource[]): UsedPrice[] {
  return resources.flatMap((resource) => {
    const { path, model, lineItems, oldestPriceDate, newestPriceDate } = resource;
    const stated = lineItems.map((line): UsedPrice => ({
      path,
      what: priceText(line, model),
      day: lastConfirmed(line),
      noDay: [line.asOf, line.confirmed].find((date) => typeof date === 'string' && !isDay(date)) ?? undefined,
      isOwn: line.source === OWN_RATE,
    }));
    // The report has only the dates of the prices of slow and busy months, not their lines.
    const ofOtherMonths = [oldestPriceDate, newestPriceDate].filter((date) => isDay(date) && stated.every(({ day }) => day !== date)) as string[];
    return [...stated, ...ofOtherMonths.map((day): UsedPrice => ({ path, what: `a price${ofModel(model)} in a slow or busy month`, day, isOwn: false }))];
  });
}

function priceText({ description, unit, unitPriceUsd, source }: LineItemJson, model: string | null): string {
  return `the price of ${description}${ofModel(model)} (${formatUnitPrice(unitPriceUsd)} per ${unit}${source === null ? '' : `, ${source}`})`;
}

type DatedUse = UsedPrice & { readonly day: string };

/** Returns the price that was confirmed longest ago; undefined if none states a day. */
export function oldestPrice(prices: readonly UsedPrice[]): DatedUse | undefined {
  const [first, ...others] = dated(prices);
  return first && others.reduce((oldest, price) => (price.day < oldest.day ? price : oldest), first);
}

/** Returns the price that was confirmed last; undefined if none states a day. */
export function newestPrice(prices: readonly UsedPrice[]): DatedUse | undefined {
  const [first, ...others] = dated(prices);
  return first && others.reduce((newest, price) => (price.day > newest.day ? price : newest), first);
}

function dated(prices: readonly UsedPrice[]): DatedUse[] {
  return prices.filter((price): price is DatedUse => price.day !== undefined);
}

/** Returns the oldest price that is too old, and the number of those prices; undefined without one. */
export function tooOldPrices(prices: readonly UsedPrice[], limit: PriceAgeLimit): { readonly oldest: DatedUse; readonly text: string } | undefined {
  const oldest = oldestPrice(prices);
  if (oldest === undefined || !isTooOld(oldest.day, limit)) return undefined;
  const tooOld = dated(prices).filter(({ day }) => isTooOld(day, limit)).length;
  const share = prices.length === 1 ? '' : `; ${tooOld} of ${prices.length} prices that were used ${tooOld === 1 ? 'is' : 'are'} older than that`;
  return { oldest, text: `${tooOldText(oldest.what, oldest.day, limit)}${share}` };
}
