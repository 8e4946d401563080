import { Duration, Token } from 'aws-cdk-lib';
import { ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import { Construct } from 'constructs';
import { DEFAULTS } from './defaults';
import { BatchInferenceProps } from './props';
import { allowedHoursPerMonth } from '../../estimates/settings';
import { isPricingError, PricingError } from '../../input/error';
import { JobQuotas } from '../../lambda/batch-inference/contract';
import { runsPerMonth } from '../runs-per-month';

/** A margin for waiting jobs. By the API reference of AWS, the timeout of a job includes its waiting time; the margin applies if it does not. */
const STUCK_AFTER = Duration.hours(24);

/** The maximum timeout of an execution. */
const MOST_SECONDS = 99_999_999;

/**
 * The timeout of an execution. AWS ends jobs at their timeout; records have several attempts, and the jobs of a large run wait for each
 * other.
 */
export function longestRun(props: BatchInferenceProps, { recordsPerJob }: JobQuotas): Duration | undefined {
  const { timeout = DEFAULTS.timeout, maxAttempts = DEFAULTS.maxAttempts, usage, highUsage, quotas } = props;
  const numbers = [maxAttempts, usage.recordsPerJob, highUsage?.recordsPerJob, recordsPerJob, quotas?.concurrentJobs];
  if (timeout.isUnresolved() || numbers.some((number) => Token.isUnresolved(number))) return undefined;
  const records = Math.max(usage.recordsPerJob, highUsage?.recordsPerJob ?? 0, 0);
  const jobs = Math.max(1, Math.ceil(records / recordsPerJob));
  const waves = Math.ceil(jobs / (quotas?.concurrentJobs ?? DEFAULTS.quotas.concurrentJobs));
  return Duration.seconds(Math.min(MOST_SECONDS, timeout.plus(STUCK_AFTER).toSeconds() * waves * maxAttempts));
}

/** The number of runs of a schedule in an average month; undefined if it cannot be derived from the schedule. */
export function scheduledRuns(scope: Construct, schedule: ScheduleExpression | undefined): number | undefined {
  if (schedule === undefined || Token.isUnresolved(schedule.expressionString)) return undefined;
  return runsPerMonth(schedule.expressionString, allowedHoursPerMonth(scope));
}

/** The problem of a schedule whose runs cannot be counted, if jobsPerMonth is missing because of it. */
export function uncountedRuns(problem: Error, schedule: ScheduleExpression | undefined): Error | undefined {
  const isCount = isPricingError(problem) && problem.found === undefined && /^(usage\.)?(jobs|requests)PerMonth$/.test(problem.field);
  if (!isCount || schedule === undefined) return undefined;
  const { expressionString } = schedule;
  return Token.isUnresolved(expressionString)
    ? PricingError.about('schedule', 'is a token, whose runs cannot be counted at synth', 'Set usage.jobsPerMonth.')
    : new PricingError('schedule', expressionString, 'a schedule whose runs in an average month can be counted, such as rate(1 day) or cron(0 2 * * ? *)',
      'Set usage.jobsPerMonth, or use such a schedule.');
}
