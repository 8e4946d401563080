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

/** The maximum bytes of parts and their output in memory. A larger part is settled alone. */
const BYTES_AT_A_TIME = 200 * 1024 * 1024;
const MOST_PARTS_AT_A_TIME = 20;

/** The maximum number of rounds that names have room for. Records for which no time is left on demand are not failures. */
const MOST_ROUNDS = 9;

/** Sorts the records of a job into results, records to run again, and dead letters. */
export async function collect(services: BatchServices, { settings, run, job, end, isLast }: CollectCall): Promise<void> {
  const store = services.store(settings.output.bucket);
  const folder = new RunFolder(run.folder);
  const outputs = await outputsOf(store, folder, job, end);
  const manifest = outputs.has(MANIFEST) ? await store.readJson<Manifest>(outputs.get(MANIFEST)!.key) : undefined;
  const processed = processedOf(end, manifest);
  const isLost = isLast && processed > await linesOf(store, job, outputs);
  const without = isLost ? OUTPUT_LOST : withoutOutput(end);
  // A restarted execution, or a call that continues after its timeout, must not remove results of later rounds.
  const isRepeated = await store.find(folder.jobs(job.round + 1)) !== undefined;
  const settled = await mapInPool(job.parts, partsAtATime(job, outputs), async ({ id }) => settlePart(store, folder, {
    id, round: job.round, isRepeated, answers: await readOutput(store, outputs, id), mayTryAgain: mayTryAgain(settings, job), without,
  }));
  const missing = processed - total(settled, 'answers');
  if (missing > 0 && !isLast) throw incomplete(`the job has processed ${missing} more records than its output has lines`);
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

/** The output files of a job, by their names. The job writes them into a folder named by its id. */
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

/** The number of parts to settle at a time. Each is in memory as its input, its output and its results, which are at most as large. */
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

/** The number of processed records by the job's own count. If the output has fewer lines, some are late or lost. */
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
 * The tokens of a job: the sum over its results, or the job's own count if it is higher, since failed records may be billed.
 * Undefined if a result has no token counts and the job has none either.
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
