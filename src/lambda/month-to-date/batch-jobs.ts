import type { Bedrock, ModelInvocationJobSummary } from '@aws-sdk/client-bedrock';
import { BatchJob } from './batch-spend';
import { BatchMeter } from './contract';
import { DAY, HOUR } from './forecast';
import { readManifest, S3Client } from './manifest';
import { mapInPool } from '../shared/pool';

/** The longest time from the submission of a job to its end: its timeout is a week at most, in which it also waits; twice that is safe. */
const LONGEST = 15 * DAY;

const ENDED: readonly (string | undefined)[] = ['Completed', 'PartiallyCompleted', 'Failed', 'Stopped', 'Expired'];

/** The counts of ended jobs, by their ARNs: they do not change, so that a warm function does not read them again. */
const settled = new Map<string, BatchJob>();

/** The jobs of a batch that have ended since, or that run. */
export async function readJobs(bedrock: Bedrock, s3: S3Client, meter: BatchMeter, since: number, now: number): Promise<BatchJob[]> {
  const listed = await listJobs(bedrock, meter, since - LONGEST);
  const wanted = listed.filter((job) => (endOf(job) ?? now) >= since);
  return mapInPool(wanted, 10, (job) => readJob(bedrock, s3, job, now));
}

async function listJobs(bedrock: Bedrock, { jobNamePrefix, roleArn }: BatchMeter, submitted: number): Promise<ModelInvocationJobSummary[]> {
  const jobs: ModelInvocationJobSummary[] = [];
  let nextToken: string | undefined;
  do {
    const page = await bedrock.listModelInvocationJobs({
      nameContains: jobNamePrefix, submitTimeAfter: new Date(submitted * 1000), maxResults: 1000, nextToken,
    });
    jobs.push(...page.invocationJobSummaries ?? []);
    nextToken = page.nextToken;
  } while (nextToken);
  // AWS looks for the name anywhere in the job's: others may have jobs whose names contain ours.
  return jobs.filter((job) => job.roleArn === roleArn && job.jobName!.startsWith(`${jobNamePrefix}-`));
}

async function readJob(bedrock: Bedrock, s3: S3Client, summary: ModelInvocationJobSummary, now: number): Promise<BatchJob> {
  const known = settled.get(summary.jobArn!);
  if (known) return known;
  const endedAt = endOf(summary);
  const records = recordsOf(summary) ?? recordsOf(await bedrock.getModelInvocationJob({ jobIdentifier: summary.jobArn })) ?? 0;
  if (endedAt === undefined) return { records };
  // A job that has processed nothing, as when its input was refused, costs nothing and leaves no manifest.
  const manifest = records > 0 ? await readManifest(s3, summary) : { denied: false };
  const job = { endedAt, records: manifest.records ?? records, tokens: manifest.tokens };
  // A manifest that is missing just after the end may still come; one that may not be read may be allowed any time.
  if (job.tokens || (!manifest.denied && endedAt < now - HOUR)) settled.set(summary.jobArn!, job);
  return job;
}

function endOf({ status, endTime, lastModifiedTime, submitTime }: ModelInvocationJobSummary): number | undefined {
  return ENDED.includes(status) ? (endTime ?? lastModifiedTime ?? submitTime)!.getTime() / 1000 : undefined;
}

function recordsOf({ processedRecordCount, successRecordCount }: { processedRecordCount?: number; successRecordCount?: number }): number | undefined {
  return processedRecordCount ?? successRecordCount;
}
