import { FetchError } from './http';

/** One download may take this part of the time of the command: a list that stalls leaves time for an attempt at another one. */
const DOWNLOAD_PART = 3;
const MINUTE_MS = 60_000;
const REMEDY = 'run the command again, or give more minutes with --timeout';

/** The time by which a download, or all of them together, must have ended. */
export class Deadline {
  /** The deadline of a command that begins now. */
  public static of(totalMs: number): Deadline {
    return new Deadline(performance.now() + totalMs, `${minutes(totalMs)}, the time that all downloads together may take (--timeout)`, totalMs);
  }

  private constructor(private readonly endMs: number, private readonly limit: string, private readonly totalMs: number) {}

  /** The deadline of a download that begins now, its attempts and the waits between them included. */
  public ofDownload(): Deadline {
    const ms = this.totalMs / DOWNLOAD_PART;
    if (this.remainingMs <= ms) return this;
    return new Deadline(performance.now() + ms, `${minutes(ms)}, the time that one download may take (a third of --timeout)`, this.totalMs);
  }

  public get remainingMs(): number {
    return Math.max(this.endMs - performance.now(), 0);
  }

  /** The error of a download that is not complete by then. */
  public error(url: string, found = 'no complete answer'): FetchError {
    return new FetchError(url, `${found} within ${this.limit}`, false, REMEDY);
  }
}

function minutes(ms: number): string {
  const number = Number((ms / MINUTE_MS).toFixed(3));
  return `${number} minute${number === 1 ? '' : 's'}`;
}
