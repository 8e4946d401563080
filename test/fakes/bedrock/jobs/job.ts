import { BatchJob, Counts, JobQuotas, JobRequest } from './types';
import { refuse } from '../../refusal';
import { fieldsOf } from '../../sdk-model';

export const HOUR = 3_600_000;

export const NO_RECORDS: Counts = { totalRecordCount: 0, processedRecordCount: 0, successRecordCount: 0, errorRecordCount: 0 };

const ENDS = ['Completed', 'PartiallyCompleted', 'Failed', 'Stopped', 'Expired'];

export function hasEnded({ status }: BatchJob): boolean {
  return ENDS.includes(status);
}

/** The fields of a reply to Get. */
export function asAws(job: BatchJob): { readonly [field: string]: unknown } {
  const { tags: _, ...request } = job.request;
  const time = (ms: number | undefined) => (ms === undefined || ms === Infinity ? undefined : new Date(ms).toISOString());
  return {
    timeoutDurationInHours: 24,
    modelInvocationType: 'InvokeModel',
    ...request,
    jobArn: job.arn,
    status: job.status,
    message: job.message,
    submitTime: time(job.submitted),
    lastModifiedTime: time(job.changed),
    endTime: time(job.ended),
    jobExpirationTime: time(job.expires),
    ...job.counts,
    ...job.shown,
    ...job.onlyInGet,
  };
}

/** The fields of a reply to List. */
export function summaryOf(job: BatchJob): object {
  const fields = fieldsOf('ModelInvocationJobSummary').filter((field) => !(field in (job.onlyInGet ?? {})));
  return Object.fromEntries(Object.entries(asAws(job)).filter(([field]) => fields.includes(field)));
}

const URI = /^s3:\/\/[a-z0-9][.a-z0-9-]{1,61}[a-z0-9](\/.{0,1023})?$/;

/** Refuses requests that AWS refuses, by the patterns in its API reference. */
export function requireValid(request: JobRequest): void {
  const { jobName, roleArn, modelId, clientRequestToken: token, timeoutDurationInHours: hours, modelInvocationType: type, tags = [] } = request;
  const { s3Uri: input, s3InputFormat: format } = request.inputDataConfig?.s3InputDataConfig ?? {};
  const { s3Uri: output } = request.outputDataConfig?.s3OutputDataConfig ?? {};
  const unknown = Object.keys(request).filter((field) => !fieldsOf('CreateModelInvocationJobRequest').includes(field));
  const wrong = (field: string, value: unknown) => refuse('ValidationException', `Invalid ${field}: ${JSON.stringify(value)}`);
  if (unknown.length > 0) wrong('field', unknown);
  if (!/^[a-zA-Z0-9]{1,63}(-*[a-zA-Z0-9+.-]){0,63}$/.test(jobName ?? '') || jobName.length > 63) wrong('jobName', jobName);
  if (!/^arn:aws(-[^:]+)?:iam::\d{12}:role\/.+$/.test(roleArn ?? '')) wrong('roleArn', roleArn);
  if (!modelId || modelId.length > 2048 || modelId.includes(':provisioned-model/')) wrong('modelId', modelId);
  if (!URI.test(input ?? '')) wrong('inputDataConfig.s3InputDataConfig.s3Uri', input);
  if (!URI.test(output ?? '')) wrong('outputDataConfig.s3OutputDataConfig.s3Uri', output);
  if (![undefined, 'JSONL'].includes(format)) wrong('s3InputFormat', format);
  if (hours !== undefined && !(Number.isInteger(hours) && hours >= 24 && hours <= 168)) wrong('timeoutDurationInHours', hours);
  if (![undefined, 'InvokeModel', 'Converse'].includes(type)) wrong('modelInvocationType', type);
  if (token !== undefined && !/^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,255}$/.test(token)) wrong('clientRequestToken', token);
  if (tags.length > 200) wrong('tags', tags.length);
}

export function requireQuota(jobs: readonly BatchJob[], { modelId }: JobRequest, { jobsAtATime }: JobQuotas): void {
  const open = jobs.filter((job) => job.request.modelId === modelId && !hasEnded(job)).length;
  if (open >= jobsAtATime) refuse('ServiceQuotaExceededException', `The account has ${open} of at most ${jobsAtATime} batch inference jobs for ${modelId} that have not ended`);
}

/** The bucket and the key of `s3://bucket/key`. */
export function place(uri: string): { readonly bucket: string; readonly key: string } {
  const [, bucket, key] = /^s3:\/\/([^/]+)\/?(.*)$/.exec(uri)!;
  return { bucket, key };
}
