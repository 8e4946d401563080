import { Duration } from 'aws-cdk-lib';
import { orchestrationCost } from '../../../src/inference/batch/orchestration-cost';
import { decimal } from '../../../src/pricing/decimal';
import { BatchScene, INPUT } from '../../harness/batch-inference/scene';

let scene: BatchScene;
beforeAll(async () => { scene = await BatchScene.start(); });
afterAll(() => scene.stop());
beforeEach(() => scene.reset());

const BYTES = 1024 ** 3;

/** What is estimated of a run, in single pieces. */
function estimated(recordsPerJob: number, perJob: number) {
  const cost = orchestrationCost({ jobsPerMonth: 1, recordsPerJob }, {
    quotas: { recordsPerJob: perJob, recordsPerFile: perJob, bytesPerJob: 5 * BYTES, bytesPerFile: BYTES, minimumRecordsPerJob: 1 },
    bytesPerToken: 4,
    // Jobs here end after 38 minutes: at the eighth look.
    timeout: Duration.minutes(40),
    pollInterval: Duration.minutes(5),
    isScheduled: false,
    hasAlarm: true,
    hoursPerMonth: 730,
  })!;
  const pieces = (description: string, times: number) =>
    decimal(cost.lines.find((line) => line.description === description)!.quantity).times(decimal(times)).toNumber();
  return {
    transitions: pieces('state transitions of jobs that take their whole timeout', 1_000),
    calls: pieces('calls of functions', 1_000_000),
    puts: pieces('objects written and listed', 1_000),
    gets: pieces('objects read', 1_000),
  };
}

/** What a run of so many records is in fact made of. */
async function counted(records: number, perJob: number) {
  Object.assign(scene.jobs.behaviour.quotas, { minimumRecords: 1 });
  const record = '{"recordId":"r","modelInput":{"messages":[{"role":"user","content":[{"text":"x"}]}]}}\n';
  scene.s3.put(INPUT, 'a.jsonl', record.repeat(records));
  let calls = 0;
  scene.onStep = (_, act) => { calls++; return act(); };
  const definition = BatchScene.definitionOf({ quotas: { recordsPerJob: perJob, recordsPerFile: perJob }, minimumRecordsPerJob: 1 });
  const { transitions } = await scene.run(definition);
  const puts = scene.s3.requests.filter(({ operation }) => /^(?:Put|Copy|List)/.test(operation)).length;
  return { transitions, calls, puts, gets: scene.s3.requests.length - puts };
}

// A tenth of a job is a part: 1 part of 1 job, 10 of 1, 40 of 4. A job of 38 minutes is looked at 8 times.
test.each([
  [10, 100, 12 + 2 + (5 + 3 * 8) + 2],
  [100, 100, 12 + 2 + (5 + 3 * 8) + 2],
  [400, 100, 12 + 2 + 4 * (5 + 3 * 8) + 2],
])('of %d records, %d a job, AWS is asked for exactly what is estimated: %d state transitions', async (records, perJob, transitions) => {
  const actual = await counted(records, perJob);
  expect(actual.transitions).toBe(transitions);
  expect(actual).toEqual(estimated(records, perJob));
});
