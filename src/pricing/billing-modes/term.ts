import { monthsAfter } from '../price-book/day';

/** A term that ends too late for its model. */
export interface Outlived {
  /** The day on which the term ends. */
  readonly termEnd: string;
  readonly endOfLife: string;
}

/**
 * The end of a term that outlives its model; undefined for one that does not, or whose model has no known end of life. A
 * model is gone from its end of life on, so a term may not reach into that day.
 */
export function outlived(from: string, months: number, endOfLife: string | undefined): Outlived | undefined {
  const termEnd = monthsAfter(from, months);
  return endOfLife !== undefined && endOfLife <= termEnd ? { termEnd, endOfLife } : undefined;
}

/** `<purchase> ends on 2027-05-30, and AWS no longer serves the model from 2027-03-30 on`. */
export function outlivedText(purchase: string, { termEnd, endOfLife }: Outlived): string {
  return `${purchase} ends on ${termEnd}, and AWS no longer serves the model from ${endOfLife} on`;
}
