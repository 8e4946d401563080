import { Lazy, Token } from 'aws-cdk-lib';
import { DEFAULTS } from './defaults';
import { BatchInferenceProps, SmallRuns } from './props';
import { isPricingError, PricingError } from '../../input/error';
import { BatchUsage } from '../../pricing/billing-modes/batch';
import { UsageFields } from '../../pricing/workload';
import { RecordRequest } from '../../registration/record';

/** True if runs have fewer records than a job accepts, and therefore run on demand. */
export function runsOnDemand({ usage, smallRuns, quotas }: BatchInferenceProps): boolean {
  const { recordsPerJob } = usage;
  const minimumRecordsPerJob = quotas?.minimumRecordsPerJob ?? DEFAULTS.quotas.minimumRecordsPerJob;
  const isKnown = !Token.isUnresolved(recordsPerJob) && !Token.isUnresolved(minimumRecordsPerJob);
  return smallRuns === SmallRuns.ON_DEMAND && isKnown && recordsPerJob < minimumRecordsPerJob;
}

/** The usage of such runs, which is priced on demand. CloudWatch counts direct calls by the id of the model. */
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
    // The tokens of a profile of the app are counted by the profile.
    cloudWatchModel: model._origin === 'model' ? { modelId: model.modelId, shared: true } : undefined,
    isInProps: true,
  };
}

/** The same problem with the fields of the user: records instead of requests. */
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

/** The product of two numbers; a token if one of them is a token. */
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
