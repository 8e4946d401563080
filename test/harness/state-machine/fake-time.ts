interface Waiting {
  readonly until: number;
  readonly wake: () => void;
  readonly drop: (error: Error) => void;
  readonly isOff: () => boolean;
}

/**
 * Time that stands still while anything is done, and goes on to the next one that waits when nothing is left to do: those
 * that wait at the same time wait together, as they would in AWS.
 */
export class FakeTime {
  /** In seconds. */
  public elapsed = 0;
  private busy = 0;
  private waiting: Waiting[] = [];
  private idle?: () => void;

  constructor(private readonly onWait: (seconds: number) => void, private readonly end: number, private readonly onEnd: () => void) {}

  /** Something that takes no time. */
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

  /** Waits, unless nobody cares for it any more: that ends with an error. */
  public pass(seconds: number, isOff: () => boolean): Promise<void> {
    return new Promise((wake, drop) => {
      this.waiting.push({ until: this.elapsed + Math.max(0, seconds), wake, drop, isOff });
      this.look();
    });
  }

  /** What was begun goes on after its execution has failed, as a function does in AWS; tests had better wait for it. */
  public async settled(): Promise<void> {
    if (this.busy > 0) await new Promise<void>((done) => { this.idle = done; });
  }

  /** Goes on if nothing is to be done, after all that follows without any task: that are promises only. */
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
