import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { openDay, Scene } from './scene';
import { ACCOUNT, REGION, rest } from '../services';
import { resourcesOf } from '../stacks';

const HOUR = 3_600_000;
const FALLBACK = 'us.amazon.nova-micro-v1:0';
const MODEL = 'amazon.nova-micro-v1:0:128k';

/**
 * Ticks of business hours, at the times of the test: the emulator's schedules do not insert the time into their input, and would tick after
 * up to five minutes.
 */
export async function businessHoursComeAndGo(scene: Scene): Promise<void> {
  const { bedrock } = scene.environment;
  const hours = await Hours.of(scene);
  scene.same('out of hours the parameter says the model on demand', await hours.modelId(), FALLBACK);
  const noon = openDay().getTime();

  bedrock.behaviour.quotas.set(MODEL, 0);
  // 08:00 in Berlin, in summer or in winter: one of the two is the first tick.
  for (const morning of [noon - 6 * HOUR, noon - 5 * HOUR]) await hours.tick(morning).catch(() => undefined);
  bedrock.behaviour.quotas.clear();
  scene.check('when it cannot be bought in the morning, the topic is told', scene.published().some((message) => /NOT BOUGHT/.test(message)), scene.published().join('\n'));
  scene.same('and the parameter says the model on demand', await hours.modelId(), FALLBACK);

  await hours.tick(noon);
  scene.check('within hours a tick buys', (await scene.arnsOf(MODEL)).length === 1, JSON.stringify(await scene.purchases()));
  scene.same('while it is being made, the model on demand is called', await hours.modelId(), FALLBACK);
  await new Promise((done) => setTimeout(done, bedrock.behaviour.creatingMs()));
  await hours.tick(noon + HOUR / 12);
  scene.same('then the parameter says its ARN', [await hours.modelId()], await scene.arnsOf(MODEL));

  const evening = noon + 8 * HOUR;
  // The number of attempts may vary: the emulator's clock may start a tick as well.
  bedrock.faults.next('DeleteProvisionedModelThroughput', { error: 'AccessDeniedException', times: Infinity });
  const before = scene.published().length;
  for (const minutes of [0, 5, 10]) await hours.tick(evening + minutes * HOUR / 60).catch(() => undefined);
  bedrock.faults.waiting = [];
  const told = scene.published().slice(before);
  scene.check('three deletions that AWS refuses are notified once', told.length === 1 && /NOT DELETED: .*AccessDeniedException/.test(told[0]), told.join('\n'));
  scene.same('and the parameter says the model on demand already', await hours.modelId(), FALLBACK);
  await hours.tick(evening + HOUR / 4);
  scene.same('after the end a tick deletes it', await scene.arnsOf(MODEL), []);
  await hours.tick(evening + HOUR / 3);
  scene.check('and the next one notifies that it is resolved', scene.published().slice(before + 1).some((message) => /^RESOLVED: /.test(message)), scene.published().slice(before + 1).join('\n'));
  scene.same('and the parameter says the model on demand again', await hours.modelId(), FALLBACK);

  await hours.tick(noon, { modelUnits: 100 }).catch(() => undefined);
  await hours.tick(noon, { fallbackModelId: 'us.anthropic.claude-opus-4-6' }).catch(() => undefined);
  scene.same('a tick that somebody else has written buys nothing', await scene.arnsOf(MODEL), []);
  scene.same('and sends no caller elsewhere', await hours.modelId(), FALLBACK);
  scene.environment.setClock(undefined);
}

/** The deployed business hours of the stack `Hours`. */
class Hours {
  public static async of(scene: Scene): Promise<Hours> {
    const { url } = scene.environment;
    const { Resources: resources } = scene.template('Hours');
    const deployed = await resourcesOf(url, 'Hours');
    const [scheduleId] = Object.keys(resources).filter((id) => resources[id].Type === 'AWS::Scheduler::Schedule');
    const name = deployed.find(({ logicalId }) => logicalId === scheduleId)!.physicalId;
    const { Target: target } = await rest(url, 'scheduler', `/schedules/${name}`);
    return new Hours(scene, target.Arn.split(':').pop(), JSON.parse(target.Input));
  }

  private readonly ssm: SSMClient;

  private constructor(private readonly scene: Scene, private readonly functionName: string, private readonly input: any) {
    this.ssm = new SSMClient({ endpoint: scene.environment.url, region: REGION, credentials: { accessKeyId: ACCOUNT, secretAccessKey: 'none' } });
  }

  public async modelId(): Promise<string | undefined> {
    const { modelIdParameter: Name } = this.input.ResourceProperties;
    return (await this.ssm.send(new GetParameterCommand({ Name }))).Parameter?.Value;
  }

  /** @param forged properties that differ from the deployed ones */
  public async tick(time: number, forged: object = {}): Promise<void> {
    // A tick of another time is ignored.
    this.scene.environment.setClock(time);
    const { ResourceProperties: properties } = this.input;
    const tick = { ...this.input, ResourceProperties: { ...properties, ...forged }, time: new Date(time).toISOString() };
    await this.scene.invoke(this.functionName, tick);
  }
}
