import type { BedrockMetric } from '../../aws/metrics';

/** The namespace of everything that is published about a budget. */
export const NAMESPACE = 'CdkBedrockCost';

/** The metrics of a budget. Each is the newest value of a sum that the function computes anew each time: read `Maximum`. */
export const MetricName = {
  /** The cost since the month began (UTC), in US dollars. */
  MONTH_TO_DATE: 'MonthToDateUsd',
  /** The forecast cost of the month, in US dollars. */
  FORECAST: 'ForecastUsd',
  /** The cost of the last minutes, whose number is in the dimension `Window`, in US dollars. */
  SPENT: 'SpentUsd',
  /** The worst burn rate of the budget: cost within its windows over their thresholds, of which the least counts. 1 is at the limit of the rate. */
  BURN_RATIO: 'BurnRatio',
  /** The limit of this month, where it differs from month to month. */
  LIMIT: 'LimitUsd',
  /** The ratio of the cost of the batch jobs that ended within the last 24 hours to their estimated cost: 1 is as planned. */
  BATCH_COST_RATIO: 'BatchCostRatio',
  /** Hours since provisioned throughput was last invoked, or since it was bought. */
  IDLE_HOURS: 'IdleHours',
  /** Days until a commitment ends, and renews itself. */
  COMMITMENT_DAYS_LEFT: 'CommitmentDaysLeft',
} as const;

/**
 * The dimensions of these metrics:
 * - `Budget`: the whole budget (`MonthToDateUsd`, `ForecastUsd`, `LimitUsd`, `BurnRatio`)
 * - `Budget`, `Stack`: the part of a budget that one stack is (`MonthToDateUsd`, `ForecastUsd`), where it covers several; in another
 *   account, `BurnRatio` as well
 * - `Budget`, `Stack`, `Resource`, `Model`, `Meter`: one resource (`MonthToDateUsd`); all three are `REMOVED` for the sum of the
 *   resources that were removed or replaced this month.
 * - `Budget`, `Window`, and `Budget`, `Stack`, `Window`: the whole and the parts again (`SpentUsd`), where one alarm cannot
 *   add up all token metrics
 * - `Budget`, `Resource`: `BatchCostRatio`, `IdleHours`, `CommitmentDaysLeft`
 */
export const Dimension = { BUDGET: 'Budget', STACK: 'Stack', RESOURCE: 'Resource', MODEL: 'Model', METER: 'Meter', WINDOW: 'Window' } as const;

/** The value of the dimensions `Resource`, `Model` and `Meter` for the sum of the resources that were removed or replaced this month. */
export const REMOVED = '(removed)';

/** The environment variables of the function. */
export const MonthToDateEnv = {
  /** The name of the schedule, in the default group, whose target's input is the `StackRequest`. */
  SCHEDULE: 'SCHEDULE',
  /** The name of the first SSM parameter of the ledger, which ends in `/1`. All further ones of the function are below the same path. */
  LEDGER_PARAMETER: 'LEDGER_PARAMETER',
  /** The id of the CloudFormation stack: a stack that is removed and deployed again has another one. */
  STACK_ID: 'STACK_ID',
} as const;

/** The value that CloudFormation creates the first parameter of a ledger with. It never changes, so that no update writes it again. */
export const EMPTY_LEDGER = '{}';

/** The most metrics in one request of PutMetricData. AWS takes 1,000; a request stays below 1 MB however long the dimensions are. */
export const MAX_DATA = 150;

/** The hours from a full recount to the next one. */
export const RECOUNT_HOURS = 24;

/** An event that starts a count. Everything else that it holds is ignored. */
export interface MonthToDateEvent {
  /**
   * The scheduled time, ISO 8601: everything is computed as of then, so that an event delivered twice gives the same. It must not
   * be in the future, nor older than a day.
   * @default - the present
   */
  readonly time?: string;
}

/**
 * Everything that a stack counts, for all budgets that cover some of it, with the prices of the day of synth. The function reads it
 * from its schedule: an event that named the meters would let everyone who may invoke the function decide what is counted.
 */
export interface StackRequest {
  /** A placeholder that EventBridge Scheduler replaces in the event. */
  readonly time: string;
  /** The value of the dimension `Stack`. */
  readonly stack: string;
  /** Each meter once, however many budgets cover it. */
  readonly onDemand: readonly TokenMeter[];
  readonly provisioned: readonly ThroughputMeter[];
  readonly batch: readonly BatchMeter[];
  readonly budgets: readonly BudgetRequest[];
}

/** A stack's part of one budget: the meters that the budget covers, by their indexes in the lists of the `StackRequest`. */
export interface BudgetRequest {
  /** The value of the dimension `Budget`. */
  readonly budget: string;
  readonly onDemand: readonly number[];
  readonly provisioned: readonly number[];
  readonly batch: readonly number[];
  /** Models that another stack of the account and region counts for this budget: amounts that were counted here before are counted there. */
  readonly countedElsewhere?: readonly string[];
  /** The windows, in minutes before the run, whose token cost goes into the ledger, where the function that adds up the budget reads it. */
  readonly windowsMinutes?: readonly number[];
  /** Publish the cost of these windows as `SpentUsd`. */
  readonly publishWindows?: boolean;
  /** The burn rates that `BurnRatio` is the worst of: of the whole budget with `total`, otherwise of the part. */
  readonly burnRates?: readonly BurnRateRequest[];
  /** Present in the one function of a budget that adds it all up. */
  readonly total?: TotalRequest;
  /** Publish the dimensions `Budget`, `Stack`. */
  readonly publishPart: boolean;
  /** Publish `MonthToDateUsd` of each resource. */
  readonly resourceMetrics?: boolean;
}

/** A burn rate, exceeded when every one of its windows has cost more than its threshold. */
export interface BurnRateRequest {
  readonly windows: readonly { readonly minutes: number; readonly thresholdUsd: string }[];
}

/** The other parts of a budget, and its limits. */
export interface TotalRequest {
  /** The other parts, and the first SSM parameter of each one's ledger, in the region of its stack. */
  readonly parts: readonly PartRequest[];
  /** The other regions that alarms wait for the total in. */
  readonly publishTo: readonly string[];
  /** The limits of months that have one of their own, by `YYYY-MM`; left out where all are alike. */
  readonly plannedLimitsUsd?: { readonly [month: string]: string };
  /** The limit of all other months. */
  readonly limitUsd: string;
}

/** A part that another stack counts. */
export interface PartRequest {
  readonly stack: string;
  readonly region: string;
  readonly ledger: string;
}

interface Metered {
  /** The value of the dimension `Resource`: the construct's path. */
  readonly resource: string;
  /** The value of the dimension `Model`: the id that it is priced by. */
  readonly model: string;
}

/** Tokens or images that CloudWatch counts in the namespace `AWS/Bedrock` under one `ModelId`. */
export interface TokenMeter extends Metered {
  readonly modelId: string;
  /** Further ids under which requests to the same model are counted, such as its ARN: they are added. */
  readonly otherModelIds?: readonly string[];
  /** True for a model that is called directly: its id is the same in every stack of the account and region. */
  readonly shared?: boolean;
  readonly prices: readonly { readonly metric: BedrockMetric; readonly usdPerMillion: string }[];
}

/** Provisioned throughput: costs by the hour begun, used or not. */
export interface ThroughputMeter extends Metered {
  /** Left out for throughput that was bought elsewhere: then it counts from the beginning of the month. */
  readonly arn?: string;
  /** The name that finds it when it was bought again, under another ARN. */
  readonly name?: string;
  /** The number of units as planned; the number that AWS returns wins. */
  readonly modelUnits: number;
  /** Left out where no price is known: then only its idle hours are published. */
  readonly usdPerModelUnitHour?: string;
  /** The hours of an average month in which it exists; left out where it always exists. With business hours it is found by its name. */
  readonly businessHoursPerMonth?: number;
}

/** The jobs of one `BatchInference`: known by the role that they run with and by how their names begin. */
export interface BatchMeter extends Metered {
  readonly jobNamePrefix: string;
  readonly roleArn: string;
  /** Prices of a job's own token counts (its `manifest.json.out`), by the dollar per million. */
  readonly usdPerMillionInput: string;
  readonly usdPerMillionOutput: string;
  /** The estimated cost of a record, for jobs without token counts and while a job runs. */
  readonly usdPerRecord: string;
}
