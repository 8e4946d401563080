import { Command } from 'commander';
import { programOf } from '../../../src/cli/run';

/** A command that has no commands of its own. */
export interface CommandOfProgram {
  /** Its words, such as `['prices', 'show']`. */
  readonly words: readonly string[];
  readonly options: Command['options'];
}

function commandsOf(command: Command, words: readonly string[]): CommandOfProgram[] {
  if (command.commands.length === 0) return [{ words, options: command.options }];
  return command.commands.flatMap((inner) => commandsOf(inner, [...words, inner.name()]));
}

/** Every command of the command line but `help`. */
export const COMMANDS: readonly CommandOfProgram[] = commandsOf(programOf({ out: () => {}, err: () => {}, today: () => '2026-11-30' }, () => {}), [])
  .filter(({ words }) => words[0] !== 'help');

/** The values of `--format` of a command. */
export function formatsOf(...words: readonly string[]): readonly string[] {
  const found = COMMANDS.find((command) => command.words.join(' ') === words.join(' '))!;
  return found.options.find(({ long }) => long === '--format')?.argChoices ?? [];
}
