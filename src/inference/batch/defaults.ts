import { Duration } from 'aws-cdk-lib';
import { Limit } from '../../aws/limits';

/** The default values of optional props. */
export const DEFAULTS = {
  timeout: Duration.hours(24),
  pollInterval: Duration.minutes(5),
  maxAttempts: 3,
  bytesPerToken: 4,
  costAlarmFactor: 2,
  quotas: {
    minimumRecordsPerJob: Limit.JOB_RECORDS_MIN,
    recordsPerJob: Limit.JOB_RECORDS,
    recordsPerFile: Limit.JOB_RECORDS,
    jobBytes: Limit.JOB_BYTES,
    fileBytes: Limit.JOB_FILE_BYTES,
    concurrentJobs: Limit.JOBS_AT_A_TIME,
  },
} as const;
