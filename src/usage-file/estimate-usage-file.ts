import { estimateHigh, estimateLow, estimateWorkload } from './estimate-workload';
import { UsageFile, Workload } from './usage-file';
import { WorkloadType } from './workload-types';
import { isPricingError } from '../input/error';
import { EstimateJson } from '../pricing/estimate';
import { PriceBook } from '../pricing/price-book/price-book';
import { PriceUse, priceUses } from '../pricing/price-book/price-use';
import { COMMITMENT_MONTHS, CommitmentDuration } from '../pricing/price-book/rate';

/** A workload of a usage file with what it costs. */
export interface WorkloadEstimate {
  readonly name: string;
  readonly type: WorkloadType;
  readonly model: string | null;
  readonly region: string | null;
  readonly estimate: EstimateJson;
  readonly low?: EstimateJson;
  readonly high?: EstimateJson;
  /** The prices of all three months. */
  readonly priceUses: readonly PriceUse[];
  /** The length of the commitment; 0 without one. */
  readonly commitmentMonths: number;
}

/** What every workload of a usage file costs, at the book's rates and, above them, the file's own (`priced`). */
export function estimateUsageFile(book: PriceBook, file: UsageFile, priced = bookOfFile(book, file)): WorkloadEstimate[] {
  return file.workloads.map((workload) => {
    try {
      const estimate = estimateWorkload(priced, workload, file);
      const low = estimateLow(priced, workload, file);
      const high = estimateHigh(priced, workload, file);
      return {
        name: workload.name,
        type: workload.type,
        model: workload.model ?? null,
        region: workload.region ?? file.region ?? null,
        estimate: estimate._toJson(),
        low: low?._toJson(),
        high: high?._toJson(),
        priceUses: priceUses(estimate, low, high),
        commitmentMonths: commitmentMonths(workload),
      };
    } catch (e) {
      throw isPricingError(e) ? e.in(`workload ${JSON.stringify(workload.name)}: `) : e;
    }
  });
}

/**
 * The book that a usage file is priced with: its own rates above the given ones. A file can refuse derived rates; where
 * the book refuses them already, it cannot allow them.
 */
export function bookOfFile(book: PriceBook, { rates, allowDerivedRates }: UsageFile): PriceBook {
  const withOwn = book._withRates(rates, 'prices');
  return allowDerivedRates === false ? withOwn.withDerivedRates(false) : withOwn;
}

function commitmentMonths({ usage }: Workload): number {
  if (typeof usage.termMonths === 'number') return usage.termMonths;
  return COMMITMENT_MONTHS[(usage.commitmentDuration ?? CommitmentDuration.NONE) as CommitmentDuration];
}
