/**
 * Video that a model makes, paid by the second.
 *
 * @see https://docs.aws.amazon.com/nova/latest/userguide/video-generation.html
 */
export interface VideoUsage {
  /** Seconds of video a month. */
  readonly secondsPerMonth: number;
  /**
   * The resolution, such as `720p`; `1280x720` means the same.
   * @default - a missing price, unless the price does not depend on it
   */
  readonly resolution?: string;
}

/** Video that a model makes in a region. */
export interface VideoWorkload extends VideoUsage {
  /** The model's id. */
  readonly model: string;
  /**
   * The region that the video is made in.
   * @default - only rates that hold in every region are found
   */
  readonly region?: string;
}
