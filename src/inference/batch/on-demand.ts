import { Lazy, Token } from 'aws-cdk-lib';
import { DEFAULTS } from './defaults';
import { BatchInferenceProps, SmallRuns } from './props';
import { isPricingError, PricingError } from '../../input/error';
import { BatchUsage } from '../../pricing/billing-modes/batch';
import { UsageFields } from '../../pricing/workload';
import { RecordRequest } from '../../registration/record';

/** Runs of so few records that none of them is a job are on-demand use. */
export function runsOnDemand({ usage, smallRuns, quotas }: BatchInferenceProps): boolean {
  const { recordsPerJob } = usage;
  const minimumRecordsPerJob = quotas?.minimumRecordsPerJob ?? DEFAULTS.quotas.minimumRecordsPerJob;
  const isKnown = !Token.isUnresolved(recordsPerJob) && !Token.isUnresolved(minimumRecordsPerJob);
  return smallRuns === SmallRuns.ON_DEMAND && isKnown && recordsPerJob < minimumRecordsPerJob;
}

/** Their use, at the price of it; CloudWatch counts what is called directly under the model's own id. */
export function onDemandRequest(
  { model, usage, lowUsage, highUsage }: BatchInferenceProps, withJobs: (usage: BatchUsage) => BatchUsage,
): RecordRequest {
  const requests = (differs: Partial<BatchUsage> | undefined) => differs && requestsOf({ ...withJobs(usage), ...differs });
  return {
    type: 'on-demand',
    model: model.pricingModelId,
    usage: { ...requestsOf(withJobs(usage)), customModel: model.customModel },
    lowUsage: requests(lowUsage),
    highUsage: requests(highUsage),
    // A profile of the app is counted by itself.
    cloudWatchModel: model._origin === 'model' ? { modelId: model.modelId, shared: true } : undefined,
    isInProps: true,
  };
}

/** The same problem by the fields of the user, who describes records and not requests. */
export function inRecords(problem: Error): Error {
  if (!isPricingError(problem)) return problem;
  if (problem.field === 'usage.requestsPerMonth' && problem.found === undefined) return new PricingError('usage.jobsPerMonth', undefined, 'a number of 0 or more');
  if (problem.alternatives === undefined) return problem;
  const [prop] = problem.alternatives[0].split('.');
  return PricingError.oneOf(['inputTokensPerRecord', 'outputTokensPerRecord'].map((field) => `${prop}.${field}`));
}

function requestsOf({ jobsPerMonth, recordsPerJob, inputTokensPerRecord, outputTokensPerRecord }: BatchUsage): UsageFields {
  return {
    requestsPerMonth: jobsPerMonth === undefined ? undefined : product(jobsPerMonth, recordsPerJob),
    ...(inputTokensPerRecord === undefined ? {} : { inputTokensPerRequest: inputTokensPerRecord }),
    ...(outputTokensPerRecord === undefined ? {} : { outputTokensPerRequest: outputTokensPerRecord }),
  };
}

/** A token where one of the factors is a token; resolved with both, or not at all. */
function product(one: number, other: number): number {
  if (![one, other].some((factor) => Token.isUnresolved(factor))) return one * other;
  return Token.asNumber(Lazy.uncachedAny({
    produce: ({ resolve }) => {
      const factors: unknown[] = [resolve(one), resolve(other)];
      const [first, second] = factors;
      return typeof first === 'number' && typeof second === 'number' ? first * second : factors.find((factor) => typeof factor !== 'number');
    },
  }));
}
