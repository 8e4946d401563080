/**
 * The value of a missing datapoint. The constants are in a module, since tests look up global names slowly, in a sandbox, which would take
 * most of the time of a simulated month.
 */
export const NONE = NaN;
export const isNone = Number.isNaN;
