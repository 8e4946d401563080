import { RESTORED_FROM_TAG } from '../../src/lambda/provisioned-model-throughput/contract';
import { AlarmEvent, ManualEvent } from '../../src/lambda/stop-spending/contract';
import type * as Handler from '../../src/lambda/stop-spending/index.lambda';
import { StoredThroughput } from '../fakes/bedrock/stored-throughput';
import { FakeAws } from '../fakes/fake-aws';
import { Fault } from '../fakes/faults';
import { fc } from '../fast-check';
import { alarm, BATCH_ROLE, deletedIn, deploy, DENY_POLICY, loadHandler, RECORD, recordOf } from '../harness/stop-spending';
import { runs } from '../runs';

const RUNS = runs({ quick: 20, full: 120 });
const TIMEOUT_MS = 3_600_000;
const TIMERS = [
  'hrtime', 'nextTick', 'performance', 'queueMicrotask', 'setImmediate', 'clearImmediate', 'setInterval', 'clearInterval', 'setTimeout', 'clearTimeout',
] as const;
const ROLES = ['A', 'B', 'C'];

let aws: FakeAws;
let handler: typeof Handler;
beforeAll(async () => {
  aws = await FakeAws.start();
  handler = loadHandler(aws.endpoint);
  for (const level of ['info', 'error'] as const) jest.spyOn(console, level).mockImplementation();
  // Only the date is set by the test: the SDK needs its timers.
  jest.useFakeTimers({ now: Date.now(), doNotFake: [...TIMERS] });
});
afterAll(async () => {
  jest.useRealTimers();
  await aws.stop();
});

const OPERATIONS = [
  'AttachRolePolicy', 'DetachRolePolicy', 'Publish', 'GetParameter', 'PutParameter', 'GetParametersByPath', 'ListModelInvocationJobs', 'StopModelInvocationJob', 'GetModelInvocationJob',
  'CreateProvisionedModelThroughput', 'GetProvisionedModelThroughput', 'DeleteProvisionedModelThroughput', 'ListTagsForResource',
];

const fault: fc.Arbitrary<Fault> = fc.record({
  operation: fc.constantFrom(...OPERATIONS, 'CreateProvisionedModelThroughput', 'DeleteProvisionedModelThroughput', 'PutParameter'),
  // Lost before or after the call took effect, throttled, or denied.
  answer: fc.constantFrom({ status: 500, error: 'InternalFailure' }, { status: 0, error: '' }, { status: 400, error: 'ThrottlingException' }, { status: 403, error: 'AccessDeniedException' }),
  afterwards: fc.boolean(),
  // The SDK makes six attempts at one request.
  times: fc.constantFrom(1, 2, 5, 6, 12),
}).map(({ answer, ...rest }) => ({ ...rest, ...answer }));

type Step = { readonly kind: 'exceed' | 'relax' | 'stop' | 'undo' | 'verify' | 'job' | 'settle' | 'detach' | 'rewrite' | 'break' } | { readonly kind: 'again'; readonly which: number };

const step: fc.Arbitrary<{ step: Step; faults: Fault[] }> = fc.record({
  step: fc.oneof(
    fc.constantFrom<Step>(
      { kind: 'exceed' }, { kind: 'relax' }, { kind: 'stop' }, { kind: 'undo' }, { kind: 'verify' }, { kind: 'job' }, { kind: 'settle' },
      { kind: 'detach' }, { kind: 'rewrite' }, { kind: 'break' },
    ),
    fc.record({ kind: fc.constant('again' as const), which: fc.nat(20) }),
  ),
  faults: fc.array(fault, { maxLength: 3 }),
});

interface History {
  readonly uniqueNames: boolean;
  readonly steps: { step: Step; faults: Fault[] }[];
}

const history: fc.Arbitrary<History> = fc.record({ uniqueNames: fc.boolean(), steps: fc.array(step, { minLength: 1, maxLength: 7 }) });

/** A budget of three roles, two throughputs without a commitment, one with, and a batch. */
class Scene {
  private readonly sent: AlarmEvent[] = [];
  private jobs = 0;

  constructor(uniqueNames: boolean) {
    aws.reset();
    aws.bedrock.throughputs.behaviour.uniqueNames = uniqueNames;
    for (const role of ROLES) aws.roles.set(role, new Set(['own']));
    const [chat, search, committed] = [
      aws.throughput('chat', { tags: [{ key: 'team', value: 'chat' }] }), aws.throughput('search', { desiredModelUnits: 1, modelUnits: 1 }), aws.throughput('committed', { commitmentDuration: 'OneMonth' }),
    ].map(({ provisionedModelArn }) => provisionedModelArn);
    deploy(
      aws, ...ROLES.map((role) => ({ role })), { batch: 'Nightly', jobNamePrefix: 'Nightly', roleArn: BATCH_ROLE },
      { throughput: 'Chat', arn: chat }, { throughput: 'Search', arn: search }, { throughput: 'Committed', arn: committed },
    );
  }

  public async play({ step: { kind, ...more }, faults }: { step: Step; faults: Fault[] }): Promise<void> {
    aws.faults = [...faults];
    switch (kind) {
      case 'job': return void this.submit();
      case 'settle': return this.settle();
      // AWS Budgets or an administrator detaches the policy.
      case 'detach': return void aws.roles.get('B')!.delete(DENY_POLICY);
      // CloudFormation writes the value again when the description or a tag of the parameter changes.
      case 'rewrite': return aws.parameters.write(RECORD, '{"state":"running"}');
      case 'break': return aws.parameters.write(RECORD, '{"state":');
      case 'exceed': return this.send(this.alarm('ALARM'));
      case 'relax': return this.send(this.alarm('OK'));
      case 'again': return this.sent.length > 0 ? this.send(this.sent[(more as { which: number }).which % this.sent.length]) : undefined;
      default: return this.send({ do: kind });
    }
  }

  public submit(): void {
    aws.job(`Nightly-${++this.jobs}`, BATCH_ROLE);
  }

  public settle(): void {
    for (const throughput of aws.throughputs.values()) throughput.status = 'InService';
  }

  /** Sends a new event without any fault. */
  public async clean(value: 'ALARM' | 'OK'): Promise<void> {
    aws.faults = [];
    this.settle();
    await handler.handler(this.alarm(value));
  }

  /** The state that undoing must restore, without ARNs: a new purchase has a new ARN. */
  public get state() {
    const lasting = ({ provisionedModelName: name, desiredModelArn, desiredModelUnits, commitmentDuration, tags }: StoredThroughput) =>
      JSON.stringify([name, desiredModelArn, desiredModelUnits, commitmentDuration, tags.filter(({ key }) => key !== RESTORED_FROM_TAG)]);
    return {
      roles: [...aws.roles].map(([role, policies]) => [role, ...policies]),
      throughputs: [...aws.throughputs.values()].map(lasting).sort(),
      record: { state: recordOf(aws).state, denied: recordOf(aws).denied, deleted: recordOf(aws).deleted },
    };
  }

  private alarm(value: 'ALARM' | 'OK'): AlarmEvent {
    // One minute later than all earlier events.
    jest.setSystemTime(Date.now() + 60_000);
    const event = alarm(value, new Date().toISOString());
    this.sent.push(event);
    return event;
  }

  /** Sends an event as Lambda does: up to three attempts. */
  private async send(event: AlarmEvent | ManualEvent): Promise<void> {
    for (let tries = 0; tries < 3; tries++) {
      try {
        return void await handler.handler(event);
      } catch {
        // Retried.
      }
      if ('do' in event) return;
    }
  }
}

function expectNothingTwiceAndNothingLost(): void {
  const names = [...aws.throughputs.values()].map(({ provisionedModelName }) => provisionedModelName);
  expect(names).toEqual([...new Set(names)]);
  const remembered = deletedIn(aws).map(({ name }) => name);
  expect([...new Set([...names, ...remembered])].sort()).toEqual(['chat', 'committed', 'search']);
}

test('after any events, an undo without faults restores the beginning, and no throughput was ever bought twice or lost', async () => {
  await fc.assert(fc.asyncProperty(history, async ({ uniqueNames, steps }) => {
    const scene = new Scene(uniqueNames);
    const beginning = scene.state;
    for (const played of steps) {
      await scene.play(played);
      expectNothingTwiceAndNothingLost();
    }
    await scene.clean('OK');
    expect(scene.state).toEqual(beginning);
  }), { numRuns: RUNS });
}, TIMEOUT_MS);

/** A purchase that the record does not have, since a write failed, and that a deletion skipped, since it was still being created. */
const BOUGHT_UNRECORDED: History = {
  uniqueNames: false,
  steps: [
    { step: { kind: 'exceed' }, faults: [] },
    { step: { kind: 'relax' }, faults: [{ operation: 'PutParameter', afterwards: false, times: 5, status: 403, error: 'AccessDeniedException' }] },
    { step: { kind: 'exceed' }, faults: [] },
    { step: { kind: 'undo' }, faults: [] },
    { step: { kind: 'exceed' }, faults: [] },
  ],
};

test('after any events, a stop without faults leaves no cost', async () => {
  await fc.assert(fc.asyncProperty(history, async ({ uniqueNames, steps }) => {
    const scene = new Scene(uniqueNames);
    for (const played of steps) await scene.play(played);
    scene.submit();
    await scene.clean('ALARM');
    expect([...aws.roles.values()].every((policies) => policies.has(DENY_POLICY))).toBe(true);
    expect([...aws.jobs.values()].filter(({ status }) => status !== 'Stopping')).toEqual([]);
    expect([...aws.throughputs.values()].map(({ provisionedModelName }) => provisionedModelName)).toEqual(['committed']);
    expectNothingTwiceAndNothingLost();
  }), { numRuns: RUNS, examples: [[BOUGHT_UNRECORDED]] });
}, TIMEOUT_MS);
