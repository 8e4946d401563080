import {
  CreateModelInvocationJobCommand, GetModelInvocationJobCommand, GetModelInvocationJobCommandOutput, ListModelInvocationJobsCommand,
} from '@aws-sdk/client-bedrock';
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { DescribeExecutionCommand, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { readSeries } from './metrics';
import { Decimal } from '../../../src/pricing/decimal';
import { INSIDE, OUTSIDE } from '../judges/batch';
import { KNOWN_TOKEN_METRICS } from '../judges/metrics';
import { BatchMetrics, DirectJob, EndedJob, TokenCounts } from '../observations';
import { NO_TOKENS, plus, Scene } from '../scene';
import { PLANNED } from '../spending';

/** The prefix of the names of jobs that the tool submits itself. */
export const JOB_PREFIX = 'acceptance-';

/** A square of 64 by 64 in one colour. */
const IMAGE = 'iVBORw0KGgoAAAANSUhEUgAAAEAAAABACAIAAAAlC+aJAAAAT0lEQVR42u3PQQkAAAgEsItiNKMZ1Qi+hcEKLNXzWgQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE'
  + 'BAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQELgui/wEPZWzwqQAAAABJRU5ErkJggg==';
const DIRECT_FOLDER = 'direct/';

const ENDED = ['Completed', 'PartiallyCompleted', 'Failed', 'Stopped', 'Expired'];

/** A run of the app's BatchInference, and a job that the tool has submitted itself. */
export interface StartedBatch {
  readonly executionArn: string;
  /** In milliseconds. */
  readonly from: number;
  readonly directJobArn: string;
  /** Functions that count the actual cost of each job. */
  readonly settleRun: (usd: Decimal) => void;
  readonly settleDirect: (usd: Decimal) => void;
}

/** Starts both jobs after a minute without requests. */
export async function startBatch(scene: Scene): Promise<StartedBatch> {
  const { aws, clock, outputs, prices, spending, patience } = scene;
  const { records, cachedTokens, mediaTokens, outputTokens } = PLANNED;
  const settleRun = spending.reserve('the batch job', prices.batch(records, cachedTokens, outputTokens));
  const settleDirect = spending.reserve('the batch job with images', prices.batch(records, mediaTokens, outputTokens));
  await put(scene, 'in/records.jsonl', lines((i) => textRecord(i, clock.now())));
  const images = { [INSIDE]: `${DIRECT_FOLDER}square.png`, [OUTSIDE]: 'elsewhere/square.png' };
  for (const key of Object.values(images)) await put(scene, key, Buffer.from(IMAGE, 'base64'));
  const place = (i: number) => (i % 2 === 0 ? INSIDE : OUTSIDE);
  await put(scene, `${DIRECT_FOLDER}records.jsonl`, lines((i) => imageRecord(`${place(i)}${i}`, `s3://${outputs.InputBucket}/${images[place(i)]}`)));
  await clock.pause(patience.quiet);
  const from = clock.now();
  const { executionArn } = await aws.stepFunctions.send(new StartExecutionCommand({ stateMachineArn: outputs.StateMachineArn, input: '{}' }));
  const { jobArn } = await aws.bedrock.send(new CreateModelInvocationJobCommand({
    jobName: `${JOB_PREFIX}${from}`,
    roleArn: outputs.DirectJobRoleArn,
    modelId: scene.options.model,
    inputDataConfig: { s3InputDataConfig: { s3Uri: `s3://${outputs.InputBucket}/${DIRECT_FOLDER}records.jsonl`, s3InputFormat: 'JSONL' } },
    outputDataConfig: { s3OutputDataConfig: { s3Uri: `s3://${outputs.OutputBucket}/${DIRECT_FOLDER}` } },
  }));
  return { executionArn: executionArn!, from, directJobArn: jobArn!, settleRun, settleDirect };
}

export async function untilListed({ aws, clock, patience }: Scene, { directJobArn, from }: StartedBatch): Promise<DirectJob> {
  const listed = await clock.until(patience.listing, async () => {
    const { invocationJobSummaries = [] } = await aws.bedrock.send(new ListModelInvocationJobsCommand({ nameContains: `${JOB_PREFIX}${from}` }));
    return invocationJobSummaries.find(({ jobArn }) => jobArn === directJobArn);
  });
  return { listedAfter: listed?.after, waited: patience.listing };
}

/** Waits for the end of the BatchInference job, and reads the counts of CloudWatch for that time. */
export async function readBatch(scene: Scene, { executionArn, from, settleRun }: StartedBatch, deadline: number): Promise<BatchMetrics> {
  const { aws, clock, patience } = scene;
  const run = await clock.until(secondsUntil(scene, deadline), async () => {
    const { status } = await aws.stepFunctions.send(new DescribeExecutionCommand({ executionArn }));
    return status === 'RUNNING' ? undefined : status;
  });
  const { invocationJobSummaries = [] } = await aws.bedrock.send(new ListModelInvocationJobsCommand({ submitTimeAfter: new Date(from - 60_000) }));
  const roles = (await scene.deployment.resources('AWS::IAM::Role')).map(({ PhysicalResourceId }) => PhysicalResourceId!);
  const job = invocationJobSummaries.find(({ roleArn = '' }) => roleArn !== scene.outputs.DirectJobRoleArn && roles.includes(roleArn.split('/').pop()!));
  if (!run) throw new Error(`the batch did not end within ${scene.options.batchMinutes} minutes; its job is ${job?.status ?? 'not listed'}`);
  if (!job) throw new Error(`the run of the batch ended ${run.answer} without a job`);
  const ended = await readJob(scene, job.jobArn!, settleRun);
  await clock.pause(patience.lateMetrics);
  return { job: ended, series: await readSeries(scene, KNOWN_TOKEN_METRICS, from) };
}

/** Waits for the end of the job that the tool has submitted itself. */
export async function readMediaJob(scene: Scene, { directJobArn, settleDirect }: StartedBatch, deadline: number): Promise<EndedJob> {
  const ended = await scene.clock.until(secondsUntil(scene, deadline), async () => {
    const { status = '' } = await scene.aws.bedrock.send(new GetModelInvocationJobCommand({ jobIdentifier: directJobArn }));
    return ENDED.includes(status) ? true : undefined;
  });
  if (!ended) throw new Error(`the job did not end within ${scene.options.batchMinutes} minutes`);
  return readJob(scene, directJobArn, settleDirect);
}

function secondsUntil({ clock }: Scene, deadline: number): number {
  return Math.max(0, (deadline - clock.now()) / 1000);
}

/** Reads the output of a job from its folder, and counts its cost. */
async function readJob({ aws, prices }: Scene, jobIdentifier: string, settle: (usd: Decimal) => void): Promise<EndedJob> {
  const job = await aws.bedrock.send(new GetModelInvocationJobCommand({ jobIdentifier }));
  const { bucket, prefix } = outputOf(job);
  const { Contents = [] } = await aws.s3.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix }));
  const keys = Contents.map(({ Key }) => Key!);
  const manifest = keys.find((key) => key.endsWith('manifest.json.out'));
  const { inputTokenCount = 0, outputTokenCount = 0 } = manifest === undefined ? {} : JSON.parse(await read(aws.s3, bucket, manifest));
  if (manifest !== undefined) settle(prices.batch(1, inputTokenCount, outputTokenCount));
  const texts = await Promise.all(keys.filter((key) => key.endsWith('.jsonl.out')).map((key) => read(aws.s3, bucket, key)));
  const answers = texts.flatMap((text) => text.split('\n').filter((line) => line.trim() !== '')).map((line) => JSON.parse(line));
  const errors = answers.flatMap(({ error }) => (error === undefined ? [] : [`${error.errorCode} ${error.errorMessage}`]));
  return {
    status: job.status ?? 'unknown',
    manifestInput: inputTokenCount,
    tokens: answers.map(({ modelOutput }) => usageOf(modelOutput)).reduce(plus, NO_TOKENS),
    succeeded: answers.filter(({ modelOutput, error }) => modelOutput !== undefined && error === undefined).map(({ recordId }) => recordId),
    errors: [...new Set([...job.message === undefined ? [] : [job.message], ...errors])],
  };
}

function outputOf({ jobArn = '', outputDataConfig }: GetModelInvocationJobCommandOutput): { readonly bucket: string; readonly prefix: string } {
  const [, bucket, folder] = /^s3:\/\/([^/]+)\/(.*)$/.exec(outputDataConfig!.s3OutputDataConfig!.s3Uri!)!;
  return { bucket, prefix: `${folder}${folder === '' || folder.endsWith('/') ? '' : '/'}${jobArn.split('/').pop()}/` };
}

/** The usage that a model writes into its answer, under the names of Converse or of InvokeModel. */
function usageOf(modelOutput: any): TokenCounts {
  const usage = modelOutput?.usage ?? {};
  return {
    input: usage.inputTokens ?? 0,
    output: usage.outputTokens ?? 0,
    cacheRead: usage.cacheReadInputTokens ?? usage.cacheReadInputTokenCount ?? 0,
    cacheWrite: usage.cacheWriteInputTokens ?? usage.cacheWriteInputTokenCount ?? 0,
  };
}

async function put({ aws: { s3 }, outputs: { InputBucket } }: Scene, Key: string, Body: string | Buffer): Promise<void> {
  await s3.send(new PutObjectCommand({ Bucket: InputBucket, Key, Body }));
}

async function read(s3: S3Client, Bucket: string, Key: string): Promise<string> {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
  return Body!.transformToString();
}

function lines(recordOf: (i: number) => object): string {
  return Array.from({ length: PLANNED.records }, (_, i) => `${JSON.stringify(recordOf(i))}\n`).join('');
}

/**
 * Every record begins with the same long prompt, marked for the cache as Nova's InvokeModel wants it. AWS documents that batch does not
 * use the cache: the figures of the records show it.
 */
function textRecord(i: number, run: number): object {
  const rules = Array.from({ length: 100 }, (_, rule) => `Rule ${rule + 1} of run ${run}: answer question ${rule + 1} briefly, politely and in English.`);
  return {
    recordId: `record-${i}`,
    modelInput: {
      messages: [{
        role: 'user',
        content: [{ text: rules.join('\n'), cachePoint: { type: 'default' } }, { text: `Answer with one number: how much is ${i} plus 1?` }],
      }],
      inferenceConfig: { maxTokens: PLANNED.outputTokens },
    },
  };
}

function imageRecord(recordId: string, uri: string): object {
  return {
    recordId,
    modelInput: {
      messages: [{
        role: 'user',
        content: [{ image: { format: 'png', source: { s3Location: { uri } } } }, { text: 'Answer with one word: which colour is it?' }],
      }],
      inferenceConfig: { maxTokens: PLANNED.outputTokens },
    },
  };
}
