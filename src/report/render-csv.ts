import { WorkloadEstimate } from '../usage-file/estimate-usage-file';

const HEADER = ['workload', 'type', 'model', 'region', 'line', 'quantity', 'unit', 'unitPriceUsd', 'usd', 'source', 'asOf'];

/**
 * For spreadsheets: a row for each line item, with exact amounts.
 *
 * A missing price is a row without amounts, so that it is seen, and a sum over the column does not count it as known.
 */
export function renderEstimatesCsv(workloads: readonly WorkloadEstimate[]): string {
  const rows = workloads.flatMap(({ name, type, model, region, estimate }) => {
    const start = [name, type, model ?? '', region ?? ''];
    return [
      ...estimate.lineItems.map((line) =>
        [...start, line.description, line.quantity, line.unit, line.unitPriceUsd, line.usd, line.source ?? '', line.asOf ?? '']),
      ...estimate.missingPrices.map(({ description }) => [...start, `missing: ${description}`, '', '', '', '', '', '']),
    ];
  });
  return [HEADER, ...rows].map((row) => `${row.map(cell).join(',')}\r\n`).join('');
}

/** Quoted as RFC 4180 says. A text that a spreadsheet would take for a formula is given an apostrophe. */
function cell(text: string): string {
  const harmless = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replace(/"/g, '""')}"` : harmless;
}
