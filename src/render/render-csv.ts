import { csvCell } from './sanitize';
import { LineItemJson } from '../pricing/estimate';
import { WorkloadEstimate } from '../usage-file/estimate-usage-file';

const HEADER = ['workload', 'type', 'model', 'region', 'line', 'quantity', 'unit', 'unitPriceUsd', 'usd', 'source', 'asOf', 'effectiveDate', 'derived', 'paid'];

/** Columns of a missing price after its description. */
const NO_AMOUNTS: readonly string[] = HEADER.slice(5).map(() => '');

/**
 * Renders estimates as CSV: a row for each line item, with exact amounts.
 *
 * A missing price is a row without amounts: it is visible, and a sum over the column does not include it.
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

/** Renders the cells of a line item. A column distinguishes monthly from one-time costs; sum `usd` over the `monthly` rows. */
function lineCells(line: LineItemJson): string[] {
  const { description, quantity, unit, unitPriceUsd, usd, source, asOf, effectiveDate, derived, oneTime } = line;
  return [description, quantity, unit, unitPriceUsd, usd, source ?? '', asOf ?? '', effectiveDate ?? '', derived ?? '', oneTime ? 'once' : 'monthly'];
}
