import { chance } from '../../../tools/chance';

/** A source of chance that gives the same for the same seed. */
export class Random {
  public readonly next: () => number;

  constructor(seed: number) {
    this.next = chance(1 + seed % 2_147_483_646);
    // The first number after a small seed is a small one, too.
    for (let i = 0; i < 3; i++) this.next();
  }

  public chance(probability: number): boolean {
    return this.next() < probability;
  }

  public between(low: number, high: number): number {
    return low + Math.floor(this.next() * (high - low));
  }

  public pick<T>(list: readonly T[]): T {
    return list[this.between(0, list.length)];
  }
}

export interface Planned {
  readonly time: number;
  readonly happen: () => Promise<void> | void;
  cancelled?: boolean;
}

export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** Virtual time: it goes on only from one planned happening to the next, and one happens at a time. */
export class Clock {
  private readonly planned: Planned[] = [];

  constructor(public now: number) {}

  public after(delay: number, happen: Planned['happen']): Planned {
    return this.at(this.now + delay, happen);
  }

  public at(time: number, happen: Planned['happen']): Planned {
    const entry: Planned = { time: Math.max(time, this.now), happen };
    let i = this.planned.length;
    while (i > 0 && this.planned[i - 1].time > entry.time) i--;
    this.planned.splice(i, 0, entry);
    return entry;
  }

  /** Goes on until something is so, or nothing is planned any more. */
  public async until(isSo: () => boolean): Promise<void> {
    while (!isSo() && await this.step(Infinity));
  }

  public async pass(duration: number): Promise<void> {
    const end = this.now + duration;
    while (await this.step(end));
    this.now = end;
  }

  private async step(end: number): Promise<boolean> {
    while (this.planned[0]?.cancelled) this.planned.shift();
    if (this.planned.length === 0 || this.planned[0].time > end) return false;
    const { time, happen } = this.planned.shift()!;
    this.now = time;
    await happen();
    return true;
  }
}
