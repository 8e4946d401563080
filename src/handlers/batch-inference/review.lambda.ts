import { joinAll, runRound } from './next-step.lambda';
import { addCounts, JobOutcome, PartAgain } from './outcomes';
import { recordsOf } from './pack-jobs';
import { howToRun } from './preflight';
import { RunFolder } from './run-folder';
import { BatchServices } from './services.lambda';
import { settlePart } from './settle-part.lambda';
import { AT_A_TIME, Store } from './store.lambda';
import { NOT_SUBMITTED } from './verdict';
import { Job, NextAnswer, ReviewCall, TOO_FEW_RECORDS } from '../batch-inference.contract';
import { mapInPool } from '../pool';

/** After a round: what failed and may do better is run again, alone. */
export async function review(services: BatchServices, { settings, run, round }: ReviewCall): Promise<NextAnswer> {
  const store = services.store(settings.output.bucket);
  const folder = new RunFolder(run.folder);
  const jobs = await store.readExisting<Job[]>(folder.jobs(round));
  const outcomes = await store.readAll<JobOutcome>(jobs.map(({ index }) => folder.jobOutcome(round, index)));
  const again = outcomes.flatMap((outcome) => outcome.again);
  const records = recordsOf(again);
  if (records === 0) return joinAll(store, run, round);
  const how = howToRun(settings, records);
  if (how === 'on-demand' || records >= settings.quotas.minimumRecordsPerJob) return runRound(store, settings, run, round + 1, again, how);
  await store.writeJson(folder.leftOver(round), await giveUp(store, folder, round + 1, again, settings.quotas.minimumRecordsPerJob));
  return joinAll(store, run, round);
}

/** What is too little for another job has no other way to go. */
async function giveUp(store: Store, folder: RunFolder, round: number, parts: readonly PartAgain[], minimum: number): Promise<JobOutcome> {
  const reason = `${recordsOf(parts)} records failed and are too few for another job, which takes ${minimum} or more: `
    + 'SmallRuns.ON_DEMAND would run them on demand';
  const settled = await mapInPool(parts, AT_A_TIME, ({ id }) => settlePart(store, folder, {
    id, round, mayTryAgain: false, without: { succeeded: false, again: false, letter: { kind: TOO_FEW_RECORDS, reason } },
  }));
  return {
    how: 'batch',
    status: NOT_SUBMITTED,
    succeeded: 0,
    deadLetters: recordsOf(parts),
    errors: addCounts(settled.map(({ errors }) => errors)),
    again: [],
    tokens: { input: 0, output: 0 },
  };
}
