import { readFileSync } from 'fs';
import { OWNER_TAG, REQUEST_TAG } from '../../../src/lambda/provisioned-model-throughput/contract';
import { Fault } from '../../fakes/faults';
import { NOVA_24K, ONE_MONTH, RECORD, Scene, TOPIC } from '../../harness/throughput/scene';

let scene: Scene;
beforeAll(async () => { scene = await Scene.open(); });
afterAll(async () => scene.aws.stop());
beforeEach(() => scene.reset());
beforeEach(() => jest.spyOn(console, 'error').mockImplementation());
afterEach(() => jest.restoreAllMocks());

const MARKS = [{ key: OWNER_TAG, value: expect.stringMatching(/^[0-9a-f]{64}$/) }, { key: REQUEST_TAG, value: expect.stringMatching(/^[0-9a-f]{16}$/) }];
const LOST_REPLY: Fault = { operation: 'CreateProvisionedModelThroughput', status: 500, error: 'InternalServerException', message: 'oops', afterwards: true, times: 3 };
const quiet = () => jest.spyOn(console, 'warn').mockImplementation();

test('the requested throughput is bought, and its ARN is the physical id', async () => {
  const arn = await scene.inService({ ...ONE_MONTH, tags: [{ key: 'team', value: 'search' }] });
  expect(arn).toBe(scene.aws.only.provisionedModelArn);
  expect(scene.aws.callsOf('CreateProvisionedModelThroughput')).toEqual([{
    clientRequestToken: expect.stringMatching(/^[0-9a-f]{64}$/),
    provisionedModelName: expect.stringMatching(/^Stack-Capacity-[0-9a-f]{16}$/),
    modelId: NOVA_24K,
    modelUnits: 2,
    commitmentDuration: 'OneMonth',
    tags: [{ key: 'team', value: 'search' }, ...MARKS],
  }]);
});

test('nothing is bought before CloudFormation has an id, by which it can delete the purchase', async () => {
  const { PhysicalResourceId } = await scene.handler.onEvent(scene.event('Create', {}));
  expect(PhysicalResourceId).toMatch(/^not-bought-yet\/[0-9a-f]{16}$/);
  expect(scene.aws.calls).toEqual([]);
});

test('the name is the name from the user', async () => {
  await scene.create({ provisionedModelName: 'chat' });
  expect(scene.aws.only.provisionedModelName).toBe('chat');
});

test('the request is complete once the units are in service, and returns the name and the end of the term', async () => {
  const event = scene.event('Create', ONE_MONTH);
  expect(await scene.poll(event)).toEqual({ IsComplete: false });
  scene.settle(scene.aws.only.provisionedModelArn);
  expect(await scene.poll(event)).toEqual({
    IsComplete: true,
    PhysicalResourceId: scene.aws.only.provisionedModelArn,
    Data: { ProvisionedModelName: scene.aws.only.provisionedModelName, CommitmentEnd: '2026-12-24T00:00:00.000Z', DryRun: 'none' },
  });
});

describe('a commitment whose term outlives its model', () => {
  // The scene begins on 2026-11-24: a month ends on 2026-12-24, six on 2027-05-24.
  const sixMonths = { ...ONE_MONTH, commitmentDuration: 'SixMonths' as const, confirmedUsd: '87600' };

  test.each([
    ['for a month, on the last day', { ...ONE_MONTH, endOfLife: '2026-12-24' },
      'A commitment of 1 month bought on 2026-11-24 ends on 2026-12-24, and AWS no longer serves amazon.nova-pro-v1:0:24k from 2026-12-24 on. '
        + 'Choose a shorter term, no commitment, or an active model. Nothing was bought.'],
    ['for six months', { ...sixMonths, endOfLife: '2027-03-30' }, 'A commitment of 6 months bought on 2026-11-24 ends on 2027-05-24'],
    ['whose model is no longer served', { ...ONE_MONTH, endOfLife: '2026-09-10' }, 'AWS no longer serves amazon.nova-pro-v1:0:24k from 2026-09-10 on'],
  ])('%s is refused, and nothing is bought', async (_, properties, message) => {
    await expect(scene.finish(scene.event('Create', properties))).rejects.toThrow(message);
    expect(scene.aws.callsOf('CreateProvisionedModelThroughput')).toEqual([]);
  });

  test.each([
    ['a term that ends the day before', { ...ONE_MONTH, endOfLife: '2026-12-25' }],
    ['a shorter term', { ...ONE_MONTH, endOfLife: '2027-03-30' }],
    ['no commitment', { endOfLife: '2026-12-01' }],
    ['no known end of life', sixMonths],
  ])('%s is bought', async (_, properties) => {
    await scene.inService(properties);
    expect(scene.aws.callsOf('CreateProvisionedModelThroughput')).toHaveLength(1);
  });

  test('is refused according to the day of the purchase, not of the synth', async () => {
    scene.wait(60 * 24 * 10);
    // 2026-12-04 and a month
    await expect(scene.finish(scene.event('Create', { ...ONE_MONTH, endOfLife: '2027-01-01' }))).rejects.toThrow('bought on 2026-12-04 ends on 2027-01-04');
  });

  test('stays when its end of life becomes known after the purchase', async () => {
    const arn = await scene.inService(ONE_MONTH);
    expect(await scene.update(arn, ONE_MONTH, { ...ONE_MONTH, endOfLife: '2026-12-01' })).toBe(arn);
    expect(scene.aws.callsOf('DeleteProvisionedModelThroughput')).toEqual([]);
  });
});

test('an answered request is answered again, without another check of its properties', async () => {
  const event = scene.event('Create', {});
  const arn = await scene.finish(event);
  expect(await scene.poll(event)).toMatchObject({ IsComplete: true, PhysicalResourceId: arn });
  expect(scene.aws.callsOf('CreateProvisionedModelThroughput')).toHaveLength(1);
});

test('throughput that AWS could not provide fails with its error, also on a retry', async () => {
  const event = scene.event('Create', {});
  await scene.poll(event);
  Object.assign(scene.aws.only, { status: 'Failed', failureMessage: 'no capacity' });
  const failure = `could not provide ${scene.aws.only.provisionedModelArn}: no capacity. Nothing is billed for it`;
  await expect(scene.poll(event)).rejects.toThrow(failure);
  await expect(scene.poll(event)).rejects.toThrow(failure);
});

test('a request that AWS has not completed after 28 minutes fails with a remedy', async () => {
  const event = scene.event('Create', {});
  await scene.poll(event);
  scene.wait(29);
  await expect(scene.poll(event)).rejects.toThrow('not completed the request after 28 minutes');
});

test('repeated events make one purchase', async () => {
  const event = scene.event('Create', {});
  await Promise.all([scene.poll(event), scene.poll(event)]);
  await scene.poll(event);
  expect(scene.aws.throughputs.size).toBe(1);
  expect(new Set(scene.aws.callsOf('CreateProvisionedModelThroughput').map(({ clientRequestToken }) => clientRequestToken)).size).toBe(1);
});

test('another request, resource or stack has another token', async () => {
  const base = scene.event('Create', {});
  for (const other of [{}, { RequestId: 'x' }, { LogicalResourceId: 'Other' }, { StackId: 'arn:aws:cloudformation:us-east-1:222222222222:stack/Stack/1' }]) {
    scene.aws.parameters.set(RECORD, '{}');
    scene.aws.throughputs.clear();
    await scene.deployAndPoll({ ...base, ...other });
  }
  expect(new Set(scene.aws.callsOf('CreateProvisionedModelThroughput').map(({ clientRequestToken }) => clientRequestToken)).size).toBe(4);
});

test('throttled calls are retried with the same token', async () => {
  scene.aws.faults = [{ operation: 'CreateProvisionedModelThroughput', status: 429, error: 'ThrottlingException', message: 'slow down', times: 2 }];
  await scene.create();
  const tokens = scene.aws.callsOf('CreateProvisionedModelThroughput').map(({ clientRequestToken }) => clientRequestToken);
  expect(tokens).toEqual([tokens[0], tokens[0], tokens[0]]);
  expect(scene.aws.throughputs.size).toBe(1);
});

test.each(['GetProvisionedModelThroughput', 'GetParameter', 'PutParameter'])('a call that stays throttled (%s) is retried by the next poll', async (operation) => {
  quiet();
  scene.aws.faults = [{ operation, status: 429, error: 'ThrottlingException', message: 'slow down', times: 3 }];
  const event = scene.event('Create', {});
  expect(await scene.poll(event)).toEqual({ IsComplete: false });
  expect(await scene.finish(event)).toBe(scene.aws.only.provisionedModelArn);
});

test.each([['a name that we made', {}], ['a name that the user chose', { provisionedModelName: 'chat', ...ONE_MONTH }]])('a purchase whose replies were lost is found, under %s', async (_, properties) => {
  quiet();
  scene.aws.faults = [LOST_REPLY];
  expect(await scene.inService(properties)).toBe(scene.aws.only.provisionedModelArn);
  expect(scene.aws.callsOf('CreateProvisionedModelThroughput')).toHaveLength(3);
});

test('a purchase that was deleted manually is not made again for the same request', async () => {
  const event = scene.event('Create', {});
  await scene.poll(event);
  scene.aws.throughputs.clear();
  scene.wait(1);
  expect(await scene.poll(event)).toEqual({ IsComplete: false });
  expect(scene.aws.callsOf('CreateProvisionedModelThroughput')).toHaveLength(1);
});

test('a retained purchase of the same resource is used again, since it is still billed', async () => {
  const retained = await scene.inService(ONE_MONTH);
  scene.aws.parameters.set(RECORD, '{}');
  expect(await scene.inService(ONE_MONTH)).toBe(retained);
  expect(scene.aws.throughputs.size).toBe(1);
});

describe.each([['a name that we made', {}], ['a name that the user chose', { provisionedModelName: 'chat' }]])('in a stack that is deployed again, under %s,', (_, named) => {
  const deploy = async (guid: string, properties: object) => {
    scene.aws.parameters.set(RECORD, '{}');
    return scene.inService({ ...ONE_MONTH, ...named, ...properties }, { StackId: `arn:aws:cloudformation:us-east-1:111111111111:stack/Chat/${guid}` });
  };

  test('the remaining purchase of the stack of the same name is used and tagged', async () => {
    const retained = await deploy('guid-1', { tags: [{ key: 'team', value: 'search' }] });
    expect(await deploy('guid-2', { tags: [{ key: 'team', value: 'chat' }, { key: 'stage', value: 'prod' }] })).toBe(retained);
    expect(scene.aws.only.tags).toEqual([...MARKS, { key: 'team', value: 'chat' }, { key: 'stage', value: 'prod' }]);
  });

  test('the request fails when the remaining purchase cannot be tagged', async () => {
    await deploy('guid-1', {});
    scene.aws.faults = [{ operation: 'TagResource', status: 403, error: 'AccessDeniedException', message: 'no tags' }];
    await expect(deploy('guid-2', { tags: [{ key: 'team', value: 'chat' }] })).rejects.toThrow('AccessDeniedException: no tags');
    expect(scene.aws.throughputs.size).toBe(1);
  });

  test('failed throughput is not used, and the error has a remedy', async () => {
    const failed = await deploy('guid-1', {});
    scene.aws.only.status = 'Failed';
    await expect(deploy('guid-2', {})).rejects.toThrow(`${failed}: it gave no reason`);
    scene.aws.throughputs.clear();
    expect(await deploy('guid-2', {})).not.toBe(failed);
  });
});

test('purchases of another stack, region, account or resource are not used', async () => {
  const base = scene.event('Create', {});
  const others = ['us-east-1:111111111111:stack/Other', 'us-west-2:111111111111:stack/Stack', 'us-east-1:222222222222:stack/Stack'];
  for (const other of [{}, { LogicalResourceId: 'Other' }, ...others.map((id) => ({ StackId: `arn:aws:cloudformation:${id}/1` }))]) {
    scene.aws.parameters.set(RECORD, '{}');
    await scene.deployAndPoll({ ...base, ...other });
  }
  expect(scene.aws.throughputs.size).toBe(5);
});

describe('under a name that is in use', () => {
  test('by another resource, a request fails, and uses no other purchase', async () => {
    const chat = scene.event('Create', { provisionedModelName: 'chat' });
    const other = { ...chat, LogicalResourceId: 'Other' };
    scene.deploy(other);
    await scene.finish(other);
    const before = [...scene.aws.only.tags];
    scene.aws.parameters.set(RECORD, '{}');
    await expect(scene.poll(chat)).rejects.toThrow('The name "chat" is in use by');
    expect(scene.aws.only.tags).toEqual(before);
  });

  test('by throughput without tags, a request fails', async () => {
    await scene.inService({ provisionedModelName: 'chat' });
    scene.aws.only.tags = [];
    scene.aws.parameters.set(RECORD, '{}');
    await expect(scene.create({ provisionedModelName: 'chat' })).rejects.toThrow('The name "chat" is in use by');
  });

  test.each([
    ['units', { modelUnits: '3' }],
    ['commitment', ONE_MONTH],
    ['model', { modelId: 'amazon.nova-lite-v1:0:24k' }],
  ])('by its own earlier purchase of another %s, a request fails', async (_, requested) => {
    await scene.inService({ provisionedModelName: 'chat' });
    scene.aws.parameters.set(RECORD, '{}');
    await expect(scene.create({ provisionedModelName: 'chat', ...requested })).rejects.toThrow('The name "chat" is in use by');
    expect(scene.aws.throughputs.size).toBe(1);
  });
});

test.each([
  ['ServiceQuotaExceededException', 400, 'Open a support case'],
  ['AccessDeniedException', 403, `Check that the account has access to ${NOVA_24K}`],
  ['ResourceNotFoundException', 404, 'cannot be bought as provisioned throughput in this region'],
  ['ValidationException', 400, 'base models by context variant'],
  ['TooManyTagsException', 400, 'Remove some'],
])('%s fails with what to do about it, and nothing is bought', async (error, status, advice) => {
  scene.aws.faults = [{ operation: 'CreateProvisionedModelThroughput', status, error, message: 'AWS says no' } satisfies Fault];
  await expect(scene.create()).rejects.toThrow(new RegExp(`^${error}: AWS says no\. .*${advice}`));
  expect(scene.aws.throughputs.size).toBe(0);
});

describe('a commitment', () => {
  // 2 x $10 x 730 x 1 = $14,600
  test('is bought for the confirmed cost', async () => {
    expect(await scene.inService(ONE_MONTH)).toBe(scene.aws.only.provisionedModelArn);
  });

  // 3 x $10 x 730 x 1 = $21,900; 2 x $10 x 730 x 6 = $87,600
  test.each([
    ['with more units in the template', { modelUnits: '3' }, 'acknowledgeCommitmentUsd must be the cost of the whole term, $21,900.00 (3 x $10.00 x 730 hours x 1 month), got $14,600.00. Set it to that sum. Nothing was bought.'],
    ['that is longer', { commitmentDuration: 'SixMonths' as const }, 'the whole term, $87,600.00 (2 x $10.00 x 730 hours x 6 months), got $14,600.00.'],
    ['with one hour a month in the template', { confirmedUsd: '50', price: { ...ONE_MONTH.price, hoursPerMonth: '1' } }, 'acknowledgeCommitmentUsd must be the cost of the whole term, $14,600.00 (2 x $10.00 x 730 hours x 1 month), got $50.00.'],
    ['that costs a cent more', { confirmedUsd: '14599.99' }, 'got $14,599.99. Set it to that sum.'],
    ['that was priced for another region', { price: { ...ONE_MONTH.price, region: 'us-west-2' } }, 'must be "us-west-2", where the commitment was confirmed, got "us-east-1"'],
    ['without a confirmation', { confirmedUsd: undefined }, 'acknowledgeCommitmentUsd is required for a commitment.'],
    ['whose price is not known', { price: undefined }, 'acknowledgeCommitmentUsd is required for a commitment.'],
  ])('%s is not bought', async (_, different, text) => {
    await expect(scene.create({ ...ONE_MONTH, ...different })).rejects.toThrow(text);
    expect(scene.aws.callsOf('CreateProvisionedModelThroughput')).toEqual([]);
  });

  test('with a price from the user is bought in any region', async () => {
    expect(await scene.inService({ ...ONE_MONTH, price: { hourlyUsd: '10', hoursPerMonth: '730' } })).toBe(scene.aws.only.provisionedModelArn);
  });
});

describe('a dry run', () => {
  test.each([
    ['with a commitment', ONE_MONTH, 'Dry run: would buy 2 model units of amazon.nova-pro-v1:0:24k with a commitment for $14,600.00 (2 x $10.00 x 730 hours x 1 month), which cannot be cancelled. Nothing was bought or changed.'],
    // 2 x $10
    ['by the hour', { price: ONE_MONTH.price }, 'Dry run: would buy 2 model units of amazon.nova-pro-v1:0:24k by the hour for $20.00 an hour. Nothing was bought or changed.'],
  ])('%s buys nothing and reports the purchase', async (_, properties, DryRun) => {
    const say = jest.spyOn(console, 'info').mockImplementation();
    const answer = await scene.poll(scene.event('Create', { ...properties, dryRun: 'true' }));
    expect(answer).toMatchObject({ IsComplete: true, PhysicalResourceId: expect.stringMatching(/^arn:aws:bedrock:us-east-1:111111111111:provisioned-model\/dryrun[0-9a-f]{6}$/), Data: { DryRun } });
    expect(say).toHaveBeenCalledWith(DryRun);
    expect(new Set(scene.aws.calls.map(({ operation }) => operation))).toEqual(new Set(['GetParameter', 'PutParameter']));
  });

  test('that has ended buys', async () => {
    jest.spyOn(console, 'info').mockImplementation();
    const dry = await scene.inService({ dryRun: 'true' });
    expect(await scene.update(dry, { dryRun: 'true' }, {})).toBe(scene.aws.only.provisionedModelArn);
    expect(await scene.remove(dry, { dryRun: 'true' })).toEqual({ IsComplete: true });
    expect(scene.aws.throughputs.size).toBe(1);
  });

  test('of a change keeps the purchase, with which later changes are compared', async () => {
    jest.spyOn(console, 'info').mockImplementation();
    const arn = await scene.inService();
    const requested = { modelId: 'amazon.nova-lite-v1:0:24k' };
    expect(await scene.update(arn, {}, { ...requested, dryRun: 'true' })).toBe(arn);
    expect(scene.aws.throughputs.size).toBe(1);
    expect(await scene.update(arn, { ...requested, dryRun: 'true' }, requested)).not.toBe(arn);
  });

  test('of an existing purchase returns its attributes', async () => {
    jest.spyOn(console, 'info').mockImplementation();
    const before = { ...ONE_MONTH, provisionedModelName: 'chat' };
    const arn = await scene.inService(before);
    const answer = await scene.poll(scene.updateEvent(arn, before, { ...before, provisionedModelName: 'other', dryRun: 'true' }));
    expect(answer.Data).toMatchObject({ ProvisionedModelName: 'chat', CommitmentEnd: '2026-12-24T00:00:00.000Z' });
  });

  test('that is deleted with its stack deletes the earlier purchase', async () => {
    jest.spyOn(console, 'info').mockImplementation();
    const arn = await scene.inService();
    await scene.update(arn, {}, { dryRun: 'true' });
    expect(await scene.remove(arn, { dryRun: 'true' })).toEqual({ IsComplete: true });
    expect(scene.aws.throughputs.size).toBe(0);
  });
});

describe('a purchase whose deployment failed', () => {
  const published = () => scene.aws.published.map(({ Message }) => Message);
  beforeEach(() => { jest.spyOn(console, 'warn').mockImplementation(); });
  const NO_TAGS = { operation: 'TagResource', status: 403, error: 'AccessDeniedException', message: 'no tags' };

  test('is notified with its ARN, to every topic', async () => {
    const properties = { topicArn: TOPIC, budgetTopicArns: [`${TOPIC}-of-a-budget`] };
    const event = scene.event('Create', properties);
    await scene.poll(event);
    scene.wait(29);
    await expect(scene.poll(event)).rejects.toThrow('not completed the request after 28 minutes');
    const arn = scene.aws.only.provisionedModelArn;
    expect(scene.aws.published).toEqual([TOPIC, `${TOPIC}-of-a-budget`].map((TopicArn) => expect.objectContaining({
      TopicArn, Subject: 'Provisioned throughput was bought, and its deployment failed', Message: expect.stringContaining(`BOUGHT, AND BILLED: ${arn} for Capacity`),
    })));
  });

  test('is notified neither if AWS could not provide it, since it is not billed, nor without a purchase', async () => {
    const event = scene.event('Create', { topicArn: TOPIC });
    await scene.poll(event);
    scene.aws.only.status = 'Failed';
    await expect(scene.poll(event)).rejects.toThrow('could not provide');
    scene.aws.faults = [{ operation: 'CreateProvisionedModelThroughput', status: 400, error: 'ServiceQuotaExceededException', message: 'no' }];
    scene.aws.throughputs.clear();
    scene.aws.parameters.set(RECORD, '{}');
    await expect(scene.poll(scene.event('Create', { topicArn: TOPIC }))).rejects.toThrow('Open a support case');
    expect(published()).toEqual([]);
  });

  test('is notified if the rollback cannot delete it either', async () => {
    const before = { topicArn: TOPIC };
    const after = { ...before, modelUnits: '3' };
    const arn = await scene.inService(before);
    await scene.poll(scene.updateEvent(arn, before, after));
    const [, second] = [...scene.aws.throughputs.keys()];
    scene.settle(second);
    scene.aws.faults = [{ ...NO_TAGS, operation: 'DeleteProvisionedModelThroughput', message: 'no deletion' }];
    const back = scene.updateEvent(arn, after, before);
    await scene.poll(back);
    scene.wait(3);
    await expect(scene.poll(back)).rejects.toThrow('no deletion');
    expect(published()).toEqual([expect.stringContaining(`BOUGHT, AND BILLED: ${second} for Capacity`)]);
  });
});

test('of the calls that buy, rename and delete, only the deletion has a ConflictException in the SDK\'s model', () => {
  const errorsOf = (operation: string) => readFileSync(require.resolve('@aws-sdk/client-bedrock').replace(/dist-cjs.*$/, `dist-types/commands/${operation}ProvisionedModelThroughputCommand.d.ts`), 'utf8');
  for (const operation of ['Create', 'Update', 'Delete']) {
    expect(errorsOf(operation)).toContain('ValidationException');
    expect([operation, errorsOf(operation).includes('ConflictException')]).toEqual([operation, operation === 'Delete']);
  }
});
