import { decimal, Decimal, ZERO } from '../decimal';
import { formatQuantity, formatUsd } from '../format';

const ONE = decimal(1);

/**
 * The smallest whole number n with n x each >= total; undefined when no number of nothing comes up to something.
 *
 * 15,461.40 / 0.00072 = 21,474,166.67, so it takes 21,474,167. A quotient is cut off after 20 digits, which can put it one
 * beside the border: the number is set right by multiplication, which is exact.
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

/** From which number of requests on, and up to which, a way of paying is no dearer than another one; and that in words. */
export interface BreakEven {
  /** Undefined where there is no such number. */
  readonly requestsPerMonth?: Decimal;
  /** The last number for which that holds; undefined where nobody knows how much the capacity carries. */
  readonly upToRequestsPerMonth?: Decimal;
  readonly text: string;
}

/** Something that costs the same every month, whatever goes through it. */
export interface FixedCost {
  readonly usd: Decimal;
  /** What is bought, such as `2 model units`. */
  readonly what: string;
  /** The requests a month that it carries at most; undefined when that is not known. */
  readonly carries?: Decimal;
}

/**
 * Where a fixed cost meets one that grows with every request: at one request less the other one is cheaper, from there
 * on it is not.
 *
 * A point beyond what was bought can carry is none: before it is reached, more would have to be bought. And what holds
 * from the point on holds only as far as that capacity reaches: a unit at $15,461.40 meets $0.0018 a request at 8,589,667
 * requests; if it carries 10,512,000, one request more takes a second unit, and two cost more than the requests.
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
