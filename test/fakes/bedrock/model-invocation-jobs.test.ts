import {
  BedrockClient, ConflictException, CreateModelInvocationJobCommand, CreateModelInvocationJobCommandInput, GetModelInvocationJobCommand,
  ListModelInvocationJobsCommand, ListModelInvocationJobsCommandInput, ResourceNotFoundException, ServiceQuotaExceededException,
  StopModelInvocationJobCommand, ValidationException,
} from '@aws-sdk/client-bedrock';
import { S3Client } from '@aws-sdk/client-s3';
import { ModelInvocationJobs } from './model-invocation-jobs';
import { serve } from './serve';
import { LocalServer } from '../http';
import { FakeS3 } from '../s3/fake-s3';
import { fieldsOf } from '../sdk-model';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const START = Date.parse('2026-11-25T02:00:00Z');
/** The duration of a job unless a test sets another one. */
const ALL = 38 * MINUTE;

let s3: FakeS3;
let client: S3Client;
let bedrock: BedrockClient;
let server: LocalServer;
let jobs: ModelInvocationJobs;
let now: number;

beforeAll(async () => {
  s3 = await FakeS3.start();
  client = s3.client({ maxAttempts: 1 });
  server = await serve((operation, input) => jobs.call(operation, input));
  bedrock = new BedrockClient({ endpoint: server.endpoint, region: 'us-east-1', credentials: { accessKeyId: 'a', secretAccessKey: 'b' }, maxAttempts: 1 });
});
beforeEach(() => {
  s3.reset();
  now = START;
  jobs = new ModelInvocationJobs({ region: 'us-east-1', account: '111111111111', now: () => now }, client);
  jobs.behaviour.quotas.minimumRecords = 2;
});
afterAll(async () => {
  bedrock.destroy();
  client.destroy();
  await server.stop();
  await s3.stop();
});

function record(n: number): string {
  return JSON.stringify({ recordId: `REC${`${n}`.padStart(8, '0')}`, modelInput: { messages: [{ role: 'user', content: [{ text: `prompt ${n}` }] }] } });
}

function records(count: number, first = 0): string {
  return Array.from({ length: count }, (_, n) => `${record(first + n)}\n`).join('');
}

function request(more: Partial<CreateModelInvocationJobCommandInput> = {}): CreateModelInvocationJobCommandInput {
  return {
    jobName: 'nightly-0-0',
    roleArn: 'arn:aws:iam::111111111111:role/batch',
    modelId: 'amazon.nova-micro-v1:0',
    inputDataConfig: { s3InputDataConfig: { s3Uri: 's3://bucket/in/' } },
    outputDataConfig: { s3OutputDataConfig: { s3Uri: 's3://bucket/out/' } },
    ...more,
  };
}

const create = (more = {}) => bedrock.send(new CreateModelInvocationJobCommand(request(more)));
const get = async (jobIdentifier: string) => {
  const { $metadata: _, ...job } = await bedrock.send(new GetModelInvocationJobCommand({ jobIdentifier }));
  return job;
};
const present = (answer: object) => Object.entries(answer).filter(([, value]) => value !== undefined).map(([field]) => field).sort();

/** A job on some files, at its end. */
async function finished(files: { readonly [name: string]: string }, more = {}) {
  for (const [name, content] of Object.entries(files)) s3.put('bucket', `in/${name}`, content);
  const { jobArn } = await create(more);
  now += ALL;
  const job = await get(jobArn!);
  const folder = `out/${jobArn!.split('/')[1]}/`;
  const lines = (name: string) => s3.text('bucket', `${folder}${name}.out`).split('\n').slice(0, -1).map((line) => JSON.parse(line));
  return { job, folder, lines, manifest: () => s3.json('bucket', `${folder}manifest.json.out`) };
}

test('a response has the fields of the SDK\'s model', async () => {
  s3.put('bucket', 'in/a.jsonl', records(2));
  const vpcConfig = { subnetIds: ['subnet-1'], securityGroupIds: ['sg-1'] };
  const { $metadata: _, ...created } = await create({ vpcConfig, timeoutDurationInHours: 48, modelInvocationType: 'Converse', clientRequestToken: 'once' });
  jobs.behaviour.fateOf = () => 'Failed';
  now += ALL;
  expect(present(created)).toEqual(fieldsOf('CreateModelInvocationJobResponse').sort());
  expect(created.jobArn).toMatch(/^arn:aws:bedrock:us-east-1:111111111111:model-invocation-job\/[a-z0-9]{12}$/);
  const job = await get(created.jobArn!);
  expect(present(job)).toEqual(fieldsOf('GetModelInvocationJobResponse').sort());
  expect(job).toMatchObject({ ...request(), vpcConfig, timeoutDurationInHours: 48, modelInvocationType: 'Converse', status: 'Failed' });
  expect(job).toMatchObject({ totalRecordCount: 2, processedRecordCount: 2, successRecordCount: 2, errorRecordCount: 0 });
  const after = (ms: number) => new Date(START + ms);
  expect(job).toMatchObject({ submitTime: after(0), jobExpirationTime: after(48 * HOUR), endTime: after(ALL), lastModifiedTime: after(ALL) });
  const { invocationJobSummaries = [] } = await bedrock.send(new ListModelInvocationJobsCommand({}));
  expect(invocationJobSummaries.map(present)).toEqual([fieldsOf('ModelInvocationJobSummary').sort()]);
});

test('a job goes its way in time', async () => {
  s3.put('bucket', 'in/a.jsonl', records(2));
  const { jobArn } = await create();
  const seen: unknown[] = [];
  for (const minutes of [0, 1, 3, 8, 38]) {
    now = START + minutes * MINUTE;
    const { status, totalRecordCount, processedRecordCount } = await get(jobArn!);
    seen.push([status, totalRecordCount, processedRecordCount]);
  }
  expect(seen).toEqual([['Submitted', 0, 0], ['Validating', 2, 0], ['Scheduled', 2, 0], ['InProgress', 2, 0], ['Completed', 2, 2]]);
  expect(jobs.violations).toEqual([]);
});

describe('the output', () => {
  test('has a file for each of the input, in another order, and a manifest', async () => {
    const { job, lines, manifest, folder } = await finished({ 'a.jsonl': records(50), 'sub/b.jsonl': records(3, 50) });
    expect(job).toMatchObject({ status: 'Completed', totalRecordCount: 53, processedRecordCount: 53, successRecordCount: 53, errorRecordCount: 0 });
    expect(s3.keys('bucket', folder)).toEqual(['a.jsonl.out', 'b.jsonl.out', 'manifest.json.out'].map((name) => folder + name));
    const outputs = lines('a.jsonl');
    const ids = outputs.map(({ recordId }) => recordId);
    const inputs = records(50).split('\n').slice(0, -1).map((line) => JSON.parse(line));
    expect(ids).not.toEqual(inputs.map(({ recordId }) => recordId));
    expect([...ids].sort()).toEqual(inputs.map(({ recordId }) => recordId));
    expect(outputs.map(({ recordId, modelInput }) => ({ recordId, modelInput }))).toEqual(expect.arrayContaining(inputs));
    const usages = [...outputs, ...lines('b.jsonl')].map(({ modelOutput }) => modelOutput.usage);
    const sum = (field: string) => usages.reduce((total, usage) => total + usage[field], 0);
    expect(manifest()).toEqual({
      totalRecordCount: 53,
      processedRecordCount: 53,
      successRecordCount: 53,
      errorRecordCount: 0,
      inputTokenCount: sum('inputTokens'),
      outputTokenCount: sum('outputTokens'),
    });
  });

  test('has errors, lacks unprocessed records, and counts billed records', async () => {
    jobs.behaviour.answerOf = ({ recordId }) => {
      if (recordId.endsWith('1')) return { error: { errorCode: 400, errorMessage: 'bad request' } };
      return recordId.endsWith('2') ? undefined : { modelOutput: { usage: { input_tokens: 5, output_tokens: 7 } } };
    };
    const { job, lines, manifest } = await finished({ 'a.jsonl': records(4) });
    expect(job).toMatchObject({ status: 'PartiallyCompleted', processedRecordCount: 3, successRecordCount: 2, errorRecordCount: 1 });
    expect(manifest()).toMatchObject({ totalRecordCount: 4, processedRecordCount: 3, inputTokenCount: 10, outputTokenCount: 14 });
    const { modelInput } = JSON.parse(record(1));
    expect(lines('a.jsonl')).toContainEqual({ modelInput, recordId: 'REC00000001', error: { errorCode: 400, errorMessage: 'bad request' } });
    expect(lines('a.jsonl').length).toBe(3);
    expect([...jobs.billed]).toEqual([0, 3].map((n) => [JSON.stringify(JSON.parse(record(n)).modelInput), 1]));
    await finished({}, { jobName: 'again' });
    expect([...jobs.billed.values()]).toEqual([2, 2]);
  });

  test('of a single file, and of a folder without a slash', async () => {
    const { job, folder } = await finished({ 'a.jsonl': records(2), 'ab.jsonl': records(2) }, {
      inputDataConfig: { s3InputDataConfig: { s3Uri: 's3://bucket/in/a.jsonl' } }, outputDataConfig: { s3OutputDataConfig: { s3Uri: 's3://bucket/out' } },
    });
    expect(job.status).toBe('Completed');
    expect(s3.keys('bucket', folder)).toEqual([`${folder}a.jsonl.out`, `${folder}manifest.json.out`]);
  });

  test('cannot be written: the job fails', async () => {
    s3.denies = (operation) => operation === 'PutObject';
    expect((await finished({ 'a.jsonl': records(2) })).job).toMatchObject({ status: 'Failed', message: expect.stringContaining('AccessDenied') });
  });
});

describe('the input fails', () => {
  const [a, b] = [record(1), record(2)];
  test.each<[string, { readonly [name: string]: string }, object, string]>([
    ['without a file', { 'a.json': a }, {}, 'no .jsonl file'],
    ['with a line that is no JSON', { 'a.jsonl': `${a}\n{` }, {}, 'line 2 of in/a.jsonl'],
    ['with a line that is empty', { 'a.jsonl': `${a}\n\n${b}\n` }, {}, 'line 2 of in/a.jsonl'],
    ['without modelInput', { 'a.jsonl': `${a}\n{"recordId":"REC00000003"}` }, {}, 'line 2'],
    ['with an id twice', { 'a.jsonl': a, 'b.jsonl': a }, {}, 'REC00000001 has been used before'],
    ['with too few records', { 'a.jsonl': a }, {}, 'at least 2'],
    ['with too many records in a file', { 'a.jsonl': `${a}\n${b}` }, { recordsPerFile: 1 }, '2 records in in/a.jsonl; at most 1'],
    ['with too many records', { 'a.jsonl': a, 'b.jsonl': b }, { recordsPerJob: 1 }, '2 records of a job; at most 1'],
    ['with too many bytes in a file', { 'a.jsonl': `${a}\n${b}` }, { bytesPerFile: 100 }, 'bytes in in/a.jsonl; at most 100'],
    ['with too many bytes', { 'a.jsonl': a, 'b.jsonl': b }, { bytesPerJob: 100 }, 'bytes of a job; at most 100'],
  ])('%s', async (_, files, quotas, message) => {
    Object.assign(jobs.behaviour.quotas, quotas);
    const { job, folder } = await finished(files);
    expect(job).toMatchObject({ status: 'Failed', message: expect.stringContaining(message), endTime: new Date(START + 3 * MINUTE) });
    expect(s3.keys('bucket', folder)).toEqual([]);
  });

  test('where it may not be read', async () => {
    s3.denies = (operation) => operation === 'GetObject';
    expect((await finished({ 'a.jsonl': records(2) })).job).toMatchObject({ status: 'Failed', message: expect.stringContaining('cannot be read') });
  });

  test('not for input that Bedrock only advises against, which is recorded', async () => {
    const plain = JSON.stringify({ modelInput: {} });
    const { job } = await finished({ 'a.jsonl': `${plain}\n${JSON.stringify({ recordId: 'short', modelInput: {} })}`, 'notes.txt': 'x' });
    expect(job.status).toBe('Completed');
    expect(jobs.violations).toEqual(['s3://bucket/in/ has in/notes.txt, which is no .jsonl file', 'line 1 of in/a.jsonl: recordId ""', 'line 2 of in/a.jsonl: recordId "short"']);
  });
});

describe('a job ends', () => {
  test.each(['Completed', 'PartiallyCompleted', 'Failed', 'Stopped'] as const)('%s if it is its fate', async (fate) => {
    jobs.behaviour.fateOf = ({ request: { jobName } }) => (jobName === 'nightly-0-0' ? fate : undefined);
    jobs.behaviour.answerOf = ({ recordId }) => (recordId.endsWith('1') ? undefined : { modelOutput: {} });
    const { job, lines } = await finished({ 'a.jsonl': records(2) });
    expect(job).toMatchObject({ status: fate, successRecordCount: 1 });
    expect(typeof job.message).toBe(fate === 'Failed' ? 'string' : 'undefined');
    expect(lines('a.jsonl').map(({ recordId }) => recordId)).toEqual(['REC00000000']);
  });

  test('Expired at its timeout', async () => {
    jobs.behaviour.fateOf = () => 'Expired';
    jobs.behaviour.answerOf = () => undefined;
    const { job } = await finished({ 'a.jsonl': records(2) });
    expect(job.status).toBe('Scheduled');
    now = START + 24 * HOUR;
    expect(await get(job.jobArn!)).toMatchObject({ status: 'Expired', endTime: new Date(now), processedRecordCount: 0, totalRecordCount: 2 });
  });

  test('PartiallyCompleted at its timeout if it has begun, as far as it is', async () => {
    jobs.behaviour.durations.inProgressMs = 100 * HOUR;
    const { job } = await finished({ 'a.jsonl': records(100) });
    now = START + 24 * HOUR;
    expect(await get(job.jobArn!)).toMatchObject({ status: 'PartiallyCompleted', processedRecordCount: 23, totalRecordCount: 100 });
  });

  test('Stopped when it is stopped, and only processed records are billed', async () => {
    s3.put('bucket', 'in/a.jsonl', records(100));
    const { jobArn: jobIdentifier } = await create();
    const stop = () => bedrock.send(new StopModelInvocationJobCommand({ jobIdentifier }));
    now += 8 * MINUTE + 15 * MINUTE;
    await get(jobIdentifier!);
    await stop();
    await stop();
    expect((await get(jobIdentifier!)).status).toBe('Stopping');
    now += MINUTE;
    expect(await get(jobIdentifier!)).toMatchObject({ status: 'Stopped', processedRecordCount: 50, totalRecordCount: 100 });
    expect(jobs.billed.size).toBe(50);
    await expect(stop()).rejects.toThrow(ConflictException);
  });
});

describe('a request is refused', () => {
  test.each<[string, object]>([
    ['jobName', { jobName: 'a b' }], ['jobName', { jobName: 'a'.repeat(64) }], ['jobName', { jobName: undefined }], ['jobName', { jobName: '-a' }],
    ['roleArn', { roleArn: 'batch' }], ['modelId', { modelId: 'arn:aws:bedrock:us-east-1:111111111111:provisioned-model/abcdefghijkl' }],
    ['s3Uri', { inputDataConfig: { s3InputDataConfig: { s3Uri: 'bucket/in' } } }], ['s3Uri', { outputDataConfig: undefined }],
    ['timeoutDurationInHours', { timeoutDurationInHours: 23 }], ['timeoutDurationInHours', { timeoutDurationInHours: 169 }],
    ['modelInvocationType', { modelInvocationType: 'Stream' }], ['clientRequestToken', { clientRequestToken: 'a_b' }],
  ])('for its %s', async (field, more) => {
    const refused = await jobs.call('createModelInvocationJob', request(more)).then(() => undefined, (thrown) => thrown);
    expect(refused).toMatchObject({ code: 'ValidationException', message: expect.stringContaining(field) });
    expect(refused.status).toBe(400);
  });

  test('by the SDK\'s own classes', async () => {
    await expect(create({ jobName: 'a b' })).rejects.toThrow(ValidationException);
    await expect(get('none')).rejects.toThrow(ResourceNotFoundException);
    await create({ clientRequestToken: 'one' });
    await expect(create({ clientRequestToken: 'two' })).rejects.toThrow(ConflictException);
  });

  test('but not the second time with the same token, unless it asks for something else', async () => {
    const first = await create({ clientRequestToken: 'one' });
    const second = await create({ clientRequestToken: 'one' });
    expect(second.jobArn).toBe(first.jobArn);
    await expect(create({ clientRequestToken: 'one', jobName: 'other' })).rejects.toThrow(ConflictException);
    expect(jobs.jobs.length).toBe(1);
  });

  test('while as many jobs of the model as there may be have not ended', async () => {
    jobs.behaviour.quotas.jobsAtATime = 2;
    await create({ jobName: 'a' });
    await create({ jobName: 'b' });
    await expect(create({ jobName: 'c' })).rejects.toThrow(ServiceQuotaExceededException);
    await create({ jobName: 'd', modelId: 'amazon.nova-lite-v1:0' });
    now += ALL;
    await create({ jobName: 'c' });
  });
});

test('a list is filtered, sorted and cut into pages', async () => {
  for (const jobName of ['night-1', 'day-1', 'night-2', 'night-3']) {
    await create({ jobName });
    now += HOUR;
  }
  const list = async (more: ListModelInvocationJobsCommandInput) => {
    const { invocationJobSummaries = [], nextToken } = await bedrock.send(new ListModelInvocationJobsCommand(more));
    return [invocationJobSummaries.map(({ jobName }) => jobName), nextToken];
  };
  expect(await list({ nameContains: 'night' })).toEqual([['night-3', 'night-2', 'night-1'], undefined]);
  expect(await list({ nameContains: 'night', sortOrder: 'Ascending', maxResults: 2 })).toEqual([['night-1', 'night-2'], '2']);
  expect(await list({ nameContains: 'night', sortOrder: 'Ascending', maxResults: 2, nextToken: '2' })).toEqual([['night-3'], undefined]);
  expect(await list({ submitTimeAfter: new Date(START + HOUR), submitTimeBefore: new Date(START + 3 * HOUR) })).toEqual([['night-2'], undefined]);
  expect(await list({ statusEquals: 'Failed' })).toEqual([['night-3', 'night-2', 'day-1', 'night-1'], undefined]);
  expect(await list({ statusEquals: 'Completed' })).toEqual([[], undefined]);
});

test('a job may have fifty thousand records, in several files', async () => {
  const { job } = await finished({ 'a.jsonl': records(25_000), 'b.jsonl': records(25_000, 25_000) });
  expect(job).toMatchObject({ status: 'Completed', successRecordCount: 50_000 });
});
