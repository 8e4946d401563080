import { Severity } from '../messages';
import { EstimateJson } from '../pricing/estimate';
import { PriceDateFields } from '../pricing/price-book/price-dates';

/**
 * The content of `bedrock-cost-report.json` (schemas/report.schema.json).
 *
 * It is all that is left of an app after synth: the command line reads it and never runs constructs. Money is a decimal
 * text, exact and not rounded; `null` where a price is missing. `oldestPriceDate` and `newestPriceDate` are the earliest
 * and the latest day on which the prices that were used were last confirmed; reports of older versions leave them out.
 */
export interface ReportJson extends Partial<PriceDateFields> {
  readonly schemaVersion: '1';
  readonly generatedBy: string;
  readonly priceBook: {
    /** The newest day on which a price of the book was read, whichever of its prices are used. */
    readonly asOf: string | null;
    readonly sources: readonly string[];
    /** What sets the prices apart from the embedded list prices, in words: own rates, discounts, a day; left out when nothing does. */
    readonly changes?: readonly string[];
  };
  readonly currency: 'USD';
  readonly hoursPerMonth: number;
  /** The severities that the context gives messages, by id; left out where it gives none. */
  readonly severities?: SeveritiesJson;
  readonly totals: TotalsJson;
  readonly stacks: readonly StackJson[];
  readonly resources: readonly ResourceJson[];
  readonly budgets: readonly BudgetJson[];
  readonly findings: readonly FindingJson[];
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

/** A priced resource: what it is, its estimate, and the line that drives its cost. */
export interface ResourceJson extends EstimateJson, ResourceUsageJson, Partial<PriceDateFields> {
  readonly path: string;
  readonly stack: string;
  /** The way of paying, as in the usage file: `on-demand`, `batch`, `provisioned-throughput`, ... */
  readonly type: string;
  /** Null where no model is part of the price, such as for a guardrail. */
  readonly model: string | null;
  readonly region: string | null;
  /** True where the stack has no region and prices of `CDK_DEFAULT_REGION` were taken; left out otherwise. */
  readonly regionAssumed?: boolean;
  /** Difference between the template and what was priced, such as after an override of a property; left out where there is none. */
  readonly templateDiffers?: string;
  readonly lowMonthlyUsd: string | null;
  readonly highMonthlyUsd: string | null;
  /** The largest line and its part of the known monthly cost in percent, rounded to a tenth; null without a line. */
  readonly largestLine: { readonly description: string; readonly usd: string; readonly sharePercent: string } | null;
  /** What `otherServicesMonthlyUsd` is made of; left out where it is 0. */
  readonly otherServices?: readonly OtherServiceLineJson[];
  /** Null without a commitment. */
  readonly commitment: { readonly duration: string; readonly months: number; readonly usd: string | null } | null;
  readonly source: SourceJson | null;
}

/** The usage that a resource was priced by, in the fields of the usage file. Reports of older versions do not tell. */
export interface ResourceUsageJson {
  readonly usage?: UsageJson;
  /** The fields that differ in a slow month; left out where none was given. */
  readonly lowUsage?: UsageJson;
  /** The fields that differ in a busy month; left out where none was given. */
  readonly highUsage?: UsageJson;
  /** The fields whose values are known only at deployment, such as `requestsPerMonth` or `low.requestsPerMonth`; left out where there is none. */
  readonly unresolvedUsage?: readonly string[];
}

/** Plain values by field. */
export interface UsageJson {
  readonly [field: string]: string | number | boolean | readonly string[];
}

export interface BudgetJson {
  readonly path: string;
  /** The path of the construct whose costs count; left out where it is not known. */
  readonly covers?: string;
  readonly limitUsd: string;
  readonly estimatedUsd: string;
  readonly status: BudgetStatus;
  readonly enforcement: string;
  /** `FAIL`, `WARN` or `IGNORE`: what an unknown cost does; left out by older versions. */
  readonly onMissingPrice?: string;
  /**
   * Whether its finding is accepted: that of an exceeded budget (unknown costs aside, which `onMissingPrice` judges), or with the
   * status `unknown` that of an incomplete one. False where the acknowledgement did not hold at synth.
   */
  readonly acknowledged: boolean;
  /** The acknowledgement, whether it holds or not; null without one. */
  readonly acknowledgement?: AcknowledgementJson | null;
  /** The severities of the context for this budget, where a stage sets others than the app; left out otherwise. */
  readonly severities?: SeveritiesJson;
  /** What watches the budget after the deployment. */
  readonly guards?: readonly GuardJson[];
}

/** An acknowledgement of a budget's finding. Without owner, ceiling and last day where it is one of CDK (`Validations.acknowledge`). */
export interface AcknowledgementJson {
  readonly reason: string;
  readonly owner: string | null;
  /** The ceiling in US dollars a month, as a decimal text. */
  readonly maxMonthlyUsd: string | null;
  /** The last day in UTC on which it holds, as YYYY-MM-DD. */
  readonly expires: string | null;
}

/** A part of what watches a budget: how late it speaks, and what it costs itself. */
export interface GuardJson {
  readonly part: string;
  /** The stack that it is in. */
  readonly stack: string;
  /** How long after the spending it speaks. */
  readonly delay: string;
  readonly otherServicesMonthlyUsd: string;
  readonly lineItems: readonly OtherServiceLineJson[];
}

/** What other AWS services cost a month for something, Amazon Bedrock's own cost apart. */
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

/** Where in the user's code a construct was made, relative to the working folder. */
export interface SourceJson {
  readonly file: string;
  readonly line: number;
}

/** Severities by the id of a message; `off` for one that is not reported. */
export interface SeveritiesJson {
  readonly [id: string]: Severity | 'off';
}

/** `over`: the known costs exceed the limit. `near`: 80 % of it or more. `unknown`: not over, but a cost is unknown or nothing is covered. */
export type BudgetStatus = 'ok' | 'near' | 'over' | 'unknown';
