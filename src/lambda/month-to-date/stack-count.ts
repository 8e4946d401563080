import type { MetricDatum } from '@aws-sdk/client-cloudwatch';
import { setsOf } from './carry-over';
import { Clock, CloudWatchCounts } from './cloudwatch-counts';
import { BudgetRequest, StackRequest } from './contract';
import { monthOf } from './forecast';
import { partKey } from './holdings';
import { Amounts, keyOf, Ledger, LedgerMonth, monthIn } from './ledger';
import { Part, PartsOf } from './parts';
import { extraData, partData, totalData, windowData } from './publication';
import { budgetAt, BudgetSnapshot, Readings, StackSnapshot, stackAt, wholeAt, WholeSnapshot } from './snapshot';
import { MonthToDateSummary, summaryOf } from './summary';
import { partWindows, usdWithin, wholeWindows, WindowSpend } from './window-spend';
import { Decimal, toText } from '../../pricing/decimal';

export type StackReadings = Readings & CloudWatchCounts;

/** The data that a run writes, publishes and logs. */
export interface StackCount {
  readonly ledger: Ledger;
  /** The metrics for the region of the stack. */
  readonly own: readonly MetricDatum[];
  /** The metrics for the region of the stack and for other regions. */
  readonly shared: readonly { readonly publishTo: readonly string[]; readonly data: readonly MetricDatum[] }[];
  readonly summaries: MonthToDateSummary[];
  /** The errors of budgets that could not be counted, and have no metrics. */
  readonly errors: readonly Error[];
}

/** The snapshots of one budget, of the month that is being closed and of the current month, and its windows. */
interface BudgetCount<S extends BudgetSnapshot = BudgetSnapshot> {
  readonly budget: BudgetRequest;
  readonly closed?: S;
  readonly current: S;
  readonly windows: readonly WindowSpend[];
}

/** A budget with its published metrics. */
interface WholeCount extends BudgetCount<WholeSnapshot> {
  readonly own: readonly MetricDatum[];
  readonly shared: readonly MetricDatum[];
}

/** @param stackKey the key of the stack's id */
export function countStack(request: StackRequest, readings: StackReadings, partsOf: PartsOf, clock: Clock, stackKey: string): StackCount {
  const { now, closing } = clock;
  const sets = { ...readings.ledger.sets, ...setsOf(request) };
  const stackOf = (at: number) => stackAt(at, now, request, readings, sets);
  const [closed, current] = [closing === undefined ? undefined : stackOf(closing), stackOf(now)];
  const usd = windowCosts(request, readings, now);
  const counts = request.budgets.map((budget, i): BudgetCount => ({
    budget,
    closed: closed && budgetAt(closed, request, i, readings, sets),
    current: budgetAt(current, request, i, readings, sets),
    windows: partWindows(budget, usd),
  }));
  const wholes = counts.map((count) => attempt(count.budget.budget, (): WholeCount => {
    const whole = wholeOf(count, closed, current, readings, sets, partsOf, now);
    return { ...whole, own: ownData(request, readings, whole, now), shared: sharedData(whole) };
  }));
  const counted = wholes.flatMap((whole) => (whole instanceof Error ? [] : [whole]));
  return {
    ledger: ledgerOf(now, stackKey, readings, sets, [...(closed ? [closed] : []), current], counts, counted),
    own: counted.flatMap(({ own }) => own),
    shared: counted.map(({ budget, shared }) => ({ publishTo: budget.total?.publishTo ?? [], data: shared })),
    summaries: counted.map(({ budget, current: snapshot }) => summaryOf(request.stack, budget.budget, snapshot, budget.resourceMetrics === true)),
    errors: wholes.filter((whole) => whole instanceof Error),
  };
}

/** The cost of a meter in a window, computed once for all budgets. */
function windowCosts({ onDemand }: StackRequest, { tokenPeriods }: StackReadings, now: number): (minutes: number, meter: number) => Decimal {
  const known = new Map<string, Decimal>();
  return (minutes, meter) => {
    const key = `${minutes} ${meter}`;
    const usd = known.get(key) ?? usdWithin(minutes, now, onDemand[meter], tokenPeriods[meter]);
    known.set(key, usd);
    return usd;
  };
}

/** @throws if another part of the budget could not be read */
function wholeOf(
  { budget, closed, current, windows }: BudgetCount, closedStack: StackSnapshot | undefined, currentStack: StackSnapshot,
  readings: StackReadings, sets: Ledger['sets'], partsOf: PartsOf, now: number,
): BudgetCount<WholeSnapshot> {
  const parts: Part[] = partsOf(budget);
  return {
    budget,
    closed: closed && wholeAt(closed, closedStack!, budget, readings, sets, parts),
    current: wholeAt(current, currentStack, budget, readings, sets, parts),
    windows: budget.total ? wholeWindows(windows, parts, budget.budget, now) : windows,
  };
}

function ownData(
  request: StackRequest, readings: Readings, { budget, closed, current, windows }: BudgetCount<WholeSnapshot>, now: number,
): MetricDatum[] {
  const { stack } = request;
  return [
    ...(closed ? partData(stack, budget, closed, true) : []),
    ...partData(stack, budget, current, false),
    ...windowData(stack, budget, windows, now),
    ...extraData(request, budget, readings, now),
  ];
}

function sharedData({ budget, closed, current }: BudgetCount<WholeSnapshot>): MetricDatum[] {
  return [...(closed ? totalData(budget, closed, true) : []), ...totalData(budget, current, false)];
}

/** The new ledger. A budget that could not be counted completely keeps the earlier amounts of its other parts, and has no total. */
function ledgerOf(
  asOf: number, stack: string, { ledger, baseState }: StackReadings, sets: Required<Ledger>['sets'], snapshots: readonly StackSnapshot[],
  counts: readonly BudgetCount[], counted: readonly BudgetCount<WholeSnapshot>[],
): Ledger {
  const wholesOf = (at: number) => counted.flatMap(({ budget, closed, current }) => (
    [closed, current].flatMap((whole) => (whole?.at === at && whole.total ? [{ key: keyOf(budget.budget), ...whole, total: whole.total }] : []))));
  const months = Object.fromEntries(snapshots.map(({ at, month }) => (
    [monthOf(at).name, { ...month, ...partsIn(wholesOf(at), monthIn(ledger, monthOf(at).name)) }])));
  const totals = Object.fromEntries(snapshots.map(({ at }) => (
    [monthOf(at).name, Object.fromEntries(wholesOf(at).map(({ key, total }) => [key, toText(total.monthToDate)]))])));
  return {
    asOf,
    stack,
    base: baseState,
    budgets: Object.fromEntries(counts.map(({ budget, current: { part }, windows }) => [keyOf(budget.budget), {
      restOfMonthUsd: toText(part.forecast.minus(part.monthToDate)),
      ...(windows.length > 0 ? { windows: Object.fromEntries(windows.map((window) => [window.minutes, toText(window.part)])) } : {}),
    }])),
    ...(counted.some(({ budget }) => budget.total) ? { totals } : {}),
    sets: usedSets(sets, Object.values(months)),
    months,
  };
}

function partsIn(
  wholes: readonly (Pick<WholeSnapshot, 'parts'> & { readonly key: string })[], known: LedgerMonth,
): Pick<LedgerMonth, 'parts' | 'partsShared'> {
  const of = (kind: 'parts' | 'partsShared'): Amounts => ({
    ...known[kind],
    ...Object.fromEntries(wholes.flatMap(({ key, parts }) => Object.entries(parts?.[kind] ?? {}).map(([name, usd]) => [partKey(name, key), usd]))),
  });
  return { parts: of('parts'), partsShared: of('partsShared') };
}

/** The sets that amounts use. */
function usedSets(sets: Required<Ledger>['sets'], months: readonly LedgerMonth[]): Ledger['sets'] {
  const holdings = months.flatMap(({ own = {}, shared = {} }) => [...Object.values(own), ...Object.values(shared)]);
  const named = new Set(holdings.map((text) => text.split(' ')[1]));
  return Object.fromEntries(Object.entries(sets).filter(([name]) => named.has(name)));
}

function attempt<T>(budget: string, count: () => T): T | Error {
  try {
    return count();
  } catch (e) {
    return new Error(`${budget} was not counted: ${(e as Error).message}`, { cause: e });
  }
}
