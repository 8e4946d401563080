import { randomUUID } from 'node:crypto';
import type { ConverseCommandInput } from '@aws-sdk/client-bedrock-runtime';
import { BatchSettings, InvokeCall, JobEnd } from './contract';
import { idOfRecord, linesIn, modelInputOf } from './part-lines';
import { RunFolder } from './run-folder';
import { BatchServices } from './services';
import { statusOf, Store } from './store';
import { ANSWER_LOST } from './verdict';
import { mapInPool } from '../shared/pool';

/** The number of concurrent requests. The records are few, and models throttle many concurrent requests. */
const INVOCATIONS_AT_A_TIME = 5;
/** The maximum time of an answer, since a model may take minutes. Records that cannot be started before that are left to the next round. */
const LONGEST_ANSWER_MS = 150_000;

/** The placeholder of an answer. */
const ASKED = 'asked ';

const THROTTLED = 429;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 60_000;

/** The id of the folder of on-demand answers, instead of a job's id. */
const FOLDER_ID = 'on-demand';

/**
 * Runs records on demand that are too few for a job, and writes the same output as a job.
 *
 * The start of a record is stored before its request, and its answer immediately after it, so that a repeated call requests no
 * record twice.
 */
export async function invoke(services: BatchServices, { settings, run, job }: InvokeCall): Promise<JobEnd> {
  const store = services.store(settings.output.bucket);
  const folder = new RunFolder(run.folder);
  for (const { id } of job.parts) {
    const records = [...linesIn((await store.read(folder.part(job.round, id)))!)];
    const answers = await mapInPool(records, INVOCATIONS_AT_A_TIME, async (record) => {
      const key = folder.answer(job.round, job.index, idOfRecord(record));
      return services.timeLeft() < LONGEST_ANSWER_MS ? undefined : answerOnce(services, store, settings, key, record);
    });
    const lines = answers.filter((answer) => answer !== undefined);
    await store.write(`${folder.jobOutput(job.round, job.index)}${FOLDER_ID}/${id}.jsonl.out`, lines.map((line) => `${line}\n`).join(''));
  }
  return { Status: 'Completed', JobArn: FOLDER_ID };
}

async function answerOnce(services: BatchServices, store: Store, settings: BatchSettings, key: string, record: Buffer): Promise<string> {
  const mark = ASKED + randomUUID();
  const known = await store.writeNew(key, mark) ? mark : (await store.read(key))!.toString();
  // The object may be the mark of this call, if the reply to its write was lost.
  if (known !== mark) return known.startsWith(ASKED) ? outputLine(record, { error: LOST }) : known;
  const answer = outputLine(record, await askPatiently(services, settings, record));
  await store.write(key, answer);
  return answer;
}

const LOST = { errorCode: ANSWER_LOST, errorMessage: 'the function ended before it had the answer, which may have been billed' };

type Answer = { readonly modelOutput: unknown } | { readonly error: { readonly errorCode: number | string; readonly errorMessage: string } };

function outputLine(record: Buffer, answer: Answer): string {
  const rest = JSON.stringify(answer).slice(1, -1);
  return `{"modelInput":${modelInputOf(record).toString()},${rest},"recordId":"${idOfRecord(record)}"}`;
}

/** Repeats throttled requests, which are not billed, with increasing waits while time is left. */
async function askPatiently(services: BatchServices, settings: BatchSettings, record: Buffer): Promise<Answer> {
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(2 * pause, LONGEST_PAUSE_MS)) {
    const answer = await ask(services, settings, record);
    const isThrottled = 'error' in answer && answer.error.errorCode === THROTTLED;
    if (!isThrottled || services.timeLeft() < LONGEST_ANSWER_MS + pause) return answer;
    // The waits are random, since simultaneous requests would be throttled again.
    await services.wait(pause * (0.5 + Math.random()));
  }
}

async function ask({ runtime }: BatchServices, { modelId, invocationType }: BatchSettings, record: Buffer): Promise<Answer> {
  try {
    if (invocationType === 'Converse') {
      const request = JSON.parse(modelInputOf(record).toString()) as ConverseCommandInput;
      const { $metadata: _, ...modelOutput } = await runtime.converse({ ...request, modelId });
      return { modelOutput };
    }
    const { body } = await runtime.invokeModel({ modelId, contentType: 'application/json', accept: 'application/json', body: modelInputOf(record) });
    return { modelOutput: JSON.parse(body.transformToString()) };
  } catch (e) {
    const { name, message } = e as Error;
    // Without a response it is not known whether the model has processed the request.
    return { error: { errorCode: statusOf(e) ?? ANSWER_LOST, errorMessage: `${name}: ${message}` } };
  }
}
