import { PricingError } from './error';
import { Rate } from './rate';

/**
 * The rates of a price-book file (schemas/price-book.schema.json), not yet checked one by one.
 *
 * The one place of this room that touches the file system, and only when a book other than the embedded one is asked for.
 */
export function readBookFile(path: string): Rate[] {
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
    content = path.endsWith('.json') ? JSON.parse(text) : yaml.parse(text);
  } catch (e) {
    throw new PricingError('price book', path, `a YAML or JSON file (${(e as Error).message.split('\n')[0]})`);
  }
  const { schemaVersion, rates } = (content ?? {}) as { schemaVersion?: unknown; rates?: unknown };
  if (schemaVersion !== '1') throw new PricingError(`${path}: schemaVersion`, schemaVersion, 'the text "1"');
  if (!Array.isArray(rates) || rates.length === 0) throw new PricingError(`${path}: rates`, rates, 'a list of at least one rate');
  return rates as Rate[];
}
