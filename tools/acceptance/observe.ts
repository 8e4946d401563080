import { Interrupted } from './clock';
import { NoAnswer, Observations } from './observations';
import { Scene } from './scene';
import { forceAlarms } from './steps/alarms';
import { readBatch, readMediaJob, startBatch, untilListed } from './steps/batch';
import { prepareThroughput } from './steps/change-set';
import { tryLimits } from './steps/limits';
import { readMetrics } from './steps/metrics';
import { tryPermissions } from './steps/permissions';
import { readFeaturePrices, readServicePrices } from './steps/prices';
import { sendRequests } from './steps/requests';
import { stopAndUndo } from './steps/stop';

/** Observations as they come in. */
export type Collected = { -readonly [step in keyof Observations]?: Observations[step] | NoAnswer };

/**
 * Takes every step on the deployment. A failed step writes its reason into `collected`, and the other steps continue.
 *
 * From the start of the batch jobs to their end no model is called, so that all counts of CloudWatch in that time are theirs. The
 * stop is the last step, since it would stop the jobs.
 *
 * @throws Interrupted after an interruption; `collected` has the results so far
 */
export async function observe(scene: Scene, collected: Collected): Promise<void> {
  const { clock, options, say } = scene;
  const take = async <Step extends keyof Observations>(step: Step, title: string, act: () => Promise<Observations[Step]>): Promise<void> => {
    clock.goOn();
    say(title);
    const answers = await caught(act);
    if ('notTried' in answers) say(`  ${answers.notTried}`);
    Object.assign(collected, { [step]: answers });
  };
  const from = clock.now();
  say('Sending requests');
  const requests = await caught(() => sendRequests(scene));
  if ('notTried' in requests) say(`  ${requests.notTried}`);
  await take('permissions', 'Trying permissions', () => tryPermissions(scene));
  await take('limits', 'Trying limits', () => tryLimits(scene));
  await take('changeSet', 'Preparing provisioned throughput without buying it', () => prepareThroughput(scene));
  await take('servicePrices', 'Reading the price list', () => readServicePrices(scene));
  await take('featurePrices', 'Reading the price list of Amazon Bedrock', () => readFeaturePrices(scene));
  await take('alarms', 'Forcing every alarm', () => forceAlarms(scene));
  say('Starting two batch jobs');
  const batch = await caught(() => startBatch(scene));
  const deadline = clock.now() + options.batchMinutes * 60_000;
  await take('directJob', 'Looking for a job in the list', async () => untilListed(scene, answered(batch)));
  await take('metrics', `Waiting for metrics, ${options.metricMinutes} minutes at most`, () => readMetrics(scene, from));
  await take('batch', `Waiting for the batch jobs, ${options.batchMinutes} minutes at most`, async () => readBatch(scene, answered(batch), deadline));
  await take('mediaJob', 'Waiting for the job with images', async () => readMediaJob(scene, answered(batch), deadline));
  await take('stop', 'Stopping, and undoing it', () => stopAndUndo(scene));
}

async function caught<Answers extends object>(act: () => Promise<Answers>): Promise<Answers | NoAnswer> {
  try {
    return await act();
  } catch (thrown) {
    if (thrown instanceof Interrupted) throw thrown;
    const { name, message } = thrown as Error;
    return { notTried: name === 'Error' ? message : `${name}: ${message}` };
  }
}

/** @throws the reason of a step that this one follows */
function answered<Answers extends object>(answers: Answers | NoAnswer): Answers {
  if ('notTried' in answers) throw new Error((answers as NoAnswer).notTried);
  return answers;
}
