import { isMarkedAs, markAs } from './brand';
import { escapeUnprintable, oneLine } from './one-line';

/**
 * Error in input that cannot be priced. The message names the field, the problem, the value and the remedy.
 *
 * The caller adds the place: a file or the path of a construct.
 */
export class PricingError extends Error {
  /**
   * Creates the error for a field that conflicts with another one: `vpcSubnets requires vpc. Set vpc, or remove vpcSubnets.`
   *
   * @param problem the rest of the sentence that begins with the field, without a full stop
   * @param fix the remedy, one or more whole sentences
   */
  public static about(field: string, problem: string, fix?: string): PricingError {
    return new PricingError(field, undefined, '', undefined, present(`${field} ${problem}.`, fix));
  }

  /** Creates the error for fields of which at least one is required. */
  public static oneOf(fields: readonly string[]): PricingError {
    return new PricingError(`one of ${fields.join(', ')}`, undefined, '', undefined, `one of ${fields.join(', ')} is required.`, fields);
  }

  /**
   * @param allowed the allowed values: `${field} must be ${allowed}`
   * @param fix the remedy, one or more whole sentences, unless `allowed` implies it
   */
  constructor(
    readonly field: string, readonly found: unknown, readonly allowed: string, readonly fix?: string,
    message = present(mustBe(field, found, allowed), fix),
    /** Fields of which at least one is required, if the problem is that none is set. */
    readonly alternatives?: readonly string[],
  ) {
    super(oneLine(message));
    markAs('PricingError', this);
    // Not enumerable, because Node prints the enumerable properties of an uncaught error.
    for (const [name, value] of Object.entries({ name: 'PricingError', field, found, allowed, fix, alternatives })) {
      Object.defineProperty(this, name, { value, enumerable: false, writable: true, configurable: true });
    }
  }

  /** Returns the error with the place of the field before it: `workload "chat": inputTokensPerRequest must be ...`. */
  public in(place: string): PricingError {
    if (this.alternatives !== undefined && place.endsWith('.')) return PricingError.oneOf(this.alternatives.map((field) => `${place}${field}`));
    return new PricingError(`${place}${this.field}`, this.found, this.allowed, this.fix, `${place}${this.message}`);
  }

  /** Returns the error with a note after the field: `monthlyLimitUsd (monthly_limit_usd in Python) must be ...`. */
  public withNote(note: string): PricingError {
    const { field, message } = this;
    return new PricingError(field, this.found, this.allowed, this.fix, `${field} (${note})${message.slice(field.length)}`, this.alternatives);
  }
}

/**
 * Renders the sentence for an invalid value: `maxAttempts must be a whole number from 1 to 9, got 0.`, or
 * `maxAttempts is required. Set a whole number from 1 to 9.`
 *
 * @param shown the printed value
 */
export function mustBe(field: string, found: unknown, allowed: string, shown = describe(found)): string {
  return found === undefined ? `${field} is required. Set ${allowed}.` : `${field} must be ${allowed}, got ${shown}.`;
}

/** True for a `PricingError` of this or another copy of the library. */
export function isPricingError(problem: unknown): problem is PricingError {
  return isMarkedAs('PricingError', problem);
}

function present(...sentences: readonly (string | undefined)[]): string {
  return sentences.filter((text) => text !== undefined).join(' ');
}

/** Maximum length of a printed value. */
const SHOWN_CHARACTERS = 120;

/** Renders a value as JSON, or in words if JSON cannot express it. */
export function describe(value: unknown): string {
  if (value === undefined) return 'undefined';
  if (isToken(value)) return 'a token';
  if (typeof value === 'number' && (!Number.isFinite(value) || Math.abs(value) > Number.MAX_SAFE_INTEGER)) return shortNumber(value);
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value === 'function') return value.name === '' ? 'a function' : `the function or class ${value.name}`;
  if (typeof value === 'symbol') return 'a symbol';
  if (typeof value === 'object' && value !== null && !isPlain(value)) return `an object of class ${value.constructor?.name ?? 'unknown'}`;
  const json = escapeUnprintable(jsonOf(value));
  return json.length > SHOWN_CHARACTERS ? `${json.slice(0, SHOWN_CHARACTERS - 3)}...` : json;
}

/** True for a text with a token, a number that encodes one, and an object that resolves to a value, as in aws-cdk-lib, which this layer must not import. */
function isToken(value: unknown): boolean {
  if (typeof value === 'string') return /[$#]\{Token\[[^\]]*\]\}/.test(value);
  if (typeof value === 'object' && value !== null) return 'creationStack' in value && 'resolve' in value;
  return typeof value === 'number' && value <= -1.8881545897087498e289 && value >= -1.9490628022799996e289;
}

/** Renders a number such as `1e+300`, also if it would have twenty digits. */
function shortNumber(value: number): string {
  return Number.isFinite(value) ? value.toExponential() : String(value);
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return Array.isArray(value) || prototype === null || Object.getPrototypeOf(prototype) === null;
}

const NO_JSON = 'a value that has no JSON';

function jsonOf(value: unknown): string {
  try {
    // A toJSON() may return undefined or throw.
    return JSON.stringify(value, (_, part: unknown) => (typeof part === 'bigint' ? `${part}n` : part)) ?? NO_JSON;
  } catch (e) {
    if (e instanceof RangeError) return 'a value that is nested too deeply';
    return e instanceof TypeError && e.message.includes('circular') ? 'a value that contains itself' : NO_JSON;
  }
}
