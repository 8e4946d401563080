import { Option } from 'commander';
import { InputError, Io } from './io';
import { SILENCE_MS } from '../files/text-file';
import { MISSING_PRICE_CHOICES } from '../gate/check';
import { mustBe } from '../input/error';
import { didYouMean } from '../input/nearest';
import { sentence } from '../input/sentence';
import { isDecimalText } from '../pricing/decimal';
import { isDay } from '../pricing/price-book/day';
import { offeredRegions } from '../pricing/price-book/model-catalog';
import { DEFAULT_MAX_PRICE_AGE_DAYS } from '../pricing/price-book/price-age';
import { PriceBook } from '../pricing/price-book/price-book';
import { isRegion, regionAdvice } from '../pricing/region';
import { oneLine } from '../render/sanitize';
import { WorkloadEstimate } from '../usage-file/estimate-usage-file';

/** Maximum number of workloads that a message names. */
const NAMED_MAX = 5;

/** Option `--format`; the first format is the default. */
export function formatOption(...formats: readonly string[]): Option {
  return new Option('--format <format>', 'output format').choices(formats).default(formats[0]);
}

export function outputOption(): Option {
  return new Option('-o, --output <file>', 'write the result to a file instead of the screen');
}

export function priceBookOption(description = 'a price book (YAML or JSON) instead of the embedded one'): Option {
  return new Option('--price-book <file>', description);
}

export function overwriteOption(): Option {
  return new Option('--force', 'overwrite a file that is not a price book, or one that has more than twice as many rates');
}

/** `--price-book` of commands that read a report. The file must still be a valid price book, so that a wrong path is reported. */
export function reportPriceBookOption(): Option {
  return priceBookOption('accepted by every command; a report keeps the prices that its app was synthesized with');
}

export function dayOption(): Option {
  return new Option('--day <day>', 'the rates in force on this day, as YYYY-MM-DD (default: the day on which the newest of them was read)');
}

/** `--on-missing-price` of commands that price a usage file and print the known costs in any case. */
export function missingPriceOption(): Option {
  return new Option('--on-missing-price <what>', 'effect of a missing price: fail (exit code 1), warn, or ignore').choices(MISSING_PRICE_CHOICES).default('ignore');
}

/**
 * Reports each missing price of an average, a slow or a busy month in a line, with the workloads that need it.
 *
 * @returns true if the command fails because of missing prices
 */
export function reportMissingPrices(io: Io, choice: string, workloads: readonly WorkloadEstimate[]): boolean {
  const names = new Map<string, string[]>();
  for (const { name, estimate, low, high } of workloads) {
    for (const { description, hint } of [estimate, low, high].flatMap((month) => month?.missingPrices ?? [])) {
      const text = `${description}. ${sentence(hint)}`;
      names.set(text, [...new Set([...names.get(text) ?? [], name])]);
    }
  }
  const lines = [...names].map(([text, of]) => oneLine(`${namesText(of)}: ${text}`));
  if (choice !== 'ignore') io.err(lines.map((line) => `${choice === 'fail' ? 'error' : 'warning'}: ${line}\n`).join(''));
  return choice === 'fail' && lines.length > 0;
}

function namesText(names: readonly string[]): string {
  const more = names.length - NAMED_MAX;
  return `${names.slice(0, NAMED_MAX).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

export function maxPriceAgeOption(what: string): Option {
  return new Option('--max-price-age-days <days>', what);
}

/** Returns the book of `--price-book`, or the embedded one, for the day of `--day`. */
export function bookOf({ priceBook, day }: { readonly priceBook?: string; readonly day?: string }): PriceBook {
  if (day !== undefined && !isDay(day)) throw new InputError(`--day must be a day as YYYY-MM-DD, got ${JSON.stringify(day)}.`);
  const book = priceBook === undefined ? PriceBook.embedded() : PriceBook._fromFile(priceBook, SILENCE_MS);
  return day === undefined ? book : book.forDay(day);
}

/**
 * Refuses a day before the first price of a book, for which the book has no price.
 *
 * @param book the prices of the command, those of the usage file included
 */
export function requirePricesOf(day: string | undefined, book: PriceBook): void {
  const first = book._firstDay;
  if (day === undefined || first === undefined || day >= first) return;
  throw new InputError(mustBe('--day', day, `${first} or later, the day of the first price of the book`, JSON.stringify(day)));
}

/** Refuses a text that does not have the format of a region name. */
export function requireRegionName(region: string | undefined): void {
  if (region !== undefined && !isRegion(region)) throw new InputError(`--region must be an AWS region, got ${JSON.stringify(region)}. ${regionAdvice(region)}`);
}

/** Refuses a region that is in no price and in no availability list: a misspelt region would have neither models nor prices. */
export function requireRegion(region: string | undefined, book: PriceBook): void {
  if (region === undefined) return;
  requireRegionName(region);
  const known = [...new Set([...book._layers.flat().flatMap(({ regions = [] }) => regions), ...offeredRegions()])].sort();
  if (known.includes(region)) return;
  const question = didYouMean(region, known, 3);
  throw new InputError(`--region must be a region of a price or of an availability list, got ${JSON.stringify(region)}.${question === undefined ? '' : ` ${question}`}`);
}

/** Parses `--max-price-age-days`; the default without it. */
export function maxPriceAgeOf(text: string | undefined): number {
  return text === undefined ? DEFAULT_MAX_PRICE_AGE_DAYS : wholeNumberOf('--max-price-age-days', text);
}

/** Validates an amount of money such as `1000` or `12.50`. It remains a text to keep every digit. */
export function usdOf(option: string, text: string): string {
  if (isDecimalText(text)) return text;
  throw new InputError(`${option} must be US dollars of 0 or more as digits, such as 1000 or 12.50, got ${JSON.stringify(text)}.`);
}

export function wholeNumberOf(option: string, text: string): number {
  if (/^\d{1,6}$/.test(text)) return Number(text);
  throw new InputError(`${option} must be a whole number of 0 or more, such as ${DEFAULT_MAX_PRICE_AGE_DAYS}, got ${JSON.stringify(text)}.`);
}

/** Allowed values of a numeric option. */
type Limit = { readonly atLeast: number } | { readonly above: number; readonly atMost?: number } | { readonly wholeFrom: number };

/** Parses a number such as `300000` or `1.5`; undefined without the option. */
export function numberOf(option: string, text: string | undefined, limit: Limit): number | undefined {
  if (text === undefined) return undefined;
  const number = isDecimalText(text) ? Number(text) : NaN;
  if (Number.isFinite(number) && isWithin(number, limit)) return number;
  throw new InputError(mustBe(option, text, numberLimitText(limit), JSON.stringify(text)));
}

function isWithin(number: number, limit: Limit): boolean {
  if ('wholeFrom' in limit) return Number.isSafeInteger(number) && number >= limit.wholeFrom;
  return 'above' in limit ? number > limit.above && number <= (limit.atMost ?? Infinity) : number >= limit.atLeast;
}

function numberLimitText(limit: Limit): string {
  if ('wholeFrom' in limit) return `a whole number of ${limit.wholeFrom} or more`;
  return 'above' in limit ? `a number above ${limit.above}${limit.atMost === undefined ? '' : ` and at most ${limit.atMost}`}, as digits` : `a number of ${limit.atLeast} or more, as digits`;
}
