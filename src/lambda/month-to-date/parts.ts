import type { SSM } from '@aws-sdk/client-ssm';
import { BudgetRequest, PartRequest } from './contract';
import { HOUR, monthOf } from './forecast';
import { BudgetMonth, monthOfBudget } from './holdings';
import { keyOf, Ledger, largest, monthIn, sumOf } from './ledger';
import { LedgerStore } from './ledger-store';
import { minuteOf } from './spend';
import { Decimal, decimal, sum, toText } from '../../pricing/decimal';
import { mapInPool } from '../shared/pool';

/** Another part of the budget, and its ledger as it is now; undefined where there is none: not yet, or not any more. */
export interface Part {
  readonly part: PartRequest;
  readonly ledger: Ledger | undefined;
}

/** The other parts of a budget. @throws when one of them could not be read: a total without it would be too low */
export type PartsOf = (budget: BudgetRequest) => Part[];

/**
 * Reads what the other stacks have counted, each from the parameters that only its own function may write, and once, however many
 * budgets it is a part of. A ledger that cannot be read fails the budgets that need it, and no others.
 */
export async function readParts(ssmIn: (region: string) => SSM, budgets: readonly BudgetRequest[]): Promise<PartsOf> {
  const all = new Map(budgets.flatMap(({ total }) => total?.parts ?? []).map((part) => [idOf(part), part]));
  // By a few at a time: by default Parameter Store answers 40 requests a second for the whole account.
  const read = await mapInPool([...all], 3, async ([id, part]) => [id, await readPart(ssmIn, part)] as const);
  const ledgers = new Map(read);
  return ({ total }) => (total?.parts ?? []).map((part) => ({ part, ledger: ledgers.get(idOf(part))!() }));
}

/** The ledger, or the error, for those that ask for it. */
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
 * Costs of the other parts of a budget in a month. A part that is gone keeps its last amount: without it the total would fall in the
 * middle of a month, and with it what was stopped would go on. A stack that was removed and deployed again is another part, but for the
 * models that it calls directly, which it counts in full once more.
 *
 * @param known what was known of them before
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

/** The forecasts of the parts for the rest of a month, as far as they have counted in it. */
export function restOf(parts: readonly Part[], budget: string, month: string): Decimal {
  const counted = parts.filter(({ ledger }) => ledger?.asOf !== undefined && monthOf(ledger.asOf).name === month);
  return sum(counted.map(({ ledger }) => decimal(stateOf(ledger!, budget)?.restOfMonthUsd ?? 0)));
}

/**
 * The last counts of the other parts, within the last hour, of one of the windows. That is a gauge of the last minutes: what a part
 * that is silent counted before is of other ones, and not carried on.
 */
export function windowOf(parts: readonly Part[], budget: string, minutes: number, now: number): Decimal {
  const recent = parts.flatMap(({ ledger }) => (
    ledger && (ledger.asOf ?? 0) >= minuteOf(now) - HOUR ? [stateOf(ledger, budget)?.windows?.[minutes] ?? 0] : []));
  return sum(recent.map((usd) => decimal(usd)));
}

/** The state of a budget in a ledger, which an older version has for one budget only. */
function stateOf({ budgets, restOfMonthUsd, windows }: Ledger, budget: string): Pick<Ledger, 'restOfMonthUsd' | 'windows'> | undefined {
  return budgets ? budgets[keyOf(budget)] : { restOfMonthUsd, windows };
}

/** A part of which nothing was heard in a month: it has not been deployed yet, or its function does not run. */
export function warnOfSilence(parts: readonly Part[], month: string, budget: string): void {
  for (const { part: { stack, region }, ledger } of parts) {
    if (ledger?.months?.[month] && stateOf(ledger, budget)) continue;
    console.warn(`the stack ${stack} in ${region}, a part of ${budget}, has counted nothing in ${month}: the total holds no more of it than was known before`);
  }
}
