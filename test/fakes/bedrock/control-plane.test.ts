import {
  BedrockClient, BedrockServiceException, ConflictException, CreateProvisionedModelThroughputCommand, CreateProvisionedModelThroughputCommandInput,
  DeleteProvisionedModelThroughputCommand, GetProvisionedModelThroughputCommand, InternalServerException,
  ListProvisionedModelThroughputsCommand, ListProvisionedModelThroughputsCommandInput, ListTagsForResourceCommand, ResourceNotFoundException,
  ServiceQuotaExceededException, TagResourceCommand, ThrottlingException, TooManyTagsException, UntagResourceCommand,
  UpdateProvisionedModelThroughputCommand, ValidationException,
} from '@aws-sdk/client-bedrock';
import { BedrockControlPlane } from './control-plane';
import { serve } from './serve';
import { ThroughputBehaviour } from './stored-throughput';
import { Faults } from '../faults';
import { LocalServer } from '../http';
import { fieldsOf } from '../sdk-model';

const REGION = 'us-west-2';
const ACCOUNT = '111111111111';
const MINUTE = 60_000;
const DAY = 86_400_000;
const START = Date.parse('2026-11-25T02:00:00Z');
const BASE = 'amazon.nova-canvas-v1:0';
const NOVA = 'amazon.nova-pro-v1:0:24k';
const custom = (id: string, base = BASE) => `arn:aws:bedrock:${REGION}:${ACCOUNT}:custom-model/${base}/${id.repeat(12)}`;

let now: number;
const faults = new Faults();
const controlPlane = new BedrockControlPlane({ region: REGION, account: ACCOUNT, now: () => now });
let behaviour: ThroughputBehaviour;
let server: LocalServer;
let bedrock: BedrockClient;
beforeAll(async () => {
  server = await serve((operation, input) => controlPlane.perform(operation, input), faults);
  bedrock = new BedrockClient({ endpoint: server.endpoint, region: REGION, credentials: { accessKeyId: 'a', secretAccessKey: 'b' }, maxAttempts: 1 });
});
afterAll(() => server.stop());
beforeEach(() => {
  now = START;
  controlPlane.reset();
  faults.waiting = [];
  behaviour = controlPlane.throughputs.behaviour;
  behaviour.creatingMs = () => MINUTE;
  behaviour.updatingMs = (changesModel) => (changesModel ? MINUTE : 0);
});

const create = async (more: Partial<CreateProvisionedModelThroughputCommandInput> = {}) => {
  const input = { provisionedModelName: 'capacity', modelId: NOVA, modelUnits: 2, ...more };
  return (await bedrock.send(new CreateProvisionedModelThroughputCommand(input))).provisionedModelArn;
};
const get = async (provisionedModelId = 'capacity') => {
  const { $metadata: _, ...throughput } = await bedrock.send(new GetProvisionedModelThroughputCommand({ provisionedModelId }));
  return throughput;
};
const update = (more: object) => bedrock.send(new UpdateProvisionedModelThroughputCommand({ provisionedModelId: 'capacity', ...more }));
const remove = (provisionedModelId = 'capacity') => bedrock.send(new DeleteProvisionedModelThroughputCommand({ provisionedModelId }));
const list = async (more: ListProvisionedModelThroughputsCommandInput = {}) => {
  const { provisionedModelSummaries: summaries = [], nextToken } = await bedrock.send(new ListProvisionedModelThroughputsCommand(more));
  return { summaries, names: summaries.map(({ provisionedModelName }) => provisionedModelName), nextToken };
};
const tagsOf = async (resourceARN: string) => (await bedrock.send(new ListTagsForResourceCommand({ resourceARN }))).tags;
const present = (answer: object) => Object.entries(answer).filter(([, value]) => value !== undefined).map(([field]) => field).sort();

describe('a purchase', () => {
  test('has every field of the SDK\'s model and no other, in a list too', async () => {
    await create({ commitmentDuration: 'OneMonth' });
    now += MINUTE;
    const complete = fieldsOf('GetProvisionedModelThroughputResponse').filter((field) => field !== 'failureMessage');
    expect(present(await get())).toEqual(complete.sort());
    expect(present((await list()).summaries[0])).toEqual(fieldsOf('ProvisionedModelSummary').sort());
  });

  test('is Creating, under its name as under its ARN, without units yet, and then InService', async () => {
    const arn = await create();
    expect(arn).toMatch(/^arn:aws:bedrock:us-west-2:111111111111:provisioned-model\/[a-z0-9]{12}$/);
    expect(await get()).toEqual(await get(arn));
    expect(await get()).toMatchObject({ status: 'Creating', modelUnits: 0, desiredModelUnits: 2, creationTime: new Date(START) });
    now += MINUTE;
    expect(await get()).toMatchObject({ status: 'InService', modelUnits: 2, modelArn: `arn:aws:bedrock:${REGION}::foundation-model/${NOVA}` });
  });

  test('fails with its reason when AWS cannot provide it; it then has no units, and can be deleted', async () => {
    behaviour.failure = () => 'no capacity';
    behaviour.unitQuota = 2;
    await create({ commitmentDuration: 'SixMonths' });
    expect(await get()).not.toHaveProperty('failureMessage', 'no capacity');
    now += MINUTE;
    expect(await get()).toMatchObject({ status: 'Failed', failureMessage: 'no capacity' });
    await create({ provisionedModelName: 'other' });
    await remove();
  });

  test.each([[true, true], [false, false]])('is made once for a token, also after its deletion; the reply has its ARN: %s', async (answersArn, hasArn) => {
    behaviour.repeatedTokenAnswersArn = answersArn;
    const arn = await create({ clientRequestToken: 'once' });
    expect(await create({ clientRequestToken: 'once', provisionedModelName: 'other' })).toBe(hasArn ? arn : undefined);
    expect((await list()).names).toEqual(['capacity']);
    now += MINUTE;
    await remove();
    await create({ clientRequestToken: 'once' });
    expect((await list()).names).toEqual([]);
  });

  test('is written down with its token and its caller, and so is a deletion', () => {
    const [bought, deleted]: unknown[][] = [[], []];
    controlPlane.throughputs.witness = {
      bought: ({ throughput, token, caller }) => bought.push([throughput.provisionedModelName, token, caller]),
      deleted: ({ provisionedModelName }, caller) => deleted.push([provisionedModelName, caller]),
    };
    void controlPlane.perform('CreateProvisionedModelThroughput', { provisionedModelName: 'a', modelId: NOVA, modelUnits: 1, clientRequestToken: 't' }, 'me');
    now += MINUTE;
    void controlPlane.perform('DeleteProvisionedModelThroughput', { provisionedModelId: 'a' }, 'you');
    controlPlane.throughputs.witness = undefined;
    expect([bought, deleted]).toEqual([[['a', 't', 'me']], [['a', 'you']]]);
    expect(controlPlane.throughputs.purchases).toHaveLength(1);
  });
});

describe('a purchase is refused', () => {
  test.each<[string, object, new (...args: never[]) => BedrockServiceException]>([
    ['under a name of another form', { provisionedModelName: 'a b' }, ValidationException],
    ['under a name that is too long', { provisionedModelName: 'a'.repeat(64) }, ValidationException],
    ['without units', { modelUnits: 0 }, ValidationException],
    ['with half a unit', { modelUnits: 1.5 }, ValidationException],
    ['for a term that is not sold', { commitmentDuration: 'OneYear' }, ValidationException],
    ['of an inference profile', { modelId: `arn:aws:bedrock:${REGION}:${ACCOUNT}:application-inference-profile/abcdefghijkl` }, ValidationException],
    ['with a token that is too long', { clientRequestToken: 'a'.repeat(257) }, ValidationException],
    ['with 51 tags', { tags: Array.from({ length: 51 }, (_, i) => ({ key: `${i}`, value: '' })) }, TooManyTagsException],
  ])('%s', async (_, more, error) => {
    await expect(create(more)).rejects.toThrow(error);
    expect((await list()).names).toEqual([]);
  });

  test('under a name that is taken, unless names need not be unique', async () => {
    await create();
    await expect(create()).rejects.toThrow(ValidationException);
    behaviour.uniqueNames = false;
    await create();
    expect((await list()).names).toEqual(['capacity', 'capacity']);
  });

  test('beyond the quota of a model, and beyond that of the account', async () => {
    behaviour.quotas.set(NOVA, 3);
    behaviour.unitQuota = 4;
    await create();
    await expect(create({ provisionedModelName: 'b' })).rejects.toThrow(ServiceQuotaExceededException);
    await create({ provisionedModelName: 'b', modelUnits: 1 });
    await expect(create({ provisionedModelName: 'c', modelId: BASE })).rejects.toThrow(ServiceQuotaExceededException);
    await create({ provisionedModelName: 'c', modelId: BASE, modelUnits: 1 });
    behaviour.quotas.set(custom('a'), 0);
    behaviour.unitQuota = Infinity;
    await expect(create({ provisionedModelName: 'd', modelId: custom('a') })).rejects.toThrow(ServiceQuotaExceededException);
  });
});

describe('a change', () => {
  test('of the model of a custom model is Updating, and then shows the new model', async () => {
    await create({ modelId: custom('a') });
    now += MINUTE;
    await update({ desiredModelId: custom('b') });
    const base = `arn:aws:bedrock:${REGION}::foundation-model/${BASE}`;
    expect(await get()).toMatchObject({ status: 'Updating', modelArn: custom('a'), desiredModelArn: custom('b'), foundationModelArn: base, lastModifiedTime: new Date(now) });
    now += MINUTE;
    expect(await get()).toMatchObject({ status: 'InService', modelArn: custom('b') });
    await update({ desiredModelId: BASE });
    expect(await get()).toMatchObject({ desiredModelArn: base });
  });

  test('of the name is seen at once, and may be Updating too', async () => {
    await create();
    now += MINUTE;
    await update({ desiredProvisionedModelName: 'renamed' });
    expect(await get('renamed')).toMatchObject({ status: 'InService' });
    behaviour.updatingMs = () => MINUTE;
    await bedrock.send(new UpdateProvisionedModelThroughputCommand({ provisionedModelId: 'renamed', desiredProvisionedModelName: 'again' }));
    expect(await get('again')).toMatchObject({ status: 'Updating' });
  });

  test.each<[string, object]>([
    ['to a model of another base', { desiredModelId: custom('b', NOVA) }],
    ['to a name that is taken', { desiredProvisionedModelName: 'other' }],
  ])('is refused %s', async (_, more) => {
    await create({ modelId: custom('a') });
    await create({ provisionedModelName: 'other' });
    await expect(update({})).rejects.toThrow(/Creating/);
    now += MINUTE;
    await expect(update(more)).rejects.toThrow(ValidationException);
    await expect(bedrock.send(new UpdateProvisionedModelThroughputCommand({ provisionedModelId: 'other', desiredModelId: BASE }))).rejects.toThrow(ValidationException);
  });
});

describe('a deletion', () => {
  test('is refused while a purchase is Creating or Updating, and of a purchase that does not exist', async () => {
    await create({ modelId: custom('a') });
    await expect(remove()).rejects.toThrow(ConflictException);
    now += MINUTE;
    await update({ desiredModelId: custom('b') });
    await expect(remove()).rejects.toThrow(ConflictException);
    now += MINUTE;
    await remove();
    await expect(remove()).rejects.toThrow(ResourceNotFoundException);
    await expect(get()).rejects.toThrow(ResourceNotFoundException);
  });

  test('of a commitment is possible in the hour after the end of its term, which then renews itself', async () => {
    await create({ commitmentDuration: 'OneMonth' });
    const end = START + 30 * DAY;
    expect(await get()).toMatchObject({ commitmentDuration: 'OneMonth', commitmentExpirationTime: new Date(end) });
    for (const refusedAt of [end - 1, end + 61 * MINUTE]) {
      now = refusedAt;
      await expect(remove()).rejects.toThrow(ValidationException);
    }
    expect(await get()).toMatchObject({ commitmentExpirationTime: new Date(end + 30 * DAY) });
    now = end + 30 * DAY + 59 * MINUTE;
    await remove();
  });

  test('of a commitment that was made older is possible at any time after its term where it does not renew itself', async () => {
    behaviour.renewsAfterMs = Infinity;
    await create({ commitmentDuration: 'SixMonths' });
    now += MINUTE;
    controlPlane.throughputs.age(179);
    await expect(remove()).rejects.toThrow(ValidationException);
    controlPlane.throughputs.age(1);
    await remove();
  });

  test('hides the end of the term of a purchase that is Creating where AWS does', async () => {
    behaviour.termEndShowsAtOnce = false;
    await create({ commitmentDuration: 'OneMonth' });
    expect(await get()).not.toHaveProperty('commitmentExpirationTime', expect.any(Date));
    now += MINUTE;
    expect(await get()).toHaveProperty('commitmentExpirationTime', new Date(START + 30 * DAY));
  });
});

test('tags are listed, replaced and removed, of jobs too', async () => {
  const arn = await create({ tags: [{ key: 'team', value: 'chat' }, { key: 'stage', value: 'dev' }] });
  await bedrock.send(new TagResourceCommand({ resourceARN: arn, tags: [{ key: 'team', value: 'search' }] }));
  await bedrock.send(new UntagResourceCommand({ resourceARN: arn, tagKeys: ['stage'] }));
  expect(await tagsOf(arn!)).toEqual([{ key: 'team', value: 'search' }]);
  await expect(tagsOf(custom('a'))).rejects.toThrow(ResourceNotFoundException);
  const s3 = { s3Uri: 's3://bucket/folder/' };
  const job = controlPlane.jobs.add({
    jobName: 'nightly', roleArn: `arn:aws:iam::${ACCOUNT}:role/batch`, modelId: NOVA, inputDataConfig: { s3InputDataConfig: s3 }, outputDataConfig: { s3OutputDataConfig: s3 }, tags: [{ key: 'team', value: 'chat' }],
  });
  await bedrock.send(new TagResourceCommand({ resourceARN: job.arn, tags: [{ key: 'stage', value: 'dev' }] }));
  expect(await tagsOf(job.arn)).toEqual([{ key: 'team', value: 'chat' }, { key: 'stage', value: 'dev' }]);
});

test('a list is filtered, sorted and cut into pages', async () => {
  for (const [name, modelId] of [['night-1', NOVA], ['day-1', NOVA], ['night-2', BASE]]) {
    await create({ provisionedModelName: name, modelId });
    now += MINUTE;
  }
  expect(await list()).toMatchObject({ names: ['night-2', 'day-1', 'night-1'], nextToken: undefined });
  expect(await list({ sortOrder: 'Ascending', maxResults: 2 })).toMatchObject({ names: ['night-1', 'day-1'], nextToken: '2' });
  expect(await list({ sortOrder: 'Ascending', maxResults: 2, nextToken: '2' })).toMatchObject({ names: ['night-2'], nextToken: undefined });
  expect((await list({ nameContains: 'night' })).names).toEqual(['night-2', 'night-1']);
  expect((await list({ modelArnEquals: `arn:aws:bedrock:${REGION}::foundation-model/${BASE}` })).names).toEqual(['night-2']);
  expect((await list({ creationTimeAfter: new Date(START), creationTimeBefore: new Date(START + 2 * MINUTE) })).names).toEqual(['day-1']);
  expect((await list({ statusEquals: 'Creating' })).names).toEqual([]);
});

test('a fault refuses a call before its effect or after it, as often as it is set', async () => {
  await create();
  now += MINUTE;
  faults.next('DeleteProvisionedModelThroughput', { error: 'ThrottlingException', times: 2 }, { error: 'InternalServerException', afterwards: true });
  expect(faults.left).toBe(3);
  await expect(remove()).rejects.toThrow(ThrottlingException);
  await expect(remove('other')).rejects.toThrow(ThrottlingException);
  expect(await get()).toMatchObject({ status: 'InService' });
  await expect(remove()).rejects.toThrow(InternalServerException);
  await expect(remove()).rejects.toThrow(ResourceNotFoundException);
  faults.next('GetProvisionedModelThroughput', { error: 'AccessDeniedException', when: ({ provisionedModelId }) => provisionedModelId === 'other' });
  await expect(get()).rejects.toThrow(ResourceNotFoundException);
  await expect(get('other')).rejects.toThrow('AWS says no');
  expect(faults.left).toBe(0);
});
