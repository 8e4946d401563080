import { Access } from './access';
import { MIN_RECORDS } from '../billing-modes/batch';
import { Decimal } from '../decimal';
import { formatQuantity, formatUsdOrUnknown } from '../format';
import { PriceScope, PriceTier } from '../price-book/rate';

/** The regions to which requests may be routed. */
export function accessTradeOffs({ name, scope }: Access): string[] {
  if (scope === PriceScope.GLOBAL) return [`${name}: requests may be processed in any commercial AWS region`];
  if (scope === PriceScope.GEO) return [`${name}: requests may be processed in any region of that geography`];
  return [];
}

const TIER_ASKS: { readonly [tier in PriceTier]: readonly string[] } = {
  [PriceTier.STANDARD]: [],
  [PriceTier.BATCH]: [],
  [PriceTier.FLEX]: ['flex tier: requests wait behind all others and may be preempted'],
  [PriceTier.PRIORITY]: ['priority tier: the higher price is for being served before the others'],
  [PriceTier.ULTRAFAST]: ['ultrafast tier: six times the standard price, for the fastest output'],
  [PriceTier.LATENCY_OPTIMIZED]: ['latency-optimized: the price is for answers that come sooner'],
};

export function tierTradeOffs(tier: PriceTier): readonly string[] {
  return TIER_ASKS[tier];
}

/** The records of a batch job: those of a month and, if known, those of one job. */
export interface BatchRecords {
  readonly perMonth: number;
  readonly perJob?: number;
}

/** True if a job has fewer records than AWS requires. Without a number of jobs, a whole month is one job. */
export function isBelowOneJob({ perMonth, perJob = perMonth }: BatchRecords): boolean {
  return perJob < MIN_RECORDS;
}

/** From when on batch is sold to a usage that has fewer records. */
export const BATCH_SOLD_FROM = `from ${MIN_RECORDS} records a job on`;

/** @param usesCache whether the usage reads or writes the prompt cache now */
export function batchTradeOffs(records: BatchRecords, usesCache: boolean): string[] {
  return [
    'batch: results come within up to 24 hours, not at once',
    `batch: jobs of at least ${MIN_RECORDS} records${tooFew(records)}`,
    ...(usesCache ? ['batch: no prompt cache, so all tokens count as input'] : []),
  ];
}

function tooFew(records: BatchRecords): string {
  const { perMonth, perJob } = records;
  if (!isBelowOneJob(records)) return '';
  return perJob === undefined
    ? `; this usage has only ${formatQuantity(perMonth)} a month, below the minimum of one job`
    : `; those of this usage have only ${formatQuantity(perJob)}`;
}

export function provisionedTradeOffs(): string[] {
  return ['model units: paid by the hour, used or not'];
}

export function reservedTradeOffs(minimum: { readonly input: number; readonly output: number }): string[] {
  return [
    `reserved: sold by the AWS account team only, from ${formatQuantity(minimum.input)} input and ${formatQuantity(minimum.output)} output tokens a minute on`,
    'reserved: paid by the hour, used or not',
  ];
}

/** The term of model units, which renews itself. @param ofOneUnit true where the sum is that of one unit and more may be needed */
export function unitCommitmentTradeOff(usd: Decimal | undefined, months: number, ofOneUnit = false): string {
  return `${commitmentTradeOff(usd, months, ofOneUnit)}; it renews itself`;
}

/** The commitment, which cannot be cancelled. */
export function commitmentTradeOff(usd: Decimal | undefined, months: number, isAtLeast = false): string {
  const term = `${months} month${months === 1 ? '' : 's'}`;
  return `commitment of ${term}: ${isAtLeast && usd ? 'at least ' : ''}${formatUsdOrUnknown(usd)} that cannot be cancelled`;
}
