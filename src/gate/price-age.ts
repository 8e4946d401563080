import { ResourceJson } from '../cost-report/report-json';
import { LineItemJson, OWN_RATE } from '../pricing/estimate';
import { formatUnitPrice, ofModel } from '../pricing/format';
import { isDay } from '../pricing/price-book/day';
import { isTooOld, PriceAgeLimit, tooOldText } from '../pricing/price-book/price-age';
import { lastConfirmed } from '../pricing/price-book/price-dates';

/** A resource with the prices that it was estimated at, as a report and an estimate at synth both have it. */
export type PricedResource = Pick<ResourceJson, 'path' | 'model' | 'oldestPriceDate' | 'newestPriceDate'> & { readonly lineItems: readonly LineItemJson[] };

/** A price that a resource was estimated at. */
export interface UsedPrice {
  readonly path: string;
  /** In words, such as `the price of input tokens of amazon.nova-pro-v1:0 ($0.80 per 1M tokens, aws-page-2026-07-24)`. */
  readonly what: string;
  /** The day of its last confirmation; undefined where it states none. */
  readonly day: string | undefined;
  /** A date that is no day of the calendar; undefined where there is none. */
  readonly noDay?: string;
  /** True for a rate that the user gave without a source: its age is for the user to judge. */
  readonly isOwn: boolean;
}

/** Every price that resources were estimated at, those of slow and busy months included. */
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
    // The lines of slow and busy months are not in the report, only their dates.
    const ofOtherMonths = [oldestPriceDate, newestPriceDate].filter((date) => isDay(date) && stated.every(({ day }) => day !== date)) as string[];
    return [...stated, ...ofOtherMonths.map((day): UsedPrice => ({ path, what: `a price${ofModel(model)} in a slow or busy month`, day, isOwn: false }))];
  });
}

function priceText({ description, unit, unitPriceUsd, source }: LineItemJson, model: string | null): string {
  return `the price of ${description}${ofModel(model)} (${formatUnitPrice(unitPriceUsd)} per ${unit}${source === null ? '' : `, ${source}`})`;
}

type DatedUse = UsedPrice & { readonly day: string };

/** The price that was confirmed longest ago; undefined where none states a day. */
export function oldestPrice(prices: readonly UsedPrice[]): DatedUse | undefined {
  const [first, ...others] = dated(prices);
  return first && others.reduce((oldest, price) => (price.day < oldest.day ? price : oldest), first);
}

/** The price that was confirmed last; undefined where none states a day. */
export function newestPrice(prices: readonly UsedPrice[]): DatedUse | undefined {
  const [first, ...others] = dated(prices);
  return first && others.reduce((newest, price) => (price.day > newest.day ? price : newest), first);
}

function dated(prices: readonly UsedPrice[]): DatedUse[] {
  return prices.filter((price): price is DatedUse => price.day !== undefined);
}

/** The oldest of the prices that are too old, and how many are; undefined where none is. */
export function tooOldPrices(prices: readonly UsedPrice[], limit: PriceAgeLimit): { readonly oldest: DatedUse; readonly text: string } | undefined {
  const oldest = oldestPrice(prices);
  if (oldest === undefined || !isTooOld(oldest.day, limit)) return undefined;
  const tooOld = dated(prices).filter(({ day }) => isTooOld(day, limit)).length;
  const share = prices.length === 1 ? '' : `; ${tooOld} of ${prices.length} prices that were used ${tooOld === 1 ? 'is' : 'are'} older than that`;
  return { oldest, text: `${tooOldText(oldest.what, oldest.day, limit)}${share}` };
}
