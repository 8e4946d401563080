import { AdviceContext, assumptionsOf, ORDER, priceDatesOfAdvice, SAMPLING } from './advice-text';
import { groupedNotes, noteLines, OptionNote } from './comparison-notes';
import { missingPriceText, monthText, placeText, priceChangeLines, priceDateText } from './cost-lines';
import { markdownText, oneLine } from './sanitize';
import { Column, markdownParagraphs, markdownTable, textTable, wrap } from './text-table';
import { formatUsd, formatUsdOrUnknown } from '../pricing/format';
import { Advice, totalOf } from '../pricing/optimization/advise';
import { firstYearUsd, Technique, TechniqueName } from '../pricing/optimization/technique';
import { modelFacts } from '../pricing/price-book/model-catalog';
import { WorkloadAdvice } from '../usage-file/advise-usage-file';

const TECHNIQUE_NAMES: { readonly [name in TechniqueName]: string } = {
  'prompt-engineering': 'prompt engineering',
  'retrieval': 'retrieval',
  'instruction-fine-tuning': 'instruction fine-tuning',
  'domain-adaptation': 'domain adaptation',
};
const TECHNIQUE_COLUMNS: readonly Column[] = [
  { title: '#', align: 'right' }, { title: 'Technique' }, { title: 'One-time', align: 'right' }, { title: 'Monthly change', align: 'right' },
  { title: 'First year', align: 'right' },
];

export function renderAdviceTable(workloads: readonly WorkloadAdvice[], context: AdviceContext): string {
  return [
    ...priceChangeLines(context.changes),
    ...workloads.flatMap((workload) => [...adviceLines(workload), '']),
    ...(advices(workloads).length > 1 ? ['All workloads together', '', ...textTable(TECHNIQUE_COLUMNS, totalOf(advices(workloads)).map(techniqueCells)), ''] : []),
    ...assumptionsOf(context).flatMap((assumption) => wrap('', `assumed: ${assumption}`)),
    ORDER,
    SAMPLING,
    priceDateText(priceDatesOfAdvice(workloads), context.changes),
    '',
  ].join('\n');
}

function adviceLines(workload: WorkloadAdvice): string[] {
  const { advice } = workload;
  if (advice === undefined) return [oneLine(adviceHeading(workload))];
  return [
    oneLine(adviceHeading(workload)),
    '',
    ...textTable(TECHNIQUE_COLUMNS, advice.techniques.map(techniqueCells)),
    '',
    ...noteLines(techniqueNotes(advice, workload)),
  ];
}

function adviceHeading({ name, advice, ...place }: WorkloadAdvice): string {
  const cost = advice === undefined ? 'not applicable: it has no on-demand or batch prompts' : `${monthText(advice.current._toJson())} currently`;
  return `${name}: ${cost}  [${placeText(place)}]`;
}

function techniqueCells(technique: Pick<Technique, 'name' | 'oneTimeUsd' | 'monthlyChangeUsd'>, index: number): string[] {
  const { name, oneTimeUsd, monthlyChangeUsd } = technique;
  return [String(index + 1), TECHNIQUE_NAMES[name], ...[oneTimeUsd, monthlyChangeUsd, firstYearUsd(technique)].map(formatUsdOrUnknown)];
}

function techniqueNotes(advice: Advice, workload: WorkloadAdvice): OptionNote[] {
  return groupedNotes(advice.techniques.map((technique) => techniqueDetails(technique, advice, workload)));
}

function techniqueDetails(technique: Technique, { customizable, current }: Advice, { model, region }: WorkloadAdvice): string[] {
  const { lines, notes, assumptions, missingPrices, oneTimeUsd, name } = technique;
  const currentlyMissing = new Set(current.missingPrices.map(({ description }) => description));
  const own = missingPrices.filter(({ description }) => name === 'prompt-engineering' || !currentlyMissing.has(description));
  const provider = model === null ? undefined : modelFacts(model)?.provider;
  return [
    ...lines.map(({ description, usd, oneTime }) => `${oneTime ? 'once' : 'monthly'} ${formatUsd(usd)}: ${description}`),
    ...notes,
    ...assumptions.map((assumption) => `assumed: ${assumption}`),
    ...own.map(missingPriceText),
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
    '# Cost of optimization techniques', '',
    ...markdownParagraphs(priceChangeLines(context.changes)),
    ...workloads.flatMap(markdownAdvice),
    ...(all.length > 1 ? ['## All workloads together', '', ...markdownTable(TECHNIQUE_COLUMNS, totalOf(all).map(techniqueCells)), ''] : []),
    ...assumptionsOf(context).map((assumption) => `- assumed: ${markdownText(assumption)}`), '',
    ORDER, '', SAMPLING, '', markdownText(priceDateText(priceDatesOfAdvice(workloads), context.changes)), '',
  ].join('\n');
}

function markdownAdvice(workload: WorkloadAdvice): string[] {
  const { advice } = workload;
  const title = [`## ${markdownText(adviceHeading(workload))}`, ''];
  if (advice === undefined) return title;
  return [
    ...title,
    ...markdownTable(TECHNIQUE_COLUMNS, advice.techniques.map((technique, i) => techniqueCells(technique, i).map(markdownText))), '',
    ...techniqueNotes(advice, workload).map(({ numbers, text }) => `- ${numbers}: ${markdownText(text)}`), '',
  ];
}
