import { Command, CommanderError, Option } from 'commander';
import { adviseCommand } from './commands/advise';
import { checkCommand } from './commands/check';
import { compareCommand } from './commands/compare';
import { estimateCommand } from './commands/estimate';
import { pricesCommand } from './commands/prices';
import { reportCommand } from './commands/report';
import { scanCommand } from './commands/scan';
import { usageCommand } from './commands/usage';
import { ExitCode, InputError, Io } from './io';
import { FileError } from '../files/text-file';
import { PricingError } from '../input/error';
import { didYouMean } from '../input/nearest';
import { oneLine } from '../render/sanitize';
import { UsageFileError } from '../usage-file/usage-file-error';

const { version }: { readonly version: string } = require('../../package.json');

const DESCRIPTION = `The cost of Amazon Bedrock: estimates, reports of synthesized CDK apps, and a gate for CI.
Exit codes: 0 passed, 1 the check failed, 2 invalid arguments or input.`;

/** The command line with all of its commands and options. */
export function programOf(io: Io, setExitCode: (code: ExitCode) => void): Command {
  const program = new Command('cdk-bedrock-cost')
    .description(DESCRIPTION)
    .version(version, '-v, --version', 'print the version')
    .addCommand(estimateCommand(io, setExitCode))
    .addCommand(compareCommand(io, setExitCode))
    .addCommand(adviseCommand(io))
    .addCommand(usageCommand(io))
    .addCommand(reportCommand(io))
    .addCommand(scanCommand(io))
    .addCommand(checkCommand(io, setExitCode))
    .addCommand(pricesCommand(io, setExitCode));
  return program.addCommand(helpCommand(program));
}

/** Runs one command line and returns its exit code. It never throws, and does not exit the process. */
export async function run(argv: readonly string[], io: Io): Promise<ExitCode> {
  let exitCode = ExitCode.PASSED;
  const program = programOf(io, (code) => { exitCode = code; });
  everyCommand(program).forEach(checkOptions);
  everyCommand(program).forEach((command) => command
    .exitOverride()
    .configureOutput({ writeOut: io.out, writeErr: io.err, outputError: () => {} })
    .helpOption('-h, --help', 'show this help')
    .helpCommand(false));
  try {
    await program.parseAsync(argv as string[], { from: 'user' });
    return exitCode;
  } catch (e) {
    return explain(e, io, commandOf(program, argv));
  }
}

function everyCommand(command: Command): Command[] {
  return [command, ...command.commands.flatMap(everyCommand)];
}

/** Name of the command in the arguments, whose help an error message refers to. */
function commandOf(command: Command, [word, ...rest]: readonly string[]): string {
  const next = command.commands.find((c) => c.name() === word);
  return next ? `${command.name()} ${commandOf(next, rest)}` : command.name();
}

/** Command `help`: `help prices show` prints the help of `prices show --help`. */
function helpCommand(program: Command): Command {
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

/** Refuses values that commander accepts silently: an option that is given twice, an empty file name, and one that begins with `=`. */
function checkOptions(command: Command): void {
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

/** Prints the message of an error, never its stack trace. */
function explain(e: unknown, io: Io, command: string): ExitCode {
  if (e instanceof CommanderError) {
    // Commander throws for help and version, too, with exit code 0. Help that is part of an error has already been written.
    if (e.exitCode === 0) return ExitCode.PASSED;
    if (e.code !== 'commander.help') io.err(`${withoutCredentials(e.message)}\n  See ${command} --help.\n`);
    return ExitCode.INVALID;
  }
  const expected = e instanceof InputError || e instanceof FileError || e instanceof UsageFileError || e instanceof PricingError;
  const message = e instanceof Error ? e.message : String(e);
  io.err(prefixed(expected ? message : `internal error: ${message.split('\n')[0]}; please report it with the command line that you ran`));
  return ExitCode.INVALID;
}

/** Prefixes a message with `error:`. Control characters in names and values of a file are escaped. */
function prefixed(message: string): string {
  return `error: ${withoutCredentials(message).split('\n').map(oneLine).join('\n  ')}\n`;
}

/** Removes the user names and passwords of addresses from a message, since logs of CI are widely readable. */
function withoutCredentials(message: string): string {
  return message.replace(/(\b[a-z][a-z0-9+.-]*:\/\/)[^\s"'/]*@/gi, '$1***@');
}
