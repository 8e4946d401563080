import { Trouble } from './aws';
import { DAY, HOUR, MINUTE, SECOND } from './clock';
import { Plan, TemplateProperties } from './cloudformation';
import { Forgery, Step } from './world';
import { fc } from '../../fast-check';

const NOVA = 'amazon.nova-pro-v1:0:24k';
const CUSTOM = (id: string) => `arn:aws:bedrock:us-east-1:111111111111:custom-model/amazon.nova-lite-v1:0:24k/${id.repeat(12)}`;
const FUNCTION = 'arn:aws:lambda:us-east-1:111111111111:function:term';
const TAGS = [{ key: 'team', value: 'chat' }, { key: 'team', value: 'search' }, { key: 'stage', value: 'dev' }];

const model = fc.constantFrom({ modelId: NOVA }, ...['a', 'b'].map((id) => ({ modelId: CUSTOM(id), baseModelId: 'amazon.nova-lite-v1:0' })));

const COMMITTED = {
  confirmedUsd: '10000000',
  price: { hourlyUsd: '20', hoursPerMonth: '730', region: 'us-east-1' },
};

/** Mostly a few values, so that updates change some properties and keep others. */
const requested: fc.Arbitrary<TemplateProperties> = fc.record({
  model,
  units: fc.constantFrom('1', '2'),
  commitment: fc.constantFrom(undefined, undefined, 'OneMonth' as const, 'SixMonths' as const),
  name: fc.constantFrom(undefined, undefined, 'chat', 'search'),
  tags: fc.constantFrom([], [TAGS[0]], [TAGS[1], TAGS[2]]),
  again: fc.constantFrom(undefined, undefined, undefined, 'true'),
  release: fc.constantFrom(undefined, 'true'),
  topic: fc.boolean(),
  // The clock starts on 2026-11-02: the days range from refused immediately to allowed for months.
  endOfLife: fc.constantFrom(undefined, undefined, '2026-12-01', '2026-12-15', '2027-05-03', '2027-08-01'),
}).map(({ model: chosen, units, commitment, name, tags, again, release, topic, endOfLife }) => JSON.parse(JSON.stringify({
  ...chosen,
  modelUnits: units,
  namePrefix: 'Stack-Capacity',
  commitmentDuration: commitment,
  provisionedModelName: name,
  tags,
  allowRepurchase: again,
  ...(commitment ? { ...COMMITTED, endOfLife, term: { noticeDays: '7', releaseAtExpiry: release, roleArn: 'arn:aws:iam::111111111111:role/term', functionArn: FUNCTION } } : {}),
  topicArn: topic ? 'arn:aws:sns:us-east-1:111111111111:topic' : undefined,
})));

/** Often early, when most operations are in progress. */
const moment = fc.oneof(fc.integer({ min: 0, max: 5 * SECOND }), fc.integer({ min: 0, max: 2 * MINUTE }), fc.integer({ min: 0, max: 20 * MINUTE }));

const plan: fc.Arbitrary<Plan> = fc.oneof(
  { weight: 3, arbitrary: fc.constant({}) },
  { weight: 2, arbitrary: fc.record({ cancelAfter: moment, deliveries: fc.constantFrom(1, 1, 2) }) },
  { weight: 1, arbitrary: fc.constant({ siblingFails: true }) },
  { weight: 1, arbitrary: fc.record({ deliveries: fc.constant(2), siblingFails: fc.boolean() }) },
);

/** Fields that no event of these deployments has. */
const forgery: fc.Arbitrary<Forgery> = fc.constantFrom<Forgery[]>(
  { properties: { modelUnits: '9' } },
  { properties: { modelUnits: '9', commitmentDuration: 'SixMonths', confirmedUsd: '1000000000' } },
  { properties: { modelId: 'meta.llama3-1-70b-instruct-v1:0:128k' } },
  { properties: { namePrefix: 'Mine' } },
  { properties: { commitmentDuration: 'SixMonths', endOfLife: '2099-01-01' } },
  { properties: { provisionedModelName: 'mine' } },
  { properties: { record: 'record-of-another' } },
  { StackId: 'arn:aws:cloudformation:us-east-1:111111111111:stack/Other/1' },
  { StackId: 'arn:aws:cloudformation:us-west-2:111111111111:stack/Stack/1' },
  { LogicalResourceId: 'Other' },
  { LogicalResourceId: 'Capacity:1' },
);

export const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('deploy' as const), requested, plan }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('delete' as const), retain: fc.constantFrom(false, false, true), plan: fc.record({ deliveries: fc.constantFrom(1, 2) }) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.constantFrom(MINUTE, 10 * MINUTE, HOUR, DAY, 31 * DAY, 200 * DAY) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('wait-for-term-end' as const), ms: fc.integer({ min: 0, max: 80 * MINUTE }) }) },
  { weight: 1, arbitrary: fc.constant({ do: 'delete-by-hand' as const }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('forge' as const), type: fc.constantFrom('Create' as const, 'Update' as const), change: forgery, requested }) },
);

export const trouble: fc.Arbitrary<Trouble> = fc.record({
  seed: fc.nat(),
  faultiness: fc.constantFrom(0, 0.02, 0.1, 0.3),
  faultyCalls: fc.oneof(fc.nat(60), fc.constant(1000)),
  repeatedTokenTellsArn: fc.boolean(),
  termEndShowsAtOnce: fc.boolean(),
  quota: fc.constantFrom(100, 100, 3),
});
