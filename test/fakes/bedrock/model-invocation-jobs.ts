import { S3Client } from '@aws-sdk/client-s3';
import { BatchBehaviour, usualBehaviour } from './jobs/behaviour';
import { InputProblem, readInput } from './jobs/input';
import { asAws, hasEnded, HOUR, NO_RECORDS, requireQuota, requireValid, summaryOf } from './jobs/job';
import { recordCount, writeOutput } from './jobs/output';
import { BatchJob, Fate, InputRecord, JobRequest, RecordAnswer } from './jobs/types';
import { Account } from './provisioned-throughputs';
import { refuse } from '../refusal';

/**
 * Bedrock's batch inference: jobs that read their input from S3 and later write their output there. A job only advances when it is
 * read, by the time that has passed on the clock. Without S3, jobs keep the status that a test gives them.
 *
 * If AWS documents an error but not its text, the text is ours. AWS does not document whether a job with records that have errors
 * is Completed: here it is PartiallyCompleted, unless its fate specifies another status.
 */
export class ModelInvocationJobs {
  public behaviour: BatchBehaviour = usualBehaviour();
  /** All submitted jobs. */
  public readonly jobs: BatchJob[] = [];
  /** Violations of Bedrock's guidelines that Bedrock may accept. Empty in a test that succeeds. */
  public readonly violations: string[] = [];
  /** The number of billed answers to a record, by its modelInput as JSON. */
  public readonly billed = new Map<string, number>();
  private last: Promise<unknown> = Promise.resolve();

  constructor(private readonly owner: Account, private readonly s3?: S3Client) {}

  public reset(): void {
    this.behaviour = usualBehaviour();
    for (const all of [this.jobs, this.violations]) all.length = 0;
    this.billed.clear();
  }

  /** A job in a status that only a test and a stop change, shown with more fields, some of them only by Get. */
  public add(request: JobRequest, { status = 'InProgress', shown = {}, onlyInGet = {} }: Partial<Pick<BatchJob, 'status' | 'shown' | 'onlyInGet'>> = {}): BatchJob {
    const never = { validating: Infinity, scheduled: Infinity, begun: Infinity, end: Infinity };
    const made = this.submitted(request);
    const submitted = shown.submitTime === undefined ? made.submitted : Date.parse(shown.submitTime);
    const job = { ...made, submitted, plan: never, expires: Infinity, status, shown, onlyInGet };
    this.jobs.push(job);
    return job;
  }

  /** An operation, its name beginning with a capital or not, on fields as in AWS's JSON. */
  public call(operation: string, input: any): Promise<any> {
    return this.oneAtATime(async () => {
      for (const job of this.jobs) await this.goOn(job);
      switch (operation[0].toUpperCase() + operation.slice(1)) {
        case 'CreateModelInvocationJob': return this.create(input);
        case 'GetModelInvocationJob': return asAws(this.require(input.jobIdentifier));
        case 'ListModelInvocationJobs': return this.list(input);
        case 'StopModelInvocationJob': return this.stop(this.require(input.jobIdentifier));
        default: throw new Error(`${operation} is not an operation of batch inference`);
      }
    });
  }

  private create(request: JobRequest): object {
    requireValid(request);
    const before = request.clientRequestToken && this.jobs.find((job) => job.request.clientRequestToken === request.clientRequestToken);
    if (before) {
      if (canonical(before.request) !== canonical(request)) refuse('ConflictException', `The token ${request.clientRequestToken} has been used for another job`);
      return { jobArn: before.arn };
    }
    if (this.jobs.some((job) => job.request.jobName === request.jobName)) refuse('ConflictException', `A job with the name ${request.jobName} exists`);
    requireQuota(this.jobs, request, this.behaviour.quotas);
    const job = this.submitted(JSON.parse(JSON.stringify(request)));
    this.jobs.push(job);
    return { jobArn: job.arn };
  }

  private submitted(request: JobRequest): BatchJob {
    const { submittedMs, validatingMs, scheduledMs, inProgressMs } = this.behaviour.durations;
    const now = this.owner.now();
    const number = this.jobs.length + 1;
    const id = `${number.toString(36)}`.padStart(12, 'job000000000');
    const validating = now + submittedMs;
    const scheduled = validating + validatingMs;
    const begun = scheduled + scheduledMs;
    return {
      number,
      id,
      arn: `arn:aws:bedrock:${this.owner.region}:${request.roleArn.split(':')[4]}:model-invocation-job/${id}`,
      request,
      tags: [...request.tags ?? []],
      submitted: now,
      plan: { validating, scheduled, begun, end: begun + inProgressMs },
      expires: now + (request.timeoutDurationInHours ?? 24) * HOUR,
      status: 'Submitted',
      changed: now,
      files: [],
      counts: NO_RECORDS,
    };
  }

  private list({ nameContains = '', statusEquals, submitTimeAfter, submitTimeBefore, maxResults = 100, nextToken = 0, sortOrder = 'Descending' }: any): object {
    const isInTime = ({ submitted }: BatchJob) => (!submitTimeAfter || submitted > Date.parse(submitTimeAfter))
      && (!submitTimeBefore || submitted < Date.parse(submitTimeBefore));
    const isWanted = ({ request, status }: BatchJob) => request.jobName.includes(nameContains) && (!statusEquals || status === statusEquals);
    const wanted = this.jobs.filter((job) => isInTime(job) && isWanted(job));
    if (sortOrder === 'Descending') wanted.reverse();
    const end = Number(nextToken) + Math.min(Number(maxResults), this.behaviour.mostOnAPage);
    return { invocationJobSummaries: wanted.slice(Number(nextToken), end).map(summaryOf), nextToken: end < wanted.length ? `${end}` : undefined };
  }

  private async stop(job: BatchJob): Promise<object> {
    if (hasEnded(job)) refuse('ConflictException', `The job ${job.arn} is ${job.status}`);
    if (!job.stop) {
      const asked = this.owner.now();
      job.stop = { asked, until: asked + this.behaviour.durations.stoppingMs };
      become(job, 'Stopping', asked);
      await this.goOn(job);
    }
    return {};
  }

  public find(id: string): BatchJob | undefined {
    return this.jobs.find((job) => job.arn === id || job.id === id);
  }

  private require(id: string): BatchJob {
    return this.find(id) ?? refuse('ResourceNotFoundException', `The job ${id} could not be found`);
  }

  private async goOn(job: BatchJob): Promise<void> {
    if (!this.s3) return;
    while (!hasEnded(job) && await this.step(job, this.owner.now()));
  }

  /** Makes the next change of a job if it is due. Returns false if none is due. */
  private async step(job: BatchJob, now: number): Promise<boolean> {
    const { plan: { validating, scheduled, begun, end }, expires, stop } = job;
    const is = (status: string, due: number) => job.status === status && now >= due;
    if (is('Submitted', validating)) return this.validate(job);
    if (is('Validating', scheduled)) return job.problem === undefined ? become(job, 'Scheduled', scheduled) : over(job, 'Failed', scheduled, job.problem);
    if (job.status === 'Scheduled') job.fate ??= this.behaviour.fateOf(job);
    if (is('Scheduled', expires)) return this.process(job, 'Expired', expires, 1);
    if (is('Scheduled', begun) && job.fate !== 'Expired') return become(job, 'InProgress', begun);
    if (end <= expires && is('InProgress', end)) return this.process(job, job.fate, end, 1);
    if (is('InProgress', expires)) return this.process(job, 'PartiallyCompleted', expires, shareAt(job, expires));
    if (stop && is('Stopping', stop.until)) return this.process(job, 'Stopped', stop.until, shareAt(job, stop.asked));
    return false;
  }

  private async validate(job: BatchJob): Promise<boolean> {
    become(job, 'Validating', job.plan.validating);
    const { s3Uri } = job.request.inputDataConfig.s3InputDataConfig;
    try {
      const { files, violations } = await readInput(this.s3!, s3Uri, this.behaviour.quotas);
      job.files = files;
      job.counts = { ...NO_RECORDS, totalRecordCount: recordCount(files) };
      this.violations.push(...violations);
    } catch (thrown) {
      job.problem = thrown instanceof InputProblem ? thrown.message : `The files in ${s3Uri} cannot be read with the role: ${thrown}`;
    }
    return true;
  }

  /** Ends a job with the output of a share of its records. */
  private async process(job: BatchJob, fate: Fate | undefined, time: number, share: number): Promise<boolean> {
    // One that was stopped before it was validated.
    if (job.files.length === 0) return over(job, fate ?? 'Failed', time);
    try {
      job.counts = await writeOutput(this.s3!, job, Math.floor(recordCount(job.files) * share), (record) => this.answered(record, job));
    } catch (thrown) {
      return over(job, 'Failed', time, `The output cannot be written with the role: ${thrown}`);
    }
    const { totalRecordCount, successRecordCount } = job.counts;
    const status = fate ?? (successRecordCount === totalRecordCount ? 'Completed' : 'PartiallyCompleted');
    return over(job, status, time, status === 'Failed' ? 'The job has failed for a reason that is not in its input' : undefined);
  }

  private answered(record: InputRecord, job: BatchJob): RecordAnswer | undefined {
    const answer = this.behaviour.answerOf(record, job);
    if (answer && 'modelOutput' in answer) this.billed.set(record.text, (this.billed.get(record.text) ?? 0) + 1);
    return answer;
  }

  /** Serializes calls, so that concurrent callers read and write a job once. */
  private oneAtATime<T>(act: () => Promise<T>): Promise<T> {
    const mine = this.last.then(act, act);
    this.last = mine.catch(() => undefined);
    return mine;
  }
}

function become(job: BatchJob, status: string, time: number): boolean {
  Object.assign(job, { status, changed: time });
  return true;
}

/** Drops the input of an ended job from memory, since a test may have a million records. */
function over(job: BatchJob, status: Fate, time: number, message?: string): boolean {
  Object.assign(job, { ended: time, message, files: [] });
  return become(job, status, time);
}

/** The share of a job that is done at a time, from 0 to 1. */
function shareAt({ plan: { begun, end } }: BatchJob, time: number): number {
  return time <= begun ? 0 : Math.min(1, (time - begun) / (end - begun));
}

function canonical(value: object): string {
  return JSON.stringify(value, (_, inner) => (inner && typeof inner === 'object' && !Array.isArray(inner) ? Object.fromEntries(Object.entries(inner).sort()) : inner));
}
