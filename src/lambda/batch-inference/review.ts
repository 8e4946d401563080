import { Job, JOBS_NOT_COLLECTED, NextAnswer, ReviewCall, TOO_FEW_RECORDS } from './contract';
import { joinAll, runRound } from './next-step';
import { addCounts, JobOutcome, PartAgain } from './outcomes';
import { recordsOf } from './pack-jobs';
import { howToRun } from './preflight';
import { RunFolder } from './run-folder';
import { BatchServices } from './services';
import { settlePart } from './settle-part';
import { AT_A_TIME, Store } from './store';
import { NOT_SUBMITTED } from './verdict';
import { Limit } from '../../aws/limits';
import { mapInPool } from '../shared/pool';

/** The maximum number of times that jobs of a round are run again after their states were interrupted. */
const MOST_REPEATS = 3;
/** The maximum length of a cause, in characters, with room for characters of several bytes. */
const LONGEST_CAUSE = Limit.EXECUTION_CAUSE - 768;

/** Plans the next round: failed records that a retry may resolve are run again. */
export async function review(services: BatchServices, { settings, run, round, repeats }: ReviewCall): Promise<NextAnswer> {
  const store = services.store(settings.output.bucket);
  const folder = new RunFolder(run.folder);
  const jobs = await store.readExisting<Job[]>(folder.jobs(round));
  const all = await mapInPool(jobs, AT_A_TIME, async (job) => (
    { job, outcome: await store.readJson<JobOutcome>(folder.jobOutcome(round, job.index)) }));
  const open = all.filter(({ outcome }) => outcome === undefined).map(({ job }) => job);
  if (open.length > 0) return collectAgain(store, folder, round, repeats, open);
  const outcomes = all.flatMap(({ outcome }) => outcome ?? []);
  const again = outcomes.flatMap((outcome) => outcome.again);
  const records = recordsOf(again);
  if (records === 0) return joinAll(store, run, round);
  const how = howToRun(settings, records);
  if (how === 'on-demand' || records >= settings.quotas.minimumRecordsPerJob) return runRound(store, settings, run, round + 1, again, how);
  await store.writeJson(folder.leftOver(round), await giveUp(store, folder, round + 1, again, settings.quotas.minimumRecordsPerJob));
  return joinAll(store, run, round);
}

/**
 * Finds jobs whose states were interrupted, and collects their output, since they may have succeeded. No job is created again before
 * that.
 */
async function collectAgain(
  store: Store, folder: RunFolder, round: number, repeats: number, open: readonly Job[],
): Promise<NextAnswer> {
  if (repeats === MOST_REPEATS) {
    const cause = `The output of ${open.map(({ name }) => name).join(', ')} could not be collected. Check these jobs, then redrive the execution.`;
    return { decision: 'refuse', round, repeats, error: JOBS_NOT_COLLECTED, cause: cause.slice(0, LONGEST_CAUSE) };
  }
  await store.writeJson(folder.jobsToRun(round), open.map((job): Job => (job.how === 'batch' ? { ...job, how: 'again' } : job)));
  return { decision: 'run', round, repeats: repeats + 1 };
}

const NO_MORE = { answered: false, unanswered: false };

/** Records that are too few for another job end as dead letters. */
async function giveUp(store: Store, folder: RunFolder, round: number, parts: readonly PartAgain[], minimum: number): Promise<JobOutcome> {
  const reason = `${recordsOf(parts)} records failed, and another job needs at least ${minimum}. `
    + 'Set smallRuns to SmallRuns.ON_DEMAND to run them on demand.';
  const settled = await mapInPool(parts, AT_A_TIME, ({ id }) => settlePart(store, folder, {
    id, round, mayTryAgain: NO_MORE, without: { succeeded: false, again: false, letter: { kind: TOO_FEW_RECORDS, reason } },
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
