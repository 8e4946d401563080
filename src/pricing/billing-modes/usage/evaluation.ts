/**
 * Evaluation of models by people, paid by the task. The tokens of the models are workloads of their own.
 *
 * @see https://docs.aws.amazon.com/bedrock/latest/userguide/evaluation.html
 */
export interface EvaluationUsage {
  /** Tasks that people complete, a month. */
  readonly humanTasks: number;
}

/** Evaluation of models by people in a region. */
export interface EvaluationWorkload extends EvaluationUsage {
  /**
   * The region of the evaluation.
   * @default - only rates that hold in every region are found
   */
  readonly region?: string;
}
