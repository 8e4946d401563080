import { FakeBedrock, Fault } from './fake-bedrock';
import { OWNER_TAG, RESTORED_FROM_TAG, ThroughputProperties } from '../../src/handlers/provisioned-model-throughput.contract';
import type * as Handler from '../../src/handlers/provisioned-model-throughput.lambda';

const NOVA_24K = 'amazon.nova-pro-v1:0:24k';
const CUSTOM = 'arn:aws:bedrock:us-east-1:111111111111:custom-model/amazon.nova-lite-v1:0:24k/aaaaaaaaaaaa';
const CUSTOM_2 = 'arn:aws:bedrock:us-east-1:111111111111:custom-model/amazon.nova-lite-v1:0:24k/bbbbbbbbbbbb';

let bedrock: FakeBedrock;
let handler: typeof Handler;
beforeAll(async () => {
  bedrock = await FakeBedrock.start();
  // The real SDK client, of a fresh copy of the handler that reads this environment.
  Object.assign(process.env, {
    AWS_REGION: 'us-east-1',
    AWS_ENDPOINT_URL_BEDROCK: bedrock.endpoint,
    AWS_ACCESS_KEY_ID: 'key',
    AWS_SECRET_ACCESS_KEY: 'secret',
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  });
  jest.isolateModules(() => { handler = require('../../src/handlers/provisioned-model-throughput.lambda'); });
});
afterAll(async () => bedrock.stop());
beforeEach(() => bedrock.reset());
afterEach(() => jest.restoreAllMocks());

const MARK = { key: OWNER_TAG, value: expect.stringMatching(/^[0-9a-f]{64}$/) };
const LOST_REPLIES: Fault = { operation: 'Create', status: 500, error: 'InternalServerException', message: 'oops', afterwards: true, times: 10 };

let requests = 0;
function event(RequestType: 'Create' | 'Update' | 'Delete', properties: Partial<ThroughputProperties>, more: Partial<Handler.ThroughputEvent> = {}): Handler.ThroughputEvent {
  return {
    RequestType,
    StackId: 'arn:aws:cloudformation:us-east-1:111111111111:stack/Stack/1',
    RequestId: `request-${++requests}`,
    LogicalResourceId: 'Capacity',
    // CloudFormation hands numbers on as texts.
    ResourceProperties: { modelId: NOVA_24K, modelUnits: '2', namePrefix: 'Stack-Capacity', ...properties },
    ...more,
  };
}

const create = async (properties: Partial<ThroughputProperties> = {}) => (await handler.onEvent(event('Create', properties))).PhysicalResourceId!;
async function inService(properties: Partial<ThroughputProperties> = {}): Promise<string> {
  const arn = await create(properties);
  settle(arn);
  return arn;
}
function settle(arn: string) {
  const throughput = bedrock.throughputs.get(arn)!;
  Object.assign(throughput, { status: 'InService', modelArn: throughput.desiredModelArn });
}
const update = async (arn: string, before: Partial<ThroughputProperties>, after: Partial<ThroughputProperties>) =>
  (await handler.onEvent(event('Update', after, { PhysicalResourceId: arn, OldResourceProperties: event('Create', before).ResourceProperties }))).PhysicalResourceId!;
const remove = (PhysicalResourceId: string) => handler.isComplete(event('Delete', {}, { PhysicalResourceId }));
const complete = (PhysicalResourceId: string, type: 'Create' | 'Update' = 'Create') => handler.isComplete(event(type, {}, { PhysicalResourceId }));

describe('create', () => {
  test('buys what is asked for and gives its ARN as physical id', async () => {
    const arn = await create({ commitmentDuration: 'OneMonth', tags: [{ key: 'team', value: 'search' }] });
    expect(arn).toBe(bedrock.only.provisionedModelArn);
    expect(bedrock.callsOf('Create')).toEqual([{
      clientRequestToken: expect.stringMatching(/^[0-9a-f]{64}$/),
      provisionedModelName: expect.stringMatching(/^Stack-Capacity-[0-9a-f]{16}$/),
      modelId: NOVA_24K,
      modelUnits: 2,
      commitmentDuration: 'OneMonth',
      tags: [{ key: 'team', value: 'search' }, MARK],
    }]);
  });

  test('takes the name that the user chose', async () => {
    await create({ provisionedModelName: 'chat' });
    expect(bedrock.only.provisionedModelName).toBe('chat');
  });

  test('is complete once the units are in service, and tells the name', async () => {
    const arn = await create();
    expect(await complete(arn)).toEqual({ IsComplete: false });
    settle(arn);
    expect(await complete(arn)).toEqual({ IsComplete: true, Data: { ProvisionedModelName: bedrock.only.provisionedModelName } });
  });

  test('waits for a throughput that does not show yet', async () => {
    expect(await complete('arn:aws:bedrock:us-east-1:111111111111:provisioned-model/abcdefghijkl')).toEqual({ IsComplete: false });
  });

  test('fails with what AWS says when the units cannot be provided', async () => {
    const arn = await create();
    Object.assign(bedrock.only, { status: 'Failed', failureMessage: 'no capacity' });
    await expect(complete(arn)).rejects.toThrow(`could not provide ${arn}: no capacity`);
  });

  test('buys once however often the event is delivered', async () => {
    const delivered = event('Create', {});
    const first = await handler.onEvent(delivered);
    expect(await handler.onEvent(delivered)).toEqual(first);
    expect(bedrock.throughputs.size).toBe(1);
    const [{ clientRequestToken: a }, { clientRequestToken: b }] = bedrock.callsOf('Create');
    expect(a).toBe(b);
  });

  test('sends another token for another request, resource or stack', async () => {
    const base = event('Create', {});
    for (const other of [{}, { RequestId: 'x' }, { LogicalResourceId: 'Other' }, { StackId: 'arn:other' }]) {
      await handler.onEvent({ ...base, ...other }).catch(() => undefined);
    }
    expect(new Set(bedrock.callsOf('Create').map(({ clientRequestToken }) => clientRequestToken)).size).toBe(4);
  });

  test('tries again what AWS throttles, under the same token', async () => {
    bedrock.faults = [{ operation: 'Create', status: 429, error: 'ThrottlingException', message: 'slow down', times: 2 }];
    await create();
    const tokens = bedrock.callsOf('Create').map(({ clientRequestToken }) => clientRequestToken);
    expect(tokens).toEqual([tokens[0], tokens[0], tokens[0]]);
    expect(bedrock.throughputs.size).toBe(1);
  });

  test('finds its purchase when all replies were lost', async () => {
    bedrock.faults = [LOST_REPLIES];
    expect(await create()).toBe(bedrock.only.provisionedModelArn);
  }, 60_000);

  test('finds its purchase under a name that the user chose when all replies were lost', async () => {
    bedrock.faults = [LOST_REPLIES];
    expect(await create({ provisionedModelName: 'chat', commitmentDuration: 'OneMonth' })).toBe(bedrock.only.provisionedModelArn);
  }, 60_000);

  test('gives its purchase to CloudFormation after lost replies even when it cannot be tagged again', async () => {
    const cry = jest.spyOn(console, 'error').mockImplementation();
    bedrock.faults = [LOST_REPLIES, { operation: 'Tag', status: 403, error: 'AccessDeniedException', message: 'no tags' }];
    const arn = await create();
    expect(arn).toBe(bedrock.only.provisionedModelArn);
    expect(cry).toHaveBeenCalledWith(`PERHAPS WITHOUT ITS TAGS: ${arn}: no tags`);
  }, 60_000);

  test('takes up an earlier purchase of the same resource that was retained, for it is still billed', async () => {
    const retained = await inService({ commitmentDuration: 'SixMonths' });
    expect(await create({ commitmentDuration: 'SixMonths' })).toBe(retained);
    expect(bedrock.throughputs.size).toBe(1);
  });

  describe.each([['a name that we made', {}], ['a name that the user chose', { provisionedModelName: 'chat' }]])('in a stack that is deployed again, under %s,', (_, named) => {
    const stack = 'arn:aws:cloudformation:us-east-1:111111111111:stack/Chat';
    const deploy = async (StackId: string, properties: Partial<ThroughputProperties>, more: Partial<Handler.ThroughputEvent> = {}) =>
      (await handler.onEvent(event('Create', { commitmentDuration: 'OneMonth', ...named, ...properties }, { StackId, ...more }))).PhysicalResourceId!;

    test('takes up what the stack of the same name left behind, and tags it', async () => {
      const retained = await deploy(`${stack}/guid-1`, { tags: [{ key: 'team', value: 'search' }] });
      settle(retained);
      expect(await deploy(`${stack}/guid-2`, { tags: [{ key: 'team', value: 'chat' }, { key: 'stage', value: 'prod' }] })).toBe(retained);
      expect(bedrock.only.tags).toEqual([{ key: 'team', value: 'chat' }, { key: 'stage', value: 'prod' }, MARK]);
      const [{ clientRequestToken: a }, { clientRequestToken: b }] = bedrock.callsOf('Create');
      expect(a).not.toBe(b);
    });

    test('fails when what was left behind cannot be tagged as wished', async () => {
      settle(await deploy(`${stack}/guid-1`, {}));
      bedrock.faults = [{ operation: 'Tag', status: 403, error: 'AccessDeniedException', message: 'no tags' }];
      await expect(deploy(`${stack}/guid-2`, {})).rejects.toThrow('AccessDeniedException: no tags');
      expect(bedrock.throughputs.size).toBe(1);
    });

    test('does not take up what has failed, and says what to do about it', async () => {
      const failed = await deploy(`${stack}/guid-1`, {});
      bedrock.only.status = 'Failed';
      await expect(deploy(`${stack}/guid-2`, {})).rejects.toThrow(`${failed}; delete it by hand (nothing is billed for it), then deploy again`);
      bedrock.throughputs.clear();
      expect(await deploy(`${stack}/guid-2`, {})).not.toBe(failed);
    });
  });

  test('takes up nothing of another stack, region, account or resource', async () => {
    const base = event('Create', {});
    const others = ['us-east-1:111111111111:stack/Other', 'us-west-2:111111111111:stack/Stack', 'us-east-1:222222222222:stack/Stack'];
    for (const other of [{}, { LogicalResourceId: 'Other' }, ...others.map((id) => ({ StackId: `arn:aws:cloudformation:${id}/1` }))]) {
      await handler.onEvent({ ...base, ...other });
    }
    expect(bedrock.throughputs.size).toBe(5);
  });

  test('fails when a name that the user chose is in use by another resource, and takes nothing over', async () => {
    const chat = event('Create', { provisionedModelName: 'chat' });
    const { PhysicalResourceId: other } = await handler.onEvent({ ...chat, LogicalResourceId: 'Other' });
    settle(other!);
    const before = [...bedrock.only.tags];
    await expect(handler.onEvent(chat)).rejects.toThrow('is the name "chat" in use?');
    expect(bedrock.only.tags).toEqual(before);
  });

  test('fails when a name that the user chose is in use by somebody who does not tag', async () => {
    await inService({ provisionedModelName: 'chat' });
    bedrock.only.tags = [];
    await expect(create({ provisionedModelName: 'chat' })).rejects.toThrow('is the name "chat" in use?');
  });

  test.each([
    ['units', { modelUnits: '3' }],
    ['commitment', { commitmentDuration: 'OneMonth' as const }],
    ['model', { modelId: 'amazon.nova-lite-v1:0:24k' }],
  ])('fails when its own earlier purchase under the name that the user chose is of another %s', async (_, wished) => {
    await inService({ provisionedModelName: 'chat' });
    await expect(create({ provisionedModelName: 'chat', ...wished })).rejects.toThrow('is the name "chat" in use?');
    expect(bedrock.throughputs.size).toBe(1);
  });

  test.each([
    ['ServiceQuotaExceededException', 400, 'open a support case'],
    ['AccessDeniedException', 403, `check that the account has access to ${NOVA_24K}`],
    ['ResourceNotFoundException', 404, 'cannot be bought as provisioned throughput in this region'],
    ['ValidationException', 400, 'base models by context variant'],
    ['TooManyTagsException', 400, 'remove some'],
  ])('fails on %s with what to do about it, and nothing bought', async (error, status, advice) => {
    bedrock.faults = [{ operation: 'Create', status, error, message: 'AWS says no' } satisfies Fault];
    await expect(create()).rejects.toThrow(new RegExp(`^${error}: AWS says no; .*${advice}`));
    expect(bedrock.throughputs.size).toBe(0);
  });
});

describe('update', () => {
  test('changes tags in place', async () => {
    const before = { tags: [{ key: 'team', value: 'search' }, { key: 'stage', value: 'dev' }] };
    const arn = await inService(before);
    expect(await update(arn, before, { tags: [{ key: 'team', value: 'chat' }, { key: 'owner', value: 'me' }] })).toBe(arn);
    expect(bedrock.callsOf('Untag')).toEqual([{ resourceARN: arn, tagKeys: ['stage'] }]);
    expect(bedrock.only.tags).toEqual([MARK, { key: 'team', value: 'chat' }, { key: 'owner', value: 'me' }]);
  });

  test('changes the name in place, of a commitment too', async () => {
    const before = { provisionedModelName: 'old', commitmentDuration: 'OneMonth' } as const;
    const arn = await inService(before);
    expect(await update(arn, before, { ...before, provisionedModelName: 'new' })).toBe(arn);
    expect(bedrock.only.provisionedModelName).toBe('new');
  });

  test('changes a custom model in place, and waits for it', async () => {
    const before = { modelId: CUSTOM, baseModelId: 'amazon.nova-lite-v1:0', commitmentDuration: 'OneMonth' } as const;
    const arn = await inService(before);
    expect(await update(arn, before, { ...before, modelId: CUSTOM_2 })).toBe(arn);
    expect(await complete(arn, 'Update')).toEqual({ IsComplete: false });
    bedrock.only.status = 'InService';
    expect(await complete(arn, 'Update')).toEqual({ IsComplete: false });
    settle(arn);
    expect(await complete(arn, 'Update')).toMatchObject({ IsComplete: true });
  });

  test('does nothing when nothing has changed', async () => {
    const arn = await inService();
    expect(await update(arn, {}, {})).toBe(arn);
    expect(bedrock.calls.map(({ operation }) => operation)).toEqual(['Create', 'Get']);
  });

  test('buys nothing when AWS writes the model in another way than the template', async () => {
    const arn = await inService();
    Object.assign(bedrock.only, { modelArn: 'arn:aws:bedrock:us-east-1::foundation-model/other', desiredModelArn: 'arn:aws:bedrock:us-east-1::foundation-model/other' });
    expect(await update(arn, {}, { tags: [{ key: 'team', value: 'search' }] })).toBe(arn);
  });

  test.each([
    ['units', { modelUnits: '3' }],
    ['the model', { modelId: 'amazon.nova-lite-v1:0:24k' }],
    ['to a commitment', { commitmentDuration: 'OneMonth' as const }],
  ])('of %s buys anew what has no commitment, so that CloudFormation then deletes the old', async (_, change) => {
    const old = await inService();
    const arn = await update(old, {}, change);
    expect(arn).not.toBe(old);
    expect(bedrock.throughputs.size).toBe(2);
  });

  test('finds the old throughput when CloudFormation rolls back, and buys no third', async () => {
    const old = await inService();
    const replacement = await update(old, {}, { modelUnits: '3' });
    settle(replacement);
    expect(await update(replacement, { modelUnits: '3' }, {})).toBe(old);
    expect(bedrock.throughputs.size).toBe(2);
  });

  test('finds the old throughput under the name that the user chose, too', async () => {
    const [before, after] = [{ provisionedModelName: 'chat' }, { provisionedModelName: 'chat-3', modelUnits: '3' }];
    const old = await inService(before);
    const replacement = await update(old, before, after);
    settle(replacement);
    expect(await update(replacement, after, before)).toBe(old);
    expect(bedrock.throughputs.size).toBe(2);
  });

  test('does not replace by what has failed', async () => {
    const old = await inService();
    const failed = await update(old, {}, { modelUnits: '3' });
    bedrock.throughputs.get(failed)!.status = 'Failed';
    await expect(update(old, {}, { modelUnits: '3' })).rejects.toThrow(`${failed}; delete it by hand`);
  });

  test('keeps the throughput when CloudFormation rolls back a change that was refused', async () => {
    const properties = { commitmentDuration: 'OneMonth' } as const;
    const arn = await inService(properties);
    expect(await update(arn, { ...properties, modelUnits: '3' }, properties)).toBe(arn);
    expect(bedrock.throughputs.size).toBe(1);
  });

  test('fails for other units under a commitment, says until when it is billed, and buys nothing', async () => {
    const properties = { commitmentDuration: 'OneMonth' } as const;
    const arn = await inService(properties);
    await expect(update(arn, properties, { ...properties, modelUnits: '3' }))
      .rejects.toThrow(/cannot change modelUnits from 2 to 3: .* billed until 2026-12-24T00:00:00.000Z.*add a second ProvisionedModelThroughput/);
    expect(bedrock.throughputs.size).toBe(1);
  });

  test('fails for other units under a name that stays, for two cannot have one name', async () => {
    const properties = { provisionedModelName: 'chat' };
    const arn = await inService(properties);
    await expect(update(arn, properties, { ...properties, modelUnits: '3' })).rejects.toThrow('Change provisionedModelName too, or leave it out');
    expect(await update(arn, properties, { provisionedModelName: 'chat-3', modelUnits: '3' })).not.toBe(arn);
  });

  test('fails for a throughput that somebody deleted, and buys none in its place unasked', async () => {
    const arn = await inService();
    bedrock.throughputs.clear();
    await expect(update(arn, {}, { modelUnits: '3' })).rejects.toThrow('no longer exists');
    expect(bedrock.callsOf('Create')).toHaveLength(1);
  });
});

describe.each([['a name that we made', {}], ['a name that the user chose', { provisionedModelName: 'chat' }]])('what a budget deleted and bought again under %s', (_, named) => {
  const tags = [{ key: 'team', value: 'search' }];
  const properties = { ...named, tags };

  /** As the handler that stops spending does it: everything the same but the ARN, and a tag that says what it was. */
  async function boughtAgain(): Promise<[string, string]> {
    const old = await inService(properties);
    const { provisionedModelName, modelId, modelUnits, tags: before } = bedrock.callsOf('Create').pop();
    bedrock.throughputs.clear();
    const body = { clientRequestToken: 'again', provisionedModelName, modelId, modelUnits, tags: [...before, { key: RESTORED_FROM_TAG, value: old }] };
    await fetch(`${bedrock.endpoint}/provisioned-model-throughput`, { method: 'POST', body: JSON.stringify(body) });
    const now = bedrock.only.provisionedModelArn;
    settle(now);
    expect(now).not.toBe(old);
    return [old, now];
  }
  const cleanUp = (PhysicalResourceId: string) => handler.isComplete(event('Delete', properties, { PhysicalResourceId }));

  test('is taken up by the next update, and outlives the deletion of what it took the place of', async () => {
    const [old, now] = await boughtAgain();
    const wished = { ...named, tags: [{ key: 'team', value: 'chat' }] };
    expect(await update(old, properties, wished)).toBe(now);
    expect(bedrock.only.tags).toEqual([MARK, { key: 'team', value: 'chat' }]);
    expect(await complete(now, 'Update')).toMatchObject({ IsComplete: true });
    expect(await cleanUp(old)).toEqual({ IsComplete: true });
    expect(bedrock.only.provisionedModelArn).toBe(now);
  });

  test('is taken up and renamed', async () => {
    const [old, now] = await boughtAgain();
    expect(await update(old, properties, { provisionedModelName: 'renamed', tags })).toBe(now);
    expect(bedrock.only).toMatchObject({ provisionedModelName: 'renamed', tags: [...tags, MARK] });
  });

  test('goes when other units take its place', async () => {
    const [old, now] = await boughtAgain();
    const replacement = await update(old, properties, { provisionedModelName: 'provisionedModelName' in named ? 'more' : undefined, modelUnits: '3', tags });
    expect([old, now]).not.toContain(replacement);
    expect(await cleanUp(old)).toEqual({ IsComplete: true });
    expect(bedrock.only.provisionedModelArn).toBe(replacement);
  });

  test('is found when an update fails before it is taken up and CloudFormation rolls back', async () => {
    const [old, now] = await boughtAgain();
    bedrock.faults = [{ operation: 'Untag', status: 403, error: 'AccessDeniedException', message: 'no tags' }];
    const wished = { ...named, modelUnits: '2', commitmentDuration: undefined, tags: [] };
    await expect(update(old, properties, wished)).rejects.toThrow('no tags');
    expect(await update(old, { provisionedModelName: 'other', tags: [] }, properties)).toBe(now);
    expect(bedrock.only.tags).toEqual([MARK, ...tags]);
  });

  test('is deleted with its stack, which knows it by its old ARN', async () => {
    const [old] = await boughtAgain();
    bedrock.only.status = 'Creating';
    expect(await cleanUp(old)).toEqual({ IsComplete: false });
    bedrock.only.status = 'InService';
    expect(await cleanUp(old)).toEqual({ IsComplete: true });
    expect(bedrock.throughputs.size).toBe(0);
  });

  test.each([
    ['in place of another one', [{ key: RESTORED_FROM_TAG, value: 'arn:other' }]],
    ['by somebody else', [{ key: OWNER_TAG, value: 'other' }]],
  ])('is left alone when it was bought %s', async (__, wrong) => {
    const [old, now] = await boughtAgain();
    bedrock.only.tags = [...bedrock.only.tags.filter(({ key }) => key !== wrong[0].key), ...wrong];
    await expect(update(old, properties, { ...named, tags: [] })).rejects.toThrow('If a budget has stopped it, undo that first');
    expect(await cleanUp(old)).toEqual({ IsComplete: true });
    expect(bedrock.only.provisionedModelArn).toBe(now);
  });
});

describe('delete', () => {
  test('deletes what has no commitment', async () => {
    const arn = await inService();
    expect(await handler.onEvent(event('Delete', {}, { PhysicalResourceId: arn }))).toEqual({ PhysicalResourceId: arn });
    expect(await remove(arn)).toEqual({ IsComplete: true });
    expect(bedrock.throughputs.size).toBe(0);
  });

  test('is done when it is gone already', async () => {
    expect(await remove('arn:aws:bedrock:us-east-1:111111111111:provisioned-model/abcdefghijkl')).toEqual({ IsComplete: true });
  });

  test('waits until AWS allows it, as in the rollback of a creation that took too long', async () => {
    const arn = await create();
    expect(await remove(arn)).toEqual({ IsComplete: false });
    settle(arn);
    expect(await remove(arn)).toEqual({ IsComplete: true });
    expect(bedrock.throughputs.size).toBe(0);
  });

  test('removes a failed purchase in a rollback', async () => {
    const arn = await create({ commitmentDuration: 'OneMonth' });
    bedrock.only.status = 'Failed';
    expect(await remove(arn)).toEqual({ IsComplete: true });
    expect(bedrock.throughputs.size).toBe(0);
  });

  test('lets the stack go and cries out when a commitment cannot be deleted', async () => {
    const cry = jest.spyOn(console, 'error').mockImplementation();
    const arn = await inService({ commitmentDuration: 'SixMonths' });
    expect(await remove(arn)).toEqual({ IsComplete: true });
    expect(bedrock.throughputs.size).toBe(1);
    expect(cry).toHaveBeenCalledWith(expect.stringMatching(/^KEPT AND STILL BILLED: .*SixMonths.* until 2026-12-24.*The commitment term has not ended/));
  });

  test('does nothing for an id under which nothing was bought', async () => {
    expect(await remove('AWSCDK::CustomResourceProviderFramework::CREATE_FAILED')).toEqual({ IsComplete: true });
    expect(bedrock.calls).toEqual([]);
  });

  test('fails when it may not, so that nobody takes it for deleted', async () => {
    const arn = await inService();
    bedrock.faults = [{ operation: 'Delete', status: 403, error: 'AccessDeniedException', message: 'no' }];
    await expect(remove(arn)).rejects.toThrow('AccessDeniedException: no');
  });
});
