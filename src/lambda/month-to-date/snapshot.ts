import { Base } from './base';
import { BatchJob, batchSpend } from './batch-spend';
import { carriedOver, MeterSpends, removedOf, spendsOf } from './carry-over';
import { BudgetRequest, REMOVED, StackRequest } from './contract';
import { hourOf, monthOf, restByWeek, weekStart, withNewUse } from './forecast';
import { BudgetMonth, monthOfBudget } from './holdings';
import { keyOf, Ledger, largest, LedgerMonth, monthIn, sumOf } from './ledger';
import { Points } from './metrics';
import { Part, partsOver, restOf, warnOfSilence } from './parts';
import { Amounts, meterOf, roughly, Spend, totalOf } from './spend';
import { isPriced, Purchase, throughputSpend } from './throughput-spend';
import { hourlyUsd, tokenSpend } from './token-spend';
import { Decimal, ZERO } from '../../pricing/decimal';

/** The readings of all meters of the request, each list in the request's order. */
export interface Readings {
  readonly region: string;
  /** The counts before the hours in `tokens` and `processed`; left out if those begin with the history. */
  readonly base?: Base;
  /** Tokens by hour, for each price. */
  readonly tokens: readonly (readonly Points[])[];
  /** The purchases by meter; undefined for deleted ones. */
  readonly purchases: ReadonlyMap<string, Purchase | undefined>;
  /** Tokens and images that each throughput has processed. */
  readonly processed: readonly (readonly Points[])[];
  readonly jobs: readonly (readonly BatchJob[])[];
  /** The ledger of the last count. */
  readonly ledger: Ledger;
}

/** The cost of a month in a stack, up to a time. */
export interface StackSnapshot {
  readonly at: number;
  readonly spends: MeterSpends;
  /** The new entry of the month in the ledger, without other parts. */
  readonly month: Required<Pick<LedgerMonth, 'own' | 'shared'>>;
}

/** The cost of a month in a stack's part of a budget. */
export interface BudgetSnapshot {
  readonly at: number;
  readonly spends: readonly Spend[];
  readonly part: Amounts;
}

/** The cost of a month in a budget. */
export interface WholeSnapshot extends BudgetSnapshot {
  readonly total?: Amounts;
  /** The costs of the other parts, by their keys; in the function that adds up the whole budget. */
  readonly parts?: Pick<BudgetMonth, 'parts' | 'partsShared'>;
}

/** @param sets the sets of budgets in the ledger, those of this request among them */
export function stackAt(at: number, now: number, request: StackRequest, readings: Readings, sets: Ledger['sets']): StackSnapshot {
  const spends = countedSpends(request, readings, at, now);
  return { at, spends, month: carriedOver(request, readings.region, spends, monthIn(readings.ledger, monthOf(at).name), sets) };
}

export function budgetAt(stack: StackSnapshot, request: StackRequest, index: number, readings: Readings, sets: Ledger['sets']): BudgetSnapshot {
  const budget = request.budgets[index];
  const { at } = stack;
  const counted = spendsOf(budget, stack.spends);
  const removed = removedOf(request, budget, readings.region, counted, monthOfBudget(stack.month, sets, keyOf(budget.budget)));
  const spends = [...counted, ...(removed.cmp(ZERO) > 0 ? [removedSpend(removed)] : [])];
  return { at, spends, part: totalOf(spends, readings.base ? restOfTokens(readings.base, request, index, readings, at) : ZERO) };
}

/** Adds the counts of the other parts, in the function that adds up the whole budget. */
export function wholeAt(
  snapshot: BudgetSnapshot, stack: StackSnapshot, budget: BudgetRequest, readings: Readings, sets: Ledger['sets'], parts: readonly Part[],
): WholeSnapshot {
  if (!budget.total) return snapshot;
  const { at, part } = snapshot;
  const { name } = monthOf(at);
  warnOfSilence(parts, name, budget.budget);
  const key = keyOf(budget.budget);
  const known = monthOfBudget(monthIn(readings.ledger, name), readings.ledger.sets, key);
  const others = partsOver(parts, name, budget.budget, known);
  const monthToDate = wholeOf({ ...monthOfBudget(stack.month, sets, key), ...others });
  const forecast = monthToDate.plus(part.forecast.minus(part.monthToDate)).plus(restOf(parts, budget.budget, name));
  return { ...snapshot, parts: others, total: { monthToDate, forecast } };
}

/** The total of a month. A shared meter that several stacks have counted counts once. */
function wholeOf({ own, shared, parts, partsShared }: BudgetMonth): Decimal {
  return sumOf(own).plus(sumOf(parts)).plus(sumOf(largest(shared, partsShared)));
}

function removedSpend(monthToDate: Spend['monthToDate']): Spend {
  return { resource: REMOVED, model: REMOVED, meter: REMOVED, monthToDate, restOfMonth: ZERO };
}

/** The forecast of tokens from the recurring week of the last recount and new use since. Single meters have no forecast between two recounts. */
function restOfTokens(base: Base, { onDemand, budgets }: StackRequest, index: number, { tokens }: Readings, at: number): Decimal {
  // A month that is being closed has no forecast.
  if (at < base.at) return ZERO;
  const uses = budgets[index].onDemand.map((meter) => ({ hours: hourlyUsd(onDemand[meter], tokens[meter]), firstUse: base.firstUse[meter] }));
  const spentThisHour = uses.reduce((usd, { hours }) => usd + (hours.get(hourOf(at)) ?? 0), 0);
  const first = weekStart(base.at);
  return roughly(restByWeek(withNewUse(base.weeks[index], first, uses, at), first, spentThisHour, at));
}

function countedSpends(request: StackRequest, { base, tokens, purchases, jobs }: Readings, at: number, now: number): MeterSpends {
  return {
    onDemand: request.onDemand.map((meter, i) => tokenSpend(meter, tokens[i], at, base && { until: base.until, usd: base.closedUsd[i] })),
    provisioned: request.provisioned.map((meter) => {
      const purchase = purchases.get(meterOf.throughput(meter));
      // A deleted purchase is not counted; its cost is carried over. With business hours it will be bought again.
      const isStanding = meter.arn === undefined || meter.businessHoursPerMonth !== undefined || purchase !== undefined;
      return isPriced(meter) && isStanding ? throughputSpend(meter, purchase, at) : undefined;
    }),
    batch: request.batch.map((meter, i) => batchSpend(meter, jobs[i], at, now)),
  };
}
