import { AdviceContext, assumptionsOf, ORDER, priceDatesOfAdvice, SAMPLING } from './advice-text';
import { groupedNotes, noteLines, WayNote } from './comparison-notes';
import { missingPriceLines, priceChangeLines, priceDateText } from './cost-lines';
import { markdownText, oneLine } from './sanitize';
import { Column, markdownTable, textTable } from './text-table';
import { wrap } from './wrap';
import { formatMonthly, formatUsd, formatUsdOrUnknown } from '../pricing/format';
import { Advice, totalOf } from '../pricing/optimization/advise';
import { firstYearUsd, Technique, TechniqueName } from '../pricing/optimization/technique';
import { modelFacts } from '../pricing/price-book/model-catalog';
import { WorkloadAdvice } from '../usage-file/advise-usage-file';

const NAMES: { readonly [name in TechniqueName]: string } = {
  'prompt-engineering': 'prompt engineering',
  'retrieval': 'retrieval',
  'instruction-fine-tuning': 'instruction fine-tuning',
  'domain-adaptation': 'domain adaptation',
};
const COLUMNS: readonly Column[] = [
  { title: '#', align: 'right' }, { title: 'Technique' }, { title: 'Paid once', align: 'right' }, { title: 'Monthly change', align: 'right' },
  { title: 'First year', align: 'right' },
];

export function renderAdviceTable(workloads: readonly WorkloadAdvice[], context: AdviceContext): string {
  return [
    ...priceChangeLines(context.changes),
    ...workloads.flatMap((workload) => [...workloadLines(workload), '']),
    ...(advices(workloads).length > 1 ? ['All workloads together', '', ...textTable(COLUMNS, totalOf(advices(workloads)).map(cells)), ''] : []),
    ...assumptionsOf(context).flatMap((assumption) => wrap('', `assumed: ${assumption}`)),
    ORDER,
    SAMPLING,
    priceDateText(priceDatesOfAdvice(workloads), context.changes),
    '',
  ].join('\n');
}

function workloadLines(workload: WorkloadAdvice): string[] {
  const { advice } = workload;
  if (advice === undefined) return [oneLine(heading(workload))];
  return [
    oneLine(heading(workload)),
    '',
    ...textTable(COLUMNS, advice.techniques.map(cells)),
    '',
    ...noteLines(notesOf(advice, workload)),
  ];
}

function heading({ name, type, model, region, advice }: WorkloadAdvice): string {
  const place = `[${[type, ...(model === null ? [] : [model]), region ?? 'no region'].join(', ')}]`;
  if (advice === undefined) return `${name}: no prompt goes into it on demand or in batch  ${place}`;
  const now = advice.asIs._toJson();
  return `${name}: ${formatMonthly(now)}${now.monthlyUsd === null ? '' : ' a month'} as it is  ${place}`;
}

function cells(technique: Pick<Technique, 'name' | 'oneTimeUsd' | 'monthlyChangeUsd'>, index: number): string[] {
  const { name, oneTimeUsd, monthlyChangeUsd } = technique;
  return [String(index + 1), NAMES[name], ...[oneTimeUsd, monthlyChangeUsd, firstYearUsd(technique)].map(formatUsdOrUnknown)];
}

function notesOf(advice: Advice, workload: WorkloadAdvice): WayNote[] {
  return groupedNotes(advice.techniques.map((technique) => details(technique, advice, workload)));
}

function details(technique: Technique, { customizable, asIs }: Advice, { model, region }: WorkloadAdvice): string[] {
  const { lines, notes, assumptions, missingPrices, oneTimeUsd, name } = technique;
  const asIsMissing = new Set(asIs.missingPrices.map(({ description }) => description));
  const own = missingPrices.filter(({ description }) => name === 'prompt-engineering' || !asIsMissing.has(description));
  const provider = model === null ? undefined : modelFacts(model)?.provider;
  return [
    ...lines.map(({ description, usd, oneTime }) => `${oneTime ? 'once' : 'monthly'} ${formatUsd(usd)}: ${description}`),
    ...notes,
    ...assumptions.map((assumption) => `assumed: ${assumption}`),
    ...own.map((missing) => missingPriceLines(missing).map((line) => line.trim()).join('; ')),
    ...(oneTimeUsd === undefined && provider !== undefined
      ? [customizable.length > 0
        ? `models of ${provider} with a price for training by the token in ${region}: ${customizable.join(', ')}`
        : `the book has no price for training by the token of any model of ${provider} in ${region}`]
      : []),
  ];
}

function advices(workloads: readonly WorkloadAdvice[]): Advice[] {
  return workloads.flatMap(({ advice }) => advice ?? []);
}

export function renderAdviceMarkdown(workloads: readonly WorkloadAdvice[], context: AdviceContext): string {
  const all = advices(workloads);
  return [
    '# What optimization costs', '',
    ...priceChangeLines(context.changes).flatMap((line) => [markdownText(line), '']),
    ...workloads.flatMap(markdownWorkload),
    ...(all.length > 1 ? ['## All workloads together', '', ...markdownTable(COLUMNS, totalOf(all).map(cells)), ''] : []),
    ...assumptionsOf(context).map((assumption) => `- assumed: ${markdownText(assumption)}`), '',
    ORDER, '', SAMPLING, '', markdownText(priceDateText(priceDatesOfAdvice(workloads), context.changes)), '',
  ].join('\n');
}

function markdownWorkload(workload: WorkloadAdvice): string[] {
  const { advice } = workload;
  const title = [`## ${markdownText(heading(workload))}`, ''];
  if (advice === undefined) return title;
  return [
    ...title,
    ...markdownTable(COLUMNS, advice.techniques.map((technique, i) => cells(technique, i).map(markdownText))), '',
    ...notesOf(advice, workload).map(({ ways, text }) => `- ${ways}: ${markdownText(text)}`), '',
  ];
}
