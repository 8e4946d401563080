import { AdviceInputs, firstYearUsd, Technique, TECHNIQUES } from './technique';
import { customizableModels, domainAdaptation, instructionFineTuning, promptEngineering, retrieval } from './techniques';
import { onDemand, OnDemandWorkload } from '../billing-modes/on-demand';
import { inBatch } from '../comparison/by-token';
import { sumIfAllKnown } from '../decimal';
import { CostEstimate } from '../estimate';
import { PriceBook } from '../price-book/price-book';

/** The current usage. */
export interface AdvisedUsage {
  readonly usage: OnDemandWorkload;
  /** Whether each request is a record of a batch job. */
  readonly isBatch: boolean;
}

export interface Advice {
  readonly current: CostEstimate;
  /** In the order of what they cost in the first year; unknown last; of those that cost the same, the one that asks least first. */
  readonly techniques: readonly Technique[];
  /** Models of the same provider that can be customized in the region; empty where the model itself can be, or none can. */
  readonly customizable: readonly string[];
}

/** The cost of each technique for a usage. */
export function advise(book: PriceBook, { usage, isBatch }: AdvisedUsage, inputs: AdviceInputs): Advice {
  const price = (used: OnDemandWorkload) => (isBatch ? inBatch(book, used) : onDemand(book, used));
  const request = { book, usage, isBatch, inputs, price, current: price(usage) };
  const techniques = [promptEngineering(request), retrieval(request), instructionFineTuning(request), domainAdaptation(request)];
  const isMissingTraining = techniques.some(({ oneTimeUsd }) => oneTimeUsd === undefined);
  return {
    current: request.current,
    techniques: inOrderOfCost(techniques),
    customizable: isMissingTraining ? customizableModels(book, usage) : [],
  };
}

/** Each technique applied to all workloads, each with a training and an index of its own. */
export function totalOf(advices: readonly Advice[]): Pick<Technique, 'name' | 'oneTimeUsd' | 'monthlyChangeUsd'>[] {
  const all = advices.flatMap(({ techniques }) => techniques);
  return inOrderOfCost(TECHNIQUES.map((name) => {
    const same = all.filter((technique) => technique.name === name);
    return {
      name,
      oneTimeUsd: sumIfAllKnown(same.map(({ oneTimeUsd }) => oneTimeUsd)),
      monthlyChangeUsd: sumIfAllKnown(same.map(({ monthlyChangeUsd }) => monthlyChangeUsd)),
    };
  }));
}

function inOrderOfCost<T extends Pick<Technique, 'name' | 'oneTimeUsd' | 'monthlyChangeUsd'>>(techniques: readonly T[]): T[] {
  return [...techniques].sort((a, b) => {
    const [left, right] = [firstYearUsd(a), firstYearUsd(b)];
    if (left === undefined || right === undefined) return Number(left === undefined) - Number(right === undefined);
    return left.cmp(right) || TECHNIQUES.indexOf(a.name) - TECHNIQUES.indexOf(b.name);
  });
}
