import { Discount } from './discount';
import { Rate } from './rate';
import { FileError, readTextFile } from '../../files/text-file';
import { PricingError } from '../../input/error';
import { oneLine } from '../../input/one-line';
import { unknownField } from '../../input/unknown-field';
import { jsonValue, yamlValue } from '../../input/yaml-value';

/** A price-book file (schemas/price-book.schema.json), its rates and discounts not yet checked one by one. */
export interface BookFile {
  /** `embedded`: the rates override the embedded book. Left out: they replace it. */
  readonly base?: 'embedded';
  readonly rates: readonly Rate[];
  readonly discounts: readonly Discount[];
  readonly allowDerivedRates: boolean;
}

const FIELDS = ['$schema', 'schemaVersion', 'base', 'rates', 'discounts', 'allowDerivedRates'];

/**
 * Reads a price-book file.
 *
 * The one place of this room that touches the file system, and only when a book other than the embedded one is asked for.
 */
export function readBookFile(path: string, silenceMs: number): BookFile {
  const content = parseBookFile(path, silenceMs);
  const { schemaVersion, base, rates = [], discounts = [], allowDerivedRates = true } = content;
  const refuse = (field: string, found: unknown, allowed: string, fix?: string) => {
    throw new PricingError(`${path}: ${field}`, found, allowed, fix);
  };
  const unknown = Object.keys(content).find((field) => !FIELDS.includes(field));
  if (schemaVersion !== '1') refuse('schemaVersion', schemaVersion, 'the text "1"');
  if (unknown !== undefined) throw unknownField('', unknown, FIELDS).in(`${path}: `);
  if (base !== undefined && base !== 'embedded') refuse('base', base, '"embedded"', 'Leave it out for a book that replaces the embedded one.');
  if (!Array.isArray(rates) || (base === undefined && rates.length === 0)) {
    refuse('rates', content.rates, 'a list of at least one rate', 'With base: embedded, it can be left out.');
  }
  if (!Array.isArray(discounts)) refuse('discounts', discounts, 'a list such as [{ percent: 10 }]');
  if (typeof allowDerivedRates !== 'boolean') refuse('allowDerivedRates', allowDerivedRates, 'true or false');
  return { base: base as BookFile['base'], rates: rates as Rate[], discounts: discounts as Discount[], allowDerivedRates: allowDerivedRates as boolean };
}

/** A book that an import writes is JSON under any name. A YAML parser needs a hundred bytes for each of its characters. */
const MAX_YAML_CHARACTERS = 4_000_000;

function parseBookFile(path: string, silenceMs: number): { readonly [field: string]: unknown } {
  const text = readTextFile(path, 'a price book', { silenceMs });
  const refuse = (...problems: readonly string[]) => new FileError(problems.map((problem) => oneLine(`${path}: ${problem}`)).join('\n'));
  if (text.trim() === '') throw refuse('is empty. Name a price book with schemaVersion and rates.');
  const parsed = parseBook(path, text);
  if (parsed === undefined) throw refuse(`must be at most ${MAX_YAML_CHARACTERS} characters as YAML, got ${text.length}. Write it as JSON.`);
  if ('problems' in parsed) throw refuse(...parsed.problems);
  const { value } = parsed;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw refuse(`must be a mapping with schemaVersion and rates, got ${JSON.stringify(value).slice(0, 80)}. Name a price book.`);
  }
  return value as { readonly [field: string]: unknown };
}

/** Undefined for text that only a YAML parser could read, and that is too long for it. */
function parseBook(path: string, text: string): ReturnType<typeof jsonValue> | undefined {
  const looksLikeJson = /^\s*[{[]/.test(text);
  const json = looksLikeJson || path.endsWith('.json') ? jsonValue(text) : undefined;
  const isShort = text.length <= MAX_YAML_CHARACTERS;
  // A number of JSON loses its digits in a float; the YAML parser keeps them.
  if (json !== undefined && 'value' in json && !(isShort && hasNumericPrice(json.value))) return json;
  // A YAML mapping begins with a brace, too; of JSON, the parser for JSON describes the problem best.
  if (json !== undefined && 'problems' in json && path.endsWith('.json')) return json;
  return isShort ? yamlValue(text, ['usd']) : json;
}

function hasNumericPrice(book: unknown): boolean {
  const { rates } = (book ?? {}) as { readonly rates?: unknown };
  return Array.isArray(rates) && rates.some((rate) => typeof (rate as { readonly usd?: unknown } | null)?.usd === 'number');
}
