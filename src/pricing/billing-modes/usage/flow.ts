/**
 * Runs of a flow, paid by the step from node to node. What its nodes call is a workload of its own.
 *
 * @see https://docs.aws.amazon.com/bedrock/latest/userguide/flows.html
 */
export interface FlowUsage {
  /** Node transitions a month: runs x nodes that one run executes. */
  readonly nodeTransitionsPerMonth: number;
}

/** Runs of a flow in a region. */
export interface FlowWorkload extends FlowUsage {
  /**
   * The region of the flow.
   * @default - only rates that hold in every region are found
   */
  readonly region?: string;
}
