import { FunctionConfiguration } from './allowance';
import { BusinessHoursTick, parameterName, TICK_MINUTES } from './contract';
import { Services } from './services';
import { Term } from './term';
import { sentence } from '../../input/sentence';
import { hash } from '../shared/hash';
import { DAY, MINUTE } from '../shared/time';
import { readParameter, writeParameter } from '../shared/versioned-parameter';

/** A failure that recurs at the next tick until its cause is resolved. */
export interface Failure {
  /** The identity of the failure, which is equal at every recurrence. */
  readonly what: string;
  /** The minutes that the failure must last before it is notified. */
  readonly afterMinutes: number;
  readonly subject: string;
  readonly message: string;
}

/** The last failure, as in its parameter; empty without a failure. */
interface NotedFailure {
  /** The hash of the failure's identity. */
  readonly what?: string;
  /** The times of its beginning and of the last notification: milliseconds since 1970. */
  readonly since?: number;
  readonly notified?: number;
}

/**
 * Notifications of failures whose step is retried every few minutes: one when a failure begins, one when it changes into another
 * failure, one for each day that it lasts, and one when it has ended.
 */
export class FailureNotices {
  constructor(private readonly services: Services, private readonly configuration: FunctionConfiguration, private readonly term: Term) {}

  public async report(tick: BusinessHoursTick, { what, afterMinutes, subject, message }: Failure): Promise<void> {
    const now = this.services.now();
    const key = hash(what).slice(0, 16);
    const noted = await this.noted(tick);
    const { since = now, notified }: NotedFailure = noted?.what === key ? noted : {};
    const isDue = now >= since + afterMinutes * MINUTE && (notified === undefined || now >= notified + DAY);
    if (!isDue && noted?.what === key) return;
    const isNoted = noted !== undefined && await this.note(tick, { what: key, since, notified: isDue ? now : notified });
    // If the last notification is not known, every failure is notified at the first tick of each hour.
    if (isNoted ? !isDue : !isFirstOfHour(tick)) return;
    await this.term.notify(tick.ResourceProperties, subject, `${sentence(message)} Since ${new Date(since).toISOString()}. You are notified again when this changes, and each day until it ends.`);
  }

  /** Notifies of the end of a failure that was notified before. */
  public async clear(tick: BusinessHoursTick): Promise<void> {
    const noted = await this.noted(tick);
    if (noted?.what === undefined) return;
    if (!await this.note(tick, {}) || noted.notified === undefined) return;
    await this.term.notify(tick.ResourceProperties, 'Provisioned throughput follows its business hours again', `RESOLVED: ${tick.LogicalResourceId} follows its business hours again, which it had not done since ${new Date(noted.since!).toISOString()}`);
  }

  private async noted(tick: BusinessHoursTick): Promise<NotedFailure | undefined> {
    try {
      return JSON.parse((await readParameter(this.services, this.nameOf(tick)))?.Value ?? 'null') ?? undefined;
    } catch (e) {
      console.error(`${this.nameOf(tick)} cannot be read: ${(e as Error).message}`);
      return undefined;
    }
  }

  private async note(tick: BusinessHoursTick, failure: NotedFailure): Promise<boolean> {
    try {
      await writeParameter(this.services, this.nameOf(tick), JSON.stringify(failure));
      return true;
    } catch (e) {
      console.error(`${this.nameOf(tick)} cannot be written: ${(e as Error).message}`);
      return false;
    }
  }

  private nameOf({ LogicalResourceId }: BusinessHoursTick): string {
    return parameterName(this.configuration.parameterPath, 'notified', LogicalResourceId);
  }
}

function isFirstOfHour({ time }: BusinessHoursTick): boolean {
  return new Date(time).getUTCMinutes() < TICK_MINUTES;
}
