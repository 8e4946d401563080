import { Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { DEFAULTS } from './defaults';
import { inRecords, onDemandRequest, runsOnDemand } from './on-demand';
import { orchestrationCost } from './orchestration-cost';
import { BatchInferenceProps } from './props';
import { BatchReview } from './review';
import { scheduledRuns, uncountedRuns } from './times';
import { countedUsage, UsageRequest } from '../../estimates/estimate-usage';
import { BatchIdentity } from '../../estimates/registry';
import { allowedHoursPerMonth, isEnabled } from '../../estimates/settings';
import { BatchSettings } from '../../lambda/batch-inference/contract';
import { BatchUsage } from '../../pricing/billing-modes/batch';
import { RecordRequest } from '../../registration/record';

type BatchRequest = UsageRequest & { readonly usage: BatchUsage };

/** The usage of runs whose records go into batch jobs; the jobs of a month are those of the schedule where they are left out. */
function batchRequest(scope: Construct, { model, usage, lowUsage, highUsage, schedule }: BatchInferenceProps): BatchRequest {
  return {
    type: 'batch',
    model: model.pricingModelId,
    usage: { ...usage, jobsPerMonth: usage.jobsPerMonth ?? scheduledRuns(scope, schedule), customModel: model.customModel },
    lowUsage,
    highUsage,
    isInProps: true,
  };
}

/** The usage that a run is compared with: the usage file's where it is priced as batch, else the construct's own. */
export function declaredUsage(scope: Construct, props: BatchInferenceProps): BatchUsage {
  return isEnabled(scope) && !runsOnDemand(props) ? countedUsage(scope, batchRequest(scope, props)) : props.usage;
}

/** How the usage of a batch is priced and reviewed, and what the state machine itself costs. */
export function usageRequest(scope: Construct, props: BatchInferenceProps, settings: BatchSettings, batchJobs: BatchIdentity): RecordRequest {
  const { usage, schedule, timeout = DEFAULTS.timeout, pollInterval = DEFAULTS.pollInterval } = props;
  const { quotas, estimate: { bytesPerToken }, prices, onDemandPrices } = settings;
  const scheduled = scheduledRuns(scope, schedule);
  const orchestration = {
    quotas,
    bytesPerToken,
    timeout,
    pollInterval,
    isScheduled: schedule !== undefined,
    hasAlarm: prices !== undefined,
    hoursPerMonth: allowedHoursPerMonth(scope),
  };
  const explain = (problem: Error) => uncountedRuns(problem, schedule) ?? inRecords(problem);
  if (runsOnDemand(props)) {
    const withJobs = (given: BatchUsage) => ({ ...given, jobsPerMonth: given.jobsPerMonth ?? scheduled });
    const runs = withJobs(usage);
    return {
      ...onDemandRequest(props, withJobs, () => orchestrationCost(runs, { ...orchestration, timeout: Duration.seconds(0) })),
      explain,
      review: (_, source) => new BatchReview(scope, props, source).ofRunCost(usage, onDemandPrices),
    };
  }
  return {
    ...batchRequest(scope, props),
    explain,
    batchJobs,
    otherServices: (counted) => orchestrationCost(counted as BatchUsage, orchestration),
    review: (counted, source) => {
      const review = new BatchReview(scope, props, source);
      review.of(counted as BatchUsage, scheduled);
      review.ofRunCost(counted as BatchUsage, prices);
    },
  };
}
