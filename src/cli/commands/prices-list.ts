import { Command } from 'commander';
import { renderPriceListJson, renderPriceListTable } from '../../render/render-prices';
import { Io } from '../io';
import { bookOf, dayOption, formatOption, outputOption, priceBookOption, requirePricesOf, requireRegion } from '../options';
import { writeResult } from '../output';

interface Options {
  readonly region?: string;
  readonly day?: string;
  readonly format: string;
  readonly output?: string;
  readonly priceBook?: string;
}

export function pricesListCommand(io: Io): Command {
  return new Command('list')
    .description('the models of the price book; with --region, the ways to invoke each of them from the region')
    .option('--region <region>', 'only the models of this region, with the inference profiles that they can be invoked through')
    .addOption(dayOption())
    .addOption(formatOption('table', 'json'))
    .addOption(outputOption())
    .addOption(priceBookOption())
    .action((options: Options) => {
      const book = bookOf(options);
      requirePricesOf(options.day, book);
      requireRegion(options.region, book);
      writeResult(io, options.format === 'json' ? renderPriceListJson(book, options) : renderPriceListTable(book, options), options.output, [options.priceBook]);
    });
}
