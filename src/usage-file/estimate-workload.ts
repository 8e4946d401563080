import { UsageFields, Workload } from './usage-file';
import { WorkloadType } from './workload-types';
import { CostCalculator } from '../pricing/calculator';
import { CostEstimate } from '../pricing/estimate';
import { modelFacts } from '../pricing/model-catalog';
import { PriceBook } from '../pricing/price-book';
import { BatchWorkload, DEFAULT_HOURS_PER_MONTH, OnDemandWorkload, ProvisionedWorkload } from '../pricing/usage';

/** What holds for a workload that does not say otherwise. */
export interface WorkloadDefaults {
  readonly region?: string;
  readonly hoursPerMonth?: number;
}

/** The function behind each way of paying that this version prices. */
const WAYS: { readonly [type in WorkloadType]?: (calculator: CostCalculator, usage: unknown) => CostEstimate } = {
  'on-demand': (calculator, usage) => calculator.onDemand(usage as OnDemandWorkload),
  'batch': (calculator, usage) => calculator.batch(usage as BatchWorkload),
  'provisioned-throughput': (calculator, usage) => calculator.provisioned(usage as ProvisionedWorkload),
};

/** What a workload costs in an average month. A way of paying without prices is a missing price, never $0. */
export function estimateWorkload(book: PriceBook, workload: Workload, defaults: WorkloadDefaults): CostEstimate {
  const way = Object.hasOwn(WAYS, workload.type) ? WAYS[workload.type] : undefined;
  if (way === undefined) return withoutPrices(book, workload);
  return way(new CostCalculator(book), {
    hoursPerMonth: defaults.hoursPerMonth ?? DEFAULT_HOURS_PER_MONTH,
    ...workload.usage,
    model: workload.model,
    region: workload.region ?? defaults.region,
  });
}

/** What it costs in a slow month; undefined when the workload does not say how one differs. */
export function estimateLow(book: PriceBook, workload: Workload, defaults: WorkloadDefaults): CostEstimate | undefined {
  return workload.low && estimateWorkload(book, withFields(workload, workload.low), defaults);
}

/** What it costs in a busy month; undefined when the workload does not say how one differs. */
export function estimateHigh(book: PriceBook, workload: Workload, defaults: WorkloadDefaults): CostEstimate | undefined {
  return workload.high && estimateWorkload(book, withFields(workload, workload.high), defaults);
}

function withFields(workload: Workload, fields: UsageFields): Workload {
  return { ...workload, usage: { ...workload.usage, ...fields } };
}

function withoutPrices(book: PriceBook, { type, model }: Workload): CostEstimate {
  return CostEstimate._of({
    lineItems: [],
    missingPrices: [{
      model: model ?? '*',
      kind: type,
      description: `no price for ${type}${model === undefined ? '' : ` of ${model}`}: this version does not price it yet`,
      hint: 'add its cost to the total by hand',
      nearestModels: model === undefined || book.knows(model) || modelFacts(model) ? [] : book.nearestModels(model),
    }],
    // Not known either: the sum of a reservation's term, and what training costs once.
    ...(type === 'reserved' ? { commitmentUsd: undefined } : {}),
    ...(type === 'customization' ? { oneTimeUsd: undefined } : {}),
  });
}
