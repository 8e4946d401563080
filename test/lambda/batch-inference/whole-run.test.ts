import { BatchInput } from '../../../src/inference/batch/input';
import { BatchPrompts } from '../../../src/inference/batch/prompts';
import { BatchInferenceProps, ModelInvocationType, SmallRuns } from '../../../src/inference/batch/props';
import { BedrockModel } from '../../../src/inference/bedrock-model';
import { InputRecord } from '../../fakes/bedrock/jobs/types';
import { BatchScene, INPUT, OUTPUT } from '../../harness/batch-inference/scene';

let scene: BatchScene;
beforeAll(async () => { scene = await BatchScene.start(); });
afterAll(() => scene.stop());
beforeEach(() => scene.reset());

/** Small quotas, also of the fake of Amazon Bedrock, so that a few records are several jobs. */
const SMALL: Partial<BatchInferenceProps> = { quotas: { minimumRecordsPerJob: 2, recordsPerJob: 20, recordsPerFile: 10, concurrentJobs: 3 } };
function run(props: Partial<BatchInferenceProps> = SMALL, ...request: [object?, string?]) {
  Object.assign(scene.jobs.behaviour.quotas, { minimumRecords: 2, recordsPerJob: 20, recordsPerFile: 10, jobsAtATime: 3 });
  return scene.run(BatchScene.definitionOf({ ...SMALL, ...props }), ...request);
}

const modelInput = (text: string, maxTokens?: number) => ({ messages: [{ role: 'user', content: [{ text }] }], ...(maxTokens ? { inferenceConfig: { maxTokens } } : {}) });
const line = (recordId: unknown, text: string) => `${JSON.stringify({ recordId, modelInput: modelInput(text) })}\n`;
const lines = (count: number, name = 'r') => Array.from({ length: count }, (_, i) => line(`${name}${i}`, `text of ${name}${i}`)).join('');
const ids = (results: readonly { recordId?: unknown }[]) => results.map(({ recordId }) => recordId);
const named = (count: number, name = 'r') => Array.from({ length: count }, (_, i) => `${name}${i}`);
/** The submissions of jobs, with the number of records of each. */
const submitted = () => scene.jobs.jobs.map(({ request }) => recordsOf(request.inputDataConfig.s3InputDataConfig.s3Uri));
const recordsOf = (uri: string) => scene.s3.keys(OUTPUT, uri.replace(`s3://${OUTPUT}/`, '')).reduce((sum, key) => sum + scene.s3.text(OUTPUT, key).trimEnd().split('\n').length, 0);

describe('a run', () => {
  test('writes the result of each record, in the order of the files, with its own id', async () => {
    scene.s3.put(INPUT, 'b.jsonl', lines(30, 'b'));
    scene.s3.put(INPUT, 'a.jsonl', lines(25, 'a'));
    expect(await run()).toMatchObject({ status: 'SUCCEEDED', output: { records: 55, succeeded: 55, deadLetters: 0, jobs: 3 } });
    expect(ids(scene.lines('results'))).toEqual([...named(25, 'a'), ...named(30, 'b')]);
    for (const { recordId, modelInput: input } of scene.lines('results')) expect(input).toEqual(modelInput(`text of ${recordId}`));
    expect(scene.jobs.violations).toEqual([]);
    expect(scene.summary().results).toEqual([`${scene.folder}results-00000.jsonl`]);
  });

  test('restores ids that are numbers, missing, repeated, long or of any characters', async () => {
    const given = [1, 'twice', 'twice', null, '"quoted" \\ \u2028 😀', 'x'.repeat(500), undefined];
    scene.s3.put(INPUT, 'a.jsonl', given.map((id) => line(id, 'text')).join(''));
    await run();
    expect(ids(scene.lines('results'))).toEqual([1, 'twice', 'twice', '00000100001', '"quoted" \\ \u2028 😀', 'x'.repeat(500), '00000300000']);
  });

  test('replaces no text that only looks like a record id', async () => {
    scene.s3.put(INPUT, 'a.jsonl', line('mine', '"recordId":"00000000000"') + line('other', '{"recordId": "00000000001"}'));
    await run();
    expect(scene.lines('results').map(({ recordId, modelInput: { messages } }) => [recordId, messages[0].content[0].text]))
      .toEqual([['mine', '"recordId":"00000000000"'], ['other', '{"recordId": "00000000001"}']]);
  });

  test('splits records over several jobs, and never creates a job with too few', async () => {
    scene.s3.put(INPUT, 'a.jsonl', lines(41));
    // Parts have 2 records: 20 + 20 + 1, the last job filled from the one before.
    expect(await run()).toMatchObject({ status: 'SUCCEEDED' });
    expect(submitted()).toEqual([20, 18, 3]);
  });

  test('runs at most the allowed number of concurrent jobs', async () => {
    scene.s3.put(INPUT, 'a.jsonl', lines(200));
    let [running, most] = [0, 0];
    scene.onStep = async (step, act) => {
      if (step === 'assemble') most = Math.max(most, ++running);
      if (step === 'collect') running--;
      return act();
    };
    expect(await run()).toMatchObject({ status: 'SUCCEEDED', output: { jobs: 10 } });
    expect(most).toBe(3);
  });

  test('without records succeeds with a message', async () => {
    scene.s3.put(INPUT, 'empty.jsonl', '');
    scene.s3.put(INPUT, 'folder/', '');
    expect(await run()).toMatchObject({ status: 'SUCCEEDED', output: { records: 0, jobs: 0, costUsd: '0' } });
  });

  test('of one file runs only that file', async () => {
    scene.s3.put(INPUT, 'in/a.jsonl', lines(5, 'a'));
    scene.s3.put(INPUT, 'in/b.jsonl', lines(5, 'b'));
    await run({ input: BatchInput.file('in/b.jsonl') });
    expect(ids(scene.lines('results'))).toEqual(named(5, 'b'));
  });

  test('of a manifest runs its files in order', async () => {
    for (const name of ['a', 'b', 'c']) scene.s3.put(INPUT, `in/${name}.jsonl`, lines(3, name));
    scene.s3.put(INPUT, 'manifest.json', JSON.stringify(['in/c.jsonl', `s3://${INPUT}/in/a.jsonl`]));
    await run({ input: BatchInput.manifest('manifest.json') });
    expect(ids(scene.lines('results'))).toEqual([...named(3, 'c'), ...named(3, 'a')]);
  });

  test('reads a folder of requests like any other', async () => {
    scene.s3.put(INPUT, 'requests/a.jsonl', lines(3));
    expect(await run({ input: BatchInput.prefix('requests') })).toMatchObject({ output: { records: 3 } });
  });

  test('never reads the working files of a run in any folder as input, although their parts contain records', async () => {
    scene.s3.put(INPUT, 'in/out/2026-11-25T020000Z-8e6c644c55e8/steps/round-0/parts/000000.jsonl', lines(3));
    expect(await run({ input: BatchInput.prefix('in') }, { inputKey: 'in/out/2026-11-25T020000Z-8e6c644c55e8/steps/round-0/parts/000000.jsonl' }))
      .toMatchObject({ status: 'SUCCEEDED', output: { records: 0 } });
  });

  test('refuses ids that JavaScript rounds, since two could become equal', async () => {
    scene.s3.put(INPUT, 'a.jsonl', `${line('a', 'x')}{"recordId":9007199254740993,"modelInput":{"messages":[]}}\n${line('b', 'x')}`);
    await run();
    expect(scene.lines('dead-letters')).toMatchObject([{ source: { line: 2 } }]);
  });

  test('does not change the files of earlier runs in the same bucket', async () => {
    scene.s3.put(OUTPUT, 'a.jsonl', lines(5));
    const definition = JSON.parse(JSON.stringify(BatchScene.definitionOf(SMALL)).replaceAll(`"bucket":"${INPUT}"`, `"bucket":"${OUTPUT}"`));
    scene.jobs.behaviour.quotas.minimumRecords = 2;
    expect(await scene.run(definition, { requestId: 'one' })).toMatchObject({ output: { records: 5 } });
    expect(await scene.run(definition, { requestId: 'two' })).toMatchObject({ output: { records: 5 } });
  });
});

describe('lines that are not records', () => {
  test('are set aside with their position and the reason, and are not billed', async () => {
    scene.s3.put(INPUT, 'a.jsonl', `${line('first', 'one')}\n{"recordId":"x"}\nnot JSON\n${line('last', 'two')}`);
    expect(await run()).toMatchObject({
      status: 'FAILED',
      error: 'RecordsNotProcessed',
      cause: expect.stringMatching(/^2 of 4 records have no result \(2 InvalidRecord\); .*dead-letters-00000\.jsonl and the following files contain the reasons and the records$/),
    });
    expect(ids(scene.lines('results'))).toEqual(['first', 'last']);
    expect(scene.lines('dead-letters')).toEqual([
      { source: { key: 'a.jsonl', line: 3 }, error: { kind: 'InvalidRecord', reason: expect.any(String) }, content: '{"recordId":"x"}' },
      { source: { key: 'a.jsonl', line: 4 }, error: { kind: 'InvalidRecord', reason: expect.any(String) }, content: 'not JSON' },
    ]);
    expect(scene.jobs.billed.size).toBe(2);
  });

  test('do not fail a run that tolerates their number', async () => {
    scene.s3.put(INPUT, 'a.jsonl', `${lines(9)}no\n`);
    expect(await run({ toleratedFailurePercentage: 10 })).toMatchObject({ status: 'SUCCEEDED', output: { records: 10, succeeded: 9, deadLetters: 1 } });
    scene.s3.put(INPUT, 'a.jsonl', `${lines(9)}no\n`);
    expect(await run({ toleratedFailurePercentage: 9.9 })).toMatchObject({ status: 'FAILED' });
  });
});

describe('records that fail', () => {
  const isOf = (record: InputRecord, id: string) => record.text.includes(`text of ${id}"`);

  test('temporarily are run again without the others, and are billed once', async () => {
    scene.s3.put(INPUT, 'a.jsonl', lines(40));
    const tried = new Map<string, number>();
    const usual = scene.jobs.behaviour.answerOf;
    scene.jobs.behaviour.answerOf = (record, job) => {
      const times = (tried.get(record.recordId) ?? 0) + 1;
      tried.set(record.recordId, times);
      return times === 1 && named(5).some((id) => isOf(record, id)) ? { error: { errorCode: 429, errorMessage: 'slowly' } } : usual(record, job);
    };
    expect(await run()).toMatchObject({ status: 'SUCCEEDED', output: { succeeded: 40, jobs: 3 } });
    expect(submitted()).toEqual([20, 20, 5]);
    expect(ids(scene.lines('results'))).toEqual(named(40));
    expect([...scene.jobs.billed.values()].every((times) => times === 1)).toBe(true);
  });

  test('permanently become dead letters, which contain the record with its own id and its position', async () => {
    scene.s3.put(INPUT, 'a.jsonl', lines(12));
    const usual = scene.jobs.behaviour.answerOf;
    scene.jobs.behaviour.answerOf = (record, job) =>
      isOf(record, 'r7') ? { error: { errorCode: 400, errorMessage: 'not so' } } : usual(record, job);
    expect(await run()).toMatchObject({ status: 'FAILED', error: 'RecordsNotProcessed' });
    expect(scene.lines('dead-letters')).toEqual([
      { record: { recordId: 'r7', modelInput: modelInput('text of r7') }, source: { key: 'a.jsonl', line: 8 }, error: { kind: 'ModelError 400', reason: 'not so' } },
    ]);
    expect(scene.summary().errors).toEqual({ 'ModelError 400': 1 });
  });

  test('at every attempt become dead letters', async () => {
    scene.s3.put(INPUT, 'a.jsonl', lines(10));
    scene.jobs.behaviour.answerOf = () => ({ error: { errorCode: 503, errorMessage: 'later' } });
    expect(await run({ maxAttempts: 2 })).toMatchObject({ status: 'FAILED' });
    expect(scene.jobs.jobs).toHaveLength(2);
    expect(scene.lines('dead-letters')).toHaveLength(10);
    expect(scene.s3.keys(OUTPUT, `${scene.folder}results`)).toEqual([]);
  });

  test('and are too few for another job become dead letters with a remedy', async () => {
    scene.s3.put(INPUT, 'a.jsonl', lines(10));
    const usual = scene.jobs.behaviour.answerOf;
    scene.jobs.behaviour.answerOf = (record, job) => (isOf(record, 'r1') ? { error: { errorCode: 500, errorMessage: 'oh' } } : usual(record, job));
    await run();
    expect(scene.lines('dead-letters').map(({ error }) => error)).toEqual([{
      kind: 'TooFewRecords', reason: '1 records failed, and another job needs at least 2. Set smallRuns to SmallRuns.ON_DEMAND to run them on demand.',
    }]);
  });

  test('and are too few for another job are run on demand if smallRuns allows it', async () => {
    scene.s3.put(INPUT, 'a.jsonl', lines(10));
    const usual = scene.jobs.behaviour.answerOf;
    scene.jobs.behaviour.answerOf = (record, job) => (isOf(record, 'r1') ? { error: { errorCode: 500, errorMessage: 'oh' } } : usual(record, job));
    expect(await run({ smallRuns: SmallRuns.ON_DEMAND })).toMatchObject({ status: 'SUCCEEDED' });
    expect(ids(scene.lines('results'))).toEqual(named(10));
    expect(scene.runtime.asked).toEqual([{ operation: 'invoke', modelId: 'amazon.nova-pro-v1:0', request: modelInput('text of r1') }]);
  });
});

describe('a job', () => {
  test.each([
    ['Failed', 'SUCCEEDED', 2], ['Expired', 'SUCCEEDED', 2], ['PartiallyCompleted', 'SUCCEEDED', 2],
    // A job that was stopped, such as by a budget, is not replaced.
    ['Stopped', 'FAILED', 1],
  ] as const)('that ended as %s with nothing done: the run has %s after %d jobs', async (fate, status, jobs) => {
    scene.s3.put(INPUT, 'a.jsonl', lines(10));
    const usual = scene.jobs.behaviour.answerOf;
    scene.jobs.behaviour.fateOf = () => (scene.jobs.jobs.length === 1 ? fate : undefined);
    scene.jobs.behaviour.answerOf = (record, job) => (scene.jobs.jobs.length === 1 ? undefined : usual(record, job));
    expect(await run()).toMatchObject({ status });
    expect(scene.jobs.jobs).toHaveLength(jobs);
    if (status === 'FAILED') expect(scene.lines('dead-letters')).toHaveLength(10);
    else expect(ids(scene.lines('results'))).toEqual(named(10));
  });

  test('that expired halfway: the other half is run again, and no record is billed twice', async () => {
    scene.s3.put(INPUT, 'a.jsonl', lines(20));
    const usual = scene.jobs.behaviour.answerOf;
    scene.jobs.behaviour.fateOf = () => (scene.jobs.jobs.length === 1 ? 'Expired' : undefined);
    scene.jobs.behaviour.answerOf = (record, job) => (scene.jobs.jobs.length === 1 && record.recordId >= '00000500000' ? undefined : usual(record, job));
    expect(await run()).toMatchObject({ status: 'SUCCEEDED', output: { succeeded: 20 } });
    expect(submitted()).toEqual([20, 10]);
    expect(ids(scene.lines('results'))).toEqual(named(20));
    expect([...scene.jobs.billed.values()]).toEqual(Array(20).fill(1));
  });

  const failing = (...errors: string[]) => {
    scene.onBedrock = async (action, act) => {
      const name = action === 'createModelInvocationJob' ? errors.shift() : undefined;
      if (name === undefined) return act();
      const [code, afterEffect] = name.split(' ');
      if (afterEffect) await act();
      throw Object.assign(new Error('AWS says no'), { name: code });
    };
  };

  test.each([
    ['throttled', ['ThrottlingException', 'ThrottlingException']],
    ['lost on the way back', ['SdkClientException after', 'InternalServerException after']],
    ['lost each time', Array(12).fill('SdkClientException after')],
    ['made under a token that AWS has forgotten', ['ConflictException after']],
    ['refused for a day, since others run as many', Array(200).fill('ServiceQuotaExceededException')],
  ])('whose submission was %s exists once', async (_, errors) => {
    scene.s3.put(INPUT, 'a.jsonl', lines(10));
    failing(...errors);
    expect(await run()).toMatchObject({ status: 'SUCCEEDED', output: { succeeded: 10 } });
    expect(scene.jobs.jobs).toHaveLength(1);
  });

  test.each([['ValidationException', 1], ['AccessDeniedException', 1]])('that AWS refuses with %s is not submitted again', async (error, asked) => {
    scene.s3.put(INPUT, 'a.jsonl', lines(10));
    failing(...Array(9).fill(error));
    let calls = 0;
    const inner = scene.onBedrock;
    scene.onBedrock = (action, act) => { calls++; return inner(action, act); };
    expect(await run()).toMatchObject({ status: 'FAILED', error: 'RecordsNotProcessed' });
    expect(calls).toBe(asked);
    expect(scene.lines('dead-letters')[0]).toMatchObject({ error: { kind: 'NotSubmitted', reason: expect.stringContaining(error) }, record: { recordId: 'r0' } });
    expect(scene.summary()).toMatchObject({ jobs: 0, costUsd: '0', deadLetters: 10 });
  });
});

describe('an interruption', () => {
  test('of the states of a job: its output is collected, the others continue, and no record is billed twice', async () => {
    scene.s3.put(INPUT, 'a.jsonl', lines(60));
    let broken = 0;
    scene.onStep = (step, act) => {
      if (step === 'collect' && broken < 7) {
        broken++;
        throw Object.assign(new Error('too many at a time'), { name: 'Lambda.TooManyRequestsException' });
      }
      return act();
    };
    expect(await run()).toMatchObject({ status: 'SUCCEEDED', output: { succeeded: 60, jobs: 3 } });
    expect(scene.jobs.jobs).toHaveLength(3);
    expect(ids(scene.lines('results'))).toEqual(named(60));
  });

  test('by an unknown error of AWS when a job is checked: it is checked again', async () => {
    scene.s3.put(INPUT, 'a.jsonl', lines(60));
    let errors = 100;
    scene.onBedrock = (action, act) => {
      if (action === 'getModelInvocationJob' && errors-- > 0) throw Object.assign(new Error('?'), { name: 'BedrockException' });
      return act();
    };
    expect(await run()).toMatchObject({ status: 'SUCCEEDED', output: { succeeded: 60 } });
    expect(scene.jobs.jobs).toHaveLength(3);
  });

  test('by a job whose output cannot be collected: the execution names it, and continues after a redrive', async () => {
    scene.s3.put(INPUT, 'a.jsonl', lines(10));
    let works = false;
    scene.onStep = (step, act) => {
      if (step === 'collect' && !works) throw new Error('out of memory');
      return act();
    };
    expect(await run({}, {}, 'one')).toMatchObject({ status: 'FAILED', error: 'JobsNotCollected', cause: expect.stringContaining(scene.jobs.jobs[0].request.jobName) });
    works = true;
    expect(await run({}, {}, 'one')).toMatchObject({ status: 'SUCCEEDED', output: { succeeded: 10 } });
    expect(scene.jobs.jobs).toHaveLength(1);
  });

  const hidden = (isHidden: (collects: number) => boolean) => {
    let collects = 0;
    scene.onStep = (step, act) => {
      if (step === 'collect') collects++;
      return act();
    };
    const put = new Map<string, Buffer>();
    const inner = scene.onStep;
    scene.onStep = async (step, act) => {
      if (step !== 'collect') return inner(step, act);
      for (const key of scene.s3.keys(OUTPUT).filter((name) => name.endsWith('.jsonl.out'))) {
        put.set(key, scene.s3.bytes(OUTPUT, key));
        scene.s3.delete(OUTPUT, key);
      }
      if (!isHidden(collects)) for (const [key, content] of put) scene.s3.put(OUTPUT, key, content);
      return inner(step, act);
    };
  };

  test('by late output: the run waits for it', async () => {
    scene.s3.put(INPUT, 'a.jsonl', lines(10));
    hidden((collects) => collects < 3);
    expect(await run()).toMatchObject({ status: 'SUCCEEDED', output: { succeeded: 10 } });
    expect(scene.jobs.jobs).toHaveLength(1);
  });

  test('by missing output: its records are dead letters, since a retry could be billed again', async () => {
    scene.s3.put(INPUT, 'a.jsonl', lines(10));
    hidden(() => true);
    expect(await run()).toMatchObject({ status: 'FAILED', error: 'RecordsNotProcessed' });
    expect(scene.jobs.jobs).toHaveLength(1);
    expect(new Set(scene.lines('dead-letters').map(({ error }) => error.kind))).toEqual(new Set(['OutputLost']));
    // The job has counted its tokens: 10 x 23 in and 10 x 6 out.
    expect(Number(scene.summary().costUsd)).toBeGreaterThan(0);
  });

  test('by a job that is not listed: its records are dead letters, and no other job is created', async () => {
    scene.s3.put(INPUT, 'a.jsonl', lines(10));
    scene.onBedrock = async (action, act) => {
      if (action === 'listModelInvocationJobs') return { invocationJobSummaries: [] };
      const answer = await act();
      if (action === 'createModelInvocationJob') throw Object.assign(new Error('lost'), { name: 'SdkClientException' });
      return answer;
    };
    expect(await run()).toMatchObject({ status: 'FAILED' });
    expect(scene.jobs.jobs).toHaveLength(1);
    expect(scene.summary().errors).toEqual({ NotSubmitted: 10 });
  });
});

describe('the cost', () => {
  test('limit of a run is checked before the first submission', async () => {
    // 100 x 400 bytes are 10,000 tokens in at $0.40, and 1,000 out at $1.60: $0.004 + $0.0016
    scene.s3.put(INPUT, 'a.jsonl', Array.from({ length: 100 }, (_, i) => line(`r${i}`, 'x'.repeat(400 - 'user'.length))).join(''));
    expect(await run({ maxCostPerRunUsd: 0.0055 })).toMatchObject({
      status: 'FAILED',
      error: 'CostLimitExceeded',
      cause: expect.stringContaining('The run is estimated to cost $0.0056 (100 records, 10,000 input and 1,000 output tokens'),
    });
    expect(scene.jobs.jobs).toEqual([]);
    expect(await run({ maxCostPerRunUsd: 0.0056 }, { requestId: 'x' })).toMatchObject({ status: 'SUCCEEDED' });
  });

  test('after a run is the cost of the tokens in its results', async () => {
    scene.s3.put(INPUT, 'a.jsonl', lines(10));
    // 10 x 12,345 in at $0.40 a million + 10 x 678 out at $1.60: $0.04938 + $0.010848
    scene.jobs.behaviour.answerOf = () => ({ modelOutput: { usage: { inputTokens: 12_345, outputTokens: 678 } } });
    expect(await run()).toMatchObject({ output: { tokens: { input: 123_450, output: 6_780 }, costUsd: '0.060228' } });
    expect(scene.summary()).toMatchObject({ costUsd: '0.060228', records: 10, succeeded: 10 });
  });

  test('after a run is the cost of the job\'s own counts if its results have none', async () => {
    scene.s3.put(INPUT, 'a.jsonl', lines(10));
    scene.jobs.behaviour.answerOf = () => ({ modelOutput: { text: 'no figures' } });
    scene.onStep = async (step, act) => {
      if (step === 'collect') {
        const [key] = scene.s3.keys(OUTPUT).filter((name) => name.endsWith('manifest.json.out'));
        scene.s3.put(OUTPUT, key, JSON.stringify({ ...scene.s3.json(OUTPUT, key), inputTokenCount: 1_000_000, outputTokenCount: 500_000 }));
      }
      return act();
    };
    // 1 x $0.40 + 0.5 x $1.60
    expect(await run()).toMatchObject({ output: { costUsd: '1.2' } });
  });

  test('after a run is unknown, not $0, without token counts', async () => {
    scene.s3.put(INPUT, 'a.jsonl', lines(10));
    scene.jobs.behaviour.answerOf = () => ({ modelOutput: { text: 'no figures' } });
    scene.onStep = async (step, act) => {
      if (step === 'collect') for (const key of scene.s3.keys(OUTPUT).filter((name) => name.endsWith('manifest.json.out'))) scene.s3.delete(OUTPUT, key);
      return act();
    };
    expect((await run()).output.costUsd).toBeUndefined();
    expect(scene.runtime.metrics.map(({ name }) => name).sort()).toEqual(['BatchRunDeadLetters', 'BatchRunEstimatedCostUsd']);
  });

  test('is published with its deviation from the estimate', async () => {
    scene.s3.put(INPUT, 'a.jsonl', lines(10));
    scene.jobs.behaviour.answerOf = () => ({ modelOutput: { usage: { inputTokens: 1_000, outputTokens: 0 } } });
    await run();
    const metrics = Object.fromEntries(scene.runtime.metrics.map(({ name, value }) => [name, value]));
    // 10 bytes of text and 4 of the role are 4 tokens each, 10 out: 40 x $0.40 + 100 x $1.60 a million; it cost 10,000 x $0.40
    expect(metrics).toEqual({
      BatchRunCostUsd: 0.004, BatchRunEstimatedCostUsd: 0.000176, BatchRunCostDeviation: expect.closeTo(22.727273, 6), BatchRunDeadLetters: 0,
    });
    expect(new Set(scene.runtime.metrics.map(({ namespace, resource }) => `${namespace} ${resource}`))).toEqual(new Set(['CdkBedrockCost Stack/Nightly']));
  });

  test('that cannot be published does not fail a run', async () => {
    scene.s3.put(INPUT, 'a.jsonl', lines(10));
    scene.runtime.metricsStatus = 403;
    const said = jest.spyOn(console, 'error').mockImplementation();
    expect(await run()).toMatchObject({ status: 'SUCCEEDED' });
    expect(said.mock.calls.flat().join()).toContain('the metrics of the run were not published');
    said.mockRestore();
  });
});

describe('records that are too few for a job', () => {
  const FEW: Partial<BatchInferenceProps> = { quotas: { minimumRecordsPerJob: 10 } };

  test('fail, and cost nothing', async () => {
    scene.s3.put(INPUT, 'a.jsonl', lines(9));
    expect(await run(FEW)).toMatchObject({ status: 'FAILED', error: 'TooFewRecords', cause: expect.stringMatching(/^A run must have at least 10 records, the minimum of a batch job, got 9\. Nothing was submitted\./) });
    expect(scene.jobs.jobs).toEqual([]);
  });

  test('are run on demand if smallRuns allows it, at the on-demand price', async () => {
    scene.s3.put(INPUT, 'a.jsonl', lines(9));
    // 9 x 20 in at $0.80 a million + 9 x 5 out at $3.20: $0.000144 + $0.000144
    expect(await run({ ...FEW, smallRuns: SmallRuns.ON_DEMAND })).toMatchObject({ status: 'SUCCEEDED', output: { succeeded: 9, jobs: 0, costUsd: '0.000288' } });
    expect(ids(scene.lines('results'))).toEqual(named(9));
    expect(scene.runtime.asked).toHaveLength(9);
  });

  test('are run with Converse if their format is Converse', async () => {
    scene.s3.put(INPUT, 'a.jsonl', lines(2));
    await run({ ...FEW, smallRuns: SmallRuns.ON_DEMAND, modelInvocationType: ModelInvocationType.CONVERSE });
    expect(scene.runtime.asked.map(({ operation }) => operation)).toEqual(['converse', 'converse']);
    expect(scene.lines('results')[0]).toMatchObject({ recordId: 'r0', modelOutput: { usage: { inputTokens: 20 } } });
  });

  test('are retried if the model was busy, and not if it may have answered', async () => {
    scene.s3.put(INPUT, 'a.jsonl', lines(3));
    const asked = new Map<string, number>();
    scene.runtime.answer = (_, request) => {
      const { text } = request.messages[0].content[0];
      const times = (asked.get(text) ?? 0) + 1;
      asked.set(text, times);
      if (text.endsWith('r0')) return 'lost';
      return text.endsWith('r1') && times === 1 ? { status: 429, error: 'ThrottlingException' } : { body: { usage: { inputTokens: 1, outputTokens: 1 } } };
    };
    expect(await run({ ...FEW, smallRuns: SmallRuns.ON_DEMAND })).toMatchObject({ status: 'FAILED', error: 'RecordsNotProcessed' });
    expect([...asked.values()]).toEqual([1, 2, 1]);
    expect(ids(scene.lines('results'))).toEqual(['r1', 'r2']);
    expect(scene.lines('dead-letters')).toMatchObject([{ record: { recordId: 'r0' }, error: { kind: 'AnswerLost' } }]);
  });

  test('are retried with increasing waits while the model throttles', async () => {
    scene.s3.put(INPUT, 'a.jsonl', lines(9));
    let quota = 0;
    scene.runtime.answer = () => (quota++ % 3 === 0 ? { body: { usage: { inputTokens: 1, outputTokens: 1 } } } : { status: 429, error: 'ThrottlingException' });
    expect(await run({ ...FEW, smallRuns: SmallRuns.ON_DEMAND, maxAttempts: 1 })).toMatchObject({ status: 'SUCCEEDED', output: { succeeded: 9 } });
  });

  test('are not requested twice by a repeated call of the function', async () => {
    scene.s3.put(INPUT, 'a.jsonl', lines(3));
    let calls = 0;
    scene.onStep = async (step, act) => {
      const answer = await act();
      if (step === 'invoke' && ++calls === 1) throw new Error('the answer of the function was lost');
      return answer;
    };
    expect(await run({ ...FEW, smallRuns: SmallRuns.ON_DEMAND })).toMatchObject({ status: 'SUCCEEDED' });
    expect([calls, scene.runtime.asked.length]).toEqual([2, 3]);
  });
});

describe('prompts', () => {
  const answered = () => scene.lines('results').map(({ recordId, modelInput: { system, messages, inferenceConfig } }) => [recordId, system?.[0].text, messages[0].content[0].text, inferenceConfig?.maxTokens]);

  test('in lines of JSON become records of the model', async () => {
    scene.s3.put(INPUT, 'a.jsonl', '"plain"\n{"recordId":"b","prompt":"in a field"}\n""\n');
    expect(await run({ prompts: BatchPrompts.jsonl({ maxTokens: 50, system: 'Be brief.' }) })).toMatchObject({ status: 'FAILED' });
    expect(answered()).toEqual([['00000000000', 'Be brief.', 'plain', 50], ['b', 'Be brief.', 'in a field', 50]]);
    expect(scene.lines('dead-letters')).toMatchObject([{ source: { key: 'a.jsonl', line: 3 }, error: { kind: 'InvalidRecord' }, content: '""' }]);
  });

  test('in CSV become records of Converse', async () => {
    scene.s3.put(INPUT, 'a.csv', 'id,question\r\n1,"first, with\na ""second"" line"\r\n2,\r\n3,last\r\n');
    await run({ prompts: BatchPrompts.csv({ maxTokens: 5, promptField: 'question', idField: 'id' }), modelInvocationType: ModelInvocationType.CONVERSE, model: BedrockModel.of('us.amazon.nova-pro-v1:0') });
    expect(answered()).toEqual([['1', undefined, 'first, with\na "second" line', 5], ['3', undefined, 'last', 5]]);
    expect(scene.lines('dead-letters')).toMatchObject([{ source: { key: 'a.csv', line: 4 } }]);
  });

  test('without the column fail before any cost', async () => {
    scene.s3.put(INPUT, 'a.csv', 'id,question\n1,what\n');
    expect(await run({ prompts: BatchPrompts.csv({ maxTokens: 5 }) })).toMatchObject({ status: 'FAILED' });
    expect(scene.jobs.jobs).toEqual([]);
  });
});

describe('a request', () => {
  test('that arrives twice is run once', async () => {
    scene.s3.put(INPUT, 'a.jsonl', lines(10));
    expect(await run({}, { requestId: 'monday' })).toMatchObject({ status: 'SUCCEEDED', output: { succeeded: 10 } });
    expect(await run({}, { requestId: 'monday' })).toMatchObject({ status: 'SUCCEEDED' });
    expect(scene.jobs.jobs).toHaveLength(1);
    expect(await run({}, { requestId: 'tuesday' })).toMatchObject({ output: { succeeded: 10 } });
    expect(scene.jobs.jobs).toHaveLength(2);
  });

  test('that arrives again after a failure fails, and names the execution to redrive', async () => {
    scene.s3.put(INPUT, 'a.jsonl', lines(1));
    expect(await run({}, { requestId: 'monday' }, 'first')).toMatchObject({ status: 'FAILED', error: 'TooFewRecords' });
    expect(await run({}, { requestId: 'monday' })).toMatchObject({ status: 'FAILED', error: 'DuplicateRequest', cause: expect.stringMatching(/:Nightly:first has the same requestId, "monday", and has not succeeded\. Redrive it/) });
    expect(await run({}, { requestId: 'monday', isEvent: true })).toMatchObject({ status: 'SUCCEEDED' });
  });

  test('for an object is run once for each write of the object', async () => {
    scene.s3.put(INPUT, 'in/a.jsonl', lines(3));
    const arrival = (sequencer: string) => run({ input: BatchInput.prefix('in') }, { inputKey: 'in/a.jsonl', sequencer, isEvent: true });
    for (const sequencer of ['01', '01', '02']) expect(await arrival(sequencer)).toMatchObject({ status: 'SUCCEEDED' });
    expect(scene.jobs.jobs).toHaveLength(2);
  });

  test('of an event that arrives twice at once is run once', async () => {
    scene.s3.put(INPUT, 'a.jsonl', lines(10));
    const ended = await Promise.all([run({}, { requestId: 'x', isEvent: true }), run({}, { requestId: 'x', isEvent: true })]);
    expect(ended.map(({ status }) => status)).toEqual(['SUCCEEDED', 'SUCCEEDED']);
    expect(scene.jobs.jobs).toHaveLength(1);
  });

  test('may have a file or folder within the folder of the batch', async () => {
    for (const key of ['in/a/1.jsonl', 'in/b/1.jsonl']) scene.s3.put(INPUT, key, lines(3, key[3]));
    await run({ input: BatchInput.prefix('in') }, { inputKey: 'in/b/1.jsonl' });
    expect(ids(scene.lines('results'))).toEqual(named(3, 'b'));
  });

  test.each([
    ['a file outside of the folder', { inputKey: 'other/a.jsonl' }, '{"errorType":"InvalidBatchInput","errorMessage":"inputKey of the execution\'s input must begin with \\"in/\\", got \\"other/a.jsonl\\".","trace":[]}'],
    ['a file that is not there', { inputKey: 'in/none.jsonl' }, 's3://records/in/none.jsonl does not exist.'],
    ['a file and a folder', { inputKey: 'in/a', inputPrefix: 'in/' }, 'has both inputKey and inputPrefix'],
    ['no text', { requestId: 5 }, '{"errorType":"InvalidBatchInput","errorMessage":"requestId of the execution\'s input must be a text that is not empty, got 5.","trace":[]}'],
  ])('for %s fails, and costs nothing', async (_, request, cause) => {
    expect(await run({ input: BatchInput.prefix('in') }, request)).toMatchObject({ status: 'FAILED', error: 'InvalidBatchInput', cause: expect.stringContaining(cause) });
    expect(scene.jobs.jobs).toEqual([]);
  });

  test.each([
    ['no list', '{}', 'must be a JSON array of keys'],
    ['a number', '[1]', 'entry 0 of the manifest must be a key or an s3:// URI, got 1.'],
    ['another bucket', '["s3://other/a"]', '{"errorType":"InvalidBatchInput","errorMessage":"entry 0 of the manifest must be a file of the bucket records, got \\"s3://other/a\\".","trace":[]}'],
    ['a file twice', '["a","a"]', 'once, since its records are billed each time, got \\"a\\" twice'],
    ['a file that is not there', '["a"]', 's3://records/a does not exist.'],
  ])('for a manifest that names %s fails', async (_, manifest, cause) => {
    scene.s3.put(INPUT, 'm.json', manifest);
    expect(await run({ input: BatchInput.manifest('m.json') })).toMatchObject({ status: 'FAILED', error: 'InvalidBatchInput', cause: expect.stringContaining(cause) });
  });

  test('for a file that changes while it is read fails', async () => {
    scene.s3.put(INPUT, 'a.jsonl', lines(5));
    scene.onStep = (step, act) => {
      if (step === 'split') scene.s3.put(INPUT, 'a.jsonl', lines(6));
      return act();
    };
    expect(await run()).toMatchObject({ status: 'FAILED', cause: expect.stringContaining('was changed while it was read') });
  });
});
