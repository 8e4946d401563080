import { ThroughputProperties } from '../../src/lambda/provisioned-model-throughput/contract';
import { Scene, TOPIC } from '../harness/throughput/scene';
import { isQuick } from '../runs';

const HOURS: Partial<ThroughputProperties> = {
  businessHours: { days: ['MON', 'TUE', 'WED', 'THU', 'FRI'], start: '08:00', end: '18:00', timeZone: 'Europe/Berlin' },
  modelIdParameter: '/model/Capacity',
  fallbackModelId: 'us.amazon.nova-pro-v1:0',
  topicArn: TOPIC,
};
/** Friday, 18:00 in Berlin, until Monday, 07:55: 62 hours of 12 ticks. In the fast tier two of an hour. */
const FRIDAY_EVENING = Date.parse('2026-11-27T17:00:00Z');
const TICKS = isQuick ? 124 : 744;
const TICK_MS = 62 * 3_600_000 / TICKS;

let scene: Scene;
beforeAll(async () => { scene = await Scene.open(); });
afterAll(async () => scene.aws.stop());
afterEach(() => jest.restoreAllMocks());

async function tick(ms: number): Promise<void> {
  scene.now = ms;
  const { StackId, LogicalResourceId, ResourceProperties } = scene.event('Create', HOURS);
  await scene.handler.onTick({ StackId, LogicalResourceId, ResourceProperties, time: new Date(ms).toISOString() });
}

test('a deletion that is refused over a whole weekend is notified once, and on each further day', async () => {
  jest.spyOn(console, 'error').mockImplementation();
  scene.reset();
  scene.aws.parameters.set('/model/Capacity', HOURS.fallbackModelId!);
  await scene.inService(HOURS);
  await tick(Date.parse('2026-11-27T07:00:00Z'));
  scene.settle(scene.aws.only.provisionedModelArn);
  scene.aws.faults = [{ operation: 'DeleteProvisionedModelThroughput', status: 403, error: 'AccessDeniedException', message: 'not authorized to delete', times: TICKS }];
  let failed = 0;
  for (let i = 0; i < TICKS; i++) await tick(FRIDAY_EVENING + i * TICK_MS).catch(() => { failed++; });
  // Each is an error of the function, which its alarm counts.
  expect(failed).toBe(TICKS);
  expect(scene.aws.callsOf('DeleteProvisionedModelThroughput')).toHaveLength(TICKS);
  // Friday, Saturday and Sunday at 18:00 in Berlin.
  expect(scene.aws.published).toHaveLength(3);
  for (const { TopicArn, Subject, Message } of scene.aws.published) {
    expect({ TopicArn, Subject }).toEqual({ TopicArn: TOPIC, Subject: 'Provisioned throughput may be billed outside business hours' });
    expect(Message).toMatch(/^NOT DELETED: Stack-Capacity-[0-9a-f]{16} is outside its business hours, .*AccessDeniedException: not authorized to delete\. If it exists, AWS bills 2 model units of amazon\.nova-pro-v1:0:24k by the hour .*Since 2026-11-27T17:00:00\.000Z/);
  }
}, 600_000);
