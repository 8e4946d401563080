import { requestsOf } from './compare-usage-file';
import { bookOfFile } from './estimate-usage-file';
import { UsageFile, Workload } from './usage-file';
import { WorkloadType } from './workload-types';
import { isPricingError } from '../input/error';
import { BatchUsage, DEFAULT_HOURS_PER_MONTH, OnDemandUsage } from '../pricing/billing-modes/usage';
import { Advice, advise, AdvisedUsage } from '../pricing/optimization/advise';
import { AdviceInputs } from '../pricing/optimization/technique';
import { PriceBook } from '../pricing/price-book/price-book';

/** A workload of a usage file with what each technique costs for it. */
export interface WorkloadAdvice {
  readonly name: string;
  readonly type: WorkloadType;
  readonly model: string | null;
  readonly region: string | null;
  /** Undefined for what no prompt goes into on demand or in batch. */
  readonly advice?: Advice;
}

export function adviseUsageFile(book: PriceBook, file: UsageFile, inputs: Omit<AdviceInputs, 'hoursPerMonth'>): WorkloadAdvice[] {
  const priced = bookOfFile(book, file);
  return file.workloads.map((workload) => {
    const { name, type, model, usage } = workload;
    const region = workload.region ?? file.region;
    const advised = advisedUsage(workload, region);
    const hoursPerMonth = (usage.hoursPerMonth as number | undefined) ?? file.hoursPerMonth ?? DEFAULT_HOURS_PER_MONTH;
    try {
      const advice = advised && advise(priced, advised, { ...inputs, hoursPerMonth });
      return { name, type, model: model ?? null, region: region ?? null, advice };
    } catch (e) {
      throw isPricingError(e) ? e.in(`workload ${JSON.stringify(name)}: `) : e;
    }
  });
}

function advisedUsage({ type, model = '', usage }: Workload, region: string | undefined): AdvisedUsage | undefined {
  const { hoursPerMonth: _hours, ...fields } = usage;
  if (type === 'on-demand') return { isBatch: false, usage: { ...fields as object as OnDemandUsage, model, region } };
  return type === 'batch' ? { isBatch: true, usage: { ...requestsOf(fields as object as BatchUsage), model, region } } : undefined;
}
