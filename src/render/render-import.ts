import { count } from './cost-lines';
import { jsonText, oneLine, quotedText } from './sanitize';
import { Column, textTable } from './text-table';
import { Conflict } from '../price-list/combine';
import { ImportSummary, NotUnderstood, ReasonCount } from '../price-list/price-list-import';
import { UnknownName } from '../price-list/unknown-names';

/** An imported file. */
interface ImportedFile {
  readonly path: string;
  readonly offerCode: string;
  readonly publicationDate: string;
  readonly skus: number;
}

/** Maximum number of SKUs and conflicts that the text lists. */
const SKUS_SHOWN = 20;
const SKUS: Column = { title: 'SKUs', align: 'right' };

/** Renders the result of an import as text: the numbers of SKUs by result, the SKUs that are not understood, conflicts and unknown names. */
export function renderImportText(summary: ImportSummary, files: readonly ImportedFile[]): string {
  const { skusRead, priced, skipped, notUnderstood, conflicting, rates, mergedRates } = summary;
  return [
    ...textTable([{ title: 'Offer' }, { title: 'Published' }, SKUS, { title: 'File' }], files.map((f) => [f.offerCode, f.publicationDate, String(f.skus), f.path])),
    '',
    ...textTable([{ title: 'Result' }, SKUS], [
      ['priced', String(priced)], ['skipped', String(skipped)], ['not understood', String(notUnderstood)], ['in conflict', String(conflicting)],
    ], [['read', String(skusRead)]]),
    `${count(rates, 'rate')} in the book${mergedRates === 0 ? '' : `; ${count(mergedRates, 'duplicate rate')} left out`}`,
    ...reasons('Reason for skipped', summary.skippedByReason),
    ...reasons('Reason for not understood', summary.notUnderstoodByReason),
    ...notUnderstoodLines(summary.notUnderstoodSkus),
    ...conflictLines(summary.conflicts),
    ...unknownNameLines(summary.unknownModelNames),
    '',
  ].join('\n');
}

function reasons(title: string, counts: readonly ReasonCount[]): string[] {
  return counts.length === 0 ? [] : ['', ...textTable([{ title }, SKUS], counts.map(({ reason, skus }) => [reason, String(skus)]))];
}

function notUnderstoodLines(skus: readonly NotUnderstood[]): string[] {
  if (skus.length === 0) return [];
  const lines = skus.slice(0, SKUS_SHOWN).flatMap(({ sku, offerCode, reason, attributes, prices }) => [
    `${sku} (${offerCode}): ${reason}`,
    `  ${Object.entries(attributes).map(([name, value]) => `${name}=${value}`).join(', ')}`,
    ...prices.map(({ usd, unit, description }) => `  ${usd ?? 'no USD'} per ${unit}: ${description}`),
  ]);
  const more = skus.length - SKUS_SHOWN;
  return ['', 'Not understood:', ...lines.map(indented), ...(more > 0 ? [`  and ${more} more; --not-understood FILE or --format json lists all of them`] : [])];
}

function conflictLines(conflicts: readonly Conflict[]): string[] {
  if (conflicts.length === 0) return [];
  const lines = conflicts.slice(0, SKUS_SHOWN).flatMap(({ of, rows }) => [
    Object.entries(of).map(([name, value]) => `${name}=${value}`).join(', '),
    ...rows.map(({ sku, usagetype, usd, unit, effectiveDate }) => `  ${sku}: ${usd} per ${unit}${effectiveDate === undefined ? '' : ` since ${effectiveDate}`} (${usagetype})`),
  ]);
  const more = conflicts.length - SKUS_SHOWN;
  return ['', 'In conflict, not in the book:', ...lines.map(indented), ...(more > 0 ? [`  and ${more} more; --format json lists all of them`] : [])];
}

/** Renders the unknown names as lines of YAML without indentation, which can be copied into a file. */
function unknownNameLines(names: readonly UnknownName[]): string[] {
  if (names.length === 0) return [];
  return [
    '',
    'Unknown model names. Put their lines into a file, correct the model ids, which are guesses, and give it with --model-names FILE:',
    ...names.map(({ name, skus, suggestedId }) => `${quotedText(name)}: ${suggestedId}  # ${count(skus, 'SKU')}`),
  ];
}

function indented(line: string): string {
  return `  ${line.match(/^ */)![0]}${oneLine(line.trimStart())}`;
}

/** Renders the result of an import as JSON, with every SKU that is not understood. */
export function renderImportJson(summary: ImportSummary, files: readonly ImportedFile[], output: string): string {
  const { skusRead: read, priced, skipped, notUnderstood, conflicting, rates, mergedRates, unknownModelNames, unusedModelNames, ...lists } = summary;
  const json = {
    schemaVersion: '1',
    output,
    files,
    skus: { read, priced, skipped, notUnderstood, conflicting },
    rates,
    mergedRates,
    ...lists,
    // Left out if there is none.
    ...(unknownModelNames.length === 0 ? {} : { unknownModelNames }),
    ...(unusedModelNames.length === 0 ? {} : { unusedModelNames }),
  };
  return jsonText(json);
}

/** Renders all SKUs that are not understood as JSON, one per line. */
export function renderNotUnderstood({ notUnderstoodSkus }: ImportSummary): string {
  return `[\n${notUnderstoodSkus.map((sku) => JSON.stringify(sku)).join(',\n')}\n]\n`;
}
