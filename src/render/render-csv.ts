import { csvCell } from './sanitize';
import { LineItemJson } from '../pricing/estimate';
import { WorkloadEstimate } from '../usage-file/estimate-usage-file';

const HEADER = ['workload', 'type', 'model', 'region', 'line', 'quantity', 'unit', 'unitPriceUsd', 'usd', 'source', 'asOf', 'effectiveDate', 'derived', 'paid'];

/** The columns after the line's description, of a price that is missing. */
const NO_AMOUNTS: readonly string[] = HEADER.slice(5).map(() => '');

/**
 * For spreadsheets: a row for each line item, with exact amounts.
 *
 * A missing price is a row without amounts, so that it is seen, and a sum over the column does not count it as known.
 */
export function renderEstimatesCsv(workloads: readonly WorkloadEstimate[]): string {
  const rows = workloads.flatMap(({ name, type, model, region, estimate }) => {
    const start = [name, type, model ?? '', region ?? ''];
    return [
      ...estimate.lineItems.map((line) => [...start, ...lineCells(line)]),
      ...estimate.missingPrices.map(({ description }) => [...start, `missing: ${description}`, ...NO_AMOUNTS]),
    ];
  });
  return [HEADER, ...rows].map((row) => `${row.map(csvCell).join(',')}\r\n`).join('');
}

/** One column tells what recurs from what is paid once: a sum over `usd` is made of the rows that are paid `monthly`. */
function lineCells(line: LineItemJson): string[] {
  const { description, quantity, unit, unitPriceUsd, usd, source, asOf, effectiveDate, derived, oneTime } = line;
  return [description, quantity, unit, unitPriceUsd, usd, source ?? '', asOf ?? '', effectiveDate ?? '', derived ?? '', oneTime ? 'once' : 'monthly'];
}
