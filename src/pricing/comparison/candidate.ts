import { BreakEven, breakEvenOfFixed, breakEvenOfLinear, FixedCost } from './break-even';
import { PurchaseOption } from './comparison';
import { Decimal, ZERO } from '../decimal';
import { CostEstimate } from '../estimate';
import { sharePercent } from '../format';

/** The fields that follow from the comparison with the current billing mode. */
type ComparedField = 'isCurrent' | 'savingUsd' | 'savingPercent' | 'breakEven' | 'breakEvenRequestsPerMonth' | 'breakEvenUpToRequestsPerMonth';

/** A way to buy the usage, before it is compared with the way in which it is bought now. */
export interface Candidate extends Omit<PurchaseOption, ComparedField> {
  /** The cost of one request, of a billing mode whose cost grows with each request; undefined if a price is missing. */
  readonly perRequest?: Decimal;
  /** The fixed cost, of a billing mode with capacity. */
  readonly fixed?: FixedCost;
  /** The precondition, of a billing mode that is not available for the given usage. */
  readonly soldFrom?: string;
}

/** US dollars a month less than as it is, exactly. */
export interface Saving {
  readonly usd: Decimal;
  /** Rounded to a tenth; undefined where it costs nothing as it is. */
  readonly percent?: string;
}

/** Undefined where one of the two costs is not known. */
export function savingOf(current: CostEstimate, other: CostEstimate): Saving | undefined {
  const now = current._monthly;
  const then = other._monthly;
  if (now === undefined || then === undefined) return undefined;
  const usd = now.minus(then);
  return { usd, ...(now.cmp(ZERO) === 0 ? {} : { percent: sharePercent(usd, now) }) };
}

/** `savingUsd` and `savingPercent` as numbers for reading. */
export function savingFields(current: CostEstimate, other: CostEstimate): Pick<PurchaseOption, 'savingUsd' | 'savingPercent'> {
  const saving = savingOf(current, other);
  if (saving === undefined) return {};
  return { savingUsd: saving.usd.toNumber(), ...(saving.percent === undefined ? {} : { savingPercent: Number(saving.percent) }) };
}

/** The candidate beside the way in which the usage is bought now. */
export function toOption(candidate: Candidate, current: Candidate): PurchaseOption {
  const { perRequest: _perRequest, fixed: _fixed, soldFrom: _soldFrom, ...option } = candidate;
  if (candidate === current) return { ...option, isCurrent: true, ...savingFields(current.estimate, current.estimate) };
  const even = breakEvenOf(candidate, current);
  return {
    ...option,
    isCurrent: false,
    ...savingFields(current.estimate, candidate.estimate),
    ...(even === undefined ? {} : { breakEven: even.text }),
    ...(even?.requestsPerMonth === undefined ? {} : { breakEvenRequestsPerMonth: even.requestsPerMonth.toNumber() }),
    ...(even?.upToRequestsPerMonth === undefined ? {} : { breakEvenUpToRequestsPerMonth: even.upToRequestsPerMonth.toNumber() }),
  };
}

function breakEvenOf({ perRequest, fixed, soldFrom }: Candidate, current: Candidate): BreakEven | undefined {
  if (current.perRequest === undefined) return undefined;
  if (fixed) return breakEvenOfFixed(fixed, current.perRequest);
  // Cheaper, but only from a minimum volume: AWS does not sell it below.
  if (soldFrom !== undefined && perRequest !== undefined && perRequest.cmp(current.perRequest) < 0) return { text: soldFrom };
  return perRequest && breakEvenOfLinear(perRequest, current.perRequest);
}

/** Cheapest first, unknown costs last. Options of equal cost keep their order. */
export function cheapestFirst<T extends { readonly estimate: CostEstimate }>(all: readonly T[]): T[] {
  return [...all].sort((a, b) => {
    const [left, right] = [a.estimate._monthly, b.estimate._monthly];
    if (left === undefined || right === undefined) return Number(left === undefined) - Number(right === undefined);
    return left.cmp(right);
  });
}
