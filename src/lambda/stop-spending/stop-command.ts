import { AlarmEvent, ManualEvent, StopRecord } from './contract';

/** The command of an event. */
export interface StopCommand {
  readonly do: 'stop' | 'undo' | 'status' | 'verify' | 'nothing';
  /** ISO 8601 in UTC with milliseconds, so that the order of texts is the order of times. */
  readonly time: string;
  /** The time of the invocation. */
  readonly receivedAt: Date;
  readonly by: string;
  /** The reason that the alarm states. */
  readonly reason?: string;
}

type Timed = Pick<StopRecord, 'asOf'>;

export const BY_HAND = 'by hand';

const COMMANDS: readonly ManualEvent['do'][] = ['stop', 'undo', 'status', 'verify'];

/** The clocks of CloudWatch and of AWS Lambda may differ by less than this. */
const MAX_AHEAD_MS = 5 * 60_000;

/** CloudWatch states 1,023 characters at most. */
const MAX_REASON = 1023;

/**
 * Parses and validates an event.
 *
 * @param alarmArn of the budget's own alarm
 * @param now the time of an event without a time
 * @throws for an event of another alarm, and for an event that is dated in the future, which would make later events stale
 */
export function parseStopCommand(event: AlarmEvent | ManualEvent, alarmArn: string, now: Date): StopCommand {
  if (typeof event !== 'object' || event === null) throw new Error(`event must be an object, got ${JSON.stringify(event)}. Nothing was done.`);
  if ('do' in event) {
    if (!COMMANDS.includes(event.do)) throw new Error(`do must be one of ${JSON.stringify(COMMANDS)}, got ${JSON.stringify(event.do)}. Nothing was done.`);
    return { do: event.do, time: now.toISOString(), receivedAt: now, by: BY_HAND };
  }
  const state = event.alarmData?.state;
  if (event.source !== 'aws.cloudwatch' || !state) {
    throw new Error(`event must be that of an alarm, or have the field do with one of ${JSON.stringify(COMMANDS)}. Nothing was done.`);
  }
  if (event.alarmArn !== alarmArn) throw new Error(`alarmArn must be that of the budget's alarm, ${alarmArn}, got ${JSON.stringify(event.alarmArn)}. Nothing was done.`);
  const time = Date.parse(event.time);
  if (time > latest(now)) throw new Error(`time must not be in the future, got ${JSON.stringify(event.time)}. Nothing was done.`);
  return {
    do: state.value === 'ALARM' ? 'stop' : state.value === 'OK' ? 'undo' : 'nothing',
    time: (Number.isNaN(time) ? now : new Date(time)).toISOString(),
    receivedAt: now,
    // The name in the event is not used: a forged one could be `by hand`.
    by: alarmArn.slice(alarmArn.lastIndexOf(':') + 1),
    reason: reasonIn(state.reason),
  };
}

/** The reason, shortened and printable. Amazon SNS refuses messages with control characters, and events can be forged. */
function reasonIn(reason: unknown): string | undefined {
  return typeof reason === 'string' ? reason.replace(/[^\P{C}\n]/gu, '?').slice(0, MAX_REASON) : undefined;
}

/**
 * Whether a newer event was already handled. A repeated event is handled again; manual invocations are never stale. A record that
 * is dated in the future is ignored: it would disable the alarm until then.
 */
export function isLate(command: StopCommand, record: Timed): boolean {
  const asOf = newestTime(record, command);
  return command.by !== BY_HAND && asOf !== undefined && command.time < asOf;
}

/** The time of the newest event that was handled; undefined if the record states a time in the future. */
export function newestTime({ asOf }: Timed, { receivedAt }: StopCommand): string | undefined {
  return asOf !== undefined && Date.parse(asOf) > latest(receivedAt) ? undefined : asOf;
}

function latest(now: Date): number {
  return now.getTime() + MAX_AHEAD_MS;
}
