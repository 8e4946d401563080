import { isObject } from '../../../input/argument';
import { describe, mustBe } from '../../../input/error';

const SHOWN_CHARACTERS = 80;

/** Whether a value is a text with more than white space. */
export function isFilledText(value: unknown): value is string {
  return typeof value === 'string' && value.trim() !== '';
}

/** Whether a value is a number of tokens that a request may state. */
export function isCount(value: unknown, least = 1): value is number {
  return Number.isSafeInteger(value) && (value as number) >= least;
}

/** An object with the field if it has a value, to be spread into another object. */
export function given(field: string, value: unknown): { readonly [field: string]: unknown } {
  return value === undefined ? {} : { [field]: value };
}

/** A value as JSON for a message, shortened if it is long. */
export function shown(value: unknown): string {
  return shortened(described(value));
}

/** The beginning of a text, cut between characters, not within a surrogate pair. */
export function shortened(text: string): string {
  if (text.length <= SHOWN_CHARACTERS) return text;
  return `${[...text.slice(0, SHOWN_CHARACTERS + 1)].slice(0, SHOWN_CHARACTERS).join('')}...`;
}

/** The sentence for a value that is not allowed. */
export function notAllowed(field: string, found: unknown, allowed: string): string {
  return mustBe(field, found, allowed, shown(found));
}

function described(value: unknown): string {
  try {
    return describe(value);
  } catch {
    // JSON.parse accepts deeper nesting than JSON.stringify.
    return 'a value that is nested too deep';
  }
}

export function textProblem(field: string, value: unknown): string | undefined {
  return isFilledText(value) ? undefined : notAllowed(field, value, 'a text that is not blank');
}

export function countProblem(field: string, value: unknown, least = 1): string | undefined {
  return isCount(value, least) ? undefined : notAllowed(field, value, `a whole number of ${least} or more`);
}

/** The problem of an optional count. */
export function optionalCountProblem(field: string, value: unknown, least = 1): string | undefined {
  return value === undefined ? undefined : countProblem(field, value, least);
}

export function objectProblem(field: string, value: unknown): string | undefined {
  return value === undefined || isObject(value) ? undefined : notAllowed(field, value, 'an object');
}

/** The value of a line of JSON, or its problem. The first line of a file may begin with a byte order mark. */
export function parseJsonLine(line: string): { readonly value: unknown } | { readonly problem: string } {
  try {
    return { value: JSON.parse(line.replace(/^\ufeff/, '')) };
  } catch (e) {
    return { problem: `the line is not JSON (${shortened((e as Error).message)}): ${shortened(line)}` };
  }
}

/** Whether a value may be the id of a record. Large numbers are refused: JavaScript rounds them, so two ids could become equal. */
export function isId(value: unknown): value is string | number {
  return typeof value === 'string' || (typeof value === 'number' && Number.isFinite(value) && Math.abs(value) <= Number.MAX_SAFE_INTEGER);
}
