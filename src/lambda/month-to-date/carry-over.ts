import { BudgetRequest, StackRequest } from './contract';
import { BudgetMonth, Counted, setName, updated } from './holdings';
import { Amounts, amountsBy, keyOf, Ledger, LedgerMonth, sumOf } from './ledger';
import { meterOf, Spend } from './spend';
import { Decimal } from '../../pricing/decimal';

/** The costs of the meters of a request, in the order of its lists; undefined for deleted throughput. */
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

/** The sets of budgets that cover the same meter, by their names. */
export function setsOf(request: StackRequest): Required<Ledger>['sets'] {
  const all = LISTS.flatMap((list) => request[list].map((_, i) => coveringBudgets(request, list, i)));
  return Object.fromEntries(all.map((budgets) => [setName(budgets), budgets]));
}

/**
 * The amounts that a stack has counted in a month: the meters of the request, and removed meters with their last amounts. The key is
 * the meter alone, so a construct with a changed path is still the same meter.
 *
 * @param region the region of the function, to which a shared meter belongs
 * @param known the amounts that were counted before, with their sets of budgets
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
 * The sum of the removed meters of a budget: of replaced profiles, removed constructs and deleted throughput.
 *
 * @param month the amounts that belong to the budget
 * @param spends the counted meters
 */
export function removedOf(
  request: StackRequest, budget: BudgetRequest, region: string, spends: readonly Spend[], month: BudgetMonth,
): Decimal {
  const isShared = sharedMeters(request);
  const isCounted = new Set(spends.map(({ meter }) => meterKey(meter, isShared.has(meter), region)));
  // Another stack may count the meter now. Its amount is kept until the total, in which a meter counts once, includes that count.
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

/** The meters that a redeployed stack counts in full again: models called directly, and throughput bought elsewhere. */
function sharedMeters({ onDemand, provisioned }: StackRequest): ReadonlySet<string> {
  return new Set([
    ...onDemand.filter(({ shared }) => shared).map((meter) => meterOf.tokens(meter)),
    ...provisioned.filter(({ arn }) => arn === undefined).map((meter) => meterOf.throughput(meter)),
  ]);
}
