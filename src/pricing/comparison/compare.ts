import { Access, accessesFrom, accessOf, isListed } from './access';
import { assumptionsOf } from './assumptions';
import { byModelUnit, byTokensPerMinute, CapacityRequest } from './by-capacity';
import { byToken } from './by-token';
import { Candidate, cheapestFirst, toOption } from './candidate';
import { ComparisonUsage, CostComparison, PurchaseOption, BillingMode } from './comparison';
import { loadOf, onDemandUsage } from './load';
import { withoutNewCapacity } from './new-capacity';
import { otherModels } from './other-models';
import { PricingError } from '../../input/error';
import { contextOf } from '../billing-modes/context';
import { checkWorkload, fieldTable } from '../billing-modes/field-table';
import { BOOLEAN, FieldCheck, HOURS, ONE_OR_MORE, QUANTITY } from '../billing-modes/input';
import { ON_DEMAND_FIELDS, onDemand, OnDemandWorkload, priceTierOf, tokensIn } from '../billing-modes/on-demand';
import { ModelId } from '../model-id';
import { PriceBook } from '../price-book/price-book';
import { ContextLength, PriceTier } from '../price-book/rate';

const FIELDS = fieldTable<ComparisonUsage, FieldCheck>({
  ...ON_DEMAND_FIELDS.fields,
  batch: BOOLEAN,
  recordsPerJob: QUANTITY,
  hoursPerMonth: HOURS,
  // A unit that carries less than a token a minute is none; so many of them would be needed that no number holds it.
  tokensPerMinutePerModelUnit: ONE_OR_MORE,
  peakToAverageRatio: ONE_OR_MORE,
});

/**
 * The same usage in every way that it can be bought: each tier on demand and batch through each access, the reserved tier,
 * provisioned throughput; then other models of the provider.
 *
 * A way without a price is no option; the usage as it was given always is one.
 */
export function compare(book: PriceBook, usage: ComparisonUsage): CostComparison {
  const used = checked(book, usage);
  const load = loadOf(usage);
  const model = ModelId.parse(used.model);
  const request: CapacityRequest = { usage: used, model, load, tokensPerMinutePerModelUnit: usage.tokensPerMinutePerModelUnit };
  const given = accessOf(model);
  const asIsOf = (candidate: Candidate) => candidate.modelId === given.modelId && isBoughtLike(candidate, usage);
  const current = withNotListed(byToken(book, used, given, usage.recordsPerJob).find(asIsOf)!, used, model);
  const accesses = callableAs(used, model, given);
  const candidates = [
    ...accesses.flatMap((access) => byToken(book, used, access, usage.recordsPerJob)),
    ...(isReservable(used) ? accesses.flatMap((access) => byTokensPerMinute(book, request, access)) : []),
    ...byModelUnit(book, request),
  ].filter((candidate) => !asIsOf(candidate) && candidate.estimate.lineItems.length > 0);
  const { sold, notAvailable } = withoutNewCapacity(candidates, used);
  // The current billing mode is first, and stays first among options of equal cost.
  const options = cheapestFirst([current, ...sold]).map((candidate) => toOption(candidate, current));
  const alternatives = otherModels(book, used, usage.batch ?? false, current.estimate);
  return {
    current: options.find(({ isCurrent }) => isCurrent)!,
    options,
    otherModels: alternatives,
    notPriced: notPriced([current, ...candidates]),
    notAvailable,
    assumptions: assumptionsOf(usage, options, alternatives),
  };
}

/** Checks all fields before the comparison: an invalid field would otherwise look like a missing price. */
function checked(book: PriceBook, usage: ComparisonUsage): OnDemandWorkload {
  checkWorkload(usage, FIELDS);
  const used = onDemandUsage(usage);
  onDemand(book, used);
  if (usage.batch && priceTierOf(used) !== PriceTier.STANDARD) {
    throw PricingError.about('batch', 'must be left out with serviceTier or latency, since batch inference has neither');
  }
  return used;
}

/** The reserved tier has prices only for base models and requests of standard length; on demand, those of long requests are higher. */
function isReservable(usage: OnDemandWorkload): boolean {
  return !usage.customModel && contextOf(usage.model, tokensIn(usage)) !== ContextLength.LONG;
}

/** Every access that the region offers, the one of the usage first. A custom model is called as itself, through no profile. */
function callableAs({ region, customModel }: OnDemandWorkload, model: ModelId, given: Access): Access[] {
  if (customModel) return [given];
  const offered = accessesFrom(model, region);
  const others = offered.filter(({ modelId }) => modelId !== given.modelId);
  return others.length < offered.length || !isListed(model.text) ? [given, ...others] : others;
}

function isBoughtLike({ billingMode, serviceTier }: Candidate, usage: ComparisonUsage): boolean {
  return usage.batch ? billingMode === BillingMode.BATCH : billingMode === BillingMode.ON_DEMAND && serviceTier === priceTierOf(usage);
}

/** Reports a model that no availability list has for the region and scope of the call. */
function withNotListed(current: Candidate, { region, customModel }: OnDemandWorkload, model: ModelId): Candidate {
  const { modelId, tradeOffs } = current;
  if (customModel || region === undefined || !isListed(model.text)) return current;
  const isCallable = accessesFrom(model, region).some((access) => access.modelId === modelId);
  return isCallable ? current : { ...current, tradeOffs: [...tradeOffs, `the availability lists do not name ${modelId} in ${region}: see whether it can be called there`] };
}

type Way = Pick<PurchaseOption, 'billingMode' | 'serviceTier'>;
const LOOKED_FOR: readonly (readonly [name: string, is: (option: Way) => boolean])[] = [
  ['flex tier', ({ serviceTier }) => serviceTier === PriceTier.FLEX],
  ['priority tier', ({ serviceTier }) => serviceTier === PriceTier.PRIORITY],
  ['latency-optimized inference', ({ serviceTier }) => serviceTier === PriceTier.LATENCY_OPTIMIZED],
  ['batch inference', ({ billingMode }) => billingMode === BillingMode.BATCH],
  ['reserved tier', ({ billingMode }) => billingMode === BillingMode.RESERVED],
  ['provisioned throughput', ({ billingMode }) => billingMode === BillingMode.PROVISIONED_THROUGHPUT],
];

function notPriced(options: readonly Way[]): string[] {
  return LOOKED_FOR.filter(([, is]) => !options.some(is)).map(([name]) => name);
}
