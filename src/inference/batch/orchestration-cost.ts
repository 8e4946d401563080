import { Duration, Token } from 'aws-cdk-lib';
import { FUNCTION_MEMORY } from './functions';
import { TRANSITIONS, TRANSITIONS_OF_POLL } from './workflow';
import { RunningCost } from '../../estimates/running-cost';
import { BatchMetricName, JobQuotas, partLimits, SLICE_BYTES } from '../../lambda/batch-inference/contract';
import { BatchUsage } from '../../pricing/billing-modes/batch';
import { decimal } from '../../pricing/decimal';

export interface Orchestration {
  readonly quotas: JobQuotas;
  readonly bytesPerToken: number;
  readonly timeout: Duration;
  readonly pollInterval: Duration;
  readonly isScheduled: boolean;
  readonly hoursPerMonth: number;
}

/** Calls of functions: plan, group, review and summarize; split; assemble and collect; join. */
const CALLS = { run: 4, slice: 1, job: 2, file: 1 };

/** Seconds that functions with one processor need, rounded up: to start a call, and for a megabyte of the input in all steps. */
const SECONDS_OF_CALL = 0.5;
const SECONDS_OF_MEGABYTE = 0.15;

/** Requests to Amazon S3 by all steps and by Amazon Bedrock. A list is billed as a PUT. */
const PUTS = { run: 11, slice: 1, job: 4, part: 5 };
const GETS = { run: 11, slice: 1, job: 4, part: 6 };

/**
 * The monthly cost of other AWS services for runs of this size, with one round of jobs that each take their whole timeout. Undefined if a
 * quantity is a token or not valid.
 */
export function orchestrationCost(usage: BatchUsage, given: Orchestration): RunningCost | undefined {
  const { jobsPerMonth, recordsPerJob, inputTokensPerRecord = 0 } = usage;
  const { quotas, bytesPerToken, timeout, pollInterval, isScheduled, hoursPerMonth } = given;
  const numbers = [jobsPerMonth, recordsPerJob, inputTokensPerRecord, bytesPerToken, ...Object.values(quotas)];
  if (!numbers.every(isQuantity) || timeout.isUnresolved() || pollInterval.isUnresolved()) return undefined;
  const runs = decimal(jobsPerMonth!);
  const bytes = recordsPerJob * inputTokensPerRecord * bytesPerToken;
  const sizes = {
    run: 1,
    slice: Math.max(1, Math.ceil(bytes / SLICE_BYTES)),
    job: Math.max(1, Math.ceil(recordsPerJob / quotas.recordsPerJob), Math.ceil(bytes / quotas.bytesPerJob)),
    part: Math.max(1, Math.ceil(recordsPerJob / partLimits(quotas).records), Math.ceil(bytes / partLimits(quotas).bytes)),
    file: Math.max(1, Math.ceil(2 * bytes / 1024 ** 3)),
  };
  const perRun = (counts: { readonly [size in keyof typeof sizes]?: number }) =>
    runs.times(decimal(Object.entries(counts).reduce((sum, [size, count]) => sum + count * sizes[size as keyof typeof sizes], 0)));
  const polls = Math.ceil(timeout.toSeconds() / pollInterval.toSeconds());
  const seconds = perRun(CALLS).times(decimal(SECONDS_OF_CALL)).plus(runs.times(decimal(bytes / 1e6 * SECONDS_OF_MEGABYTE)));
  return new RunningCost()
    .add('step-functions-transition', perRun({ ...TRANSITIONS, job: TRANSITIONS.job + TRANSITIONS_OF_POLL * polls }), 'Step Functions state transitions (worst case)')
    .add('lambda-request', perRun(CALLS), 'function calls')
    .add('lambda-gb-second-arm', Math.ceil(seconds.toNumber() * FUNCTION_MEMORY / 1024), 'function time (approximate)')
    .add('s3-put', perRun(PUTS), 'objects written and listed')
    .add('s3-get', perRun(GETS), 'objects read')
    .add('cloudwatch-custom-metric', metricMonths(jobsPerMonth!, hoursPerMonth), 'metrics of runs, in hours in which a run ends')
    .add('cloudwatch-alarm-metric', isScheduled ? 2 : 1, 'alarms on the cost of runs and on failed starts')
    .add('scheduler-invocation', isScheduled ? runs : 0, 'starts by the schedule');
}

/** The months of metrics, rounded up to the hundredth. A metric is billed for the hours in which it is published. */
function metricMonths(runs: number, hoursPerMonth: number): number {
  return Math.ceil(Object.keys(BatchMetricName).length * Math.min(runs, hoursPerMonth) / hoursPerMonth * 100) / 100;
}

function isQuantity(value: number | undefined): boolean {
  return value !== undefined && !Token.isUnresolved(value) && Number.isFinite(value) && value >= 0;
}
