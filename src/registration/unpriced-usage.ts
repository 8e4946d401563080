/** A use of Amazon Bedrock that no construct or estimate of this library prices. */
export interface UnpricedUsage {
  /** The path of the resource. */
  readonly path: string;
  /** The path of its stack. */
  readonly stackPath: string;
  /** The type of the resource, such as `AWS::Lambda::Function`. */
  readonly resourceType: string;
  /** The ids of the models that the template names. */
  readonly modelIds: string[];
  /**
   * The line of code that prices the use.
   * @default - no method of `CostEstimates` prices it
   */
  readonly suggestion?: string;
}
