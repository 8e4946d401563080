import { oneLine } from './sanitize';
import { INDENT, SummaryLine } from './summary-line';
import { cutStart, textWidth } from './text-table';
import { BudgetJson } from '../cost-report/report-json';
import { BudgetEvaluation } from '../gate/budget-evaluation';
import { Decimal, decimal, percentOf, sum, ZERO } from '../pricing/decimal';
import { formatQuantity, formatUsd } from '../pricing/format';

/** The percentage of the known estimated cost above which the summary shows the cost of monitoring. */
const MONITORING_PERCENT = decimal(5);

const PATH_MIN = 8;
const ESTIMATE = { the: 'the', estimate: 'estimate', is: 'is' } as const;
const ESTIMATES = { the: 'their', estimate: 'estimates', is: 'are' } as const;

/** The cost of monitoring beside the cost that it watches. */
interface Share {
  /** The monthly cost of the monitors. */
  readonly usd: Decimal;
  /** The known monthly cost of what the budget covers. */
  readonly watchedUsd: Decimal;
  /** True if another covered cost is unknown, so that the share of the whole is lower. */
  readonly isPartial: boolean;
}

/** The monitoring of a budget that costs more than 5 % of what it watches. */
export interface CostlyMonitoring extends Share {
  /** The path of the budget. */
  readonly path: string;
}

/** By the path of the budget. */
export type MonitoringByBudget = ReadonlyMap<string, CostlyMonitoring>;

/**
 * The budgets whose monitors together cost more than 5 % of the known estimate. For an estimate of $50.00: more than $2.50.
 *
 * With an estimate of $0, every cost is more. A budget of which no cost is known is left out: the share cannot be computed, and its verdict
 * states that the cost is unknown.
 */
export function costlyMonitoring(budgets: readonly BudgetJson[], evaluations: readonly BudgetEvaluation[]): MonitoringByBudget {
  const costs = new Map(budgets.map(({ path, guards = [] }) => [path, sum(guards.map((monitor) => decimal(monitor.otherServicesMonthlyUsd)))]));
  return new Map(evaluations.flatMap(({ budget: { path }, judgement: { known, unknown } }) => {
    const usd = costs.get(path) ?? ZERO;
    const isPartial = unknown.length > 0;
    const isNotable = usd.cmp(percentOf(MONITORING_PERCENT, known)) > 0 && !(isPartial && known.cmp(ZERO) === 0);
    return isNotable ? [[path, { path, usd, watchedUsd: known, isPartial }]] : [];
  }));
}

/** The line below the row of a budget. */
export function monitoringLine(costly: CostlyMonitoring, width: number): SummaryLine {
  const cost = `${INDENT.repeat(2)}monitoring costs ${formatUsd(costly.usd)} a month, `;
  const whole = cost + shareText(costly, ESTIMATE);
  return { text: textWidth(whole) <= width || isZero(costly) ? whole : cost + sharePercent(costly) };
}

/** One line for all budgets, where a line for each does not fit. */
export function monitoringOfAllLine(all: readonly CostlyMonitoring[], width: number): SummaryLine {
  const total: Share = {
    usd: sum(all.map(({ usd }) => usd)),
    watchedUsd: sum(all.map(({ watchedUsd }) => watchedUsd)),
    isPartial: all.some(({ isPartial }) => isPartial),
  };
  const start = `${INDENT}monitoring of `;
  const end = ` costs ${formatUsd(total.usd)} a month, ${shareText(total, all.length === 1 ? ESTIMATE : ESTIMATES)}`;
  const budgets = all.length === 1 ? cutStart(oneLine(all[0].path), Math.max(PATH_MIN, width - textWidth(start + end))) : `${all.length} budgets`;
  return { text: start + budgets + end };
}

/** The share of the estimate, or of several, as the end of a sentence. */
function shareText(share: Share, { the, estimate, is }: typeof ESTIMATE | typeof ESTIMATES): string {
  return isZero(share) ? `${the} ${estimate} ${is} $0.00` : `${sharePercent(share)} of ${the} ${share.isPartial ? 'known ' : ''}${estimate}`;
}

function isZero({ watchedUsd }: Share): boolean {
  return watchedUsd.cmp(ZERO) === 0;
}

/** With a digit, rounded up: above 5 % is never 5 %. */
function sharePercent({ usd, watchedUsd }: Share): string {
  return `${formatQuantity(Math.ceil(usd.times(decimal(1000)).div(watchedUsd).toNumber()) / 10)} %`;
}
