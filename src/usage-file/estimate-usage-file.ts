import { FileWorkload, UsageFile } from './usage-file';
import { isPricingError } from '../input/error';
import { CostEstimate, EstimateJson } from '../pricing/estimate';
import { PriceBook } from '../pricing/price-book/price-book';
import { PriceUse, priceUses } from '../pricing/price-book/price-use';
import { COMMITMENT_MONTHS, CommitmentDuration } from '../pricing/price-book/rate';
import { price, PricingContext, readWorkload, UsageFields, WorkloadType } from '../pricing/workload';

/** A workload of a usage file, with its cost. */
export interface WorkloadEstimate {
  readonly name: string;
  readonly type: WorkloadType;
  readonly model: string | null;
  readonly region: string | null;
  readonly estimate: EstimateJson;
  readonly low?: EstimateJson;
  readonly high?: EstimateJson;
  /** Used prices of all three months. */
  readonly priceUses: readonly PriceUse[];
  /** Length of the commitment in months; 0 without one. */
  readonly commitmentMonths: number;
}

/** Estimates every workload of a usage file. The file's own rates have precedence over those of the book (`priced`). */
export function estimateUsageFile(book: PriceBook, file: UsageFile, priced = bookOfFile(book, file)): WorkloadEstimate[] {
  return file.workloads.map((workload) => {
    try {
      const { low: lowFields, high: highFields } = workload;
      const estimate = estimateWorkload(priced, workload, file);
      const low = lowFields && estimateWorkload(priced, workload, file, lowFields);
      const high = highFields && estimateWorkload(priced, workload, file, highFields);
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
 * Returns the book that prices a usage file. The file's own rates have precedence over those of the book. A file can refuse derived
 * rates, but cannot allow them if the book refuses them.
 */
export function bookOfFile(book: PriceBook, { rates, allowDerivedRates }: UsageFile): PriceBook {
  const withOwn = book._withRates(rates, 'prices');
  return allowDerivedRates === false ? withOwn.withDerivedRates(false) : withOwn;
}

/** Estimates a workload in an average month or, with the fields that differ, in a slow or a busy one. */
export function estimateWorkload(book: PriceBook, workload: FileWorkload, defaults: PricingContext, differing: UsageFields = {}): CostEstimate {
  return price(book, readWorkload(workload.type, { ...fieldsOf(workload), ...differing }), defaults);
}

/** Returns the fields of a workload in the format of its billing mode. */
export function fieldsOf({ model, region, usage }: FileWorkload): UsageFields {
  // A billing mode without a model has no such field.
  return { ...usage, ...(model === undefined ? {} : { model }), region };
}

function commitmentMonths({ usage: { termMonths, commitmentDuration = CommitmentDuration.NONE } }: FileWorkload): number {
  return termMonths ?? COMMITMENT_MONTHS[commitmentDuration];
}
