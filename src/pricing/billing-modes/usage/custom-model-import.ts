/**
 * A model of your own that is imported: kept by the custom model unit and month, called by the custom model unit and minute.
 *
 * @see https://docs.aws.amazon.com/bedrock/latest/userguide/import-model-calculate-cost.html
 */
export interface CustomModelImportUsage {
  /** Custom model units of one copy, as AWS states them when the model is imported. */
  readonly customModelUnits: number;
  /** The version of the custom model units, such as `1.0`; `v1.0` means the same. */
  readonly customModelUnitVersion: string;
  /**
   * The architecture of the model, such as `Llama`.
   * @default - what all architectures of the version cost alike
   */
  readonly architecture?: string;
  /**
   * Copies of the model that are active at the same time.
   * @default 1
   */
  readonly copies?: number;
  /**
   * Windows of five minutes in which the model is active, a month. One that is begun is paid in full.
   * @default 0
   */
  readonly activeWindowsPerMonth?: number;
}

/** A model of your own that is imported in a region. */
export interface CustomModelImportWorkload extends CustomModelImportUsage {
  /**
   * The region that the model is imported in.
   * @default - only rates that hold in every region are found
   */
  readonly region?: string;
}
