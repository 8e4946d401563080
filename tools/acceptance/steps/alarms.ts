import { CompositeAlarm, DescribeAlarmsCommand, MetricAlarm, SetAlarmStateCommand, StateValue } from '@aws-sdk/client-cloudwatch';
import { DeleteMessageCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { ForcedAlarm } from '../observations';
import { Scene } from '../scene';

type Alarm = MetricAlarm & CompositeAlarm;

const MESSAGES_PER_CALL = 10;

interface Forced {
  readonly name: string;
  readonly state: StateValue;
  readonly at: number;
  readonly error?: string;
}

/** The alarms of the stack. */
export async function alarmsOf({ aws, deployment }: Scene): Promise<Alarm[]> {
  const names = (await deployment.resources()).filter(({ ResourceType }) => /^AWS::CloudWatch::(Composite)?Alarm$/.test(ResourceType ?? ''))
    .map(({ PhysicalResourceId }) => PhysicalResourceId!);
  if (names.length === 0) return [];
  const { MetricAlarms = [], CompositeAlarms = [] } = await aws.cloudWatch.send(new DescribeAlarmsCommand({
    AlarmNames: names, AlarmTypes: ['MetricAlarm', 'CompositeAlarm'], MaxRecords: 100,
  }));
  return [...MetricAlarms, ...CompositeAlarms];
}

/** Whether the alarm starts the stop: steps/stop.ts forces that one. */
export function startsStop({ AlarmActions = [] }: Alarm): boolean {
  return AlarmActions.some((arn) => /:lambda:.*:function:/.test(arn));
}

/** Forces every alarm that notifies, and waits for the notifications in the queue behind the topic. */
export async function forceAlarms(scene: Scene): Promise<ForcedAlarm[]> {
  const forced: Forced[] = [];
  for (const alarm of await alarmsOf(scene)) {
    const state = alarm.AlarmActions?.length ? StateValue.ALARM : alarm.InsufficientDataActions?.length ? StateValue.INSUFFICIENT_DATA : undefined;
    if (state !== undefined && !startsStop(alarm)) forced.push(await force(scene, alarm.AlarmName!, state));
  }
  const notified = await notifications(scene, forced.filter(({ error }) => error === undefined));
  return forced.map(({ name, error }) => ({ name, error, notifiedAfter: notified.get(name) }));
}

/** Only a change of the state notifies: the alarm is OK first. */
async function force({ aws: { cloudWatch }, clock }: Scene, name: string, state: StateValue): Promise<Forced> {
  const set = (value: StateValue) => cloudWatch.send(new SetAlarmStateCommand({ AlarmName: name, StateValue: value, StateReason: 'npm run acceptance' }));
  try {
    await set(StateValue.OK);
    await set(state);
    return { name, state, at: clock.now() };
  } catch (thrown) {
    return { name, state, at: clock.now(), error: `${(thrown as Error).name}: ${(thrown as Error).message}` };
  }
}

/** Seconds from the forced state to its notification, by the alarm's name. */
async function notifications(scene: Scene, forced: readonly Forced[]): Promise<ReadonlyMap<string, number>> {
  const seen = new Map<string, number>();
  await scene.clock.until(scene.patience.notification, async () => {
    for (const { AlarmName, NewStateValue } of await receive(scene)) {
      const one = forced.find(({ name, state }) => name === AlarmName && state === NewStateValue);
      if (one && !seen.has(one.name)) seen.set(one.name, Math.round((scene.clock.now() - one.at) / 1000));
    }
    return seen.size === forced.length ? true : undefined;
  });
  return seen;
}

/** The messages of alarms that have come by now, each once. */
async function receive({ aws: { sqs }, outputs: { InboxUrl: QueueUrl } }: Scene): Promise<{ AlarmName?: string; NewStateValue?: string }[]> {
  const bodies: string[] = [];
  for (let last = MESSAGES_PER_CALL; last === MESSAGES_PER_CALL;) {
    const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: MESSAGES_PER_CALL, WaitTimeSeconds: 1 }));
    for (const { ReceiptHandle } of Messages) await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
    bodies.push(...Messages.map(({ Body = '{}' }) => Body));
    last = Messages.length;
  }
  return bodies.map((body) => asJson(asJson(body).Message ?? '{}'));
}

/** Other messages of the topic are plain text. */
function asJson(text: string): any {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}
