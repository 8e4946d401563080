import { keyOf } from '../../../src/lambda/month-to-date/ledger';
import { OWNER_TAG, RESTORED_FROM_TAG } from '../../../src/lambda/provisioned-model-throughput/contract';
import { AlarmEvent, ManualEvent, StopActionKind, StopEnv } from '../../../src/lambda/stop-spending/contract';
import type * as Handler from '../../../src/lambda/stop-spending/index.lambda';
import { StoredThroughput } from '../../fakes/bedrock/stored-throughput';
import { FakeAws } from '../../fakes/fake-aws';
import { Fault } from '../../fakes/faults';
import { alarm, ALARM_ARN, ALL_STEPS, BATCH_ROLE, configure, DELETED, deploy, DENY_POLICY, loadHandler, RECORD, recordOf, TARGETS } from '../../harness/stop-spending';

const STOPPED_AT = '2025-10-20T10:00:00.000+0000';
const LATER = '2025-10-20T11:00:00.000+0000';
const NEW_MONTH = '2025-11-01T00:10:00.000+0000';
const ISO = (time: string) => time.replace('+0000', 'Z');
const OWNER = { key: OWNER_TAG, value: 'owner' };
const TAGS = [{ key: 'team', value: 'chat' }, OWNER];

let aws: FakeAws;
let handler: typeof Handler;
let chat: StoredThroughput;
let committed: StoredThroughput;
const logged: any[] = [];

beforeAll(async () => {
  aws = await FakeAws.start();
  handler = loadHandler(aws.endpoint);
});
afterAll(async () => aws.stop());
beforeEach(() => {
  aws.reset();
  aws.now = () => Date.parse(ISO(STOPPED_AT));
  logged.length = 0;
  for (const level of ['info', 'error'] as const) jest.spyOn(console, level).mockImplementation((...line: unknown[]) => { logged.push({ level, ...JSON.parse(line[0] as string) }); });
  for (const role of ['A', 'B', 'C', 'Stranger']) aws.roles.set(role, new Set([`arn:aws:iam::111111111111:policy/Own${role}`]));
  chat = aws.throughput('chat', { tags: [...TAGS] });
  committed = aws.throughput('committed', { commitmentDuration: 'OneMonth', commitmentExpirationTime: '2026-10-31T00:00:00Z' });
  deploy(
    aws, { role: 'A' }, { role: 'B' }, { role: 'A' }, { role: 'C' }, { batch: 'Stack/Nightly', jobNamePrefix: 'Nightly', roleArn: BATCH_ROLE },
    { throughput: 'Stack/Chat', arn: chat.provisionedModelArn }, { throughput: 'Stack/Committed', arn: committed.provisionedModelArn },
  );
});
afterEach(() => jest.restoreAllMocks());

const send = (event: AlarmEvent | ManualEvent) => handler.handler(event);
const exceed = (time = STOPPED_AT) => send(alarm('ALARM', time));
const relax = (time = NEW_MONTH) => send(alarm('OK', time));
const denied = () => [...aws.roles].filter(([, policies]) => policies.has(DENY_POLICY)).map(([role]) => role);
const only = (...actions: StopActionKind[]) => configure(ALL_STEPS.filter(({ action }) => actions.includes(action)));
const named = (name: string) => [...aws.throughputs.values()].filter(({ provisionedModelName }) => provisionedModelName === name);
const lastNotification = () => aws.published[aws.published.length - 1];
const always = (fault: Omit<Fault, 'times'>): Fault => ({ ...fault, times: 1000 });

describe('a role that was removed from the app while it was denied', () => {
  const leave = () => {
    for (const name of [...aws.parameters.keys()].filter((key) => key.startsWith(TARGETS))) aws.parameters.delete(name);
    aws.parameters.set(`${TARGETS}/1`, JSON.stringify([{ role: 'A' }]));
  };

  test('is allowed again', async () => {
    await exceed();
    leave();
    await relax();
    expect(denied()).toEqual([]);
  });

  test('stays denied when the roles with the policy cannot be listed, and the others are allowed', async () => {
    await exceed();
    leave();
    aws.faults = [always({ operation: 'ListEntitiesForPolicy', status: 403, error: 'AccessDenied', message: 'no' })];
    jest.spyOn(console, 'error').mockImplementation(() => undefined);
    await relax();
    expect(denied()).toEqual(['B', 'C']);
  });
});

describe('an alarm', () => {
  test('stops all spending, notifies and records it', async () => {
    const job = aws.job('Nightly-1', BATCH_ROLE);
    const record = await exceed();
    expect(denied()).toEqual(['A', 'B', 'C']);
    expect(job.status).toBe('Stopping');
    expect(named('chat')).toEqual([]);
    expect(named('committed')).toEqual([committed]);
    expect(record).toEqual(recordOf(aws));
    expect(record).toEqual({
      state: 'stopped',
      since: ISO(STOPPED_AT),
      asOf: ISO(STOPPED_AT),
      by: 'ChatMonthToDate',
      denied: 3,
      stoppedJobs: 1,
      deleted: [{ resource: 'Stack/Chat', arn: chat.provisionedModelArn, name: 'chat', modelArn: chat.modelArn, modelUnits: 2, tags: TAGS }],
    });
    expect(aws.published).toHaveLength(1);
    const { Subject, Message } = lastNotification();
    expect(Subject).toBe('Bedrock spending stopped: Chat');
    expect(Message).toBe([
      `Stop of budget Chat, started by the alarm ChatMonthToDate at ${ISO(STOPPED_AT)}.`,
      'Threshold Crossed: 1 datapoint [101.0] was greater than the threshold (100.0).',
      '',
      'Done:',
      '- deny-invocations: A: can no longer invoke models',
      '- deny-invocations: B: can no longer invoke models',
      '- deny-invocations: C: can no longer invoke models',
      `- stop-batch-jobs: ${job.arn}: Nightly-1 is stopped; the records that it has processed are billed, and their results are in its output`,
      `- delete-uncommitted-throughput: ${chat.provisionedModelArn}: Stack/Chat: 2 model units are deleted`,
      '',
      'Left as it is:',
      `- delete-uncommitted-throughput: ${committed.provisionedModelArn}: Stack/Committed: has a commitment until 2026-10-31T00:00:00.000Z; AWS does not delete it, and bills it`,
      '',
      'To undo it by hand:',
      '  aws lambda invoke --function-name StopChat --cli-binary-format raw-in-base64-out --payload \'{"do":"undo"}\' out.json',
    ].join('\n'));
  });

  test('writes one line of JSON for each action into the log', async () => {
    await exceed();
    expect(logged.map(({ level, budget, action, target, result }) => [level, budget, action, target, result].join(' '))).toEqual([
      'info Chat deny-invocations A done',
      'info Chat deny-invocations B done',
      'info Chat deny-invocations C done',
      `info Chat delete-uncommitted-throughput ${chat.provisionedModelArn} done`,
      `info Chat delete-uncommitted-throughput ${committed.provisionedModelArn} kept`,
    ]);
  });

  test('takes only the configured actions', async () => {
    const job = aws.job('Nightly-1', BATCH_ROLE);
    only(StopActionKind.STOP_BATCH_JOBS);
    await exceed();
    expect([denied(), job.status, named('chat').length]).toEqual([[], 'Stopping', 1]);
    expect(recordOf(aws)).toMatchObject({ state: 'stopped', stoppedJobs: 1 });
    expect(recordOf(aws)).not.toHaveProperty('denied');
  });

  test('reports that there is nothing to stop', async () => {
    only(StopActionKind.DELETE_THROUGHPUT);
    chat.commitmentDuration = 'SixMonths';
    await exceed();
    expect(lastNotification().Subject).toBe('Bedrock spending not stopped: Chat');
    expect(lastNotification().Message).toContain('Left as it is:\n- delete-uncommitted-throughput');
  });

  test.each<[string, unknown, string | undefined]>([
    ['that is longer than a message may be', 'x'.repeat(300_000), 'x'.repeat(1023)],
    ['with characters that a message may not have', 'a\u0000b\ud800c', 'a?b?c'],
    ['that is no text', { toString: 5 }, undefined],
  ])('with a reason %s notifies all the same', async (_, reason, notified) => {
    const event = alarm('ALARM', STOPPED_AT);
    await send({ ...event, alarmData: { ...event.alarmData, state: { value: 'ALARM', reason: reason as string } } });
    const [, second] = lastNotification().Message.split('\n');
    expect(second).toBe(notified ?? '');
  });

  test('without enough data changes nothing', async () => {
    expect(await send(alarm('INSUFFICIENT_DATA', STOPPED_AT))).toBeUndefined();
    expect(aws.calls).toEqual([]);
  });

  test('that is OK again undoes the stop, and reports the actions that cannot be undone', async () => {
    aws.job('Nightly-1', BATCH_ROLE);
    await exceed();
    const record = await relax();
    expect(denied()).toEqual([]);
    const [restored, ...more] = named('chat');
    expect(more).toEqual([]);
    const tags = [...TAGS, { key: RESTORED_FROM_TAG, value: chat.provisionedModelArn }];
    expect(restored).toMatchObject({ desiredModelArn: chat.desiredModelArn, desiredModelUnits: 2, tags });
    expect(restored.commitmentDuration).toBeUndefined();
    expect(record).toEqual({
      state: 'running', since: ISO(NEW_MONTH), asOf: ISO(NEW_MONTH), by: 'ChatMonthToDate', restored: { [chat.provisionedModelArn]: restored.provisionedModelArn },
    });
    const { Subject, Message } = lastNotification();
    expect(Subject).toBe('Bedrock spending allowed again: Chat');
    expect(Message).toContain('- deny-invocations: C: can invoke models again');
    expect(Message).toContain(`Stack/Chat: 2 model units are bought again under the new ARN ${restored.provisionedModelArn}. The next deployment that changes the resource`);
    expect(Message).toContain('Batch jobs that had been stopped: 1. That cannot be undone: records that they had not processed have to be submitted again.');
    expect(Message).toContain('To stop it by hand:\n  aws lambda invoke --function-name StopChat --cli-binary-format raw-in-base64-out --payload \'{"do":"stop"}\' out.json');
  });

  test('that stays OK repeats the undo without a notification', async () => {
    aws.roles.get('B')!.add(DENY_POLICY);
    await relax(STOPPED_AT);
    expect(denied()).toEqual([]);
    expect(lastNotification().Message).toContain('B: can invoke models again');
    await relax(LATER);
    expect(aws.published).toHaveLength(1);
    expect(aws.callsOf('CreateProvisionedModelThroughput')).toEqual([]);
  });

  test('leaves other policies on its roles', async () => {
    await exceed();
    await relax();
    expect([...aws.roles].map(([role, policies]) => [role, ...policies]))
      .toEqual(['A', 'B', 'C', 'Stranger'].map((role) => [role, `arn:aws:iam::111111111111:policy/Own${role}`]));
  });
});

describe('a manual invocation', () => {
  test('stops, undoes and returns the status', async () => {
    const before = new Date().toISOString();
    expect(await send({ do: 'stop' })).toMatchObject({ state: 'stopped', by: 'by hand', denied: 3 });
    expect(lastNotification().Message).toMatch(/^Stop of budget Chat, started by hand at /);
    expect(recordOf(aws).since! >= before).toBe(true);
    const calls = aws.calls.length;
    expect(await send({ do: 'status' })).toEqual(recordOf(aws));
    expect(aws.calls.slice(calls).filter(({ operation }) => !operation.startsWith('GetParameter'))).toEqual([]);
    expect(await send({ do: 'undo' })).toMatchObject({ state: 'running', by: 'by hand' });
    expect([denied(), named('chat').length]).toEqual([[], 1]);
  });

  test('wins over an earlier alarm', async () => {
    await exceed();
    await send({ do: 'undo' });
    await exceed(LATER);
    expect(denied()).toEqual([]);
  });

  test('is carried out even if the clock of the alarm is ahead', async () => {
    const ahead = new Date(Date.now() + 60_000).toISOString();
    await exceed(ahead);
    await send({ do: 'undo' });
    expect(denied()).toEqual([]);
    expect(recordOf(aws).asOf).toBe(ahead);
  });

});

describe('a forged event', () => {
  const OTHER = 'arn:aws:cloudwatch:us-east-1:111111111111:alarm:Other';

  test.each(['ALARM', 'OK'] as const)('of another alarm is refused before anything is done: %s', async (value) => {
    await expect(send({ ...alarm(value, STOPPED_AT), alarmArn: OTHER })).rejects.toThrow(`alarmArn must be that of the budget's alarm, ${ALARM_ARN}, got "${OTHER}".`);
    await expect(send({ ...alarm(value, STOPPED_AT), alarmArn: undefined as never })).rejects.toThrow('alarmArn must be');
    expect(aws.calls).toEqual([]);
  });

  test.each([5 * 60 + 10, 70 * 365 * 86_400])('that is dated %d seconds into the future is refused', async (seconds) => {
    const time = new Date(Date.now() + seconds * 1000).toISOString();
    await expect(exceed(time)).rejects.toThrow(`time must not be in the future, got "${time}".`);
    expect(aws.calls).toEqual([]);
    await exceed();
    expect(denied()).toEqual(['A', 'B', 'C']);
  });

  const DO = 'do must be one of ["stop","undo","status","verify"], got ';
  const EVENT = 'event must be that of an alarm, or have the field do with one of ["stop","undo","status","verify"]. Nothing was done.';
  const state = (value: unknown) => ({ ...alarm('OK', STOPPED_AT), alarmData: { alarmName: 'ChatMonthToDate', state: { value } } });
  test.each<[unknown, string]>([
    [undefined, 'event must be an object, got undefined'],
    [null, 'event must be an object, got null'],
    ['stop', 'event must be an object, got "stop"'],
    [[], EVENT],
    [{}, EVENT],
    [{ source: 'aws.events' }, EVENT],
    [{ ...alarm('ALARM', STOPPED_AT), source: 'aws.scheduler' }, EVENT],
    [{ source: 'aws.cloudwatch', alarmArn: ALARM_ARN }, EVENT],
    [{ do: 'everything' }, `${DO}"everything"`],
    [{ do: ['stop'] }, `${DO}["stop"]`],
    [{ do: null }, `${DO}null`],
    [{ ...alarm('ALARM', STOPPED_AT), do: 'constructor' }, `${DO}"constructor"`],
    [{ ...alarm('ALARM', STOPPED_AT), alarmArn: [ALARM_ARN] }, 'alarmArn must be'],
    [{ ...alarm('ALARM', STOPPED_AT), alarmArn: `${ALARM_ARN}2` }, 'alarmArn must be'],
  ])('is refused before anything is done: %j', async (event, message) => {
    await expect(send(event as never)).rejects.toThrow(message);
    expect(aws.calls).toEqual([]);
  });

  test.each(['INSUFFICIENT_DATA', 'constructor', 'alarm', '', undefined, 1])('in the state %j changes nothing', async (value) => {
    expect(await send(state(value) as never)).toBeUndefined();
    expect(aws.calls).toEqual([]);
  });

  test('whose alarm is named like a manual invocation can be stale', async () => {
    await exceed();
    await relax();
    const late = alarm('ALARM', LATER);
    await send({ ...late, alarmData: { ...late.alarmData, alarmName: 'by hand' } });
    expect(denied()).toEqual([]);
  });

  test('that has set a future date in the record does not disable later events', async () => {
    aws.parameters.set(RECORD, '{"state":"running","asOf":"2099-01-01T00:00:00.000Z"}', 2);
    await exceed(LATER);
    expect(denied()).toEqual(['A', 'B', 'C']);
    expect(recordOf(aws).asOf).toBe(ISO(LATER));
    await relax(STOPPED_AT);
    expect(denied()).toEqual(['A', 'B', 'C']);
  });
});

describe('repeated and stale events:', () => {
  test('a repeated alarm stops new targets, keeps the record and reports only new actions', async () => {
    aws.job('Nightly-1', BATCH_ROLE);
    await exceed();
    await exceed();
    expect(aws.published).toHaveLength(1);
    const job = aws.job('Nightly-2', BATCH_ROLE);
    aws.roles.set('D', new Set());
    aws.parameters.set(`${TARGETS}/new/targets`, '[{"role":"D"}]');
    await exceed(LATER);
    expect([denied(), job.status]).toEqual([['A', 'B', 'C', 'D'], 'Stopping']);
    expect(recordOf(aws)).toMatchObject({ since: ISO(STOPPED_AT), asOf: ISO(LATER), denied: 4, stoppedJobs: 2, deleted: [{ name: 'chat' }] });
    expect(aws.published).toHaveLength(2);
  });

  test('an alarm from before the undo changes nothing, notifies no topic and is logged', async () => {
    await exceed();
    const { published: { length } } = aws;
    await relax();
    const record = recordOf(aws);
    await exceed(LATER);
    expect([denied(), named('chat').length, recordOf(aws), aws.published.length]).toEqual([[], 1, record, length + 1]);
    expect(logged).toContainEqual(expect.objectContaining({
      late: expect.objectContaining({ do: 'stop', time: ISO(LATER) }), why: `an event of ${ISO(NEW_MONTH)} was handled already, and is carried out again`,
    }));
  });

  test('an alarm from before the undo continues the undo, which may have failed', async () => {
    await exceed();
    aws.faults = [always({ operation: 'DetachRolePolicy', status: 500, error: 'ServiceFailure', when: ({ RoleName }) => RoleName === 'A' })];
    await expect(relax()).rejects.toThrow('ServiceFailure');
    aws.faults = [];
    await exceed(LATER);
    expect([denied(), named('chat').length]).toEqual([[], 1]);
  });

  test('an OK from before the current alarm is ignored, even if it is from after the first alarm', async () => {
    await exceed(STOPPED_AT);
    await exceed(NEW_MONTH);
    await relax(LATER);
    expect(denied()).toEqual(['A', 'B', 'C']);
  });

  test('the first OK of a new alarm wins over an older alarm', async () => {
    await relax();
    await exceed(LATER);
    expect(denied()).toEqual([]);
  });

  test('a repeated undo buys once', async () => {
    await exceed();
    await relax();
    await relax();
    await send({ do: 'undo' });
    expect(named('chat')).toHaveLength(1);
    expect(aws.callsOf('CreateProvisionedModelThroughput')).toHaveLength(1);
  });

  test('an undo that is repeated after an interruption buys once, also by its token', async () => {
    await exceed();
    const before = [...aws.parameters];
    await relax();
    aws.parameters.restore(before);
    aws.faults = [{ operation: 'GetProvisionedModelThroughput', status: 404, error: 'ResourceNotFoundException', times: 2 }];
    await relax();
    expect(named('chat')).toHaveLength(1);
    const [first, second] = aws.callsOf('CreateProvisionedModelThroughput');
    expect(first.clientRequestToken).toMatch(/^[0-9a-f]{64}$/);
    expect(second.clientRequestToken).toBe(first.clientRequestToken);
  });
});

describe('batch jobs', () => {
  test('are stopped in every status that is or will be billed, on every page', async () => {
    const jobs = ['Submitted', 'Validating', 'Scheduled', 'InProgress', 'InProgress', 'InProgress', 'InProgress', 'InProgress'].map((status, i) => aws.job(`Nightly-${i}`, BATCH_ROLE, status));
    const ended = ['Completed', 'PartiallyCompleted', 'Failed', 'Stopped', 'Stopping', 'Expired'].map((status, i) => aws.job(`Nightly-x${i}`, BATCH_ROLE, status));
    await exceed();
    expect(jobs.map(({ status }) => status)).toEqual(jobs.map(() => 'Stopping'));
    expect(ended.map(({ status }) => status)).toEqual(['Completed', 'PartiallyCompleted', 'Failed', 'Stopped', 'Stopping', 'Expired']);
    expect(recordOf(aws).stoppedJobs).toBe(8);
  });

  test('of other batches are not stopped', async () => {
    const others = [
      aws.job('Nightly-1', `${BATCH_ROLE}2`), aws.job('Nightly', BATCH_ROLE), aws.job('NightlyReport-1', BATCH_ROLE), aws.job('Not-Nightly-1', BATCH_ROLE),
    ];
    await exceed();
    expect(others.map(({ status }) => status)).toEqual(others.map(() => 'InProgress'));
  });

  test('that end at that moment are not failures', async () => {
    const job = aws.job('Nightly-1', BATCH_ROLE);
    aws.faults = [{ operation: 'StopModelInvocationJob', status: 500, error: 'InternalServerException', afterwards: true, when: () => { job.status = 'Completed'; return true; } }];
    await exceed();
    expect(recordOf(aws)).not.toHaveProperty('failed');
    expect(lastNotification().Message).toContain(`${job.arn}: Nightly-1 had just ended`);
  });

  test('that are running and cannot be stopped are failures to retry', async () => {
    const job = aws.job('Nightly-1', BATCH_ROLE);
    aws.faults = [{ operation: 'StopModelInvocationJob', status: 400, error: 'ConflictException', message: 'not now' }];
    await expect(exceed()).rejects.toThrow('ConflictException: not now');
    expect(lastNotification().Message).toContain(`by hand: aws bedrock stop-model-invocation-job --job-identifier ${job.arn}`);
    await exceed();
    expect(job.status).toBe('Stopping');
  });

  test('are stopped in the other statuses when one cannot be listed', async () => {
    const [a, b] = [aws.job('Nightly-1', BATCH_ROLE, 'Submitted'), aws.job('Nightly-2', BATCH_ROLE)];
    aws.faults = [always({ operation: 'ListModelInvocationJobs', status: 403, error: 'AccessDeniedException', when: ({ statusEquals }) => statusEquals === 'Submitted' })];
    await exceed();
    expect([a.status, b.status]).toEqual(['Submitted', 'Stopping']);
    expect(lastNotification().Message).toContain('by hand: aws bedrock list-model-invocation-jobs --status-equals Submitted');
  });
});

describe('throughput', () => {
  const deleted = () => recordOf(aws).deleted ?? [];

  test('is in the record before it is deleted', async () => {
    let remembered: unknown;
    aws.faults = [{ operation: 'DeleteProvisionedModelThroughput', status: 500, error: 'InternalServerException', when: () => { remembered = deleted(); return true; } }];
    await exceed();
    expect(remembered).toMatchObject([{ name: 'chat', tags: TAGS }]);
    expect(named('chat')).toEqual([]);
  });

  test.each([
    ['the record cannot be written', { operation: 'PutParameter', status: 400, error: 'AccessDeniedException' }],
    ['its tags cannot be read', { operation: 'ListTagsForResource', status: 403, error: 'AccessDeniedException' }],
  ])('is not deleted when %s', async (_, fault) => {
    aws.faults = [always(fault)];
    await exceed();
    expect(named('chat')).toEqual([chat]);
    expect(denied()).toEqual(['A', 'B', 'C']);
    expect(lastNotification().Subject).toMatch(/^Bedrock spending stopped, \d FAILED: Chat$/);
    expect(lastNotification().Message).toContain(`by hand: aws bedrock delete-provisioned-model-throughput --provisioned-model-id ${chat.provisionedModelArn}`);
  });

  test('is not deleted when its record would be too long, and the others are', async () => {
    const large = aws.throughput('large', { tags: Array.from({ length: 40 }, (_, i) => ({ key: `key-${i}`, value: 'v'.repeat(100) })) });
    const small = aws.throughput('small');
    aws.parameters.set(`${TARGETS}/more`, JSON.stringify([{ throughput: 'Large', arn: large.provisionedModelArn }, { throughput: 'Small', arn: small.provisionedModelArn }]));
    await exceed();
    expect([named('large').length, named('small').length]).toEqual([1, 0]);
    expect(lastNotification().Message).toContain('its name and tags are too long to be recorded for buying it again. Use fewer or shorter tags');
    await relax();
    expect(named('small')).toHaveLength(1);
  });

  test('stays recorded when SSM returns the record from before the last change', async () => {
    const search = aws.throughput('search');
    aws.parameters.set(`${TARGETS}/more`, JSON.stringify([{ throughput: 'Search', arn: search.provisionedModelArn }]));
    aws.parameters.staleReads = true;
    await exceed();
    expect(deleted().map(({ name }) => name).sort()).toEqual(['chat', 'search']);
  });

  test('with 50 tags is not deleted: there is no room for the tag of the new purchase', async () => {
    chat.tags = Array.from({ length: 50 }, (_, i) => ({ key: `${i}`, value: '' }));
    await exceed();
    expect(named('chat')).toEqual([chat]);
    expect(lastNotification().Message).toContain('it has 50 tags');
  });

  test('that AWS could not provide is kept: it costs nothing', async () => {
    chat.status = 'Failed';
    await exceed();
    expect(named('chat')).toEqual([chat]);
    expect(deleted()).toEqual([]);
  });

  test('that is still being created is deleted on the next retry', async () => {
    chat.status = 'Creating';
    await expect(exceed()).rejects.toThrow('ConflictException');
    chat.status = 'InService';
    await exceed();
    expect(named('chat')).toEqual([]);
    await relax();
    expect(named('chat')).toHaveLength(1);
  });

  test('whose deletion is requested again after a lost reply is deleted', async () => {
    aws.faults = [{ operation: 'DeleteProvisionedModelThroughput', status: 500, error: 'InternalServerException', afterwards: true }];
    await exceed();
    expect(aws.callsOf('DeleteProvisionedModelThroughput')).toHaveLength(2);
    expect(recordOf(aws)).toMatchObject({ deleted: [{ name: 'chat' }] });
    expect(recordOf(aws)).not.toHaveProperty('failed');
  });

  test('that could not be deleted is not bought a second time', async () => {
    aws.faults = [always({ operation: 'DeleteProvisionedModelThroughput', status: 403, error: 'AccessDeniedException' })];
    await exceed();
    await relax();
    expect(named('chat')).toEqual([chat]);
    expect(aws.callsOf('CreateProvisionedModelThroughput')).toEqual([]);
    expect(recordOf(aws)).not.toHaveProperty('deleted');
  });

  test.each([['unique names', true], ['no care of AWS for names', false]])('is bought once when every reply of the purchase is lost, with %s', async (_, uniqueNames) => {
    aws.bedrock.throughputs.behaviour.uniqueNames = uniqueNames;
    await exceed();
    aws.faults = [{ operation: 'CreateProvisionedModelThroughput', status: 500, error: 'InternalServerException', afterwards: true, times: 6 }];
    await relax();
    expect(named('chat')).toHaveLength(1);
    expect(recordOf(aws)).not.toHaveProperty('deleted');
  });

  test.each([['unique names', true], ['no care of AWS for names', false]])('is bought once when every reply and the look for it are lost, with %s', async (_, uniqueNames) => {
    aws.bedrock.throughputs.behaviour.uniqueNames = uniqueNames;
    await exceed();
    // The lookups of the former ARN and of the name before the purchase succeed; the lookup after it fails.
    let looks = 0;
    aws.faults = [
      { operation: 'CreateProvisionedModelThroughput', status: 0, error: '', afterwards: true, times: 6 },
      always({ operation: 'GetProvisionedModelThroughput', status: 500, error: 'InternalServerException', when: () => ++looks > 2 }),
    ];
    await expect(relax()).rejects.toThrow('1 of 4 have to be tried again');
    expect(deleted()).toHaveLength(1);
    expect(denied()).toEqual([]);
    aws.faults = [];
    await relax();
    expect(named('chat')).toHaveLength(1);
    expect(deleted()).toEqual([]);
  });

  test('is bought once when the record cannot be written afterwards', async () => {
    await exceed();
    let writes = 0;
    aws.faults = [always({ operation: 'PutParameter', status: 500, error: 'InternalServerError', when: () => ++writes > 1 })];
    await expect(relax()).rejects.toThrow('InternalServerError');
    aws.faults = [];
    await relax();
    expect(named('chat')).toHaveLength(1);
    expect(aws.callsOf('CreateProvisionedModelThroughput')).toHaveLength(1);
    expect(recordOf(aws)).toMatchObject({ restored: { [chat.provisionedModelArn]: named('chat')[0].provisionedModelArn } });
  });

  test('is not bought when its name is in use, and the rest is undone', async () => {
    await exceed();
    const theirs = aws.throughput('chat');
    await relax();
    expect(named('chat')).toEqual([theirs]);
    expect(denied()).toEqual([]);
    expect(lastNotification().Message).toContain(`the name "chat" is in use by ${theirs.provisionedModelArn}, which was not bought to replace it`);
    expect(recordOf(aws)).toMatchObject({ state: 'running', failed: 1, deleted: [{ name: 'chat' }] });
    aws.throughputs.delete(theirs.provisionedModelArn);
    await send({ do: 'undo' });
    expect(named('chat')).toHaveLength(1);
    expect(recordOf(aws)).not.toHaveProperty('failed');
  });

  test('that cannot be bought again because of a quota stays in the record for a manual undo', async () => {
    await exceed();
    aws.faults = [{ operation: 'CreateProvisionedModelThroughput', status: 400, error: 'ServiceQuotaExceededException', message: 'no units left' }];
    await relax();
    expect(lastNotification().Subject).toBe('Bedrock spending allowed again, 1 FAILED: Chat');
    expect(lastNotification().Message).toContain('ServiceQuotaExceededException: no units left\n    by hand: correct the cause, then undo again');
    await send({ do: 'undo' });
    expect(named('chat')).toHaveLength(1);
  });

  test('that was bought again is stopped again, although targets have its former ARN, and bought again', async () => {
    await exceed();
    await relax();
    named('chat')[0].status = 'InService';
    await exceed('2025-11-20T00:00:00.000+0000');
    expect(named('chat')).toEqual([]);
    await relax('2025-12-01T00:00:00.000+0000');
    const [now, ...more] = named('chat');
    expect(more).toEqual([]);
    expect(now.tags).toEqual([...TAGS, { key: RESTORED_FROM_TAG, value: chat.provisionedModelArn }]);
    const tokens = aws.callsOf('CreateProvisionedModelThroughput').map(({ clientRequestToken }) => clientRequestToken);
    expect(new Set(tokens).size).toBe(2);
    expect(recordOf(aws).restored).toEqual({ [chat.provisionedModelArn]: now.provisionedModelArn });
  });

  test('that was bought again and could not be deleted is found by the next stop', async () => {
    await exceed();
    await relax();
    const [now] = named('chat');
    now.status = 'InService';
    aws.faults = [{ operation: 'DeleteProvisionedModelThroughput', status: 403, error: 'AccessDeniedException' }];
    await exceed('2025-11-20T00:00:00.000+0000');
    await relax('2025-12-01T00:00:00.000+0000');
    expect(named('chat')).toEqual([now]);
    await exceed('2025-12-20T00:00:00.000+0000');
    expect(named('chat')).toEqual([]);
  });

  test('that was bought again but not recorded is stopped again', async () => {
    await exceed();
    const stopped = [...aws.parameters].filter(([name]) => name.startsWith(DELETED));
    await relax();
    aws.parameters.restore(stopped);
    named('chat')[0].status = 'InService';
    await exceed('2025-11-20T00:00:00.000+0000');
    expect(named('chat')).toEqual([]);
    await relax('2025-12-01T00:00:00.000+0000');
    expect(named('chat')).toHaveLength(1);
  });

  test('that its stack uses again is found by its new ARN alone', async () => {
    await exceed();
    await relax();
    const [now] = named('chat');
    now.tags = [...TAGS];
    now.status = 'InService';
    aws.parameters.set(`${TARGETS}/5/targets`, JSON.stringify([{ throughput: 'Stack/Chat', arn: now.provisionedModelArn }]), 2);
    await exceed('2025-11-20T00:00:00.000+0000');
    expect(deleted()).toMatchObject([{ arn: now.provisionedModelArn }]);
    await relax('2025-12-01T00:00:00.000+0000');
    expect(Object.keys(recordOf(aws).restored!)).toEqual([now.provisionedModelArn]);
  });
});

describe('a failure', () => {
  test.each([
    ['its quota of policies is used up', { status: 409, error: 'LimitExceeded', message: 'Cannot exceed quota for PoliciesPerRole: 10' }, 'Cannot exceed quota for PoliciesPerRole: 10',
      // The remedy does not repeat the failed command.
      'detach a managed policy from B, or raise the quota of managed policies per role in Service Quotas, and stop again. Or deny it inline'],
    ['it may not be changed', { status: 403, error: 'AccessDenied', message: 'explicit deny' }, 'AccessDenied', `aws iam attach-role-policy --role-name B --policy-arn ${DENY_POLICY}`],
  ])('of one role, as %s, does not affect other actions and is reported', async (_, fault, reported, byHand) => {
    aws.faults = [always({ operation: 'AttachRolePolicy', when: ({ RoleName }) => RoleName === 'B', ...fault })];
    // No retry resolves this failure, so the run does not fail.
    await exceed();
    expect([denied(), named('chat').length]).toEqual([['A', 'C'], 0]);
    expect(recordOf(aws)).toMatchObject({ denied: 2, failed: 1 });
    expect(lastNotification().Subject).toBe('Bedrock spending stopped, 1 FAILED: Chat');
    expect(lastNotification().Message).toContain(reported);
    expect(lastNotification().Message).toContain(`    by hand: ${byHand}`);
    expect(lastNotification().Message).not.toContain('retried automatically');
    expect(logged).toContainEqual(expect.objectContaining({ level: 'error', target: 'B', result: 'failed', retryable: false }));
  });

  test('of one role that no longer exists affects neither other actions nor their undo', async () => {
    aws.roles.delete('B');
    await exceed();
    expect(denied()).toEqual(['A', 'C']);
    expect(lastNotification().Message).toContain('The role with name B cannot be found.');
    await relax();
    expect(denied()).toEqual([]);
    expect(recordOf(aws)).not.toHaveProperty('failed');
  });

  test('that a retry may resolve is retried within a run', async () => {
    aws.faults = [{ operation: 'AttachRolePolicy', status: 400, error: 'Throttling', times: 3 }];
    await exceed();
    expect(denied()).toEqual(['A', 'B', 'C']);
  });

  test('that a retry may resolve makes the run fail after all other actions, so that Lambda repeats it', async () => {
    aws.faults = [always({ operation: 'AttachRolePolicy', status: 400, error: 'Throttling', message: 'Rate exceeded', when: ({ RoleName }) => RoleName === 'A' })];
    await expect(exceed()).rejects.toThrow('1 of 5 have to be tried again: deny-invocations A: Throttling: Rate exceeded');
    expect([denied(), named('chat').length]).toEqual([['B', 'C'], 0]);
    expect(lastNotification().Message).toContain('Failures that a retry may resolve are retried automatically within minutes.');
    aws.faults = [];
    await exceed();
    expect(denied()).toEqual(['A', 'B', 'C']);
    expect(recordOf(aws)).not.toHaveProperty('failed');
  });

  test('to deny a role again keeps the role in the record', async () => {
    await exceed();
    aws.faults = [always({ operation: 'AttachRolePolicy', status: 403, error: 'AccessDenied', when: ({ RoleName }) => RoleName === 'A' })];
    await exceed(LATER);
    expect(recordOf(aws)).toMatchObject({ denied: 3, failed: 1 });
  });

  test('to connect to AWS is retried', async () => {
    aws.faults = [always({ operation: 'AttachRolePolicy', status: 0, error: '', when: ({ RoleName }) => RoleName === 'A' })];
    await expect(exceed()).rejects.toThrow('1 of 5 have to be tried again: deny-invocations A');
  });

  test('to detach from one role does not affect the rest of the undo, and stays in the record', async () => {
    await exceed();
    aws.faults = [always({ operation: 'DetachRolePolicy', status: 500, error: 'ServiceFailure', when: ({ RoleName }) => RoleName === 'A' })];
    await expect(relax()).rejects.toThrow('ServiceFailure');
    expect([denied(), named('chat').length]).toEqual([['A'], 1]);
    expect(recordOf(aws)).toMatchObject({ state: 'running', denied: 1, failed: 1 });
    expect(lastNotification().Message).toContain(`by hand: aws iam detach-role-policy --role-name A --policy-arn ${DENY_POLICY}`);
  });

  test('to publish a notification is logged with its text, and does not fail the run', async () => {
    aws.faults = [always({ operation: 'Publish', status: 403, error: 'AuthorizationError', message: 'no' })];
    expect(await exceed()).toMatchObject({ state: 'stopped', denied: 3 });
    expect(logged.pop()).toMatchObject({ level: 'error', notSent: expect.stringContaining('To undo it by hand'), why: expect.stringContaining('no') });
  });

  test('to read the record that a retry may resolve is reported, and no action is taken: the order of events is not known', async () => {
    aws.faults = [always({ operation: 'GetParameter', status: 500, error: 'InternalServerError' })];
    await expect(exceed()).rejects.toThrow('The record /budget/record cannot be read: InternalServerError');
    expect(denied()).toEqual([]);
    expect(lastNotification().Subject).toBe('Bedrock spending not stopped, 1 FAILED: Chat');
    await expect(send({ do: 'status' })).rejects.toThrow('InternalServerError');
    expect(aws.published).toHaveLength(1);
  });

  test.each([['is no JSON', '{"state":"st'], ['has no state', '{}'], ['is null', 'null'], ['is a list', '[]']])(
    'of a record that %s is reported once, does not affect actions, and is repaired', async (_, value) => {
      aws.parameters.set(RECORD, value, 3);
      await exceed();
      expect([denied(), named('chat').length]).toEqual([['A', 'B', 'C'], 0]);
      expect(lastNotification().Message).toContain('record: /budget/record: it cannot be read');
      expect(await send({ do: 'status' })).toMatchObject({ state: 'stopped', deleted: [{ name: 'chat' }] });
      await relax();
      expect(lastNotification().Message).not.toContain('cannot be read');
      expect([denied(), named('chat').length]).toEqual([[], 1]);
    });

  test('of a record that was broken during a stop does not lose the stop', async () => {
    await exceed();
    aws.parameters.write(RECORD, 'broken');
    await send({ do: 'verify' });
    expect(recordOf(aws)).toMatchObject({ state: 'stopped', asOf: ISO(STOPPED_AT), denied: 3 });
    await relax(ISO(STOPPED_AT).replace('10:00', '09:00'));
    expect(denied()).toEqual(['A', 'B', 'C']);
  });

  test('to read the record that no retry resolves still stops invocations, jobs and throughput', async () => {
    aws.faults = [always({ operation: 'GetParameter', status: 403, error: 'AccessDeniedException', when: ({ Name }) => Name === RECORD })];
    await exceed();
    expect([denied(), named('chat').length]).toEqual([['A', 'B', 'C'], 0]);
    expect(lastNotification().Message).toContain('record: /budget/record: it cannot be read: AccessDeniedException');
    // The alarm on errors of the function notifies of a check that cannot read the record.
    for (const command of ['verify', 'status'] as const) await expect(send({ do: command })).rejects.toThrow('The record cannot be read: AccessDeniedException');
    aws.faults = [];
    await relax();
    expect([denied(), named('chat').length]).toEqual([[], 1]);
  });

  test('to find the record creates a new one', async () => {
    aws.parameters.delete(RECORD);
    await exceed();
    expect(recordOf(aws)).toMatchObject({ state: 'stopped', denied: 3, deleted: [{ name: 'chat' }] });
  });

  test.each([['no JSON', '[{'], ['no target', '[{"roll":"B"}]'], ['no list', '{"role":"B"}']])('of one parameter of targets, as %s, does not affect the others', async (_, value) => {
    aws.parameters.set(`${TARGETS}/1/targets`, value, 2);
    await exceed();
    expect(denied()).toEqual(['A', 'C']);
    expect(lastNotification().Message).toContain(`targets: ${TARGETS}/1/targets: `);
    expect(lastNotification().Message).toContain('by hand: deploy the stack again');
  });

  test('to list the targets is retried, and an undo keeps the denied roles in the record', async () => {
    await exceed();
    aws.faults = [always({ operation: 'GetParametersByPath', status: 400, error: 'ThrottlingException' })];
    await expect(relax()).rejects.toThrow('targets');
    expect(recordOf(aws).denied).toBe(3);
    aws.faults = [];
    await relax();
    expect(denied()).toEqual([]);
    expect(recordOf(aws)).not.toHaveProperty('denied');
  });
});

describe('the record that CloudFormation has written again', () => {
  /** Writes the template's value several times, as updates of the parameter's tags or description do. */
  const rewrite = (times: number) => {
    for (let i = 0; i < times; i++) {
      aws.parameters.write(RECORD, '{"state":"running"}');
    }
  };

  test.each([1, 3])('is read from its earlier versions, %d times: a check goes on, an old event stays old, an undo buys back', async (times) => {
    await exceed();
    rewrite(times);
    aws.roles.get('A')!.delete(DENY_POLICY);
    await send({ do: 'verify' });
    expect(denied()).toEqual(['A', 'B', 'C']);
    await relax('2025-10-20T09:00:00.000+0000');
    expect(denied()).toEqual(['A', 'B', 'C']);
    expect(await send({ do: 'status' })).toMatchObject({ state: 'stopped', asOf: ISO(STOPPED_AT), denied: 3, deleted: [{ name: 'chat' }] });
    rewrite(times);
    await relax();
    expect([denied(), named('chat').length]).toEqual([[], 1]);
  });
});

describe('the check of the schedule', () => {
  const verify = () => send({ do: 'verify' });

  test('never starts a stop, and reads only the record while the budget is not exceeded', async () => {
    await verify();
    expect(aws.calls.map(({ operation }) => operation).filter((operation) => !operation.startsWith('GetParameter'))).toEqual([]);
    await exceed();
    await relax();
    const { published: { length } } = aws;
    await verify();
    expect([denied(), named('chat').length, aws.published.length]).toEqual([[], 1, length]);
  });

  test('attaches the policy again to roles that have lost it and to new roles, and notifies once', async () => {
    await exceed();
    aws.roles.get('B')!.delete(DENY_POLICY);
    aws.roles.set('D', new Set());
    aws.parameters.set(`${TARGETS}/new/targets`, '[{"role":"D"}]');
    await verify();
    expect(denied()).toEqual(['A', 'B', 'C', 'D']);
    expect(lastNotification().Subject).toBe('Bedrock spending stopped, deny policy attached again: Chat');
    expect(lastNotification().Message).toContain('Done:\n- deny-invocations: B: can no longer invoke models\n- deny-invocations: D: ');
    expect(lastNotification().Message).toContain('To undo it by hand:');
    expect(aws.published).toHaveLength(2);
    const attached = aws.callsOf('AttachRolePolicy').length;
    await verify();
    expect([aws.callsOf('AttachRolePolicy').length, aws.published.length]).toEqual([attached, 2]);
  });

  test('deletes no throughput and stops no jobs', async () => {
    await exceed();
    const [job, bought] = [aws.job('Nightly-1', BATCH_ROLE), aws.throughput('chat')];
    aws.parameters.set(`${TARGETS}/new/targets`, JSON.stringify([{ throughput: 'Stack/New', arn: bought.provisionedModelArn }]));
    await verify();
    expect([job.status, named('chat')]).toEqual(['InProgress', [bought]]);
  });

  test('deletes throughput that was still being created during the stop, and notifies once', async () => {
    chat.status = 'Creating';
    await expect(exceed()).rejects.toThrow('ConflictException');
    await expect(verify()).rejects.toThrow('ConflictException');
    expect([named('chat'), aws.published.length]).toEqual([[chat], 1]);
    chat.status = 'InService';
    await verify();
    expect(named('chat')).toEqual([]);
    expect(lastNotification().Subject).toBe('Bedrock spending stopped, remaining throughput deleted: Chat');
    expect(lastNotification().Message).toContain('throughput that AWS did not delete at that time was deleted at');
    await verify();
    expect(aws.published).toHaveLength(2);
    await relax();
    expect(named('chat')).toHaveLength(1);
  });

  test('that cannot attach it notifies once, and again when another role is missing', async () => {
    await exceed();
    for (const role of ['A', 'B']) aws.roles.get(role)!.delete(DENY_POLICY);
    const refuse = (...roles: string[]) => { aws.faults = [always({ operation: 'AttachRolePolicy', status: 403, error: 'AccessDenied', when: ({ RoleName }) => roles.includes(RoleName) })]; };
    refuse('A');
    await verify();
    expect([denied(), aws.published.length]).toEqual([['B', 'C'], 2]);
    await verify();
    expect(aws.published).toHaveLength(2);
    aws.roles.get('B')!.delete(DENY_POLICY);
    refuse('A', 'B');
    await verify();
    expect(lastNotification().Subject).toBe('Bedrock spending stopped, deny policy missing, 2 FAILED: Chat');
    await verify();
    expect(aws.published).toHaveLength(3);
    aws.faults = [];
    await verify();
    expect([denied(), aws.published.length]).toEqual([['A', 'B', 'C'], 4]);
  });

  test('does not repeat the notification of the stop', async () => {
    aws.faults = [always({ operation: 'AttachRolePolicy', status: 409, error: 'LimitExceeded', when: ({ RoleName }) => RoleName === 'B' })];
    await exceed();
    await verify();
    expect(aws.published).toHaveLength(1);
  });

  test('that cannot list the roles fails, so that the alarm on errors of the function notifies', async () => {
    await exceed();
    aws.faults = [always({ operation: 'ListEntitiesForPolicy', status: 500, error: 'ServiceFailure' })];
    await expect(verify()).rejects.toThrow('ServiceFailure');
  });

  test('is disabled by a manual undo, and does nothing in a dry run', async () => {
    await exceed();
    await send({ do: 'undo' });
    await verify();
    expect(denied()).toEqual([]);
    only(StopActionKind.DENY_INVOCATIONS);
    await send({ do: 'stop' });
    for (const role of ['A', 'B', 'C']) aws.roles.get(role)!.delete(DENY_POLICY);
    configure(ALL_STEPS.map(({ action }) => ({ action, dryRun: true })));
    await verify();
    expect(denied()).toEqual([]);
  });
});

describe('the policy that AWS Budgets attaches', () => {
  const BUDGET_ACTION_POLICY = 'arn:aws:iam::111111111111:policy/BudgetAction';
  beforeEach(() => { process.env[StopEnv.BUDGET_ACTION_POLICY_ARN] = BUDGET_ACTION_POLICY; });
  afterEach(() => { delete process.env[StopEnv.BUDGET_ACTION_POLICY_ARN]; });

  test('is not changed by stop, check and undo, and the undo reports the roles that it still denies', async () => {
    aws.roles.get('B')!.add(BUDGET_ACTION_POLICY);
    await exceed();
    await send({ do: 'verify' });
    await relax();
    expect([...aws.roles].filter(([, policies]) => policies.has(BUDGET_ACTION_POLICY)).map(([role]) => role)).toEqual(['B']);
    expect(denied()).toEqual([]);
    expect(lastNotification().Message).toContain('Left as it is:\n- deny-invocations: B: is still denied by the policy that AWS Budgets has attached, until the next budget period');
    const touched = [...aws.callsOf('AttachRolePolicy'), ...aws.callsOf('DetachRolePolicy')].map(({ PolicyArn }) => PolicyArn);
    expect(new Set(touched)).toEqual(new Set([DENY_POLICY]));
  });
});

describe('many', () => {
  test('throughputs are all deleted, recorded and bought again once: 60 of them', async () => {
    const arns = Array.from({ length: 60 }, (_, i) => aws.throughput(`t${i}`, { tags: [{ key: 'team', value: 'x'.repeat(100) }] }).provisionedModelArn);
    aws.parameters.set(`${TARGETS}/many`, JSON.stringify(arns.map((arn, i) => ({ throughput: `T${i}`, arn }))));
    only(StopActionKind.DELETE_THROUGHPUT);
    await exceed();
    expect([...aws.throughputs.values()]).toEqual([committed]);
    const record = await send({ do: 'status' });
    expect(record!.deleted).toHaveLength(61);
    expect(lastNotification().Subject).toBe('Bedrock spending stopped: Chat');
    await relax();
    expect([...aws.throughputs.values()].map(({ provisionedModelName }) => provisionedModelName).sort())
      .toEqual(['chat', 'committed', ...arns.map((_, i) => `t${i}`)].sort());
    expect(recordOf(aws)).not.toHaveProperty('deleted');
  }, 60_000);

  test('roles are all denied and allowed again: 250 of them', async () => {
    const roles = Array.from({ length: 250 }, (_, i) => `Role${i}`);
    for (const role of roles) aws.roles.set(role, new Set());
    aws.parameters.set(`${TARGETS}/many`, JSON.stringify(roles.map((role) => ({ role }))));
    only(StopActionKind.DENY_INVOCATIONS);
    await exceed();
    expect(denied()).toHaveLength(253);
    aws.roles.get('Role249')!.delete(DENY_POLICY);
    await send({ do: 'verify' });
    expect(denied()).toHaveLength(253);
    await relax();
    expect(denied()).toEqual([]);
  }, 60_000);
});

test('an invalid record of a deletion does not keep other throughput from being bought again', async () => {
  await exceed();
  for (const [i, value] of ['{"arn":5}', '{"arn":{},"deletions":1}', '[]', 'null', '{'].entries()) aws.parameters.set(`${DELETED}/forged${i}`, value, 1);
  await relax();
  expect(named('chat')).toHaveLength(1);
});

describe('throughput that two budgets may delete', () => {
  const [OWN, OTHER] = [{ record: RECORD, deleted: DELETED }, { record: '/other/record', deleted: '/other/deleted' }];
  const asBudget = ({ record, deleted }: typeof OWN) => {
    Object.assign(process.env, { [StopEnv.RECORD_PARAMETER]: record, [StopEnv.DELETED_PATH]: deleted });
  };
  beforeEach(() => {
    aws.parameters.set(OTHER.record, '{"state":"running"}');
    const target = { throughput: 'Stack/Chat', arn: chat.provisionedModelArn, name: 'chat' };
    aws.parameters.set(`${TARGETS}/5/targets`, JSON.stringify([target]), 2);
    only(StopActionKind.DELETE_THROUGHPUT);
  });
  afterEach(() => asBudget(OWN));

  test('is deleted by the second one, too, after the first one has bought it again', async () => {
    await exceed();
    await relax();
    named('chat')[0].status = 'InService';
    asBudget(OTHER);
    await exceed();
    expect(named('chat')).toEqual([]);
    await relax();
    expect(named('chat')).toHaveLength(1);
  });

  test('is bought again once when both undo it', async () => {
    await exceed();
    await relax();
    named('chat')[0].status = 'InService';
    for (const budget of [OTHER, OWN]) {
      asBudget(budget);
      await exceed('2025-11-02T01:00:00Z');
    }
    const { purchases } = aws.bedrock.throughputs;
    const before = purchases.length;
    for (const budget of [OTHER, OWN]) {
      asBudget(budget);
      await relax('2025-11-02T02:00:00Z');
    }
    expect([purchases.length - before, named('chat').length]).toEqual([1, 1]);
  });

  test('is not confused with another purchase under its name', async () => {
    aws.throughputs.delete(chat.provisionedModelArn);
    const other = aws.throughput('chat');
    await exceed();
    expect(named('chat')).toEqual([other]);
  });
});

describe('throughput that its stack no longer has', () => {
  const remove = () => {
    for (const [name, { value }] of aws.parameters) if (name.startsWith(TARGETS) && value.includes('Stack/Chat')) aws.parameters.delete(name);
  };

  test('is not bought again, since it would be neither used nor deleted, and its record is deleted', async () => {
    await exceed();
    remove();
    await relax();
    expect(named('chat')).toEqual([]);
    expect(lastNotification().Message).toContain('Stack/Chat: its stack no longer has it, so it is not bought again');
    expect(recordOf(aws)).not.toHaveProperty('deleted');
    const { published: { length } } = aws;
    await relax(ISO(NEW_MONTH).replace('00:10', '01:10'));
    expect(aws.published).toHaveLength(length);
  });

  test('is bought again when only the action was removed: targets are not known then', async () => {
    await exceed();
    remove();
    only(StopActionKind.DENY_INVOCATIONS);
    await relax();
    expect(named('chat')).toHaveLength(1);
  });

  test('is bought again when the targets cannot be read', async () => {
    await exceed();
    remove();
    aws.parameters.set(`${TARGETS}/1/targets`, '[{', 2);
    await relax();
    expect(named('chat')).toHaveLength(1);
  });
});

describe('a dry run', () => {
  const dry = ALL_STEPS.map(({ action }) => ({ action, dryRun: true }));

  test('reports the actions that would be taken and changes nothing', async () => {
    configure(dry);
    const job = aws.job('Nightly-1', BATCH_ROLE);
    aws.roles.get('B')!.add(DENY_POLICY);
    aws.roles.delete('C');
    const parameters = [...aws.parameters];
    expect(await exceed()).toEqual({ state: 'running' });
    expect([denied(), job.status, named('chat').length, [...aws.parameters]]).toEqual([['B'], 'InProgress', 1, parameters]);
    const changing = aws.calls.filter(({ operation }) => /^(Put|Attach|Detach|Stop|Create|Delete)/.test(operation));
    expect(changing).toEqual([]);
    const { Subject, Message } = lastNotification();
    expect(Subject).toBe('Bedrock spending would be stopped (dry run), 1 FAILED: Chat');
    expect(Message).toContain('- deny-invocations: A: would no longer invoke models');
    expect(Message).toContain('- deny-invocations: B: is denied already');
    expect(Message).toContain(`- stop-batch-jobs: ${job.arn}: Nightly-1 would be stopped`);
    expect(Message).toContain('Stack/Chat: 2 model units would be deleted');
    expect(Message).toContain('has a commitment until 2026-10-31');
    expect(Message).toContain('The role with name C cannot be found.');
  });

  test('has nothing to undo', async () => {
    configure(dry);
    await exceed();
    expect(lastNotification().Subject).toBe('Bedrock spending would be stopped (dry run): Chat');
    const calls = aws.calls.length;
    await relax();
    expect(aws.calls.slice(calls).filter(({ operation }) => !operation.startsWith('GetParameter'))).toEqual([]);
  });

  test('of some steps does not affect the others', async () => {
    configure([{ action: StopActionKind.DENY_INVOCATIONS, dryRun: false }, { action: StopActionKind.DELETE_THROUGHPUT, dryRun: true }]);
    await exceed();
    expect([denied(), named('chat').length]).toEqual([['A', 'B', 'C'], 1]);
    expect(recordOf(aws)).not.toHaveProperty('deleted');
    await relax();
    expect(denied()).toEqual([]);
    expect(aws.callsOf('CreateProvisionedModelThroughput')).toEqual([]);
  });

  test('that was enabled after a stop does not keep the stop from being undone', async () => {
    await exceed();
    configure(dry);
    await relax();
    expect([denied(), named('chat').length]).toEqual([[], 1]);
  });

  test('and an action that was removed during a stop are undone as far as possible, and the rest is reported', async () => {
    await exceed();
    configure([]);
    delete process.env[StopEnv.DENY_POLICY_ARN];
    await relax();
    expect(named('chat')).toHaveLength(1);
    expect(lastNotification().Message).toContain('A: is denied by a policy that is no longer configured');
  });
});

test('a notification of hundreds of actions stays short, and the log has them all', async () => {
  const roles = Array.from({ length: 150 }, (_, i) => `Role${i}`);
  for (const role of roles) aws.roles.set(role, new Set());
  aws.parameters.set(`${TARGETS}/many`, JSON.stringify(roles.map((role) => ({ role }))));
  only(StopActionKind.DENY_INVOCATIONS);
  await exceed();
  expect(lastNotification().Message).toContain('- and 53 more: see the log of the function');
  expect(logged.filter(({ action }) => action === StopActionKind.DENY_INVOCATIONS)).toHaveLength(153);
});

test('the name of a budget in any language makes a subject that Amazon SNS accepts', async () => {
  process.env[StopEnv.BUDGET] = `Büdget\n${'x'.repeat(200)}`;
  await exceed();
  process.env[StopEnv.BUDGET] = 'Chat';
  expect(lastNotification().Subject).toBe(`Bedrock spending stopped: B?dget?${'x'.repeat(66)}`);
});

describe('an alarm whose metric may be forged', () => {
  const COUNT = { parameter: '/budget/spent/1', region: 'us-east-1', maxAgeSeconds: 2700, limitUsd: '1000' };
  const now = new Date();
  const ago = (minutes: number) => new Date(now.getTime() - minutes * 60_000);
  const month = ago(1).toISOString().slice(0, 7);
  const written = (totals: object, minutes = 5) => {
    aws.parameters.set(COUNT.parameter, JSON.stringify({ totals, asOf: ago(minutes).getTime() / 1000 }), 7);
  };
  const counted = (totals: object, minutes = 5, budget = 'Chat') => (
    written(Object.fromEntries(Object.entries(totals).map(([name, usd]) => [name, { [keyOf('Other')]: '5000', [keyOf(budget)]: usd }])), minutes));
  beforeEach(() => { process.env[StopEnv.COUNT] = JSON.stringify(COUNT); });
  afterEach(() => { delete process.env[StopEnv.COUNT]; });
  const fire = () => exceed(ago(1).toISOString());

  test('stops nothing while the count is within the limit, and reports why', async () => {
    counted({ [month]: '999.99' });
    await expect(fire()).rejects.toThrow(`The alarm requests stop, but $999.99 of $1000 were counted in ${month}`);
    expect([denied(), named('chat')]).toEqual([[], [chat]]);
    expect(recordOf(aws)).toEqual({ state: 'running' });
  });

  test('stops nothing while the count of an older version, which has one budget, is within the limit', async () => {
    written({ [month]: '999.99' });
    await expect(fire()).rejects.toThrow(`The alarm requests stop, but $999.99 of $1000 were counted in ${month}`);
  });

  test.each<[string, () => void]>([
    ['the count is over the limit', () => counted({ [month]: '1000.01' })],
    ['only other budgets were counted', () => counted({ [month]: '1' }, 5, 'Third')],
    ['the month is null', () => written({ [month]: null })],
    ['the count is older than three counts', () => counted({ [month]: '1' }, 46)],
    ['the month was not counted yet', () => counted({ '2020-01': '1' })],
    ['CloudFormation has just written the parameter', () => aws.parameters.set(COUNT.parameter, '{}', 8)],
    ['there is no parameter', () => undefined],
    ['the parameter is no JSON', () => aws.parameters.set(COUNT.parameter, 'oops', 8)],
    ['the count is dated in the future', () => counted({ [month]: '1' }, -10)],
    ['the total is no number', () => counted({ [month]: 'one' })],
    ['the total is no text', () => counted({ [month]: 1 })],
    ['the time is no number', () => aws.parameters.set(COUNT.parameter, JSON.stringify({ totals: { [month]: '1' }, asOf: 'x' }), 8)],
    ['the parameter is null', () => aws.parameters.set(COUNT.parameter, 'null', 8)],
    ['the month has a lower limit of its own', () => {
      process.env[StopEnv.COUNT] = JSON.stringify({ ...COUNT, plannedLimitsUsd: { [month]: '500' } });
      counted({ [month]: '600' });
    }],
  ])('stops when %s', async (_, given) => {
    given();
    await fire();
    expect(denied()).toEqual(['A', 'B', 'C']);
  });

  test('undoes nothing while the count is over the limit', async () => {
    counted({ [month]: '1000.01' });
    await fire();
    await expect(relax(now.toISOString())).rejects.toThrow('The alarm requests undo, but $1000.01 of $1000 were counted');
    expect(denied()).toEqual(['A', 'B', 'C']);
  });

  test.each([
    ['the limit is higher now', () => { process.env[StopEnv.COUNT] = JSON.stringify({ ...COUNT, limitUsd: '2000' }); }],
    ['the count has come down', () => counted({ [month]: '1000' })],
    ['the count is old', () => counted({ [month]: '5000' }, 46)],
  ])('undoes when %s', async (_, given) => {
    counted({ [month]: '1000.01' });
    await fire();
    given();
    await relax(now.toISOString());
    expect(denied()).toEqual([]);
  });

  test('a manual stop needs no count', async () => {
    counted({ [month]: '1' });
    await send({ do: 'stop' });
    expect(denied()).toEqual(['A', 'B', 'C']);
  });
});
