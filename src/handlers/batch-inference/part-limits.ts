import type { JobQuotas } from '../batch-inference.contract';

export interface PartLimits {
  readonly records: number;
  readonly bytes: number;
}

/** A part is held in memory while it is written, and with its results while they are sorted. */
const MOST_BYTES = 8 * 1024 * 1024;

/** Jobs are packed of whole parts: with ten to a job, few have much room left. */
const PARTS_OF_A_JOB = 10;

/** How many records and bytes a part may have. A record that is larger than the bytes is a part by itself. */
export function partLimits({ recordsPerJob, recordsPerFile, bytesPerJob, bytesPerFile }: JobQuotas): PartLimits {
  return {
    records: Math.max(1, Math.min(recordsPerFile, Math.floor(recordsPerJob / PARTS_OF_A_JOB))),
    bytes: Math.max(1, Math.min(MOST_BYTES, bytesPerFile, Math.floor(bytesPerJob / PARTS_OF_A_JOB))),
  };
}

/** A record that is larger fits in no job at all. */
export function largestRecord({ bytesPerJob, bytesPerFile }: JobQuotas): number {
  return Math.min(bytesPerJob, bytesPerFile);
}
