import { isMarkedAs, markAs } from '../input/brand';
import { oneLine } from '../input/one-line';

/** How many problems a message names one by one: enough to work on, not more than a screen. */
const SHOWN = 25;

/** A usage file that is not valid: a line for each problem, with the file, the field, the problem, the value and the remedy. */
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

/** Problems of a file as lines for people. */
export function problemLines(fileName: string, problems: readonly string[]): string[] {
  const more = problems.length - SHOWN;
  return [
    ...problems.slice(0, SHOWN).map((problem) => oneLine(`${fileName}: ${problem}`)),
    ...(more > 0 ? [oneLine(`${fileName}: and ${more} more problem${more === 1 ? '' : 's'}.`)] : []),
  ];
}
