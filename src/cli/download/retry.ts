import { Deadline } from './deadline';
import { FetchError } from './http';

/** Timeouts of requests and the number of their attempts. */
export interface Network {
  /** Timeout for the connection, and for each next byte. */
  readonly timeoutMs: number;
  /** Timeout for all downloads of a command together; a single download may take a third of it. */
  readonly totalMs: number;
  readonly attempts: number;
  /** Wait before the second attempt. Each later wait is twice as long, and shortened by a random part of at most half. */
  readonly firstWaitMs: number;
  wait(ms: number): Promise<void>;
  /** From 0 to 1. */
  random(): number;
}

/** Default maximum time of all downloads of a command in minutes: many times the time of AWS's lists on a slow connection. */
export const DEFAULT_TIMEOUT_MINUTES = 30;

/** Network settings of the command. The three waits between attempts add up to at most 7 seconds, to outlast a short interruption. */
export const PATIENT_NETWORK: Network = {
  timeoutMs: 30_000,
  totalMs: DEFAULT_TIMEOUT_MINUTES * 60_000,
  attempts: 4,
  firstWaitMs: 1000,
  wait: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  random: () => Math.random(),
};

/**
 * Repeats an attempt that failed for a transient reason.
 *
 * @param note receives each failure that is followed by another attempt
 * @param deadline the end of all attempts and of the waits between them
 */
export async function withRetries<T>(attempt: () => Promise<T>, network: Network, note: (text: string) => void, deadline: Deadline): Promise<T> {
  for (let made = 1; ; made++) {
    try {
      return await attempt();
    } catch (e) {
      if (!(e instanceof FetchError) || !e.retry) throw e;
      if (made === network.attempts) {
        throw new FetchError(e.url, `${e.found}, the last of ${made} failed attempts`, false, e.toChange ?? 'run the command again later');
      }
      // Jitter: clients that failed at the same time do not retry at the same time.
      const ms = Math.max(network.firstWaitMs * 2 ** (made - 1) * (0.5 + network.random() / 2), e.waitMs);
      if (ms >= deadline.remainingMs) throw deadline.error(e.url, `${e.found}, and no other answer`);
      note(`${e.message.split('\n')[0].replace(/\.$/, '')}; attempt ${made + 1} of ${network.attempts} in ${(ms / 1000).toFixed(1)} s`);
      await network.wait(ms);
    }
  }
}
