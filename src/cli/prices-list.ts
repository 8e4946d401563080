import { Command } from 'commander';
import { InputError, Io } from './io';
import { bookOf, dayOption, formatOption, outputOption, priceBookOption, requirePricesOf } from './options';
import { writeResult } from './output';
import { offeredRegions } from '../pricing/model-catalog';
import { nearestNames } from '../pricing/nearest';
import { PriceBook } from '../pricing/price-book';
import { renderPriceListJson, renderPriceListTable } from '../report/render-prices';

interface Options {
  readonly region?: string;
  readonly day?: string;
  readonly format: string;
  readonly output?: string;
  readonly priceBook?: string;
}

export function pricesListCommand(io: Io): Command {
  return new Command('list')
    .description('the models of the price book; for a region, how each can be called from there')
    .option('--region <region>', 'only the models of this region, with the inference profiles that they can be called through')
    .addOption(dayOption())
    .addOption(formatOption('table', 'json'))
    .addOption(outputOption())
    .addOption(priceBookOption())
    .action((options: Options) => {
      const book = bookOf(options);
      requirePricesOf(options.day, book);
      if (options.region !== undefined) requireRegion(options.region, book);
      writeResult(io, options.format === 'json' ? renderPriceListJson(book, options) : renderPriceListTable(book, options), options.output, [options.priceBook]);
    });
}

/** A misspelt region would have no models. */
function requireRegion(region: string, book: PriceBook): void {
  const known = [...new Set([...book._layers.flat().flatMap(({ regions = [] }) => regions), ...offeredRegions()])].sort();
  if (known.includes(region)) return;
  const nearest = nearestNames(region, known);
  throw new InputError(
    `--region: no price and no availability list names the region, got ${JSON.stringify(region)}.${nearest.length > 0 ? ` Did you mean ${nearest.join(' or ')}?` : ''}`,
  );
}
