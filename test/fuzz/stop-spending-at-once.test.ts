import { AlarmEvent, ManualEvent } from '../../src/lambda/stop-spending/contract';
import type * as Handler from '../../src/lambda/stop-spending/index.lambda';
import { FakeAws } from '../fakes/fake-aws';
import { fc } from '../fast-check';
import { alarm, deploy, DENY_POLICY, loadHandler } from '../harness/stop-spending';
import { runs } from '../runs';

const RUNS = runs({ quick: 4, full: 100 });
const TIMEOUT_MS = 600_000;
const ROLES = ['A', 'B'];
const NAMES = ['chat', 'search', 'mail'];

let aws: FakeAws;
let handler: typeof Handler;

beforeAll(async () => {
  aws = await FakeAws.start();
  handler = loadHandler(aws.endpoint);
});
afterAll(async () => aws.stop());
beforeEach(() => { for (const level of ['info', 'error'] as const) jest.spyOn(console, level).mockImplementation(); });
afterEach(() => jest.restoreAllMocks());

/** A budget of two roles and three throughputs by the hour, which is stopped already or not. */
async function scene(uniqueNames: boolean, isStopped: boolean): Promise<void> {
  aws.reset();
  aws.bedrock.throughputs.behaviour.uniqueNames = uniqueNames;
  for (const role of ROLES) aws.roles.set(role, new Set());
  const throughputs = NAMES.map((name) => ({ throughput: name, arn: aws.throughput(name, { tags: [{ key: 'team', value: name }] }).provisionedModelArn }));
  deploy(aws, ...ROLES.map((role) => ({ role })), ...throughputs);
  if (isStopped) await handler.handler(alarm('ALARM', '2025-10-20T09:00:00.000+0000'));
}

/** As Lambda does: three times, if it fails, with minutes between, in which purchases come into service. */
const sent = (event: AlarmEvent | ManualEvent) => async () => {
  for (let tries = 0; tries < 3; tries++) {
    try {
      return void await handler.handler(event);
    } catch {
      for (const throughput of aws.throughputs.values()) throughput.status = 'InService';
    }
  }
};

const EARLIER = '2025-10-20T10:00:00.000+0000';
const LATER = '2025-10-20T10:00:01.000+0000';
const there = () => [...aws.throughputs.values()].map(({ provisionedModelName }) => provisionedModelName).sort();
/** As it is answered, merged of what several runs wrote. */
const status = async () => {
  const { state, deleted = [] } = (await handler.handler({ do: 'status' }))!;
  return { state, recorded: deleted.map(({ name }) => name).sort() };
};
const denied = () => ROLES.filter((role) => aws.roles.get(role)!.has(DENY_POLICY));
const all = [...NAMES].sort();

const BOTH: { readonly [what: string]: readonly [before: boolean, events: readonly (AlarmEvent | ManualEvent)[], after: 'stopped' | 'running'] } = {
  'the same alarm, delivered twice': [false, [alarm('ALARM', EARLIER), alarm('ALARM', EARLIER)], 'stopped'],
  'an alarm and its newer end': [false, [alarm('ALARM', EARLIER), alarm('OK', LATER)], 'running'],
  'an end and a newer alarm, while it is stopped': [true, [alarm('OK', EARLIER), alarm('ALARM', LATER)], 'stopped'],
  'an end and a newer alarm, while it is running': [false, [alarm('OK', EARLIER), alarm('ALARM', LATER)], 'stopped'],
  'the same end, delivered twice': [true, [alarm('OK', EARLIER), alarm('OK', EARLIER)], 'running'],
  'an end, and a check': [true, [alarm('OK', EARLIER), { do: 'verify' }], 'running'],
  'an alarm, and a check': [false, [alarm('ALARM', EARLIER), { do: 'verify' }], 'stopped'],
  'three events': [true, [alarm('OK', EARLIER), alarm('ALARM', LATER), { do: 'verify' }], 'stopped'],
};

describe.each(Object.entries(BOTH))('at once: %s', (_, [isStopped, events, after]) => {
  test('nothing is lost or bought twice, and the newest event wins, with any order of the calls', async () => {
    await fc.assert(fc.asyncProperty(fc.boolean(), fc.infiniteStream(fc.nat(5)), async (uniqueNames, choices) => {
      await scene(uniqueNames, isStopped);
      await aws.atOnce(events.map((event) => sent(event)), (count) => choices.next().value % count);
      expect({ ...await status(), denied: denied(), there: there() }).toEqual(after === 'stopped'
        ? { state: 'stopped', denied: ROLES, there: [], recorded: all }
        : { state: 'running', denied: [], there: all, recorded: [] });
      for (const throughput of aws.throughputs.values()) throughput.status = 'InService';
      await sent(alarm('OK', '2025-11-01T00:00:00.000+0000'))();
      expect({ ...await status(), denied: denied(), there: there() }).toEqual({ state: 'running', denied: [], there: all, recorded: [] });
    }), { numRuns: RUNS });
  }, TIMEOUT_MS);
});
