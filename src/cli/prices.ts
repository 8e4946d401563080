import { Command } from 'commander';
import { ExitCode, Io } from './io';
import { pricesListCommand } from './prices-list';
import { pricesShowCommand } from './prices-show';

export function pricesCommand(io: Io, _setExitCode: (code: ExitCode) => void): Command {
  return new Command('prices')
    .description('what the price book holds')
    .addCommand(pricesListCommand(io))
    .addCommand(pricesShowCommand(io));
}
