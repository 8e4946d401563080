import { bookOfFile, fieldsOf } from './estimate-usage-file';
import { FileWorkload, UsageFile } from './usage-file';
import { isPricingError } from '../input/error';
import { BatchUsage } from '../pricing/billing-modes/batch';
import { DEFAULT_HOURS_PER_MONTH } from '../pricing/billing-modes/hours-per-month';
import { OnDemandUsage } from '../pricing/billing-modes/on-demand';
import { compare } from '../pricing/comparison/compare';
import { CostComparison } from '../pricing/comparison/comparison';
import { compareProvisioned, compareReserved } from '../pricing/comparison/terms';
import { decimal } from '../pricing/decimal';
import { PriceBook } from '../pricing/price-book/price-book';
import { PricingContext, readWorkload, WorkloadType } from '../pricing/workload';

/** A workload of a usage file in every billing mode that it can be bought in. */
export interface WorkloadComparison {
  readonly name: string;
  readonly type: WorkloadType;
  readonly model: string | null;
  readonly region: string | null;
  /** Undefined for a workload with only one billing mode. */
  readonly comparison?: CostComparison;
}

/** Facts about capacity that a usage file does not have. */
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

function compareWorkload(
  book: PriceBook, workload: FileWorkload, file: PricingContext, facts: CapacityFacts,
): CostComparison | undefined {
  const fields = { hoursPerMonth: file.hoursPerMonth ?? DEFAULT_HOURS_PER_MONTH, ...fieldsOf(workload), region: workload.region ?? file.region };
  switch (workload.type) {
    case 'on-demand': return compare(book, { ...facts, ...readWorkload('on-demand', fields).usage });
    case 'batch': {
      const { usage } = readWorkload('batch', fields);
      const { model, region, hoursPerMonth, recordsPerJob } = usage;
      return compare(book, { ...facts, model, region, hoursPerMonth, batch: true, recordsPerJob, ...requestsOf(usage) });
    }
    case 'provisioned-throughput': return compareProvisioned(book, readWorkload('provisioned-throughput', fields).usage);
    case 'reserved': return compareReserved(book, readWorkload('reserved', fields).usage);
    default: return undefined;
  }
}

/** Converts batch usage to on-demand usage, with one request for each record. */
export function requestsOf({ jobsPerMonth, recordsPerJob, inputTokensPerRecord, outputTokensPerRecord, customModel }: BatchUsage): OnDemandUsage {
  return {
    requestsPerMonth: decimal(jobsPerMonth!).times(decimal(recordsPerJob)).toNumber(),
    inputTokensPerRequest: inputTokensPerRecord,
    outputTokensPerRequest: outputTokensPerRecord,
    customModel,
  };
}
