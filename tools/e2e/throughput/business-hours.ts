import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { openDay, Scene } from './scene';
import { ACCOUNT, REGION, rest } from '../services';
import { resourcesOf } from '../stacks';

const HOUR = 3_600_000;
const FALLBACK = 'us.amazon.nova-micro-v1:0';
const MODEL = 'amazon.nova-micro-v1:0:128k';

/**
 * Ticks of business hours, at times of the test's own: the emulator's schedules put no time into their input, and would
 * tick in five minutes at the earliest.
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
  await new Promise((done) => setTimeout(done, bedrock.behaviour.creatingMs));
  await hours.tick(noon + HOUR / 12);
  scene.same('then the parameter says its ARN', [await hours.modelId()], await scene.arnsOf(MODEL));
  await hours.tick(noon + 8 * HOUR);
  scene.same('after the end a tick deletes it', await scene.arnsOf(MODEL), []);
  scene.same('and the parameter says the model on demand again', await hours.modelId(), FALLBACK);
}

/** The business hours of the stack `Hours` as CloudFormation has made them. */
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

  public async tick(time: number): Promise<void> {
    await this.scene.invoke(this.functionName, { ...this.input, time: new Date(time).toISOString() });
  }
}
