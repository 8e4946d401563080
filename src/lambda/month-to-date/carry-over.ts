import { BudgetRequest, StackRequest } from './contract';
import { BudgetMonth, Counted, setName, updated } from './holdings';
import { Amounts, amountsBy, keyOf, Ledger, LedgerMonth, sumOf } from './ledger';
import { meterOf, Spend } from './spend';
import { Decimal } from '../../pricing/decimal';

/** The costs of the meters of a request, in the order of its lists; left out of what is gone. */
export interface MeterSpends {
  readonly onDemand: readonly (Spend | undefined)[];
  readonly provisioned: readonly (Spend | undefined)[];
  readonly batch: readonly (Spend | undefined)[];
}

const LISTS = ['onDemand', 'provisioned', 'batch'] as const;

/** The costs of the meters that a budget covers. */
export function spendsOf(budget: BudgetRequest, spends: MeterSpends): Spend[] {
  return LISTS.flatMap((list) => budget[list].map((meter) => spends[list][meter])).filter((spend) => spend !== undefined);
}

/** A name for the sets of budgets that cover the same meter. */
export function setsOf(request: StackRequest): Required<Ledger>['sets'] {
  const all = LISTS.flatMap((list) => request[list].map((_, i) => coveringBudgets(request, list, i)));
  return Object.fromEntries(all.map((budgets) => [setName(budgets), budgets]));
}

/**
 * The amounts that a stack has counted in a month: the meters of the request, and those that have left it, which keep their last
 * amounts. By the meter alone: a construct whose path changed is still the same meter.
 *
 * @param region of the function: a shared meter is one of its region
 * @param known what was counted before, and the sets of budgets that it names
 */
export function carriedOver(
  request: StackRequest, region: string, spends: MeterSpends, known: LedgerMonth, sets: Ledger['sets'],
): Required<Pick<LedgerMonth, 'own' | 'shared'>> {
  const isShared = sharedMeters(request);
  const all = LISTS.flatMap((list) => spends[list].flatMap((spend, i) => (spend ? [{ spend, budgets: coveringBudgets(request, list, i) }] : [])));
  const counted = (shared: boolean): Counted[] => {
    const of = all.filter(({ spend }) => isShared.has(spend.meter) === shared);
    const key = ({ spend }: { readonly spend: Spend }) => meterKey(spend.meter, shared, region);
    const amounts = amountsBy(of, key, ({ spend }) => spend.monthToDate);
    return of.map((one) => ({ key: key(one), usd: amounts[key(one)], budgets: one.budgets }));
  };
  return { own: updated(known.own, sets, counted(false)), shared: updated(known.shared, sets, counted(true)) };
}

/**
 * The sum of what has left a budget: a profile that was replaced, a construct that was removed, throughput that is gone.
 *
 * @param month the amounts that belong to the budget
 * @param spends the meters that are counted
 */
export function removedOf(
  request: StackRequest, budget: BudgetRequest, region: string, spends: readonly Spend[], month: BudgetMonth,
): Decimal {
  const isShared = sharedMeters(request);
  const isCounted = new Set(spends.map(({ meter }) => meterKey(meter, isShared.has(meter), region)));
  // Another stack may count a meter now. It is kept here until the total, in which a meter counts once, includes that count.
  const elsewhere = new Set((budget.countedElsewhere ?? []).map((meter) => keyOf(region, meter)));
  const left = (amounts: Amounts, isLeft: (key: string) => boolean) => (
    sumOf(Object.fromEntries(Object.entries(amounts).filter(([key]) => !isCounted.has(key) && isLeft(key)))));
  return left(month.own, () => true).plus(left(month.shared, (key) => !elsewhere.has(key)));
}

function meterKey(meter: string, isShared: boolean, region: string): string {
  return isShared ? keyOf(region, meter) : keyOf(meter);
}

function coveringBudgets({ budgets }: StackRequest, list: (typeof LISTS)[number], meter: number): string[] {
  return budgets.filter((budget) => budget[list].includes(meter)).map(({ budget }) => keyOf(budget));
}

/** The meters that a stack that is deployed again counts in full once more: models called directly, and throughput bought elsewhere. */
function sharedMeters({ onDemand, provisioned }: StackRequest): ReadonlySet<string> {
  return new Set([
    ...onDemand.filter(({ shared }) => shared).map((meter) => meterOf.tokens(meter)),
    ...provisioned.filter(({ arn }) => arn === undefined).map((meter) => meterOf.throughput(meter)),
  ]);
}
