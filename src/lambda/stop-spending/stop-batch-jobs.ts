import { GetModelInvocationJobCommand, ModelInvocationJobSummary, paginateListModelInvocationJobs, StopModelInvocationJobCommand } from '@aws-sdk/client-bedrock';
import { ActionResult, failure, ReportResult } from './action-result';
import { bedrock } from './clients';
import { StopActionKind, StopTarget } from './contract';
import { isNamed } from '../shared/errors';

type Batch = Extract<StopTarget, { batch: string }>;

const ACTION = StopActionKind.STOP_BATCH_JOBS;

/** Statuses in the order in which a job has them, so that a job whose status changes during the search is still found. */
const NOT_ENDED = ['Submitted', 'Validating', 'Scheduled', 'InProgress'] as const;

/** Stops the jobs of one batch that have not ended. */
export async function stopJobs(batch: Batch, dryRun: boolean, report: ReportResult): Promise<void> {
  const jobs = new Map<string, ModelInvocationJobSummary>();
  for (const statusEquals of NOT_ENDED) {
    try {
      const pages = paginateListModelInvocationJobs({ client: bedrock }, { statusEquals, nameContains: batch.jobNamePrefix });
      for await (const { invocationJobSummaries = [] } of pages) {
        for (const job of invocationJobSummaries) if (isOf(batch, job)) jobs.set(job.jobArn!, job);
      }
    } catch (e) {
      report(failure(ACTION, batch.batch, e, `aws bedrock list-model-invocation-jobs --status-equals ${statusEquals} --name-contains ${batch.jobNamePrefix}, and stop those of ${batch.roleArn}`));
    }
  }
  for (const job of jobs.values()) report(dryRun ? wouldStop(job) : await stop(job));
}

/** Whether a job belongs to a batch. A name may contain the prefix of another batch, so the role is compared too. */
function isOf({ jobNamePrefix, roleArn }: Batch, job: ModelInvocationJobSummary): boolean {
  return job.roleArn === roleArn && job.jobName!.startsWith(`${jobNamePrefix}-`) && NOT_ENDED.some((status) => status === job.status);
}

function wouldStop({ jobArn, jobName }: ModelInvocationJobSummary): ActionResult {
  return { action: ACTION, target: jobArn!, result: 'would', text: `${jobName} would be stopped` };
}

async function stop({ jobArn, jobName }: ModelInvocationJobSummary): Promise<ActionResult> {
  try {
    await bedrock.send(new StopModelInvocationJobCommand({ jobIdentifier: jobArn }));
    return { action: ACTION, target: jobArn!, result: 'done', text: `${jobName} is stopped; the records that it has processed are billed, and their results are in its output` };
  } catch (e) {
    if (isNamed(e, 'ResourceNotFoundException') || (isNamed(e, 'ConflictException') && await hasEnded(jobArn!))) {
      return { action: ACTION, target: jobArn!, result: 'already', text: `${jobName} had just ended` };
    }
    return failure(ACTION, jobArn!, e, `aws bedrock stop-model-invocation-job --job-identifier ${jobArn}`);
  }
}

/** Whether a job has ended. A conflict usually means that it has; only the status is certain. */
async function hasEnded(jobIdentifier: string): Promise<boolean> {
  try {
    const { status } = await bedrock.send(new GetModelInvocationJobCommand({ jobIdentifier }));
    return !NOT_ENDED.some((running) => running === status);
  } catch {
    return false;
  }
}
