import { decimal, Decimal, ZERO } from '../decimal';
import { formatQuantity, formatUsd } from '../format';

const ONE = decimal(1);

/**
 * The smallest whole number n with n x each >= total; undefined if `each` is not positive.
 *
 * 15,461.40 / 0.00072 = 21,474,166.67: n is 21,474,167. A quotient has 20 digits, so that n may be wrong by one. An exact multiplication
 * corrects it.
 */
export function smallestCount(total: Decimal, each: Decimal): Decimal | undefined {
  if (total.cmp(ZERO) <= 0) return ZERO;
  if (each.cmp(ZERO) <= 0) return undefined;
  let count = decimal(total.div(each).toFixed(0));
  while (count.times(each).cmp(total) < 0) count = count.plus(ONE);
  while (count.minus(ONE).times(each).cmp(total) >= 0) count = count.minus(ONE);
  return count;
}

/** The largest whole number n with n x each <= total; undefined when any number of nothing fits. */
export function largestCount(total: Decimal, each: Decimal): Decimal | undefined {
  const enough = smallestCount(total, each);
  if (enough === undefined || each.cmp(ZERO) <= 0) return undefined;
  return enough.times(each).cmp(total) > 0 ? enough.minus(ONE) : enough;
}

/** The numbers of requests from which, and up to which, a billing mode costs no more than another one, with a description. */
export interface BreakEven {
  /** Undefined where there is no such number. */
  readonly requestsPerMonth?: Decimal;
  /** The last number for which that holds; undefined if the throughput of the capacity is unknown. */
  readonly upToRequestsPerMonth?: Decimal;
  readonly text: string;
}

/** Capacity with a fixed monthly cost, which does not depend on its use. */
export interface FixedCost {
  readonly usd: Decimal;
  /** The description of the capacity, such as `2 model units`. */
  readonly what: string;
  /** The requests a month that it carries at most; undefined when that is not known. */
  readonly carries?: Decimal;
}

/**
 * The number of requests from which a fixed cost is not higher than one that grows with each request.
 *
 * There is no such point beyond the throughput of the capacity, since more capacity would be needed before. The result also holds only up to
 * that throughput: a unit at $15,461.40 breaks even with $0.0018 a request at 8,589,667 requests; if it can serve 10,512,000, one request
 * more needs a second unit, and two units cost more than the requests.
 */
export function breakEvenOfFixed({ usd, what, carries }: FixedCost, perRequest: Decimal): BreakEven {
  const requestsPerMonth = smallestCount(usd, perRequest);
  if (requestsPerMonth === undefined) return { text: 'never: a request costs nothing as it is bought now' };
  if (carries === undefined) return { requestsPerMonth, text: `from ${requests(requestsPerMonth)} a month on, if ${what} can carry them` };
  if (requestsPerMonth.cmp(carries) <= 0) return { requestsPerMonth, upToRequestsPerMonth: carries, text: rangeText(requestsPerMonth, carries) };
  const most = formatUsd(carries.times(perRequest));
  return { text: `never: ${what} can carry at most ${requests(carries)} a month, which cost ${most} as bought now, less than that capacity` };
}

/** Two costs that grow with every request never meet: the one that costs less for one costs less for any number. */
export function breakEvenOfLinear(perRequest: Decimal, now: Decimal): BreakEven {
  const order = perRequest.cmp(now);
  return { text: order === 0 ? 'costs the same at any volume' : `${order < 0 ? 'cheaper' : 'dearer'} at any volume` };
}

function rangeText(from: Decimal, upTo: Decimal): string {
  return from.cmp(upTo) === 0 ? `at ${requests(from)} a month only` : `from ${formatQuantity(from.toFixed(0))} up to ${requests(upTo)} a month`;
}

function requests(count: Decimal): string {
  return `${formatQuantity(count.toFixed(0))} request${count.cmp(ONE) === 0 ? '' : 's'}`;
}
