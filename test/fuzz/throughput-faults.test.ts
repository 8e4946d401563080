import { throughputHandler } from '../../src/lambda/provisioned-model-throughput/handler';
import { fc } from '../fast-check';
import { FAULTS, Trouble } from '../harness/throughput/aws';
import { MINUTE, SECOND } from '../harness/throughput/clock';
import { Plan, TemplateProperties } from '../harness/throughput/cloudformation';
import { play, Step, World } from '../harness/throughput/world';
import { isQuick } from '../runs';

/** The number of random faults of each path in the fast tier. */
const QUICK_FAULTS = 5;

const NO_TROUBLE: Trouble = {
  seed: 7, faultiness: 0, faultyCalls: 0, repeatedTokenTellsArn: false, termEndShowsAtOnce: false, quota: 100, neverFails: true,
};
const BY_THE_HOUR: TemplateProperties = { modelId: 'amazon.nova-pro-v1:0:24k', modelUnits: '1', namePrefix: 'Stack', tags: [{ key: 'team', value: 'chat' }] };
const NAMED: TemplateProperties = { ...BY_THE_HOUR, provisionedModelName: 'chat' };
const CUSTOM: TemplateProperties = { ...BY_THE_HOUR, modelId: 'arn:aws:bedrock:us-east-1:111111111111:custom-model/amazon.nova-lite-v1:0:24k/aaaaaaaaaaaa', baseModelId: 'amazon.nova-lite-v1:0' };
const COMMITTED: TemplateProperties = {
  ...BY_THE_HOUR,
  commitmentDuration: 'OneMonth',
  confirmedUsd: '100000',
  price: { hourlyUsd: '20', hoursPerMonth: '730', region: 'us-east-1' },
  topicArn: 'arn:aws:sns:us-east-1:111111111111:topic',
  term: { noticeDays: '7', releaseAtExpiry: 'true', roleArn: 'arn:aws:iam::111111111111:role/term', functionArn: 'arn:aws:lambda:us-east-1:111111111111:function:term' },
};

const deploy = (requested: TemplateProperties, plan: Plan = {}): Step => ({ do: 'deploy', requested, plan });

/** Every path that a request can take; the stack is deleted at the end of each. */
const PATHS: readonly [string, readonly Step[]][] = [
  ['create and delete', [deploy(BY_THE_HOUR)]],
  ['create and release a commitment', [deploy(COMMITTED)]],
  ['rename and tag', [deploy(NAMED), deploy({ ...NAMED, provisionedModelName: 'search', tags: [{ key: 'stage', value: 'dev' }] })]],
  ['exchange a custom model', [deploy(CUSTOM), deploy({ ...CUSTOM, modelId: CUSTOM.modelId.replace('aaaaaaaaaaaa', 'bbbbbbbbbbbb') })]],
  ['other units', [deploy(BY_THE_HOUR), deploy({ ...BY_THE_HOUR, modelUnits: '2' })]],
  ['other units under a name of the user\'s', [deploy(NAMED), deploy({ ...NAMED, modelUnits: '2' })]],
  ['other units, rolled back', [deploy(NAMED), deploy({ ...NAMED, modelUnits: '2' }, { siblingFails: true })]],
  ['other units, cancelled', [deploy(NAMED), deploy({ ...NAMED, modelUnits: '2' }, { cancelAfter: 20 * SECOND })]],
  ['a creation that is rolled back', [deploy(BY_THE_HOUR, { siblingFails: true })]],
  ['a creation that is cancelled', [deploy(BY_THE_HOUR, { cancelAfter: 5 * SECOND })]],
  ['a creation that is delivered twice', [deploy(BY_THE_HOUR, { deliveries: 2 })]],
  ['a commitment that must not change', [deploy(COMMITTED), deploy({ ...COMMITTED, modelUnits: '2' })]],
  ['a commitment that is bought anew', [deploy(COMMITTED), deploy({ ...COMMITTED, modelUnits: '2', allowRepurchase: 'true' })]],
  ['what somebody has deleted', [deploy(BY_THE_HOUR), { do: 'delete-by-hand' }, deploy({ ...BY_THE_HOUR, modelUnits: '2' })]],
  ['a commitment after its term', [deploy(COMMITTED), { do: 'wait-for-term-end', ms: MINUTE }, deploy({ ...COMMITTED, tags: [] })]],
];

beforeEach(() => { for (const level of ['info', 'warn'] as const) jest.spyOn(console, level).mockImplementation(); });
afterEach(() => jest.restoreAllMocks());

async function run(steps: readonly Step[], only?: Trouble['only']): Promise<World> {
  const world = new World(throughputHandler, { ...NO_TROUBLE, only });
  jest.spyOn(console, 'error').mockImplementation((text) => { world.judge.errors.push(String(text)); });
  await play(world, steps);
  return world;
}

// A fault at every try of the SDK fails the call for the run, before or after its effect.
describe.each([
  ['once', 1, FAULTS],
  ['at every try of the SDK', 3, ['throttled', 'error-after'] as const],
])('with a fault %s, at any call,', (_, times, faults) => {
  test.each(PATHS)('%s: nothing is bought twice, left without an owner, or deleted without a request', async (__, steps) => {
    const { aws, judge } = await run(steps);
    expect(judge.findings).toEqual([]);
    expect(aws.callCount).toBeGreaterThan(10);
    const each = Array.from({ length: aws.callCount }, (___, i) => faults.map((fault) => ({ call: i + 1, fault, times }))).flat();
    for (const only of isQuick ? fc.sample(fc.constantFrom(...each), QUICK_FAULTS) : each) {
      const world = await run(steps, only);
      if (world.judge.findings.length > 0) throw new Error(`${only.fault} at call ${only.call}\n${world.story}`);
    }
  }, 600_000);
});
