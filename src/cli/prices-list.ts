import { Command } from 'commander';
import { Io } from './io';
import { bookOf, dayOption, formatOption, outputOption, priceBookOption } from './options';
import { writeResult } from './output';
import { renderPriceListJson, renderPriceListTable } from '../report/render-prices';

export function pricesListCommand(io: Io): Command {
  return new Command('list')
    .description('the models of the price book')
    .addOption(dayOption())
    .addOption(formatOption('table', 'json'))
    .addOption(outputOption())
    .addOption(priceBookOption())
    .action((options: { readonly day?: string; readonly format: string; readonly output?: string; readonly priceBook?: string }) => {
      const book = bookOf(options);
      const text = options.format === 'json' ? renderPriceListJson(book, options.day) : renderPriceListTable(book, options.day);
      writeResult(io, text, options.output, [options.priceBook]);
    });
}
