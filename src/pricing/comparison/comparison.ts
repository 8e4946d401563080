import { OnDemandWorkload } from '../billing-modes/on-demand';
import { CostEstimate } from '../estimate';

/** How inference is paid for. */
export enum PurchaseWay {
  /** By the token, when it is used. */
  ON_DEMAND = 'on-demand',
  /** By the token, in jobs that are done within a day or so. */
  BATCH = 'batch',
  /** By the tokens a minute that are kept ready, for a term. */
  RESERVED = 'reserved',
  /** By the model unit and hour. */
  PROVISIONED_THROUGHPUT = 'provisioned-throughput',
}

/** What one model has to do in an average month: on-demand use, and what has to be known to buy capacity for it. */
export interface ComparisonUsage extends OnDemandWorkload {
  /**
   * Whether the usage runs as batch inference now; every other way is then compared with that. Each request is a record.
   * @default false
   */
  readonly batch?: boolean;
  /**
   * The records of one batch job: AWS refuses jobs of fewer than 100, unless the quota was changed. Changes no cost.
   * @default - not known: the requests of a whole month can be one job
   */
  readonly recordsPerJob?: number;
  /**
   * Hours in a month, which the load is spread over and capacity is paid for; above 0, at most 744.
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

/** One way in which the same usage can be bought. */
export interface PurchaseOption {
  /** In words, such as `batch, us profile`; each name once in a comparison. */
  readonly name: string;
  /** The way of paying. */
  readonly way: PurchaseWay;
  /** The model's id as it would be called, with the prefix of the inference profile if there is one. */
  readonly modelId: string;
  /**
   * `standard`, `flex`, `priority` or `latency-optimized`.
   * @default - not on demand
   */
  readonly serviceTier?: string;
  /**
   * `none`, `one-month`, `three-months` or `six-months`.
   * @default - the way knows no commitment
   */
  readonly commitment?: string;
  /** True for the usage as it was given. */
  readonly isAsIs: boolean;
  /**
   * What it costs. Where the number of model units is not known, its monthly cost is not either, and `knownMonthlyUsd` is
   * that of one unit.
   */
  readonly estimate: CostEstimate;
  /**
   * US dollars a month less than as it is; negative when it is dearer.
   * @default - one of the two costs is not known
   */
  readonly savingUsd?: number;
  /**
   * The same in percent of the cost as it is, rounded to a tenth.
   * @default - one of the two costs is not known, or it costs nothing as it is
   */
  readonly savingPercent?: number;
  /** What it asks in return: waiting, a commitment, that data may leave the region. */
  readonly asks: string[];
  /**
   * The smallest number of requests a month from which it is no dearer than the usage as it is: up to
   * `breakEvenUpToRequestsPerMonth` where that is known, else as far as what is bought can carry them.
   * @default - there is no such point; `breakEven` says why
   */
  readonly breakEvenRequestsPerMonth?: number;
  /**
   * The largest number of requests a month that the bought capacity carries: for one more, more has to be bought, and
   * that has a break-even point of its own.
   * @default - there is no such point, or nobody knows how much the capacity carries
   */
  readonly breakEvenUpToRequestsPerMonth?: number;
  /**
   * The break-even point in words.
   * @default - the usage as it is, or one of the two costs is not known
   */
  readonly breakEven?: string;
  /**
   * Why its monthly cost is not known.
   * @default - it is known
   */
  readonly unknownBecause?: string;
}

/** Another model for the same usage. Only its cost is compared: nothing is said about quality. */
export interface ModelAlternative {
  /** The model's id as it would be called. */
  readonly modelId: string;
  /** The model's name. */
  readonly name: string;
  /** What it costs. */
  readonly estimate: CostEstimate;
  /**
   * US dollars a month less than the usage as it is; negative when it is dearer.
   * @default - the cost of the usage as it is is not known
   */
  readonly savingUsd?: number;
  /**
   * The same in percent of the cost as it is, rounded to a tenth.
   * @default - the cost as it is is not known, or nothing
   */
  readonly savingPercent?: number;
}

/** One usage in every way that the price book has prices for. */
export interface CostComparison {
  /** The usage as it was given. */
  readonly asIs: PurchaseOption;
  /** Every way, the one as it is among them: cheapest first, those whose cost is not known last. */
  readonly options: PurchaseOption[];
  /** Models of the same provider and kind that can be called from the region, cheapest first. */
  readonly otherModels: ModelAlternative[];
  /** What was looked for and has no price. */
  readonly notPriced: string[];
  /**
   * Ways that cannot be bought, each with the reason. AWS accepts no new capacity of a legacy model, at whatever price:
   * neither provisioned throughput nor the reserved tier.
   */
  readonly notAvailable: string[];
  /** What was taken for granted, and may be wrong for you. */
  readonly assumptions: string[];
}
