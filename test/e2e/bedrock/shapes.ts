import {
  BedrockClient, ConflictException, CreateProvisionedModelThroughputCommand, DeleteProvisionedModelThroughputCommand,
  GetProvisionedModelThroughputCommand, InternalServerException, ListProvisionedModelThroughputsCommand, ListTagsForResourceCommand,
  ResourceNotFoundException, ServiceQuotaExceededException, ThrottlingException, UpdateProvisionedModelThroughputCommand, ValidationException,
} from '@aws-sdk/client-bedrock';
import { Checks } from '../../../tools/staging';
import { BedrockProxy } from '../bedrock-proxy';
import { fieldsOf } from '../sdk-model';
import { ACCOUNT, REGION } from '../services';

const BASE = 'amazon.nova-canvas-v1:0';
const CUSTOM = (id: string) => `arn:aws:bedrock:${REGION}:${ACCOUNT}:custom-model/${BASE}/${id}`;

/** The proxy's own answers, read by AWS's SDK and held against the model that the SDK was generated from. Leaves nothing behind. */
export async function answersAreOfAws(proxy: BedrockProxy, checks: InstanceType<typeof Checks>): Promise<void> {
  console.log('\nthe answers of the proxy, as the AWS SDK reads them');
  const client = new BedrockClient({ endpoint: proxy.url, region: REGION, credentials: { accessKeyId: ACCOUNT, secretAccessKey: 'none' }, maxAttempts: 1 });
  proxy.behaviour.creatingMs = 300;
  proxy.behaviour.updatingMs = 300;
  await purchaseIsOfAws(client, checks);
  await refusalsAreOfAws(client, proxy, checks);
  proxy.age(31);
  for (const provisionedModelId of ['shape', 'term']) await client.send(new DeleteProvisionedModelThroughputCommand({ provisionedModelId }));
  const { provisionedModelSummaries } = await client.send(new ListProvisionedModelThroughputsCommand({}));
  checks.check('after its term a commitment can be deleted', provisionedModelSummaries?.length === 0, JSON.stringify(provisionedModelSummaries));
}

async function purchaseIsOfAws(client: BedrockClient, checks: InstanceType<typeof Checks>): Promise<void> {
  const wish = { provisionedModelName: 'shape', modelId: CUSTOM('aaaaaaaaaaaa'), modelUnits: 2, clientRequestToken: 'once', tags: [{ key: 'team', value: 'chat' }] };
  const { provisionedModelArn: arn } = await client.send(new CreateProvisionedModelThroughputCommand(wish));
  const again = await client.send(new CreateProvisionedModelThroughputCommand(wish));
  checks.check('a token buys once', again.provisionedModelArn === arn && /:provisioned-model\/[a-z0-9]{12}$/.test(arn!), `${arn} ${again.provisionedModelArn}`);
  await client.send(new CreateProvisionedModelThroughputCommand({ provisionedModelName: 'term', modelId: BASE, modelUnits: 1, commitmentDuration: 'OneMonth' }));
  const { tags } = await client.send(new ListTagsForResourceCommand({ resourceARN: arn! }));
  checks.check('with its tags', JSON.stringify(tags) === JSON.stringify(wish.tags), JSON.stringify(tags));

  const get = (provisionedModelId: string) => client.send(new GetProvisionedModelThroughputCommand({ provisionedModelId }));
  const creating = await get('shape');
  checks.check('it is Creating, under its name as under its ARN', creating.status === 'Creating' && (await get(arn!)).provisionedModelName === 'shape', JSON.stringify(creating));
  await new Promise((done) => setTimeout(done, 350));
  await client.send(new UpdateProvisionedModelThroughputCommand({ provisionedModelId: 'shape', desiredModelId: CUSTOM('bbbbbbbbbbbb') }));
  const updating = await get('shape');
  checks.check('then Updating to another model of the same base', updating.status === 'Updating' && updating.modelArn === CUSTOM('aaaaaaaaaaaa') && updating.desiredModelArn === CUSTOM('bbbbbbbbbbbb')
    && updating.foundationModelArn === `arn:aws:bedrock:${REGION}::foundation-model/${BASE}`, JSON.stringify(updating));
  await new Promise((done) => setTimeout(done, 350));
  const { $metadata: _, ...term } = await get('term');
  checks.check('in the end InService', term.status === 'InService' && (await get('shape')).modelArn === CUSTOM('bbbbbbbbbbbb'), JSON.stringify(term));
  const days = (term.commitmentExpirationTime!.getTime() - term.creationTime!.getTime()) / 86_400_000;
  checks.check('a month of a commitment has 30 days', days === 30 && term.lastModifiedTime instanceof Date, `${days}`);
  // failureMessage is only there after a failure.
  const complete = fieldsOf('GetProvisionedModelThroughputResponse').filter((field) => field !== 'failureMessage');
  checks.check('with every field of the model and no other', same(fieldsPresent(term), complete), `${fieldsPresent(term)}\n${complete}`);
  const { provisionedModelSummaries = [] } = await client.send(new ListProvisionedModelThroughputsCommand({}));
  const summary = provisionedModelSummaries.find(({ provisionedModelName }) => provisionedModelName === 'term')!;
  checks.check('in a list too', same(fieldsPresent(summary), fieldsOf('ProvisionedModelSummary')), `${fieldsPresent(summary)}`);
}

async function refusalsAreOfAws(client: BedrockClient, proxy: BedrockProxy, checks: InstanceType<typeof Checks>): Promise<void> {
  const refused = async (what: string, kind: new (options: never) => Error, request: () => Promise<unknown>) => {
    const thrown: unknown = await request().then(() => undefined, (e) => e);
    checks.check(`${kind.name}: ${what}`, thrown instanceof kind && thrown.message.length > 0, String(thrown));
  };
  const create = (wish: object) => client.send(new CreateProvisionedModelThroughputCommand({ provisionedModelName: 'other', modelId: BASE, modelUnits: 1, ...wish }));
  await refused('a name that is taken', ValidationException, () => create({ provisionedModelName: 'term' }));
  await refused('a name of the wrong form', ValidationException, () => create({ provisionedModelName: 'a b' }));
  proxy.behaviour.quotas.set(BASE, 1);
  await refused('more units than the quota', ServiceQuotaExceededException, () => create({}));
  proxy.behaviour.quotas.clear();
  await refused('a name that nothing has', ResourceNotFoundException, () => client.send(new GetProvisionedModelThroughputCommand({ provisionedModelId: 'nothing' })));
  await refused('deletion before the end of the term', ValidationException, () => client.send(new DeleteProvisionedModelThroughputCommand({ provisionedModelId: 'term' })));
  await refused('another model of another base', ValidationException, () => client.send(new UpdateProvisionedModelThroughputCommand({ provisionedModelId: 'shape', desiredModelId: BASE + ':1' })));
  await create({ provisionedModelName: 'fresh' });
  await refused('deletion while it is Creating', ConflictException, () => client.send(new DeleteProvisionedModelThroughputCommand({ provisionedModelId: 'fresh' })));
  await new Promise((done) => setTimeout(done, 350));
  proxy.faults.next('DeleteProvisionedModelThroughput', { code: 'ThrottlingException' }, { code: 'InternalServerException', afterEffect: true });
  const remove = () => client.send(new DeleteProvisionedModelThroughputCommand({ provisionedModelId: 'fresh' }));
  await refused('a fault that was set', ThrottlingException, remove);
  await refused('a fault after the effect', InternalServerException, remove);
  await refused('which was there', ResourceNotFoundException, remove);
  checks.check('no fault is left', proxy.faults.left === 0);
}

function fieldsPresent(answer: object): string[] {
  return Object.entries(answer).filter(([, value]) => value !== undefined).map(([field]) => field);
}

function same(a: readonly string[], b: readonly string[]): boolean {
  return JSON.stringify([...a].sort()) === JSON.stringify([...b].sort());
}
