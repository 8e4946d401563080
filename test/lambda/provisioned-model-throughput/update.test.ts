import { OWNER_TAG, REQUEST_TAG, RESTORED_FROM_TAG, ThroughputEvent, ThroughputProperties } from '../../../src/lambda/provisioned-model-throughput/contract';
import { ONE_MONTH, RECORD, Scene } from '../../harness/throughput/scene';

const CUSTOM = 'arn:aws:bedrock:us-east-1:111111111111:custom-model/amazon.nova-lite-v1:0:24k/aaaaaaaaaaaa';
const CUSTOM_2 = 'arn:aws:bedrock:us-east-1:111111111111:custom-model/amazon.nova-lite-v1:0:24k/bbbbbbbbbbbb';

let scene: Scene;
beforeAll(async () => { scene = await Scene.open(); });
afterAll(async () => scene.aws.stop());
beforeEach(() => scene.reset());
beforeEach(() => { for (const level of ['warn', 'error'] as const) jest.spyOn(console, level).mockImplementation(); });
afterEach(() => jest.restoreAllMocks());

const MARKS = [{ key: OWNER_TAG, value: expect.stringMatching(/^[0-9a-f]{64}$/) }, { key: REQUEST_TAG, value: expect.stringMatching(/^[0-9a-f]{16}$/) }];
const named = (name: string) => [...scene.aws.throughputs.values()].find(({ provisionedModelName }) => provisionedModelName === name);
const names = () => [...scene.aws.throughputs.values()].map(({ provisionedModelName }) => provisionedModelName);

describe('when AWS omits the context variant', () => {
  const VARIANT = { modelId: 'amazon.nova-pro-v1:0:24k' };
  const OTHER = { modelId: 'amazon.nova-pro-v1:0:300k' };
  /** The id as AWS may return it. */
  const withoutVariants = () => {
    for (const throughput of scene.aws.throughputs.values()) {
      Object.assign(throughput, { status: 'InService', modelArn: 'arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-pro-v1:0', desiredModelArn: 'arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-pro-v1:0' });
    }
  };
  const finished = async (event: ThroughputEvent) => {
    for (let polls = 0; polls < 5; polls++) {
      const { IsComplete, PhysicalResourceId } = await scene.poll(event);
      if (IsComplete) return PhysicalResourceId;
      withoutVariants();
      scene.wait(3);
    }
    throw new Error('it did not come to an end');
  };

  test.each([['by the hour', {}], ['with a commitment', ONE_MONTH]])('throughput that was bought %s is found again, and nothing is bought twice', async (_, term) => {
    const arn = await scene.inService({ ...VARIANT, ...term });
    withoutVariants();
    expect(await scene.update(arn, { ...VARIANT, ...term }, { ...VARIANT, ...term, tags: [{ key: 'team', value: 'chat' }] })).toBe(arn);
    scene.aws.parameters.set(RECORD, '{}');
    expect(await finished(scene.event('Create', { ...VARIANT, ...term }))).toBe(arn);
    expect(scene.aws.callsOf('CreateProvisionedModelThroughput')).toHaveLength(1);
  });

  test('another variant is bought, and a rollback returns to the first one', async () => {
    const arn = await scene.inService(VARIANT);
    withoutVariants();
    const other = await finished(scene.updateEvent(arn, VARIANT, OTHER));
    expect(other).not.toBe(arn);
    expect(scene.aws.callsOf('CreateProvisionedModelThroughput').map(({ modelId }) => modelId)).toEqual([VARIANT.modelId, OTHER.modelId]);
    expect(await finished(scene.updateEvent(other!, OTHER, VARIANT))).toBe(arn);
    expect(scene.aws.callsOf('CreateProvisionedModelThroughput')).toHaveLength(2);
  });

  test('a failed update to another variant is rolled back without a purchase, also with a commitment', async () => {
    for (const term of [{}, ONE_MONTH]) {
      scene.reset();
      const arn = await scene.inService({ ...VARIANT, ...term });
      withoutVariants();
      scene.aws.faults = [{ operation: 'CreateProvisionedModelThroughput', status: 400, error: 'ServiceQuotaExceededException', message: 'no' }];
      await expect(scene.poll(scene.updateEvent(arn, { ...VARIANT, ...term }, { ...OTHER, ...term }))).rejects.toThrow(term === ONE_MONTH ? 'Cannot change model' : 'Open a support case');
      expect(await finished(scene.updateEvent(arn, { ...OTHER, ...term }, { ...VARIANT, ...term }))).toBe(arn);
      expect(scene.aws.throughputs.size).toBe(1);
    }
  });

  test('another model is still recognized as another one', async () => {
    const arn = await scene.inService(VARIANT);
    withoutVariants();
    expect(await scene.update(arn, VARIANT, { modelId: 'amazon.nova-lite-v1:0:24k' })).not.toBe(arn);
  });
});

describe('in place', () => {
  test('tags are changed', async () => {
    const before = { tags: [{ key: 'team', value: 'search' }, { key: 'stage', value: 'dev' }] };
    const arn = await scene.inService(before);
    expect(await scene.update(arn, before, { tags: [{ key: 'team', value: 'chat' }, { key: 'owner', value: 'me' }] })).toBe(arn);
    expect(scene.aws.callsOf('UntagResource')).toEqual([{ resourceARN: arn, tagKeys: ['stage'] }]);
    expect(scene.aws.only.tags).toEqual([...MARKS, { key: 'team', value: 'chat' }, { key: 'owner', value: 'me' }]);
  });

  test('tags from other sources stay', async () => {
    const arn = await scene.inService({ tags: [{ key: 'team', value: 'search' }] });
    scene.aws.only.tags.push({ key: 'map-migrated', value: 'yes' });
    await scene.update(arn, { tags: [{ key: 'team', value: 'search' }] }, { tags: [] });
    expect(scene.aws.only.tags).toEqual([...MARKS, { key: 'map-migrated', value: 'yes' }]);
  });

  test('the name is changed, also with a commitment', async () => {
    const before = { ...ONE_MONTH, provisionedModelName: 'old' };
    const arn = await scene.inService(before);
    expect(await scene.update(arn, before, { ...before, provisionedModelName: 'new' })).toBe(arn);
    expect(scene.aws.only.provisionedModelName).toBe('new');
  });

  test('a name that the user removes is replaced by a generated one', async () => {
    const arn = await scene.inService({ provisionedModelName: 'old' });
    await scene.update(arn, { provisionedModelName: 'old' }, {});
    expect(names()).toEqual([expect.stringMatching(/^Stack-Capacity-[0-9a-f]{16}$/)]);
  });

  test('a custom model is exchanged, and the request waits for it', async () => {
    const before = { ...ONE_MONTH, modelId: CUSTOM, baseModelId: 'amazon.nova-lite-v1:0' };
    const arn = await scene.inService(before);
    const event = scene.updateEvent(arn, before, { ...before, modelId: CUSTOM_2 });
    expect(await scene.poll(event)).toEqual({ IsComplete: false });
    scene.aws.only.status = 'InService';
    expect(await scene.poll(event)).toEqual({ IsComplete: false });
    scene.settle(arn);
    expect(await scene.poll(event)).toMatchObject({ IsComplete: true, PhysicalResourceId: arn });
    expect(scene.aws.callsOf('UpdateProvisionedModelThroughput')).toHaveLength(1);
  });

  test('nothing is done when nothing has changed', async () => {
    const arn = await scene.inService();
    scene.aws.calls.length = 0;
    expect(await scene.update(arn, {}, {})).toBe(arn);
    expect(scene.aws.calls.map(({ operation }) => operation).filter((operation) => /^(Create|Update|Delete|Tag|Untag)/.test(operation))).toEqual([]);
  });

  test('nothing is bought when AWS returns another form of the model id', async () => {
    const arn = await scene.inService();
    Object.assign(scene.aws.only, { modelArn: 'arn:aws:bedrock:us-east-1::foundation-model/other', desiredModelArn: 'arn:aws:bedrock:us-east-1::foundation-model/other' });
    expect(await scene.update(arn, {}, { tags: [{ key: 'team', value: 'search' }] })).toBe(arn);
  });

  test('the request waits for a manual change in progress', async () => {
    const arn = await scene.inService({ provisionedModelName: 'old' });
    scene.aws.only.status = 'Updating';
    const event = scene.updateEvent(arn, { provisionedModelName: 'old' }, { provisionedModelName: 'new' });
    expect(await scene.poll(event)).toEqual({ IsComplete: false });
    expect(scene.aws.callsOf('UpdateProvisionedModelThroughput')).toEqual([]);
    expect(await scene.finish(event)).toBe(arn);
  });
});

describe('uncommitted throughput with a change that AWS does not make in place', () => {
  test.each([
    ['other units', { modelUnits: '3' }],
    ['another model', { modelId: 'amazon.nova-lite-v1:0:24k' }],
    ['a commitment', ONE_MONTH],
  ])('is bought again for %s before CloudFormation deletes the former one', async (_, change) => {
    const old = await scene.inService();
    const event = scene.updateEvent(old, {}, change);
    expect(await scene.poll(event)).toEqual({ IsComplete: false });
    expect(scene.aws.throughputs.size).toBe(2);
    const arn = await scene.finish(event);
    expect(arn).not.toBe(old);
    expect(await scene.remove(old)).toEqual({ IsComplete: true });
    expect(scene.aws.only.provisionedModelArn).toBe(arn);
  });

  test('has another name at first, and the name from the user after the former one is deleted', async () => {
    const before = { provisionedModelName: 'chat' };
    const after = { ...before, modelUnits: '3' };
    const old = await scene.inService(before);
    const event = scene.updateEvent(old, before, after);
    const arn = await scene.finish(event);
    expect(names()).toEqual(['chat', expect.stringMatching(/^chat-[0-9a-f]{8}$/)]);
    // The template receives the final name.
    expect((await scene.poll(event)).Data?.ProvisionedModelName).toBe('chat');
    expect(await scene.remove(old, before)).toEqual({ IsComplete: true });
    expect(scene.aws.only).toMatchObject({ provisionedModelArn: arn, provisionedModelName: 'chat', modelUnits: 3 });
  });

  test('has a name within the length limit, and is renamed by the next update if the rename failed', async () => {
    const before = { provisionedModelName: `${'a'.repeat(53)}-${'b'.repeat(9)}` };
    const old = await scene.inService(before);
    const arn = await scene.update(old, before, { ...before, modelUnits: '3' });
    expect(named(before.provisionedModelName)!.provisionedModelArn).toBe(old);
    expect(Math.max(...names().map(({ length }) => length))).toBeLessThanOrEqual(63);
    jest.spyOn(console, 'error').mockImplementation();
    scene.aws.faults = [{ operation: 'UpdateProvisionedModelThroughput', status: 403, error: 'AccessDeniedException', message: 'no' }];
    expect(await scene.remove(old, before)).toEqual({ IsComplete: true });
    expect(await scene.update(arn, { ...before, modelUnits: '3' }, { ...before, modelUnits: '3', tags: [] })).toBe(arn);
    expect(scene.aws.only.provisionedModelName).toBe(before.provisionedModelName);
  });

  test('is found when CloudFormation rolls back, and no third one is bought', async () => {
    for (const own of [{}, { provisionedModelName: 'chat' }]) {
      scene.reset();
      const old = await scene.inService(own);
      const replacement = await scene.update(old, own, { ...own, modelUnits: '3' });
      expect(await scene.update(replacement, { ...own, modelUnits: '3' }, own)).toBe(old);
      expect(await scene.remove(replacement, { ...own, modelUnits: '3' })).toEqual({ IsComplete: true });
      expect(scene.aws.only.provisionedModelArn).toBe(old);
    }
  });

  test('is not replaced by failed throughput, which the rollback deletes', async () => {
    const old = await scene.inService();
    const event = scene.updateEvent(old, {}, { modelUnits: '3' });
    await scene.poll(event);
    const failed = [...scene.aws.throughputs.values()].find(({ provisionedModelArn }) => provisionedModelArn !== old)!;
    failed.status = 'Failed';
    await expect(scene.poll(event)).rejects.toThrow(`could not provide ${failed.provisionedModelArn}`);
    expect(await scene.update(old, { modelUnits: '3' }, {})).toBe(old);
    expect(scene.aws.only.provisionedModelArn).toBe(old);
  });

  test('whose purchase was not complete is deleted by the rollback', async () => {
    const old = await scene.inService();
    await scene.poll(scene.updateEvent(old, {}, { modelUnits: '3' }));
    const rollback = scene.updateEvent(old, { modelUnits: '3' }, {});
    expect(await scene.poll(rollback)).toEqual({ IsComplete: false });
    scene.wait(3);
    // AWS does not delete throughput that it is creating.
    expect(await scene.poll(rollback)).toEqual({ IsComplete: false });
    expect(await scene.finish(rollback)).toBe(old);
    expect(scene.aws.only.provisionedModelArn).toBe(old);
  });
});

test('is rolled back although CloudFormation has put the template\'s value into the record, as it does when a tag of the parameter changes', async () => {
  const old = await scene.inService();
  const reset = async () => fetch(`${scene.aws.endpoint}/`, {
    method: 'POST', headers: { 'x-amz-target': 'AmazonSSM.PutParameter' }, body: JSON.stringify({ Name: RECORD, Value: '{}', Overwrite: true }),
  });
  await reset();
  await scene.poll(scene.updateEvent(old, {}, { modelUnits: '3' }));
  await reset();
  expect(await scene.finish(scene.updateEvent(old, { modelUnits: '3' }, {}))).toBe(old);
  expect(scene.aws.only.provisionedModelArn).toBe(old);
});

describe('a commitment', () => {
  test.each([
    ['other units', { modelUnits: '3' }, 'modelUnits from 2 to 3'],
    ['no commitment', { commitmentDuration: undefined }, 'commitmentDuration from OneMonth to none'],
    ['a longer commitment', { commitmentDuration: 'SixMonths' as const }, 'commitmentDuration from OneMonth to SixMonths'],
    ['another model', { modelId: 'amazon.nova-lite-v1:0:24k' }, 'model from'],
  ])('is not exchanged for %s: the error has the end of its billing, and nothing is bought', async (_, change, what) => {
    const arn = await scene.inService(ONE_MONTH);
    await expect(scene.update(arn, ONE_MONTH, { ...ONE_MONTH, ...change }))
      .rejects.toThrow(new RegExp(`Cannot change .*${what}.* billed until 2026-12-24T00:00:00.000Z.*add a second ProvisionedModelThroughput.*set allowRepurchase`));
    expect(await scene.update(arn, { ...ONE_MONTH, ...change }, ONE_MONTH)).toBe(arn);
    expect(scene.aws.callsOf('CreateProvisionedModelThroughput')).toHaveLength(1);
  });

  test('is exchanged when the user allows it, and the former one is kept and notified', async () => {
    const logged = jest.spyOn(console, 'error').mockImplementation();
    const before = { ...ONE_MONTH, provisionedModelName: 'chat' };
    const after = { ...before, modelUnits: '3', confirmedUsd: '21900', allowRepurchase: 'true' };
    const old = await scene.inService(before);
    const event = scene.updateEvent(old, before, after);
    const arn = await scene.finish(event);
    // The former one keeps the name until its end.
    expect((await scene.poll(event)).Data?.ProvisionedModelName).toMatch(/^chat-[0-9a-f]{8}$/);
    expect(await scene.remove(old, before)).toEqual({ IsComplete: true });
    expect(logged).toHaveBeenCalledWith(expect.stringContaining(`KEPT AND STILL BILLED: ${old}`));
    expect([...scene.aws.throughputs.keys()]).toEqual([old, arn]);
    // It is renamed once the name is free.
    expect(await scene.update(arn, after, after)).toBe(arn);
    scene.aws.throughputs.delete(old);
    expect(await scene.update(arn, after, after)).toBe(arn);
    expect(scene.aws.only.provisionedModelName).toBe('chat');
  });

  test('that costs more than confirmed does not replace uncommitted units', async () => {
    const arn = await scene.inService();
    await expect(scene.update(arn, {}, { ...ONE_MONTH, confirmedUsd: '14599' })).rejects.toThrow('got $14,599.00. Set it to that sum.');
    expect(scene.aws.only.provisionedModelArn).toBe(arn);
  });
});

describe('throughput that was deleted manually', () => {
  test('is not bought again by default, and the rollback succeeds', async () => {
    const logged = jest.spyOn(console, 'error').mockImplementation();
    const arn = await scene.inService();
    scene.aws.throughputs.clear();
    await expect(scene.update(arn, {}, { modelUnits: '3' })).rejects.toThrow('no longer exists');
    expect(await scene.update(arn, { modelUnits: '3' }, {})).toBe(arn);
    expect(logged).toHaveBeenCalledWith(expect.stringContaining('GONE'));
    expect(scene.aws.callsOf('CreateProvisionedModelThroughput')).toHaveLength(1);
  });

  test('is bought again when the user allows it', async () => {
    const arn = await scene.inService();
    scene.aws.throughputs.clear();
    expect(await scene.update(arn, {}, { allowRepurchase: 'true' })).toBe(scene.aws.only.provisionedModelArn);
    expect(await scene.remove(arn)).toEqual({ IsComplete: true });
    expect(scene.aws.throughputs.size).toBe(1);
  });
});

describe.each([['a name that we made', {}], ['a name that the user chose', { provisionedModelName: 'chat' }]])('throughput that a budget deleted and bought again under %s', (_, own) => {
  const tags = [{ key: 'team', value: 'search' }];
  const properties: Partial<ThroughputProperties> = { ...own, tags };

  /** Buys throughput again like the stop function: equal except for the ARN, and with a tag that has the former ARN. */
  async function boughtAgain(): Promise<[string, string]> {
    const old = await scene.inService(properties);
    const { provisionedModelName, modelId, modelUnits, tags: before } = scene.aws.callsOf('CreateProvisionedModelThroughput').pop();
    scene.aws.throughputs.clear();
    const body = { clientRequestToken: 'again', provisionedModelName, modelId, modelUnits, tags: [...before, { key: RESTORED_FROM_TAG, value: old }] };
    await fetch(`${scene.aws.endpoint}/provisioned-model-throughput`, { method: 'POST', body: JSON.stringify(body) });
    const now = scene.aws.only.provisionedModelArn;
    scene.settle(now);
    expect(now).not.toBe(old);
    return [old, now];
  }
  const cleanUp = (arn: string) => scene.remove(arn, properties);

  test('is used by the next update, and is not deleted with the purchase that it replaces', async () => {
    const [old, now] = await boughtAgain();
    expect(await scene.update(old, properties, { ...own, tags: [{ key: 'team', value: 'chat' }] })).toBe(now);
    expect(scene.aws.only.tags).toEqual([...MARKS, { key: 'team', value: 'chat' }]);
    expect(await cleanUp(old)).toEqual({ IsComplete: true });
    expect(scene.aws.only.provisionedModelArn).toBe(now);
  });

  test('is used and renamed', async () => {
    const [old, now] = await boughtAgain();
    expect(await scene.update(old, properties, { provisionedModelName: 'renamed', tags })).toBe(now);
    expect(scene.aws.only).toMatchObject({ provisionedModelName: 'renamed', tags: [...tags, ...MARKS] });
  });

  test('is deleted when other units replace it', async () => {
    const [old, now] = await boughtAgain();
    const replacement = await scene.update(old, properties, { ...own, modelUnits: '3', tags });
    expect([old, now]).not.toContain(replacement);
    expect(await cleanUp(old)).toEqual({ IsComplete: true });
    expect(scene.aws.only.provisionedModelArn).toBe(replacement);
  });

  test('is found when an update fails before using it and CloudFormation rolls back', async () => {
    const [old, now] = await boughtAgain();
    scene.aws.faults = [{ operation: 'UntagResource', status: 403, error: 'AccessDeniedException', message: 'no tags' }];
    await expect(scene.update(old, properties, { ...own, tags: [] })).rejects.toThrow('no tags');
    expect(await scene.update(old, { ...own, tags: [] }, properties)).toBe(now);
    expect(scene.aws.only.tags).toEqual([...tags, ...MARKS]);
  });

  test('is deleted with its stack, which has its former ARN', async () => {
    const [old] = await boughtAgain();
    const event = scene.event('Delete', properties, { PhysicalResourceId: old });
    scene.aws.only.status = 'Creating';
    expect(await scene.poll(event)).toEqual({ IsComplete: false });
    scene.aws.only.status = 'InService';
    expect(await scene.poll(event)).toEqual({ IsComplete: true });
    expect(scene.aws.throughputs.size).toBe(0);
  });

  test.each([
    ['to replace another one', [{ key: RESTORED_FROM_TAG, value: 'arn:other' }]],
    ['by another owner', [{ key: OWNER_TAG, value: 'other' }]],
  ])('is not used when it was bought %s', async (__, wrong) => {
    const [old, now] = await boughtAgain();
    scene.aws.only.tags = [...scene.aws.only.tags.filter(({ key }) => key !== wrong[0].key), ...wrong];
    await expect(scene.update(old, properties, { ...own, tags: [] })).rejects.toThrow('If a budget has stopped it, undo the stop first');
    expect(await cleanUp(old)).toEqual({ IsComplete: true });
    expect(scene.aws.only.provisionedModelArn).toBe(now);
  });
});

test('an update without its record buys nothing', async () => {
  const arn = await scene.inService();
  scene.aws.parameters.delete(RECORD);
  await expect(scene.update(arn, {}, { modelUnits: '3' })).rejects.toThrow(`The parameter ${RECORD}, which records the purchases, does not exist`);
  expect(scene.aws.throughputs.size).toBe(1);
});
