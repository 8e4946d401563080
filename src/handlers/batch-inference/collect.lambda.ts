import { addCounts, JobOutcome } from './outcomes';
import { addTokens } from './run-cost';
import { RunFolder } from './run-folder';
import { BatchServices } from './services.lambda';
import { SettledPart, settlePart } from './settle-part.lambda';
import { Store } from './store.lambda';
import { NOT_SUBMITTED, withoutOutput } from './verdict';
import { CollectCall, Job, JobEnd, TokenCounts } from '../batch-inference.contract';
import { mapInPool } from '../pool';

/** How much of parts is in memory at a time: each once as it was, and once with its results. */
const BYTES_AT_A_TIME = 64 * 1024 * 1024;
const PARTS_AT_A_TIME = { least: 2, most: 20 };

/** Sorts what a job has left: results, records to run again, dead letters. */
export async function collect(services: BatchServices, { settings, run, job, end }: CollectCall): Promise<void> {
  const store = services.store(settings.output.bucket);
  const folder = new RunFolder(run.folder);
  const outputs = await outputsOf(store, folder, job, end);
  const settled = await mapInPool(job.parts, partsAtATime(job), ({ id }) => settlePart(store, folder, {
    id,
    round: job.round,
    output: outputs.get(`${id}.jsonl.out`),
    mayTryAgain: job.round + 1 < settings.maxAttempts,
    without: withoutOutput(end),
  }));
  const outcome: JobOutcome = {
    how: job.how,
    status: end.Status ?? NOT_SUBMITTED,
    succeeded: total(settled, 'succeeded'),
    deadLetters: total(settled, 'deadLetters'),
    errors: addCounts(settled.map(({ errors }) => errors)),
    again: settled.flatMap(({ again }) => again ?? []),
    tokens: await tokensOf(store, settled, outputs.get('manifest.json.out')),
  };
  await store.writeJson(folder.jobOutcome(job.round, job.index), outcome);
}

function total(settled: readonly SettledPart[], field: 'succeeded' | 'deadLetters' | 'withoutFigures'): number {
  return settled.reduce((sum, part) => sum + part[field], 0);
}

function partsAtATime({ parts }: Job): number {
  const largest = Math.max(1, ...parts.map(({ bytes }) => bytes));
  return Math.max(PARTS_AT_A_TIME.least, Math.min(PARTS_AT_A_TIME.most, Math.floor(BYTES_AT_A_TIME / largest)));
}

/** The files that a job wrote into the folder that has its id, by their names. */
async function outputsOf(store: Store, folder: RunFolder, job: Job, { JobArn: arn }: JobEnd): Promise<Map<string, string>> {
  const outputs = new Map<string, string>();
  if (arn === undefined) return outputs;
  const place = `${folder.jobOutput(job.round, job.index)}${arn.split('/').at(-1)}/`;
  for await (const { key } of store.list(place)) outputs.set(key.split('/').at(-1)!, key);
  return outputs;
}

/** What the results say themselves; where some do not, what the job has counted; unknown where it has not counted either. */
async function tokensOf(store: Store, settled: readonly SettledPart[], manifestKey: string | undefined): Promise<TokenCounts | undefined> {
  if (total(settled, 'withoutFigures') === 0) return addTokens(settled.map(({ tokens }) => tokens));
  if (manifestKey === undefined) return undefined;
  const { inputTokenCount: input, outputTokenCount: output } = await store.readJson<Manifest>(manifestKey) ?? {};
  return isCount(input) && isCount(output) ? { input, output } : undefined;
}

interface Manifest {
  readonly inputTokenCount?: unknown;
  readonly outputTokenCount?: unknown;
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}
