import { requestsOf } from './compare-usage-file';
import { bookOfFile, fieldsOf } from './estimate-usage-file';
import { FileWorkload, UsageFile } from './usage-file';
import { isPricingError } from '../input/error';
import { DEFAULT_HOURS_PER_MONTH } from '../pricing/billing-modes/hours-per-month';
import { Advice, advise, AdvisedUsage } from '../pricing/optimization/advise';
import { AdviceInputs } from '../pricing/optimization/technique';
import { PriceBook } from '../pricing/price-book/price-book';
import { readWorkload, WorkloadType } from '../pricing/workload';

/** A workload of a usage file, with the cost of each technique for it. */
export interface WorkloadAdvice {
  readonly name: string;
  readonly type: WorkloadType;
  readonly model: string | null;
  readonly region: string | null;
  /** Undefined for a workload that is not on demand or batch, or has no prompts. */
  readonly advice?: Advice;
}

export function adviseUsageFile(book: PriceBook, file: UsageFile, inputs: Omit<AdviceInputs, 'hoursPerMonth'>): WorkloadAdvice[] {
  const priced = bookOfFile(book, file);
  return file.workloads.map((workload) => {
    const { name, type, model, usage } = workload;
    const region = workload.region ?? file.region;
    const hoursPerMonth = usage.hoursPerMonth ?? file.hoursPerMonth ?? DEFAULT_HOURS_PER_MONTH;
    try {
      const advised = advisedUsage(workload, region);
      const advice = advised && advise(priced, advised, { ...inputs, hoursPerMonth });
      return { name, type, model: model ?? null, region: region ?? null, advice };
    } catch (e) {
      throw isPricingError(e) ? e.in(`workload ${JSON.stringify(name)}: `) : e;
    }
  });
}

function advisedUsage(workload: FileWorkload, region: string | undefined): AdvisedUsage | undefined {
  const fields = { ...fieldsOf(workload), region };
  switch (workload.type) {
    case 'on-demand': {
      const { hoursPerMonth: _hours, ...usage } = readWorkload('on-demand', fields).usage;
      return { isBatch: false, usage };
    }
    case 'batch': {
      const { usage } = readWorkload('batch', fields);
      return { isBatch: true, usage: { ...requestsOf(usage), model: usage.model, region } };
    }
    default: return undefined;
  }
}
