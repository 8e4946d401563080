import { BatchSettings, Job, JobPart, JoinedFile, NextAnswer, Run } from './contract';
import { packJobs } from './pack-jobs';
import { RunFolder } from './run-folder';
import { Store, StoredObject } from './store';
import { hash } from '../shared/hash';

/** The digits of an index in a job name. Jobs are found by a part of their names, so no name may be a prefix of another. */
const INDEX_DIGITS = 5;
/** The maximum bytes of an output file, which one call of a function can join. */
const JOINED_BYTES = 1024 * 1024 * 1024;

/** Lists the jobs of a round for the state machine to run. */
export async function runRound(
  store: Store, settings: BatchSettings, run: Run, round: number, parts: readonly JobPart[], how: Job['how'],
): Promise<NextAnswer> {
  const folder = new RunFolder(run.folder);
  const jobs = jobsOf(settings, run, round, parts, how);
  await Promise.all([store.writeJson(folder.jobs(round), jobs), store.writeJson(folder.jobsToRun(round), jobs)]);
  return { decision: 'run', round, repeats: 0 };
}

/** Lists the output files to join, after the last round. */
export async function joinAll(store: Store, run: Run, round: number): Promise<NextAnswer> {
  const folder = new RunFolder(run.folder);
  const [results, deadLetters] = await Promise.all([listed(store, folder.results), listed(store, folder.deadLetters)]);
  const files = [...joinedFiles('results', results), ...joinedFiles('dead-letters', deadLetters)];
  await store.writeJson(folder.joins, files);
  return { decision: files.length > 0 ? 'join' : 'summarize', round, repeats: 0 };
}

async function listed(store: Store, prefix: string): Promise<StoredObject[]> {
  const objects: StoredObject[] = [];
  for await (const object of store.list(prefix)) objects.push(object);
  return objects;
}

/** The jobs of a round. Their names and tokens depend only on their content, so that a repeated call creates no second job. */
export function jobsOf(settings: BatchSettings, run: Run, round: number, parts: readonly JobPart[], how: Job['how']): Job[] {
  const folder = new RunFolder(run.folder);
  const packed = how === 'on-demand' ? [parts] : packJobs(parts, settings.quotas);
  const uri = (key: string) => `s3://${settings.output.bucket}/${key}`;
  return packed.map((ofJob, index) => ({
    index,
    how,
    round,
    name: `${settings.jobNamePrefix}-${hash(run.id).slice(0, 12)}-${round}-${String(index).padStart(INDEX_DIGITS, '0')}`,
    token: hash(JSON.stringify([settings.resource, run.id, round, index, ofJob])),
    inputUri: uri(folder.jobInput(round, index)),
    outputUri: uri(folder.jobOutput(round, index)),
    // Other fields of a part are left out, since the input of a state is limited.
    parts: ofJob.map(({ id, records, bytes }) => ({ id, records, bytes })),
  }));
}

/** Divides the parts of one folder, in order, into output files: `results-00000.jsonl` and so on. */
export function joinedFiles(kind: JoinedFile['kind'], stored: readonly { readonly key: string; readonly size: number }[], largest = JOINED_BYTES): JoinedFile[] {
  const files: { first: string; last: string; bytes: number }[] = [];
  for (const { key, size } of stored) {
    const file = files.at(-1);
    if (file && file.bytes + size <= largest) Object.assign(file, { last: key, bytes: file.bytes + size });
    else files.push({ first: key, last: key, bytes: size });
  }
  return files.map(({ first, last }, i) => ({ kind, name: `${kind}-${String(i).padStart(5, '0')}.jsonl`, first, last }));
}
