import { Option } from 'commander';
import { InputError } from './io';
import { isDecimalText } from '../pricing/decimal';
import { PriceBook } from '../pricing/price-book';

/** How results can be written; the first one is the default. */
export function formatOption(...formats: readonly string[]): Option {
  return new Option('--format <format>', 'how the result is written').choices(formats).default(formats[0]);
}

export function outputOption(): Option {
  return new Option('-o, --output <file>', 'write the result to a file instead of the screen');
}

export function priceBookOption(what = 'a price book (YAML or JSON) in place of the embedded one'): Option {
  return new Option('--price-book <file>', what);
}

/** For commands that read a report. The file has to be a price book all the same: a wrong path is never passed over. */
export function reportPriceBookOption(): Option {
  return priceBookOption('accepted by every command; a report keeps the prices that its app was synthesized with');
}

/** The book of `--price-book`, or the embedded one. */
export function bookOf({ priceBook }: { readonly priceBook?: string }): PriceBook {
  return priceBook === undefined ? PriceBook.embedded() : PriceBook.fromFile(priceBook);
}

/** An amount of money as it is typed: `1000`, `12.50`. Kept as text, so that no digit is lost. */
export function usdOf(option: string, text: string): string {
  if (isDecimalText(text)) return text;
  throw new InputError(`${option}: found ${JSON.stringify(text)}; allowed: US dollars of 0 or more as digits, such as 1000 or 12.50`);
}
