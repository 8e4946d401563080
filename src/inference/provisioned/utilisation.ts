import { Token } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { InputChecks } from '../input-checks';
import { ONE_OR_MORE } from './ranges';
import { breakEvenText, costsText, fullUseText, tooLargeText, tooSmallText, Utilisation, utilisationText } from './utilisation-text';
import { SourceJson } from '../../cost-report/report-json';
import { inProp, refusePlace } from '../../estimates/estimate-usage';
import { addFinding } from '../../estimates/findings';
import { assumedRegion, allowedHoursPerMonth, pricingRegion, usageFile } from '../../estimates/settings';
import { MESSAGES } from '../../messages';
import { OnDemandUsage, OnDemandWorkload } from '../../pricing/billing-modes/on-demand';
import { CostCalculator } from '../../pricing/calculator';
import { accessesFrom } from '../../pricing/comparison/access';
import { loadOf, modelUnitsFor, requestsCarried, tokensPerMinute } from '../../pricing/comparison/load';
import { decimal, ZERO } from '../../pricing/decimal';
import { CostEstimate } from '../../pricing/estimate';
import { ModelId } from '../../pricing/model-id';
import { modelFacts } from '../../pricing/price-book/model-catalog';
import { PriceBook } from '../../pricing/price-book/price-book';

const TWO = decimal(2);

/** Model units as they are bought and priced, and the demand for them. */
export interface UtilisedPurchase {
  /** The id that determines the price. */
  readonly model: string;
  readonly customModel: boolean;
  /** A checked number, or a token. */
  readonly modelUnits: number;
  /** The cost of the units. */
  readonly estimate: CostEstimate;
  /** The book of the on-demand prices. */
  readonly book: PriceBook;
  /** The hours of a month in which the units exist; by default all hours of the app's month. */
  readonly hoursPerMonth?: number;
  /** The on-demand usage that the units serve. */
  readonly usage?: OnDemandUsage;
  readonly tokensPerMinutePerModelUnit?: number;
  readonly peakToAverageRatio?: number;
}

/**
 * Reports the utilisation of the units, the cost of the usage on demand, and the break-even point, and warns if the number of units does not
 * match the usage. Without the usage and the capacity of a unit, it reports nothing.
 *
 * @throws if a field of the usage is invalid
 */
export function reviewUtilisation(construct: IConstruct, purchase: UtilisedPurchase, source: SourceJson | undefined): void {
  const { usage, tokensPerMinutePerModelUnit } = purchase;
  if (usage === undefined && tokensPerMinutePerModelUnit === undefined) return;
  const unresolved = unresolvedIn(purchase);
  if (unresolved.length > 0) {
    addFinding(construct, MESSAGES.throughputBreakEven, `utilisation and break-even are unknown: ${unresolved.join(', ')} is a token, known only at deployment`, source);
    return;
  }
  report(construct, utilisationOf(construct, purchase), source);
}

/** Refuses invalid numbers of the utilisation. Returns true if there are none. */
export function isUtilisationAllowed(construct: IConstruct, props: Pick<UtilisedPurchase, 'tokensPerMinutePerModelUnit' | 'peakToAverageRatio'>): boolean {
  return new InputChecks()
    .check('tokensPerMinutePerModelUnit', props.tokensPerMinutePerModelUnit, ONE_OR_MORE.isAllowed, ONE_OR_MORE.allowed)
    .check('peakToAverageRatio', props.peakToAverageRatio, ONE_OR_MORE.isAllowed, ONE_OR_MORE.allowed)
    .passed(construct);
}

function report(construct: IConstruct, utilisation: Utilisation, source: SourceJson | undefined): void {
  const { units, capacity, demand } = utilisation;
  const needed = demand?.unitsNeeded;
  if (capacity && demand && needed) {
    if (needed.cmp(units) > 0) addFinding(construct, MESSAGES.throughputTooSmall, tooSmallText(units, capacity, demand, needed), source);
    if (needed.times(TWO).cmp(units) <= 0) {
      addFinding(construct, MESSAGES.throughputTooLarge, tooLargeText(utilisation, capacity, demand, needed), source);
    }
  }
  addFinding(construct, MESSAGES.throughputBreakEven, [
    utilisationText(utilisation),
    ...(capacity ? [fullUseText(utilisation, capacity)] : []),
    ...(demand ? [costsText(utilisation, demand), breakEvenText(utilisation, demand)] : []),
  ].join('\n  '), source);
}

function utilisationOf(construct: IConstruct, purchase: UtilisedPurchase): Utilisation {
  const { modelUnits, estimate, tokensPerMinutePerModelUnit } = purchase;
  const units = decimal(modelUnits);
  const perUnit = tokensPerMinutePerModelUnit === undefined ? undefined : decimal(tokensPerMinutePerModelUnit);
  const hours = purchase.hoursPerMonth ?? allowedHoursPerMonth(construct);
  return {
    units,
    unitsUsd: estimate._monthly,
    hours: decimal(hours),
    capacity: perUnit && { perUnit, tokensPerMinute: units.times(perUnit) },
    demand: demandOf(construct, purchase, hours),
  };
}

function demandOf(construct: IConstruct, purchase: UtilisedPurchase, hours: number): Utilisation['demand'] {
  const { usage, model, customModel, modelUnits, book, peakToAverageRatio, tokensPerMinutePerModelUnit } = purchase;
  if (usage === undefined) return undefined;
  const workload = { ...usage, model, customModel, region: pricingRegion(construct) ?? usageFile(construct)?.region ?? assumedRegion() };
  refusePlace('usage', usage);
  // This also checks every field of the usage.
  const onDemand = inProp('usage', () => onDemandOf(book, workload));
  const load = loadOf({ ...workload, hoursPerMonth: hours, peakToAverageRatio });
  const perRequest = load.inputTokens.plus(load.outputTokens);
  // Images that are not counted in tokens use an unknown share of the units.
  const isCounted = perRequest.cmp(ZERO) > 0;
  const perUnit = isCounted && tokensPerMinutePerModelUnit !== undefined ? decimal(tokensPerMinutePerModelUnit) : undefined;
  return {
    tokensPerMinute: isCounted ? tokensPerMinute(load, perRequest) : undefined,
    unitsNeeded: perUnit && modelUnitsFor(load, perUnit),
    carriedRequests: perUnit && requestsCarried(load, perUnit.times(decimal(modelUnits)), perRequest),
    ...onDemand,
  };
}

/** The cost on demand by the first id with a price: the model in the region itself, then through its profiles. */
function onDemandOf(book: PriceBook, workload: OnDemandWorkload) {
  const calculator = new CostCalculator(book);
  // Only throughput is bought by context variant.
  const model = modelFacts(workload.model)?.id ?? workload.model;
  // A custom model has no profiles.
  const offered = workload.customModel ? [] : accessesFrom(ModelId.parse(model), workload.region).map(({ modelId }) => modelId);
  const priced = (offered.length > 0 ? offered : [model]).map((id) => ({
    onDemandModel: id,
    onDemandUsd: calculator.onDemand({ ...workload, model: id })._monthly,
    onDemandUsdPerRequest: calculator.onDemand({ ...workload, model: id, requestsPerMonth: 1 })._monthly,
  }));
  return priced.find(({ onDemandUsd }) => onDemandUsd !== undefined) ?? priced[0];
}

function unresolvedIn(purchase: UtilisedPurchase): string[] {
  const { usage, model, modelUnits, hoursPerMonth: hours, tokensPerMinutePerModelUnit, peakToAverageRatio } = purchase;
  const ofUsage = Object.entries(Token.isUnresolved(usage) ? {} : usage ?? {}).map(([field, value]): [string, unknown] => [`usage.${field}`, value]);
  const given = Object.entries({ model, modelUnits, hoursPerMonth: hours, usage, tokensPerMinutePerModelUnit, peakToAverageRatio });
  return [...given, ...ofUsage].filter(([, value]) => Token.isUnresolved(value)).map(([name]) => name);
}
