import { Token } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { pricedUsage } from '../estimates/entry-details';
import { estimateUsage, UsageEstimates, UsageRequest } from '../estimates/estimate-usage';
import { resolveLazy } from '../estimates/lazy-usage';
import { idOf, resolvedModel } from '../estimates/model-arns';
import { CostEntry } from '../estimates/registry';
import { RunningCost } from '../estimates/running-cost';
import { ZERO } from '../pricing/decimal';
import { CostEstimate } from '../pricing/estimate';
import { priceUses } from '../pricing/price-book/price-use';
import { ANY_MODEL } from '../pricing/price-book/rate';
import { hasModel, UsageFields, WorkloadType } from '../pricing/workload';

export interface PricingRequest<U extends UsageFields = UsageFields> extends UsageRequest<U> {
  /** The monthly costs of other AWS services for the usage that is priced; undefined if unknown. */
  readonly otherServices?: (usage: U) => RunningCost | undefined;
  /** The same problem, or one that names the prop that is its cause, where a number of the usage follows from another prop. */
  readonly explain?: (problem: Error) => Error;
  /** The values that the usage takes where its fields are left out, and the assumption that each of them is. */
  readonly defaults?: readonly UsageDefault[];
  /** The parts that the template of the app states, which is complete at synthesis only. Until then the price is unknown. */
  readonly atSynthesis?: () => Partial<PricingRequest<U>>;
}

/** A value of the usage that its author has left out. */
export interface UsageDefault {
  readonly field: string;
  readonly value: unknown;
  readonly assumption: string;
}

/** The fields of an entry that follow from its prices. */
export type PricedFacts = Pick<
  CostEntry, 'pricedUsage' | 'model' | 'region' | 'regionAssumed' | 'isRefused' | 'estimate' | 'low' | 'high' | 'priceUses' | 'otherServices' | 'usageFile'
>;

interface PricedUsage<U extends UsageFields> {
  readonly type: WorkloadType;
  readonly estimates: UsageEstimates<U>;
  /** The estimate of the usage, with what other AWS services cost for it. */
  readonly estimate: CostEstimate;
  readonly facts: PricedFacts;
}

/**
 * Prices the usage of a construct when its price is first read, and once more at synthesis if it holds `Lazy` values, which are
 * resolved then. Until then the price of such usage is unknown.
 */
export class UsagePricing<U extends UsageFields> {
  private before: PricedUsage<U> | undefined;
  private final: PricedUsage<U> | undefined;

  /** @param subject the construct that has the usage when it is called */
  constructor(private readonly subject: () => IConstruct, private readonly request: PricingRequest<U>) {}

  /** The current price: final after `finish`. */
  public get now(): PricedUsage<U> {
    return this.final ?? this.unresolved;
  }

  /** The price with `Lazy` values as they are before synthesis. */
  public get unresolved(): PricedUsage<U> {
    return (this.before ??= this.price(this.request, this.request.atSynthesis && pendingEstimates(this.subject(), this.request)));
  }

  /** The price with `Lazy` values resolved. For use at synthesis only. */
  public finish(): PricedUsage<U> {
    return (this.final ??= this.unresolved.facts.pricedUsage?.unresolvedUsage ? this.price(this.resolved()) : this.unresolved);
  }

  private resolved(): PricingRequest<U> {
    const request: PricingRequest<U> = { ...this.request, ...this.request.atSynthesis?.() };
    const construct = this.subject();
    const lazily = <F extends object>(fields: F | undefined) => fields && resolveLazy(construct, fields);
    return {
      ...request,
      ...resolveLazy(construct, { region: request.region }),
      model: request.model && resolvedModel(construct, request.model),
      atPricing: () => {
        const { usage, lowUsage, highUsage, book, estimate } = { ...request, ...request.atPricing?.() };
        return { usage: resolveLazy(construct, usage), lowUsage: lazily(lowUsage), highUsage: lazily(highUsage), book, estimate };
      },
    };
  }

  private price(request: PricingRequest<U>, found: UsageEstimates<U> = estimateUsage(this.subject(), request)): PricedUsage<U> {
    const estimates = found.problem && request.explain ? { ...found, problem: request.explain(found.problem) } : found;
    const otherServicesOf = (differs: UsageFields = {}) => (
      estimates.problem ? undefined : request.otherServices?.({ ...estimates.usage, ...differs }));
    const otherServices = otherServicesOf();
    const assumptions = assumptionsOf(request, estimates.usage);
    const withOtherServices = (of: CostEstimate, cost: RunningCost | undefined) =>
      assumptions.reduce((result, assumption) => result._withAssumption(assumption), of._withOtherServices(cost?.monthly ?? ZERO));
    const estimate = withOtherServices(estimates.estimate, otherServices);
    return {
      type: request.type,
      estimates,
      estimate,
      facts: {
        pricedUsage: pricedUsage(estimates),
        model: reportedModel(request),
        region: estimates.region,
        regionAssumed: estimates.regionAssumed || undefined,
        isRefused: estimates.problem !== undefined || undefined,
        estimate: estimate._toJson(),
        low: estimates.low && withOtherServices(estimates.low, otherServicesOf(estimates.lowUsage))._toJson(),
        high: estimates.high && withOtherServices(estimates.high, otherServicesOf(estimates.highUsage))._toJson(),
        priceUses: priceUses(estimates.estimate, estimates.low, estimates.high),
        otherServices: otherServices?.lines,
        usageFile: estimates.usageFile,
      },
    };
  }
}

/** The assumptions of the defaults that were priced: the usage file may state others. */
function assumptionsOf({ defaults = [] }: Pick<PricingRequest, 'defaults'>, usage: UsageFields): string[] {
  const priced = new Map<string, unknown>(Object.entries(usage));
  return defaults.filter(({ field, value }) => priced.get(field) === value).map(({ assumption }) => assumption);
}

/** The estimates of usage that the template states, before it is complete. */
function pendingEstimates<U extends UsageFields>(construct: IConstruct, { usage }: PricingRequest<U>): UsageEstimates<U> {
  const description = `no price for the use of ${construct.node.path}: its template is complete at synthesis only`;
  const missing = { model: 'unknown', kind: 'usage', description, hint: 'read the estimate after the synthesis, or the report', nearestModels: [] };
  return { region: undefined, regionAssumed: false, usage, unresolved: ['usage'], estimate: CostEstimate._of({ lineItems: [], missingPrices: [missing] }) };
}

/** The id by which a model is reported. */
function reportedModel({ type, model }: UsageRequest): string {
  if (!hasModel(type)) return ANY_MODEL;
  return typeof model === 'string' && !Token.isUnresolved(model) ? idOf(model) : 'unknown';
}
