import { Command, Option } from 'commander';
import { InputError } from './io';

/** Refuses values that commander would take without a word: the last of several, none, and `=` as the name of a file. */
export function checkOptions(command: Command): void {
  command.options.filter(({ required, variadic }) => required && !variadic).forEach((option) => {
    let before: string | undefined;
    command.on(`option:${option.name()}`, (value: string) => {
      const flag = option.long ?? option.flags;
      if (before !== undefined) {
        throw new InputError(`${flag} must be given once, got ${JSON.stringify(before)} and ${JSON.stringify(value)}. Keep one of them.`);
      }
      before = value;
      if (isOfFile(option)) checkFileName(flag, option.short, value);
    });
  });
}

function isOfFile({ flags }: Option): boolean {
  return flags.endsWith('<file>');
}

function checkFileName(flag: string, short: string | undefined, value: string): void {
  if (value === '') throw new InputError(`${flag} must be the path of a file, got "".`);
  if (short === undefined || !value.startsWith('=')) return;
  throw new InputError(`${flag} must be the path of a file, got ${JSON.stringify(value)}. Write ${short} FILE or ${flag}=FILE; a file whose name begins with "=" is ./${value}.`);
}
