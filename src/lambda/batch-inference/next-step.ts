import { BatchSettings, Job, JobPart, NextAnswer, Run } from './contract';
import { jobsOf } from './jobs';
import { joinedFiles } from './joined-files';
import { RunFolder } from './run-folder';
import { Store, StoredObject } from './store';

/** Lists the jobs of a round for the state machine to run. */
export async function runRound(
  store: Store, settings: BatchSettings, run: Run, round: number, parts: readonly JobPart[], how: Job['how'],
): Promise<NextAnswer> {
  const folder = new RunFolder(run.folder);
  const jobs = jobsOf(settings, run, round, parts, how);
  await Promise.all([store.writeJson(folder.jobs(round), jobs), store.writeJson(folder.jobsToRun(round), jobs)]);
  return { decision: 'run', round, repeats: 0 };
}

/** Lists what is to be joined, when there is nothing left to run. */
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
