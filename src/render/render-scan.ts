import { jsonText, oneLine } from './sanitize';
import { Column, textTable } from './text-table';
import { coverageText } from './usage-coverage';
import { coverageOf, ReviewedUsage, unpricedOf, Verdict, verdictOf } from '../unpriced/review';

const COLUMNS: readonly Column[] = [{ title: 'Use' }, { title: 'Kind' }, { title: 'Models' }, { title: 'Region' }, { title: 'Priced' }];

export function renderScanJson(usages: readonly ReviewedUsage[]): string {
  return jsonText({
    schemaVersion: '1',
    usages: usages.map(({ usage: { stack, path, logicalIds, resourceType, kind, modelIds, actions, region, billing, suggestion }, priced }) =>
      ({ stack, path, logicalIds, resourceType, kind, modelIds, actions, region, billing, priced, suggestion })),
  });
}

/** Renders the uses as a table, with the code that prices those without a price. */
export function renderScanTable(usages: readonly ReviewedUsage[]): string {
  if (usages.length === 0) return 'No use of Amazon Bedrock in the templates.\n';
  const rows = usages.map((scanned) => rowOf(scanned));
  const suggestions = unpricedOf(usages).flatMap(({ path, suggestion }) => (suggestion === null ? [] : ['', `# ${oneLine(path)}`, oneLine(suggestion)]));
  return [
    ...textTable(COLUMNS, rows),
    '',
    `${coverageText(coverageOf(usages))}.`,
    ...(suggestions.length === 0 ? [] : ['', 'Code that prices the others, with the numbers of an average month:', ...suggestions]),
    '',
  ].join('\n');
}

function rowOf(scanned: ReviewedUsage): string[] {
  const { usage: { path, kind, modelIds, region } } = scanned;
  return [path, kind, modelIds.join(', ') || '-', region ?? '-', VERDICTS[verdictOf(scanned)]];
}

const VERDICTS: { readonly [verdict in Verdict]: string } = { priced: 'yes', unpriced: 'no', free: 'free', notCovered: 'not covered' };
