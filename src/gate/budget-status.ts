import { BudgetJson, BudgetStatus, ResourceJson } from '../cost-report/report-json';
import { MESSAGES, Severity } from '../messages';
import { decimal, Decimal, percentOf, sum } from '../pricing/decimal';
import { MissingPrice } from '../pricing/estimate';
import { formatMonthly, ofModel } from '../pricing/format';

/** The part of the limit from which a budget is near it. */
const NEAR_PERCENT = 80;

/** How many of the largest costs a judgement names. */
const LARGEST_MAX = 3;

/** The cost of a resource, as an estimate at synth and a report both have it. */
export type CoveredCost = Pick<ResourceJson,
'path' | 'stack' | 'type' | 'model' | 'region' | 'regionAssumed' | 'monthlyUsd' | 'knownMonthlyUsd' | 'missingPrices' | 'templateDiffers'>;

/** A cost that is unknown, and the one change that makes it known. */
export interface UnknownCost {
  readonly path: string;
  readonly reason: string;
  readonly fix: string;
  /** The id of the finding at synth; left out where synth has none, as for a region that is only assumed. */
  readonly id?: string;
  /** True where prices of the machine's default region were taken; left out otherwise. */
  readonly isRegionAssumed?: boolean;
}

/** The ids of the findings at synth about a cost that is unknown. */
export const UNKNOWN_COST_IDS = {
  price: MESSAGES.missingPrice.id,
  region: MESSAGES.unknownRegion.id,
  usage: MESSAGES.unknownUsage.id,
  template: MESSAGES.templateDiffers.id,
} as const;

/** How strict a budget is. */
export interface BudgetRules {
  readonly enforcement: string;
  /** `FAIL`, `WARN` or `IGNORE`. */
  readonly onMissingPrice: string;
}

/** A limit compared with the costs that it covers. */
export interface BudgetJudgement {
  readonly status: BudgetStatus;
  /** The known costs. */
  readonly known: Decimal;
  /** Number of covered costs. */
  readonly covered: number;
  readonly unknown: readonly UnknownCost[];
  /** The largest costs, a line each. */
  readonly largest: readonly string[];
}

/** The rules of a budget that states none, such as one in a report of an older version. */
export function defaultOnMissingPrice(enforcement: string): 'FAIL' | 'WARN' {
  return enforcement.toUpperCase() === 'WARN' ? 'WARN' : 'FAIL';
}

/**
 * The judgement of a budget, at synth and by `check` alike.
 *
 * An unknown cost can only add to the known ones, so `over` holds in spite of it. Nothing to judge is `unknown`, too: a
 * budget that was moved away from its resources would otherwise always be ok.
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

/** The severity of a judgement under the rules of its budget; undefined where there is nothing to report. */
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

/** The path of the whole app is empty. A budget that does not state what it covers may cover anything. */
export function isCovered(path: string, { covers }: Pick<BudgetJson, 'covers'>): boolean {
  return covers === undefined || covers === '' || path === covers || path.startsWith(`${covers}/`);
}

/** The unknown parts of a cost: prices that are missing, a region that was only assumed, or a template that was changed after pricing. */
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

/** The change that gives a stack a region for its prices. */
export function setRegionFix(stack: string): string {
  return `set env.region on the stack ${stack}, or the context key 'cdk-bedrock-cost:region'`;
}

function fixOf({ hint, nearestModels: [nearest] }: MissingPrice): string {
  return nearest === undefined ? hint : `change the model id to ${nearest}, or give a rate of your own`;
}
