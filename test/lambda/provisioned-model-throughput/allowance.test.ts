import { OWNER_TAG, REQUEST_TAG, RESTORED_FROM_TAG, ThroughputEvent, ThroughputProperties } from '../../../src/lambda/provisioned-model-throughput/contract';
import { NOVA_24K, ONE_MONTH, parameterOf, RECORD, Scene, STACK_ID, TOPIC } from '../../harness/throughput/scene';

// Events can be forged with permission to invoke the functions, or to start the state machine that calls them.

let scene: Scene;
beforeAll(async () => { scene = await Scene.open(); });
afterAll(async () => scene.aws.stop());
beforeEach(() => scene.reset());
beforeEach(() => { for (const level of ['warn', 'error'] as const) jest.spyOn(console, level).mockImplementation(); });
afterEach(() => jest.restoreAllMocks());

type Properties = Partial<ThroughputProperties>;

/** The deployed commitment: one month of 2 units at $10, 2 x $10 x 730 x 1 = $14,600. */
const DEPLOYED: Properties = { ...ONE_MONTH, topicArn: TOPIC, tags: [{ key: 'team', value: 'chat' }] };
const SIX_MONTHS = 2 * 10 * 730 * 6;
const OTHER_REGION = STACK_ID.replace('us-east-1', 'us-west-2');
const MODEL_ID = '/model/Capacity';
const HOURS: Properties = {
  businessHours: { days: ['MON', 'TUE', 'WED', 'THU', 'FRI'], start: '08:00', end: '18:00', timeZone: 'Europe/Berlin' },
  modelIdParameter: MODEL_ID,
  fallbackModelId: 'us.amazon.nova-pro-v1:0',
};
const purchases = () => scene.aws.callsOf('CreateProvisionedModelThroughput');

const FORGED: readonly [what: string, properties: Properties, message: string][] = [
  ['more units', { modelUnits: '200' }, 'Capacity: modelUnits must be 2, as in the deployed template, got "200". Change the app, and deploy it. Nothing was bought.'],
  ['fewer units', { modelUnits: '1' }, 'modelUnits must be 2'],
  ['another model', { modelId: 'meta.llama3-1-70b-instruct-v1:0:128k' }, 'modelId must be "amazon.nova-pro-v1:0:24k"'],
  ['another context variant', { modelId: 'amazon.nova-pro-v1:0:300k' }, 'modelId must be'],
  ['a longer term', { commitmentDuration: 'SixMonths', confirmedUsd: String(SIX_MONTHS) }, 'commitmentDuration must be "OneMonth"'],
  ['no term', { commitmentDuration: undefined }, 'commitmentDuration must be "OneMonth", as in the deployed template, got none'],
  ['a larger sum', { confirmedUsd: '1000000000' }, 'confirmedUsd must be "14600"'],
  ['a lower price', { price: { hourlyUsd: '0.01', hoursPerMonth: '730', region: 'us-east-1' } }, 'price must be {"hourlyUsd":"10"'],
  ['fewer hours', { price: { hourlyUsd: '10', hoursPerMonth: '1', region: 'us-east-1' } }, 'price must be'],
  ['a price without a region', { price: { hourlyUsd: '10', hoursPerMonth: '730' } }, 'price must be'],
  ['fields that look like others', { price: { 'hourlyUsd:"10",hoursPerMonth': '730', 'region': 'us-east-1' } as any }, 'price must be'],
  ['units in a list', { modelUnits: ['2'] as any }, 'modelUnits must be'],
  ['another name', { provisionedModelName: 'mine' }, 'provisionedModelName must be left out'],
  ['another beginning of the name', { namePrefix: 'Mine' }, 'namePrefix must be'],
  ['the record of another resource', { record: '/record/Other' }, 'record must be'],
  ['an end of life of the model', { endOfLife: '2099-01-01' }, 'endOfLife must be left out'],
  ['permission to buy again', { allowRepurchase: 'true' }, 'allowRepurchase must be left out'],
  ['business hours', HOURS, 'businessHours must be left out'],
];

describe.each([
  ['before anything was bought', false],
  ['after a purchase', true],
])('%s,', (_, isBought) => {
  test.each(FORGED)('a creation with %s buys nothing, and is not recorded', async (__, properties, message) => {
    if (isBought) await scene.inService(DEPLOYED);
    else scene.deploy(scene.forged('Create', DEPLOYED));
    const [bought, record] = [purchases().length, scene.aws.parameters.get(RECORD)];
    await expect(scene.poll(scene.forged('Create', { ...DEPLOYED, ...properties }))).rejects.toThrow(message);
    expect(purchases()).toHaveLength(bought);
    expect(scene.aws.parameters.get(RECORD)).toBe(record);
  });
});

test.each(FORGED)('an update to %s changes nothing, with any purchase', async (_, properties, message) => {
  const arn = await scene.inService(DEPLOYED);
  const before = JSON.stringify(scene.aws.only);
  for (const PhysicalResourceId of [arn, 'not-bought-yet/0123456789abcdef', 'arn:aws:bedrock:us-east-1:111111111111:provisioned-model/abcdefghijkl']) {
    const requested = scene.forged('Update', { ...DEPLOYED, ...properties });
    for (const OldResourceProperties of [requested.ResourceProperties, scene.forged('Create', DEPLOYED).ResourceProperties]) {
      await expect(scene.poll({ ...requested, PhysicalResourceId, OldResourceProperties })).rejects.toThrow(message);
    }
  }
  expect(purchases()).toHaveLength(1);
  expect(JSON.stringify(scene.aws.only)).toBe(before);
});

const ELSEWHERE: readonly [what: string, event: Partial<ThroughputEvent>, message: string][] = [
  ['of another stack', { StackId: 'arn:aws:cloudformation:us-east-1:111111111111:stack/Other/1' }, `Capacity: StackId must be "${STACK_ID}", the stack that this function buys for, got "arn:aws:cloudformation:us-east-1:111111111111:stack/Other/1"`],
  ['of another region', { StackId: OTHER_REGION }, 'StackId must be'],
  ['of another account', { StackId: STACK_ID.replace('111111111111', '222222222222') }, 'StackId must be'],
  ['of a stack that had the name before', { StackId: STACK_ID.replace(/1$/, '2') }, 'StackId must be'],
  ['without a stack', { StackId: undefined }, 'StackId must be'],
  ['of a resource that is not in the stack', { LogicalResourceId: 'Other' }, `Other: the stack allows no purchase of this name, since the parameter ${parameterOf('allowed', 'Other')} does not exist`],
  ['that selects a version of the parameter', { LogicalResourceId: 'Capacity:1' }, 'must be letters and digits'],
  ['that selects another parameter', { LogicalResourceId: '../record/Capacity' }, 'must be letters and digits'],
  ['of a request type that CloudFormation does not have', { RequestType: 'Buy' as 'Create' }, 'RequestType must be one of Create, Update, Delete, got "Buy"'],
];

test.each(ELSEWHERE)('an event %s buys nothing, and is not recorded', async (_, event, message) => {
  scene.deploy(scene.forged('Create', DEPLOYED));
  await expect(scene.poll(scene.forged('Create', DEPLOYED, event))).rejects.toThrow(message);
  expect(purchases()).toEqual([]);
  expect(scene.aws.parameters.get(RECORD)).toBe('{}');
});

test('the deployed throughput is bought once, with any number of events', async () => {
  await scene.inService(DEPLOYED);
  for (let i = 0; i < 5; i++) await scene.poll(scene.forged('Create', { ...DEPLOYED, tags: [{ key: 'n', value: String(i) }] }));
  await scene.poll(scene.forged('Update', DEPLOYED, { PhysicalResourceId: 'not-bought-yet/0123456789abcdef' }));
  expect(purchases()).toHaveLength(1);
});

test('an event cannot turn a dry run into a purchase', async () => {
  scene.deploy(scene.forged('Create', { ...DEPLOYED, dryRun: 'true' }));
  await expect(scene.poll(scene.forged('Create', DEPLOYED))).rejects.toThrow('dryRun must be "true", as in the deployed template, got none');
  expect(purchases()).toEqual([]);
});

test('without the parameter nothing is bought, and earlier purchases can be deleted', async () => {
  const arn = await scene.inService();
  scene.aws.parameters.delete(parameterOf('allowed'));
  await expect(scene.poll(scene.forged('Create', {}))).rejects.toThrow('Deploy the app with this construct. Nothing was bought.');
  expect(await scene.remove(arn)).toEqual({ IsComplete: true });
  expect(scene.aws.throughputs.size).toBe(0);
});

describe('the purchase that the previous deployment allowed', () => {
  /** From 3 units to 2, with the former ones deleted manually: a rollback must buy them again. */
  async function rollback(hours: number): Promise<string> {
    const arn = await scene.inService({ modelUnits: '3' });
    scene.deploy(scene.forged('Update', { modelUnits: '2' }));
    const smaller = await scene.finish(scene.updateEvent(arn, { modelUnits: '3' }, { modelUnits: '2' }));
    scene.aws.throughputs.delete(arn);
    scene.wait(hours * 60);
    const properties = scene.forged('Update', { modelUnits: '3' });
    return scene.finish({ ...properties, PhysicalResourceId: smaller, OldResourceProperties: scene.forged('Update', { modelUnits: '2' }).ResourceProperties });
  }

  test('can be made by a rollback before the parameter has its former value', async () => {
    await rollback(1);
    expect(purchases().map(({ modelUnits }) => modelUnits)).toEqual([3, 2, 3]);
  });

  test('cannot be made a day later', async () => {
    await expect(rollback(25)).rejects.toThrow('Capacity: the properties are those of an earlier deployment, which can be bought for 24 hours after a change');
    expect(purchases().map(({ modelUnits }) => modelUnits)).toEqual([3, 2]);
  });

  test('can be returned to at any time while it exists', async () => {
    const arn = await scene.inService({ modelUnits: '3' });
    const smaller = await scene.finish(scene.updateEvent(arn, { modelUnits: '3' }, { modelUnits: '2' }));
    scene.wait(48 * 60);
    const back = { ...scene.forged('Update', { modelUnits: '3' }), PhysicalResourceId: smaller, OldResourceProperties: scene.forged('Update', {}).ResourceProperties };
    expect(await scene.finish(back)).toBe(arn);
    expect(purchases()).toHaveLength(2);
  });

  test('is still found after CloudFormation has written the same value again', async () => {
    const arn = await scene.inService({ modelUnits: '3' });
    const event = scene.updateEvent(arn, { modelUnits: '3' }, { modelUnits: '2' });
    scene.aws.parameters.write(parameterOf('allowed'), scene.aws.parameters.get(parameterOf('allowed'))!);
    const back = { ...scene.forged('Update', { modelUnits: '3' }), PhysicalResourceId: arn, OldResourceProperties: event.ResourceProperties };
    expect(await scene.finish(back)).toBe(arn);
  });

  test('is the only one: the one before it is refused', async () => {
    for (const modelUnits of ['4', '3', '2']) scene.deploy(scene.forged('Create', { modelUnits }));
    await expect(scene.poll(scene.forged('Create', { modelUnits: '4' }))).rejects.toThrow('modelUnits must be 2');
    expect(purchases()).toEqual([]);
  });
});

describe('the clock of business hours', () => {
  const NOON = '2026-11-24T11:00:00Z';
  const NIGHT = '2026-11-24T23:00:00Z';
  beforeEach(() => scene.aws.parameters.set(MODEL_ID, HOURS.fallbackModelId!));

  async function tick(now: string, properties: Properties, more: Partial<ThroughputEvent> = {}, time = now): Promise<void> {
    scene.now = Date.parse(now);
    const { StackId, LogicalResourceId, ResourceProperties } = scene.forged('Create', properties, more);
    await scene.handler.onTick({ StackId, LogicalResourceId, ResourceProperties, time });
  }

  test.each<[string, Properties]>([
    ['more units', { modelUnits: '200' }],
    ['another model', { modelId: 'meta.llama3-1-70b-instruct-v1:0:128k' }],
    ['a commitment', { commitmentDuration: 'SixMonths' }],
    ['another name', { provisionedModelName: 'mine' }],
    ['hours that never end', { businessHours: { ...HOURS.businessHours!, days: ['MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT', 'SUN'], start: '00:00', end: '24:00' } }],
    ['another model for callers', { fallbackModelId: 'us.anthropic.claude-opus-4-6' }],
    ['another parameter to write', { modelIdParameter: '/model/Other' }],
  ])('buys nothing for an event with %s, and redirects no caller', async (_, forged) => {
    await scene.inService(HOURS);
    scene.aws.parameters.set('/model/Other', 'other');
    for (const time of [NOON, NIGHT]) await expect(tick(time, { ...HOURS, ...forged })).rejects.toThrow('must be');
    expect(purchases()).toEqual([]);
    expect(scene.aws.parameters.get(MODEL_ID)).toBe(HOURS.fallbackModelId);
    expect(scene.aws.parameters.get('/model/Other')).toBe('other');
  });

  test.each(ELSEWHERE.filter(([what]) => !what.includes('request type')))('buys nothing for an event %s', async (_, event, message) => {
    await scene.inService(HOURS);
    await expect(tick(NOON, HOURS, event)).rejects.toThrow(message);
    expect(purchases()).toEqual([]);
  });

  test('buys nothing at night for an event with the time of tomorrow noon', async () => {
    await scene.inService(HOURS);
    await tick(NIGHT, HOURS, {}, '2026-11-25T11:00:00Z');
    expect(purchases()).toEqual([]);
  });

  // A number that is valid for `Date` and not for `Date.parse` would choose its own window, and a new token with it.
  test.each<[unknown]>([[Date.parse('2026-11-25T11:00:00Z')], [undefined], [null], [''], ['now'], [['2026-11-24T11:00:00Z']], [{}]])('buys and deletes nothing for an event of the time %j', async (time) => {
    await scene.inService(HOURS);
    await tick(NIGHT, HOURS, {}, time as string);
    expect(purchases()).toEqual([]);
    await tick(NOON, HOURS);
    scene.settle(scene.aws.only.provisionedModelArn);
    await tick(NOON, HOURS, {}, time as string);
    expect(scene.aws.throughputs.size).toBe(1);
  });

  test('does not buy for an event of the throughput from before the hours', async () => {
    scene.deploy(scene.forged('Create', {}));
    await expect(tick(NOON, HOURS)).rejects.toThrow('businessHours must be left out');
    expect(purchases()).toEqual([]);
  });
});

describe('the end of a term', () => {
  const TERM = { noticeDays: '14', roleArn: 'arn:aws:iam::111111111111:role/Term', functionArn: 'arn:aws:lambda:us-east-1:111111111111:function:TermEnd' };
  const committed: Properties = { ...DEPLOYED, term: TERM };
  const notice = (arn: string) => scene.aws.schedules.get(`bedrock-throughput-${arn.split('/')[1]}-notice`);
  const event = (arn: string, properties: Properties, more: object = {}) => {
    const { StackId, LogicalResourceId, ResourceProperties } = scene.forged('Create', properties);
    return { StackId, LogicalResourceId, arn, properties: ResourceProperties, ...more };
  };

  test('is announced with the properties of the deployed template, not of the event', async () => {
    const arn = await scene.inService(committed);
    const before = notice(arn);
    const forged: Properties = { ...committed, modelUnits: '1', topicArn: 'arn:aws:sns:us-east-1:111111111111:Nobody', term: { ...TERM, noticeDays: '1' } };
    await scene.handler.onTermEnd(event(arn, forged));
    expect(notice(arn)).toEqual({ ...before, ClientToken: expect.anything() });
  });

  test('of another purchase than the resource\'s is not announced', async () => {
    const arn = await scene.inService(committed);
    scene.aws.only.tags = [];
    await expect(scene.handler.onTermEnd(event(arn, committed))).rejects.toThrow('was not bought for Capacity of this stack');
    await expect(scene.handler.onTermEnd(event(arn, committed, { StackId: OTHER_REGION }))).rejects.toThrow('StackId must be');
  });

  test('of throughput that was removed from the stack is announced as planned', async () => {
    const arn = await scene.inService(committed);
    scene.aws.parameters.delete(parameterOf('allowed'));
    scene.aws.schedules.clear();
    await scene.handler.onTermEnd(event(arn, committed));
    expect(notice(arn)).toMatchObject({ ScheduleExpression: 'at(2026-12-10T00:00:00)' });
  });
});

describe('the purchase of another owner', () => {
  const foreign = async () => {
    const arn = await scene.inService();
    scene.aws.only.tags = scene.aws.only.tags.map(({ key }) => ({ key, value: 'of-another' }));
    scene.aws.parameters.set(RECORD, '{}');
    return arn;
  };

  test('is not deleted for an event with its ARN, and the topic is notified since it may be billed', async () => {
    const arn = await foreign();
    await expect(scene.remove(arn, { topicArn: TOPIC })).rejects.toThrow(`${arn} was not bought for Capacity of this stack`);
    expect(scene.aws.throughputs.size).toBe(1);
    expect(scene.aws.published).toHaveLength(1);
  });

  test('is not renamed or tagged for an event with its ARN', async () => {
    const arn = await foreign();
    const before = JSON.stringify(scene.aws.only);
    await expect(scene.poll(scene.updateEvent(arn, { provisionedModelName: 'a' }, { provisionedModelName: 'b' }))).rejects.toThrow('was not bought for Capacity of this stack');
    expect(JSON.stringify(scene.aws.only)).toBe(before);
  });

  test('is distinguished from an own purchase whose tags were removed, by the record', async () => {
    const arn = await scene.inService();
    scene.aws.only.tags = [];
    expect(await scene.remove(arn)).toEqual({ IsComplete: true });
    expect(scene.aws.throughputs.size).toBe(0);
  });
});

describe('the tags that identify a purchase', () => {
  const reserved = [OWNER_TAG, REQUEST_TAG, RESTORED_FROM_TAG].map((key) => ({ key, value: 'forged' }));

  test('are neither set nor removed by an event', async () => {
    const arn = await scene.inService();
    const { tags } = scene.aws.only;
    const forge = (after: Properties, before: Properties) => scene.forged('Update', after, { PhysicalResourceId: arn, OldResourceProperties: scene.forged('Update', before).ResourceProperties });
    await scene.finish(forge({ tags: reserved }, {}));
    expect(scene.aws.only.tags).toEqual(tags);
    await scene.finish(forge({}, { tags: reserved }));
    expect(scene.aws.only.tags).toEqual(tags);
  });

  test('let a rollback delete the purchase when an event arrived before the creation', async () => {
    const create = scene.event('Create', {});
    await scene.poll(create);
    const before = { ...create.ResourceProperties, tags: reserved };
    await scene.finish(scene.forged('Update', {}, { PhysicalResourceId: scene.aws.only.provisionedModelArn, OldResourceProperties: before }));
    await expect(scene.poll(create)).rejects.toThrow('CloudFormation has sent a newer request since');
    await scene.finish(scene.forged('Delete', {}, await scene.handler.onEvent(create)));
    expect(scene.aws.throughputs.size).toBe(0);
  });
});

test('a deletion passes, and buys nothing, with any properties', async () => {
  const arn = await scene.inService();
  expect(await scene.poll(scene.forged('Delete', { modelUnits: '9', modelId: `${NOVA_24K}x` }, { PhysicalResourceId: arn }))).toEqual({ IsComplete: true });
  expect(scene.aws.throughputs.size).toBe(0);
  expect(purchases()).toHaveLength(1);
});
