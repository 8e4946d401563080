import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { ModelInvocationJobSummary } from '@aws-sdk/client-bedrock';
import { BUSY, DEAD_LETTERS, FILES, idOf, lineOf, Model, ModelInput, ON_DEMAND_MILLIONTHS, RECORDS, REFUSED, SUMMARY } from './batch/records';
import { BatchScene, QUESTIONS } from './batch/scene';
import { Environment } from './environment';
import { RunSummary } from '../../src/lambda/batch-inference/contract';
import { Checks, emptyFolder, installPacked, ROOT } from '../../tools/staging';
import { BatchBehaviour } from '../fakes/bedrock/jobs/behaviour';

/** The quotas of test/e2e/apps/batch/app.js. */
const QUOTAS = { recordsPerJob: 20, recordsPerFile: 10, jobsAtATime: 2 };

/** Deployed batch inference: jobs within the quotas, each record once and in order, the cost, and no record billed twice. */
export async function batchInference(environment: Environment, checks: InstanceType<typeof Checks>): Promise<void> {
  console.log('\ntest/e2e/batch');
  const app = emptyFolder('e2e-batch/app');
  cpSync(join(ROOT, 'test', 'e2e', 'apps', 'batch'), app, { recursive: true });
  installPacked(app);
  const scene = new BatchScene(environment, checks);
  asAwsWould(environment.bedrock.batch.behaviour);
  if (!scene.check('cdk deploy', await environment.cli.deploy(app), environment.cli.last)) return;
  for (const [key, body] of Object.entries(FILES)) await scene.put(key, body);
  await everythingIsRun(scene);
  await isNotRunTwice(scene);
  await nothingIsThere(scene);
  await tooDearIsRefused(scene);
  await fewRunOnDemand(scene);
  await arrivalsAreRun(scene);
  scene.check('cdk destroy', await environment.cli.destroy(app), environment.cli.last);
}

/** Lets jobs take some seconds, within the quotas of the app, with the answers of the model. */
function asAwsWould(behaviour: BatchBehaviour): void {
  const model = new Model();
  behaviour.answerOf = ({ modelInput }) => model.answer(modelInput as ModelInput);
  Object.assign(behaviour.quotas, { ...QUOTAS, bytesPerJob: 2_000_000, bytesPerFile: 1_000_000, minimumRecords: 4 });
  Object.assign(behaviour.durations, { submittedMs: 200, validatingMs: 200, scheduledMs: 200, inProgressMs: 1_000, stoppingMs: 200 });
}

async function everythingIsRun(scene: BatchScene): Promise<void> {
  const { faults } = scene.environment.bedrock;
  // The answer for one job is lost, and another job is listed late.
  faults.next('CreateModelInvocationJob', { error: 'InternalServerException', afterwards: true });
  faults.next('GetModelInvocationJob', { error: 'ThrottlingException' });
  const execution = await scene.run({ requestId: 'monday' });
  scene.check('an execution runs all files of the folder', execution.status === 'SUCCEEDED', `${execution.error}: ${execution.cause}`);
  const [key] = await scene.summaries();
  if (!scene.check('it has left a summary', key !== undefined, (await scene.keys()).join('\n'))) return;
  const { run, results, deadLetterFiles, ...summary }: RunSummary = JSON.parse(await scene.read(key));
  const errors = Object.fromEntries(Object.entries(summary.errors).sort());
  const counted = Object.keys(SUMMARY).map((field) => [field, summary[field as keyof typeof SUMMARY]]);
  scene.same('with counts and cost as by hand', { ...Object.fromEntries(counted), errors }, SUMMARY);
  scene.same('and the files of the run', [...results, ...deadLetterFiles], ['results', 'dead-letters'].map((kind) => `out/${run}/${kind}-00000.jsonl`));
  await recordsAreThere(scene, results, deadLetterFiles);
  await jobsAreWithinQuotas(scene);
  scene.check('though AWS failed in between', faults.left === 0);
}

async function recordsAreThere(scene: BatchScene, results: readonly string[], deadLetterFiles: readonly string[]): Promise<void> {
  const answered = await scene.lines(results);
  const wanted = Array.from({ length: RECORDS }, (_, record) => record).filter((record) => !REFUSED.includes(record));
  scene.same('each record has its own id, once, in the order of the input', answered.map(({ recordId }) => recordId), wanted.map(idOf));
  scene.same('and its own answer', answered.map(({ modelOutput }) => modelOutput?.output?.message?.content?.[0]?.text), wanted.map((record) => `answer ${record}`));
  const letters = await scene.lines(deadLetterFiles);
  scene.same('the dead letters say where each one stands, and why', letters.map(({ source, error }) => `${source.key} ${source.line} ${error.kind}`).sort(), DEAD_LETTERS);
  scene.same('and hold the records', letters.flatMap(({ record }) => record?.recordId ?? []).sort(), REFUSED.map(idOf).sort());
}

async function jobsAreWithinQuotas(scene: BatchScene): Promise<void> {
  const jobs = await scene.jobs();
  const submissions = scene.submissions();
  const tokens = new Set(submissions.map(({ body }) => body.clientRequestToken));
  scene.same('each job was asked for with a token of its own, one of them twice, and made once',
    [jobs.length, tokens.size, submissions.length], [SUMMARY.jobs, SUMMARY.jobs, SUMMARY.jobs + 1]);
  scene.same(`${QUOTAS.jobsAtATime} at a time`, mostAtATime(jobs), QUOTAS.jobsAtATime);
  const folders = [...new Set(submissions.map(({ body }) => `${body.inputDataConfig.s3InputDataConfig.s3Uri}`))];
  const sizes = await Promise.all(folders.map((uri) => recordsOfFiles(scene, uri)));
  const sums = sizes.map((files) => files.reduce((sum, records) => sum + records, 0));
  scene.same('as full as the quotas allow', sums.sort((a, b) => b - a), [20, 20, 10, BUSY.length]);
  scene.check('also in each file', Math.max(...sizes.flat()) <= QUOTAS.recordsPerFile, JSON.stringify(sizes));
}

async function recordsOfFiles(scene: BatchScene, uri: string): Promise<number[]> {
  const [, prefix] = /^s3:\/\/[^/]+\/(.*)$/.exec(uri)!;
  return Promise.all((await scene.keys(prefix)).map(async (key) => (await scene.lines([key])).length));
}

/** The maximum number of concurrent jobs. */
function mostAtATime(jobs: readonly ModelInvocationJobSummary[]): number {
  const isUnderWay = ({ submitTime, endTime }: ModelInvocationJobSummary, at: Date) => submitTime! <= at && (endTime === undefined || at < endTime);
  return Math.max(0, ...jobs.map(({ submitTime: at }) => jobs.filter((job) => isUnderWay(job, at!)).length));
}

/** EventBridge delivers at least once. */
async function isNotRunTwice(scene: BatchScene): Promise<void> {
  const before = [await scene.summaries(), scene.submissions().length];
  const { status, error, cause } = await scene.run({ requestId: 'monday' });
  scene.check('a second execution for the same request succeeds', status === 'SUCCEEDED', `${error}: ${cause}`);
  scene.same('and runs nothing', [await scene.summaries(), scene.submissions().length], before);
}

async function nothingIsThere(scene: BatchScene): Promise<void> {
  const before = scene.submissions().length;
  const { status, error, cause } = await scene.run({ inputPrefix: 'in/empty/' });
  scene.check('of a folder without files a run succeeds', status === 'SUCCEEDED', `${error}: ${cause}`);
  scene.same('without a job', scene.submissions().length, before);
}

/** Four records of 50,000 words, in batch at $0.40 per million tokens: $0.08 or more, of at most $0.05. */
async function tooDearIsRefused(scene: BatchScene): Promise<void> {
  const before = scene.submissions().length;
  await scene.put('in/dear.jsonl', Array.from({ length: 4 }, (_, i) => lineOf(`dear-${i}`, 'word '.repeat(50_000))).join(''));
  const { status, error, cause } = await scene.run({ inputKey: 'in/dear.jsonl' });
  scene.check('what would cost more than the limit is refused', status === 'FAILED' && error === 'CostLimitExceeded' && /\$0\.05/.test(cause), `${status} ${error}: ${cause}`);
  scene.same('before anything is submitted', scene.submissions().length, before);
}

async function fewRunOnDemand(scene: BatchScene): Promise<void> {
  const before = [await scene.summaries(), scene.submissions().length] as const;
  await scene.put('in/few/two.jsonl', `${lineOf('second', 'record 2')}${lineOf('third', 'record 3')}`);
  const { status, error, cause } = await scene.run({ inputPrefix: 'in/few/' });
  scene.check('records that are too few for a job are run', status === 'SUCCEEDED', `${error}: ${cause}`);
  scene.same('on demand', scene.submissions().length, before[1]);
  const key = (await scene.summaries()).find((one) => !before[0].includes(one));
  if (!scene.check('with a summary of their own', key !== undefined)) return;
  const { succeeded, jobs, tokens, costUsd, results }: RunSummary = JSON.parse(await scene.read(key!));
  const answered = await scene.lines(results);
  scene.same('with their results', answered.map(({ recordId }) => recordId), ['second', 'third']);
  const usage = answered.map(({ modelOutput }) => modelOutput.usage);
  const used = { input: total(usage.map(({ inputTokens }) => inputTokens)), output: total(usage.map(({ outputTokens }) => outputTokens)) };
  const millionths = used.input * ON_DEMAND_MILLIONTHS.input + used.output * ON_DEMAND_MILLIONTHS.output;
  scene.same('at the price on demand', { succeeded, jobs, tokens, costMillionths: Math.round(Number(costUsd) * 1e7) / 10 },
    { succeeded: 2, jobs: 0, tokens: used, costMillionths: Math.round(millionths * 10) / 10 });
}

/** S3 sends an event to EventBridge, and a rule starts the state machine with the key. */
async function arrivalsAreRun(scene: BatchScene): Promise<void> {
  await scene.put('elsewhere/a.csv', 'prompt\nnot to be run\n', QUESTIONS);
  await scene.put('questions/a.csv', 'recordId,prompt\nq1,record 2\nq2,"record 3"\nq3,\nq4,record 4\nq5,record 6\n', QUESTIONS);
  const summaries = await scene.untilSummaries('answers/', 1);
  if (!scene.check('a CSV file that arrives is run, and no other', summaries.length === 1, (await scene.keys('answers/')).join('\n'))) return;
  const { records, succeeded, errors, results }: RunSummary = JSON.parse(await scene.read(summaries[0]));
  scene.same('with a record for each prompt, and none for a row without', { records, succeeded, errors }, { records: 5, succeeded: 4, errors: { InvalidRecord: 1 } });
  const answered = await scene.lines(results);
  scene.same('in their order', answered.map(({ recordId, modelInput }) => [recordId, modelInput.messages[0].content[0].text]), [
    ['q1', 'record 2'], ['q2', 'record 3'], ['q4', 'record 4'], ['q5', 'record 6'],
  ]);
}

function total(counts: readonly number[]): number {
  return counts.reduce((sum, count) => sum + count, 0);
}
