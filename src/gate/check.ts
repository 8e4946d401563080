import { MESSAGES, Severity } from '../messages';
import { isTooFarAhead, LOWER_THE_COST, MAX_ACCEPTED_DAYS } from './acceptance';
import { BudgetEvaluation } from './budget-evaluation';
import { isCovered, UnknownCost, unknownCosts, UNKNOWN_COST_IDS } from './budget-status';
import { CheckFinding } from './check-finding';
import { requireConsistent } from './contradictions';
import { lifecycleWarnings, reportOfDay } from './lifecycle';
import { newestPrice, tooOldPrices, UsedPrice, usedPrices } from './price-age';
import { evaluateReportedBudgets } from './reported-budgets';
import { unpricedFindings } from './unpriced-usage';
import { BudgetJson, ReportJson, SourceJson, TotalsJson } from '../cost-report/report-json';
import { PricingError } from '../input/error';
import { sentence, sentences } from '../input/sentence';
import { decimal, Decimal } from '../pricing/decimal';
import { formatUsd, formatUsdApart } from '../pricing/format';
import { isDay } from '../pricing/price-book/day';
import { isTooOld, PriceAgeLimit, tooOldText } from '../pricing/price-book/price-age';

export const MISSING_PRICE_CHOICES = ['fail', 'warn', 'ignore'] as const;
export const UNPRICED_CHOICES = MISSING_PRICE_CHOICES;

export interface CheckOptions {
  /** Limit on the known monthly cost of the whole report, as a decimal text. */
  readonly maxMonthlyUsd?: string;
  /** Behavior for an unknown cost. Default: the strictest policy of the budgets that cover it, and `fail` without a budget. */
  readonly onMissingPrice?: (typeof MISSING_PRICE_CHOICES)[number];
  /** Behavior for uses of Amazon Bedrock without a price. Default: the severity of the context, and `warn` without one. */
  readonly onUnpriced?: (typeof UNPRICED_CHOICES)[number];
  /** Limit on the age of the oldest used price; without it, the age is not judged. */
  readonly priceAge?: PriceAgeLimit & {
    /** True if the limit is the default: a price that exceeds it is a warning, and only a price book without a newer price fails. */
    readonly isDefault?: boolean;
  };
  /** Day for which the end of models, prices and acknowledgements is judged, as YYYY-MM-DD; without it, the end is not judged. */
  readonly today?: string;
}

export interface CheckResult {
  readonly schemaVersion: '1';
  readonly passed: boolean;
  readonly failures: readonly CheckFinding[];
  readonly warnings: readonly CheckFinding[];
  readonly totals: TotalsJson;
}

/**
 * Judges a report: its own budgets, as synth does, the limit of the options, unknown costs, the age of prices, and the end of models
 * and prices. Pure: no file, no clock.
 *
 * @throws if the report contradicts itself: the total must be the sum of the resources, and an accepted finding must have an
 *   acknowledgement whose last day is not too far ahead
 */
export function checkReport(given: ReportJson, options: CheckOptions): CheckResult {
  requireConsistent(given);
  given.budgets.forEach((budget, i) => requireAcknowledgement(budget, `budgets[${i}]`, options.today));
  const report = options.today === undefined ? given : reportOfDay(given, options.today);
  const failures: CheckFinding[] = [];
  const warnings: CheckFinding[] = [];
  const budgets = evaluateReportedBudgets(report, options);
  const add = (finding: CheckFinding, severity: Severity | 'off') => {
    if (severity !== 'off') (severity === 'error' ? failures : warnings).push(finding);
  };
  for (const evaluation of budgets) {
    for (const finding of budgetFinding(evaluation)) add(finding, evaluation.finding!.severity);
  }
  if (options.maxMonthlyUsd !== undefined) failures.push(...limitFindings(report.totals, decimal(options.maxMonthlyUsd)));
  for (const { policy, finding } of unknownFindings(report, budgets, options)) {
    if (policy !== 'ignore') (policy === 'fail' ? failures : warnings).push(finding);
  }
  if (options.priceAge !== undefined) {
    const { failed, warned } = priceAge(report, options.priceAge);
    // Severities of the context apply to the default limit only. A limit of the command line always fails.
    const severityOf = ({ id }: CheckFinding, own: Severity) => (options.priceAge?.isDefault ? report.severities?.[id] ?? own : own);
    for (const finding of failed) add(finding, severityOf(finding, 'error'));
    for (const finding of warned) add(finding, severityOf(finding, 'warning'));
  }
  for (const { finding, severity } of lifecycleOf(report, options.today)) add(finding, severity);
  for (const finding of unpricedFindings(report.unpriced ?? [])) {
    const severity = options.onUnpriced === undefined ? report.severities?.[finding.id] ?? 'warning' : SEVERITY_OF_CHOICE[options.onUnpriced];
    add(finding, severity === 'info' ? 'off' : severity);
  }
  failures.push(...errorsOfSynth(report, options, failures));
  return { schemaVersion: '1', passed: failures.length === 0, failures: failures.map(inSentences), warnings: warnings.map(inSentences), totals: report.totals };
}

const SEVERITY_OF_CHOICE = { fail: 'error', warn: 'warning', ignore: 'off' } as const;

function inSentences(finding: CheckFinding): CheckFinding {
  return { ...finding, message: sentence(finding.message), fix: sentence(finding.fix) };
}

function requireAcknowledgement({ acknowledged, acknowledgement }: BudgetJson, field: string, today: string | undefined): void {
  if (acknowledged && !acknowledgement) {
    throw new PricingError(`${field}.acknowledged`, acknowledged, 'false where there is no acknowledgement', 'Synthesize the app again.');
  }
  const expires = acknowledgement?.expires ?? null;
  if (expires !== null && today !== undefined && isTooFarAhead(expires, today)) {
    throw new PricingError(`${field}.acknowledgement.expires`, expires, `a day that is at most ${MAX_ACCEPTED_DAYS} days after ${today}`, 'Change expires of acknowledge().');
  }
}

/** Returns the findings about models and prices that end. */
function lifecycleOf(report: ReportJson, today: string | undefined): { readonly finding: CheckFinding; readonly severity: Severity | 'off' }[] {
  const found = today === undefined ? [] : lifecycleWarnings(report, today);
  return found.map((finding) => ({ finding, severity: givenSeverity(report, finding) ?? 'warning' }));
}

/** Ids of findings that are computed again from the resources, because a report that contradicts itself must not pass. */
const RECOMPUTED: readonly string[] = [
  MESSAGES.budgetExceeded.id, MESSAGES.budgetAccepted.id, MESSAGES.budgetNear.id, MESSAGES.budgetIncomplete.id, MESSAGES.budgetCoversNothing.id,
  ...Object.values(UNKNOWN_COST_IDS),
];

/** Returns the other errors of synth. A message that the context makes an error fails `check`, too. */
function errorsOfSynth({ findings }: ReportJson, { priceAge: limit }: CheckOptions, failures: readonly CheckFinding[]): CheckFinding[] {
  const judged = [...RECOMPUTED, ...(limit !== undefined && !limit.isDefault ? [MESSAGES.pricesTooOld.id] : [])];
  return findings
    .filter(({ severity, id, path }) => severity === 'error' && !judged.includes(id) && !failures.some((other) => other.id === id && other.path === path))
    .map(({ id, path, message, fix, source }) => ({ id, path, message, fix: fix ?? 'change what the message names, and synthesize the app again', source }));
}

/** Returns the severity of the context for a message about a construct: that of the finding at synth, otherwise that of the app. */
function givenSeverity({ findings, severities = {} }: ReportJson, { id, path }: Pick<CheckFinding, 'id' | 'path'>): Severity | 'off' | undefined {
  const atSynth = findings.find((finding) => finding.id === id && finding.path === path)?.severity;
  return atSynth === 'error' || severities[id] !== undefined ? atSynth ?? severities[id] : undefined;
}

/** Returns the finding of a budget. `check` prints a line for the problem and a line for the remedy, which has each unknown cost of an incomplete budget. */
function budgetFinding({ budget, finding }: BudgetEvaluation): CheckFinding[] {
  if (finding === undefined) return [];
  const { message: { id }, headline, details, fix } = finding;
  return [{ id, path: budget.path, message: headline, fix: id === MESSAGES.budgetIncomplete.id ? sentences(details) : fix, source: null }];
}

function limitFindings({ knownMonthlyUsd }: TotalsJson, limit: Decimal): CheckFinding[] {
  const known = decimal(knownMonthlyUsd);
  if (known.cmp(limit) <= 0) return [];
  return [{
    id: MESSAGES.limitExceeded.id,
    path: '',
    message: overText(known, limit, 'the app'),
    fix: `${LOWER_THE_COST}, or raise --max-monthly-usd`,
    source: null,
  }];
}

function overText(cost: Decimal, limit: Decimal, covers: string): string {
  const [shownCost, shownLimit] = formatUsdApart(cost, limit);
  return `the known costs of ${covers}, ${shownCost} a month, exceed the limit of ${shownLimit} by ${formatUsd(cost.minus(limit))}`;
}

interface PriceAgeFindings {
  readonly failed: readonly CheckFinding[];
  readonly warned: readonly CheckFinding[];
}

/** Judges the age of an estimate, which is that of its oldest used price. If no price was used, judges the price book. */
function priceAge({ resources, priceBook: { asOf } }: ReportJson, limit: NonNullable<CheckOptions['priceAge']>): PriceAgeFindings {
  const used = usedPrices(resources);
  const ofBook: UsedPrice = {
    path: '', what: 'the newest price of the price book', isOwn: false, day: isDay(asOf) ? asOf : undefined, noDay: isDay(asOf) ? undefined : asOf ?? undefined,
  };
  const judged = used.length > 0 ? used : [ofBook];
  const newest = newestPrice([...used, ofBook]);
  if (newest !== undefined && newest.day > limit.today) {
    const text = `the prices are dated in the future: ${newest.what} was confirmed on ${newest.day}, which is after ${limit.today}`;
    const fix = 'correct asOf or confirmed in the price book, or the clock of this machine, and synthesize the app again';
    return { failed: [{ id: MESSAGES.pricesInTheFuture.id, path: newest.path, message: text, fix, source: null }], warned: [] };
  }
  const undated = undatedFindings(judged);
  const sourceOf = (path: string) => resources.find((resource) => resource.path === path)?.source ?? null;
  if (limit.isDefault && newest !== undefined && isTooOld(newest.day, limit)) {
    const text = `${tooOldText(newest.what, newest.day, limit)}. No price that was used is newer`;
    return { failed: [tooOldFinding(newest.path, text, sourceOf(newest.path))], warned: undated };
  }
  const found = tooOldPrices(judged, limit);
  const tooOld = found === undefined ? [] : [tooOldFinding(found.oldest.path, found.text, sourceOf(found.oldest.path))];
  return limit.isDefault ? { failed: [], warned: [...tooOld, ...undated] } : { failed: tooOld, warned: undated };
}

function tooOldFinding(path: string, message: string, source: SourceJson | null): CheckFinding {
  const fix = 'update cdk-bedrock-cost, or make a book of today with `cdk-bedrock-cost prices refresh`, and synthesize the app again. Or raise --max-price-age-days';
  return { id: MESSAGES.pricesTooOld.id, path, message, fix, source };
}

/** Returns one finding for all prices without a day. The user's own rates without a source need no day, unless no price has one. */
function undatedFindings(prices: readonly UsedPrice[]): CheckFinding[] {
  const undated = prices.filter(({ day, noDay }) => day === undefined || noDay !== undefined);
  const [first] = undated.length === prices.length ? undated : undated.filter(({ isOwn }) => !isOwn);
  if (first === undefined) return [];
  const states = first.noDay === undefined ? 'no day' : `${JSON.stringify(first.noDay)}, which is no day of the calendar`;
  const others = prices.length === 1 ? '' : `. ${undated.length} of ${prices.length} prices that were used state none`;
  return [{
    id: MESSAGES.pricesUndated.id,
    path: first.path,
    message: `${first.what} states ${states}: its age is not known${others}`,
    fix: 'give the rates asOf, and synthesize the app again',
    source: null,
  }];
}

interface UnknownFinding {
  readonly policy: (typeof MISSING_PRICE_CHOICES)[number];
  readonly finding: CheckFinding;
}

function unknownFindings(report: ReportJson, budgets: readonly BudgetEvaluation[], options: CheckOptions): UnknownFinding[] {
  const { resources, totals } = report;
  const { onMissingPrice, maxMonthlyUsd } = options;
  const found = resources.flatMap((resource): UnknownFinding[] => {
    const policies = budgets.filter(({ budget }) => isCovered(resource.path, budget)).map(policyOf);
    // An assumed region is sufficient for an estimate that is not compared with a limit.
    const { missingPrices, templateDiffers, regionAssumed, source } = resource;
    const isCompared = policies.length > 0 || maxMonthlyUsd !== undefined;
    const isEstimateOnly = !isCompared && regionAssumed && missingPrices.length === 0 && templateDiffers === undefined;
    const byDefault = isEstimateOnly ? 'warn' : strictest(policies);
    return unknownCosts(resource).map((unknown) => ({
      policy: onMissingPrice ?? givenPolicy(report, unknown) ?? byDefault, finding: missing(unknown, source),
    }));
  });
  // If the total is unknown and no resource has a reason, the cost is still unknown, not $0.
  if (found.length > 0 || totals.monthlyUsd !== null) return found;
  return [{ policy: onMissingPrice ?? 'fail', finding: missing({ path: '', reason: 'the monthly total is unknown', fix: 'synthesize the app again' }, null) }];
}

/** Returns the policy for the severity that the context set for the finding of synth; undefined if it set none. */
function givenPolicy(report: ReportJson, { id, path }: UnknownCost): UnknownFinding['policy'] | undefined {
  const severity = id === undefined ? undefined : givenSeverity(report, { id, path });
  if (severity === undefined) return undefined;
  return severity === 'off' ? 'ignore' : severity === 'error' ? 'fail' : 'warn';
}

/** Returns the policy of a budget. It is never stricter than the severity of the budget's own finding, as at synth. */
function policyOf({ budget, finding }: BudgetEvaluation): string {
  if (budget.onMissingPrice === 'IGNORE') return 'IGNORE';
  return finding?.severity === 'error' ? 'FAIL' : 'WARN';
}

/** Returns the strictest of the policies of several budgets for one cost. A cost that no budget covers fails. */
function strictest(policies: readonly string[]): UnknownFinding['policy'] {
  if (policies.length === 0 || policies.includes('FAIL')) return 'fail';
  return policies.includes('WARN') ? 'warn' : 'ignore';
}

function missing({ path, reason, fix }: UnknownCost, source: SourceJson | null): CheckFinding {
  return { id: MESSAGES.missingPrice.id, path, message: `the cost is unknown, not $0: ${reason}`, fix, source };
}
