import type { JobPart, JobQuotas } from './contract';

/** The maximum number of parts of a job, which are the input of a state of at most 256 KB. */
const MOST_PARTS = 2_000;

/**
 * Packs parts into jobs, in order. Each job is as full as the quotas allow. If the last one would have too few records for Amazon
 * Bedrock, it receives parts of the job before it.
 */
export function packJobs(parts: readonly JobPart[], quotas: JobQuotas): JobPart[][] {
  const jobs: JobPart[][] = [];
  let records = 0;
  let bytes = 0;
  for (const part of parts) {
    const job = jobs.at(-1);
    const fits = job && job.length < MOST_PARTS && records + part.records <= quotas.recordsPerJob && bytes + part.bytes <= quotas.bytesPerJob;
    if (fits) job.push(part);
    else jobs.push([part]);
    records = fits ? records + part.records : part.records;
    bytes = fits ? bytes + part.bytes : part.bytes;
  }
  return fillLast(jobs, quotas.minimumRecordsPerJob);
}

function fillLast(jobs: JobPart[][], minimum: number): JobPart[][] {
  const [before, last] = jobs.slice(-2);
  if (last === undefined || before === last) return jobs;
  while (recordsOf(last) < minimum && before.length > 1 && recordsOf(before) - before.at(-1)!.records >= minimum) last.unshift(before.pop()!);
  return jobs;
}

export function recordsOf(parts: readonly { readonly records: number }[]): number {
  return parts.reduce((sum, { records }) => sum + records, 0);
}
