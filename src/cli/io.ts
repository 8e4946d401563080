/** The world of a command: standard output, standard error and the calendar, or a test's own. */
export interface Io {
  out(text: string): void;
  err(text: string): void;
  /** The day as YYYY-MM-DD, in UTC. */
  today(): string;
}

/** Exit codes of the command line. */
export enum ExitCode {
  PASSED = 0,
  /** The gate failed. */
  FAILED = 1,
  /** Bad arguments, or an input that is missing, unreadable or not valid. */
  INVALID = 2,
}

/** An argument or a file that a command cannot work with. The message says what, where, what was found and what to change. */
export class InputError extends Error {
  constructor(...lines: string[]) {
    super(lines.join('\n'));
    this.name = 'InputError';
  }
}
