import type { Scheduler } from '@aws-sdk/client-scheduler';
import { MonthToDateEvent, StackRequest } from './contract';
import { DAY } from './forecast';

/** The clocks of EventBridge Scheduler and of AWS Lambda may differ by less than this. */
const MAX_AHEAD = 300;

/** The meters to count, from the stack's own schedule. */
export async function readRequest(scheduler: Scheduler, schedule: string): Promise<StackRequest> {
  const { Target } = await scheduler.getSchedule({ Name: schedule });
  return JSON.parse(Target!.Input!);
}

/**
 * The time of an event, in seconds since 1970. Defaults to the current time.
 *
 * @throws for a time in the future, and for a time that the ledger no longer contains
 */
export function timeOf({ time }: MonthToDateEvent, present: number): number {
  const parsed = Date.parse(time ?? '') / 1000;
  if (Number.isNaN(parsed)) return Math.floor(present);
  if (isFuture(parsed, present) || parsed < present - DAY) {
    throw new Error(`time must be within the last 24 hours, got ${JSON.stringify(time)}. Nothing was counted.`);
  }
  return Math.floor(parsed);
}

export function isFuture(seconds: number, present: number): boolean {
  return seconds > present + MAX_AHEAD;
}
