import { GroupCall, INVALID_INPUT, NextAnswer, Slice } from './contract';
import { joinAll, runRound } from './next-step';
import { SliceOutcome } from './outcomes';
import { estimateOf, howToRun, refusalOf } from './preflight';
import { RunFolder } from './run-folder';
import { BatchServices } from './services';

/** Estimates a run, refuses it if it costs too much or has too few records, and packs its records into jobs. */
export async function group(services: BatchServices, { settings, run }: GroupCall): Promise<NextAnswer> {
  const store = services.store(settings.output.bucket);
  const folder = new RunFolder(run.folder);
  const slices = await store.readExisting<Slice[]>(folder.slices);
  const outcomes = await store.readAll<SliceOutcome>(slices.map(({ index }) => folder.sliceOutcome(index)));
  const problem = outcomes.find((outcome) => outcome.problem !== undefined)?.problem;
  if (problem !== undefined) return { decision: 'refuse', round: 0, repeats: 0, error: INVALID_INPUT, cause: problem };
  const estimate = estimateOf(settings, slices, outcomes);
  await store.writeJson(folder.estimate, estimate);
  if (estimate.records === 0) return joinAll(store, run, 0);
  const refusal = refusalOf(settings, estimate);
  if (refusal) return { decision: 'refuse', round: 0, repeats: 0, ...refusal };
  return runRound(store, settings, run, 0, outcomes.flatMap(({ parts }) => parts), howToRun(settings, estimate.records));
}
