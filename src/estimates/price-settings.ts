import { IConstruct } from 'constructs';
import { rootOf } from './registry';
import { configured, ContextKey, usageFile } from './settings-sources';
import { PricingError } from '../input/error';
import { isDay } from '../pricing/price-book/day';
import { DEFAULT_MAX_PRICE_AGE_DAYS, PriceAgeLimit } from '../pricing/price-book/price-age';
import { PriceBook } from '../pricing/price-book/price-book';

// Each copy of the library keeps its own: a price book is an object of its classes.
const books = new WeakMap<IConstruct, PriceBook>();
const baseBooks = new WeakMap<IConstruct, PriceBook>();

/**
 * The price book of the app: embedded or from a file, with the rates of the usage file and of the code above it, on the day
 * of the context. What the code leaves out stays as the file has it.
 */
export function priceBook(scope: IConstruct): PriceBook {
  const root = rootOf(scope);
  let book = books.get(root);
  if (!book) {
    const { rates = [], discounts, discountPercent, priceBookFile } = configured(scope);
    const context: unknown = root.node.tryGetContext(ContextKey.PRICE_BOOK);
    const file: unknown = context ?? priceBookFile;
    if (file !== undefined && (typeof file !== 'string' || file === '')) {
      throw new PricingError(context === undefined ? 'priceBookFile' : `context '${ContextKey.PRICE_BOOK}'`, file, 'the path of a file');
    }
    const [day, allowDerivedRates] = [checkedToday(root), derivedRatesAllowed(root)];
    const base = file === undefined ? PriceBook.embedded() : PriceBook.fromFile(file);
    baseBooks.set(root, base);
    book = base
      .withRates([...rates])
      ._withRates(usageFile(scope)?.rates ?? [], 'usage file: prices');
    if (discounts !== undefined) book = book._withMoreDiscounts(discounts);
    if (discountPercent !== undefined) book = book.withDiscountPercent(discountPercent);
    if (allowDerivedRates !== undefined) book = book.withDerivedRates(allowDerivedRates);
    if (day !== undefined) book = book.forDay(day);
    books.set(root, book);
  }
  return book;
}

/** The price book of the app without the rates of the code and of the usage file. */
export function basePriceBook(scope: IConstruct): PriceBook {
  priceBook(scope);
  return baseBooks.get(rootOf(scope))!;
}

/**
 * The day of the context; undefined where none is set, or it is no day, which pricing reports. Synth has no clock: without it,
 * nothing depends on the day.
 */
export function today(scope: IConstruct): string | undefined {
  const given: unknown = scope.node.tryGetContext(ContextKey.TODAY);
  return isDay(given) ? given : undefined;
}

function checkedToday(scope: IConstruct): string | undefined {
  const given: unknown = scope.node.tryGetContext(ContextKey.TODAY);
  if (given !== undefined && !isDay(given)) throw new PricingError(`context '${ContextKey.TODAY}'`, given, 'a day as YYYY-MM-DD');
  return given;
}

/** The month of the context's day as `YYYY-MM`; undefined where none is set, or it is no day, which pricing reports. */
export function thisMonth(scope: IConstruct): string | undefined {
  return today(scope)?.slice(0, 7);
}

/** False refuses derived rates; undefined without a setting. */
function derivedRatesAllowed(scope: IConstruct): boolean | undefined {
  const context: unknown = scope.node.tryGetContext(ContextKey.ALLOW_DERIVED_RATES);
  const [field, given] = context === undefined
    ? ['allowDerivedRates', usageFile(scope)?.allowDerivedRates === false ? false : configured(scope).allowDerivedRates]
    : [`context '${ContextKey.ALLOW_DERIVED_RATES}'`, context === 'true' ? true : context === 'false' ? false : context];
  if (given !== undefined && typeof given !== 'boolean') throw new PricingError(field, given, 'true or false');
  return given;
}

/** The day and the maximum age by which the age of prices is judged; undefined without a day. */
export function priceAgeLimit(scope: IConstruct): PriceAgeLimit | undefined {
  const context: unknown = scope.node.tryGetContext(ContextKey.MAX_PRICE_AGE_DAYS) ?? DEFAULT_MAX_PRICE_AGE_DAYS;
  const maxDays = typeof context === 'string' && /^\d+$/.test(context) ? Number(context) : context;
  if (typeof maxDays !== 'number' || !Number.isInteger(maxDays) || maxDays < 0) {
    throw new PricingError(`context '${ContextKey.MAX_PRICE_AGE_DAYS}'`, context, 'a whole number of days, 0 or more');
  }
  const day = checkedToday(scope);
  return day === undefined ? undefined : { today: day, maxDays };
}
