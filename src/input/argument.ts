import { PricingError } from './error';

/**
 * Validates an argument of a public method for untyped callers: `PriceBook.fromFile: path is required. Set ...`
 *
 * @param method the class and the method
 */
export function requireArgument(method: string, name: string, value: unknown, isAllowed: boolean, allowed: string): void {
  if (!isAllowed) throw new PricingError(name, value, allowed).in(`${method}: `);
}

export function isObject(value: unknown): value is { readonly [member: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}
