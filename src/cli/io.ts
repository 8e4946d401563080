/** Environment of a command: standard output, standard error and the current day. Tests pass their own. */
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

/** An error in an argument or an input file. The message names the place, the problem, the found value and the fix. */
export class InputError extends Error {
  constructor(...lines: string[]) {
    super(lines.join('\n'));
    this.name = 'InputError';
  }
}
