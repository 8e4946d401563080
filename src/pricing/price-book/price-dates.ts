import { isDay } from './day';

/** The days of a price, as a rate, a line item or its JSON states them. */
export interface DatedPrice {
  readonly asOf?: string | null;
  readonly confirmed?: string | null;
}

/** The age of a set of prices. */
export interface PriceDates {
  /** The earliest of the days on which the prices were last confirmed; null where no price states one. */
  readonly oldest: string | null;
  /** The latest of them. */
  readonly newest: string | null;
  /** True where one of the prices states no day. */
  readonly hasUndated: boolean;
}

/** The earliest and the latest day of a set of prices, as JSON output has them. */
export interface PriceDateFields {
  readonly oldestPriceDate: string | null;
  readonly newestPriceDate: string | null;
}

/** The day on which a source last stated a price: the day of its last confirmation, or else the day on which it was read. */
export function lastConfirmed({ asOf, confirmed }: DatedPrice): string | undefined {
  const read = isDay(asOf) ? asOf : undefined;
  return isDay(confirmed) && (read === undefined || confirmed >= read) ? confirmed : read;
}

/** The oldest and the newest of the days on which prices were last confirmed. */
export function priceDatesOf(prices: Iterable<DatedPrice>): PriceDates {
  let oldest: string | null = null;
  let newest: string | null = null;
  let hasUndated = false;
  for (const price of prices) {
    const day = lastConfirmed(price);
    if (day === undefined) {
      hasUndated = true;
      continue;
    }
    if (oldest === null || day < oldest) oldest = day;
    if (newest === null || day > newest) newest = day;
  }
  return { oldest, newest, hasUndated };
}

/** The dates as fields of JSON output. */
export function priceDateFields({ oldest, newest }: PriceDates): PriceDateFields {
  return { oldestPriceDate: oldest, newestPriceDate: newest };
}
