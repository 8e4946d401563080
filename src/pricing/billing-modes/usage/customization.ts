/**
 * Training of a custom model, paid once by tokens, images or hours, and keeping it, paid every month.
 *
 * Calling it is a workload of its own: provisioned throughput or, where offered, on demand, with `customModel: true`.
 *
 * @see https://docs.aws.amazon.com/bedrock/latest/userguide/custom-models.html
 */
export interface CustomizationUsage {
  /**
   * Tokens of the training data, for models that are trained by the token.
   * @default 0
   */
  readonly trainingTokens?: number;
  /**
   * How many times the training tokens are gone through. Given only beside `trainingTokens`.
   * @default 1
   */
  readonly epochs?: number;
  /**
   * Images seen in training (steps x batch size), for models that are trained by the image.
   * @default 0
   */
  readonly trainingImages?: number;
  /**
   * Hours of training, for models that are trained by the hour (reinforcement fine-tuning).
   * @default 0
   */
  readonly trainingHours?: number;
  /**
   * Custom models that are kept, each paid by the month.
   * @default 0
   */
  readonly storedModels?: number;
}

/** Training of a custom model from a base model in a region. */
export interface CustomizationWorkload extends CustomizationUsage {
  /** The id of the base model. */
  readonly model: string;
  /**
   * The region that the model is trained and kept in.
   * @default - only rates that hold in every region are found
   */
  readonly region?: string;
}
