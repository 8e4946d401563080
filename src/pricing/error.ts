/**
 * Input that cannot be priced: which field, what was found, what is allowed.
 *
 * The message is written for the one who gave the input; the caller adds where it stood (a file, a construct's path).
 */
export class PricingError extends Error {
  constructor(readonly field: string, readonly found: unknown, readonly allowed: string) {
    super(`${field}: ${describe(found)} is not allowed; expected ${allowed}`);
    this.name = 'PricingError';
  }
}

/** A value as a reader recognises it: JSON, and the numbers that JSON has no word for. */
export function describe(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
  return JSON.stringify(value);
}
