/**
 * Requests that a model grounds on the web, paid by the request. The tokens of the requests are a workload of their own.
 *
 * @see https://docs.aws.amazon.com/nova/latest/userguide/grounding.html
 */
export interface WebGroundingUsage {
  /** Requests a month that are grounded. */
  readonly requestsPerMonth: number;
}

/** Requests that a model grounds on the web in a region. */
export interface WebGroundingWorkload extends WebGroundingUsage {
  /** The model's id, with the prefix of the inference profile that it is called through, if any. */
  readonly model: string;
  /**
   * The region that the requests are made in.
   * @default - only rates that hold in every region are found
   */
  readonly region?: string;
}
