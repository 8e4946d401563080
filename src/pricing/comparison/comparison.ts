import { OnDemandWorkload } from '../billing-modes/on-demand';
import { CostEstimate } from '../estimate';

/** A billing mode of inference. */
export enum BillingMode {
  /** Billed by the token, when it is used. */
  ON_DEMAND = 'on-demand',
  /** Billed by the token, in jobs that end within about a day. */
  BATCH = 'batch',
  /** Billed by the tokens a minute that are reserved for a term. */
  RESERVED = 'reserved',
  /** Billed by the model unit and hour. */
  PROVISIONED_THROUGHPUT = 'provisioned-throughput',
}

/** The usage of one model in an average month, with the figures that are needed to buy capacity for it. */
export interface ComparisonUsage extends OnDemandWorkload {
  /**
   * Whether the usage runs as batch inference now, so that all options are compared with batch inference. Each request is a record.
   * @default false
   */
  readonly batch?: boolean;
  /**
   * The records of one batch job: AWS refuses jobs of fewer than 100, unless the quota was changed. Changes no cost.
   * @default - not known: the requests of a whole month can be one job
   */
  readonly recordsPerJob?: number;
  /**
   * Hours in a month, over which the load is spread and for which capacity is paid. Above 0, at most 744.
   * @default 730
   */
  readonly hoursPerMonth?: number;
  /**
   * The tokens, input and output together, that one model unit of provisioned throughput carries in a minute. AWS
   * publishes none: ask your account team, or measure it. 1 or more.
   * @default - not known, so neither is the number of units; the price of one unit is given
   */
  readonly tokensPerMinutePerModelUnit?: number;
  /**
   * The load of the busiest minute as a multiple of the average one: capacity has to be bought for it. 1 or more.
   * @default 1
   */
  readonly peakToAverageRatio?: number;
}

/** An option to buy the usage. */
export interface PurchaseOption {
  /** The name of the option, such as `batch, us profile`. Unique in a comparison. */
  readonly name: string;
  /** The billing mode. */
  readonly billingMode: BillingMode;
  /** The model's id as it would be called, with the prefix of the inference profile if there is one. */
  readonly modelId: string;
  /**
   * `standard`, `flex`, `priority`, `latency-optimized` or `ultrafast`.
   * @default - not on demand
   */
  readonly serviceTier?: string;
  /**
   * `none`, `one-month`, `three-months` or `six-months`.
   * @default - the billing mode has no commitment
   */
  readonly commitment?: string;
  /** True for the current purchase: the usage as it was given. */
  readonly isCurrent: boolean;
  /**
   * The cost of the option. Where the number of model units is not known, neither is the monthly cost, and `knownMonthlyUsd` is
   * that of one unit.
   */
  readonly estimate: CostEstimate;
  /**
   * The saving in US dollars a month compared with the current purchase. Negative for a higher cost.
   * @default - one of the two costs is not known
   */
  readonly savingUsd?: number;
  /**
   * The saving in percent of the current cost, rounded to a tenth.
   * @default - one of the two costs is not known, or the current cost is $0
   */
  readonly savingPercent?: number;
  /** The trade-offs of the option: a delay, a commitment, data that may leave the region. */
  readonly tradeOffs: string[];
  /**
   * The smallest number of requests a month at which the option costs no more than the current purchase, up to
   * `breakEvenUpToRequestsPerMonth`.
   * @default - there is no such number; `breakEven` has the reason
   */
  readonly breakEvenRequestsPerMonth?: number;
  /**
   * The largest number of requests a month that the capacity carries. One more request requires more capacity, which has its own
   * break-even point.
   * @default - there is no such number, or the throughput of the capacity is not known
   */
  readonly breakEvenUpToRequestsPerMonth?: number;
  /**
   * The break-even point in words.
   * @default - the current purchase, or one of the two costs is not known
   */
  readonly breakEven?: string;
  /**
   * The reason for which the monthly cost is not known.
   * @default - the monthly cost is known
   */
  readonly unavailableReason?: string;
}

/** Another model for the same usage, by cost only. */
export interface ModelAlternative {
  /** The model's id as it would be called. */
  readonly modelId: string;
  /** The model's name. */
  readonly name: string;
  /** The cost of the usage with this model. */
  readonly estimate: CostEstimate;
  /**
   * The saving in US dollars a month compared with the current purchase. Negative for a higher cost.
   * @default - the current cost is not known
   */
  readonly savingUsd?: number;
  /**
   * The saving in percent of the current cost, rounded to a tenth.
   * @default - the current cost is not known, or is $0
   */
  readonly savingPercent?: number;
}

/** The options to buy one usage that the price book has prices for. */
export interface CostComparison {
  /** The current purchase. */
  readonly current: PurchaseOption;
  /** All options with the current purchase, cheapest first, then those whose cost is not known. */
  readonly options: PurchaseOption[];
  /** Models of the same provider and kind that can be called from the region, cheapest first. */
  readonly otherModels: ModelAlternative[];
  /** The options that the price book has no price for. */
  readonly notPriced: string[];
  /**
   * The options that cannot be bought, each with the reason. AWS accepts no new provisioned throughput and no new reservation
   * for a legacy model.
   */
  readonly notAvailable: string[];
  /** The assumptions of the estimates. */
  readonly assumptions: string[];
}
