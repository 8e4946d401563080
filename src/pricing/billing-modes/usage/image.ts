/**
 * Images that a model makes or edits, paid by the image.
 *
 * @see https://docs.aws.amazon.com/nova/latest/userguide/image-generation.html
 */
export interface ImageUsage {
  /** Images a month. */
  readonly imagesPerMonth: number;
  /**
   * Width x height in pixels, such as `1024x1024`. Priced as the smallest size offered that holds it.
   * @default - a missing price, unless the price does not depend on it
   */
  readonly resolution?: string;
  /**
   * The quality, such as `standard` or `premium`.
   * @default - `standard` where the price depends on it
   */
  readonly quality?: string;
}

/** Images that a model makes or edits in a region. */
export interface ImageWorkload extends ImageUsage {
  /** The model's id. */
  readonly model: string;
  /**
   * The region that the images are made in.
   * @default - the stack's with `CostEstimates`; with `CostCalculator`, only rates that hold in every region are found
   */
  readonly region?: string;
}
