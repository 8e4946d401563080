import { BudgetJson, BudgetStatus, ResourceJson } from '../cost-report/report-json';
import { MESSAGES, Severity } from '../messages';
import { decimal, Decimal, percentOf, sum } from '../pricing/decimal';
import { MissingPrice } from '../pricing/estimate';
import { formatMonthly, ofModel } from '../pricing/format';

/** Percentage of the limit from which a budget is near it. */
const NEAR_PERCENT = 80;

/** Maximum number of largest costs that a judgement names. */
const LARGEST_MAX = 3;

/** Cost of a resource, in an estimate at synth or in a report. */
export type CoveredCost = Pick<ResourceJson,
'path' | 'stack' | 'type' | 'model' | 'region' | 'regionAssumed' | 'monthlyUsd' | 'knownMonthlyUsd' | 'missingPrices' | 'templateDiffers'>;

/** An unknown cost, and the change that makes it known. */
export interface UnknownCost {
  readonly path: string;
  readonly reason: string;
  readonly fix: string;
  /** Id of the finding at synth; left out if synth has none, such as for an assumed region. */
  readonly id?: string;
  /** True if the prices of the machine's default region were used; left out otherwise. */
  readonly isRegionAssumed?: boolean;
}

/** Ids of the findings at synth about an unknown cost. */
export const UNKNOWN_COST_IDS = {
  price: MESSAGES.missingPrice.id,
  region: MESSAGES.unknownRegion.id,
  usage: MESSAGES.unknownUsage.id,
  template: MESSAGES.templateDiffers.id,
} as const;

/** Rules of a budget. */
export interface BudgetRules {
  readonly enforcement: string;
  /** `FAIL`, `WARN` or `IGNORE`. */
  readonly onMissingPrice: string;
}

/** Comparison of a limit with the costs that it covers. */
export interface BudgetJudgement {
  readonly status: BudgetStatus;
  /** Sum of the known costs. */
  readonly known: Decimal;
  /** Number of covered costs. */
  readonly covered: number;
  readonly unknown: readonly UnknownCost[];
  /** Largest costs, one line for each. */
  readonly largest: readonly string[];
}

/** Returns the rule of a budget that states none, such as one in a report of an older version. */
export function defaultOnMissingPrice(enforcement: string): 'FAIL' | 'WARN' {
  return enforcement.toUpperCase() === 'WARN' ? 'WARN' : 'FAIL';
}

/**
 * Judges a budget, at synth and in `check`.
 *
 * An unknown cost can only increase the sum, so a budget whose known costs exceed the limit is `over`. A budget that covers nothing is
 * `unknown`: otherwise, a budget that was moved away from its resources would always be ok.
 */
export function judgeBudget(limit: Decimal, costs: readonly CoveredCost[]): BudgetJudgement {
  const known = sum(costs.map(({ knownMonthlyUsd }) => decimal(knownMonthlyUsd)));
  const unknown = costs.flatMap(unknownCosts);
  const status = statusOf(known, unknown.length > 0 || costs.length === 0, limit);
  return { status, known, covered: costs.length, unknown, largest: largestLines(costs) };
}

function largestLines(costs: readonly CoveredCost[]): string[] {
  return [...costs]
    .sort((a, b) => decimal(b.knownMonthlyUsd).cmp(decimal(a.knownMonthlyUsd)))
    .slice(0, LARGEST_MAX)
    .map((cost) => `${formatMonthly(cost)} ${cost.path} (${cost.type}${ofModel(cost.model)})`);
}

function statusOf(known: Decimal, isUnknown: boolean, limit: Decimal): BudgetStatus {
  if (known.cmp(limit) > 0) return 'over';
  if (isUnknown) return 'unknown';
  return known.cmp(percentOf(decimal(NEAR_PERCENT), limit)) >= 0 ? 'near' : 'ok';
}

/** Returns the severity of a judgement under the rules of its budget; undefined if there is nothing to report. */
export function severityOfJudgement({ status, covered }: Pick<BudgetJudgement, 'status' | 'covered'>, rules: BudgetRules): Severity | undefined {
  const [enforcement, onMissingPrice] = [rules.enforcement.toUpperCase(), rules.onMissingPrice.toUpperCase()];
  switch (status) {
    case 'over': return enforcement === 'WARN' ? 'warning' : 'error';
    case 'unknown':
      if (onMissingPrice === 'IGNORE') return undefined;
      return onMissingPrice === 'WARN' || covered === 0 ? 'warning' : 'error';
    case 'near': return 'info';
    case 'ok': return undefined;
  }
}

/** Whether a budget covers a path. The path of the whole app is empty. A budget without `covers` covers everything. */
export function isCovered(path: string, { covers }: Pick<BudgetJson, 'covers'>): boolean {
  return covers === undefined || covers === '' || path === covers || path.startsWith(`${covers}/`);
}

/** Returns the unknown parts of a cost: missing prices, an assumed region, or a template that was changed after pricing. */
export function unknownCosts(cost: CoveredCost): UnknownCost[] {
  const { path, stack, region, regionAssumed, monthlyUsd, missingPrices, templateDiffers } = cost;
  const setRegion = setRegionFix(stack);
  const found: Omit<UnknownCost, 'path' | 'isRegionAssumed'>[] = missingPrices.map((missing) => ({
    reason: missing.description,
    fix: isRegionMissing(region, missing) ? setRegion : fixOf(missing),
    id: isRegionMissing(region, missing) ? UNKNOWN_COST_IDS.region : missing.kind === 'usage' ? UNKNOWN_COST_IDS.usage : UNKNOWN_COST_IDS.price,
  }));
  if (regionAssumed) found.push({ reason: `the stack has no region, and ${region} is only the default of the machine (CDK_DEFAULT_REGION)`, fix: setRegion });
  if (templateDiffers !== undefined) found.push({ reason: templateDiffers, fix: 'set the prop of the construct instead of overriding the template', id: UNKNOWN_COST_IDS.template });
  if (found.length === 0 && monthlyUsd === null) found.push({ reason: 'the monthly cost is unknown', fix: 'synthesize the app again' });
  return found.map((unknown) => ({ path, ...unknown, ...(regionAssumed ? { isRegionAssumed: true } : {}) }));
}

/** True if the price is missing because the stack has no region, and not because of its model. */
export function isRegionMissing(region: string | null, { kind, nearestModels }: Pick<MissingPrice, 'kind' | 'nearestModels'>): boolean {
  return region === null && nearestModels.length === 0 && kind !== 'usage';
}

/** Returns the change that sets the region of a stack for its prices. */
export function setRegionFix(stack: string): string {
  return `set env.region on the stack ${stack}, or the context key 'cdk-bedrock-cost:region'`;
}

function fixOf({ hint, nearestModels: [nearest] }: MissingPrice): string {
  return nearest === undefined ? hint : `change the model id to ${nearest}, or give a rate of your own`;
}
