import { AlarmEvent, ManualEvent, StopRecord } from '../stop-spending.contract';

/** What an event asks for. */
export interface Wish {
  readonly do: 'stop' | 'undo' | 'status' | 'nothing';
  /** ISO 8601 in UTC with milliseconds, so that the order of texts is the order of times. */
  readonly time: string;
  readonly by: string;
  /** What the alarm says about it. */
  readonly reason?: string;
}

export const BY_HAND = 'by hand';

/** @param now for an event that does not say when it happened */
export function wishOf(event: AlarmEvent | ManualEvent, now: Date): Wish {
  if ('do' in event) {
    if (!['stop', 'undo', 'status'].includes(event.do)) throw new Error(`do: ${JSON.stringify(event.do)} is none of "stop", "undo" and "status"`);
    return { do: event.do, time: now.toISOString(), by: BY_HAND };
  }
  const state = event.alarmData?.state;
  if (event.source !== 'aws.cloudwatch' || !state) {
    throw new Error('neither the event of an alarm nor {"do":"stop"}, {"do":"undo"} or {"do":"status"}');
  }
  const time = Date.parse(event.time);
  return {
    do: ({ ALARM: 'stop', OK: 'undo', INSUFFICIENT_DATA: 'nothing' } as const)[state.value] ?? 'nothing',
    time: (Number.isNaN(time) ? now : new Date(time)).toISOString(),
    by: event.alarmData.alarmName,
    reason: state.reason,
  };
}

/** Whether something newer has been obeyed already. A repeated event is as old as itself, and is obeyed again; a hand is never late. */
export function isLate(wish: Wish, { asOf }: StopRecord): boolean {
  return wish.by !== BY_HAND && asOf !== undefined && wish.time < asOf;
}
