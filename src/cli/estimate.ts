import { Command } from 'commander';
import { readText, writeResult } from './files';
import { Io } from './io';
import { bookOf, formatOption, outputOption, priceBookOption } from './options';
import { renderEstimatesCsv } from '../report/render-csv';
import { renderEstimatesJson, renderEstimatesMarkdown, renderEstimatesTable } from '../report/render-estimates';
import { estimateUsageFile, WorkloadEstimate } from '../usage-file/estimate-usage-file';
import { parseUsageFile } from '../usage-file/usage-file';

const RENDERERS: { readonly [format: string]: (workloads: readonly WorkloadEstimate[], asOf: string | null) => string } = {
  table: renderEstimatesTable,
  json: renderEstimatesJson,
  markdown: renderEstimatesMarkdown,
  csv: renderEstimatesCsv,
};

export function estimateCommand(io: Io): Command {
  return new Command('estimate')
    .description('the monthly cost of a usage file: each line, what drives it, what is not known')
    .argument('<usage>', 'usage file, YAML or JSON (schemas/usage.schema.json)')
    .addOption(formatOption('table', 'json', 'markdown', 'csv'))
    .addOption(outputOption())
    .addOption(priceBookOption())
    .action((usage: string, options: { readonly format: string; readonly output?: string; readonly priceBook?: string }) => {
      const file = parseUsageFile(readText(usage, 'a usage file'), usage);
      const book = bookOf(options);
      writeResult(io, RENDERERS[options.format](estimateUsageFile(book, file), book.asOf ?? null), options.output, usage);
    });
}
