import { CommitmentDuration } from '../../price-book/rate';

/**
 * Provisioned throughput: model units that are paid by the hour, used or not.
 *
 * @see https://docs.aws.amazon.com/bedrock/latest/userguide/prov-throughput.html
 */
export interface ProvisionedUsage {
  /** Model units. */
  readonly modelUnits: number;
  /**
   * How long the units are bought for.
   * @default CommitmentDuration.NONE
   */
  readonly commitmentDuration?: CommitmentDuration;
  /**
   * Whether the units serve a custom model, which has prices of its own.
   * @default false
   */
  readonly customModel?: boolean;
  /**
   * Hours that the units are held in a month. With a commitment, which AWS bills for every hour, fewer than 730 count as 730.
   * @default 730
   */
  readonly hoursPerMonth?: number;
}

/** Provisioned throughput for a model in a region. */
export interface ProvisionedWorkload extends ProvisionedUsage {
  /** The base model's id, with or without its context variant. */
  readonly model: string;
  /**
   * The region that the units are bought in.
   * @default - the stack's with `CostEstimates`; with `CostCalculator`, only rates that hold in every region are found
   */
  readonly region?: string;
}
