import { MEGABYTE } from '../../files/text-file';
import { oneLine } from '../../render/sanitize';

/** Minimum time between two updates of the line on a terminal. */
const LIVE_MS = 100;

/** Output of the progress: standard error, or the output of a test. */
export interface Screen {
  /** Width of the terminal; undefined for a file or a pipe, to which no line is written twice. */
  readonly columns?: number;
  write(text: string): void;
}

/** Prints the progress of the downloads: in one line on a terminal, otherwise in a line for each file. */
export class Progress {
  private live = false;
  private last = 0;

  constructor(private readonly screen: Screen) {}

  /** Prints a permanent line. It may quote a server, so control characters are escaped. */
  public line(text: string): void {
    this.screen.write(`${this.live ? '\r\x1b[2K' : ''}${oneLine(text)}\n`);
    this.live = false;
  }

  /** Prints a line that the next one replaces; on a terminal only. */
  public state(text: string): void {
    const { columns } = this.screen;
    const now = Date.now();
    if (columns === undefined || now - this.last < LIVE_MS) return;
    this.last = now;
    this.screen.write(`\r\x1b[2K${text.slice(0, Math.max(columns - 1, 20))}`);
    this.live = true;
  }

  /** Prints a complete step. */
  public step(text: string): void {
    if (this.screen.columns === undefined) this.line(text);
    else this.state(text);
  }

  /** Clears the line on the terminal for the output that follows. */
  public end(): void {
    if (this.live) this.screen.write('\r\x1b[2K');
    this.live = false;
  }
}

export function megabytes(bytes: number): string {
  return `${(bytes / MEGABYTE).toFixed(1)} MB`;
}
