import { Discount } from './book/discount';
import { containsItself } from './contains-itself';
import { PricingError } from './error';
import { Rate } from './rate';

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
  const refuse = (field: string, found: unknown, allowed: string) => {
    throw new PricingError(`${path}: ${field}`, found, allowed);
  };
  const unknown = Object.keys(content).find((field) => !FIELDS.includes(field));
  if (schemaVersion !== '1') refuse('schemaVersion', schemaVersion, 'the text "1"');
  if (unknown !== undefined) refuse(unknown, content[unknown], `no such field; the fields are ${FIELDS.join(', ')}`);
  if (base !== undefined && base !== 'embedded') refuse('base', base, '"embedded", or left out for a book that takes its place');
  if (!Array.isArray(rates) || (base === undefined && rates.length === 0)) {
    refuse('rates', content.rates, 'a list of at least one rate (none is needed with base: embedded)');
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
    throw new PricingError('price book', path, `a file that can be read (${(e as NodeJS.ErrnoException).code})`);
  }
  let content: unknown;
  try {
    // A book that is written by an import is JSON whatever its name, and far too large for a YAML parser.
    content = (/^\s*\{/.test(text) && jsonOf(text)) || (path.endsWith('.json') ? JSON.parse(text) : yaml.parse(text)) || {};
  } catch (e) {
    throw new PricingError('price book', path, `a YAML or JSON file (${(e as Error).message.split('\n')[0]})`);
  }
  if (containsItself(content)) throw new PricingError('price book', path, 'a YAML or JSON file in which no alias makes a value contain itself');
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
