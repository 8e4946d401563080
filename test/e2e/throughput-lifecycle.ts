import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { DeleteProvisionedModelThroughputCommand } from '@aws-sdk/client-bedrock';
import { Environment } from './environment';
import { resourcesOf, stackIdOf } from './stacks';
import { businessHoursComeAndGo } from './throughput/business-hours';
import { RoleWatch } from './throughput/roles';
import { Scene } from './throughput/scene';
import { Checks, emptyFolder, installPacked, ROOT } from '../../tools/staging';

const CUSTOM = 'custom-model/amazon.nova-lite-v1:0:24k/';
const STACKS = ['Hourly', 'Committed', 'Hours', 'Quota', 'DryRun'];
const EMBED = 'cohere.embed-english-v3:0:512';

/** The lifecycle of provisioned throughput: the real CDK CLI changes each property, is refused, retains and deletes throughput. */
export async function throughputLifecycle(environment: Environment, checks: InstanceType<typeof Checks>): Promise<void> {
  console.log('\ntest/e2e/throughput');
  const app = emptyFolder('e2e-throughput/app');
  cpSync(join(ROOT, 'test', 'e2e', 'apps', 'throughput'), app, { recursive: true });
  installPacked(app);
  environment.bedrock.behaviour.creatingMs = () => 3_000;
  environment.bedrock.behaviour.updatingMs = (changesModel) => (changesModel ? 3_000 : 0);
  const scene = new Scene(environment, checks, app);

  const roles = new RoleWatch(scene);
  await isBought(scene);
  await refusesForgedEvents(scene);
  await roles.look('Hourly', 'Committed', 'Hours');
  await changesInPlace(scene);
  await changesByPurchase(scene);
  await isRefused(scene);
  await dryRunBuysNothing(scene);
  await losesItsName(scene);
  await businessHoursComeAndGo(scene);
  await termEnds(scene);
  await roles.look(...STACKS);
  await isReleased(scene);
  roles.finish(...STACKS);
}

async function isBought(scene: Scene): Promise<void> {
  const { faults } = scene.environment.bedrock;
  // The reply of the first purchase is lost, and the second attempt is throttled.
  faults.next('CreateProvisionedModelThroughput', { error: 'InternalServerException', afterwards: true }, { error: 'ThrottlingException' });
  await scene.synth(1);
  await scene.deploys('by the hour: with a name, of a custom model, to be committed later, in business hours', 'Hourly', 'Committed', 'Hours');
  await scene.stands('each is bought once, and none of the business hours', [
    { name: 'capacity', units: 1, commitment: 'none', model: 'amazon.nova-pro-v1:0:24k', tags: { team: 'chat', temporary: 'yes' } },
    { units: 1, commitment: 'none', model: 'aaaaaaaaaaaa' },
    { units: 1, commitment: 'none', model: EMBED },
  ]);
  scene.check('though a reply was lost', faults.left === 0);
}

/** Every caller of the function writes its event: the function only buys throughput of the deployed template. */
async function refusesForgedEvents(scene: Scene): Promise<void> {
  const before = await scene.purchases();
  const { Resources: resources } = scene.template('Committed');
  const deployed = await resourcesOf(scene.environment.url, 'Committed');
  const [workerId] = Object.keys(resources).filter((id) => resources[id].Properties?.Handler === 'index.isComplete');
  const [logicalId, { Properties: properties }] = Object.entries<any>(resources).find(([, { Type }]) => Type === 'Custom::BedrockProvisionedModelThroughput')!;
  const worker = deployed.find((resource) => resource.logicalId === workerId)!.physicalId;
  const stackId = await stackIdOf(scene.environment.url, 'Committed');
  const genuine = { RequestType: 'Create', RequestId: 'forged', StackId: stackId, LogicalResourceId: logicalId, PhysicalResourceId: 'not-bought-yet/0', ResourceProperties: { ...properties } };
  const forged = [
    { ...genuine, ResourceProperties: { ...properties, modelUnits: '100' } },
    { ...genuine, ResourceProperties: { ...properties, commitmentDuration: 'SixMonths', confirmedUsd: '1000000000', price: { hourlyUsd: '1', hoursPerMonth: '1' } } },
    { ...genuine, ResourceProperties: { ...properties, namePrefix: 'Mine' } },
    { ...genuine, StackId: `${stackId}0` },
    { ...genuine, LogicalResourceId: 'Other' },
    { ...genuine, RequestType: 'Update', ResourceProperties: { ...properties, allowRepurchase: 'true' } },
  ];
  const answers = await Promise.all(forged.map((event) => scene.invoke(worker, event).then(JSON.stringify, String)));
  scene.check('each of the forged events is refused with what was not allowed', answers.every((answer) => /Nothing was bought/.test(answer)), answers.join('\n'));
  scene.same('and nothing was bought', await scene.purchases(), before);
}

async function changesInPlace(scene: Scene): Promise<void> {
  const [named, custom, hourly] = await Promise.all(['amazon.nova-pro', CUSTOM, EMBED].map((model) => scene.arnsOf(model)));
  await scene.synth(2);
  await scene.deploys('another name, other tags, another custom model; from the hour to a commitment', 'Hourly', 'Committed');
  await scene.stands('renamed, tagged anew, of the other model, committed', [
    { name: 'renamed', units: 1, commitment: 'none', model: 'amazon.nova-pro-v1:0:24k', tags: { team: 'search' } },
    { units: 1, commitment: 'none', model: 'bbbbbbbbbbbb' },
    { units: 1, commitment: 'OneMonth', model: EMBED },
  ]);
  scene.same('name, tags and custom model have changed in place', await scene.arnsOf('amazon.nova-pro'), named);
  scene.same('the custom model too', await scene.arnsOf(CUSTOM), custom);
  scene.check('the commitment is another purchase', (await scene.arnsOf(EMBED)).join() !== hourly.join());
  scene.check('that it renews itself is told before', (await scene.schedules()).some((name) => name.endsWith('-notice')), (await scene.schedules()).join());
}

/** Two purchases cannot have one name: the new one has a temporary name until the old one is deleted. */
async function changesByPurchase(scene: Scene): Promise<void> {
  const before = await scene.arnsOf('amazon.nova-pro');
  const { faults } = scene.environment.bedrock;
  faults.next('DeleteProvisionedModelThroughput', { error: 'InternalServerException' });
  faults.next('UpdateProvisionedModelThroughput', { error: 'InternalServerException', afterwards: true });
  await scene.synth(3);
  await scene.deploys('another number of units under a name of the user\'s', 'Hourly');
  await scene.stands('one stands, under that name', [
    { name: 'renamed', units: 2, commitment: 'none', model: 'amazon.nova-pro-v1:0:24k', tags: { team: 'search' } },
    { units: 1, commitment: 'none', model: 'bbbbbbbbbbbb' },
    { units: 1, commitment: 'OneMonth', model: EMBED },
  ]);
  scene.check('though AWS failed in between', faults.left === 0);
  scene.check('it is another purchase', (await scene.arnsOf('amazon.nova-pro')).join() !== before.join());
}

async function isRefused(scene: Scene): Promise<void> {
  const { bedrock, cli } = scene.environment;
  const before = await scene.purchases();
  bedrock.behaviour.quotas.set('amazon.nova-canvas-v1:0', 0);
  await scene.fails('more units of a commitment, and a purchase beyond the quota', 'Committed', 'Quota');
  bedrock.behaviour.quotas.clear();
  scene.check('the CLI says why units cannot change', /Cannot change modelUnits from 1 to 2.*billed until/.test(cli.last), cli.last);
  scene.check('and where to ask for a quota', /ServiceQuotaExceededException.*support case/.test(cli.last), cli.last);
  await scene.hasStatus('Committed', 'UPDATE_ROLLBACK_COMPLETE');
  scene.same('nothing was bought, changed or deleted', await scene.purchases(), before);
}

async function dryRunBuysNothing(scene: Scene): Promise<void> {
  const before = await scene.purchases();
  await scene.synth(3, '-c', 'cdk-bedrock-cost:dryRun=true');
  await scene.deploys('a dry run', 'DryRun');
  scene.same('it buys nothing', await scene.purchases(), before);
}

async function losesItsName(scene: Scene): Promise<void> {
  const before = await scene.arnsOf('amazon.nova-pro');
  await scene.synth(4);
  await scene.deploys('without the name; more units of the commitment are bought beside it', 'Hourly', 'Committed');
  scene.same('without its name it is the same purchase', await scene.arnsOf('amazon.nova-pro'), before);
  scene.check('under a name that was made for it', (await scene.purchases()).every(({ name }) => name !== 'renamed'), JSON.stringify(await scene.purchases()));
  await scene.committedAre('the old commitment stands beside the new one', [1, 2]);
  const told = scene.published();
  scene.check('which the topic is told', told.some((message) => /KEPT AND STILL BILLED/.test(message)), told.join('\n'));
}

/** AWS renews a commitment silently: a schedule starts the function that plans the notice of the next term. */
async function termEnds(scene: Scene): Promise<void> {
  const renewed = (await scene.schedules()).find((name) => name.endsWith('-renewed'));
  if (!scene.check('after the end of a term the next notice is planned', renewed !== undefined, (await scene.schedules()).join())) return;
  const { Target: target } = await scene.schedule(renewed!);
  scene.check('by a schedule that may call the function', await scene.roles.allows(target.RoleArn, 'lambda:InvokeFunction', target.Arn), target.RoleArn);
  scene.environment.bedrock.age(20);
  const before = scene.published().length;
  await scene.invoke(target.Arn.split(':').pop(), JSON.parse(target.Input));
  const told = scene.published().slice(before);
  scene.check('ten days before the end it is told at once', told.some((message) => /renews itself/.test(message)), told.join('\n'));
}

async function isReleased(scene: Scene): Promise<void> {
  const { bedrock, cli } = scene.environment;
  scene.check('cdk destroy', await cli.destroy(scene.app), cli.last);
  await scene.committedAre('only the commitments stand', [1, 2]);
  scene.check('and nothing else', (await scene.purchases()).length === 2, JSON.stringify(await scene.purchases()));
  const releases = (await scene.schedules()).filter((name) => name.endsWith('-release'));
  const checks = (await scene.schedules()).filter((name) => name.endsWith('-released'));
  scene.check('for each there is a schedule that deletes it, and one that asks to look; no notice is left', releases.length === 2 && checks.length === 2 && (await scene.schedules()).length === 4, (await scene.schedules()).join());
  bedrock.age(31);
  for (const name of releases) {
    // The emulator's schedules call functions and topics only, so the test makes the call of the schedule.
    const { Target: { Arn: arn, Input: input, RoleArn: role }, StartDate: start } = await scene.schedule(name);
    scene.check(`${name} begins at the end of the term`, arn === 'arn:aws:scheduler:::aws-sdk:bedrock:deleteProvisionedModelThroughput' && start !== undefined, `${arn} ${start}`);
    const { ProvisionedModelId: provisionedModelId } = JSON.parse(input);
    scene.check('with a role that has outlived the stack', await scene.roles.allows(role, 'bedrock:DeleteProvisionedModelThroughput', provisionedModelId), role);
    await scene.bedrock.send(new DeleteProvisionedModelThroughputCommand({ provisionedModelId }));
  }
  scene.check('then nothing is left', (await scene.purchases()).length === 0, JSON.stringify(await scene.purchases()));
}
