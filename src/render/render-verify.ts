import { count, regionsText } from './cost-lines';
import { jsonText, oneLine } from './sanitize';
import { Column, textTable } from './text-table';
import { BookFinding, BookSummary, VerifyResult } from '../price-book-review/verify-book';
import { decimal } from '../pricing/decimal';
import { formatQuantity, sharePercent } from '../pricing/format';

export function renderVerifyJson(result: VerifyResult): string {
  return jsonText(result);
}

const KIND_COLUMNS: readonly Column[] = [{ title: 'Price of' }, { title: 'Rates', align: 'right' }];
const SOURCE_COLUMNS: readonly Column[] = [
  { title: 'Source' }, { title: 'Rates', align: 'right' }, { title: 'Oldest confirmed on' }, { title: 'Days ago', align: 'right' }, { title: 'Too old', align: 'right' },
];
/** Maximum number of shown findings of a rule. An error in a whole price list causes thousands of them. */
const FINDINGS_SHOWN = 20;

/** Renders the verification of a price book as text: its contents, their age, and its problems. */
export function renderVerifyTable({ passed, failures, warnings, summary }: VerifyResult): string {
  const kinds = Object.entries(summary.ratesByKind).map(([kind, rates]) => [kind, formatQuantity(rates)]);
  const sources = summary.sources.map(({ source, rates, asOf, days, ratesTooOld }) =>
    [source, formatQuantity(rates), asOf ?? 'not stated', days === null ? '-' : String(days), formatQuantity(ratesTooOld)]);
  return [
    [passed ? 'PASSED' : 'FAILED', count(failures.length, 'failure'), count(warnings.length, 'warning')].join('; '),
    oneLine(summaryText(summary)),
    ...tooOldLines(summary),
    '',
    ...textTable(KIND_COLUMNS, kinds),
    '',
    ...textTable(SOURCE_COLUMNS, sources),
    ...ruleLines('failure', failures),
    ...ruleLines('warning', warnings),
    '',
  ].join('\n');
}

function summaryText({ models, rates, sources, asOf, oldestAsOf, ageDays }: BookSummary): string {
  const days = asOf === oldestAsOf ? `on ${asOf}` : `between ${oldestAsOf} and ${asOf}`;
  const confirmed = asOf === null ? 'which state no day' : `last confirmed ${days}, ${asOf === oldestAsOf ? '' : 'the newest '}${count(ageDays ?? 0, 'day')} ago`;
  return `${count(models, 'model')}, ${formatQuantity(rates)} rates from ${count(sources.length, 'source')}, ${confirmed}`;
}

/** Renders the number of rates that are too old, which a book with a recent newest rate may have. */
function tooOldLines({ rates, ratesTooOld, maxAgeDays }: BookSummary): string[] {
  return ratesTooOld === 0 ? [] : [`${formatQuantity(ratesTooOld)} of them (${sharePercent(decimal(ratesTooOld), decimal(rates))} %) more than ${count(maxAgeDays, 'day')} ago`];
}

function ruleLines(sort: string, findings: readonly BookFinding[]): string[] {
  return [...new Set(findings.map(({ id }) => id))].flatMap((id) => {
    const ofRule = findings.filter((finding) => finding.id === id);
    const more = ofRule.length - FINDINGS_SHOWN;
    return [
      '',
      `${sort} ${id}`,
      ...ofRule.slice(0, FINDINGS_SHOWN).map((finding) => `  ${oneLine(bookFindingText(finding))}`),
      ...(more > 0 ? [`  and ${more} more, all of which --format json shows`] : []),
      `  ${ofRule[0].fix}`,
    ];
  });
}

function bookFindingText({ model, message, regions }: BookFinding): string {
  return `${model === '' ? '' : `${model}: `}${message}${regions.length === 0 ? '' : ` in ${regionsText(regions)}`}`;
}
