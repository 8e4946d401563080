import { Rank } from './listed-sku';
import { ascending, covers, overlap, priceText, timelineOf } from './timeline';
import { RankedRate } from './understand';
import { Rate } from '../pricing/price-book/rate';
import { rateIdentity } from '../pricing/price-book/rate-identity';

/** A row with rates: an SKU of one file. */
export interface PricedRow {
  readonly sku: string;
  readonly usagetype: string;
  readonly rates: readonly RankedRate[];
}

export interface ConflictingRow extends Pick<Rate, 'usd' | 'unit' | 'effectiveDate'> {
  readonly sku: string;
  readonly usagetype: string;
}

/** Rows of the same key that state different prices for the same days. */
export interface Conflict {
  /** Dimensions of the price, as in a rate. */
  readonly of: Partial<Rate>;
  readonly rows: readonly ConflictingRow[];
}

export interface Combined {
  /** Sorted, independent of the order of the rows. */
  readonly rates: readonly Rate[];
  readonly conflicts: readonly Conflict[];
  /** Rows in a conflict. `rates` has none of their rates. */
  readonly conflicting: ReadonlySet<PricedRow>;
  /** Rows whose rates are all stated by more explicit rows. */
  readonly outranked: ReadonlySet<PricedRow>;
  /** Number of rates that are equal to another one. */
  readonly merged: number;
}

interface Entry {
  readonly row: PricedRow;
  readonly rate: Rate;
  readonly rank: Rank;
}

/** Combines the rows of several files and offers. Each rate is in the result once. */
export function combine(rows: readonly PricedRow[]): Combined {
  const groups = byKey(rows);
  const conflicts: Conflict[] = [];
  const conflicting = new Set<PricedRow>();
  for (const [key, group] of groups) {
    const explicit = mostExplicit(group);
    if (explicit.length > 1 && !isConsistent(explicit)) {
      // If regional rows contradict each other, their geographic rates do, too: this is reported as one conflict.
      if (!explicit.every(({ row, rank }) => rank === Rank.REGIONAL_AS_GEO && conflicting.has(row))) conflicts.push(conflictOf(explicit));
      for (const { row } of explicit) conflicting.add(row);
    }
    if (explicit.length < group.length) groups.set(key, explicit);
  }
  const rates: Rate[] = [];
  const emitting = new Set<PricedRow>();
  let merged = 0;
  for (const key of [...groups.keys()].sort()) {
    const group = groups.get(key)!.filter(({ row }) => !conflicting.has(row));
    for (const { row } of group) emitting.add(row);
    const emitted = group.length > 1 ? withoutDuplicates(group) : group.map(({ rate }) => rate);
    merged += group.length - emitted.length;
    for (const rate of emitted) rates.push(rate);
  }
  const outranked = new Set(rows.filter((row) => !emitting.has(row) && !conflicting.has(row)));
  return { rates, conflicts, conflicting, outranked, merged };
}

function byKey(rows: readonly PricedRow[]): Map<string, readonly Entry[]> {
  const groups = new Map<string, Entry[]>();
  for (const row of rows) {
    for (const { rate, rank } of row.rates) {
      const key = rateIdentity(rate, rate.region);
      const group = groups.get(key);
      if (group) group.push({ row, rate, rank });
      else groups.set(key, [{ row, rate, rank }]);
    }
  }
  return groups;
}

/** Returns the entries of the most explicit rank. */
function mostExplicit(group: readonly Entry[]): readonly Entry[] {
  if (group.length === 1) return group;
  const lowest = Math.min(...new Set(group.map(({ rank }) => rank)));
  return group.filter(({ rank }) => rank === lowest);
}

/** Returns the timelines of the SKUs; undefined if one of them contradicts itself. */
function timelines(group: readonly Entry[]): readonly (readonly Rate[])[] | undefined {
  const bySku = new Map<string, Rate[]>();
  for (const { row, rate } of group) bySku.set(row.sku, [...(bySku.get(row.sku) ?? []), rate]);
  const lines = [...bySku.values()].map(timelineOf);
  return lines.every((line) => line !== undefined) ? lines : undefined;
}

/** True if no two rates state different prices for the same day. */
function isConsistent(group: readonly Entry[]): boolean {
  const rates = timelines(group)?.flat();
  if (rates === undefined) return false;
  const distinct = [...new Map(rates.map((rate) => [`${rate.effectiveDate}|${rate.endDate}|${priceText(rate)}`, rate])).values()];
  const agree = (a: Rate, b: Rate) => priceText(a) === priceText(b) || !overlap(a, b);
  return distinct.every((rate, i) => distinct.slice(i + 1).every((other) => agree(rate, other)));
}

/** Removes duplicates. Of equal rates, keeps the one that holds longest, then the one that was read last, then the one of the first SKU. */
function withoutDuplicates(group: readonly Entry[]): readonly Rate[] {
  const rates = timelines(group)!.flat().sort((a, b) => ascending(a.effectiveDate ?? '', b.effectiveDate ?? '')
    || ascending(b.endDate ?? 'open', a.endDate ?? 'open') || ascending(b.asOf ?? '', a.asOf ?? '') || ascending(a.source ?? '', b.source ?? ''));
  const kept: Rate[] = [];
  for (const rate of rates) {
    if (!kept.some((other) => priceText(other) === priceText(rate) && covers(other, rate))) kept.push(rate);
  }
  return kept;
}

function conflictOf(group: readonly Entry[]): Conflict {
  const { usd: _usd, unit: _unit, source: _source, asOf: _asOf, effectiveDate: _effective, ...of } = group[0].rate;
  const rows = group.map(({ row: { sku, usagetype }, rate: { usd, unit, effectiveDate } }) => ({ sku, usagetype, usd, unit, effectiveDate }));
  return { of, rows: rows.sort((a, b) => ascending(a.sku, b.sku)) };
}
