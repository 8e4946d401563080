import { Command } from 'commander';
import { Io } from '../io';
import { usageInitCommand } from './usage-init';

export function usageCommand(io: Io): Command {
  return new Command('usage')
    .description('makes usage files')
    .addCommand(usageInitCommand(io));
}
