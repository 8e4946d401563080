import {
  assumptionsOfMonths, commitmentText, count, isPositive, missingPriceLines, monthText, placeText, priceChangeLines, priceDatesOfMonths,
  priceDateText, rangeText, sumOf, sumOrNull,
} from './cost-lines';
import { PriceBasis, priceBookJson, unusedRateLines } from './price-basis';
import { jsonText, markdownText, oneLine } from './sanitize';
import { alignColumns, Column, markdownParagraphs, markdownTable, textTable } from './text-table';
import { LifecycleFinding, lifecycleFindings } from '../gate/lifecycle';
import { decimal } from '../pricing/decimal';
import { EstimateJson, LineItemJson } from '../pricing/estimate';
import { formatMonthly, formatQuantity, formatShare, formatUnitPrice, formatUsd, formatUsdOrUnknown } from '../pricing/format';
import { priceDateFields, PriceDates } from '../pricing/price-book/price-dates';
import { WorkloadEstimate } from '../usage-file/estimate-usage-file';

/** Totals of a list of estimates. */
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

/** Renders estimates as JSON: exact decimal texts, null for missing prices. It has findings only for a requested day. */
export function renderEstimatesJson(workloads: readonly WorkloadEstimate[], basis: PriceBasis): string {
  const estimates = workloads.map((workload) => estimateJson(workload, findingsOf(workload, basis)));
  const totals = estimateTotals(workloads);
  const dates = priceDateFields(datesOfEstimates(workloads));
  return jsonText({ schemaVersion: '1', currency: 'USD', priceBook: priceBookJson(basis), ...dates, totals, estimates });
}

function estimateJson({ name, type, model, region, estimate, low, high }: WorkloadEstimate, findings: readonly LifecycleFinding[]): object {
  return {
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
    ...priceDateFields(priceDatesOfMonths(estimate, low, high)),
    lineItems: estimate.lineItems,
    assumptions: assumptionsOfMonths(estimate, low, high),
    missingPrices: estimate.missingPrices,
    ...(findings.length > 0 ? { findings: findings.map(({ message: { id, severity }, text, fix }) => ({ id, severity, message: text, fix })) } : {}),
  };
}

/** Findings about the end of models and prices on the requested day. Without a day, the assumptions state both. */
function findingsOf({ model, region, estimate, ...workload }: WorkloadEstimate, { day }: PriceBasis): LifecycleFinding[] {
  return model === null || day === undefined ? [] : lifecycleFindings({ ...workload, ...estimate, model, region: region ?? undefined }, day);
}

/** Dates of all used prices. */
function datesOfEstimates(workloads: readonly WorkloadEstimate[]): PriceDates {
  return priceDatesOfMonths(...workloads.flatMap(({ estimate, low, high }) => [estimate, low, high]));
}

const LINE_COLUMNS: readonly Pick<Column, 'align'>[] = [
  {}, { align: 'right' }, {}, { align: 'right' }, {}, { align: 'right' }, { align: 'right' }, {},
];
const SUMMARY: readonly Column[] = [
  { title: 'Workload' }, { title: 'Billing' }, { title: 'Model' }, { title: 'Region' },
  { title: 'Monthly cost', align: 'right' }, { title: 'Share', align: 'right' },
];

/** Renders estimates as tables: the cost lines of each workload, then all workloads with their total. */
export function renderEstimatesTable(workloads: readonly WorkloadEstimate[], basis: PriceBasis): string {
  const { changes } = basis;
  const totals = estimateTotals(workloads);
  // The columns of all workloads are aligned.
  const aligned = alignColumns(LINE_COLUMNS, workloads.flatMap(lineRows));
  let next = 0;
  const blocks = workloads.flatMap((workload) => {
    const lines = aligned.slice(next, (next += workload.estimate.lineItems.length));
    return [estimateHeading(workload), ...[...lines, ...estimateDetails(workload, basis), ...sourceLines(workload.estimate).map(oneLine)].map((line) => `  ${line}`), ''];
  });
  const missing = count(workloads.flatMap(({ estimate }) => estimate.missingPrices).length, 'price is', 'prices are');
  return [
    ...priceChangeLines(changes),
    ...blocks,
    ...textTable(SUMMARY, workloads.map((workload) => summaryCells(workload, totals)), [['Total', '', '', '', formatMonthly(totals), '']]),
    '',
    ...(totals.monthlyUsd === null ? [`${missing} missing, so the total is unknown, not ${formatUsd(totals.knownMonthlyUsd)}.`] : []),
    ...onceAndCommittedLines(totals),
    ...unusedRateLines(basis),
    priceDateText(datesOfEstimates(workloads), changes),
    '',
  ].join('\n');
}

function estimateHeading({ name, estimate, ...place }: WorkloadEstimate): string {
  return oneLine(`${name}: ${monthText(estimate)}  [${placeText(place)}]`);
}

function lineRows({ estimate }: WorkloadEstimate): string[][] {
  const largest = largestLine(estimate.lineItems);
  return estimate.lineItems.map((line) => [
    line.description, formatQuantity(line.quantity), line.unit, `x ${formatUnitPrice(line.unitPriceUsd)}`, '=', formatUsd(line.usd),
    shareText(line, estimate), [...(line === largest ? ['<- largest'] : []), ...remarks(line)].join(', '),
  ]);
}

/** Share of the monthly cost, which does not include one-time costs. */
function shareText({ oneTime, usd }: LineItemJson, { knownMonthlyUsd }: EstimateJson): string {
  return oneTime ? 'once' : formatShare(usd, knownMonthlyUsd);
}

/** Remarks on a price with a first day, or on a derived one. */
function remarks({ effectiveDate, derived }: LineItemJson): string[] {
  return [...(effectiveDate === null ? [] : [`since ${effectiveDate}`]), ...(derived === undefined ? [] : [`derived: ${derived}`])];
}

/** Source of a price and its dates. A source such as `aws-page-2026-07-24` already has the day on which it was read. */
function sourceText({ source, asOf, confirmed }: LineItemJson): string {
  return [
    ...(source === null ? [] : [source]),
    ...(asOf === null || source?.includes(asOf) ? [] : [`read ${asOf}`]),
    ...(confirmed === undefined ? [] : [`confirmed ${confirmed}`]),
  ].join(', ') || 'not stated';
}

/** Largest of several monthly lines; undefined if there is only one. */
function largestLine(lines: readonly LineItemJson[]): LineItemJson | undefined {
  const monthly = lines.filter(({ oneTime }) => !oneTime);
  return monthly.length < 2 ? undefined : monthly.reduce((best, line) => (decimal(best.usd).cmp(decimal(line.usd)) >= 0 ? best : line));
}

/** Details of a workload, below its lines. */
function estimateDetails(workload: WorkloadEstimate, basis: PriceBasis): string[] {
  const { type, estimate, low, high, commitmentMonths } = workload;
  return [
    ...estimate.unitCosts.map(({ unit, usd }) => `unit cost: ${formatUsd(usd)} per ${unit}`),
    ...rangeText(low?.monthlyUsd, high?.monthlyUsd),
    ...(estimate.oneTimeUsd === null || isPositive(estimate.oneTimeUsd) ? [`paid once: ${formatUsdOrUnknown(estimate.oneTimeUsd)}`] : []),
    ...(commitmentMonths > 0 ? [commitmentLine(type, estimate.commitmentUsd, commitmentMonths)] : []),
    ...assumptionsOfMonths(estimate, low, high).map((assumption) => `assumed: ${oneLine(assumption)}`),
    ...estimate.missingPrices.flatMap(missingPriceLines),
    ...findingsOf(workload, basis).filter(({ message }) => message.severity !== 'info')
      .map(({ message, text, fix }) => oneLine(`${message.id}: ${text} ${fix}`)),
  ];
}

/** Renders a commitment. Provisioned throughput renews itself; a reservation ends as agreed with AWS. */
function commitmentLine(type: string, usd: string | null, months: number): string {
  if (type === 'provisioned-throughput') return commitmentText(usd, months);
  return `${commitmentText(usd, 0)} over ${count(months, 'month')}`;
}

/** Renders the sources of the prices: one for all lines, or each source with its lines. */
function sourceLines({ lineItems }: EstimateJson): string[] {
  const bySource = new Map<string, string[]>();
  for (const line of lineItems) bySource.set(sourceText(line), [...(bySource.get(sourceText(line)) ?? []), line.description]);
  const several = bySource.size > 1;
  return [...bySource].map(([source, lines]) => `source: ${source}${several ? ` (${[...new Set(lines)].join('; ')})` : ''}`);
}

function summaryCells({ name, type, model, region, estimate }: WorkloadEstimate, totals: EstimateTotals): string[] {
  const share = estimate.monthlyUsd === null ? '-' : formatShare(estimate.monthlyUsd, totals.knownMonthlyUsd);
  return [name, type, model ?? '-', region ?? '-', formatMonthly(estimate), share];
}

function onceAndCommittedLines({ oneTimeUsd, commitmentUsd }: EstimateTotals): string[] {
  const line = (what: string, usd: string | null) => (usd === null || isPositive(usd) ? [`${what}: ${formatUsdOrUnknown(usd)}`] : []);
  return [...line('One-time', oneTimeUsd), ...line('Commitments that cannot be cancelled', commitmentUsd)];
}

/** Renders estimates as Markdown. */
export function renderEstimatesMarkdown(workloads: readonly WorkloadEstimate[], basis: PriceBasis): string {
  const { changes } = basis;
  const totals = estimateTotals(workloads);
  const summary = [
    ...workloads.map((workload) => summaryCells(workload, totals).map(markdownText)),
    ['**Total**', '', '', '', `**${formatMonthly(totals)}**`, ''],
  ];
  return [
    '# Estimated monthly cost of Amazon Bedrock', '',
    ...markdownParagraphs(priceChangeLines(changes)),
    ...markdownTable(SUMMARY, summary), '',
    ...onceAndCommittedLines(totals).flatMap((line) => [line, '']),
    ...workloads.flatMap((workload) => markdownEstimate(workload, basis)),
    ...markdownParagraphs(unusedRateLines(basis)),
    markdownText(priceDateText(datesOfEstimates(workloads), changes)), '',
  ].join('\n');
}

const MARKDOWN_LINES: readonly Column[] = [
  { title: 'Line' }, { title: 'Quantity', align: 'right' }, { title: 'Unit' }, { title: 'Unit price', align: 'right' },
  { title: 'Cost', align: 'right' }, { title: 'Share', align: 'right' }, { title: 'Source of the price' },
];

function markdownEstimate(workload: WorkloadEstimate, basis: PriceBasis): string[] {
  const { name, estimate } = workload;
  const rows = estimate.lineItems.map((line) => [
    line.description, formatQuantity(line.quantity), line.unit, formatUnitPrice(line.unitPriceUsd),
    formatUsd(line.usd), shareText(line, estimate), [sourceText(line), ...remarks(line)].join(', '),
  ].map(markdownText));
  return [
    `## ${markdownText(name)}`, '',
    `${monthText(estimate)}: ${markdownText(placeText(workload))}`, '',
    ...(rows.length > 0 ? [...markdownTable(MARKDOWN_LINES, rows), ''] : []),
    ...estimateDetails(workload, basis).map((line) => `${line.startsWith('  ') ? '  ' : ''}- ${markdownText(line.trim())}`),
    ...(estimateDetails(workload, basis).length > 0 ? [''] : []),
  ];
}
