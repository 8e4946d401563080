import { driverText } from './cost-driver';
import { count, isPositive, priceSpanText } from './cost-lines';
import { priceDatesOfResources } from './price-basis';
import { oneLine } from './sanitize';
import { budgetLines } from './summary-budgets';
import { INDENT, SummaryLine, SummaryOptions, widest } from './summary-line';
import { costlyMonitoring, MonitoringByBudget } from './summary-monitoring';
import { alignColumns, Column, cutEnd, cutStart, textWidth } from './text-table';
import { ReportJson, ResourceJson, StackJson, TotalsJson } from '../cost-report/report-json';
import { BudgetEvaluation } from '../gate/budget-evaluation';
import { MESSAGES, Severity } from '../messages';
import { Decimal, decimal, sum } from '../pricing/decimal';
import { formatUsd, formatUsdOrUnknown } from '../pricing/format';

const TITLE = 'Amazon Bedrock, estimated cost a month';
/** Maximum number of lines of a summary: one screen of a terminal. */
const LINES_MAX = 25;
const RESOURCES_MAX = 10;
const UNKNOWN_FIRST = 3;
/** Minimum number of rows for stacks, for budgets and for resources, if all of them are many. */
const RESOURCES_MIN = 3;
const STACKS_MIN = 5;
const BUDGET_LINES_MIN = 8;

/**
 * Renders the summary of a synthesis. The costs are first and the verdicts on the budgets last, at the end of a CI log.
 *
 * @param evaluations the evaluations of the report's budgets
 * @returns at most 25 lines within the requested width
 */
export function renderSummary(given: ReportJson, evaluations: readonly BudgetEvaluation[], options: SummaryOptions): SummaryLine[] {
  const report: ReportJson = { ...given, stacks: byKnownCost(given.stacks), resources: byKnownCost(given.resources) };
  const monitoring = costlyMonitoring(report.budgets, evaluations);
  let lines = layout(report, evaluations, monitoring, options, LINES_MAX);
  // Lines for the numbers of omitted rows are reserved first. If no row is omitted, they are used for rows.
  for (let free = 1; lines.length < LINES_MAX && free < LINES_MAX; free++) {
    const longer = layout(report, evaluations, monitoring, options, LINES_MAX + free);
    if (longer.length > LINES_MAX) break;
    lines = longer;
  }
  return lines;
}

function layout(
  report: ReportJson, evaluations: readonly BudgetEvaluation[], monitoring: MonitoringByBudget, options: SummaryOptions, linesMax: number,
): SummaryLine[] {
  const { width } = options;
  const { stacks, resources } = report;
  const footer = footerLines(report, options);
  const isOneStack = stacks.length === 1;
  // The title, headings, the line for omitted rows, and the total with the sums beside it.
  const fixed = 1 + footer.length + (isOneStack ? 2 : 4) + Math.max(1, besideTotalLines(report, width).length);
  const usual = Math.min(resources.length, RESOURCES_MAX) + Math.min(stacks.length, STACKS_MIN);
  const spare = linesMax - fixed - usual;
  const budgets = budgetLines(evaluations, monitoring, options, { max: Math.max(BUDGET_LINES_MIN, spare), spare });
  const rows = linesMax - fixed - budgets.length;
  const stackRows = isOneStack ? 0 : Math.max(2, Math.min(rows - RESOURCES_MIN, STACKS_MIN), rows - RESOURCES_MAX);
  const costs = [
    ...isOneStack ? [stackTitle(stacks[0], resources)] : stackLines(report, width, stackRows),
    ...costLines(report, width, Math.max(1, Math.min(RESOURCES_MAX, rows - stackRows))),
  ];
  return [{ text: TITLE, mood: 'title' } as const, ...costs.map((text): SummaryLine => ({ text })), ...budgets, ...footer]
    .map((line) => ({ ...line, text: line.isWhole ? line.text : cutEnd(oneLine(line.text), width) }));
}

function stackTitle(stack: StackJson, resources: readonly ResourceJson[]): string {
  return `${stack.path || 'The app'} (${regionText(stack, resources)})`;
}

/** Renders the largest of several stacks, each with its total. */
function stackLines({ stacks, resources }: ReportJson, width: number, max: number): string[] {
  if (stacks.length === 0) return [];
  const region = (stack: StackJson) => regionText(stack, resources.filter((resource) => resource.stack === stack.path));
  const textOf = (stack: StackJson) => [region(stack), ...(stack.monthlyUsd === null ? [atLeast(decimal(stack.knownMonthlyUsd))] : [])].filter((text) => text !== '').join(', ');
  return [
    `${stacks.length} stacks`,
    ...table([...stacks.slice(0, max).map((stack): Cells => [stack.path || 'The app', amountText(stack), textOf(stack)]), ...restRow(stacks.slice(max))], width),
    resources.length > RESOURCES_MAX ? `Largest of ${resources.length} resources` : count(resources.length, 'resource'),
  ];
}

/** Renders the largest resources, each with its cost drivers, and the total. */
function costLines(report: ReportJson, width: number, max: number): string[] {
  const { resources, totals } = report;
  if (resources.length === 0) return [`${INDENT}No cost of Amazon Bedrock is estimated in this app.`];
  const room = driverRoom(report, width);
  const [first = '', ...further] = besideTotalLines(report, width);
  return table([
    ...resources.slice(0, max).map((resource): Cells => [nameOf(resource, report), amountText(resource), driverText(resource, room)]),
    ...restRow(resources.slice(max)),
    ['Total', amountText(totals), first],
    ...further.map((text): Cells => ['', '', text]),
  ], width);
}

/** Name of a resource. If there is only one stack, its path is left out. */
function nameOf({ path }: ResourceJson, { stacks }: ReportJson): string {
  return stacks.length === 1 ? belowStack(path, stacks[0]) : path;
}

/** Width of the last column, beside the largest resources and the total. */
function driverRoom(report: ReportJson, width: number): number {
  const { resources, totals } = report;
  const largest = resources.slice(0, RESOURCES_MAX);
  const last = resources.length > RESOURCES_MAX ? `and ${resources.length} more` : 'Total';
  return roomForText([...largest.map((resource): Cells => [nameOf(resource, report), amountText(resource), '']), [last, amountText(totals), '']], width);
}

/** Region of a stack's prices. */
function regionText({ region }: StackJson, resources: readonly ResourceJson[]): string {
  const assumed = resources.find(({ regionAssumed }) => regionAssumed)?.region;
  return region ?? (assumed ? `no region; prices of ${assumed}` : 'no region');
}

type Cells = readonly [name: string, amount: string, text: string];
const COLUMNS: readonly Pick<Column, 'align'>[] = [{}, { align: 'right' }, {}];

/** Sorts costs: a few unknown costs first, since each may exceed all known ones; then the others, the largest first. */
function byKnownCost<T extends Pick<TotalsJson, 'monthlyUsd' | 'knownMonthlyUsd'>>(costs: readonly T[]): T[] {
  const sorted = costs.map((cost) => ({ cost, known: decimal(cost.knownMonthlyUsd) })).sort((a, b) => b.known.cmp(a.known)).map(({ cost }) => cost);
  const first = new Set(sorted.filter(({ monthlyUsd }) => monthlyUsd === null).slice(0, UNKNOWN_FIRST));
  return [...first, ...sorted.filter((cost) => !first.has(cost))];
}

function restRow(rest: readonly Pick<TotalsJson, 'monthlyUsd' | 'knownMonthlyUsd'>[]): Cells[] {
  if (rest.length === 0) return [];
  const known = sum(rest.map(({ knownMonthlyUsd }) => decimal(knownMonthlyUsd)));
  const isKnown = rest.every(({ monthlyUsd }) => monthlyUsd !== null);
  return [[`and ${rest.length} more`, isKnown ? formatUsd(known) : 'unknown', isKnown ? '' : atLeast(known)]];
}

function atLeast(known: Decimal): string {
  return isPositive(known.toFixed()) ? `at least ${formatUsd(known)}` : '';
}

/** Amount of a row. The known part of an unknown amount is in the text of the row. */
function amountText({ monthlyUsd }: Pick<TotalsJson, 'monthlyUsd'>): string {
  return formatUsdOrUnknown(monthlyUsd);
}

function belowStack(path: string, stack: StackJson | undefined): string {
  return stack?.path && path.startsWith(`${stack.path}/`) ? path.slice(stack.path.length + 1) : path;
}

/** Width of the names in a line. */
function nameWidth(width: number): number {
  return Math.floor(width / 3);
}

function roomForText(rows: readonly Cells[], width: number): number {
  const name = Math.min(nameWidth(width), widest(rows.map(([text]) => text)));
  return roomBeside(rows, width, name);
}

/** Width that remains for a column beside the amounts and another column. */
function roomBeside(rows: readonly Cells[], width: number, other: number): number {
  return Math.max(0, width - INDENT.length - other - 2 - widest(rows.map(([, amount]) => amount)) - 2);
}

/** Renders rows. Names that do not fit are cut at their beginning, since the end distinguishes constructs of a stack. */
function table(rows: readonly Cells[], width: number): string[] {
  const max = Math.max(nameWidth(width), roomBeside(rows, width, widest(rows.map(([, , text]) => text))));
  return alignColumns(COLUMNS, rows.map(([name, ...cells]) => [cutStart(oneLine(name), max), ...cells])).map((line) => INDENT + line);
}

function besideTotalLines(report: ReportJson, width: number): string[] {
  return joined(besideTotal(report), driverRoom(report, width));
}

/** Sums that are not included in the total. */
function besideTotal({ totals, resources }: ReportJson): string[] {
  const { monthlyUsd, knownMonthlyUsd, oneTimeUsd, otherServicesMonthlyUsd, lowMonthlyUsd, highMonthlyUsd } = totals;
  const known = monthlyUsd === null ? atLeast(decimal(knownMonthlyUsd)) : '';
  return [
    ...(known === '' ? [] : [known]),
    ...commitments(totals, resources),
    ...(oneTimeUsd === null || isPositive(oneTimeUsd) ? [`paid once ${formatUsdOrUnknown(oneTimeUsd)}`] : []),
    ...(lowMonthlyUsd !== monthlyUsd ? [`slow month ${formatUsdOrUnknown(lowMonthlyUsd)}`] : []),
    ...(highMonthlyUsd !== monthlyUsd ? [`busy month ${formatUsdOrUnknown(highMonthlyUsd)}`] : []),
    ...(isPositive(otherServicesMonthlyUsd) ? [`plus other AWS services about ${roughUsd(otherServicesMonthlyUsd)}`] : []),
  ];
}

/** Sums that cannot be cancelled, each over its term. The total includes the part of one month. */
function commitments({ commitmentUsd }: TotalsJson, resources: readonly ResourceJson[]): string[] {
  if (commitmentUsd !== null && !isPositive(commitmentUsd)) return [];
  if (commitmentUsd === null) return ['committed unknown'];
  const terms = new Map<number, Decimal[]>();
  for (const { commitment } of resources) {
    if (commitment?.usd) terms.set(commitment.months, [...terms.get(commitment.months) ?? [], decimal(commitment.usd)]);
  }
  const sums = [...terms].sort(([a], [b]) => a - b).map(([months, usd]) => `${formatUsd(sum(usd))} over ${count(months, 'month')}`);
  return [`committed ${sums.length > 0 ? sums.join(' and ') : formatUsd(commitmentUsd)}`];
}

/** Renders an approximate amount: whole dollars from $10. */
function roughUsd(usd: string): string {
  return decimal(usd).cmp(decimal(10)) < 0 ? formatUsd(usd) : formatUsd(decimal(usd).toFixed(0)).replace(/\.00$/, '');
}

/** Joins parts with semicolons, over as many lines as they need. */
function joined(parts: readonly string[], width: number): string[] {
  return parts.reduce<string[]>((lines, part) => {
    const longer = `${lines.at(-1)}; ${part}`;
    return lines.length > 0 && textWidth(longer) <= width ? [...lines.slice(0, -1), longer] : [...lines, part];
  }, []);
}

/** Renders the dates of the prices, their differences from list prices, and the path of the details. */
function footerLines({ resources, findings, priceBook: { changes = [] } }: ReportJson, options: SummaryOptions): SummaryLine[] {
  const { reportFile, refusedStage, width } = options;
  const refused = refusedStage === undefined ? 'the app is refused.' : `stage ${refusedStage} is refused; resources that are created later are not included.`;
  const number = (of: Severity) => findings.filter(({ severity }) => severity === of).length;
  // A budget that is near its limit has a line above.
  const notes = number('info') - findings.filter(({ severity, id }) => severity === 'info' && id === MESSAGES.budgetNear.id).length;
  const counts = ([[number('error'), 'error'], [number('warning'), 'warning'], [notes, 'note']] as const)
    .flatMap(([found, what]) => (found > 0 ? [count(found, what)] : [])).join(', ');
  const details = oneLine(reportFile === undefined ? `No report was written: ${refused}` : `Details${counts && ` (${counts})`}: ${reportFile}`);
  const span = priceSpanText(priceDatesOfResources(resources)).join(' ');
  const isOneLine = span !== '' && textWidth(`${span} ${details}`) <= width;
  return [
    ...(changes.length > 0 ? [{ text: `Changed by you: ${changes.join('; ')}.` }] : []),
    ...(isOneLine ? [] : span === '' ? [] : [{ text: span }]),
    // The path must not be cut, so that it can be opened.
    { text: isOneLine ? `${span} ${details}` : details, isWhole: true },
  ];
}
