import { inTheFutureText, PriceAgeLimit, tooOldText } from './price-age';
import { BudgetJson, ReportJson, ResourceJson, SourceJson, TotalsJson } from './report-json';
import { isDay } from '../pricing/book/day';
import { decimal, Decimal, sum, toText } from '../pricing/decimal';
import { PricingError } from '../pricing/error';
import { formatUsd } from '../pricing/format';

/** The ids of what the gate finds. They are public and stand in the registry of messages (src/messages.ts). */
export const CHECK_IDS = {
  budgetExceeded: 'bedrock-cost-budget-exceeded',
  budgetNear: 'bedrock-cost-budget-near',
  limitExceeded: 'bedrock-cost-limit-exceeded',
  missingPrice: 'bedrock-cost-missing-price',
  pricesTooOld: 'bedrock-cost-prices-too-old',
  pricesInTheFuture: 'bedrock-cost-prices-in-the-future',
  pricesUndated: 'bedrock-cost-prices-undated',
} as const;

export const MISSING_PRICE_CHOICES = ['fail', 'warn', 'ignore'] as const;

export interface CheckOptions {
  /** The limit on the known monthly cost of the whole report, as a decimal text. */
  readonly maxMonthlyUsd?: string;
  /** What a price that is missing does. */
  readonly onMissingPrice: (typeof MISSING_PRICE_CHOICES)[number];
  /** The day, and how old the prices may be on it; left out: their age is not judged. */
  readonly priceAge?: PriceAgeLimit;
}

export interface CheckFinding {
  readonly id: string;
  /** The construct path of the budget or resource; empty for the whole app. */
  readonly path: string;
  readonly message: string;
  readonly fix: string;
  readonly source: SourceJson | null;
}

export interface CheckResult {
  readonly schemaVersion: '1';
  readonly passed: boolean;
  readonly failures: readonly CheckFinding[];
  readonly warnings: readonly CheckFinding[];
  readonly totals: TotalsJson;
}

/**
 * Judges a report: its own budgets always, the limit given here, prices that are missing, and their age. Pure: no file, no
 * clock.
 *
 * @throws if the report contradicts itself: its total is judged, so it has to be the sum of its resources
 */
export function checkReport(report: ReportJson, options: CheckOptions): CheckResult {
  requireSum(report);
  const failures: CheckFinding[] = [];
  const warnings: CheckFinding[] = [];
  for (const budget of report.budgets) {
    if (isOver(budget)) (isExcused(budget) ? warnings : failures).push(exceeded(budget));
    else if (budget.status === 'near') warnings.push(near(budget));
  }
  if (options.maxMonthlyUsd !== undefined) failures.push(...limitFindings(report.totals, decimal(options.maxMonthlyUsd)));
  if (options.onMissingPrice !== 'ignore') (options.onMissingPrice === 'fail' ? failures : warnings).push(...missingPrices(report));
  if (options.priceAge !== undefined) {
    const { failed, warned } = priceAge(report, options.priceAge);
    failures.push(...failed);
    warnings.push(...warned);
  }
  return { schemaVersion: '1', passed: failures.length === 0, failures, warnings, totals: report.totals };
}

function requireSum({ totals, resources }: ReportJson): void {
  const known = sum(resources.map(({ knownMonthlyUsd }) => decimal(knownMonthlyUsd)));
  if (known.cmp(decimal(totals.knownMonthlyUsd)) === 0) return;
  throw new PricingError('totals.knownMonthlyUsd', totals.knownMonthlyUsd, `${JSON.stringify(toText(known))}, the sum over the resources; synthesize the app again`);
}

/** The status says it, or else the amounts do: a report that contradicts itself must not pass. */
function isOver({ status, estimatedUsd, limitUsd }: BudgetJson): boolean {
  return status === 'over' || decimal(estimatedUsd).cmp(decimal(limitUsd)) > 0;
}

function isExcused({ enforcement, acknowledged }: BudgetJson): boolean {
  return acknowledged || enforcement.toUpperCase() === 'WARN';
}

function exceeded({ path, covers, estimatedUsd, limitUsd, enforcement, acknowledged }: BudgetJson): CheckFinding {
  const excuse = acknowledged ? '; it is acknowledged' : enforcement.toUpperCase() === 'WARN' ? '; its enforcement is WARN' : '';
  return {
    id: CHECK_IDS.budgetExceeded,
    path,
    message: `${overText(decimal(estimatedUsd), decimal(limitUsd), covers || 'the app')}${excuse}`,
    fix: 'lower the usage, choose a cheaper way to buy it, raise monthlyLimitUsd, or acknowledge it with a reason',
    source: null,
  };
}

function near({ path, covers, estimatedUsd, limitUsd }: BudgetJson): CheckFinding {
  return {
    id: CHECK_IDS.budgetNear,
    path,
    message: `the known costs of ${covers || 'the app'}, ${formatUsd(estimatedUsd)} a month, are near the limit of ${formatUsd(limitUsd)}`,
    fix: 'nothing to do yet',
    source: null,
  };
}

function limitFindings({ knownMonthlyUsd }: TotalsJson, limit: Decimal): CheckFinding[] {
  const known = decimal(knownMonthlyUsd);
  if (known.cmp(limit) <= 0) return [];
  return [{
    id: CHECK_IDS.limitExceeded,
    path: '',
    message: overText(known, limit, 'the app'),
    fix: 'lower the usage, choose a cheaper way to buy it, or raise --max-monthly-usd',
    source: null,
  }];
}

/** With the excess in full where rounding would hide it. */
function overText(cost: Decimal, limit: Decimal, covers: string): string {
  const shown = formatUsd(cost) === formatUsd(limit) ? [`$${toText(cost)}`, `$${toText(limit)}`] : [formatUsd(cost), formatUsd(limit)];
  return `the known costs of ${covers}, ${shown[0]} a month, exceed the limit of ${shown[1]} by ${formatUsd(cost.minus(limit))}`;
}

/** By the newest price, so that a book is not too old for a single old rate of it. */
function priceAge({ priceBook: { asOf } }: ReportJson, limit: PriceAgeLimit): { readonly failed: CheckFinding[]; readonly warned: CheckFinding[] } {
  const finding = (id: string, message: string, fix: string): CheckFinding => ({ id, path: '', message, fix, source: null });
  if (!isDay(asOf)) {
    const states = asOf === null || asOf === undefined ? 'no day' : `${JSON.stringify(asOf)}, which is no day of the calendar`;
    return {
      failed: [],
      warned: [finding(CHECK_IDS.pricesUndated, `the price book states ${states}: how old its prices are is not known`, 'give its rates asOf, and synthesize the app again')],
    };
  }
  const future = inTheFutureText(asOf, limit);
  if (future !== undefined) {
    return { failed: [finding(CHECK_IDS.pricesInTheFuture, future, 'correct asOf in the price book, or the clock of this machine, and synthesize the app again')], warned: [] };
  }
  const text = tooOldText(asOf, limit);
  const fix = 'update cdk-bedrock-cost, or make a book of today with `cdk-bedrock-cost prices refresh`, and synthesize the app again; or raise --max-price-age-days';
  return { failed: text === undefined ? [] : [finding(CHECK_IDS.pricesTooOld, text, fix)], warned: [] };
}

function missingPrices({ resources, totals }: ReportJson): CheckFinding[] {
  const found = resources.flatMap(missingPricesOf);
  // Somebody's total is not known although no resource says why: still not $0.
  return found.length === 0 && totals.monthlyUsd === null ? [missing('', 'the monthly total is unknown', 'synthesize the app again', null)] : found;
}

function missingPricesOf(resource: ResourceJson): CheckFinding[] {
  const { path, missingPrices: prices, source, monthlyUsd } = resource;
  if (prices.length === 0 && monthlyUsd === null) return [missing(path, 'the monthly cost is unknown', 'synthesize the app again', source)];
  return prices.map(({ description, hint, nearestModels }) => {
    const nearest = nearestModels.length > 0 ? `; nearest names: ${nearestModels.join(', ')}` : '';
    return missing(path, `the cost is unknown, not $0: ${description}`, `${hint}${nearest}`, source);
  });
}

function missing(path: string, message: string, fix: string, source: SourceJson | null): CheckFinding {
  return { id: CHECK_IDS.missingPrice, path, message, fix, source };
}
