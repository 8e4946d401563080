import { Command } from 'commander';
import { writeResult } from './files';
import { Io } from './io';
import { bookOf, formatOption, outputOption, priceBookOption } from './options';
import { renderPriceListJson, renderPriceListTable } from '../report/render-prices';

export function pricesListCommand(io: Io): Command {
  return new Command('list')
    .description('the models of the price book')
    .addOption(formatOption('table', 'json'))
    .addOption(outputOption())
    .addOption(priceBookOption())
    .action((options: { readonly format: string; readonly output?: string; readonly priceBook?: string }) => {
      const book = bookOf(options);
      writeResult(io, options.format === 'json' ? renderPriceListJson(book) : renderPriceListTable(book), options.output);
    });
}
