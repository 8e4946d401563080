/** What a list of prices rests on. */
export interface PriceBasis {
  /** The day on which the newest price was read. */
  readonly asOf: string | null;
  /** What sets the prices apart from the embedded list prices, in words. */
  readonly changes: readonly string[];
}

export function priceBookJson({ asOf, changes }: PriceBasis): object {
  return { asOf, ...(changes.length > 0 ? { changes } : {}) };
}
