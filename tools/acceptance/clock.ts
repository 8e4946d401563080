/** The run was interrupted: the deployment is destroyed, and no further step starts. */
export class Interrupted extends Error {
  constructor() {
    super('the run was interrupted');
  }
}

/** Seconds that the run waits for asynchronous effects in AWS. */
export interface Patience {
  /** Between two polls. */
  readonly look: number;
  /** For a change of IAM to propagate. */
  readonly permission: number;
  /** For the notifications of alarms that were forced. */
  readonly notification: number;
  /** For a stop, and for its undo. */
  readonly stop: number;
  /** For a new job in the list of jobs. */
  readonly listing: number;
  /** Between the last request and the batch jobs: a minute must not have tokens of both. */
  readonly quiet: number;
  /** From a metric's first data to the last data of those that come later. */
  readonly lateMetrics: number;
}

export const PATIENCE: Patience = { look: 5, permission: 90, notification: 180, stop: 300, listing: 15 * 60, quiet: 60, lateMetrics: 120 };

/** Waiting that an interruption ends. */
export class Clock {
  constructor(private readonly signal: AbortSignal, private readonly lookSeconds: number) {}

  public now(): number {
    return Date.now();
  }

  /** @throws Interrupted */
  public goOn(): void {
    if (this.signal.aborted) throw new Interrupted();
  }

  public pause(seconds: number): Promise<void> {
    this.goOn();
    return new Promise((done, fail) => {
      const interrupt = () => { clearTimeout(timer); fail(new Interrupted()); };
      const timer = setTimeout(() => { this.signal.removeEventListener('abort', interrupt); done(); }, seconds * 1000);
      this.signal.addEventListener('abort', interrupt, { once: true });
    });
  }

  /** Polls until there is an answer, and returns it with the elapsed whole seconds. Undefined if there is no answer in time. */
  public async until<T>(seconds: number, ask: () => Promise<T | undefined>): Promise<{ readonly answer: T; readonly after: number } | undefined> {
    const started = this.now();
    for (;;) {
      const answer = await ask();
      const after = (this.now() - started) / 1000;
      if (answer !== undefined) return { answer, after: Math.round(after) };
      if (after >= seconds) return undefined;
      await this.pause(Math.min(this.lookSeconds, seconds - after));
    }
  }
}
