import { Command } from 'commander';
import { readTextFile } from '../../files/text-file';
import { PriceBasis, rateName } from '../../render/price-basis';
import { renderEstimatesCsv } from '../../render/render-csv';
import { renderEstimatesJson, renderEstimatesMarkdown, renderEstimatesTable } from '../../render/render-estimates';
import { bookOfFile, estimateUsageFile, WorkloadEstimate } from '../../usage-file/estimate-usage-file';
import { parseUsageFile } from '../../usage-file/usage-file';
import { inFile } from '../files';
import { ExitCode, Io } from '../io';
import { bookOf, dayOption, formatOption, missingPriceOption, outputOption, priceBookOption, reportMissingPrices, requirePricesOf } from '../options';
import { writeResult } from '../output';

type Render = (workloads: readonly WorkloadEstimate[], basis: PriceBasis) => string;
const RENDERERS: { readonly [format: string]: Render } = {
  table: renderEstimatesTable,
  json: renderEstimatesJson,
  markdown: renderEstimatesMarkdown,
  csv: renderEstimatesCsv,
};

interface Options {
  readonly day?: string;
  readonly format: string;
  readonly onMissingPrice: string;
  readonly output?: string;
  readonly priceBook?: string;
}

export function estimateCommand(io: Io, setExitCode: (code: ExitCode) => void): Command {
  return new Command('estimate')
    .description('the monthly cost of a usage file: line items, cost drivers and unknown costs')
    .argument('<usage>', 'usage file, YAML or JSON (schemas/usage.schema.json)')
    .addOption(dayOption())
    .addOption(missingPriceOption())
    .addOption(formatOption('table', 'json', 'markdown', 'csv'))
    .addOption(outputOption())
    .addOption(priceBookOption())
    .action((usage: string, { format, output, priceBook, day, onMissingPrice }: Options) => {
      const file = parseUsageFile(readTextFile(usage, 'a usage file'), usage);
      const book = bookOf({ priceBook, day });
      const priced = inFile(usage, () => bookOfFile(book, file));
      requirePricesOf(day, priced);
      const estimates = inFile(usage, () => estimateUsageFile(book, file, priced));
      const used = new Set(estimates.flatMap(({ priceUses }) => priceUses.map(({ ownRate }) => ownRate)));
      const unused = [...priced._ownRates(book)].filter(([key]) => !used.has(key)).map(([, rate]) => rateName(rate));
      writeResult(io, RENDERERS[format](estimates, { asOf: book.asOf ?? null, changes: priced._changes, day, unused }), output, [usage, priceBook]);
      if (reportMissingPrices(io, onMissingPrice, estimates)) setExitCode(ExitCode.FAILED);
    });
}
