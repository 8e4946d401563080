import { ThroughputProperties } from '../../../src/lambda/provisioned-model-throughput/contract';
import { parameterOf, RECORD, Scene, TOPIC } from '../../harness/throughput/scene';

let scene: Scene;
beforeAll(async () => { scene = await Scene.open(); });
afterAll(async () => scene.aws.stop());
beforeEach(() => {
  scene.reset();
  scene.aws.parameters.set(MODEL_ID, FALLBACK);
});
afterEach(() => jest.restoreAllMocks());

const MODEL_ID = '/model/Capacity';
const FALLBACK = 'us.amazon.nova-pro-v1:0';
const HOURS: Partial<ThroughputProperties> = {
  businessHours: { days: ['MON', 'TUE', 'WED', 'THU', 'FRI'], start: '08:00', end: '18:00', timeZone: 'Europe/Berlin' },
  modelIdParameter: MODEL_ID,
  fallbackModelId: FALLBACK,
  topicArn: TOPIC,
};
/** A Tuesday, in winter: 08:00 in Berlin is 07:00 UTC. */
const NIGHT = '2026-11-24T06:55:00Z';
const MORNING = '2026-11-24T07:00:00Z';
const NOON = '2026-11-24T11:00:00Z';
const EVENING = '2026-11-24T16:55:00Z';
const CLOSED = '2026-11-24T17:00:00Z';
const NEXT_MORNING = '2026-11-25T07:00:00Z';

async function tick(time: string, properties: Partial<ThroughputProperties> = HOURS): Promise<void> {
  scene.now = Date.parse(time);
  const { StackId, LogicalResourceId, ResourceProperties } = scene.event('Create', properties);
  await scene.handler.onTick({ StackId, LogicalResourceId, ResourceProperties, time });
}
const modelId = () => scene.aws.parameters.get(MODEL_ID);

test('a deployment buys nothing yet', async () => {
  expect(await scene.inService(HOURS)).toMatch(/^business-hours\/Stack-Capacity-[0-9a-f]{16}$/);
  expect(scene.aws.throughputs.size).toBe(0);
});

test('throughput is bought in the morning, published once it is in service, and deleted in the evening after callers were redirected', async () => {
  await scene.inService(HOURS);
  await tick(NIGHT);
  expect(scene.aws.throughputs.size).toBe(0);
  await tick(MORNING);
  expect(scene.aws.only).toMatchObject({ modelUnits: 2, status: 'Creating' });
  expect(modelId()).toBe(FALLBACK);
  await tick('2026-11-24T07:05:00Z');
  expect(modelId()).toBe(FALLBACK);
  const { provisionedModelArn: arn } = scene.aws.only;
  scene.settle(arn);
  await tick('2026-11-24T07:10:00Z');
  expect(modelId()).toBe(arn);
  await tick(EVENING);
  expect(modelId()).toBe(FALLBACK);
  expect(scene.aws.throughputs.size).toBe(1);
  await tick(CLOSED);
  expect(scene.aws.throughputs.size).toBe(0);
});

test('every morning buys once, with its own token', async () => {
  await scene.inService(HOURS);
  for (const time of [MORNING, MORNING, '2026-11-24T07:05:00Z']) await tick(time);
  const { provisionedModelName, provisionedModelArn } = scene.aws.only;
  scene.settle(provisionedModelArn);
  await tick(CLOSED);
  await tick(NEXT_MORNING);
  const [first, second, ...more] = scene.aws.callsOf('CreateProvisionedModelThroughput');
  expect(more).toEqual([]);
  expect(first.clientRequestToken).not.toBe(second.clientRequestToken);
  expect([first.provisionedModelName, second.provisionedModelName]).toEqual([provisionedModelName, provisionedModelName]);
});

test('throughput that is deleted manually within the hours is not bought again before the next morning: AWS ignores the repeated token', async () => {
  await scene.inService(HOURS);
  await tick(MORNING);
  scene.aws.throughputs.clear();
  await tick(NOON);
  expect(scene.aws.throughputs.size).toBe(0);
  expect(modelId()).toBe(FALLBACK);
});

test('throughput that a tick could not delete is deleted by the next one', async () => {
  const warn = jest.spyOn(console, 'warn').mockImplementation();
  await scene.inService(HOURS);
  await tick(MORNING);
  await tick(CLOSED);
  expect(scene.aws.throughputs.size).toBe(1);
  expect(warn).toHaveBeenCalledWith(`tried again: The provisioned model ${scene.aws.only.provisionedModelArn} is Creating.`);
  scene.settle(scene.aws.only.provisionedModelArn);
  await tick('2026-11-24T17:05:00Z');
  expect(scene.aws.throughputs.size).toBe(0);
});

test('throughput that AWS could not provide, or with other units than requested, is deleted', async () => {
  await scene.inService(HOURS);
  await tick(MORNING);
  scene.aws.only.status = 'Failed';
  await tick(NOON);
  expect(scene.aws.throughputs.size).toBe(0);
  await tick(NEXT_MORNING);
  scene.settle(scene.aws.only.provisionedModelArn);
  await tick('2026-11-25T08:00:00Z', { ...HOURS, modelUnits: '3' });
  expect(scene.aws.throughputs.size).toBe(0);
  await tick('2026-11-25T08:05:00Z', { ...HOURS, modelUnits: '3' });
  expect(scene.aws.only.modelUnits).toBe(3);
});

test('throughput that AWS returns without its context variant stays, and is not bought again', async () => {
  await scene.inService(HOURS);
  await tick(MORNING);
  const { provisionedModelArn: arn, modelArn } = scene.aws.only;
  Object.assign(scene.aws.only, { status: 'InService', modelArn: modelArn.replace(/:24k$/, ''), desiredModelArn: modelArn.replace(/:24k$/, '') });
  for (const time of ['2026-11-24T07:05:00Z', '2026-11-24T07:10:00Z', NOON]) await tick(time);
  expect(scene.aws.callsOf('DeleteProvisionedModelThroughput')).toEqual([]);
  expect(modelId()).toBe(arn);
});

test('a purchase that AWS refuses is notified once an hour', async () => {
  const logged = jest.spyOn(console, 'error').mockImplementation();
  await scene.inService(HOURS);
  scene.aws.faults = [{ operation: 'CreateProvisionedModelThroughput', status: 400, error: 'ServiceQuotaExceededException', message: 'no', times: 9 }];
  for (const time of [MORNING, '2026-11-24T07:05:00Z', '2026-11-24T07:10:00Z']) await expect(tick(time)).rejects.toThrow('Open a support case');
  expect(logged).toHaveBeenCalledTimes(1);
  expect(scene.aws.published).toEqual([expect.objectContaining({ Subject: 'Provisioned throughput could not be bought', Message: expect.stringContaining('callers use the model on demand') })]);
});

describe('a failure that leaves something billed outside the hours', () => {
  const DENIED = { operation: 'DeleteProvisionedModelThroughput', status: 403, error: 'AccessDeniedException', message: 'not authorized to delete' };
  /** Friday, 18:00 in Berlin. A whole weekend of refused deletions: test/fuzz/throughput-weekend.test.ts. */
  const FRIDAY_EVENING = Date.parse('2026-11-27T17:00:00Z');
  const TICK_MS = 5 * 60_000;

  beforeEach(() => { for (const level of ['warn', 'error'] as const) jest.spyOn(console, level).mockImplementation(); });
  beforeEach(async () => {
    await scene.inService(HOURS);
    await tick('2026-11-27T07:00:00Z');
    scene.settle(scene.aws.only.provisionedModelArn);
  });

  const messages = () => scene.aws.published.map(({ Message }) => Message);
  async function ticks(from: number, count: number): Promise<number> {
    let failed = 0;
    for (let i = 0; i < count; i++) await tick(new Date(from + i * TICK_MS).toISOString()).catch(() => { failed++; });
    return failed;
  }

  test('is notified again when it changes into another failure, and when it has ended', async () => {
    scene.aws.faults = [{ ...DENIED, times: 3 }, { ...DENIED, error: 'ValidationException', message: 'not now', times: 3 }];
    expect(await ticks(FRIDAY_EVENING, 7)).toBe(6);
    await ticks(FRIDAY_EVENING + 7 * TICK_MS, 2);
    expect(messages()).toEqual([
      expect.stringMatching(/NOT DELETED.*not authorized to delete/), expect.stringMatching(/NOT DELETED.*not now/),
      'RESOLVED: Capacity follows its business hours again, which it had not done since 2026-11-27T17:15:00.000Z',
    ]);
    expect(scene.aws.throughputs.size).toBe(0);
    expect(scene.aws.parameters.get(parameterOf('notified'))).toBe('{}');
  });

  test.each([
    ['it is not ready', 409, 'ConflictException'], ['AWS has an internal error', 503, 'InternalServerException'], ['it is throttled', 429, 'ThrottlingException'],
  ])('is notified when for an hour %s', async (_, status, error) => {
    scene.aws.faults = [{ operation: 'DeleteProvisionedModelThroughput', status, error, message: 'later', times: 60 }];
    for (const minutes of [0, 30, 55]) await ticks(FRIDAY_EVENING + minutes * 60_000, 1);
    expect(messages()).toEqual([]);
    for (const minutes of [60, 65]) await ticks(FRIDAY_EVENING + minutes * 60_000, 1);
    expect(messages()).toEqual([expect.stringMatching(/NOT DELETED.*later/)]);
  }, 60_000);

  test.each(['GetProvisionedModelThroughput', 'ListTagsForResource'])('is notified when the function lacks permission to find it (%s)', async (operation) => {
    scene.aws.faults = [{ ...DENIED, operation, times: 20 }];
    await ticks(FRIDAY_EVENING, 20);
    expect(messages()).toEqual([expect.stringContaining('its deletion could not be confirmed')]);
  });

  test.each(['GetParameter', 'PutParameter'])('is notified once an hour when its parameter cannot be used (%s), and the throughput is deleted if possible', async (operation) => {
    scene.aws.faults = [{ ...DENIED, times: 24 }, { operation, status: 400, error: 'AccessDeniedException', message: 'no parameters', times: 1_000 }];
    await ticks(FRIDAY_EVENING, 24);
    expect(messages()).toHaveLength(2);
  });

  test('is notified once to each topic of budgets too', async () => {
    const budgetTopicArns = [TOPIC, `${TOPIC}-of-a-budget`];
    scene.aws.faults = [DENIED];
    await expect(tick(new Date(FRIDAY_EVENING).toISOString(), { ...HOURS, budgetTopicArns })).rejects.toThrow('not authorized');
    expect(scene.aws.published.map(({ TopicArn }) => TopicArn)).toEqual(budgetTopicArns);
  });

  test('to redirect callers does not prevent the deletion', async () => {
    await tick('2026-11-27T07:05:00Z');
    scene.aws.faults = [{ operation: 'PutParameter', status: 400, error: 'AccessDeniedException', message: 'no parameters', times: 9 }];
    await expect(tick(new Date(FRIDAY_EVENING).toISOString())).rejects.toThrow('no parameters');
    expect(scene.aws.throughputs.size).toBe(0);
  });
});

test('another owner\'s throughput under its name is not changed', async () => {
  await scene.inService({ ...HOURS, provisionedModelName: 'chat' });
  await tick(MORNING, { ...HOURS, provisionedModelName: 'chat' });
  scene.aws.only.tags = [];
  await expect(tick(CLOSED, { ...HOURS, provisionedModelName: 'chat' })).rejects.toThrow('the name chat is in use by');
  expect(scene.aws.throughputs.size).toBe(1);
});

test('a commitment is never deleted at the end of business hours', async () => {
  await scene.inService(HOURS);
  await tick(MORNING);
  scene.settle(scene.aws.only.provisionedModelArn);
  scene.aws.only.commitmentDuration = 'OneMonth';
  await expect(tick(CLOSED)).rejects.toThrow('has a commitment');
  expect(scene.aws.callsOf('DeleteProvisionedModelThroughput')).toEqual([]);
});

test('in a dry run nothing is bought, and the purchase is reported', async () => {
  const say = jest.spyOn(console, 'info').mockImplementation();
  await scene.inService({ ...HOURS, dryRun: 'true' });
  await tick(MORNING, { ...HOURS, dryRun: 'true' });
  expect(scene.aws.throughputs.size).toBe(0);
  expect(say).toHaveBeenCalledWith('Dry run: would buy 2 model units of amazon.nova-pro-v1:0:24k in business hours. Nothing was bought or changed.');
});

test('a dry run of deployed throughput buys nothing, and the evening still deletes', async () => {
  jest.spyOn(console, 'info').mockImplementation();
  const id = await scene.inService(HOURS);
  await tick(MORNING);
  scene.settle(scene.aws.only.provisionedModelArn);
  const dry = { ...HOURS, dryRun: 'true' };
  expect(await scene.update(id, HOURS, dry)).toBe(id);
  await tick(NOON, dry);
  expect(scene.aws.throughputs.size).toBe(1);
  await tick(CLOSED, dry);
  await tick(NEXT_MORNING, dry);
  expect(scene.aws.throughputs.size).toBe(0);
});

test('a tick that comes hours late does nothing', async () => {
  const warn = jest.spyOn(console, 'warn').mockImplementation();
  await scene.inService(HOURS);
  const { StackId, LogicalResourceId, ResourceProperties } = scene.event('Create', HOURS);
  scene.now = Date.parse('2026-11-24T20:00:00Z');
  await scene.handler.onTick({ StackId, LogicalResourceId, ResourceProperties, time: '2026-11-24T16:45:00Z' });
  expect(scene.aws.throughputs.size).toBe(0);
  expect(warn).toHaveBeenCalledWith('ignored: a tick of 2026-11-24T16:45:00Z');
});

describe('during requests of CloudFormation', () => {
  test('nothing is done, and nothing is bought after the deletion', async () => {
    const id = await scene.inService(HOURS);
    await tick(MORNING);
    scene.settle(scene.aws.only.provisionedModelArn);
    scene.now = Date.parse(NOON);
    const deletion = scene.event('Delete', HOURS, { PhysicalResourceId: id });
    // A tick may still be in progress.
    expect(await scene.poll(deletion)).toEqual({ IsComplete: false });
    await tick(NOON);
    scene.wait(3);
    expect(await scene.poll(deletion)).toEqual({ IsComplete: true });
    expect(scene.aws.throughputs.size).toBe(0);
    await tick('2026-11-24T11:05:00Z');
    scene.aws.parameters.delete(RECORD);
    await tick('2026-11-24T11:10:00Z');
    expect(scene.aws.throughputs.size).toBe(0);
  });

  test('nothing is bought after a failure, and the evening still deletes', async () => {
    const id = await scene.inService(HOURS);
    await tick(MORNING);
    scene.settle(scene.aws.only.provisionedModelArn);
    const record = JSON.parse(scene.aws.parameters.get(RECORD)!);
    record.requests.push({ id: 'failed', since: scene.now, names: [], answer: { error: `no ${id}` } });
    scene.aws.parameters.set(RECORD, JSON.stringify(record));
    await tick(NOON);
    expect(scene.aws.throughputs.size).toBe(1);
    await tick(CLOSED);
    expect(scene.aws.throughputs.size).toBe(0);
    await tick(NEXT_MORNING);
    expect(scene.aws.throughputs.size).toBe(0);
  });

  test('from permanent to business hours: CloudFormation deletes the permanent throughput', async () => {
    const arn = await scene.inService();
    const id = await scene.update(arn, {}, HOURS);
    expect(id).toMatch(/^business-hours\//);
    expect(await scene.remove(arn)).toEqual({ IsComplete: true });
    expect(scene.aws.throughputs.size).toBe(0);
    await tick(MORNING);
    expect(scene.aws.throughputs.size).toBe(1);
  });

  test.each([['a name that we made', {}], ['a name that the user chose', { provisionedModelName: 'chat' }]])('from business hours to permanent, under %s: one remains in the end', async (_, named) => {
    const properties = { ...HOURS, ...named };
    const id = await scene.inService(properties);
    await tick(MORNING, properties);
    scene.settle(scene.aws.only.provisionedModelArn);
    const arn = await scene.update(id, properties, named);
    const deletion = scene.event('Delete', properties, { PhysicalResourceId: id });
    await scene.poll(deletion);
    scene.wait(3);
    expect(await scene.poll(deletion)).toEqual({ IsComplete: true });
    expect(scene.aws.only.provisionedModelArn).toBe(arn);
  });
});
