import { Limit } from '../../aws/limits';
import { ONE_OR_MORE } from '../../pricing/billing-modes/input';

/** The values that a prop accepts. */
export interface ValueRange {
  /** The range in errors: `maxAttempts must be ${allowed}`. */
  readonly allowed: string;
  readonly accepts: (value: number) => boolean;
}

const MOST_ATTEMPTS = 9;

const wholeFrom1: ValueRange = { allowed: 'a whole number of 1 or more', accepts: (value) => Number.isInteger(value) && value >= 1 };

/** The ranges of the numbers, by prop. Sizes are in bytes, `timeout` in minutes, `pollInterval` in seconds. */
export const RANGES = {
  maxCostPerRunUsd: { allowed: 'a number above 0', accepts: (usd) => Number.isFinite(usd) && usd > 0 },
  maxAttempts: {
    allowed: `a whole number from 1 to ${MOST_ATTEMPTS}`,
    accepts: (attempts) => Number.isInteger(attempts) && attempts >= 1 && attempts <= MOST_ATTEMPTS,
  },
  toleratedFailurePercentage: { allowed: 'a number from 0 to 100', accepts: (percentage) => percentage >= 0 && percentage <= 100 },
  bytesPerToken: { allowed: ONE_OR_MORE.problem('', undefined).allowed, accepts: ONE_OR_MORE.accepts },
  costAlarmFactor: { allowed: 'a number above 1', accepts: (factor) => Number.isFinite(factor) && factor > 1 },
  quota: wholeFrom1,
  size: { allowed: 'a Size of 1 byte or more', accepts: (bytes) => Number.isFinite(bytes) && bytes >= 1 },
  timeout: {
    allowed: `a Duration of whole hours from ${Limit.JOB_TIMEOUT_HOURS_MIN} to ${Limit.JOB_TIMEOUT_HOURS_MAX}`,
    accepts: (minutes) => minutes % 60 === 0 && minutes >= Limit.JOB_TIMEOUT_HOURS_MIN * 60 && minutes <= Limit.JOB_TIMEOUT_HOURS_MAX * 60,
  },
  pollInterval: { allowed: 'a Duration of whole seconds, 10 or more', accepts: (seconds) => Number.isInteger(seconds) && seconds >= 10 },
  securityGroups: {
    allowed: `a list of 1 to ${Limit.JOB_SECURITY_GROUPS} security groups`,
    accepts: (count) => count >= 1 && count <= Limit.JOB_SECURITY_GROUPS,
  },
  maxTokens: wholeFrom1,
  temperature: { allowed: 'a number from 0 to 1', accepts: (value) => value >= 0 && value <= 1 },
} satisfies { readonly [prop: string]: ValueRange };
