import { count } from './cost-lines';
import { jsonText, oneLine } from './sanitize';
import { Column, textTable } from './text-table';
import { Usage } from '../unpriced/usages';

/** A use of Amazon Bedrock, and whether the report has a price for it. */
export interface ScannedUsage {
  readonly usage: Usage;
  readonly priced: boolean;
}

const COLUMNS: readonly Column[] = [{ title: 'Use' }, { title: 'Kind' }, { title: 'Models' }, { title: 'Region' }, { title: 'Priced' }];

export function renderScanJson(usages: readonly ScannedUsage[]): string {
  return jsonText({
    schemaVersion: '1',
    usages: usages.map(({ usage: { stack, path, logicalIds, resourceType, kind, modelIds, actions, region, billing, suggestion }, priced }) =>
      ({ stack, path, logicalIds, resourceType, kind, modelIds, actions, region, billing, priced, suggestion })),
  });
}

/** Renders the uses as a table, with the code that prices those without a price. */
export function renderScanTable(usages: readonly ScannedUsage[]): string {
  if (usages.length === 0) return 'No use of Amazon Bedrock in the templates.\n';
  const rows = usages.map((scanned) => rowOf(scanned));
  const open = usages.filter(isUnpriced);
  const suggestions = open.flatMap(({ usage: { path, suggestion } }) => (suggestion === null ? [] : ['', `# ${oneLine(path)}`, oneLine(suggestion)]));
  return [
    ...textTable(COLUMNS, rows),
    '',
    summaryText(usages),
    ...(suggestions.length === 0 ? [] : ['', 'Code that prices the others, with the numbers of an average month:', ...suggestions]),
    '',
  ].join('\n');
}

function rowOf(scanned: ScannedUsage): string[] {
  const { usage: { path, kind, modelIds, region } } = scanned;
  return [path, kind, modelIds.join(', ') || '-', region ?? '-', verdictOf(scanned)];
}

function verdictOf({ usage: { billing }, priced }: ScannedUsage): string {
  if (priced) return 'yes';
  return billing === 'spends' ? 'no' : billing === 'free' ? 'free' : 'not covered';
}

function isUnpriced({ usage: { billing }, priced }: ScannedUsage): boolean {
  return billing === 'spends' && !priced;
}

function summaryText(usages: readonly ScannedUsage[]): string {
  const number = (verdict: string) => usages.filter((scanned) => verdictOf(scanned) === verdict).length;
  return `${count(usages.length, 'use')} of Amazon Bedrock: ${number('yes')} priced, ${number('no')} without a price, ${number('free')} free, ${number('not covered')} not covered by the price book.`;
}
