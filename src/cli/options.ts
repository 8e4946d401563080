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

/** Number of workloads that a message names. */
const NAMED_MAX = 5;

/** The formats of a result; the first one is the default. */
export function formatOption(...formats: readonly string[]): Option {
  return new Option('--format <format>', 'how the result is written').choices(formats).default(formats[0]);
}

export function outputOption(): Option {
  return new Option('-o, --output <file>', 'write the result to a file instead of the screen');
}

export function priceBookOption(what = 'a price book (YAML or JSON) in place of the embedded one'): Option {
  return new Option('--price-book <file>', what);
}

export function overwriteOption(): Option {
  return new Option('--force', 'overwrite a file that is not a price book, or one that has more than twice as many rates');
}

/** For commands that read a report. The file has to be a price book all the same: a wrong path is never passed over. */
export function reportPriceBookOption(): Option {
  return priceBookOption('accepted by every command; a report keeps the prices that its app was synthesized with');
}

export function dayOption(): Option {
  return new Option('--day <day>', 'the rates in force on this day, as YYYY-MM-DD (default: the day on which the newest of them was read)');
}

/** For commands that price a usage file, whose costs are shown all the same. */
export function missingPriceOption(): Option {
  return new Option('--on-missing-price <what>', 'what a missing price does: fail (exit code 1), warn, or ignore').choices(MISSING_PRICE_CHOICES).default('ignore');
}

/**
 * Reports the prices that an average, a slow or a busy month lacks, a line each, with the workloads that need it.
 *
 * @returns true if the command fails because of them
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

/** The book of `--price-book`, or the embedded one; on the day of `--day`. */
export function bookOf({ priceBook, day }: { readonly priceBook?: string; readonly day?: string }): PriceBook {
  if (day !== undefined && !isDay(day)) throw new InputError(`--day must be a day as YYYY-MM-DD, got ${JSON.stringify(day)}.`);
  const book = priceBook === undefined ? PriceBook.embedded() : PriceBook._fromFile(priceBook, SILENCE_MS);
  return day === undefined ? book : book.forDay(day);
}

/**
 * Refuses a day before the first price of a book, for which it has none.
 *
 * @param book the prices that the command uses, those of the usage file included
 */
export function requirePricesOf(day: string | undefined, book: PriceBook): void {
  const first = book._firstDay;
  if (day === undefined || first === undefined || day >= first) return;
  throw new InputError(mustBe('--day', day, `${first} or later, the day of the first price of the book`, JSON.stringify(day)));
}

/** Refuses a text that has not the shape of a region. */
export function requireRegionName(region: string | undefined): void {
  if (region !== undefined && !isRegion(region)) throw new InputError(`--region must be an AWS region, got ${JSON.stringify(region)}. ${regionAdvice(region)}`);
}

/** Refuses a region that no price and no availability list names: a misspelt one would have neither models nor prices. */
export function requireRegion(region: string | undefined, book: PriceBook): void {
  if (region === undefined) return;
  requireRegionName(region);
  const known = [...new Set([...book._layers.flat().flatMap(({ regions = [] }) => regions), ...offeredRegions()])].sort();
  if (known.includes(region)) return;
  const question = didYouMean(region, known, 3);
  throw new InputError(`--region must be a region of a price or of an availability list, got ${JSON.stringify(region)}.${question === undefined ? '' : ` ${question}`}`);
}

/** The limit of `--max-price-age-days`, or the default. */
export function maxPriceAgeOf(text: string | undefined): number {
  return text === undefined ? DEFAULT_MAX_PRICE_AGE_DAYS : wholeNumberOf('--max-price-age-days', text);
}

/** An amount of money as it is typed: `1000`, `12.50`. Kept as text, so that no digit is lost. */
export function usdOf(option: string, text: string): string {
  if (isDecimalText(text)) return text;
  throw new InputError(`${option} must be US dollars of 0 or more as digits, such as 1000 or 12.50, got ${JSON.stringify(text)}.`);
}

export function wholeNumberOf(option: string, text: string): number {
  if (/^\d{1,6}$/.test(text)) return Number(text);
  throw new InputError(`${option} must be a whole number of 0 or more, such as ${DEFAULT_MAX_PRICE_AGE_DAYS}, got ${JSON.stringify(text)}.`);
}

/** The allowed values of a number that is typed. */
type Limit = { readonly atLeast: number } | { readonly above: number; readonly atMost?: number } | { readonly wholeFrom: number };

/** A number as it is typed: `300000`, `1.5`; undefined when the option is left out. */
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
