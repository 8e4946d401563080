import { CfnParameter, Duration, Stack, TimeZone } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import { BatchInference } from '../../../src/inference/batch/batch-inference';
import { orchestrationCost } from '../../../src/inference/batch/orchestration-cost';
import { BedrockModel } from '../../../src/inference/bedrock-model';
import { BatchUsage } from '../../../src/pricing/billing-modes/batch';
import { decimal } from '../../../src/pricing/decimal';
import { buildReport } from '../../../src/synth-output/build-report';
import { BatchScene, INPUT } from '../../harness/batch-inference/scene';
import { entries, refusals, stackIn, warnings } from '../synth';

let scene: BatchScene;
beforeAll(async () => { scene = await BatchScene.start(); });
afterAll(() => scene.stop());
beforeEach(() => scene.reset());

const BYTES = 1024 ** 3;

/** The estimate of a run, by its parts. */
function estimated(recordsPerJob: number, perJob: number) {
  const cost = orchestrationCost({ jobsPerMonth: 1, recordsPerJob }, {
    quotas: { recordsPerJob: perJob, recordsPerFile: perJob, bytesPerJob: 5 * BYTES, bytesPerFile: BYTES, minimumRecordsPerJob: 1 },
    bytesPerToken: 4,
    // Jobs end after 38 minutes here, at the eighth poll.
    timeout: Duration.minutes(40),
    pollInterval: Duration.minutes(5),
    isScheduled: false,
    hoursPerMonth: 730,
  })!;
  const pieces = (description: string, times: number) =>
    decimal(cost.lines.find((line) => line.description === description)!.quantity).times(decimal(times)).toNumber();
  return {
    transitions: pieces('Step Functions state transitions (worst case)', 1_000),
    calls: pieces('function calls', 1_000_000),
    puts: pieces('objects written and listed', 1_000),
    gets: pieces('objects read', 1_000),
  };
}

/** The actual parts of a run of this number of records. */
async function counted(records: number, perJob: number) {
  Object.assign(scene.jobs.behaviour.quotas, { minimumRecords: 1 });
  const record = '{"recordId":"r","modelInput":{"messages":[{"role":"user","content":[{"text":"x"}]}]}}\n';
  scene.s3.put(INPUT, 'a.jsonl', record.repeat(records));
  let calls = 0;
  scene.onStep = (_, act) => { calls++; return act(); };
  const definition = BatchScene.definitionOf({ quotas: { minimumRecordsPerJob: 1, recordsPerJob: perJob, recordsPerFile: perJob } });
  const { transitions } = await scene.run(definition);
  const puts = scene.s3.requests.filter(({ operation }) => /^(?:Put|Copy|List)/.test(operation)).length;
  return { transitions, calls, puts, gets: scene.s3.requests.length - puts };
}

// A tenth of a job is a part: 1 part of 1 job, 10 of 1, 40 of 4. A job of 38 minutes is polled 8 times.
test.each([
  [10, 100, 12 + 2 + (5 + 3 * 8) + 2],
  [100, 100, 12 + 2 + (5 + 3 * 8) + 2],
  [400, 100, 12 + 2 + 4 * (5 + 3 * 8) + 2],
])('a run of %d records, %d a job, makes exactly the estimated requests: %d state transitions', async (records, perJob, transitions) => {
  const actual = await counted(records, perJob);
  expect(actual.transitions).toBe(transitions);
  expect(actual).toEqual(estimated(records, perJob));
});

describe('the jobs of a batch', () => {
  const USAGE: BatchUsage = { recordsPerJob: 1_000, inputTokensPerRecord: 10_000, outputTokensPerRecord: 1_000 };
  const NIGHTLY = ScheduleExpression.cron({ minute: '0', hour: '2', timeZone: TimeZone.ETC_UTC });

  function batch(usage: BatchUsage, schedule?: ScheduleExpression, stack: Stack = stackIn('us-west-2')) {
    new BatchInference(stack, 'Nightly', {
      model: BedrockModel.of('us.amazon.nova-pro-v1:0'), inputBucket: new Bucket(stack, 'In'), outputBucket: new Bucket(stack, 'Out'), usage, schedule,
    });
    return stack;
  }
  const differing = (stack: Stack) => warnings(stack).filter((text) => text.includes('jobs in an average month'));

  test('are counted from the schedule if they are left out', () => {
    // A job is 10 M x $0.40 + 1 M x $1.60 per million = $5.60; 30.42 x $5.60 = $170.352
    const stack = batch(USAGE, NIGHTLY);
    expect(entries(stack)).toMatchObject([{ estimate: { monthlyUsd: '170.352' } }]);
    expect(differing(stack)).toEqual([]);
  });

  test('are those of the usage, without a warning if they are about right', () => {
    // 30 x $5.60
    const stack = batch({ ...USAGE, jobsPerMonth: 30 }, NIGHTLY);
    expect(entries(stack)).toMatchObject([{ estimate: { monthlyUsd: '168' } }]);
    expect(differing(stack)).toEqual([]);
  });

  test.each([[27], [34], [300]])('with %d a month cause a warning with a schedule for every night', (jobsPerMonth) => {
    expect(differing(batch({ ...USAGE, jobsPerMonth }, NIGHTLY))).toEqual([expect.stringContaining(`jobsPerMonth is ${jobsPerMonth}, and the schedule starts 30.42 jobs in an average month`)]);
  });

  test('are required without a schedule, and with one that starts once', () => {
    for (const schedule of [undefined, ScheduleExpression.at(new Date('2026-12-24T00:00:00Z'))]) {
      expect(refusals(batch(USAGE, schedule))).toEqual([expect.stringContaining('jobsPerMonth')]);
    }
  });

  test('that are known only at deployment cause no warning', () => {
    const stack = stackIn('us-west-2');
    expect(differing(batch({ ...USAGE, jobsPerMonth: new CfnParameter(stack, 'Jobs', { type: 'Number' }).valueAsNumber }, NIGHTLY, stack))).toEqual([]);
    expect(differing(batch({ ...USAGE, jobsPerMonth: 30 }, ScheduleExpression.rate(Duration.days(1)), stackIn('us-west-2')))).toEqual([]);
  });

  test('have costs of other services, line by line', () => {
    // A job of 24 hours is polled 288 times: 21 + 3 x 288 = 885 transitions, of 30 runs 26,550. 40 MB a run are 5 parts of 8 MB.
    // Functions: 8 calls a run; 240 x 0.5 s + 1,200 MB x 0.15 s are 300 s of 1,769 MB. S3: 16 + 5 x 5 and 16 + 5 x 6 requests a run.
    // 4 metrics in 30 of 730 hours are 0.17 of a month.
    const [resource] = buildReport(batch({ ...USAGE, jobsPerMonth: 30 }, NIGHTLY).node.root).resources;
    expect(resource.otherServices).toEqual([
      { description: 'Step Functions state transitions (worst case)', quantity: '26.55', unit: '1K transitions', unitPriceUsd: '0.025', usd: '0.66375' },
      { description: 'function calls', quantity: '0.00024', unit: '1M requests', unitPriceUsd: '0.2', usd: '0.000048' },
      { description: 'function time (approximate)', quantity: '519', unit: 'GB-second', unitPriceUsd: '0.0000133334', usd: '0.0069200346' },
      { description: 'objects written and listed', quantity: '1.23', unit: '1K requests', unitPriceUsd: '0.005', usd: '0.00615' },
      { description: 'objects read', quantity: '1.38', unit: '1K requests', unitPriceUsd: '0.0004', usd: '0.000552' },
      { description: 'metrics of runs, in hours in which a run ends', quantity: '0.17', unit: 'metric-month', unitPriceUsd: '0.3', usd: '0.051' },
      { description: 'alarms on the cost of runs and on failed starts', quantity: '2', unit: 'metric-month', unitPriceUsd: '0.1', usd: '0.2' },
      { description: 'starts by the schedule', quantity: '0.00003', unit: '1M invocations', unitPriceUsd: '1', usd: '0.00003' },
    ]);
    // 0.66375 + 0.000048 + 0.0069200346 + 0.00615 + 0.000552 + 0.051 + 0.2 + 0.00003
    expect(resource.otherServicesMonthlyUsd).toBe('0.9284500346');
  });
});
