export interface Row {
  readonly what: string;
  readonly measured: number;
  /** The number to reach, at most. */
  readonly target?: number;
  readonly unit: string;
}

/** The rows as a table. */
export function table(rows: readonly Row[]): string {
  const cells = rows.map(({ what, measured, target, unit }) => [
    what,
    `${digits(measured)} ${unit}`,
    target === undefined ? '' : `<= ${target} ${unit}`,
  ]);
  const all = [['', 'measured', 'to reach'], ...cells];
  const widths = all[0].map((_, column) => Math.max(...all.map((row) => row[column].length)));
  return all.map((row) => row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i]))).join('  ').trimEnd()).join('\n');
}

function digits(value: number): string {
  return value >= 100 ? value.toFixed(0) : value >= 1 ? value.toFixed(2) : value.toPrecision(2);
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}
