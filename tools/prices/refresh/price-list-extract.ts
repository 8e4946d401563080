import { parse } from 'csv-parse/sync';
import { GOVCLOUD, PriceSource, StatedRate, Statement } from './stated-rate';
import { decimal } from '../../../src/pricing/decimal';
import { ContextLength, PriceScope, PriceTier, RateKind, RateUnit } from '../../../src/pricing/price-book/rate';

/**
 * Rows of AWS's own price list, as a CSV file with the columns model, scope, region, kind, tier, context (may be left out), usd_per_1M and
 * date: the strongest source.
 */
export function readPriceListExtract(csv: string, source: PriceSource): Statement {
  const rows = parse(csv, { columns: true, skip_empty_lines: true }) as { readonly [column: string]: string }[];
  const rates = rows.filter(({ region }) => !/^(us-gov|cn)-/.test(region)).map((row): StatedRate => ({
    source,
    rawId: row.model,
    model: row.model,
    scope: oneOf(PriceScope, row.scope),
    region: row.region,
    kind: oneOf(RateKind, row.kind === 'cache-write' ? RateKind.CACHE_WRITE_5M : row.kind),
    ...(row.tier === PriceTier.STANDARD ? {} : { tier: oneOf(PriceTier, row.tier) }),
    ...(row.context === ContextLength.LONG ? { context: ContextLength.LONG } : {}),
    usd: dollars(row),
    unit: RateUnit.MILLION_TOKENS,
  }));
  refuseContradictions(rates);
  const leftOut = rows.filter(({ region }) => /^(us-gov|cn)-/.test(region))
    .map(({ model, kind }) => ({ source, rawId: model, what: kind, why: GOVCLOUD }));
  return { source, rates, borders: [], flat: [], leftOut, names: {} };
}

function refuseContradictions(rates: readonly StatedRate[]): void {
  const prices = new Map<string, string>();
  for (const { model, scope, region, kind, tier, context, usd } of rates) {
    const key = [model, scope, region, kind, tier, context].filter((part) => part !== undefined).join(' ');
    const known = prices.get(key);
    if (known !== undefined && known !== usd) throw new Error(`two prices of ${key}: ${known} and ${usd}`);
    prices.set(key, usd);
  }
}

function oneOf<T extends string>(values: { readonly [name: string]: T }, value: string): T {
  const found = Object.values(values).find((allowed) => allowed === value);
  if (found === undefined) throw new Error(`${JSON.stringify(value ?? null)} is none of ${Object.values(values).join(', ')}`);
  return found;
}

function dollars(row: { readonly [column: string]: string }): string {
  if (!/^\d+(\.\d+)?$/.test(row.usd_per_1M ?? '')) throw new Error(`usd_per_1M must be dollars such as 0.74, got ${JSON.stringify(row.usd_per_1M)}`);
  return decimal(row.usd_per_1M).toFixed();
}
