import { Command, CommanderError } from 'commander';
import { adviseCommand } from './commands/advise';
import { checkCommand } from './commands/check';
import { compareCommand } from './commands/compare';
import { estimateCommand } from './commands/estimate';
import { pricesCommand } from './commands/prices';
import { reportCommand } from './commands/report';
import { usageCommand } from './commands/usage';
import { helpCommand } from './help';
import { ExitCode, InputError, Io } from './io';
import { checkOptions } from './strict-options';
import { PricingError } from '../input/error';
import { FileError } from '../input/text-file';
import { oneLine } from '../render/sanitize';
import { UsageFileError } from '../usage-file/usage-file-error';

const { version }: { readonly version: string } = require('../../package.json');

const DESCRIPTION = `What Amazon Bedrock costs: estimates, reports of synthesized CDK apps, and a gate for CI.
Exit codes: 0 passed, 1 the gate failed, 2 bad arguments or input.`;

/** Runs one command line and returns its exit code. Nothing is thrown and the process is not touched. */
export async function run(argv: readonly string[], io: Io): Promise<ExitCode> {
  let exitCode = ExitCode.PASSED;
  const setExitCode = (code: ExitCode) => { exitCode = code; };
  const program = new Command('cdk-bedrock-cost')
    .description(DESCRIPTION)
    .version(version, '-v, --version', 'print the version')
    .addCommand(estimateCommand(io, setExitCode))
    .addCommand(compareCommand(io, setExitCode))
    .addCommand(adviseCommand(io))
    .addCommand(usageCommand(io))
    .addCommand(reportCommand(io))
    .addCommand(checkCommand(io, setExitCode))
    .addCommand(pricesCommand(io, setExitCode));
  program.addCommand(helpCommand(program));
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

/** How the command that was meant is called: the one whose help to read. */
function commandOf(command: Command, [word, ...rest]: readonly string[]): string {
  const next = command.commands.find((c) => c.name() === word);
  return next ? `${command.name()} ${commandOf(next, rest)}` : command.name();
}

/** Says what went wrong, for people: never a stack trace. */
function explain(e: unknown, io: Io, command: string): ExitCode {
  if (e instanceof CommanderError) {
    // Help and version come this way too, with exit code 0; help that was not asked for has already been written.
    if (e.exitCode === 0) return ExitCode.PASSED;
    if (e.code !== 'commander.help') io.err(`${withoutCredentials(e.message)}\n  See ${command} --help.\n`);
    return ExitCode.INVALID;
  }
  const expected = e instanceof InputError || e instanceof FileError || e instanceof UsageFileError || e instanceof PricingError;
  const message = e instanceof Error ? e.message : String(e);
  io.err(prefixed(expected ? message : `internal error: ${message.split('\n')[0]}; please report it with the command line that you ran`));
  return ExitCode.INVALID;
}

/** Names and values of a foreign file do not reach the terminal as control characters. */
function prefixed(message: string): string {
  return `error: ${withoutCredentials(message).split('\n').map(oneLine).join('\n  ')}\n`;
}

/** User names and passwords of addresses: logs of CI are read by many. */
function withoutCredentials(message: string): string {
  return message.replace(/(\b[a-z][a-z0-9+.-]*:\/\/)[^\s"'/]*@/gi, '$1***@');
}
