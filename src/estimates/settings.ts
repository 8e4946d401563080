import { Stack, Token } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { basePriceBook, priceAgeLimit, priceBook, today } from './price-settings';
import { configured, ContextKey, usageFile } from './settings-sources';
import { isFileError } from '../files/text-file';
import { isPricingError, PricingError } from '../input/error';
import { didYouMean } from '../input/nearest';
import { JsonShapeError, parseJson } from '../input/nesting';
import { MESSAGES, Severity } from '../messages';
import { DEFAULT_HOURS_PER_MONTH, MAX_HOURS_PER_MONTH } from '../pricing/billing-modes/hours-per-month';
import { isRegion, regionExample } from '../pricing/region';
import { isUsageFileError } from '../usage-file/usage-file-error';

export { basePriceBook, priceAgeLimit, priceBook, today, usageFile };

const SEVERITIES: readonly unknown[] = ['off', 'info', 'warning', 'error'] satisfies (Severity | 'off')[];
const MESSAGE_IDS: ReadonlySet<string> = new Set(Object.values(MESSAGES).map(({ id }) => id));

/** False: constructs only, no estimate, no report. What is neither true nor false switches nothing off: settingsProblem tells. */
export function isEnabled(scope: IConstruct): boolean {
  const given: unknown = scope.node.tryGetContext(ContextKey.ENABLED);
  return given !== false && given !== 'false';
}

/** False: `cdk synth` prints no summary. */
export function isSummaryOn(scope: IConstruct): boolean {
  return scope.node.tryGetContext(ContextKey.SUMMARY) !== 'off';
}

/** True: `cdk synth` prints every estimate with its line items, and the table of each stack. */
export function hasDetails(scope: IConstruct): boolean {
  const given: unknown = scope.node.tryGetContext(ContextKey.DETAILS);
  return given === true || given === 'true';
}

/** True: what is deployed says what provisioned throughput it would buy, and buys none. */
export function isDryRun(scope: IConstruct): boolean {
  const given: unknown = scope.node.tryGetContext(ContextKey.DRY_RUN);
  // What is neither true nor false is refused (settingsProblem), and nothing is bought by mistake.
  return given !== undefined && given !== false && given !== 'false';
}

/** False: budgets judge but never fail. */
export function isEnforced(scope: IConstruct): boolean {
  return scope.node.tryGetContext(ContextKey.ENFORCEMENT) !== 'off';
}

/** The region that somebody has named for prices: the stack's, or the one of the context; undefined when neither is known. */
export function pricingRegion(scope: IConstruct): string | undefined {
  const { region } = Stack.of(scope);
  if (!Token.isUnresolved(region)) return region;
  const given: unknown = scope.node.tryGetContext(ContextKey.REGION);
  return isRegion(given) ? given : undefined;
}

/**
 * The region that the CDK CLI takes where a stack names none: that of the configuration, else us-east-1. Enough for an
 * estimate that states it; a budget that needs it is not known, and a commitment is refused.
 */
export function assumedRegion(): string | undefined {
  const { CDK_DEFAULT_REGION: region } = process.env;
  return isRegion(region) ? region : undefined;
}

interface CheckedContext {
  readonly key: ContextKey;
  readonly allowed: string | ((given: unknown) => string);
  readonly fix?: string;
  readonly valid: (given: unknown) => boolean;
}

/** Allowed values of the context keys that are read in passing, where a wrong value would count as none. */
const CHECKED_CONTEXT: readonly CheckedContext[] = [
  { key: ContextKey.ENABLED, allowed: 'true or false', valid: (given) => [true, false, 'true', 'false'].includes(given as boolean) },
  { key: ContextKey.SUMMARY, allowed: '"off"', fix: 'Remove the key to print the summary.', valid: (given) => given === 'off' },
  { key: ContextKey.DETAILS, allowed: 'true or false', valid: (given) => [true, false, 'true', 'false'].includes(given as boolean) },
  { key: ContextKey.ENFORCEMENT, allowed: '"off"', fix: 'Remove the key to have budgets fail.', valid: (given) => given === 'off' },
  { key: ContextKey.DRY_RUN, allowed: 'true or false', valid: (given) => [true, false, 'true', 'false'].includes(given as boolean) },
  { key: ContextKey.REGION, allowed: regionExample, valid: isRegion },
];

function requireContext(scope: IConstruct): void {
  for (const { key, allowed, fix, valid } of CHECKED_CONTEXT) {
    const given: unknown = scope.node.tryGetContext(key);
    if (given !== undefined && !valid(given)) throw new PricingError(`context '${key}'`, given, typeof allowed === 'string' ? allowed : allowed(given), fix);
  }
}

/** Hours in a month: of the context, else of the usage file, else of the code, else an average month's. */
export function hoursPerMonth(scope: IConstruct): number {
  const context: unknown = scope.node.tryGetContext(ContextKey.HOURS_PER_MONTH);
  if (context !== undefined) return checkedHours(`context '${ContextKey.HOURS_PER_MONTH}'`, context);
  return usageFile(scope)?.hoursPerMonth ?? checkedHours('hoursPerMonth', configured(scope).hoursPerMonth ?? DEFAULT_HOURS_PER_MONTH);
}

/** As `hoursPerMonth`; an average month's where the setting is not allowed, which `settingsProblem` reports. */
export function allowedHoursPerMonth(scope: IConstruct): number {
  try {
    return hoursPerMonth(scope);
  } catch (problem) {
    if (!isInputProblem(problem)) throw problem;
    return DEFAULT_HOURS_PER_MONTH;
  }
}

/** From the command line a context value comes as a text. */
function checkedHours(field: string, given: unknown): number {
  const hours = typeof given === 'string' && /^\d+(\.\d+)?$/.test(given) ? Number(given) : given;
  if (typeof hours !== 'number' || !(hours > 0 && hours <= MAX_HOURS_PER_MONTH)) throw new PricingError(field, given, `a number above 0 and at most ${MAX_HOURS_PER_MONTH}`);
  return hours;
}

/** What the context gives another severity, by message id. On the command line it comes as a JSON text. */
export function severities(scope: IConstruct): { readonly [id: string]: Severity | 'off' } {
  const context: unknown = scope.node.tryGetContext(ContextKey.SEVERITY);
  if (context === undefined) return {};
  const field = `context '${ContextKey.SEVERITY}'`;
  const given = typeof context === 'string' ? jsonIn(field, context) : context;
  if (typeof given !== 'object' || given === null) throw new PricingError(field, context, 'a mapping such as { "bedrock-cost-missing-price": "error" }');
  for (const [id, severity] of Object.entries(given)) {
    if (!MESSAGE_IDS.has(id)) throw unknownId(field, id);
    if (!SEVERITIES.includes(severity)) throw new PricingError(`${field} ${id}`, severity, `one of ${SEVERITIES.join(', ')}`);
  }
  return given as { readonly [id: string]: Severity | 'off' };
}

function unknownId(field: string, id: string): PricingError {
  return PricingError.about(`${field} ${id}`, 'is not the id of a message', didYouMean(id, [...MESSAGE_IDS]) ?? 'The ids are in docs/messages.md.');
}

/** Undefined for a text that is not JSON. */
function jsonIn(field: string, text: string): unknown {
  try {
    return parseJson(text);
  } catch (e) {
    if (e instanceof JsonShapeError) throw PricingError.about(field, `is ${e.message}`);
    return undefined;
  }
}

/** The problem of the settings of the app, if any. It is reported once, at their first use. */
export function settingsProblem(scope: IConstruct): Error | undefined {
  try {
    requireContext(scope);
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
  return isPricingError(problem) || isUsageFileError(problem) || isFileError(problem);
}
