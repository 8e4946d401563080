import type { SSM } from '@aws-sdk/client-ssm';
import { BudgetRequest, PartRequest } from './contract';
import { HOUR, monthOf } from './forecast';
import { BudgetMonth, monthOfBudget } from './holdings';
import { keyOf, Ledger, largest, monthIn, sumOf } from './ledger';
import { LedgerStore } from './ledger-store';
import { minuteOf } from './spend';
import { Decimal, decimal, sum, toText } from '../../pricing/decimal';
import { mapInPool } from '../shared/pool';

/** Another part of the budget with its current ledger; undefined if it does not exist yet or any more. */
export interface Part {
  readonly part: PartRequest;
  readonly ledger: Ledger | undefined;
}

/** The other parts of a budget. @throws if one of them could not be read, since a total without it would be too low */
export type PartsOf = (budget: BudgetRequest) => Part[];

/**
 * Reads the ledgers of the other stacks, each from the parameters that only its own function may write. Each ledger is read once, even
 * if it is a part of several budgets. A ledger that cannot be read fails only the budgets that need it.
 */
export async function readParts(ssmIn: (region: string) => SSM, budgets: readonly BudgetRequest[]): Promise<PartsOf> {
  const all = new Map(budgets.flatMap(({ total }) => total?.parts ?? []).map((part) => [idOf(part), part]));
  // A few at a time, since Parameter Store allows 40 requests a second for the whole account by default.
  const read = await mapInPool([...all], 3, async ([id, part]) => [id, await readPart(ssmIn, part)] as const);
  const ledgers = new Map(read);
  return ({ total }) => (total?.parts ?? []).map((part) => ({ part, ledger: ledgers.get(idOf(part))!() }));
}

/** A function that returns the ledger or throws its error. */
async function readPart(ssmIn: (region: string) => SSM, { region, ledger: name }: PartRequest): Promise<() => Ledger | undefined> {
  try {
    const ledger = await new LedgerStore(ssmIn(region), name).read();
    return () => (ledger?.stack === undefined ? undefined : ledger);
  } catch (e) {
    return () => { throw e; };
  }
}

function idOf({ region, ledger }: PartRequest): string {
  return `${region} ${ledger}`;
}

/**
 * The costs of the other parts of a budget in a month. A removed part keeps its last amount: otherwise the total would fall in the middle
 * of the month, and a stop would be undone. A stack that was deleted and deployed again is another part, except for the models that it
 * calls directly, which it counts in full again.
 *
 * @param known the amounts that were known before
 */
export function partsOver(
  parts: readonly Part[], month: string, budget: string, known: Pick<BudgetMonth, 'parts' | 'partsShared'>,
): Pick<BudgetMonth, 'parts' | 'partsShared'> {
  const heard = parts.flatMap(({ ledger }) => (
    ledger?.months?.[month] ? [{ stack: ledger.stack!, ...monthOfBudget(monthIn(ledger, month), ledger.sets, keyOf(budget)) }] : []));
  return {
    parts: { ...known.parts, ...Object.fromEntries(heard.map(({ stack, own }) => [stack, toText(sumOf(own))])) },
    partsShared: { ...known.partsShared, ...largest(...heard.map(({ shared }) => shared)) },
  };
}

/** The sum of the forecasts of the parts for the rest of a month, without parts that have not counted in it. */
export function restOf(parts: readonly Part[], budget: string, month: string): Decimal {
  const counted = parts.filter(({ ledger }) => ledger?.asOf !== undefined && monthOf(ledger.asOf).name === month);
  return sum(counted.map(({ ledger }) => decimal(stateOf(ledger!, budget)?.restOfMonthUsd ?? 0)));
}

/**
 * The cost of the other parts in a window, from their counts within the last hour. Older counts are of other minutes, so they are not
 * carried over.
 */
export function windowOf(parts: readonly Part[], budget: string, minutes: number, now: number): Decimal {
  const recent = parts.flatMap(({ ledger }) => (
    ledger && (ledger.asOf ?? 0) >= minuteOf(now) - HOUR ? [stateOf(ledger, budget)?.windows?.[minutes] ?? 0] : []));
  return sum(recent.map((usd) => decimal(usd)));
}

/** The state of a budget in a ledger. Older versions have one budget only. */
function stateOf({ budgets, restOfMonthUsd, windows }: Ledger, budget: string): Pick<Ledger, 'restOfMonthUsd' | 'windows'> | undefined {
  return budgets ? budgets[keyOf(budget)] : { restOfMonthUsd, windows };
}

/** Warns of parts that have counted nothing in a month: they are not deployed yet, or their functions do not run. */
export function warnOfSilence(parts: readonly Part[], month: string, budget: string): void {
  for (const { part: { stack, region }, ledger } of parts) {
    if (ledger?.months?.[month] && stateOf(ledger, budget)) continue;
    console.warn(`the stack ${stack} in ${region}, a part of ${budget}, has counted nothing in ${month}: the total includes only its earlier amounts`);
  }
}
