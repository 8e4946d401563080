import { Amounts, Holdings, keyOf, Ledger, LedgerMonth } from './ledger';

/**
 * The amount of one of a stack's meters, and the budgets that it belongs to. Each amount is written once:
 * - `<meter>`: `<usd> <set of budgets>`, the last count of the meter. An amount without a set, of an older version, belongs to every
 *   budget.
 * - `<meter>@<budget>`: `<usd>`, the cost of the meter when it left that budget.
 */
interface Holding {
  readonly meter: string;
  readonly usd: string;
  /** The name of the set. */
  readonly set?: string;
  /** The budget that it has left. */
  readonly formerly?: string;
}

type Sets = Ledger['sets'];

/** The name of a set of budgets. */
export function setName(budgets: readonly string[]): string {
  return keyOf(...[...budgets].sort()).slice(0, 6);
}

function holdingOf([key, text]: readonly [key: string, text: string]): Holding {
  const [[meter, formerly], [usd, set]] = [key.split('@'), text.split(' ')];
  return { meter, usd, set, formerly };
}

/** The budgets of a holding; undefined for every budget. A holding whose set is lost belongs to every budget too: a total must not be too low. */
function budgetsOf({ set }: Holding, sets: Sets = {}): readonly string[] | undefined {
  return set === undefined ? undefined : sets[set];
}

/** The amounts that belong to a budget, by meter. */
export function amountsOf(holdings: Holdings = {}, sets: Sets, budget: string): Amounts {
  const all = Object.entries(holdings).map(holdingOf);
  const former = all.filter(({ formerly }) => formerly === budget);
  const present = all.filter((one) => one.formerly === undefined && (budgetsOf(one, sets)?.includes(budget) ?? true));
  // A meter that was added again is counted in full.
  return Object.fromEntries([...former, ...present].map(({ meter, usd }) => [meter, usd]));
}

/** The amounts of a month that belong to a budget, by meter or part. */
export type BudgetMonth = { readonly [kind in keyof Required<LedgerMonth>]: Amounts };

export function monthOfBudget({ own, shared, parts, partsShared }: LedgerMonth, sets: Sets, budget: string): BudgetMonth {
  return {
    own: amountsOf(own, sets, budget),
    shared: amountsOf(shared, sets, budget),
    parts: partsOf(parts, budget),
    partsShared: partsOf(partsShared, budget),
  };
}

/** The key of an amount of another part in a budget. */
export function partKey(key: string, budget: string): string {
  return `${key}@${budget}`;
}

function partsOf(amounts: Amounts = {}, budget: string): Amounts {
  const all = Object.entries(amounts).map(([key, usd]) => [...key.split('@'), usd]);
  // Amounts of older versions have no budget. A newer amount of the same part replaces them.
  const older = all.filter(({ length }) => length === 2).map(([key, usd]) => [key, usd]);
  return Object.fromEntries([...older, ...all.filter(({ length }) => length > 2).flatMap(([key, of, usd]) => (of === budget ? [[key, usd]] : []))]);
}

/** A meter that was counted, and the budgets that cover it now. */
export interface Counted {
  readonly key: string;
  /** Left out if it has cost nothing. */
  readonly usd?: string;
  readonly budgets: readonly string[];
}

/**
 * The holdings updated with new counts. The last amount is used, not the largest: a price may have been corrected, and a job may have
 * cost less than estimated while it was running. A budget keeps the amount of a meter at the time at which the meter left it.
 */
export function updated(known: Holdings = {}, sets: Sets, counted: readonly Counted[]): Holdings {
  const now = new Map(counted.map((one) => [one.key, one]));
  // The current amount of a meter is newer than the amount with which it left a budget, which an earlier version of a page may restore.
  const formerFirst = Object.entries(known).sort(([a], [b]) => Number(b.includes('@')) - Number(a.includes('@')));
  const before = formerFirst.flatMap(([key, text]): [string, string][] => {
    const holding = holdingOf([key, text]);
    const { meter, usd, formerly } = holding;
    const present = now.get(meter);
    if (!present) return [[key, text]];
    const left = formerly === undefined ? budgetsOf(holding, sets) ?? [] : [formerly];
    return left.filter((budget) => !present.budgets.includes(budget)).map((budget) => [partKey(meter, budget), usd]);
  });
  const present = counted.flatMap(({ key, usd, budgets }): [string, string][] => (usd === undefined ? [] : [[key, `${usd} ${setName(budgets)}`]]));
  return Object.fromEntries([...before, ...present]);
}
