interface Waiting {
  readonly until: number;
  readonly wake: () => void;
  readonly drop: (error: Error) => void;
  readonly isOff: () => boolean;
}

/**
 * A clock that stops while a task runs. When no task is left, it advances to the end of the shortest wait. Concurrent waits
 * overlap, as in AWS.
 */
export class FakeTime {
  /** In seconds. */
  public elapsed = 0;
  private busy = 0;
  private waiting: Waiting[] = [];
  private idle?: () => void;

  constructor(private readonly onWait: (seconds: number) => void, private readonly end: number, private readonly onEnd: () => void) {}

  /** Runs a task, which takes no time on this clock. */
  public async during<T>(act: () => Promise<T>): Promise<T> {
    this.busy++;
    try {
      return await act();
    } finally {
      this.busy--;
      if (this.busy === 0) this.idle?.();
      this.look();
    }
  }

  /** Waits until the time has passed. Rejects if `isOff` returns true before that. */
  public pass(seconds: number, isOff: () => boolean): Promise<void> {
    return new Promise((wake, drop) => {
      this.waiting.push({ until: this.elapsed + Math.max(0, seconds), wake, drop, isOff });
      this.look();
    });
  }

  /** Resolves when all tasks have ended. Tasks continue after their execution has failed, as functions do in AWS. */
  public async settled(): Promise<void> {
    if (this.busy > 0) await new Promise<void>((done) => { this.idle = done; });
  }

  /** Advances the clock if no task is running, after all pending promises have settled. */
  public look(): void {
    setImmediate(() => this.goOn());
  }

  private goOn(): void {
    const off = this.waiting.filter(({ isOff }) => isOff());
    this.waiting = this.waiting.filter(({ isOff }) => !isOff());
    for (const { drop } of off) drop(new Error('It is over.'));
    if (this.busy > 0 || this.waiting.length === 0) return;
    const next = this.waiting.reduce((least, { until }) => Math.min(least, until), Infinity);
    if (next > this.end) return this.onEnd();
    const seconds = next - this.elapsed;
    this.elapsed = next;
    if (seconds > 0) this.onWait(seconds);
    const woken = this.waiting.filter(({ until }) => until <= next);
    this.waiting = this.waiting.filter(({ until }) => until > next);
    for (const { wake } of woken) wake();
    this.look();
  }
}
