import { Severity } from '../messages';
import { EstimateJson } from '../pricing/estimate';
import { PriceDateFields } from '../pricing/price-book/price-dates';

/**
 * The content of `bedrock-cost-report.json` (schemas/report.schema.json).
 *
 * The command line reads only this file and never runs constructs. Money is a decimal text, exact and not rounded; `null` if a
 * price is missing. `oldestPriceDate` and `newestPriceDate` are the earliest and the latest day on which the used prices were
 * last confirmed; reports of older versions do not have them.
 */
export interface ReportJson extends Partial<PriceDateFields> {
  readonly schemaVersion: '1';
  readonly generatedBy: string;
  readonly priceBook: {
    /** Newest day on which a price of the book was read, used or not. */
    readonly asOf: string | null;
    readonly sources: readonly string[];
    /** Differences from the embedded list prices, as texts: own rates, discounts, a day; left out if there is none. */
    readonly changes?: readonly string[];
  };
  readonly currency: 'USD';
  readonly hoursPerMonth: number;
  /** Severities of messages that the context sets, by id; left out if it sets none. */
  readonly severities?: SeveritiesJson;
  readonly totals: TotalsJson;
  readonly stacks: readonly StackJson[];
  readonly resources: readonly ResourceJson[];
  readonly budgets: readonly BudgetJson[];
  /** Uses of Amazon Bedrock without a price. `report` and `check` add them from the templates of an assembly; left out by synth. */
  readonly unpriced?: readonly UnpricedJson[];
  /** Number of uses of Amazon Bedrock by result; left out like `unpriced`. */
  readonly coverage?: CoverageJson;
  readonly findings: readonly FindingJson[];
}

/** A use of Amazon Bedrock without a price. */
export interface UnpricedJson {
  readonly path: string;
  readonly stack: string;
  readonly resourceType: string;
  readonly modelIds: readonly string[];
  /** Line of code that prices the use. */
  readonly suggestion: string | null;
  readonly source: SourceJson | null;
}

export interface CoverageJson {
  readonly priced: number;
  readonly unpriced: number;
  readonly free: number;
  /** Uses for which a price book has no kind of rate. */
  readonly notCovered: number;
}

export interface TotalsJson {
  readonly monthlyUsd: string | null;
  readonly knownMonthlyUsd: string;
  readonly oneTimeUsd: string | null;
  readonly commitmentUsd: string | null;
  readonly otherServicesMonthlyUsd: string;
  readonly lowMonthlyUsd: string | null;
  readonly highMonthlyUsd: string | null;
}

export interface StackJson extends TotalsJson {
  readonly path: string;
  readonly region: string | null;
}

/** A priced resource: its path and type, its estimate, and its largest cost line. */
export interface ResourceJson extends EstimateJson, ResourceUsageJson, Partial<PriceDateFields> {
  readonly path: string;
  readonly stack: string;
  /** Billing mode, as in the usage file: `on-demand`, `batch`, `provisioned-throughput`, ... */
  readonly type: string;
  /** Null if no model is part of the price, such as for a guardrail. */
  readonly model: string | null;
  readonly region: string | null;
  /** True if the stack has no region and the prices of `CDK_DEFAULT_REGION` were used; left out otherwise. */
  readonly regionAssumed?: boolean;
  /** Difference between the template and the priced properties, such as after an override of a property; left out if there is none. */
  readonly templateDiffers?: string;
  readonly lowMonthlyUsd: string | null;
  readonly highMonthlyUsd: string | null;
  /** Largest line and its share of the known monthly cost in percent, rounded to a tenth; null without a line. */
  readonly largestLine: { readonly description: string; readonly usd: string; readonly sharePercent: string } | null;
  /** Lines of `otherServicesMonthlyUsd`; left out if it is 0. */
  readonly otherServices?: readonly OtherServiceLineJson[];
  /** Null without a commitment. */
  readonly commitment: { readonly duration: string; readonly months: number; readonly usd: string | null } | null;
  readonly source: SourceJson | null;
}

/** Priced usage of a resource, in the fields of the usage file. Reports of older versions do not have it. */
export interface ResourceUsageJson {
  readonly usage?: UsageJson;
  /** Fields that differ in a slow month; left out if there is none. */
  readonly lowUsage?: UsageJson;
  /** Fields that differ in a busy month; left out if there is none. */
  readonly highUsage?: UsageJson;
  /** Fields whose values are known only at deployment, such as `requestsPerMonth` or `low.requestsPerMonth`; left out if there is none. */
  readonly unresolvedUsage?: readonly string[];
}

/** Plain values by field. */
export interface UsageJson {
  readonly [field: string]: string | number | boolean | readonly string[];
}

export interface BudgetJson {
  readonly path: string;
  /** Path of the construct whose costs count towards the limit; left out if it is not known. */
  readonly covers?: string;
  readonly limitUsd: string;
  readonly estimatedUsd: string;
  readonly status: BudgetStatus;
  readonly enforcement: string;
  /** Effect of an unknown cost: `FAIL`, `WARN` or `IGNORE`; left out by older versions. */
  readonly onMissingPrice?: string;
  /**
   * Whether the finding of the budget is accepted: its overrun, or with the status `unknown` its unknown costs. `onMissingPrice`
   * decides on the unknown costs of an exceeded budget. False if the acknowledgement was not valid at synth.
   */
  readonly acknowledged: boolean;
  /** The acknowledgement, valid or not; null without one. */
  readonly acknowledgement?: AcknowledgementJson | null;
  /** Severities of the context for this budget, if a stage sets others than the app; left out otherwise. */
  readonly severities?: SeveritiesJson;
  /** Monitors of the budget after the deployment. */
  readonly monitors?: readonly MonitorJson[];
}

/** An acknowledgement of a budget's finding. CDK's own (`Validations.acknowledge`) has no owner, ceiling and last day. */
export interface AcknowledgementJson {
  readonly reason: string;
  readonly owner: string | null;
  /** Ceiling in US dollars a month, as a decimal text. */
  readonly maxMonthlyUsd: string | null;
  /** Last day in UTC on which it is valid, as YYYY-MM-DD. */
  readonly expires: string | null;
}

/** A monitor of a budget, with its detection delay and its own cost. */
export interface MonitorJson {
  readonly part: string;
  /** Path of the stack that it is in. */
  readonly stack: string;
  /** Detection delay: the time between the spending and the notification. */
  readonly delay: string;
  readonly otherServicesMonthlyUsd: string;
  readonly lineItems: readonly OtherServiceLineJson[];
}

/** Monthly cost of another AWS service for a resource, without the cost of Amazon Bedrock. */
export interface OtherServiceLineJson {
  readonly description: string;
  readonly quantity: string;
  readonly unit: string;
  readonly unitPriceUsd: string;
  readonly usd: string;
}

export interface FindingJson {
  readonly id: string;
  readonly severity: Severity;
  readonly path: string;
  readonly message: string;
  readonly fix: string | null;
  readonly source: SourceJson | null;
}

/** Source location of a construct in the user's code, relative to the working folder. */
export interface SourceJson {
  readonly file: string;
  readonly line: number;
}

/** Severities by the id of a message; `off` for one that is not reported. */
export interface SeveritiesJson {
  readonly [id: string]: Severity | 'off';
}

/** Status of a budget. `over`: the known costs exceed the limit; `near`: 80 % of it or more; `unknown`: not over, but a cost is unknown or nothing is covered. */
export type BudgetStatus = 'ok' | 'near' | 'over' | 'unknown';
