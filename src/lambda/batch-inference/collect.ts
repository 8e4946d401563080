import { BatchSettings, CollectCall, Job, JobEnd, OUTPUT_INCOMPLETE, TokenCounts } from './contract';
import { addCounts, JobOutcome } from './outcomes';
import { linesIn } from './part-lines';
import { addTokens } from './run-cost';
import { RunFolder } from './run-folder';
import { BatchServices } from './services';
import { PartToSettle, SettledPart, settlePart } from './settle-part';
import { Store, StoredObject } from './store';
import { NOT_SUBMITTED, OUTPUT_LOST, withoutOutput } from './verdict';
import { mapInPool } from '../shared/pool';

/** The bytes of parts and their output in memory at a time; a part that is larger by itself is settled alone. */
const BYTES_AT_A_TIME = 200 * 1024 * 1024;
const MOST_PARTS_AT_A_TIME = 20;

/** The largest number of rounds, for which a name has room. Records that time does not allow on demand are no failures. */
const MOST_ROUNDS = 9;

/** Sorts what a job has left: results, records to run again, dead letters. */
export async function collect(services: BatchServices, { settings, run, job, end, isLast }: CollectCall): Promise<void> {
  const store = services.store(settings.output.bucket);
  const folder = new RunFolder(run.folder);
  const outputs = await outputsOf(store, folder, job, end);
  const manifest = outputs.has(MANIFEST) ? await store.readJson<Manifest>(outputs.get(MANIFEST)!.key) : undefined;
  const processed = processedOf(end, manifest);
  const isLost = isLast && processed > await linesOf(store, job, outputs);
  const without = isLost ? OUTPUT_LOST : withoutOutput(end);
  // An execution that is begun again, or a call that was given up and goes on, must not take away what later rounds have added.
  const isRepeated = await store.find(folder.jobs(job.round + 1)) !== undefined;
  const settled = await mapInPool(job.parts, partsAtATime(job, outputs), async ({ id }) => settlePart(store, folder, {
    id, round: job.round, isRepeated, answers: await readOutput(store, outputs, id), mayTryAgain: mayTryAgain(settings, job), without,
  }));
  const missing = processed - total(settled, 'answers');
  if (missing > 0 && !isLast) throw incomplete(`the job has processed ${missing} records more than its output has lines`);
  const outcome: JobOutcome = {
    how: job.how,
    status: end.Status ?? NOT_SUBMITTED,
    succeeded: total(settled, 'succeeded'),
    deadLetters: total(settled, 'deadLetters'),
    errors: addCounts(settled.map(({ errors }) => errors)),
    again: settled.flatMap(({ again }) => again ?? []),
    tokens: tokensOf(settled, manifest),
  };
  await store.writeJson(folder.jobOutcome(job.round, job.index), outcome);
}

function total(settled: readonly SettledPart[], field: 'succeeded' | 'deadLetters' | 'withoutFigures' | 'answers'): number {
  return settled.reduce((sum, part) => sum + part[field], 0);
}

type Outputs = ReadonlyMap<string, StoredObject>;
const MANIFEST = 'manifest.json.out';

/** The files that a job wrote into the folder that has its id, by their names. */
async function outputsOf(store: Store, folder: RunFolder, job: Job, { JobArn: arn }: JobEnd): Promise<Outputs> {
  const outputs = new Map<string, StoredObject>();
  if (arn === undefined) return outputs;
  const place = `${folder.jobOutput(job.round, job.index)}${arn.split('/').at(-1)}/`;
  for await (const object of store.list(place)) outputs.set(object.key.split('/').at(-1)!, object);
  return outputs;
}

function nameOf(part: string): string {
  return `${part}.jsonl.out`;
}

async function readOutput(store: Store, outputs: Outputs, part: string): Promise<Buffer | undefined> {
  const output = outputs.get(nameOf(part));
  return output && store.read(output.key);
}

/** A part is there as it was, as what the job wrote for it, and as what is made of that; earlier results are no larger than these. */
function partsAtATime({ parts }: Job, outputs: Outputs): number {
  const largest = Math.max(1, ...parts.map(({ id, bytes }) => bytes + 3 * (outputs.get(nameOf(id))?.size ?? 0)));
  return Math.max(1, Math.min(MOST_PARTS_AT_A_TIME, Math.floor(BYTES_AT_A_TIME / largest)));
}

async function linesOf(store: Store, job: Job, outputs: Outputs): Promise<number> {
  const lines = await mapInPool(job.parts, partsAtATime(job, outputs), async ({ id }) => {
    const output = await readOutput(store, outputs, id);
    return output ? [...linesIn(output)].length : 0;
  });
  return lines.reduce((sum, count) => sum + count, 0);
}

/** The number of records that the job has processed, by its own count: there are as many lines, or some come late, or are lost. */
function processedOf(end: JobEnd, manifest: Manifest | undefined): number {
  const { ProcessedRecordCount: processed, SuccessRecordCount: succeeded, ErrorRecordCount: failed } = end;
  if (isCount(succeeded) && isCount(failed)) return succeeded + failed;
  if (isCount(processed)) return processed;
  return isCount(manifest?.processedRecordCount) ? manifest.processedRecordCount : 0;
}

function incomplete(message: string): Error {
  return Object.assign(new Error(message), { name: OUTPUT_INCOMPLETE });
}

function mayTryAgain({ maxAttempts }: BatchSettings, { how, round }: Job): PartToSettle['mayTryAgain'] {
  const answered = round + 1 < maxAttempts;
  return { answered, unanswered: how === 'on-demand' ? round + 1 < MOST_ROUNDS : answered };
}

interface Manifest {
  readonly processedRecordCount?: unknown;
  readonly inputTokenCount?: unknown;
  readonly outputTokenCount?: unknown;
}

/**
 * What the results say themselves, or what the job has counted, whichever is more: it may have been billed for records that
 * failed. Unknown where results do not tell and the job has not counted.
 */
function tokensOf(settled: readonly SettledPart[], manifest: Manifest | undefined): TokenCounts | undefined {
  const figures = addTokens(settled.map(({ tokens }) => tokens));
  const { inputTokenCount: input, outputTokenCount: output } = manifest ?? {};
  if (isCount(input) && isCount(output)) return { input: Math.max(input, figures.input), output: Math.max(output, figures.output) };
  return total(settled, 'withoutFigures') === 0 ? figures : undefined;
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}
