import type { BedrockMetric } from '../../aws/metrics';

/** The namespace of all metrics of a budget. */
export const NAMESPACE = 'CdkBedrockCost';

/** The metrics of a budget. Each value is a sum that the function computes again at each run: use the statistic `Maximum`. */
export const MetricName = {
  /** The cost since the beginning of the month (UTC), in US dollars. */
  MONTH_TO_DATE: 'MonthToDateUsd',
  /** The forecast cost of the month, in US dollars. */
  FORECAST: 'ForecastUsd',
  /** The cost of the last minutes, whose number is in the dimension `Window`, in US dollars. */
  SPENT: 'SpentUsd',
  /** The highest burn ratio of the budget: the lowest ratio of cost to threshold over the windows of a burn rate. 1 is at the threshold. */
  BURN_RATIO: 'BurnRatio',
  /** The limit of this month, if limits differ from month to month. */
  LIMIT: 'LimitUsd',
  /** The ratio of the cost of the batch jobs that ended within the last 24 hours to their estimated cost; 1 if they are equal. */
  BATCH_COST_RATIO: 'BatchCostRatio',
  /** Hours since provisioned throughput was last invoked, or since it was bought. */
  IDLE_HOURS: 'IdleHours',
  /** Days until a commitment ends, and renews itself. */
  COMMITMENT_DAYS_LEFT: 'CommitmentDaysLeft',
} as const;

/**
 * The dimensions of these metrics:
 * - `Budget`: the whole budget (`MonthToDateUsd`, `ForecastUsd`, `LimitUsd`, `BurnRatio`)
 * - `Budget`, `Stack`: one stack's part of a budget that covers several stacks (`MonthToDateUsd`, `ForecastUsd`); in another account,
 *   `BurnRatio` as well
 * - `Budget`, `Stack`, `Resource`, `Model`, `Meter`: one resource (`MonthToDateUsd`); all three are `REMOVED` for the sum of the
 *   resources that were removed or replaced this month.
 * - `Budget`, `Window`, and `Budget`, `Stack`, `Window`: the whole budget and its parts (`SpentUsd`), if one alarm cannot add up all
 *   token metrics
 * - `Budget`, `Resource`: `BatchCostRatio`, `IdleHours`, `CommitmentDaysLeft`
 */
export const Dimension = { BUDGET: 'Budget', STACK: 'Stack', RESOURCE: 'Resource', MODEL: 'Model', METER: 'Meter', WINDOW: 'Window' } as const;

/** The value of the dimensions `Resource`, `Model` and `Meter` for the sum of the resources that were removed or replaced this month. */
export const REMOVED = '(removed)';

/** The environment variables of the function. */
export const MonthToDateEnv = {
  /** The name of the schedule, in the default group, whose target's input is the `StackRequest`. */
  SCHEDULE: 'SCHEDULE',
  /** The name of the first SSM parameter of the ledger, which ends in `/1`. All other parameters of the function are below the same path. */
  LEDGER_PARAMETER: 'LEDGER_PARAMETER',
  /** The id of the CloudFormation stack. A stack that is deleted and deployed again has another id. */
  STACK_ID: 'STACK_ID',
} as const;

/** The value with which CloudFormation creates the first parameter of a ledger. It never changes, so updates do not write it again. */
export const EMPTY_LEDGER = '{}';

/** The maximum metrics in one request of PutMetricData. AWS allows 1,000; with 150, a request stays below 1 MB for dimensions of any length. */
export const MAX_DATA = 150;

/** The hours from a full recount to the next one. */
export const RECOUNT_HOURS = 24;

/** An event that starts a count. Other fields are ignored. */
export interface MonthToDateEvent {
  /**
   * The scheduled time, ISO 8601. All values are computed as of that time, so an event that is delivered twice has the same result. It
   * must not be in the future or older than a day.
   * @default - the current time
   */
  readonly time?: string;
}

/**
 * The meters of a stack, for all budgets that cover some of them, with the prices at synth. The function reads them from its schedule,
 * not from its event, which can be forged with permission to invoke the function.
 */
export interface StackRequest {
  /** A placeholder that EventBridge Scheduler replaces in the event. */
  readonly time: string;
  /** The value of the dimension `Stack`. */
  readonly stack: string;
  /** The token meters, each once, even if several budgets cover it. */
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
  /** Models that another stack of the account and region counts for this budget. Earlier amounts of this stack are part of that count. */
  readonly countedElsewhere?: readonly string[];
  /** The windows, in minutes before the run, whose token cost is written into the ledger for the function that adds up the budget. */
  readonly windowsMinutes?: readonly number[];
  /** Whether the cost of these windows is published as `SpentUsd`. */
  readonly publishWindows?: boolean;
  /** The burn rates whose highest ratio is published as `BurnRatio`: of the whole budget with `total`, otherwise of the part. */
  readonly burnRates?: readonly BurnRateRequest[];
  /** The other parts and the limits, in the one function that adds up the budget. */
  readonly total?: TotalRequest;
  /** Whether metrics with the dimensions `Budget`, `Stack` are published. */
  readonly publishPart: boolean;
  /** Whether `MonthToDateUsd` of each resource is published. */
  readonly resourceMetrics?: boolean;
}

/** A burn rate, which is exceeded when the cost in each of its windows is above the threshold. */
export interface BurnRateRequest {
  readonly windows: readonly { readonly minutes: number; readonly thresholdUsd: string }[];
}

/** The other parts of a budget, and its limits. */
export interface TotalRequest {
  /** The other parts, with the first SSM parameter of each ledger, in the region of its stack. */
  readonly parts: readonly PartRequest[];
  /** The other regions with alarms on the total. */
  readonly publishTo: readonly string[];
  /** The limits of individual months, by `YYYY-MM`; left out if all limits are equal. */
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
  /** The value of the dimension `Model`: the id that determines the price. */
  readonly model: string;
}

/** Tokens or images that CloudWatch counts in the namespace `AWS/Bedrock` under one `ModelId`. */
export interface TokenMeter extends Metered {
  readonly modelId: string;
  /** Other ids under which requests to the same model are counted, such as its ARN. Their counts are added. */
  readonly otherModelIds?: readonly string[];
  /** Whether the model is called directly, so that its id is the same in all stacks of the account and region. */
  readonly shared?: boolean;
  readonly prices: readonly { readonly metric: BedrockMetric; readonly usdPerMillion: string }[];
}

/** Provisioned throughput, which is billed for each started hour, used or not. */
export interface ThroughputMeter extends Metered {
  /** Left out for throughput that was bought elsewhere, which counts from the beginning of the month. */
  readonly arn?: string;
  /** The name, which identifies it when it was bought again under another ARN. */
  readonly name?: string;
  /** The planned number of units. The number that AWS returns takes precedence. */
  readonly modelUnits: number;
  /** Left out if no price is known. Only the idle hours are then published. */
  readonly usdPerModelUnitHour?: string;
  /** The hours of an average month in which it exists; left out if it always exists. With business hours it is found by its name. */
  readonly businessHoursPerMonth?: number;
}

/** The jobs of one `BatchInference`, which are identified by their role and the prefix of their names. */
export interface BatchMeter extends Metered {
  readonly jobNamePrefix: string;
  readonly roleArn: string;
  /** The price of a job's input tokens (counted in its `manifest.json.out`), in US dollars per million. */
  readonly usdPerMillionInput: string;
  readonly usdPerMillionOutput: string;
  /** The estimated cost of a record, for jobs without token counts and while a job runs. */
  readonly usdPerRecord: string;
}
