import { isMarkedAs, markAs } from '../input/brand';
import { oneLine } from '../input/one-line';

/** Maximum number of problems in a message, which fits on a screen. */
const SHOWN = 25;

/** Error for an invalid usage file: a line for each problem, with the file, the field, the problem, the value and the remedy. */
export class UsageFileError extends Error {
  constructor(readonly fileName: string, readonly problems: readonly string[]) {
    super(problemLines(fileName, problems).join('\n'));
    this.name = 'UsageFileError';
    markAs('UsageFileError', this);
  }
}

/** True for a `UsageFileError` of this or another copy of the library. */
export function isUsageFileError(problem: unknown): problem is UsageFileError {
  return isMarkedAs('UsageFileError', problem);
}

/** Renders the problems of a file as lines of a message. */
export function problemLines(fileName: string, problems: readonly string[]): string[] {
  const more = problems.length - SHOWN;
  return [
    ...problems.slice(0, SHOWN).map((problem) => oneLine(`${fileName}: ${problem}`)),
    ...(more > 0 ? [oneLine(`${fileName}: and ${more} more problem${more === 1 ? '' : 's'}.`)] : []),
  ];
}
