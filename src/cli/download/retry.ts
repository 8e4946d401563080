import { Deadline } from './deadline';
import { FetchError } from './http';

/** The timeouts of requests and the number of their attempts. */
export interface Network {
  /** For a connection to stand, and for each next byte. */
  readonly timeoutMs: number;
  /** For all downloads of a command together; one of them has a part of it. */
  readonly totalMs: number;
  readonly attempts: number;
  /** Before the second attempt; each later wait is twice as long, and a random part of it is left out. */
  readonly firstWaitMs: number;
  wait(ms: number): Promise<void>;
  /** From 0 to 1. */
  random(): number;
}

/** Default of the minutes that all downloads of a command may take: many times as long as AWS's lists take on a slow line. */
export const DEFAULT_TIMEOUT_MINUTES = 30;

/** Half a minute without a byte is a stall; three waits of 7 seconds together outlast a hiccup. */
export const PATIENT_NETWORK: Network = {
  timeoutMs: 30_000,
  totalMs: DEFAULT_TIMEOUT_MINUTES * 60_000,
  attempts: 4,
  firstWaitMs: 1000,
  wait: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  random: () => Math.random(),
};

/**
 * Repeats what failed for a reason that may pass.
 *
 * @param note receives each failure that another attempt follows
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
      // Jitter: those who failed together do not come back together.
      const ms = Math.max(network.firstWaitMs * 2 ** (made - 1) * (0.5 + network.random() / 2), e.waitMs);
      if (ms >= deadline.remainingMs) throw deadline.error(e.url, `${e.found}, and no other answer`);
      note(`${e.message.split('\n')[0].replace(/\.$/, '')}; attempt ${made + 1} of ${network.attempts} in ${(ms / 1000).toFixed(1)} s`);
      await network.wait(ms);
    }
  }
}
