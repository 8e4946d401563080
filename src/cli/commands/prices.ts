import { Command } from 'commander';
import { ExitCode, Io } from '../io';
import { pricesDiffCommand } from './prices-diff';
import { pricesImportCommand } from './prices-import';
import { pricesListCommand } from './prices-list';
import { pricesRefreshCommand } from './prices-refresh';
import { pricesShowCommand } from './prices-show';
import { pricesVerifyCommand } from './prices-verify';

export function pricesCommand(io: Io, setExitCode: (code: ExitCode) => void): Command {
  return new Command('prices')
    .description('lists, verifies, compares, imports and refreshes price books')
    .addCommand(pricesListCommand(io))
    .addCommand(pricesShowCommand(io))
    .addCommand(pricesVerifyCommand(io, setExitCode))
    .addCommand(pricesDiffCommand(io))
    .addCommand(pricesImportCommand(io))
    .addCommand(pricesRefreshCommand(io));
}
