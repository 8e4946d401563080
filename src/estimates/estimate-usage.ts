import { Token } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { CostEntry } from './registry';
import { hoursPerMonth, priceBook, pricingRegion, usageFile } from './settings';
import { PricingError } from '../pricing/error';
import { CostEstimate } from '../pricing/estimate';
import { PriceBook } from '../pricing/price-book';
import { estimateWorkload } from '../usage-file/estimate-workload';
import { Workload } from '../usage-file/usage-file';

/** A construct's usage, as the code gives it. */
export interface UsageRequest {
  /** The way of paying, as in the usage file. */
  readonly type: string;
  readonly model: string;
  /** The region of the use, where it is not the stack's. */
  readonly region?: string;
  /** Fields of the usage file; values may be tokens. */
  readonly usage: object;
  /** The fields that differ in a slow month. */
  readonly lowUsage?: object;
  /** The fields that differ in a busy month. */
  readonly highUsage?: object;
  /** The term that cannot be cancelled, if there is one. */
  readonly commitment?: CostEntry['commitment'];
  /** Prices the usage with another book than the app's, such as one with a rate of this construct's own. */
  readonly book?: PriceBook;
}

/** What came of it: an estimate for each case, or the input that is not allowed. */
export interface UsageEstimates {
  readonly estimate: CostEstimate;
  readonly low?: CostEstimate;
  readonly high?: CostEstimate;
  readonly region: string | undefined;
  /** The fields whose values are known only at deployment. */
  readonly unresolved: readonly string[];
  readonly problem?: Error;
}

/**
 * Prices the usage of a construct: in its region, with the app's book and hours, and with the usage that the usage file
 * names for the construct's path, if it does.
 *
 * Never throws for what the user gave: the problem comes back beside an estimate that is unknown.
 */
export function estimateUsage(scope: IConstruct, request: UsageRequest): UsageEstimates {
  const region = request.region ?? pricingRegion(scope);
  try {
    const override = overrideOf(scope, request);
    const merged = { ...request.usage, ...override?.usage };
    const unresolved = unresolvedFields({ model: request.model, ...merged });
    if (unresolved.length > 0) return { region, unresolved, estimate: unknownEstimate(request, `${unresolved.join(', ')} is known only at deployment`) };

    const price = (differs: object = {}) => estimateWorkload(request.book ?? priceBook(scope), {
      name: scope.node.path,
      type: request.type as Workload['type'],
      model: request.model,
      region,
      usage: { ...merged, ...differs },
    }, { hoursPerMonth: hoursPerMonth(scope) });
    const low = override?.low ?? request.lowUsage;
    const high = override?.high ?? request.highUsage;
    return { region, unresolved, estimate: price(), low: low && price(low), high: high && price(high) };
  } catch (problem) {
    if (!(problem instanceof PricingError) && (problem as Error).name !== 'UsageFileError') throw problem;
    return { region, unresolved: [], problem: problem as Error, estimate: unknownEstimate(request, 'the input is not valid') };
  }
}

/** The workload of the usage file that is named by the construct's path. It has to mean the same thing as the construct. */
function overrideOf(scope: IConstruct, { type, model, usage }: UsageRequest): Workload | undefined {
  const workload = usageFile(scope)?.workloads.find(({ name }) => name === scope.node.path);
  if (workload && workload.type !== type) throw new PricingError(`usage file: type of workload '${workload.name}'`, workload.type, `${type}, which the construct is`);
  if (workload && workload.model !== model) throw new PricingError(`usage file: model of workload '${workload.name}'`, workload.model, `${model}, which the construct uses`);
  // What a construct buys stands in the code, and a commitment was confirmed for it.
  for (const field of type === 'provisioned-throughput' ? ['modelUnits', 'commitmentDuration', 'customModel'] : []) {
    const [told, built] = [workload?.usage, usage].map((fields) => (fields as { readonly [name: string]: unknown } | undefined)?.[field]);
    if (told !== undefined && told !== built) throw new PricingError(`usage file: ${field} of workload '${workload!.name}'`, told, `${JSON.stringify(built)}, which the construct buys`);
  }
  return workload;
}

function unresolvedFields(fields: object): string[] {
  return Object.entries(fields).filter(([, value]) => Token.isUnresolved(value)).map(([name]) => name);
}

function unknownEstimate({ model, commitment }: UsageRequest, why: string): CostEstimate {
  const shown = Token.isUnresolved(model) ? 'a model known at deployment' : model;
  return CostEstimate._of({
    lineItems: [],
    missingPrices: [{ model: shown, kind: 'usage', description: `no price for ${shown}: ${why}`, hint: 'give a plain value', nearestModels: [] }],
    ...(commitment ? { commitmentUsd: undefined } : {}),
  });
}
