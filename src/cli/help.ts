import { Command } from 'commander';
import { InputError } from './io';
import { didYouMean } from '../input/nearest';

/** `help prices show`: the help of a command of any level, as `prices show --help`. */
export function helpCommand(program: Command): Command {
  return new Command('help')
    .description('show the help of a command')
    .argument('[command...]')
    .action((words: readonly string[]) => commandAt(program, words).outputHelp());
}

function commandAt(command: Command, [word, ...rest]: readonly string[]): Command {
  if (word === undefined) return command;
  const found = command.commands.find((known) => known.name() === word);
  if (found) return commandAt(found, rest);
  const names = command.commands.map((known) => known.name());
  const known = names.length === 0 ? `${command.name()} has no commands` : `the commands of ${command.name()} are ${names.join(', ')}`;
  throw new InputError([`${JSON.stringify(word)} is not a command: ${known}.`, didYouMean(word, names) ?? ''].join(' ').trim());
}
