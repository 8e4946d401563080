import { oneLine } from './sanitize';
import { INDENT, SummaryLine } from './summary-line';
import { cutStart, textWidth } from './text-table';
import { BudgetJson } from '../cost-report/report-json';
import { BudgetEvaluation } from '../gate/budget-evaluation';
import { Decimal, decimal, percentOf, sum, ZERO } from '../pricing/decimal';
import { formatQuantity, formatUsd } from '../pricing/format';

/** Percentage of the known estimated cost above which the summary shows the cost of monitoring. */
const MONITORING_PERCENT = decimal(5);

const PATH_MIN = 8;
const ESTIMATE = { the: 'the', estimate: 'estimate', is: 'is' } as const;
const ESTIMATES = { the: 'their', estimate: 'estimates', is: 'are' } as const;

/** Cost of monitoring, and the monitored cost. */
interface Share {
  /** Monthly cost of the monitors. */
  readonly usd: Decimal;
  /** Known monthly cost of the resources that the budget covers. */
  readonly watchedUsd: Decimal;
  /** True if another covered cost is unknown: the share of the total is lower. */
  readonly isPartial: boolean;
}

/** Monitoring of a budget that costs more than 5 % of the monitored cost. */
export interface CostlyMonitoring extends Share {
  /** Path of the budget. */
  readonly path: string;
}

/** Costly monitoring by the path of the budget. */
export type MonitoringByBudget = ReadonlyMap<string, CostlyMonitoring>;

/**
 * Returns the budgets whose monitors together cost more than 5 % of the known estimate. For an estimate of $50.00: more than $2.50.
 *
 * For an estimate of $0, every cost is more. A budget without a known cost is left out: the share cannot be computed, and its verdict
 * states that the cost is unknown.
 */
export function costlyMonitoring(budgets: readonly BudgetJson[], evaluations: readonly BudgetEvaluation[]): MonitoringByBudget {
  const costs = new Map(budgets.map(({ path, monitors = [] }) => [path, sum(monitors.map((monitor) => decimal(monitor.otherServicesMonthlyUsd)))]));
  return new Map(evaluations.flatMap(({ budget: { path }, judgement: { known, unknown } }) => {
    const usd = costs.get(path) ?? ZERO;
    const isPartial = unknown.length > 0;
    const isNotable = usd.cmp(percentOf(MONITORING_PERCENT, known)) > 0 && !(isPartial && known.cmp(ZERO) === 0);
    return isNotable ? [[path, { path, usd, watchedUsd: known, isPartial }]] : [];
  }));
}

/** Renders the line below the row of a budget. */
export function monitoringLine(costly: CostlyMonitoring, width: number): SummaryLine {
  const cost = `${INDENT.repeat(2)}monitoring costs ${formatUsd(costly.usd)} a month, `;
  const whole = cost + shareText(costly, ESTIMATE);
  return { text: textWidth(whole) <= width || isZero(costly) ? whole : cost + sharePercent(costly) };
}

/** Renders one line for all budgets, if a line for each does not fit. */
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

/** Renders the share of one or several estimates as the end of a sentence. */
function shareText(share: Share, { the, estimate, is }: typeof ESTIMATE | typeof ESTIMATES): string {
  return isZero(share) ? `${the} ${estimate} ${is} $0.00` : `${sharePercent(share)} of ${the} ${share.isPartial ? 'known ' : ''}${estimate}`;
}

function isZero({ watchedUsd }: Share): boolean {
  return watchedUsd.cmp(ZERO) === 0;
}

/** Renders a percentage with one decimal, rounded up: a share above 5 % is never shown as 5 %. */
function sharePercent({ usd, watchedUsd }: Share): string {
  return `${formatQuantity(Math.ceil(usd.times(decimal(1000)).div(watchedUsd).toNumber()) / 10)} %`;
}
