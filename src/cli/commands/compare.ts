import { Command } from 'commander';
import { readTextFile } from '../../files/text-file';
import { PriceBasis } from '../../render/price-basis';
import { renderComparisonJson, renderComparisonMarkdown, renderComparisonTable } from '../../render/render-comparison';
import { compareUsageFile, WorkloadComparison } from '../../usage-file/compare-usage-file';
import { bookOfFile, estimateUsageFile } from '../../usage-file/estimate-usage-file';
import { parseUsageFile } from '../../usage-file/usage-file';
import { inFile } from '../files';
import { ExitCode, Io } from '../io';
import { bookOf, dayOption, formatOption, missingPriceOption, numberOf, outputOption, priceBookOption, reportMissingPrices, requirePricesOf } from '../options';
import { writeResult } from '../output';

const RENDERERS: { readonly [format: string]: (workloads: readonly WorkloadComparison[], basis: PriceBasis) => string } = {
  table: renderComparisonTable,
  json: renderComparisonJson,
  markdown: renderComparisonMarkdown,
};

interface Options {
  readonly format: string;
  readonly onMissingPrice: string;
  readonly output?: string;
  readonly priceBook?: string;
  readonly day?: string;
  readonly tokensPerMinutePerModelUnit?: string;
  readonly peakToAverage?: string;
}

export function compareCommand(io: Io, setExitCode: (code: ExitCode) => void): Command {
  return new Command('compare')
    .description('each workload of a usage file in every billing mode that it can be bought in, lowest cost first, with break-even points')
    .argument('<usage>', 'usage file, YAML or JSON (schemas/usage.schema.json)')
    .option('--tokens-per-minute-per-model-unit <tokens>', 'capacity of one unit of provisioned throughput, input and output together; AWS does not publish it')
    .option('--peak-to-average <ratio>', 'load of the busiest minute, as a multiple of the average (default: 1)')
    .addOption(formatOption('table', 'json', 'markdown'))
    .addOption(outputOption())
    .addOption(priceBookOption())
    .addOption(dayOption())
    .addOption(missingPriceOption())
    .action((usage: string, options: Options) => {
      const { tokensPerMinutePerModelUnit, peakToAverage } = options;
      const facts = {
        tokensPerMinutePerModelUnit: numberOf('--tokens-per-minute-per-model-unit', tokensPerMinutePerModelUnit, { above: 0 }),
        peakToAverageRatio: numberOf('--peak-to-average', peakToAverage, { atLeast: 1 }),
      };
      const file = parseUsageFile(readTextFile(usage, 'a usage file'), usage);
      const book = bookOf(options);
      const priced = inFile(usage, () => bookOfFile(book, file));
      requirePricesOf(options.day, priced);
      const basis = { asOf: book.asOf ?? null, changes: priced._changes };
      const workloads = inFile(usage, () => compareUsageFile(book, file, facts));
      // A comparison has no slow or busy month, and a workload with only one billing mode has no comparison.
      const estimates = inFile(usage, () => estimateUsageFile(book, file, priced));
      writeResult(io, RENDERERS[options.format](workloads, basis), options.output, [usage, options.priceBook]);
      if (reportMissingPrices(io, options.onMissingPrice, estimates)) setExitCode(ExitCode.FAILED);
    });
}
