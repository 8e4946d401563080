/**
 * What stands for no datapoint. Constants of a module, as in a test every global name is looked up in a sandbox, slowly: that
 * is what a month of minutes is spent on otherwise.
 */
export const NONE = NaN;
export const isNone = Number.isNaN;
