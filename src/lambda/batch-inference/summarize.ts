import { INVALID_RECORD } from './bad-lines';
import { BatchMetricName, BatchSettings, Job, JoinedFile, RunSummary, SummarizeAnswer, SummarizeCall } from './contract';
import { addCounts, JobOutcome, RunEstimate } from './outcomes';
import { assumptionsOf } from './preflight';
import { addTokens, costOf, usdText } from './run-cost';
import { RunFolder } from './run-folder';
import { BatchServices } from './services';
import { Store } from './store';
import { NOT_SUBMITTED } from './verdict';
import { Decimal, sumIfAllKnown } from '../../pricing/decimal';
import { Dimension, NAMESPACE } from '../month-to-date/contract';

/** Summarizes the outcomes of all jobs of a run, and publishes its cost. */
export async function summarize(services: BatchServices, { settings, run }: SummarizeCall): Promise<SummarizeAnswer> {
  const store = services.store(settings.output.bucket);
  const folder = new RunFolder(run.folder);
  const [estimate, files, outcomes] = await Promise.all([
    store.readExisting<RunEstimate>(folder.estimate), store.readExisting<JoinedFile[]>(folder.joins), outcomesOf(store, folder),
  ]);
  const deadLetters = estimate.badLines + total(outcomes, 'deadLetters');
  const counts = {
    run: run.id,
    records: estimate.records + estimate.badLines,
    succeeded: total(outcomes, 'succeeded'),
    deadLetters,
    errors: addCounts([...estimate.badLines > 0 ? [{ [INVALID_RECORD]: estimate.badLines }] : [], ...outcomes.map(({ errors }) => errors)]),
    jobs: outcomes.filter(({ how, status }) => how !== 'on-demand' && status !== NOT_SUBMITTED).length,
    tokens: addTokens(outcomes.flatMap(({ tokens }) => tokens ?? [])),
    estimatedUsd: estimate.usd,
    atMostUsd: estimate.atMostUsd,
    costUsd: usdText(costAfter(settings, outcomes)),
    assumptions: assumptionsOf(settings, estimate),
  };
  const namesOf = (kind: JoinedFile['kind']) => files.filter((file) => file.kind === kind).map(({ name }) => folder.joined(name));
  const tooMany = deadLetters * 100 > counts.records * settings.toleratedFailurePercentage;
  const outcome = tooMany ? 'failed' : 'succeeded';
  const summary: RunSummary = { ...counts, results: namesOf('results'), deadLetterFiles: namesOf('dead-letters'), outcome };
  await store.writeJson(folder.summary, summary);
  await publish(services, settings.resource, summary);
  return {
    ...counts,
    outcome,
    cause: causeOf(summary),
    outputUri: `s3://${settings.output.bucket}/${run.folder}`,
  };
}

function total(outcomes: readonly JobOutcome[], field: 'succeeded' | 'deadLetters'): number {
  return outcomes.reduce((sum, outcome) => sum + outcome[field], 0);
}

/** The cost of the run; undefined if the tokens of any job or a price are not known. */
function costAfter(settings: BatchSettings, outcomes: readonly JobOutcome[]): Decimal | undefined {
  return sumIfAllKnown(outcomes.map(({ how, tokens }) => costOf(tokens, how === 'on-demand' ? settings.onDemandPrices : settings.prices)));
}

/** The outcomes of the jobs of all rounds. */
async function outcomesOf(store: Store, folder: RunFolder): Promise<JobOutcome[]> {
  const outcomes: JobOutcome[] = [];
  for (let round = 0; ; round++) {
    const jobs = await store.readJson<Job[]>(folder.jobs(round));
    if (jobs === undefined) return outcomes;
    outcomes.push(...await store.readAll<JobOutcome>(jobs.map(({ index }) => folder.jobOutcome(round, index))));
    const leftOver = await store.readJson<JobOutcome>(folder.leftOver(round));
    if (leftOver) outcomes.push(leftOver);
  }
}

function causeOf({ records, deadLetters, errors, deadLetterFiles: [file] }: RunSummary): string {
  if (deadLetters === 0) return `all ${records} records have their results`;
  const kinds = Object.entries(errors).map(([kind, count]) => `${count} ${kind}`).join(', ');
  return `${deadLetters} of ${records} records have no result (${kinds}); ${file} and the following files contain the reasons and the records`;
}

/** Publishes the cost and the dead letters of a run. Unknown values are not published. */
async function publish({ cloudWatch }: BatchServices, resource: string, { costUsd, estimatedUsd, deadLetters }: RunSummary): Promise<void> {
  const values: readonly (readonly [string, number | undefined])[] = [
    [BatchMetricName.COST, numberOf(costUsd)],
    [BatchMetricName.ESTIMATED_COST, numberOf(estimatedUsd)],
    [BatchMetricName.COST_DEVIATION, deviationOf(numberOf(costUsd), numberOf(estimatedUsd))],
    [BatchMetricName.DEAD_LETTERS, deadLetters],
  ];
  const Dimensions = [{ Name: Dimension.RESOURCE, Value: resource }];
  try {
    await cloudWatch.putMetricData({
      Namespace: NAMESPACE,
      MetricData: values.flatMap(([MetricName, Value]) => Value === undefined ? [] : [{ MetricName, Value, Dimensions }]),
    });
  } catch (e) {
    // The results exist and are billed, so missing metrics do not fail the run. The log has the error.
    console.error(`the metrics of the run were not published: ${(e as Error).message}`);
  }
}

/** The ratio of the larger to the smaller of both costs; undefined if one of them is 0 or unknown. */
export function deviationOf(cost: number | undefined, estimated: number | undefined): number | undefined {
  if (!cost || !estimated) return undefined;
  return Math.max(cost / estimated, estimated / cost);
}

function numberOf(usd: string | undefined): number | undefined {
  return usd === undefined ? undefined : Number(usd);
}
