import { BudgetJson, BudgetStatus, ResourceJson } from '../cost-report/report-json';
import { MESSAGES, Severity } from '../messages';
import { decimal, Decimal, percentOf, sum, ZERO } from '../pricing/decimal';
import { MissingPrice } from '../pricing/estimate';
import { formatUsd } from '../pricing/format';

/** The part of the limit from which a budget is near it. */
const NEAR_PERCENT = 80;

/** The cost of a resource, as an estimate at synth and a report both have it. */
export type CoveredCost = Pick<ResourceJson, 'path' | 'stack' | 'region' | 'regionAssumed' | 'monthlyUsd' | 'knownMonthlyUsd' | 'missingPrices' | 'templateDiffers'>;

/** A cost that is unknown, and the one change that makes it known. */
export interface UnknownCost {
  readonly path: string;
  readonly reason: string;
  readonly fix: string;
  /** The id of the finding at synth; left out where synth has none, as for a region that is only assumed. */
  readonly id?: string;
}

/** The ids of the findings at synth about a cost that is unknown. */
export const UNKNOWN_COST_IDS = {
  price: MESSAGES.missingPrice.id,
  region: 'bedrock-cost-unknown-region',
  usage: 'bedrock-cost-unknown-usage',
  template: 'bedrock-cost-template-differs',
} as const;

/** How strict a budget is. */
export interface BudgetRules {
  readonly enforcement: string;
  /** `FAIL`, `WARN` or `IGNORE`. */
  readonly onMissingPrice: string;
}

export interface BudgetJudgement {
  readonly status: BudgetStatus;
  /** The known costs. */
  readonly known: Decimal;
  /** Number of covered costs. */
  readonly covered: number;
  readonly unknown: readonly UnknownCost[];
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
  return { known, unknown, covered: costs.length, status: statusOf(known, unknown.length > 0 || costs.length === 0, limit) };
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

/** The id of the finding of a judgement that nobody accepts. */
export function budgetRuleId({ status, covered }: Pick<BudgetJudgement, 'status' | 'covered'>): string {
  if (status === 'near') return MESSAGES.budgetNear.id;
  if (status !== 'unknown') return MESSAGES.budgetExceeded.id;
  return covered > 0 ? MESSAGES.budgetIncomplete.id : MESSAGES.budgetCoversNothing.id;
}

/** The path of the whole app is empty. A budget that does not state what it covers may cover anything. */
export function isCovered(path: string, { covers }: Pick<BudgetJson, 'covers'>): boolean {
  return covers === undefined || covers === '' || path === covers || path.startsWith(`${covers}/`);
}

/** The unknown parts of a cost: prices that are missing, a region that was only assumed, or a template that was changed after pricing. */
export function unknownCosts(cost: CoveredCost): UnknownCost[] {
  const { path, stack, region, regionAssumed, monthlyUsd, missingPrices, templateDiffers } = cost;
  const setRegion = setRegionFix(stack);
  const found: Omit<UnknownCost, 'path'>[] = missingPrices.map((missing) => ({
    reason: missing.description,
    fix: isRegionMissing(region, missing) ? setRegion : fixOf(missing),
    id: isRegionMissing(region, missing) ? UNKNOWN_COST_IDS.region : missing.kind === 'usage' ? UNKNOWN_COST_IDS.usage : UNKNOWN_COST_IDS.price,
  }));
  if (regionAssumed) found.push({ reason: `the stack has no region, and ${region} is only the default of the machine (CDK_DEFAULT_REGION)`, fix: setRegion });
  if (templateDiffers !== undefined) found.push({ reason: templateDiffers, fix: 'set the prop of the construct instead of overriding the template', id: UNKNOWN_COST_IDS.template });
  if (found.length === 0 && monthlyUsd === null) found.push({ reason: 'the monthly cost is unknown', fix: 'synthesize the app again' });
  return found.map((unknown) => ({ path, ...unknown }));
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

/** The changes that lower a cost. */
export const LOWER_THE_COST = 'lower the usage, choose a cheaper way to buy it';

/** The changes that end the finding of an exceeded budget. BLOCK takes no acknowledgement. */
export function exceededFix(enforcement: string): string {
  const isBlock = enforcement.toUpperCase() === 'BLOCK';
  return isBlock ? `${LOWER_THE_COST}, or raise monthlyLimitUsd` : `${LOWER_THE_COST}, raise monthlyLimitUsd, or accept it with acknowledge()`;
}

/** How many unknown costs a message names. */
const NAMED_MAX = 5;

/** The finding of a budget that is `unknown`, in one line: the estimate as far as it is known, the limit, and how much is unknown. */
export function budgetIncompleteText(
  path: string, limitUsd: string, judgement: Pick<BudgetJudgement, 'known' | 'covered' | 'unknown'>, acceptedUsd: string | null = null,
): string {
  const { known } = judgement;
  const amount = known.cmp(ZERO) === 0 ? 'no cost is known' : `only ${formatUsd(known)} a month is known`;
  const accepted = acceptedUsd === null ? '' : `, up to ${formatUsd(acceptedUsd)} is accepted`;
  return `${path} cannot be checked: ${amount}, the limit is ${formatUsd(limitUsd)}${accepted}, and ${unknownShareText(judgement)}`;
}

/** How many of the covered costs are unknown. */
export function unknownShareText({ covered, unknown }: Pick<BudgetJudgement, 'covered' | 'unknown'>): string {
  return `the cost of ${new Set(unknown.map(({ path }) => path)).size} of ${covered} resources is unknown, not $0`;
}

/** Each unknown cost with the change that makes it known. */
export function unknownCostLines(unknown: readonly UnknownCost[]): string[] {
  const reasons = new Map<string, string[]>();
  for (const { path, reason, fix } of unknown) {
    const key = JSON.stringify([path, fix]);
    reasons.set(key, [...reasons.get(key) ?? [], reason]);
  }
  const lines = [...reasons].map(([key, of]) => {
    const [path, fix] = JSON.parse(key) as [string, string];
    return `${path}: ${[...new Set(of)].join('; ')}. To make it known: ${fix}`;
  });
  const more = lines.length - NAMED_MAX;
  return more <= 0 ? lines : [...lines.slice(0, NAMED_MAX), `and ${more} more`];
}
