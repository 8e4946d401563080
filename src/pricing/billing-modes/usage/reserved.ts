/**
 * The reserved tier: tokens a minute that are held for you for a term, used or not.
 *
 * @see https://docs.aws.amazon.com/bedrock/latest/userguide/service-tiers-inference.html
 */
export interface ReservedUsage {
  /**
   * Input tokens a minute that are reserved. AWS reserves at least 100,000.
   * @default 0
   */
  readonly inputTokensPerMinute?: number;
  /**
   * Output tokens a minute that are reserved. AWS reserves at least 10,000.
   * @default 0
   */
  readonly outputTokensPerMinute?: number;
  /** The length of the reservation in months: a whole number above 0. AWS sells 1 and 3. */
  readonly termMonths: number;
  /**
   * Hours in a month, each of which is billed. Fewer than 730 count as 730.
   * @default 730
   */
  readonly hoursPerMonth?: number;
}

/** The reserved tier of a model in a region. */
export interface ReservedWorkload extends ReservedUsage {
  /** The model's id, with the prefix of the inference profile that the reservation is for, if any. */
  readonly model: string;
  /**
   * The region that the tokens are reserved in.
   * @default - only rates that hold in every region are found
   */
  readonly region?: string;
}
