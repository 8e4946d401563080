import { bookOfFile } from './estimate-usage-file';
import { WorkloadDefaults } from './estimate-workload';
import { UsageFile, Workload } from './usage-file';
import { WorkloadType } from './workload-types';
import { isPricingError } from '../input/error';
import { BatchUsage, DEFAULT_HOURS_PER_MONTH, OnDemandUsage, ProvisionedUsage, ReservedUsage } from '../pricing/billing-modes/usage';
import { compare } from '../pricing/comparison/compare';
import { CostComparison } from '../pricing/comparison/comparison';
import { compareProvisioned, compareReserved } from '../pricing/comparison/terms';
import { decimal } from '../pricing/decimal';
import { PriceBook } from '../pricing/price-book/price-book';

/** A workload of a usage file in every way that it can be bought. */
export interface WorkloadComparison {
  readonly name: string;
  readonly type: WorkloadType;
  readonly model: string | null;
  readonly region: string | null;
  /** Undefined for what is sold in one way. */
  readonly comparison?: CostComparison;
}

/** What is known of capacity beyond what the usage file says. */
export interface CapacityFacts {
  readonly tokensPerMinutePerModelUnit?: number;
  readonly peakToAverageRatio?: number;
}

export function compareUsageFile(book: PriceBook, file: UsageFile, facts: CapacityFacts): WorkloadComparison[] {
  const priced = bookOfFile(book, file);
  return file.workloads.map((workload) => {
    try {
      return {
        name: workload.name,
        type: workload.type,
        model: workload.model ?? null,
        region: workload.region ?? file.region ?? null,
        comparison: compareWorkload(priced, workload, file, facts),
      };
    } catch (e) {
      throw isPricingError(e) ? e.in(`workload ${JSON.stringify(workload.name)}: `) : e;
    }
  });
}

function compareWorkload(book: PriceBook, workload: Workload, defaults: WorkloadDefaults, facts: CapacityFacts): CostComparison | undefined {
  const common = {
    hoursPerMonth: defaults.hoursPerMonth ?? DEFAULT_HOURS_PER_MONTH,
    ...workload.usage,
    model: workload.model ?? '',
    region: workload.region ?? defaults.region,
  };
  switch (workload.type) {
    case 'on-demand': return compare(book, { ...facts, ...common as OnDemandUsage & typeof common });
    case 'batch': {
      const { model, region, hoursPerMonth } = common;
      const jobs = workload.usage as object as BatchUsage;
      return compare(book, { ...facts, model, region, hoursPerMonth, batch: true, recordsPerJob: jobs.recordsPerJob, ...requestsOf(jobs) });
    }
    case 'provisioned-throughput': return compareProvisioned(book, common as ProvisionedUsage & typeof common);
    case 'reserved': return compareReserved(book, common as ReservedUsage & typeof common);
    default: return undefined;
  }
}

/** Each record of a batch job as a request of its own. */
export function requestsOf({ jobsPerMonth, recordsPerJob, inputTokensPerRecord, outputTokensPerRecord, customModel }: BatchUsage): OnDemandUsage {
  return {
    requestsPerMonth: decimal(jobsPerMonth!).times(decimal(recordsPerJob)).toNumber(),
    inputTokensPerRequest: inputTokensPerRecord,
    outputTokensPerRequest: outputTokensPerRecord,
    customModel,
  };
}
