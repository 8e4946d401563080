import { createHash } from 'node:crypto';
import { runStateMachine, StateMachineRun } from './state-machine';
import { FakeS3 } from '../../fakes/s3/fake-s3';

const INVOKE = 'arn:aws:states:::lambda:invoke';
const LAMBDA = 'arn:aws:lambda:us-east-1:111111111111:function:steps';
const CREATE = 'arn:aws:states:::aws-sdk:bedrock:createModelInvocationJob';
const GET = 'arn:aws:states:::aws-sdk:bedrock:getModelInvocationJob';
const EXECUTION = 'arn:aws:states:us-east-1:111111111111:execution:Batch:monday';

type Answer = (payload: any, call: number) => unknown;

/** An error with a name, as a function throws it. */
function named(name: string, message = 'no'): Error {
  return Object.assign(new Error(message), { name });
}

/** Runs a machine with one function. Returns the result, the payloads of the function, and the waits. */
async function run(definition: object, answer: Answer = (payload) => payload, options: Partial<StateMachineRun> = {}) {
  const payloads: any[] = [];
  const waits: number[] = [];
  const result = await runStateMachine(definition, {
    input: {},
    executionId: EXECUTION,
    startTime: '2026-11-25T02:00:00Z',
    onWait: (seconds) => void waits.push(seconds),
    tasks: {
      lambda: async (_arn, payload) => answer(payload, payloads.push(payload)),
      bedrock: async () => { throw new Error('not asked for'); },
    },
    ...options,
  });
  return { ...result, payloads, waits };
}

function only(state: object, name = 'Only'): object {
  return { StartAt: name, States: { [name]: { ...state, End: true } } };
}

function invoke(payload: object, more: object = { End: true }): object {
  return { Type: 'Task', Resource: INVOKE, Parameters: { FunctionName: LAMBDA, Payload: payload }, ResultSelector: { 'answer.$': '$.Payload' }, ...more };
}

describe('a function', () => {
  test('gets its payload and answers as lambda:invoke does', async () => {
    const machine = only({ Type: 'Task', Resource: INVOKE, Parameters: { FunctionName: LAMBDA, Payload: { 'a.$': '$.b' } } });
    const { status, output, payloads, transitions } = await run(machine, () => ({ when: new Date(0), nothing: undefined }), { input: { b: [1] } });
    expect({ status, transitions, payloads }).toEqual({ status: 'SUCCEEDED', transitions: 1, payloads: [{ a: [1] }] });
    expect(output).toEqual({ ExecutedVersion: '$LATEST', StatusCode: 200, Payload: { when: '1970-01-01T00:00:00.000Z' } });
  });

  test('that throws fails the execution, with the name and the cause of AWS', async () => {
    const { status, error, cause } = await run(only(invoke({}, {})), () => { throw named('InvalidBatchInput', 'line 3'); });
    expect({ status, error }).toEqual({ status: 'FAILED', error: 'InvalidBatchInput' });
    expect(JSON.parse(cause!)).toMatchObject({ errorType: 'InvalidBatchInput', errorMessage: 'line 3' });
  });

  test('finds the execution in the context', async () => {
    const payload = { 'id.$': '$$.Execution.Id', 'name.$': '$$.Execution.Name', 'start.$': '$$.Execution.StartTime', 'input.$': '$$.Execution.Input' };
    const { payloads } = await run(only(invoke(payload, {})), undefined, { input: { requestId: 'x' } });
    expect(payloads).toEqual([{ id: EXECUTION, name: 'monday', start: '2026-11-25T02:00:00Z', input: { requestId: 'x' } }]);
  });

  test('that returns more than 256 KB fails the execution with any Catch', async () => {
    const machine = { StartAt: 'A', States: { A: invoke({}, { Catch: [{ ErrorEquals: ['States.ALL'], Next: 'B' }], Next: 'B' }), B: { Type: 'Succeed' } } };
    const { status, error } = await run(machine, () => 'x'.repeat(262_145));
    expect({ status, error }).toEqual({ status: 'FAILED', error: 'States.DataLimitExceeded' });
  });
});

test('a state that receives more than 256 KB from earlier states fails too', async () => {
  const big = (end: object, ResultPath: string) => invoke({}, { ResultPath, ...end });
  const machine = { StartAt: 'A', States: { A: big({ Next: 'B' }, '$.a'), B: big({ Next: 'C' }, '$.b'), C: { Type: 'Pass', End: true } } };
  expect(await run(machine, () => 'x'.repeat(140_000))).toMatchObject({ error: 'States.DataLimitExceeded', cause: expect.stringContaining('input of C') });
});

describe('Retry', () => {
  const retried = (Retry: object[]) => only(invoke({}, { Retry }));

  test('waits longer each time and is a transition each time', async () => {
    const machine = retried([{ ErrorEquals: ['Busy'], IntervalSeconds: 2, MaxAttempts: 4, BackoffRate: 3, MaxDelaySeconds: 20 }]);
    const { status, waits, transitions, payloads } = await run(machine, (_, call) => {
      if (call < 5) throw named('Busy');
      return 'done';
    });
    expect({ status, waits, transitions, calls: payloads.length }).toEqual({ status: 'SUCCEEDED', waits: [2, 6, 18, 20], transitions: 5, calls: 5 });
  });

  test('counts for each retrier, takes the first that fits, and ends with the last error', async () => {
    const errors = ['A', 'B', 'A', 'B', 'B'];
    const machine = retried([{ ErrorEquals: ['A'], MaxAttempts: 2 }, { ErrorEquals: ['States.ALL'], MaxAttempts: 2, BackoffRate: 1 }]);
    const { status, error, waits } = await run(machine, (_, call) => { throw named(errors[call - 1], `${call}`); });
    expect({ status, error, waits }).toEqual({ status: 'FAILED', error: 'B', waits: [1, 1, 2, 1] });
  });

  test('not at all for other errors, nor with no attempts', async () => {
    const machine = retried([{ ErrorEquals: ['Never'], MaxAttempts: 0 }, { ErrorEquals: ['States.ALL'] }]);
    expect((await run(machine, () => { throw named('Never'); })).payloads.length).toBe(1);
    const others = retried([{ ErrorEquals: ['Busy'] }]);
    expect((await run(others, () => { throw named('Other'); })).payloads.length).toBe(1);
  });

  test('comes before Catch', async () => {
    const Catch = [{ ErrorEquals: ['States.TaskFailed'], Next: 'Caught', ResultPath: '$.error' }];
    const machine = {
      StartAt: 'Try',
      States: { Try: invoke({}, { Retry: [{ ErrorEquals: ['Busy'], MaxAttempts: 1 }], Catch, End: true }), Caught: { Type: 'Pass', End: true } },
    };
    const { output, payloads } = await run(machine, () => { throw named('Busy'); }, { input: { kept: 1 } });
    expect(payloads.length).toBe(2);
    expect(output).toEqual({ kept: 1, error: { Error: 'Busy', Cause: expect.stringContaining('"errorMessage":"no"') } });
  });
});

describe('Catch', () => {
  const caught = (Catch: object[]) => ({
    StartAt: 'Try',
    States: { Try: invoke({}, { Catch, Next: 'Other' }), Caught: { Type: 'Pass', End: true }, Other: { Type: 'Fail', Error: 'NotCaught', Cause: 'x' } },
  });

  test('takes the first that fits and replaces the input', async () => {
    const machine = caught([{ ErrorEquals: ['A'], Next: 'Other' }, { ErrorEquals: ['B', 'C'], Next: 'Caught', ResultPath: '$' }]);
    const { output } = await run(machine, () => { throw named('C'); }, { input: { kept: 1 } });
    expect(output).toEqual({ Error: 'C', Cause: expect.any(String) });
  });

  test('leaves the input with ResultPath null, and is not for other errors', async () => {
    const machine = caught([{ ErrorEquals: ['A'], Next: 'Caught', ResultPath: null }]);
    expect((await run(machine, () => { throw named('A'); }, { input: { kept: 1 } })).output).toEqual({ kept: 1 });
    expect((await run(machine, () => { throw named('B'); })).error).toBe('B');
  });

  test('does not take States.Runtime', async () => {
    const Try = invoke({ 'a.$': '$.nowhere' }, { Catch: [{ ErrorEquals: ['States.ALL'], Next: 'End' }], Next: 'End' });
    expect(await run({ StartAt: 'Try', States: { Try, End: { Type: 'Succeed' } } })).toMatchObject({ status: 'FAILED', error: 'States.Runtime' });
  });
});

describe('time', () => {
  /** A loop of waits that never ends. */
  const poll = (Seconds: number) => ({
    StartAt: 'A',
    States: { A: { Type: 'Wait', Seconds, Next: 'B' }, B: { Type: 'Choice', Choices: [{ Variable: '$.end', IsPresent: true, Next: 'C' }], Default: 'A' }, C: { Type: 'Succeed' } },
  });

  test('advances by the waits', async () => {
    const machine = {
      StartAt: 'A',
      States: {
        A: { Type: 'Wait', Seconds: 60, Next: 'B' },
        B: { Type: 'Wait', SecondsPath: '$.poll', Next: 'C' },
        C: { Type: 'Wait', Timestamp: '2026-11-25T02:02:00Z', Next: 'D' },
        D: { Type: 'Pass', End: true },
      },
    };
    expect(await run(machine, undefined, { input: { poll: 45 } })).toMatchObject({ waits: [60, 45, 15], output: { poll: 45 }, transitions: 4 });
  });

  test('is common to concurrent waits', async () => {
    const iteration = { StartAt: 'W', States: { W: { Type: 'Wait', SecondsPath: '$.s', Next: 'Tell' }, Tell: invoke({ 's.$': '$.s' }) } };
    const input = { all: [{ s: 30 }, { s: 10 }, { s: 30 }, { s: 20 }] };
    const { waits, payloads } = await run(only({ Type: 'Map', ItemsPath: '$.all', ItemProcessor: iteration }), undefined, { input });
    expect(waits).toEqual([10, 10, 10]);
    expect(payloads.map(({ s }) => s)).toEqual([10, 20, 30, 30]);
  });

  test('does not advance while a function runs', async () => {
    let isDone = false;
    const machine = only({ Type: 'Parallel', Branches: [only(invoke({}, {}), 'Work'), only({ Type: 'Wait', Seconds: 5 }, 'Wait')] });
    const work = () => new Promise((done) => setTimeout(() => done(isDone = true), 20));
    const before: boolean[] = [];
    await run(machine, work, { onWait: () => before.push(isDone) });
    expect(before).toEqual([true]);
  });

  test('ends at the timeout of the machine, also for endless polling', async () => {
    const { error, waits } = await run({ TimeoutSeconds: 100, ...poll(30) });
    expect({ error, waits }).toEqual({ error: 'States.Timeout', waits: [30, 30, 30] });
  });

  test('and at the end of the history', async () => {
    const { error, cause, longestHistory } = await run(poll(1));
    expect({ error, longestHistory }).toEqual({ error: 'States.Runtime', longestHistory: 25_002 });
    expect(cause).toContain('25000');
  });
});

describe('Choice', () => {
  const choice = (rule: object) => ({
    StartAt: 'C',
    States: {
      C: { Type: 'Choice', Choices: [{ ...rule, Next: 'Yes' }], Default: 'No' },
      Yes: { Type: 'Pass', Result: 'yes', End: true },
      No: { Type: 'Pass', Result: 'no', End: true },
    },
  });

  test.each<[string, object, object, string]>([
    ['a text', { Variable: '$.a', StringEquals: 'x' }, { a: 'x' }, 'yes'],
    ['a number', { Variable: '$.a', NumericGreaterThan: 1 }, { a: 1 }, 'no'],
    ['presence', { Variable: '$.a', IsPresent: true }, {}, 'no'],
    ['absence', { Variable: '$.a', IsPresent: false }, {}, 'yes'],
    ['absence of what is there', { Variable: '$.a', IsPresent: false }, { a: null }, 'no'],
    ['absence in an And', { And: [{ Variable: '$.a', IsPresent: false }, { Variable: '$.b', IsString: false }] }, { b: 1 }, 'yes'],
    ['a Not', { Not: { Variable: '$.a', IsPresent: false } }, {}, 'no'],
    ['an Or', { Or: [{ Variable: '$.a', StringMatches: 'job-*' }, { Variable: '$.b', BooleanEquals: true }] }, { a: 'x', b: true }, 'yes'],
  ])('%s', async (_, rule, input, expected) => {
    expect((await run(choice(rule), undefined, { input })).output).toBe(expected);
  });

  test('that nothing fits fails', async () => {
    const machine = { StartAt: 'C', States: { C: { Type: 'Choice', Choices: [{ Variable: '$.a', IsPresent: true, Next: 'D' }] }, D: { Type: 'Succeed' } } };
    expect((await run(machine)).error).toBe('States.NoChoiceMatched');
  });
});

describe('intrinsic functions', () => {
  const evaluate = async (template: object, input: object) => (await run(only({ Type: 'Pass', Parameters: template }), undefined, { input })).output;

  test('States.Format, with the context too', async () => {
    const template = { 'a.$': "States.Format('{}-{}/{}', $.prefix, $.round, $$.Execution.Name)", 'b.$': "States.Format('it\\'s \\{{}\\}', $.round)" };
    expect(await evaluate(template, { prefix: 'job', round: 2 })).toEqual({ a: 'job-2/monday', b: "it's {2}" });
  });

  test.each(['MD5', 'SHA-1', 'SHA-256', 'SHA-512'])('States.Hash with %s', async (algorithm) => {
    for (const text of ['a', 'x'.repeat(55), 'x'.repeat(56), 'x'.repeat(64), 'ü€'.repeat(40), 'x'.repeat(112), 'x'.repeat(1000)]) {
      const { hash } = await evaluate({ 'hash.$': `States.Hash($.text, '${algorithm}')` }, { text });
      expect(hash).toBe(createHash(algorithm.replace('-', '')).update(text).digest('hex'));
    }
  });

  test('States.JsonToString, alone and in another', async () => {
    const input = { request: { key: 'in/a b.jsonl', n: [1, null] } };
    const template = { 'text.$': 'States.JsonToString($.request)', 'hash.$': "States.Hash(States.JsonToString($.request), 'SHA-256')" };
    const { text, hash } = await evaluate(template, input);
    expect(text).toBe(JSON.stringify(input.request));
    expect(hash).toBe(createHash('sha256').update(text).digest('hex'));
  });

  test('States.MathAdd', async () => {
    expect(await evaluate({ 'next.$': 'States.MathAdd($.round, 1)', 'less.$': 'States.MathAdd($.round, -1)' }, { round: 1 })).toEqual({ next: 2, less: 0 });
  });

  test('texts with quotes, backslashes, parentheses and commas', async () => {
    const input = { a: '"(\\', list: [{ b: 1 }] };
    const template = { 'json.$': 'States.JsonToString($)', 'text.$': "States.Format('a), {}, \\\\', $.a)", 'b.$': "States.StringToJson(States.JsonToString($.list[0]['b']))" };
    expect(await evaluate(template, input)).toEqual({ json: JSON.stringify(input), text: 'a), "(\\, \\', b: 1 });
  });

  test('one that there is not ends the execution', async () => {
    expect(await run(only({ Type: 'Pass', Parameters: { 'a.$': 'States.UUID()' } }))).toMatchObject({ status: 'FAILED', error: 'States.Runtime' });
  });
});

describe('Map and Parallel', () => {
  const payload = { 'n.$': '$.n', 'i.$': '$$.Map.Item.Index', 'start.$': '$$.Execution.Input.start' };
  const echo = only(invoke(payload, { OutputPath: '$.answer.n' }), 'Echo');

  test('a Map gives each item what it selects, in order, and knows where it is', async () => {
    const machine = only({
      Type: 'Map',
      InputPath: '$.in',
      ItemsPath: '$.items',
      MaxConcurrency: 2,
      ResultPath: '$.out',
      ItemProcessor: echo,
      ItemSelector: { 'n.$': '$$.Map.Item.Value', 'all.$': '$.items[0]' },
    });
    const { output, payloads, transitions } = await run(machine, undefined, { input: { start: 's', in: { items: [5, 6, 7] } } });
    expect(output).toEqual({ start: 's', in: { items: [5, 6, 7] }, out: [5, 6, 7] });
    expect(payloads).toEqual([5, 6, 7].map((n, i) => ({ n, i, start: 's' })));
    expect(transitions).toBe(4);
  });

  test('a Map does so many at a time, and begins nothing after it has failed', async () => {
    let [now, most] = [0, 0];
    const steps = { StartAt: 'A', States: { A: invoke({ 'n.$': '$' }, { Next: 'B' }), B: invoke({}) } };
    const { error, payloads } = await run(only({ Type: 'Map', ItemsPath: '$', MaxConcurrency: 2, ItemProcessor: steps }), async ({ n }) => {
      most = Math.max(most, ++now);
      await new Promise((done) => setTimeout(done, n === 3 ? 5 : 10));
      now--;
      if (n === 3) throw named('Bad');
      return n;
    }, { input: [1, 2, 3, 4, 5, 6] });
    expect({ error, most }).toEqual({ error: 'Bad', most: 2 });
    expect(payloads.map(({ n }) => n).filter((n) => n !== undefined)).toEqual([1, 2, 3, 4]);
    expect(payloads.length).toBe(6);
  });

  test('a Map is tried again as a whole, and its error is caught', async () => {
    const [Retry, Catch] = [[{ ErrorEquals: ['Bad'], MaxAttempts: 1 }], [{ ErrorEquals: ['Bad'], Next: 'C' }]];
    const M = { Type: 'Map', ItemsPath: '$.l', ItemProcessor: only(invoke({}, {}), 'I'), Retry, Catch, End: true };
    const machine = { StartAt: 'M', States: { M, C: { Type: 'Pass', End: true } } };
    const { output, payloads, waits } = await run(machine, () => { throw named('Bad'); }, { input: { l: [1] } });
    expect({ output, calls: payloads.length, waits }).toMatchObject({ output: { Error: 'Bad' }, calls: 2, waits: [1] });
  });

  test('Parallel gives its input to each branch, and ends with the first that fails', async () => {
    const branch = (n: number) => ({ StartAt: `S${n}`, States: { [`S${n}`]: invoke({ n, 'a.$': '$.a', 'x.$': '$$.Execution.Input.x' }) } });
    const machine = only({ Type: 'Parallel', InputPath: '$.p', Branches: [branch(1), branch(2)] });
    const input = { x: 9, p: { a: 1 } };
    expect((await run(machine, undefined, { input })).output).toEqual([1, 2].map((n) => ({ answer: { n, a: 1, x: 9 } })));
    expect((await run(machine, ({ n }) => { throw named(`Bad${n}`); }, { input })).error).toBe('Bad1');
  });
});

describe('Bedrock', () => {
  const create = only({ Type: 'Task', Resource: CREATE, Parameters: { 'JobName.$': '$.name', 'InputDataConfig': { S3InputDataConfig: { S3Uri: 's3://b/k' } } } });

  test('is asked and answers with small letters, the states have capital ones', async () => {
    const asked: unknown[] = [];
    const bedrock = async (...call: unknown[]) => {
      asked.push(call);
      return { jobArn: 'arn', submitTime: new Date(0), tags: [{ key: 'Team' }], message: undefined };
    };
    const { output } = await run(create, undefined, { input: { name: 'n' }, tasks: { bedrock, lambda: async () => 0 } });
    expect(asked).toEqual([['createModelInvocationJob', { jobName: 'n', inputDataConfig: { s3InputDataConfig: { s3Uri: 's3://b/k' } } }]]);
    expect(output).toEqual({ JobArn: 'arn', SubmitTime: '1970-01-01T00:00:00.000Z', Tags: [{ Key: 'Team' }] });
  });

  test.each([named('ThrottlingException'), Object.assign(new Error('no'), { code: 'ThrottlingException' })])('its errors bear its name', async (error) => {
    const tasks = { bedrock: async () => { throw error; }, lambda: async () => 0 };
    const { error: name, cause } = await run(create, undefined, { input: { name: 'n' }, tasks });
    expect({ name, cause }).toEqual({ name: 'Bedrock.ThrottlingException', cause: expect.stringMatching(/^no \(Service: Bedrock, Status Code: \d+, Request ID: /) });
  });
});

test.each<[string, object]>([
  ['jobName as a parameter', { Type: 'Task', Resource: CREATE, Parameters: { jobName: 'x' } }],
  ['JobIdentifer.$ as a parameter', { Type: 'Task', Resource: GET, Parameters: { 'JobIdentifer.$': '$.x' } }],
  ['the resource arn:aws:states:::sns:publish', { Type: 'Task', Resource: 'arn:aws:states:::sns:publish' }],
  ['ItemBatcher', { Type: 'Map', ItemProcessor: only({ Type: 'Pass' }), ItemBatcher: {} }],
])('a definition with %s is refused', async (problem, state) => {
  await expect(run(only(state))).rejects.toThrow(problem);
});

test('a definition that is none is refused', async () => {
  await expect(run({ StartAt: 'A', States: { A: { Type: 'Pass', Next: 'B' } } })).rejects.toThrow('invalid');
});

describe('a Distributed Map', () => {
  let s3: FakeS3;
  beforeAll(async () => { s3 = await FakeS3.start(); });
  beforeEach(() => s3.reset());
  afterAll(() => s3.stop());

  const steps = { StartAt: 'Step', States: { Step: invoke({ 'item.$': '$', 'id.$': '$$.Execution.Id', 'input.$': '$$.Execution.Input' }, { OutputPath: '$.answer', End: true }) } };
  const distributed = (more: object, InputType = 'JSON') => ({
    Type: 'Map',
    Label: 'Jobs',
    End: true,
    ResultPath: '$.results',
    ItemReader: { Resource: 'arn:aws:states:::s3:getObject', ReaderConfig: { InputType }, Parameters: { 'Bucket': 'b', 'Key.$': "States.Format('{}jobs.json', $.folder)" } },
    ItemProcessor: { ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' }, ...steps },
    ...more,
  });
  const runMap = async (state: object, answer?: Answer) => {
    const client = s3.client();
    const result = await run({ StartAt: 'Map', States: { Map: state, Caught: { Type: 'Pass', End: true } } }, answer, { input: { folder: 'f/' }, s3: client });
    client.destroy();
    return result;
  };
  const Catch = [{ ErrorEquals: ['States.ALL'], Next: 'Caught', ResultPath: '$.error' }];
  const withJobs = (count: number) => s3.put('b', 'f/jobs.json', JSON.stringify(Array.from({ length: count }, (_, n) => ({ n }))));

  test('reads its items from S3 and runs a child for each', async () => {
    withJobs(3);
    const ItemSelector = { 'job.$': '$$.Map.Item.Value', 'index.$': '$$.Map.Item.Index', 'folder.$': '$.folder' };
    const { output, payloads, transitions } = await runMap(distributed({ ItemSelector, MaxConcurrency: 2, Catch }), ({ item }) => item.job.n * 2);
    expect(output).toEqual({ folder: 'f/', results: [0, 2, 4] });
    const item = { job: { n: 1 }, index: 1, folder: 'f/' };
    expect(payloads[1]).toEqual({ item, input: item, id: 'arn:aws:states:us-east-1:111111111111:execution:Batch/Jobs:monday-1' });
    // The Map, and for each child its start and its step.
    expect(transitions).toBe(7);
  });

  test('reads lines too, and a Map without items is no error', async () => {
    s3.put('b', 'f/jobs.json', '{"n":1}\n{"n":2}\n');
    expect((await runMap(distributed({ Catch }, 'JSONL'), ({ item }) => item.n)).output.results).toEqual([1, 2]);
    withJobs(0);
    expect((await runMap(distributed({ Catch }))).output.results).toEqual([]);
  });

  test('that cannot read its items fails as such', async () => {
    expect((await runMap(distributed({ Catch }))).output.error).toEqual({ Error: 'States.ItemReaderFailed', Cause: expect.stringContaining('NoSuchKey') });
    s3.put('b', 'f/jobs.json', '{"n":');
    expect(await runMap(distributed({ Catch: [{ ErrorEquals: ['Other'], Next: 'Caught' }] }))).toMatchObject({ status: 'FAILED', error: 'States.ItemReaderFailed' });
  });

  test('fails with the first child that does, and begins no more', async () => {
    withJobs(10);
    const { output, payloads } = await runMap(distributed({ Catch, MaxConcurrency: 1 }), ({ item }) => {
      if (item.n === 2) throw named('Bad');
      return item.n;
    });
    expect(output.error).toEqual({ Error: 'States.ExceedToleratedFailureThreshold', Cause: expect.stringContaining('Bad') });
    expect(payloads.length).toBe(3);
  });

  test.each([[{ ToleratedFailurePercentage: 20 }, true], [{ ToleratedFailurePercentage: 19 }, false], [{ ToleratedFailureCount: 2 }, true], [{ ToleratedFailureCount: 1 }, false]])('with %j', async (tolerated, isEnough) => {
    withJobs(10);
    const { output } = await runMap(distributed({ Catch, ...tolerated }), ({ item }) => {
      if (item.n % 5 === 0) throw named('Bad');
      return item.n;
    });
    expect(output.results?.length ?? output.error.Error).toBe(isEnough ? 8 : 'States.ExceedToleratedFailureThreshold');
  });

  test('has more results than a state may have, unless it writes them to S3', async () => {
    withJobs(10);
    const big = () => 'x'.repeat(30_000);
    expect((await runMap(distributed({ Catch, ResultPath: null }), big)).error).toBe('States.DataLimitExceeded');
    const ResultWriter = { Resource: 'arn:aws:states:::s3:putObject', Parameters: { Bucket: 'b', Prefix: 'out' } };
    const { output } = await runMap(distributed({ Catch, ResultWriter }), big);
    const { Bucket, Key } = output.results.ResultWriterDetails;
    const { ResultFiles } = s3.json(Bucket, Key);
    expect(ResultFiles).toMatchObject({ FAILED: [], PENDING: [] });
    expect(s3.json(Bucket, ResultFiles.SUCCEEDED[0].Key).map(({ Input, Status }: any) => [Input, Status])).toContainEqual(['{"n":9}', 'SUCCEEDED']);
  });

  test('has histories of its own', async () => {
    withJobs(2);
    const { longestHistory } = await runMap(distributed({ Catch }));
    expect(longestHistory).toBe(5);
  });
});
