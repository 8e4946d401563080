import { Discount } from './book/discount';
import { containsItself } from './contains-itself';
import { PricingError } from './error';
import { Rate } from './rate';
import { unknownField } from './unknown-field';

/** A price-book file (schemas/price-book.schema.json), its rates and discounts not yet checked one by one. */
export interface BookFile {
  /** `embedded`: the rates stand above the embedded book; left out: in its place. */
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
export function readBookFile(path: string): BookFile {
  const content = parseBookFile(path);
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

function parseBookFile(path: string): { readonly [field: string]: unknown } {
  const { readFileSync }: typeof import('fs') = require('fs');
  const yaml: typeof import('yaml') = require('../../assets/vendor/yaml.js');
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (e) {
    throw PricingError.about(`price book ${JSON.stringify(path)}`, `cannot be read (${(e as NodeJS.ErrnoException).code})`, 'Check the path.');
  }
  let content: unknown;
  try {
    // A book that is written by an import is JSON whatever its name, and far too large for a YAML parser.
    content = (/^\s*\{/.test(text) && jsonOf(text)) || (path.endsWith('.json') ? JSON.parse(text) : yaml.parse(text)) || {};
  } catch (e) {
    throw PricingError.about(`price book ${JSON.stringify(path)}`, `is not valid YAML or JSON: ${(e as Error).message.split('\n')[0]}`);
  }
  if (containsItself(content)) throw PricingError.about(`price book ${JSON.stringify(path)}`, 'has an alias that makes a value contain itself', 'Write the values out, without aliases.');
  return content as { readonly [field: string]: unknown };
}

/** Undefined for text that only looks like JSON: YAML begins with a brace, too. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
