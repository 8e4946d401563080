import type { Bedrock, ModelInvocationJobSummary } from '@aws-sdk/client-bedrock';
import { BatchJob } from './batch-spend';
import { BatchMeter } from './contract';
import { DAY, HOUR } from './forecast';
import { readManifest, S3Client } from './manifest';
import { mapInPool } from '../shared/pool';

/** The maximum time from the submission of a job to its end. Its timeout, which includes the wait, is at most a week; twice that is safe. */
const LONGEST = 15 * DAY;

const ENDED: readonly (string | undefined)[] = ['Completed', 'PartiallyCompleted', 'Failed', 'Stopped', 'Expired'];

/** The counts of ended jobs, by their ARNs. They do not change, so a warm function does not read them again. */
const settled = new Map<string, BatchJob>();

/** The jobs of a batch that have ended since a time, or that are running. */
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
  // The filter of AWS finds the prefix anywhere in a name, and other jobs may have names that contain it.
  return jobs.filter((job) => job.roleArn === roleArn && job.jobName!.startsWith(`${jobNamePrefix}-`));
}

async function readJob(bedrock: Bedrock, s3: S3Client, summary: ModelInvocationJobSummary, now: number): Promise<BatchJob> {
  const known = settled.get(summary.jobArn!);
  if (known) return known;
  const endedAt = endOf(summary);
  const records = recordsOf(summary) ?? recordsOf(await bedrock.getModelInvocationJob({ jobIdentifier: summary.jobArn })) ?? 0;
  if (endedAt === undefined) return { records };
  // A job that has processed no records, for example because its input was refused, costs nothing and has no manifest.
  const manifest = records > 0 ? await readManifest(s3, summary) : { denied: false };
  const job = { endedAt, records: manifest.records ?? records, tokens: manifest.tokens };
  // A manifest that is missing just after the end may still arrive. Access that is denied may be granted at any time.
  if (job.tokens || (!manifest.denied && endedAt < now - HOUR)) settled.set(summary.jobArn!, job);
  return job;
}

function endOf({ status, endTime, lastModifiedTime, submitTime }: ModelInvocationJobSummary): number | undefined {
  return ENDED.includes(status) ? (endTime ?? lastModifiedTime ?? submitTime)!.getTime() / 1000 : undefined;
}

function recordsOf({ processedRecordCount, successRecordCount }: { processedRecordCount?: number; successRecordCount?: number }): number | undefined {
  return processedRecordCount ?? successRecordCount;
}
