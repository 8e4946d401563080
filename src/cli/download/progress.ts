import { MEGABYTE } from '../../files/text-file';
import { oneLine } from '../../render/sanitize';

/** Ten times a second is as fast as anyone reads. */
const LIVE_MS = 100;

/** The output of progress: standard error, or that of a test. */
export interface Screen {
  /** The width of a terminal; undefined for a file or a pipe, which gets no line twice. */
  readonly columns?: number;
  write(text: string): void;
}

/** The progress of the downloads: in one line on a terminal, otherwise in a line for each file. */
export class Progress {
  private live = false;
  private last = 0;

  constructor(private readonly screen: Screen) {}

  /** A line that stays. It may quote a server, whose control characters do not reach the terminal. */
  public line(text: string): void {
    this.screen.write(`${this.live ? '\r\x1b[2K' : ''}${oneLine(text)}\n`);
    this.live = false;
  }

  /** A line that the next one takes the place of; on a terminal only. */
  public state(text: string): void {
    const { columns } = this.screen;
    const now = Date.now();
    if (columns === undefined || now - this.last < LIVE_MS) return;
    this.last = now;
    this.screen.write(`\r\x1b[2K${text.slice(0, Math.max(columns - 1, 20))}`);
    this.live = true;
  }

  /** A step that is complete. */
  public step(text: string): void {
    if (this.screen.columns === undefined) this.line(text);
    else this.state(text);
  }

  /** Leaves the terminal's line free for what comes after. */
  public end(): void {
    if (this.live) this.screen.write('\r\x1b[2K');
    this.live = false;
  }
}

export function megabytes(bytes: number): string {
  return `${(bytes / MEGABYTE).toFixed(1)} MB`;
}
