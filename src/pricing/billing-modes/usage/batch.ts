/**
 * Batch inference in an average month.
 *
 * @see https://docs.aws.amazon.com/bedrock/latest/userguide/batch-inference.html
 */
export interface BatchUsage {
  /**
   * Jobs a month.
   * @default - with a `BatchInference` that has a `schedule`, as often as that says; needed everywhere else
   */
  readonly jobsPerMonth?: number;
  /** Records of one job. AWS refuses jobs of fewer than 100 records unless the quota was changed. */
  readonly recordsPerJob: number;
  /**
   * Input tokens of one record.
   * @default 0
   */
  readonly inputTokensPerRecord?: number;
  /**
   * Output tokens of one record.
   * @default 0
   */
  readonly outputTokensPerRecord?: number;
  /**
   * Whether a custom model is called, which has prices of its own.
   * @default false
   */
  readonly customModel?: boolean;
}

/** Batch inference with a model in a region. */
export interface BatchWorkload extends BatchUsage {
  /** The model's id, with the prefix of the inference profile that it is called through, if any. */
  readonly model: string;
  /**
   * The region that the jobs run in.
   * @default - the stack's with `CostEstimates`; with `CostCalculator`, only rates that hold in every region are found
   */
  readonly region?: string;
}
