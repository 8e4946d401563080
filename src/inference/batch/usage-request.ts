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

/** The usage of runs with batch jobs, without `jobsPerMonth` if it follows from the schedule. */
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

/** The usage with which a run is compared: that of the usage file if the runs are priced as batch, otherwise that of the construct. */
export function declaredUsage(scope: Construct, props: BatchInferenceProps): BatchUsage {
  return isEnabled(scope) && !runsOnDemand(props) ? countedUsage(scope, batchRequest(props)) : props.usage;
}

/** The request to price and review the usage of a batch, and the cost of the state machine itself. */
export function usageRequest(scope: Construct, props: BatchInferenceProps, settings: BatchSettings, batchJobs: BatchIdentity): RecordRequest {
  const { usage, schedule, timeout = DEFAULTS.timeout, pollInterval = DEFAULTS.pollInterval } = props;
  const { quotas, estimate: { bytesPerToken } } = settings;
  // The number of runs of a schedule depends on the configured hours of a month.
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

/** @throws if the cost of a run is limited and the batch price of the model, which the estimate of a run needs, is unknown */
function reviewRunCost(scope: Construct, props: BatchInferenceProps, counted: BatchUsage, tier: PriceTier, source: SourceJson | undefined): void {
  if (props.maxCostPerRunUsd === undefined) return;
  if (runPrices(scope, props.model, counted, PriceTier.BATCH) === undefined) {
    throw PricingError.about('maxCostPerRunUsd', 'requires the batch price of the model, which is unknown', 'Set env.region on the stack, or give a rate of your own.');
  }
  new BatchReview(scope, props, source).ofRunCost(counted, runPrices(scope, props.model, counted, tier));
}
