import type { SSM } from '@aws-sdk/client-ssm';
import { PartRequest } from './contract';
import { HOUR, monthOf } from './forecast';
import { Ledger, largest, LedgerMonth, monthIn, sumOf } from './ledger';
import { LedgerStore } from './ledger-store';
import { minuteOf } from './spend';
import { Decimal, decimal, sum, toText } from '../../pricing/decimal';
import { mapInPool } from '../shared/pool';

/** Another part of the budget, and its ledger as it is now; undefined where there is none: not yet, or not any more. */
export interface Part {
  readonly part: PartRequest;
  readonly ledger: Ledger | undefined;
}

/**
 * Reads what the other parts have counted, each from the parameters that only its own function may write.
 *
 * @throws when a part cannot be read for another reason than that there is none: a total without it would be too low
 */
export async function readParts(ssmIn: (region: string) => SSM, parts: readonly PartRequest[]): Promise<Part[]> {
  // By a few at a time: by default Parameter Store answers 40 requests a second for the whole account.
  return mapInPool(parts, 3, async (part) => {
    const ledger = await new LedgerStore(ssmIn(part.region), part.ledger).read();
    return { part, ledger: ledger?.stack === undefined ? undefined : ledger };
  });
}

/**
 * Costs of the other parts in a month. A part that is gone keeps its last amount: without it the total would fall in the middle
 * of a month, and with it what was stopped would go on. A stack that was removed and deployed again is another part, but for the
 * models that it calls directly, which it counts in full once more.
 *
 * @param known what was known of them before
 */
export function partsOver(parts: readonly Part[], month: string, known: LedgerMonth): Required<Pick<LedgerMonth, 'parts' | 'partsShared'>> {
  const heard = parts.flatMap(({ ledger }) => (ledger?.months?.[month] ? [{ stack: ledger.stack!, ...monthIn(ledger, month) }] : []));
  return {
    parts: { ...known.parts, ...Object.fromEntries(heard.map(({ stack, own }) => [stack, toText(sumOf(own))])) },
    partsShared: { ...known.partsShared, ...largest(...heard.map(({ shared }) => shared)) },
  };
}

/** The forecasts of the parts for the rest of a month, as far as they have counted in it. */
export function restOf(parts: readonly Part[], month: string): Decimal {
  const counted = parts.filter(({ ledger }) => ledger?.asOf !== undefined && monthOf(ledger.asOf).name === month);
  return sum(counted.map(({ ledger }) => decimal(ledger!.restOfMonthUsd ?? 0)));
}

/**
 * The last counts of the other parts, within the last hour, of one of the windows. That is a gauge of the last minutes: what a part
 * that is silent counted before is of other ones, and not carried on.
 */
export function windowOf(parts: readonly Part[], minutes: number, now: number): Decimal {
  const recent = parts.flatMap(({ ledger }) => (ledger && (ledger.asOf ?? 0) >= minuteOf(now) - HOUR ? [ledger.windows?.[minutes] ?? 0] : []));
  return sum(recent.map((usd) => decimal(usd)));
}

/** A part of which nothing was heard in a month: it has not been deployed yet, or its function does not run. */
export function warnOfSilence(parts: readonly Part[], month: string, budget: string): void {
  for (const { part: { stack, region }, ledger } of parts) {
    if (ledger?.months?.[month]) continue;
    console.warn(`the stack ${stack} in ${region}, a part of ${budget}, has counted nothing in ${month}: the total holds no more of it than was known before`);
  }
}
