import { MonthToDateRequest } from './contract';
import { Amounts, amountsBy, keyOf, LedgerMonth, sumOf } from './ledger';
import { meterOf, Spend } from './spend';
import { Decimal } from '../../pricing/decimal';

/** The amounts that a stack has counted this month: the meters of the request, and those that have left it, which keep their last amounts. */
export interface Carried {
  readonly month: Required<Pick<LedgerMonth, 'own' | 'shared'>>;
  /** The sum of what has left: a profile that was replaced, a construct that was removed, throughput that is gone. */
  readonly removed: Decimal;
}

/**
 * The month with the new counts in it. By the meter alone: a construct whose path changed is still the same meter. Not the largest
 * amount is right but the last one: a price may have been corrected, and a job may have cost less than was estimated while it ran.
 *
 * @param region of the function: a shared meter is one of its region
 * @param known what was counted before
 */
export function carriedOver(request: MonthToDateRequest, region: string, counted: readonly Spend[], known: LedgerMonth): Carried {
  const isShared = sharedMeters(request);
  const keyOfMeter = (meter: string) => (isShared.has(meter) ? keyOf(region, meter) : keyOf(meter));
  const amounts = (spends: readonly Spend[]) => amountsBy(spends, ({ meter }) => keyOfMeter(meter), ({ monthToDate }) => monthToDate);
  const isCounted = new Set(counted.map(({ meter }) => keyOfMeter(meter)));
  const left = (before: Amounts = {}): Amounts => Object.fromEntries(Object.entries(before).filter(([key]) => !isCounted.has(key)));
  const [own, shared] = [left(known.own), left(known.shared)];
  // Another stack may count a meter now. It is kept here until the total, in which a meter counts once, includes that count.
  const elsewhere = new Set((request.countedElsewhere ?? []).map((meter) => keyOf(region, meter)));
  const hereAlone = Object.fromEntries(Object.entries(shared).filter(([key]) => !elsewhere.has(key)));
  return {
    month: {
      own: { ...own, ...amounts(counted.filter(({ meter }) => !isShared.has(meter))) },
      shared: { ...shared, ...amounts(counted.filter(({ meter }) => isShared.has(meter))) },
    },
    removed: sumOf(own).plus(sumOf(hereAlone)),
  };
}

/** The meters that a stack that is deployed again counts in full once more: models called directly, and throughput bought elsewhere. */
function sharedMeters({ onDemand, provisioned }: MonthToDateRequest): ReadonlySet<string> {
  return new Set([
    ...onDemand.filter(({ shared }) => shared).map((meter) => meterOf.tokens(meter)),
    ...provisioned.filter(({ arn }) => arn === undefined).map((meter) => meterOf.throughput(meter)),
  ]);
}
