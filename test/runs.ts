/**
 * The number of cases that a test runs.
 *
 * - Without `RUNS` (`npm test`): a quick selection that takes seconds.
 * - With `RUNS` (`npm run test:fuzz`, `npm run test:integration`): every row of every table, and as many random cases as
 *   `RUNS` specifies: a share of the full count (`RUNS=10%`) or a number (`RUNS=500`).
 *
 * Random cases take Jest's own seed (`jest.getSeed()`), so that `--seed` repeats them and the order of the tests.
 */
const { RUNS } = process.env;

/** True in the fast tier, which leaves out the tests that take long. */
export const isQuick = RUNS === undefined;

/** The number of random cases of a test. */
export function runs({ quick, full }: { readonly quick: number; readonly full: number }): number {
  if (isQuick) return quick;
  const [, number, percent] = /^([1-9]\d{0,8})(%?)$/.exec(RUNS!) ?? [];
  if (number === undefined) throw new Error(`RUNS must be a positive whole number or a percentage such as 10%, got ${JSON.stringify(RUNS)}.`);
  return percent ? Math.ceil(full * Number(number) / 100) : Number(number);
}

/** Every n-th row of a table in the fast tier, which begins with another row for each seed; otherwise all rows. */
export function everyNth<T>(n: number, rows: readonly T[]): readonly T[] {
  return isQuick ? rows.filter((_, i) => i % n === Math.abs(jest.getSeed()) % n) : rows;
}
