import { alternativeJson, optionJson } from './comparison-json';
import { noteLines, splitBreakEven, optionNotes } from './comparison-notes';
import { missingPriceText, monthText, placeText, priceChangeLines, priceDateText } from './cost-lines';
import { PriceBasis, priceBookJson } from './price-basis';
import { jsonText, markdownText, oneLine } from './sanitize';
import { Column, markdownList, markdownParagraphs, markdownTable, textTable, wrap } from './text-table';
import { savingOf } from '../pricing/comparison/candidate';
import { CostComparison, PurchaseOption } from '../pricing/comparison/comparison';
import { ZERO } from '../pricing/decimal';
import { CostEstimate } from '../pricing/estimate';
import { formatQuantity, formatUsd } from '../pricing/format';
import { modelFacts } from '../pricing/price-book/model-catalog';
import { priceDateFields, PriceDates, priceDatesOf } from '../pricing/price-book/price-dates';
import { WorkloadComparison } from '../usage-file/compare-usage-file';

/** Renders comparisons as JSON: exact decimal texts, null for unknown values. */
export function renderComparisonJson(workloads: readonly WorkloadComparison[], { asOf, changes }: PriceBasis): string {
  const comparisons = workloads.map(({ name, type, model, region, comparison }) => ({
    name,
    type,
    model,
    region,
    soldInOneWay: comparison === undefined,
    current: comparison ? optionJson(comparison.current, comparison) : null,
    options: comparison?.options.map((option) => optionJson(option, comparison)) ?? [],
    otherModels: comparison?.otherModels.map((other) => alternativeJson(other, comparison)) ?? [],
    notPriced: comparison?.notPriced ?? [],
    notAvailable: comparison?.notAvailable ?? [],
    assumptions: comparison?.assumptions ?? [],
  }));
  const dates = priceDateFields(datesOfComparisons(workloads));
  return jsonText({ schemaVersion: '1', currency: 'USD', priceBook: priceBookJson({ asOf, changes }), ...dates, comparisons });
}

/** Dates of all compared prices. */
function datesOfComparisons(workloads: readonly WorkloadComparison[]): PriceDates {
  return priceDatesOf(workloads.flatMap(({ comparison }) => comparison === undefined ? []
    : [comparison.current, ...comparison.options, ...comparison.otherModels].flatMap(({ estimate }) => estimate.lineItems)));
}

const OPTION_COLUMNS: readonly Column[] = [
  { title: '#', align: 'right' }, { title: 'Billing' }, { title: 'Monthly cost', align: 'right' },
  { title: 'Saving', align: 'right' }, { title: '%', align: 'right' }, { title: 'Break-even' },
];
const MODEL_COLUMNS: readonly Column[] = [
  { title: 'Model' }, { title: 'Name' }, { title: 'Monthly cost', align: 'right' }, { title: 'Saving', align: 'right' }, { title: '%', align: 'right' },
];

/** Renders the options of each workload as a table, lowest cost first, with their trade-offs; then other models. */
export function renderComparisonTable(workloads: readonly WorkloadComparison[], { changes }: PriceBasis): string {
  return [...priceChangeLines(changes), ...workloads.flatMap((workload) => [...comparisonLines(workload), '']), ...wrap('', priceDateText(datesOfComparisons(workloads), changes)), ''].join('\n');
}

function comparisonLines(workload: WorkloadComparison): string[] {
  const { comparison } = workload;
  if (comparison === undefined) return [oneLine(`${comparisonHeading(workload)}: no other purchase option`)];
  const { otherModels } = comparison;
  const notes = optionNotes(comparison);
  return [
    oneLine(comparisonHeading(workload)),
    '',
    ...textTable(OPTION_COLUMNS, comparison.options.map((option, i) => optionCells(option, i, comparison))),
    ...(notes.length === 0 ? [] : ['', 'Trade-offs:', ...noteLines(notes)]),
    ...(otherModels.length === 0 ? [] : ['', ...wrap('', modelsTitle(workload)), '', ...textTable(MODEL_COLUMNS, modelRows(comparison))]),
    ...furtherLines(comparison).flatMap((line, i) => [...(i === 0 ? [''] : []), ...wrap('', line)]),
  ];
}

function comparisonHeading({ name, comparison, ...place }: WorkloadComparison): string {
  const cost = comparison === undefined ? '' : `: ${monthText(comparison.current.estimate._toJson())} currently`;
  return `${name}${cost}  [${placeText(place)}]`;
}

function optionCells(option: PurchaseOption, index: number, { current }: CostComparison): string[] {
  const { name, estimate, isCurrent, breakEven = '' } = option;
  return [
    String(index + 1),
    marked(name, isDerived(estimate) ? ['derived'] : []),
    estimateText(estimate),
    ...(isCurrent ? ['current', ''] : savingCells(current.estimate, estimate)),
    splitBreakEven(breakEven).point,
  ];
}

/** Renders a name with its marks: `Nova Lite (derived)`. The marks are in the row, in addition to the note below. */
function marked(name: string, marks: readonly string[]): string {
  return marks.length === 0 ? name : `${name} (${marks.join(', ')})`;
}

function isDerived(estimate: CostEstimate): boolean {
  return estimate.lineItems.some(({ derived }) => derived !== undefined);
}

/** Renders `$900.00`, `at least $9,548.40` or `unknown`. An unknown cost is never shown as $0. */
function estimateText(estimate: CostEstimate): string {
  if (estimate._monthly) return formatUsd(estimate._monthly);
  return estimate._knownMonthly.cmp(ZERO) > 0 ? `at least ${formatUsd(estimate._knownMonthly)}` : 'unknown';
}

function savingCells(current: CostEstimate, other: CostEstimate): string[] {
  const saving = savingOf(current, other);
  if (saving === undefined) return ['-', '-'];
  return [formatUsd(saving.usd), saving.percent === undefined ? '-' : savingPercentText(saving.percent)];
}

/** Renders the percentage of a saving, cut at a hundred times the cost, from which the exact percentage is not useful. */
function savingPercentText(percent: string): string {
  if (Number(percent) < -9_999) return '< -9,999 %';
  return `${percent.startsWith('-') ? '-' : ''}${formatQuantity(percent.replace(/^-/, ''))} %`;
}

function modelsTitle({ model, region, type }: WorkloadComparison): string {
  const provider = model === null ? undefined : modelFacts(model)?.provider;
  const how = type === 'batch' ? 'in batch' : 'on demand, standard tier';
  return `Other models of ${provider} callable from ${region} (${how}); by cost only, not by quality`;
}

function modelRows({ current, otherModels }: CostComparison): string[][] {
  return otherModels.map(({ modelId, name, estimate }) => [
    modelId,
    marked(name, isDerived(estimate) ? ['derived'] : []),
    estimateText(estimate),
    ...savingCells(current.estimate, estimate),
  ]);
}

function furtherLines({ notPriced, notAvailable, assumptions, current }: CostComparison): string[] {
  return [
    ...current.estimate.missingPrices.map(missingPriceText),
    ...(notPriced.length > 0 ? [`no price in the book: ${notPriced.join(', ')}`] : []),
    ...notAvailable.map((option) => `not available: ${option}`),
    ...assumptions.map((assumption) => `assumed: ${assumption}`),
  ];
}

/** Renders comparisons as Markdown. */
export function renderComparisonMarkdown(workloads: readonly WorkloadComparison[], { changes }: PriceBasis): string {
  const changed = markdownParagraphs(priceChangeLines(changes));
  return ['# Purchase options of Amazon Bedrock', '', ...changed, ...workloads.flatMap(markdownComparison), markdownText(priceDateText(datesOfComparisons(workloads), changes)), ''].join('\n');
}

function markdownComparison(workload: WorkloadComparison): string[] {
  const { comparison } = workload;
  const title = `## ${markdownText(comparisonHeading(workload))}`;
  if (comparison === undefined) return [title, '', 'No other purchase option.', ''];
  const rows = comparison.options.map((option, i) =>
    optionCells(option, i, comparison).map((cell) => (option.isCurrent && cell !== '' ? `**${markdownText(cell)}**` : markdownText(cell))));
  const models = modelRows(comparison).map((row) => row.map(markdownText));
  return [
    title, '',
    ...markdownTable(OPTION_COLUMNS, rows), '',
    ...markdownList(optionNotes(comparison).map(({ numbers, text }) => `${numbers}: ${text}`)),
    ...(models.length === 0 ? [] : [`${markdownText(modelsTitle(workload))}:`, '', ...markdownTable(MODEL_COLUMNS, models), '']),
    ...markdownList(furtherLines(comparison)),
  ];
}
