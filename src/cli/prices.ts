import { Command } from 'commander';
import { Io } from './io';
import { pricesListCommand } from './prices-list';
import { pricesShowCommand } from './prices-show';

export function pricesCommand(io: Io): Command {
  return new Command('prices')
    .description('what the price book holds')
    .addCommand(pricesListCommand(io))
    .addCommand(pricesShowCommand(io));
}
