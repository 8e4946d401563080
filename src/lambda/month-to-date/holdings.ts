import { Amounts, Holdings, keyOf, Ledger, LedgerMonth } from './ledger';

/**
 * The amounts of a stack's meters, each written once, and the budgets that they belong to:
 * - `<meter>`: `<usd> <set of budgets>`, as the meter was counted last. An amount without a set, of an older version, belongs to
 *   every budget.
 * - `<meter>@<budget>`: `<usd>`, what it had cost when it left that budget.
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

/** A name for a set of budgets. */
export function setName(budgets: readonly string[]): string {
  return keyOf(...[...budgets].sort()).slice(0, 6);
}

function holdingOf([key, text]: readonly [key: string, text: string]): Holding {
  const [[meter, formerly], [usd, set]] = [key.split('@'), text.split(' ')];
  return { meter, usd, set, formerly };
}

/** The budgets of a holding; undefined for every budget: also where the set is lost, since no amount is better than one that is too low. */
function budgetsOf({ set }: Holding, sets: Sets = {}): readonly string[] | undefined {
  return set === undefined ? undefined : sets[set];
}

/** The amounts that belong to a budget, by the meter. */
export function amountsOf(holdings: Holdings = {}, sets: Sets, budget: string): Amounts {
  const all = Object.entries(holdings).map(holdingOf);
  const former = all.filter(({ formerly }) => formerly === budget);
  const present = all.filter((one) => one.formerly === undefined && (budgetsOf(one, sets)?.includes(budget) ?? true));
  // A meter that has come back is counted in full once more.
  return Object.fromEntries([...former, ...present].map(({ meter, usd }) => [meter, usd]));
}

/** The amounts of a month that belong to a budget, by the meter or the part. */
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
  // Amounts of older versions name no budget; a newer one of the same part replaces them.
  const older = all.filter(({ length }) => length === 2).map(([key, usd]) => [key, usd]);
  return Object.fromEntries([...older, ...all.filter(({ length }) => length > 2).flatMap(([key, of, usd]) => (of === budget ? [[key, usd]] : []))]);
}

/** A meter that was counted, and the budgets that cover it now. */
export interface Counted {
  readonly key: string;
  /** Left out where it has cost nothing. */
  readonly usd?: string;
  readonly budgets: readonly string[];
}

/**
 * The holdings with new counts in them. Not the largest amount is right but the last one: a price may have been corrected, and a job
 * may have cost less than was estimated while it ran. A budget that a meter has left keeps what it had cost by then.
 */
export function updated(known: Holdings = {}, sets: Sets, counted: readonly Counted[]): Holdings {
  const now = new Map(counted.map((one) => [one.key, one]));
  // The present amount of a meter is newer than the one with which it left a budget, which an earlier version of a page may bring back.
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
