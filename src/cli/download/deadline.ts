import { FetchError } from './http';

/** A single download may take a third of the time of the command, so a stalled list leaves time for the other lists. */
const DOWNLOAD_PART = 3;
const MINUTE_MS = 60_000;
const REMEDY = 'run the command again, or give more minutes with --timeout';

/** Deadline of a download, or of all downloads together. */
export class Deadline {
  /** Returns the deadline of a command that begins now. */
  public static of(totalMs: number): Deadline {
    return new Deadline(performance.now() + totalMs, `${minutes(totalMs)}, the time that all downloads together may take (--timeout)`, totalMs);
  }

  private constructor(private readonly endMs: number, private readonly limit: string, private readonly totalMs: number) {}

  /** Returns the deadline of a download that begins now, its attempts and the waits between them included. */
  public ofDownload(): Deadline {
    const ms = this.totalMs / DOWNLOAD_PART;
    if (this.remainingMs <= ms) return this;
    return new Deadline(performance.now() + ms, `${minutes(ms)}, the time that one download may take (a third of --timeout)`, this.totalMs);
  }

  public get remainingMs(): number {
    return Math.max(this.endMs - performance.now(), 0);
  }

  /** Returns the error of a download that is not complete by the deadline. */
  public error(url: string, found = 'no complete answer'): FetchError {
    return new FetchError(url, `${found} within ${this.limit}`, false, REMEDY);
  }
}

function minutes(ms: number): string {
  const number = Number((ms / MINUTE_MS).toFixed(3));
  return `${number} minute${number === 1 ? '' : 's'}`;
}
