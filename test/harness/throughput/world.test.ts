import { CreateProvisionedModelThroughputCommand } from '@aws-sdk/client-bedrock';
import { Trouble } from './aws';
import { DAY, HOUR, MINUTE, SECOND } from './clock';
import { Plan, TemplateProperties } from './cloudformation';
import { Flaws, naiveHandler } from './naive';
import { play, Step, World } from './world';

const NO_TROUBLE: Trouble = {
  seed: 7, faultiness: 0, faultyCalls: 0, repeatedTokenTellsArn: true, termEndShowsAtOnce: true, quota: 100, neverFails: true,
};
const ONE_UNIT: TemplateProperties = { modelId: 'amazon.nova-pro-v1:0:24k', modelUnits: '1', namePrefix: 'Stack' };
const COMMITTED: TemplateProperties = { ...ONE_UNIT, commitmentDuration: 'OneMonth' };
const MORE: TemplateProperties = { ...ONE_UNIT, modelUnits: '2' };

let world: World;
beforeEach(() => { jest.spyOn(console, 'error').mockImplementation((text) => { world.judge.errors.push(String(text)); }); });
afterEach(() => jest.restoreAllMocks());

const deploy = (requested: TemplateProperties, plan: Plan = {}): Step => ({ do: 'deploy', requested, plan });

async function findings(steps: readonly Step[], flaws: Flaws = {}, trouble: Partial<Trouble> = {}): Promise<string[]> {
  world = new World(naiveHandler(flaws), { ...NO_TROUBLE, ...trouble });
  await play(world, steps);
  return world.judge.findings;
}

test('a naive handler works without faults', async () => {
  expect(await findings([deploy(ONE_UNIT), deploy(MORE), deploy(COMMITTED), { do: 'wait', ms: DAY }])).toEqual([]);
  expect(await findings([deploy(ONE_UNIT), { do: 'delete', retain: true, plan: {} }])).toEqual([]);
  expect(world.aws.bedrock.all).toHaveLength(1);
});

describe('the judge finds that', () => {
  test('one request buys twice', async () => {
    expect(await findings([deploy(ONE_UNIT, { deliveries: 2 })], { buysAtEveryPoll: true })).toContain('request-1 has bought 2 times');
  });

  test('a cancelled creation leaves a purchase', async () => {
    expect(await findings([deploy(ONE_UNIT, { cancelAfter: 10 * SECOND })])).toContainEqual(expect.stringMatching(/provisioned-model\/0+1 \(InService\) exists, and is not in use/));
  });

  test('a cancelled update leaves a purchase', async () => {
    expect(await findings([deploy(ONE_UNIT), deploy(MORE, { cancelAfter: 10 * SECOND })])).toContainEqual(expect.stringContaining('exists, and is not in use'));
  });

  test('a creation that is rolled back leaves a purchase', async () => {
    expect(await findings([deploy(ONE_UNIT, { siblingFails: true })], { neverDeletes: true })).toContainEqual(expect.stringContaining('exists, and is not in use'));
  });

  test('a replaced purchase stays', async () => {
    expect(await findings([deploy(ONE_UNIT), deploy(MORE)], { neverDeletes: true })).toContainEqual(expect.stringContaining('exists, and is not in use'));
  });

  test('a commitment that stays is not notified', async () => {
    expect(await findings([deploy(COMMITTED)], { keepsQuiet: true })).toContainEqual(expect.stringContaining('is a commitment that is not in use, and was not notified'));
    expect(await findings([deploy(COMMITTED)])).toEqual([]);
  });

  test('a commitment is deleted without a request, at the end of its term', async () => {
    const steps: Step[] = [deploy(COMMITTED), { do: 'wait-for-term-end', ms: MINUTE }, deploy({ ...COMMITTED, allowRepurchase: 'true', modelUnits: '2' })];
    expect(await findings(steps, { deletesBeforeItBuys: true })).toContainEqual(expect.stringMatching(/request-2 has deleted .*, a commitment, which CloudFormation still uses/));
  });

  test('a commitment is bought again without a request', async () => {
    expect(await findings([deploy(COMMITTED), deploy({ ...COMMITTED, modelUnits: '2' })])).toContainEqual(expect.stringMatching(/request-2 has bought .*2, a second commitment, without a request/));
    expect(await findings([deploy(COMMITTED), deploy({ ...COMMITTED, modelUnits: '2', allowRepurchase: 'true' })])).toEqual([]);
  });

  test('a deletion fails without faults', async () => {
    expect(await findings([deploy(ONE_UNIT)], { failsToDelete: true })).toContain('a deletion fails without a fault: cannot delete');
  });

  test('the resource of CloudFormation does not exist, or has other properties', async () => {
    expect(await findings([deploy(ONE_UNIT)], { buysNothing: true })).toContain('arn:nothing does not exist, and CloudFormation uses it');
    expect(await findings([deploy(ONE_UNIT), deploy(MORE)], { ignoresUpdates: true })).toContainEqual(expect.stringContaining('the properties are not the requested ones'));
  });

  test('a request is never answered', async () => {
    await findings([deploy(ONE_UNIT)]);
    world.stack.requests[0].answers.length = 0;
    world.judge.atRest();
    expect(world.judge.findings).toEqual(['Create request-1 was never answered']);
  });
});

describe('the simulated AWS', () => {
  test('is deterministic for a seed, with any faults', async () => {
    const steps = [deploy(ONE_UNIT, { deliveries: 2 }), deploy(COMMITTED), deploy(MORE, { cancelAfter: MINUTE })];
    const trouble = { seed: 11, faultiness: 0.2, faultyCalls: 1000 };
    await findings(steps, {}, trouble);
    const { story } = world;
    await findings(steps, {}, trouble);
    expect(world.story).toBe(story);
    expect(story).toMatch(/throttled|error-|broken-|killed-/);
  });

  test('ends a run that takes too long, and reports that to CloudFormation', async () => {
    await findings([deploy(ONE_UNIT)], { hangs: true });
    expect(world.stack.requests[0].answers).toEqual([{ status: 'FAILED', id: 'nothing-yet', reason: 'the function was killed' }]);
  }, 20_000);

  test('times out after half an hour', async () => {
    await findings([deploy(ONE_UNIT)], { failsToDelete: true, buysAtEveryPoll: true });
    expect(world.stack.requests[0].answers).toMatchObject([{ status: 'FAILED', reason: 'Operation timed out' }]);
  });

  test('allows the deletion of a commitment only in the hour after its end, and renews it', async () => {
    for (const [after, isGone] of [[-MINUTE, false], [30 * MINUTE, true], [2 * HOUR, false]] as const) {
      await findings([deploy(COMMITTED), { do: 'wait-for-term-end', ms: after }, { do: 'delete', retain: false, plan: {} }]);
      expect(world.aws.bedrock.all).toHaveLength(isGone ? 0 : 1);
    }
  });

  test.each([[true, [true, true]], [false, [true, false]]])('makes one purchase for one token, and returns its ARN for a repeated one: %s', async (repeatedTokenTellsArn, returned) => {
    const arns: boolean[] = [];
    world = new World(({ bedrock }) => ({
      onEvent: async () => ({ PhysicalResourceId: 'id' }),
      isComplete: async () => {
        const { provisionedModelArn } = await bedrock.send(new CreateProvisionedModelThroughputCommand({ clientRequestToken: 'once', provisionedModelName: 'a', modelId: 'm', modelUnits: 1 }));
        arns.push(provisionedModelArn !== undefined);
        return { IsComplete: arns.length > 1 };
      },
    }), { ...NO_TROUBLE, repeatedTokenTellsArn });
    await world.stack.create(ONE_UNIT);
    expect(arns).toEqual(returned);
    expect(world.aws.bedrock.all).toHaveLength(1);
  });

  test('refuses more units than the quota allows', async () => {
    await findings([deploy(MORE)], {}, { quota: 1 });
    expect(world.stack.requests[0].answers[0].reason).toContain('Too many model units');
  });
});
