import { existsSync } from 'fs';
import { InputError } from '../io';
import { checkOutput, writeAtomically } from '../output';
import { bookText } from './import-files';
import { FileError, readTextFile, SILENCE_MS } from '../../files/text-file';
import { parseJson } from '../../input/nesting';
import { PriceBook } from '../../pricing/price-book/price-book';
import { Rate } from '../../pricing/price-book/rate';

/** Minimum number of rates of a new book, as a share of the old one. A smaller book is taken for a mistake. */
const MIN_PART = 0.5;
const BOOK_FIELDS: readonly string[] = ['$schema', 'schemaVersion', 'rates'];

/**
 * Checks that the output can and may be written, before anything is read or downloaded.
 *
 * @param taken files that the command reads or writes besides
 */
export function checkTarget(output: string, force: boolean, taken: readonly string[] = []): void {
  checkOutput('--output', output, taken);
  if (!force) ratesThere(output);
}

/**
 * Replaces the old book with the new one, after the new one has been loaded as a check.
 *
 * @throws InputError if the new book has no rate, or fewer than half of the old rates; the old book is then unchanged
 */
export function writeBook(output: string, rates: readonly Rate[], force: boolean): void {
  if (rates.length === 0) throw new InputError('The price lists have no SKU that can be priced. No book was written.');
  const before = force ? 0 : ratesThere(output);
  if (rates.length < before * MIN_PART) {
    throw new InputError(
      `${output}: the new book must have at least half as many rates as the old one with its ${before}, got ${rates.length}.`,
      'Read the lists of all regions, choose another --output, or give --force if the new book is right.',
    );
  }
  writeAtomically('--output', output, bookText(rates), checkBook);
}

/** Number of rates of the file that would be overwritten; 0 without a file. */
function ratesThere(output: string): number {
  if (!existsSync(output)) return 0;
  const refuse = (found: string) => new InputError(
    `--output must be a new file, or a price book that prices import or prices refresh has written, got ${JSON.stringify(output)}, ${found}.`,
    'Choose another --output, or give --force to overwrite it.',
  );
  let book: { readonly rates?: unknown } | null;
  try {
    book = parseJson(readTextFile(output, 'a price book', { field: '--output' })) as typeof book;
  } catch (e) {
    throw e instanceof FileError ? e : refuse('which is not JSON');
  }
  const { rates } = book ?? {};
  if (!Array.isArray(rates)) throw refuse('which is not a price book');
  const own = Object.keys(book!).filter((field) => !BOOK_FIELDS.includes(field));
  if (own.length > 0) throw refuse(`which also holds ${own.join(', ')}, and the new book would not`);
  return rates.length;
}

/** Refuses a book that the library cannot load, before it replaces a valid one. */

function checkBook(written: string): void {
  try {
    PriceBook._fromFile(written, SILENCE_MS);
  } catch (e) {
    throw new InputError(`The book made of these price lists is not valid. ${(e as Error).message}`);
  }
}
