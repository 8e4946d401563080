import { Stack, Token } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { registryOf, Settings } from './registry';
import { DEFAULT_MAX_PRICE_AGE_DAYS, isDay, PriceAgeLimit } from '../gate/price-age';
import { Severity } from '../gate/report-json';
import { MESSAGES } from '../messages';
import { PricingError } from '../pricing/error';
import { PriceBook } from '../pricing/price-book';
import { DEFAULT_HOURS_PER_MONTH } from '../pricing/usage';
import { parseUsageFile, UsageFile } from '../usage-file/usage-file';

/** The context keys that configure the library from cdk.json or with `cdk synth -c`. They win over code. */
export enum ContextKey {
  ENABLED = 'cdk-bedrock-cost:enabled',
  ENFORCEMENT = 'cdk-bedrock-cost:enforcement',
  REGION = 'cdk-bedrock-cost:region',
  HOURS_PER_MONTH = 'cdk-bedrock-cost:hoursPerMonth',
  PRICE_BOOK = 'cdk-bedrock-cost:priceBook',
  USAGE = 'cdk-bedrock-cost:usage',
  SEVERITY = 'cdk-bedrock-cost:severity',
  TODAY = 'cdk-bedrock-cost:today',
  MAX_PRICE_AGE_DAYS = 'cdk-bedrock-cost:maxPriceAgeDays',
  ALLOW_DERIVED_RATES = 'cdk-bedrock-cost:allowDerivedRates',
}

const SEVERITIES: readonly unknown[] = ['off', 'info', 'warning', 'error'] satisfies (Severity | 'off')[];
const MESSAGE_IDS: ReadonlySet<string> = new Set(Object.values(MESSAGES).map(({ id }) => id));

/** False: constructs only, no estimate, no report. */
export function isEnabled(scope: IConstruct): boolean {
  return booleanContext(scope, ContextKey.ENABLED, true);
}

/** False: budgets judge but never fail. */
export function isEnforced(scope: IConstruct): boolean {
  return scope.node.tryGetContext(ContextKey.ENFORCEMENT) !== 'off';
}

/** The region that prices are looked up in: the stack's, or the one of the context; undefined when neither is known. */
export function pricingRegion(scope: IConstruct): string | undefined {
  const { region } = Stack.of(scope);
  if (!Token.isUnresolved(region)) return region;
  const given: unknown = scope.node.tryGetContext(ContextKey.REGION);
  return typeof given === 'string' && given !== '' ? given : undefined;
}

/** Hours in a month: of the context, else of the usage file, else of the code, else an average month's. */
export function hoursPerMonth(scope: IConstruct): number {
  const context: unknown = scope.node.tryGetContext(ContextKey.HOURS_PER_MONTH);
  if (context !== undefined) return checkedHours(`context '${ContextKey.HOURS_PER_MONTH}'`, context);
  return usageFile(scope)?.hoursPerMonth ?? checkedHours('hoursPerMonth', settings(scope).hoursPerMonth ?? DEFAULT_HOURS_PER_MONTH);
}

/** From the command line a context value comes as a text. */
function checkedHours(field: string, given: unknown): number {
  const hours = typeof given === 'string' && /^\d+(\.\d+)?$/.test(given) ? Number(given) : given;
  if (typeof hours !== 'number' || !(hours > 0 && hours <= 744)) throw new PricingError(field, given, 'a number above 0, at most 744');
  return hours;
}

/** What the context gives another severity, by message id. On the command line it comes as a JSON text. */
export function severities(scope: IConstruct): { readonly [id: string]: Severity | 'off' } {
  const context: unknown = scope.node.tryGetContext(ContextKey.SEVERITY);
  if (context === undefined) return {};
  const given = typeof context === 'string' ? parseJson(context) : context;
  const field = `context '${ContextKey.SEVERITY}'`;
  if (typeof given !== 'object' || given === null) throw new PricingError(field, context, 'a mapping such as { "bedrock-cost-missing-price": "error" }');
  for (const [id, severity] of Object.entries(given)) {
    if (!MESSAGE_IDS.has(id)) throw new PricingError(`${field}: id`, id, `one of ${[...MESSAGE_IDS].join(', ')}`);
    if (!SEVERITIES.includes(severity)) throw new PricingError(`${field}: ${id}`, severity, `one of ${SEVERITIES.join(', ')}`);
  }
  return given as { readonly [id: string]: Severity | 'off' };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What is wrong with the settings of the app, if anything: told once, where they are first used. */
export function settingsProblem(scope: IConstruct): Error | undefined {
  try {
    priceBook(scope);
    hoursPerMonth(scope);
    severities(scope);
    priceAgeLimit(scope);
    return undefined;
  } catch (problem) {
    if (!isInputProblem(problem)) throw problem;
    return problem;
  }
}

/** True for what the user gave wrong, false for a mistake of ours. */
export function isInputProblem(problem: unknown): problem is Error {
  return problem instanceof PricingError || (problem as Error).name === 'UsageFileError';
}

// Each copy of the library keeps its own: a price book is an object of its classes.
const books = new WeakMap<IConstruct, PriceBook>();
const usageFiles = new WeakMap<IConstruct, UsageFile | null>();

/**
 * The price book of the app: embedded or from a file, with the rates of the usage file and of the code above it, on the day
 * of the context. What the code leaves out stays as the file has it.
 */
export function priceBook(scope: IConstruct): PriceBook {
  const { root } = scope.node;
  let book = books.get(root);
  if (!book) {
    const { rates = [], discounts, discountPercent, priceBookFile } = settings(scope);
    const file: unknown = scope.node.tryGetContext(ContextKey.PRICE_BOOK) ?? priceBookFile;
    if (file !== undefined && typeof file !== 'string') throw new PricingError(`context '${ContextKey.PRICE_BOOK}'`, file, 'the path of a file');
    const [day, allowDerivedRates] = [today(scope), derivedRatesAllowed(scope)];
    book = (file === undefined ? PriceBook.embedded() : PriceBook.fromFile(file))
      .withRates([...rates])
      .withRates(usageFile(scope)?.rates ?? []);
    if (discounts !== undefined) book = book.withDiscounts([...discounts]);
    if (discountPercent !== undefined) book = book.withDiscountPercent(discountPercent);
    if (allowDerivedRates !== undefined) book = book.withDerivedRates(allowDerivedRates);
    if (day !== undefined) book = book.forDay(day);
    books.set(root, book);
  }
  return book;
}

/** The day of the context. Synth has no clock: without it, nothing depends on the day. */
function today(scope: IConstruct): string | undefined {
  const given: unknown = scope.node.tryGetContext(ContextKey.TODAY);
  if (given !== undefined && !isDay(given)) throw new PricingError(`context '${ContextKey.TODAY}'`, given, 'a day as YYYY-MM-DD');
  return given;
}

/** False refuses rates that follow from another one by a rule; undefined when nobody says. */
function derivedRatesAllowed(scope: IConstruct): boolean | undefined {
  const context: unknown = scope.node.tryGetContext(ContextKey.ALLOW_DERIVED_RATES);
  const [field, given] = context === undefined
    ? ['allowDerivedRates', usageFile(scope)?.allowDerivedRates === false ? false : settings(scope).allowDerivedRates]
    : [`context '${ContextKey.ALLOW_DERIVED_RATES}'`, context === 'true' ? true : context === 'false' ? false : context];
  if (given !== undefined && typeof given !== 'boolean') throw new PricingError(field, given, 'true or false');
  return given;
}

/** What the age of the prices is judged by; undefined without a day. */
export function priceAgeLimit(scope: IConstruct): PriceAgeLimit | undefined {
  const context: unknown = scope.node.tryGetContext(ContextKey.MAX_PRICE_AGE_DAYS) ?? DEFAULT_MAX_PRICE_AGE_DAYS;
  const maxDays = typeof context === 'string' && /^\d+$/.test(context) ? Number(context) : context;
  if (typeof maxDays !== 'number' || !Number.isInteger(maxDays) || maxDays < 0) {
    throw new PricingError(`context '${ContextKey.MAX_PRICE_AGE_DAYS}'`, context, 'a whole number of days, 0 or more');
  }
  const day = today(scope);
  return day === undefined ? undefined : { today: day, maxDays };
}

/** The usage file of the app, whose workloads, named by construct path, win over the usage in the code. */
export function usageFile(scope: IConstruct): UsageFile | undefined {
  const { root } = scope.node;
  if (!usageFiles.has(root)) {
    const path: unknown = scope.node.tryGetContext(ContextKey.USAGE);
    if (path !== undefined && typeof path !== 'string') throw new PricingError(`context '${ContextKey.USAGE}'`, path, 'the path of a file');
    usageFiles.set(root, path === undefined ? null : readUsageFile(path));
  }
  return usageFiles.get(root) ?? undefined;
}

function readUsageFile(path: string): UsageFile {
  const { readFileSync }: typeof import('fs') = require('fs');
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (e) {
    throw new PricingError(`context '${ContextKey.USAGE}'`, path, `a file that can be read (${(e as NodeJS.ErrnoException).code})`);
  }
  return parseUsageFile(text, path);
}

function settings(scope: IConstruct): Settings {
  const registry = registryOf(scope);
  registry.settingsUsed = true;
  return registry.settings;
}

function booleanContext(scope: IConstruct, key: ContextKey, fallback: boolean): boolean {
  const given: unknown = scope.node.tryGetContext(key);
  return given === undefined ? fallback : given !== false && given !== 'false';
}
