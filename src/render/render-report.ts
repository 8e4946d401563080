import { commitmentText, count, isPositive, monthText, priceChangeLines, priceDateText, rangeText } from './cost-lines';
import { priceDatesOfResources } from './price-basis';
import { markdownText, oneLine } from './sanitize';
import { Column, markdownList, markdownParagraphs, markdownTable, textTable } from './text-table';
import { coverageText } from './usage-coverage';
import { BudgetJson, FindingJson, ReportJson, ResourceJson, StackJson, TotalsJson } from '../cost-report/report-json';
import { sentence } from '../input/sentence';
import { MESSAGES } from '../messages';
import { LineItemJson } from '../pricing/estimate';
import { formatMonthly, formatQuantity, formatShare, formatUnitPrice, formatUsd, formatUsdApart, formatUsdOrUnknown } from '../pricing/format';

// The amounts are first. A narrow terminal wraps the last columns, which are in the message of the resource, too.
const RESOURCE_COLUMNS: readonly Column[] = [
  { title: 'Resource' }, { title: 'Monthly cost', align: 'right' }, { title: 'Largest line' }, { title: 'Unit cost' },
  { title: 'Model' }, { title: 'Billing' },
];
const BUDGET_COLUMNS: readonly Column[] = [
  { title: 'Budget' }, { title: 'Covers' }, { title: 'Estimated', align: 'right' }, { title: 'Limit', align: 'right' },
  { title: 'Used', align: 'right' }, { title: 'Status' },
];

const LINE_ITEM_COLUMNS: readonly Column[] = [
  { title: 'Resource' }, { title: 'Line' }, { title: 'Quantity', align: 'right' }, { title: 'Price' }, { title: 'Cost', align: 'right' },
  { title: 'Share', align: 'right' }, { title: 'Price of' },
];

const MONITOR_COLUMNS: readonly Column[] = [
  { title: 'Monitor' }, { title: 'Cost', align: 'right' }, { title: 'Detection delay' }, { title: 'Stack' }, { title: 'Budget' },
];

/** Renders the table of a stack, as `cdk synth` prints it: a row for each resource, the total, and the unknown costs. */
export function renderStackTable(stack: StackJson, resources: readonly ResourceJson[], priceChanges: readonly string[] = []): string {
  const dates = priceDatesOfResources(resources);
  return [...stackTable(stack, resources), ...priceChangeLines(priceChanges), priceDateText(dates, priceChanges)].join('\n');
}

function stackTable(stack: StackJson, resources: readonly ResourceJson[]): string[] {
  const rows = resources.map((resource) => resourceCells(resource, stack.path));
  return [
    oneLine(`Amazon Bedrock in ${stack.path || 'the app'} (${stackRegion(stack, resources)})`),
    ...textTable(RESOURCE_COLUMNS, rows, [['Total', formatMonthly(stack), '', '', '', '']]),
    ...totalsLines(stack),
    ...resources.flatMap((resource) => missingLines(resource, stack.path)),
    ...derivedLines(resources, stack.path),
  ];
}

function stackRegion({ region }: StackJson, resources: readonly ResourceJson[]): string {
  const assumed = resources.find(({ regionAssumed }) => regionAssumed)?.region;
  return region ?? (assumed ? `no region; prices of ${assumed}` : 'region not known at synth');
}

/** Path without the path of its stack, which is in the heading. */
function pathBelow(path: string, stack: string): string {
  return path.startsWith(`${stack}/`) ? path.slice(stack.length + 1) : path;
}

function resourceCells(resource: ResourceJson, stack: string): string[] {
  const { path, type, model, largestLine, unitCosts } = resource;
  return [
    pathBelow(path, stack),
    formatMonthly(resource),
    largestLine ? `${largestLine.description} (${largestLine.sharePercent} %)` : '-',
    unitCosts.length > 0 ? unitCosts.map(({ unit, usd }) => `${formatUsd(usd)} per ${unit}`).join(', ') : '-',
    model ?? '-',
    type,
  ];
}

function totalsLines(totals: TotalsJson): string[] {
  const { oneTimeUsd, commitmentUsd, otherServicesMonthlyUsd, monthlyUsd, lowMonthlyUsd, highMonthlyUsd } = totals;
  return [
    ...(lowMonthlyUsd !== monthlyUsd || highMonthlyUsd !== monthlyUsd ? rangeText(lowMonthlyUsd, highMonthlyUsd) : []),
    ...(commitmentUsd === null || isPositive(commitmentUsd) ? [commitmentText(commitmentUsd, 0)] : []),
    ...(oneTimeUsd === null || isPositive(oneTimeUsd) ? [`paid once: ${formatUsdOrUnknown(oneTimeUsd)}`] : []),
    ...(isPositive(otherServicesMonthlyUsd)
      ? [`other AWS services for it: about ${formatUsd(otherServicesMonthlyUsd)} a month, not in the total`]
      : []),
  ];
}

function missingLines({ path, missingPrices }: ResourceJson, stack: string): string[] {
  return missingPrices.map(({ description, hint, nearestModels }) =>
    oneLine(`${pathBelow(path, stack)}: ${description}; ${hint}${nearestModels.length > 0 ? `; nearest names: ${nearestModels.join(', ')}` : ''}`));
}

/** Renders derived prices: each rule once, with the resources that it prices; then the rules that only a slow or busy month needs. */
function derivedLines(resources: readonly ResourceJson[], stack: string): string[] {
  const byRule = new Map<string, string[]>();
  for (const { path, lineItems } of resources) {
    const rules = new Set(lineItems.flatMap(({ derived }) => derived ?? []));
    for (const rule of rules) byRule.set(rule, [...(byRule.get(rule) ?? []), pathBelow(path, stack)]);
  }
  return [
    ...[...byRule].map(([rule, paths]) => `derived, not published: ${rule} (${paths.join(', ')})`),
    ...resources.flatMap(({ path, assumptions }) => assumptions
      .filter((assumption) => /^in a (slow|busy) month: .*\bderived\b/.test(assumption))
      .map((assumption) => `${pathBelow(path, stack)}: ${assumption}`)),
  ].map(oneLine);
}

function budgetCells({ path, covers, estimatedUsd, limitUsd, status, enforcement, acknowledged }: BudgetJson, { findings }: ReportJson): string[] {
  const isIncomplete = findings.some((finding) => finding.path === path && finding.id === MESSAGES.budgetIncomplete.id);
  const accepted = isIncomplete && status === 'over' ? 'acknowledged except for unknown costs' : 'acknowledged';
  const state = [status, ...(acknowledged ? [accepted] : []), ...(status === 'over' ? [enforcement] : [])].join(', ');
  return [path, covers || 'the app', ...formatUsdApart(estimatedUsd, limitUsd), formatShare(estimatedUsd, limitUsd), state];
}

function monitorRows(budgets: readonly BudgetJson[]): string[][] {
  return budgets.flatMap(({ path, monitors = [] }) => monitors.map(({ part, stack, delay, otherServicesMonthlyUsd }) =>
    [part, `${formatUsd(otherServicesMonthlyUsd)} a month`, delay, stack || 'the app', path]));
}

/** Findings that require a change. */
function openFindings({ findings }: ReportJson): readonly FindingJson[] {
  return findings.filter(({ severity }) => severity !== 'info');
}

/** Findings for information, without the status of budgets, which is in the tables. */
function openNotes({ findings }: ReportJson): readonly FindingJson[] {
  return findings.filter(({ severity, id }) => severity === 'info' && id !== MESSAGES.budgetNear.id);
}

function findingLines({ id, severity, path, message, fix, source }: FindingJson): string[] {
  return [
    `${severity} ${id} at ${path || 'the app'}${source ? ` (${source.file}:${source.line})` : ''}:`,
    ...message.split('\n').map((line) => `  ${line}`),
    ...(fix === null ? [] : [`  ${fix}`]),
  ].map((line) => line.match(/^ */)![0] + oneLine(line.trim()));
}

function findingParagraph(finding: FindingJson): string {
  const [place, ...lines] = findingLines({ ...finding, message: inOneParagraph(finding.message) });
  return [place, ...lines.map((line) => line.trim())].join(' ');
}

/** Joins a headline and its details, which are on several lines, as sentences. */
function inOneParagraph(message: string): string {
  const [headline, ...details] = message.split('\n').map((line) => line.trim());
  return details.length === 0 ? headline : `${sentence(headline)} ${sentence(details.join('; '))}`;
}

/** Renders the cost of a synthesized app as text: the stacks, the total, the budgets and the findings. */
export function renderReportTable(report: ReportJson): string {
  const { stacks, resources, budgets, totals, priceBook: { changes = [] } } = report;
  const monitors = monitorRows(budgets);
  const sections = [
    ...priceChangeLines(changes).map((line) => [line]),
    ...stacks.map((stack) => stackTable(stack, resources.filter((resource) => resource.stack === stack.path))),
    [`Total of ${count(stacks.length, 'stack')}: ${monthText(totals)}`, ...totalsLines(totals)],
    ...(budgets.length > 0 ? [textTable(BUDGET_COLUMNS, budgets.map((budget) => budgetCells(budget, report)))] : []),
    ...(monitors.length > 0 ? [textTable(MONITOR_COLUMNS, monitors)] : []),
    ...openFindings(report).map(findingLines),
    ...coverageSection(report),
    [priceDateText(priceDatesOfResources(resources), changes)],
  ];
  return `${sections.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

/** Renders the cost of a synthesized app as Markdown. The assembly has this file beside the JSON. */
export function renderReportMarkdown(report: ReportJson): string {
  const { stacks, resources, budgets, totals, priceBook: { changes = [] } } = report;
  const findings = openFindings(report);
  const notes = openNotes(report);
  const monitors = monitorRows(budgets);
  const byStack = new Map<string, ResourceJson[]>(stacks.map(({ path }) => [path, []]));
  for (const resource of resources) byStack.get(resource.stack)?.push(resource);
  return [
    '# Estimated monthly cost of Amazon Bedrock', '',
    `**${monthText(totals)}** in ${count(stacks.length, 'stack')}`, '',
    ...markdownParagraphs(priceChangeLines(changes)),
    ...markdownList(totalsLines(totals)),
    ...stacks.flatMap((stack) => markdownStack(stack, byStack.get(stack.path)!)),
    ...(budgets.length > 0 ? ['## Budgets', '', ...markdownTable(BUDGET_COLUMNS, budgets.map((budget) => budgetCells(budget, report).map(markdownText))), ''] : []),
    ...(monitors.length > 0 ? [...markdownTable(MONITOR_COLUMNS, monitors.map((cells) => cells.map(markdownText))), ''] : []),
    ...(findings.length > 0 ? ['## To do', '', ...markdownList(findings.map(findingParagraph))] : []),
    ...(notes.length > 0 ? ['## Notes', '', ...markdownList(notes.map(({ path, message }) => `${path || 'the app'}: ${inOneParagraph(message)}`))] : []),
    ...markdownCoverage(report),
    markdownText(priceDateText(priceDatesOfResources(resources), changes)), '',
  ].join('\n');
}

/** Renders the coverage of the uses of Amazon Bedrock, and the code that prices those without a price. */
function coverageSection({ coverage, unpriced = [] }: ReportJson): string[][] {
  if (coverage === undefined) return [];
  return [[`${coverageText(coverage)}.`, ...unpriced.flatMap(({ path, suggestion }) => [`  ${oneLine(path)}`, ...(suggestion === null ? [] : [`    ${oneLine(suggestion)}`])])]];
}

function markdownCoverage({ coverage, unpriced = [] }: ReportJson): string[] {
  if (coverage === undefined) return [];
  return [
    '## Uses of Amazon Bedrock', '', `${coverageText(coverage)}.`, '',
    ...markdownList(unpriced.map(({ path, suggestion }) => (suggestion === null ? path : `${path}: ${suggestion}`))),
  ];
}

function markdownStack(stack: StackJson, resources: readonly ResourceJson[]): string[] {
  const rows = resources.map((resource) => resourceCells(resource, stack.path).map(markdownText));
  return [
    `## ${markdownText(stack.path || 'The app')} (${markdownText(stackRegion(stack, resources))})`, '',
    ...markdownTable(RESOURCE_COLUMNS, [...rows, ['**Total**', `**${formatMonthly(stack)}**`, '', '', '', '']]), '',
    ...markdownList([
      ...totalsLines(stack), ...resources.flatMap((resource) => missingLines(resource, stack.path)), ...derivedLines(resources, stack.path),
    ]),
    ...lineItemTable(stack, resources),
    ...markdownList(resources.flatMap(({ path, assumptions }) => assumptions.map((assumption) => `${pathBelow(path, stack.path)}: ${assumption}`))),
  ];
}

/** Renders the table of line items: quantity x price. */
function lineItemTable(stack: StackJson, resources: readonly ResourceJson[]): string[] {
  const rows = resources.flatMap((resource) => {
    const name = markdownText(pathBelow(resource.path, stack.path));
    return markdownCells(resource).map((cells) => [name, ...cells]);
  });
  return rows.length === 0 ? [] : [...markdownTable(LINE_ITEM_COLUMNS, rows), ''];
}

const knownCells = new WeakMap<readonly LineItemJson[], readonly (readonly string[])[]>();

/** Returns the cells of each line of a resource. Resources with equal usage share their lines, whose cells are rendered once. */
function markdownCells(resource: ResourceJson): readonly (readonly string[])[] {
  const { lineItems } = resource;
  const cells = knownCells.get(lineItems) ?? lineItems.map((line) => lineItemCells(line, resource).map(markdownText));
  knownCells.set(lineItems, cells);
  return cells;
}

function lineItemCells({ description, quantity, unit, unitPriceUsd, usd, oneTime, asOf }: LineItemJson, { knownMonthlyUsd }: ResourceJson): string[] {
  const share = oneTime ? 'once' : formatShare(usd, knownMonthlyUsd);
  return [description, formatQuantity(quantity), `${formatUnitPrice(unitPriceUsd)} per ${unit}`, formatUsd(usd), share, asOf ?? '-'];
}
