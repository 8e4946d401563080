import { Command } from 'commander';
import { didYouMeanOneOf } from '../../input/nearest';
import { modelRates, renderModelRatesJson, renderModelRatesTable } from '../../render/render-prices';
import { InputError, Io } from '../io';
import { bookOf, dayOption, formatOption, outputOption, priceBookOption, requirePricesOf, requireRegion } from '../options';
import { writeResult } from '../output';

interface Options {
  readonly region?: string;
  readonly day?: string;
  readonly format: string;
  readonly output?: string;
  readonly priceBook?: string;
}

export function pricesShowCommand(io: Io): Command {
  return new Command('show')
    .description('every price of a model: all scopes, tiers and context lengths; without --day, also past and future prices')
    .argument('<model>', "a model id, with or without the prefix of an inference profile; '*' for prices without a model, such as guardrails")
    .option('--region <region>', 'only the prices of this region')
    .addOption(dayOption())
    .addOption(formatOption('table', 'json'))
    .addOption(outputOption())
    .addOption(priceBookOption())
    .action((model: string, options: Options) => {
      const book = bookOf(options);
      requirePricesOf(options.day, book);
      requireRegion(options.region, book);
      const rates = modelRates(book, model, options);
      if (rates === undefined) {
        throw new InputError(
          `model must be a model of the price book, got ${JSON.stringify(model)}. ${didYouMeanOneOf(book._nearestModels(model)) ?? 'See cdk-bedrock-cost prices list.'}`,
        );
      }
      const text = options.format === 'json' ? renderModelRatesJson(rates) : renderModelRatesTable(rates, options);
      writeResult(io, text, options.output, [options.priceBook]);
    });
}
