import { BatchJob, batchSpend } from './batch-spend';
import { carriedOver } from './carry-over';
import { MonthToDateRequest, REMOVED } from './contract';
import { monthOf } from './forecast';
import { Ledger, largest, LedgerMonth, monthIn, sumOf } from './ledger';
import { Points } from './metrics';
import { Part, partsOver, restOf, warnOfSilence } from './parts';
import { Amounts, meterOf, Spend, totalOf } from './spend';
import { isPriced, Purchase, throughputSpend } from './throughput-spend';
import { tokenSpend } from './token-spend';
import { ZERO } from '../../pricing/decimal';

/** The readings of all meters of the request, each list in the request's order. */
export interface Readings {
  readonly region: string;
  readonly tokens: readonly (readonly Points[])[];
  /** By the meter; undefined for what is gone. */
  readonly purchases: ReadonlyMap<string, Purchase | undefined>;
  /** Tokens and images that each throughput has processed. */
  readonly processed: readonly (readonly Points[])[];
  readonly jobs: readonly (readonly BatchJob[])[];
  /** The ledger of the last count. */
  readonly ledger: Ledger;
  /** The other parts, in the function that adds up the whole budget. */
  readonly parts: readonly Part[];
}

/** The cost of a month at a time. */
export interface Snapshot {
  readonly at: number;
  readonly spends: readonly Spend[];
  readonly part: Amounts;
  readonly total?: Amounts;
  /** The new entry of the month in the ledger. */
  readonly month: LedgerMonth;
}

export function snapshotAt(at: number, now: number, request: MonthToDateRequest, readings: Readings): Snapshot {
  const { region, ledger, parts } = readings;
  const { name } = monthOf(at);
  const known = monthIn(ledger, name);
  const counted = countedSpends(request, readings, at, now);
  const { month, removed } = carriedOver(request, region, counted, known);
  const spends = [...counted, ...(removed.cmp(ZERO) > 0 ? [removedSpend(removed)] : [])];
  const part = totalOf(spends);
  if (!request.total) return { at, spends, part, month };
  warnOfSilence(parts, name, request.budget);
  const whole = { ...month, ...partsOver(parts, name, known) };
  const monthToDate = wholeOf(whole);
  const forecast = monthToDate.plus(part.forecast.minus(part.monthToDate)).plus(restOf(parts, name));
  return { at, spends, part, month: whole, total: { monthToDate, forecast } };
}

/** A shared meter that several stacks have counted is one meter all the same. */
function wholeOf({ own, shared, parts, partsShared }: LedgerMonth) {
  return sumOf(own).plus(sumOf(parts)).plus(sumOf(largest(shared, partsShared)));
}

function removedSpend(monthToDate: Spend['monthToDate']): Spend {
  return { resource: REMOVED, model: REMOVED, meter: REMOVED, monthToDate, restOfMonth: ZERO };
}

function countedSpends(request: MonthToDateRequest, { tokens, purchases, jobs }: Readings, at: number, now: number): Spend[] {
  // What is gone is not counted but carried on; what has business hours comes back.
  const standing = request.provisioned.filter(isPriced)
    .filter((meter) => meter.arn === undefined || meter.businessHoursPerMonth !== undefined || purchases.get(meterOf.throughput(meter)));
  return [
    ...request.onDemand.map((meter, i) => tokenSpend(meter, tokens[i], at)),
    ...standing.map((meter) => throughputSpend(meter, purchases.get(meterOf.throughput(meter)), at)),
    ...request.batch.map((meter, i) => batchSpend(meter, jobs[i], at, now)),
  ];
}
