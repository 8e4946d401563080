import {
  commitmentText, count, isPositive, missingPriceLines, priceDateText, rangeText, sumOf, sumOrNull,
} from './cost-lines';
import { alignColumns, Column, markdownTable, markdownText, oneLine, textTable } from './text-table';
import { decimal } from '../pricing/decimal';
import { LineItemJson } from '../pricing/estimate';
import { formatMonthly, formatQuantity, formatShare, formatUnitPrice, formatUsd, formatUsdOrUnknown } from '../pricing/format';
import { WorkloadEstimate } from '../usage-file/estimate-usage-file';

/** What a list of estimates comes to. */
export interface EstimateTotals {
  readonly monthlyUsd: string | null;
  readonly knownMonthlyUsd: string;
  readonly oneTimeUsd: string | null;
  readonly commitmentUsd: string | null;
}

export function estimateTotals(workloads: readonly WorkloadEstimate[]): EstimateTotals {
  const estimates = workloads.map(({ estimate }) => estimate);
  return {
    monthlyUsd: sumOrNull(estimates.map(({ monthlyUsd }) => monthlyUsd)),
    knownMonthlyUsd: sumOf(estimates.map(({ knownMonthlyUsd }) => knownMonthlyUsd)),
    oneTimeUsd: sumOrNull(estimates.map(({ oneTimeUsd }) => oneTimeUsd)),
    commitmentUsd: sumOrNull(estimates.map(({ commitmentUsd }) => commitmentUsd)),
  };
}

/** For programs: exact decimal texts, null where a price is missing. */
export function renderEstimatesJson(workloads: readonly WorkloadEstimate[], asOf: string | null): string {
  const estimates = workloads.map(({ name, type, model, region, estimate, low, high }) => ({
    name,
    type,
    model,
    region,
    monthlyUsd: estimate.monthlyUsd,
    knownMonthlyUsd: estimate.knownMonthlyUsd,
    oneTimeUsd: estimate.oneTimeUsd,
    commitmentUsd: estimate.commitmentUsd,
    ...(low && { lowMonthlyUsd: low.monthlyUsd }),
    ...(high && { highMonthlyUsd: high.monthlyUsd }),
    lineItems: estimate.lineItems,
    assumptions: estimate.assumptions,
    missingPrices: estimate.missingPrices,
  }));
  const totals = estimateTotals(workloads);
  return `${JSON.stringify({ schemaVersion: '1', currency: 'USD', priceBook: { asOf }, totals, estimates }, undefined, 2)}\n`;
}

const LINE_COLUMNS: readonly Pick<Column, 'align'>[] = [
  {}, { align: 'right' }, {}, { align: 'right' }, {}, { align: 'right' }, { align: 'right' }, {},
];
const SUMMARY: readonly Column[] = [
  { title: 'Workload' }, { title: 'Way' }, { title: 'Model' }, { title: 'Region' },
  { title: 'Monthly cost', align: 'right' }, { title: 'Share', align: 'right' },
];

/** For the screen: how each workload's cost comes about, then all of them with their total. */
export function renderEstimatesTable(workloads: readonly WorkloadEstimate[], asOf: string | null): string {
  const totals = estimateTotals(workloads);
  // Aligned over all workloads, so that the amounts stand below each other.
  const aligned = alignColumns(LINE_COLUMNS, workloads.flatMap(lineRows));
  let next = 0;
  const blocks = workloads.flatMap((workload) => {
    const lines = aligned.slice(next, (next += workload.estimate.lineItems.length));
    return [heading(workload), ...[...lines, ...details(workload)].map((line) => `  ${line}`), ''];
  });
  const missing = count(workloads.flatMap(({ estimate }) => estimate.missingPrices).length, 'price is', 'prices are');
  return [
    ...blocks,
    ...textTable(SUMMARY, workloads.map((workload) => summaryCells(workload, totals)), [['Total', '', '', '', formatMonthly(totals), '']]),
    '',
    ...(totals.monthlyUsd === null ? [`${missing} missing, so the total is unknown, not ${formatUsd(totals.knownMonthlyUsd)}.`] : []),
    ...totalLines(totals),
    priceDateText(asOf),
    '',
  ].join('\n');
}

function heading({ name, type, model, region, estimate }: WorkloadEstimate): string {
  const month = estimate.monthlyUsd === null ? '' : ' a month';
  return oneLine(`${name}: ${formatMonthly(estimate)}${month}  [${placeOf(type, model, region)}]`);
}

function placeOf(type: string, model: string | null, region: string | null): string {
  return [type, ...(model === null ? [] : [model]), region ?? 'no region'].join(', ');
}

function lineRows({ estimate }: WorkloadEstimate): string[][] {
  const largest = largestOf(estimate.lineItems);
  return estimate.lineItems.map((line) => [
    line.description, formatQuantity(line.quantity), line.unit, `x ${formatUnitPrice(line.unitPriceUsd)}`, '=', formatUsd(line.usd),
    formatShare(line.usd, estimate.knownMonthlyUsd), line === largest && estimate.lineItems.length > 1 ? '<- largest' : '',
  ]);
}

function largestOf(lines: readonly LineItemJson[]): LineItemJson | undefined {
  return lines.reduce<LineItemJson | undefined>((best, line) => (best && decimal(best.usd).cmp(decimal(line.usd)) >= 0 ? best : line), undefined);
}

/** What else is to be said of a workload, below its lines. */
function details({ estimate, low, high, commitmentMonths }: WorkloadEstimate): string[] {
  return [
    ...estimate.unitCosts.map(({ unit, usd }) => `unit cost: ${formatUsd(usd)} per ${unit}`),
    ...rangeText(low?.monthlyUsd, high?.monthlyUsd),
    ...(estimate.oneTimeUsd === null || isPositive(estimate.oneTimeUsd) ? [`paid once: ${formatUsdOrUnknown(estimate.oneTimeUsd)}`] : []),
    ...(commitmentMonths > 0 ? [commitmentText(estimate.commitmentUsd, commitmentMonths)] : []),
    ...estimate.assumptions.map((assumption) => `assumed: ${oneLine(assumption)}`),
    ...estimate.missingPrices.flatMap(missingPriceLines),
  ];
}

function summaryCells({ name, type, model, region, estimate }: WorkloadEstimate, totals: EstimateTotals): string[] {
  const share = estimate.monthlyUsd === null ? '-' : formatShare(estimate.monthlyUsd, totals.knownMonthlyUsd);
  return [name, type, model ?? '-', region ?? '-', formatMonthly(estimate), share];
}

function totalLines({ oneTimeUsd, commitmentUsd }: EstimateTotals): string[] {
  const line = (what: string, usd: string | null) => (usd === null || isPositive(usd) ? [`${what}: ${formatUsdOrUnknown(usd)}`] : []);
  return [...line('Paid once', oneTimeUsd), ...line('Commitments that cannot be cancelled', commitmentUsd)];
}

/** For pull requests and documents. */
export function renderEstimatesMarkdown(workloads: readonly WorkloadEstimate[], asOf: string | null): string {
  const totals = estimateTotals(workloads);
  const summary = [
    ...workloads.map((workload) => summaryCells(workload, totals).map(markdownText)),
    ['**Total**', '', '', '', `**${formatMonthly(totals)}**`, ''],
  ];
  return [
    '# Estimated monthly cost of Amazon Bedrock', '',
    ...markdownTable(SUMMARY, summary), '',
    ...totalLines(totals).flatMap((line) => [line, '']),
    ...workloads.flatMap(markdownWorkload),
    priceDateText(asOf), '',
  ].join('\n');
}

const MARKDOWN_LINES: readonly Column[] = [
  { title: 'Line' }, { title: 'Quantity', align: 'right' }, { title: 'Unit' }, { title: 'Unit price', align: 'right' },
  { title: 'Monthly cost', align: 'right' }, { title: 'Share', align: 'right' },
];

function markdownWorkload(workload: WorkloadEstimate): string[] {
  const { name, type, model, region, estimate } = workload;
  const rows = estimate.lineItems.map((line) => [
    line.description, formatQuantity(line.quantity), line.unit, formatUnitPrice(line.unitPriceUsd),
    formatUsd(line.usd), formatShare(line.usd, estimate.knownMonthlyUsd),
  ].map(markdownText));
  return [
    `## ${markdownText(name)}`, '',
    `${formatMonthly(estimate)}${estimate.monthlyUsd === null ? '' : ' a month'}: ${markdownText(placeOf(type, model, region))}`, '',
    ...(rows.length > 0 ? [...markdownTable(MARKDOWN_LINES, rows), ''] : []),
    ...details(workload).map((line) => `${line.startsWith('  ') ? '  ' : ''}- ${markdownText(line.trim())}`),
    ...(details(workload).length > 0 ? [''] : []),
  ];
}
