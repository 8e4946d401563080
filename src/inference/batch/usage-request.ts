import { Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { DEFAULTS } from './defaults';
import { inRecords, onDemandRequest, runsOnDemand } from './on-demand';
import { orchestrationCost } from './orchestration-cost';
import { BatchInferenceProps } from './props';
import { BatchReview } from './review';
import { runPrices } from './settings';
import { scheduledRuns, uncountedRuns } from './times';
import { SourceJson } from '../../cost-report/report-json';
import { countedUsage, UsageRequest } from '../../estimates/estimate-usage';
import { BatchIdentity } from '../../estimates/registry';
import { allowedHoursPerMonth, isEnabled } from '../../estimates/settings';
import { PricingError } from '../../input/error';
import { BatchSettings } from '../../lambda/batch-inference/contract';
import { BatchUsage } from '../../pricing/billing-modes/batch';
import { PriceTier } from '../../pricing/price-book/rate';
import { RecordRequest } from '../../registration/record';

type BatchRequest = UsageRequest & { readonly usage: BatchUsage };

/** The usage of runs whose records go into batch jobs; without jobs of a month if they are those of the schedule. */
function batchRequest({ model, usage, lowUsage, highUsage }: BatchInferenceProps): BatchRequest {
  return {
    type: 'batch',
    model: model.pricingModelId,
    usage: { ...usage, customModel: model.customModel },
    lowUsage,
    highUsage,
    isInProps: true,
  };
}

/** The usage that a run is compared with: the usage file's where it is priced as batch, else the construct's own. */
export function declaredUsage(scope: Construct, props: BatchInferenceProps): BatchUsage {
  return isEnabled(scope) && !runsOnDemand(props) ? countedUsage(scope, batchRequest(props)) : props.usage;
}

/** How the usage of a batch is priced and reviewed, and what the state machine itself costs. */
export function usageRequest(scope: Construct, props: BatchInferenceProps, settings: BatchSettings, batchJobs: BatchIdentity): RecordRequest {
  const { usage, schedule, timeout = DEFAULTS.timeout, pollInterval = DEFAULTS.pollInterval } = props;
  const { quotas, estimate: { bytesPerToken } } = settings;
  // The runs of a schedule depend on the hours of the app's month.
  const scheduled = () => scheduledRuns(scope, schedule);
  const withJobs = (given: BatchUsage) => ({ ...given, jobsPerMonth: given.jobsPerMonth ?? scheduled() });
  const orchestration = (counted: BatchUsage, jobTimeout: Duration) => orchestrationCost(counted, {
    quotas, bytesPerToken, timeout: jobTimeout, pollInterval, isScheduled: schedule !== undefined, hoursPerMonth: allowedHoursPerMonth(scope),
  });
  const explain = (problem: Error) => uncountedRuns(problem, schedule) ?? inRecords(problem);
  if (runsOnDemand(props)) {
    return {
      ...onDemandRequest(props, (given) => given),
      atPricing: () => {
        const { usage: requests, lowUsage, highUsage } = onDemandRequest(props, withJobs);
        return { usage: requests, lowUsage, highUsage };
      },
      otherServices: () => orchestration(withJobs(usage), Duration.seconds(0)),
      explain,
      review: ({ source }) => reviewRunCost(scope, props, usage, PriceTier.STANDARD, source),
    };
  }
  const request = batchRequest(props);
  return {
    ...request,
    atPricing: () => ({ usage: withJobs(request.usage) }),
    explain,
    batchJobs,
    otherServices: (counted) => orchestration(counted as BatchUsage, timeout),
    review: ({ usage: counted, source }) => {
      new BatchReview(scope, props, source).of(counted as BatchUsage, scheduled());
      reviewRunCost(scope, props, counted as BatchUsage, PriceTier.BATCH, source);
    },
  };
}

/** @throws if the cost of a run is limited and the batch price of the model, by which runs are estimated, is unknown */
function reviewRunCost(scope: Construct, props: BatchInferenceProps, counted: BatchUsage, tier: PriceTier, source: SourceJson | undefined): void {
  if (props.maxCostPerRunUsd === undefined) return;
  if (runPrices(scope, props.model, counted, PriceTier.BATCH) === undefined) {
    throw PricingError.about('maxCostPerRunUsd', 'requires the batch price of the model, which is unknown', 'Set env.region on the stack, or give a rate of your own.');
  }
  new BatchReview(scope, props, source).ofRunCost(counted, runPrices(scope, props.model, counted, tier));
}
